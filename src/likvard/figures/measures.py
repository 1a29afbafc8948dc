"""How a value is named, written and placed in time: units, scales, periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from likvard.terms import LikvardError, SchoolYear, Words


class FigureError(LikvardError):
    """A figure that cannot be laid out as asked."""

    exit_code = 4


class Unit(StrEnum):
    """What a number counts. Decides how it is written and whether it is multiplied by a hundred."""

    SHARE = "share"  # stored 0-1, written 61 %
    SHARE_POINTS = "share_points"  # difference of two shares, stored -1 to 1, written +3 (percentage points)
    PERCENT = "percent"  # stored 0-100, written 61 % (Kolada)
    PERCENT_POINTS = "percent_points"  # stored -100 to 100, written +3 (percentage points)
    MERIT = "merit"  # merit value or a difference of two
    POINTS = "points"  # points on a test
    INDEX = "index"  # survey index 0-10
    PUPILS = "pupils"
    SCHOOLS = "schools"
    YEARS = "years"
    RATIO = "ratio"  # a bare number, two decimals
    COUNT = "count"  # a bare whole number
    CROWNS = "crowns"  # kronor per elev


@dataclass(frozen=True, slots=True)
class Scale:
    """One measure as it is drawn: its name, unit, decimals and the limits that every chart of it shares.

    `decimals` None takes the unit's own. `low` and `high` None are found from the values. `signed` writes `+3`.
    """

    name: Words
    unit: Unit
    decimals: int | None = None
    low: float | None = None
    high: float | None = None
    signed: bool = False

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise FigureError(
                f"The scale {self.name.en!r} goes from {self.low} to {self.high}.", "Give its lower limit first."
            )


Period = SchoolYear | int
"""When: a school year, or a calendar year."""


def position(period: Period) -> float:
    """Where a period stands on a time axis, in years.

    A school year stands at mid-June of its spring, when final grades are set; a calendar year in its middle.
    """
    return period.spring + 0.45 if isinstance(period, SchoolYear) else period + 0.5


def position_of_day(day: date) -> float:
    """Where a day stands on the same axis as `position`."""
    return day.year + (day.timetuple().tm_yday - 1) / 365.25


_SWEDISH_ORDER = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "é": "e", "è": "e", "ü": "y"})


def swedish_order(text: str) -> tuple[str, str]:
    """A key that sorts names as a Swedish reader expects: å, ä, ö after z, case ignored."""
    return text.casefold().translate(_SWEDISH_ORDER), text
