"""The picture of the classes: a bar for each, with its interval, and a diamond for the marked alone. The table beside has the numbers."""

from __future__ import annotations

from dataclasses import dataclass

from likvard.figures import formats
from likvard.flow.national import National
from likvard.rulebook.kinds.rubric import Rubric
from likvard.site.ratings.shares import between, class_names, per_cent
from likvard.site.ui.language import current

WIDE = 260
"""Units of the picture's width at the whole scale."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A class in the picture; places are whole units from the left of `WIDE`."""

    name: str
    share: str
    interval: str
    marked: str
    value: int
    low: int
    high: int
    diamond: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The bars, the ticks of their common scale as pairs of place and per cent, and the sign of the last."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[int, int], ...]
    sign: str


def classes(found: National, rubric: Rubric) -> Picture:
    """The picture of a report's classes."""
    names = class_names(rubric)
    most = max(max(one.weighted.high, one.unweighted.value) for one in found.shares)
    top = min(100, 20 * (int(most * 100) // 20 + 1))

    def at(value: float) -> int:
        return round(max(0.0, min(value, 1.0)) * 100 * WIDE / top)

    bars = tuple(
        Bar(
            names[one.cls].capitalize(), per_cent(one.weighted.value), between(one.weighted), per_cent(one.unweighted.value),
            at(one.weighted.value), at(one.weighted.low), at(one.weighted.high), at(one.unweighted.value),
        )
        for one in found.shares
    )  # fmt: skip
    return Picture(
        bars, tuple((at(tick / 100), tick) for tick in range(0, top + 1, 20)), formats.percent_sign(current())
    )
