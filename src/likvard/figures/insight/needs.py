"""The needs map: every unit on one page, with results against the expected and the conditions around them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from likvard.disclosure.cells import Released
from likvard.figures.charts import Break
from likvard.figures.figure import Explanation, Source
from likvard.figures.insight.scope import Order, UnitInfo
from likvard.figures.measures import Period, Scale
from likvard.terms import Words


class Direction(StrEnum):
    """Which way a value moved since the year before; said only where the change is clear of chance."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class NeedsColumn:
    """One measure of the needs map: what it is, in which period, on which scale."""

    id: str
    heading: Words
    short: Words
    scale: Scale
    period: Period
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedsCell:
    """One value; `change` is newest minus the year before with its interval, where it was published.

    `cell` None: the measure is not for this unit (another form of school). `kept`: the change survives the budget.
    """

    cell: Released | None
    change: Released | None = None
    kept: bool = False

    @property
    def direction(self) -> Direction | None:
        """Up or down only where the change survives the false-alarm budget."""
        if not self.kept or self.change is None or self.change.value is None:
            return None
        return Direction.UP if self.change.value > 0 else Direction.DOWN


@dataclass(frozen=True, slots=True)
class NeedsRow:
    """One unit: its distance from the expected, and a cell per column."""

    unit: UnitInfo
    difference: Released | None
    kept: bool
    cells: tuple[NeedsCell, ...]


@dataclass(frozen=True, slots=True)
class NeedsTable:
    """Every unit on one page. Rows stand in the order asked for, which is never by result."""

    question: Words
    subtitle: Words
    verdict: tuple[Words, ...]
    difference: Scale
    columns: tuple[NeedsColumn, ...]
    rows: tuple[NeedsRow, ...]
    order: Order
    sources: tuple[Source, ...]
    method: tuple[Explanation, ...]
