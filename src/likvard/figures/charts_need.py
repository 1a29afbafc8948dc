"""Need at every unit: a row each, with what pupils' background lets expect, and results and money beside it."""

from __future__ import annotations

from dataclasses import dataclass

from likvard.disclosure.cells import Released
from likvard.figures.measures import FigureError, Scale, swedish_order
from likvard.terms import Words

COUNTRY = 100.0
"""The index of all pupils together."""

_OF_THE_COUNTRY = Words("riket", "country")

MANY_UNSEEN = 0.1
"""From this share of pupils whom the index does not see, it is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRow:
    """A unit: its need with interval, its results' distance from the expected, its crowns a pupil and the organiser's mean
    of the same form, and the share of pupils that the index does not see. `instead` says why it has no need of this kind,
    `not_compared` why it has no distance from the expected."""

    name: str
    code: str
    area: str = ""
    need: Released | None = None
    difference: Released | None = None
    money: Released | None = None
    mean: Released | None = None
    unseen: Released | None = None
    instead: Words | None = None
    not_compared: Words | None = None

    def __post_init__(self) -> None:
        if self.need is None and self.instead is None:
            raise FigureError(f"{self.name} has neither a need nor a reason.", "Give `instead` in words, or a cell.")

    @property
    def order(self) -> tuple[tuple[str, str], ...]:
        """Area, name, code, in Swedish order."""
        return swedish_order(self.area), swedish_order(self.name), swedish_order(self.code)

    @property
    def shown(self) -> bool:
        """Whether the need is there."""
        return self.need is not None and self.need.value is not None

    @property
    def surely_above(self) -> bool:
        """Whether the whole interval lies above that of all pupils together."""
        return self.need is not None and self.need.low is not None and self.need.low > COUNTRY

    @property
    def gets_less(self) -> bool:
        """Whether the unit gets less a pupil than the organiser's mean."""
        if self.money is None or self.mean is None or self.money.value is None or self.mean.value is None:
            return False
        return self.money.value < self.mean.value


@dataclass(frozen=True, slots=True)
class NeedOfAll:
    """Every unit's need on one scale, by area and name whatever the order given: never by need, never by result."""

    rows: tuple[NeedRow, ...]
    need: Scale
    difference: Scale
    money: Scale
    unseen: Scale
    whole: Words = _OF_THE_COUNTRY
    """Whose pupils all together are 100, at the tick."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple(sorted(self.rows, key=lambda row: row.order)))
