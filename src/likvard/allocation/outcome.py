"""What comes out of a sharing: a row for each unit, and the frame they sum to."""

from __future__ import annotations

from dataclasses import dataclass

from likvard.allocation.limits import Limit
from likvard.allocation.round import Rule, Unit
from likvard.terms import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a unit gets. `crowns` = `base` + `by_need` + `set_apart` + `by_limits`.

    `base` follows every pupil alike, `by_need` is the unit's part of what need shares, `set_apart` what is the unit's before
    anything is shared, and `full` the three together: what the unit would get with no limits. `by_limits` is what the limits,
    its own and those of others, give or take. `limit` names the unit's own limit where it holds the unit. `need` is the index
    with the frame's mean as 100, None where unknown (then the unit counts as the mean). `change` is crowns against the year
    before, `change_per_pupil` crowns a pupil.
    """

    unit: Unit
    crowns: int
    base: int
    by_need: int
    full: int
    limit: Limit
    need: float | None

    @property
    def set_apart(self) -> int:
        """Crowns that are the unit's before anything is shared."""
        return self.unit.set_apart

    @property
    def by_limits(self) -> int:
        """Crowns that the limits give (or take, below zero)."""
        return self.crowns - self.full

    @property
    def per_pupil(self) -> float:
        """Crowns a pupil."""
        return self.crowns / self.unit.pupils

    @property
    def change(self) -> int | None:
        """Crowns against the year before; None for a unit that was not there."""
        return None if self.unit.last is None else self.crowns - self.unit.last

    @property
    def change_per_pupil(self) -> float | None:
        """Crowns a pupil against the year before; None for a unit that was not there."""
        last = self.unit.last_per_pupil
        return None if last is None else self.per_pupil - last


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A shared frame: a row per unit in the order given, their sum exactly `frame`.

    `bound` counts the units held by a limit; `shift` is the crowns a pupil that the limits give (or take from) every other
    unit; `per_point` the crowns a pupil that an index point is worth. `messages` say what a reader must know about it.
    """

    rows: tuple[Row, ...]
    frame: int
    rule: Rule
    bound: int
    shift: float
    per_point: float
    messages: tuple[Words, ...]
