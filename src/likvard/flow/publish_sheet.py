"""Cells of one organiser on their way to the gate: what is counted, the sums that tie it, and what is derived from it.

What is derived (a gap, a change, a distance from the expected) is made from figures that the same reader sees, and
shown only where every one of them is shown: so it tells nothing that they do not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from likvard.disclosure.cells import Cell, CellKind, Key, Relation, Release, Released
from likvard.disclosure.gate import release, releases
from likvard.disclosure.ledger import Ledger
from likvard.disclosure.publication import FigureKey
from likvard.terms import Level, Missing

Shown = Mapping[Key, Released]
"""The released cells of one reader, by key."""

_TOLD = frozenset({Missing.FEW, Missing.NOT_COLLECTED, Missing.NOT_APPLICABLE, Missing.UNAVAILABLE, Missing.NOT_YET})
"""Reasons that a derived figure has in common with what it is derived from; for others it is protected."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A figure made from others: its cell, and the keys of the figures it is made from."""

    cell: Cell
    of: tuple[Key, ...]


@dataclass
class Sheet:
    """What asks to be shown of one organiser. `late` are made from what the public is shown."""

    organiser: str
    cells: list[Cell] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    derived: list[Derived] = field(default_factory=list)
    late: list[Callable[[Shown], Iterator[Cell]]] = field(default_factory=list)
    kept: set[Key] = field(default_factory=set)

    def derive(self, cell: Cell, *of: Key, kept: bool = False) -> None:
        """Add a figure that is derived from those of the keys `of`."""
        self.derived.append(Derived(cell, of))
        if kept:
            self.kept.add(cell.key)


def released(sheet: Sheet, on: date, ledger: Ledger) -> Iterator[Release]:
    """Put a sheet through the gate for every audience: what is counted, with its sums, then what is derived from it.

    What is `late` is made from what the public is shown, so that it is the same number for every reader.
    """
    counted = releases(sheet.cells, on=on, relations=sheet.relations, ledger=ledger)
    late = [cell for make in sheet.late for cell in make(counted[0].cells)]
    for first in counted:
        yield first
        second = [*(_derived(one, first.cells) for one in sheet.derived), *late]
        yield release(second, audience=first.audience, on=on, ledger=ledger)


def _derived(one: Derived, shown: Shown) -> Cell:
    for key in one.of:
        base = shown.get(key)
        if base is None or base.value is None:
            missing = base.missing if base is not None and base.missing in _TOLD else Missing.PROTECTED
            cell = one.cell
            return Cell(cell.key, cell.kind, None, missing=missing, source=cell.source, level=cell.level)
    return one.cell


def estimate(
    key: FigureKey, value: float, *, n: float, low: float = math.nan, high: float = math.nan, source: str = ""
) -> Cell:
    """An estimate with its interval; NaN is nothing known."""
    known = math.isfinite(value)
    return Cell(
        key,
        CellKind.ESTIMATE,
        value if known else None,
        n=round(n) if math.isfinite(n) else None,
        low=low if known and math.isfinite(low) else None,
        high=high if known and math.isfinite(high) else None,
        missing=None if known else Missing.NOT_COLLECTED,
        source=source,
        level=Level(key.level),
    )
