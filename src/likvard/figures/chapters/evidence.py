"""What the chapters are laid out from: results of models and questions as arrays, not yet released.

Both ways to a report, from published statistics and from pupils' records, end in these values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from likvard.terms import Words

Numbers = npt.NDArray[np.float64]
Names = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class UnitYears:
    """One measure for every unit and school year: R rows.

    `unit` (R,) codes; `year` (R,) first calendar year of the school year; `value` (R,), NaN where `status` (R,) says
    why; `n` (R,) pupils it rests on, NaN where unknown; `low` and `high` (R,) 95 % interval or NaN;
    `expected_low` and `expected_high` (R,) where a result is expected to lie given the intake, or NaN.
    """

    unit: Names
    year: Names
    value: Numbers
    status: Names
    n: Numbers
    low: Numbers
    high: Numbers
    expected_low: Numbers
    expected_high: Numbers

    def of(self, units: frozenset[str]) -> UnitYears:
        """The rows of these units."""
        keep = np.array([u in units for u in self.unit], dtype=bool)
        return UnitYears(*(getattr(self, name)[keep] for name in self.__dataclass_fields__))


@dataclass(frozen=True, eq=False)
class YearSeries:
    """One number a year for a whole area: Y rows. `low`, `high` NaN without interval; `n` pupils, NaN if unknown."""

    year: Names
    value: Numbers
    low: Numbers
    high: Numbers
    n: Numbers
    status: Names | None = None


@dataclass(frozen=True, eq=False)
class Deviations:
    """Result against expected for each unit, over `years`: U rows.

    `difference` with `low` and `high` (95 %), in the unit of the measure; `below` is the probability that the true
    difference lies under `line`. `left_out` says how many units could not be compared, by reason.
    """

    unit: Names
    difference: Numbers
    low: Numbers
    high: Numbers
    result: Numbers
    expected: Numbers
    n: Numbers
    years: tuple[int, ...]
    below: Numbers
    line: float
    intake: tuple[Words, ...]
    explained: float
    explained_low: float
    explained_high: float
    left_out: Mapping[Words, int] = field(default_factory=dict)
    parts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class SubjectDeviations:
    """Difference from expected per unit and subject: U x S. `status` says why a cell is NaN; `kept` (U, S) survive.

    `tests` differences were tested over all units of the lake's newest years; `rate` is the false-alarm budget.
    """

    unit: Names
    subjects: tuple[tuple[str, Words, Words], ...]
    difference: Numbers
    low: Numbers
    high: Numbers
    n: Numbers
    status: Names
    kept: npt.NDArray[np.bool_]
    tests: int
    rate: float
    years: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of all variance: B bars x L levels, each with a 95 % interval; rows of `value` sum to 1."""

    levels: tuple[Words, ...]
    bars: tuple[Words, ...]
    value: Numbers
    low: Numbers
    high: Numbers
    n: float
    years: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Gap:
    """Two or three groups over time, and the gap between the first and the last of them with its own interval.

    `change` is what the gap moved from the first year to the last with its 95 % interval, NaN where it is not known.
    `rest` are those in neither group, years without any left out; None where the groups are not of the area's pupils.
    """

    groups: tuple[tuple[Words, YearSeries], ...]
    gap: YearSeries
    change: tuple[float, float, float]
    calendar: bool = False
    rest: YearSeries | None = None


@dataclass(frozen=True, eq=False)
class Funnels:
    """One year's results against size: U rows, centre, limits as functions of size, who is outside the outer limit."""

    unit: Names
    value: Numbers
    n: Numbers
    year: int
    centre: float
    centre_n: float
    coverage: tuple[float, ...]
    size: Numbers
    limit_low: Numbers
    limit_high: Numbers
    outside: frozenset[str]
    by_chance: float
