"""What every chapter shares: which area, for whom, on what day, the schools by name, and the way through the gate."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from likvard.disclosure.cells import Cell, CellKind, Key, Relation, Release
from likvard.disclosure.gate import release
from likvard.figures.charts import School
from likvard.figures.figure import Figure, Source
from likvard.figures.measures import FigureError
from likvard.rulebook import first_day
from likvard.terms import Audience, DisclosureError, Level, Missing, SchoolYear, Words


@dataclass(frozen=True, slots=True)
class Place:
    """The area that a report is about: a municipality (all schools that lie there) or an organiser (its schools)."""

    code: str
    name: str
    level: Level


@dataclass(frozen=True, slots=True)
class Frame:
    """The report's frame. `schools` are the units of the area by code; `sources` the sources by the lake's name.

    `rules` names the source whose rules of disclosure apply to units' figures; empty for the organiser's own records.
    """

    place: Place
    audience: Audience
    on: date
    schools: Mapping[str, School]
    sources: Mapping[str, Source]
    rules: str

    @property
    def units(self) -> frozenset[str]:
        """The codes of the area's schools."""
        return frozenset(self.schools)

    @property
    def own_records(self) -> bool:
        """Whether the figures come from pupils' records, and not from what a source has already judged."""
        return not self.rules

    def cell(
        self,
        key: Key,
        kind: CellKind,
        value: float,
        *,
        n: float = math.nan,
        low: float = math.nan,
        high: float = math.nan,
        status: str = "",
        level: Level = Level.UNIT,
        ceiling: float | None = None,
        source: str | None = None,
        year: int | None = None,
        shown: bool = True,
    ) -> Cell:
        """A cell that asks to be shown. NaN is nothing known; without a value, `status` says why.

        `year` is the first calendar year of the school year that the figure is about: a source's rules are looked up
        by it.
        """
        known = not math.isnan(value)
        return Cell(
            key,
            kind,
            float(value) if known else None,
            n=None if math.isnan(n) else round(n),
            low=None if math.isnan(low) else float(low),
            high=None if math.isnan(high) else float(high),
            missing=(Missing(status) if status else (None if known else Missing.NOT_COLLECTED)),
            source=self.rules if source is None else source,
            level=level,
            ceiling=ceiling,
            period=None if year is None else first_day(SchoolYear(int(year))),
            shown=shown,
        )

    def source(self, *names: str) -> tuple[Source, ...]:
        """The sources that a figure rests on, by the beginnings of their names in the lake."""
        return tuple(s for name, s in self.sources.items() if name.startswith(names))


@dataclass(frozen=True, slots=True)
class Draft:
    """A figure on its way to the gate: the cells it asks for, the sums that tie them, and how it is laid out then.

    All drafts of a report go through the gate together, so that no figure gives away what another one hides. The
    same key in two drafts is the same number.
    """

    cells: tuple[Cell, ...]
    lay: Callable[[Release], Figure]
    relations: tuple[Relation, ...] = ()


def laid(frame: Frame, drafts: Sequence[Draft]) -> tuple[Figure, ...]:
    """Put every draft through the gate at once, for the report's reader, and lay the figures out.

    Raises `DisclosureError` if a small group can be worked out whatever is hidden.
    """
    cells: dict[Key, Cell] = {}
    for cell in chain.from_iterable(draft.cells for draft in drafts):
        cells[cell.key] = _together(cells[cell.key], cell) if cell.key in cells else cell
    relations = tuple(dict.fromkeys(chain.from_iterable(draft.relations for draft in drafts)))
    out = release(cells.values(), audience=frame.audience, on=frame.on, relations=relations)
    if out.exposed:
        names = ", ".join("/".join(key) for key in sorted(out.exposed))
        raise DisclosureError(f"No hiding protects {names}.", "Leave the figure out, or take more schools together.")
    return tuple(draft.lay(out) for draft in drafts)


def _together(one: Cell, other: Cell) -> Cell:
    """The same number asked for by two figures: what one of them knows besides, both know."""
    if (one.value, one.missing) != (other.value, other.missing):
        raise FigureError(f"Two figures give {'/'.join(one.key)} different values: {one.value}, {other.value}.")
    known = {
        name: getattr(one, name) if getattr(one, name) is not None else getattr(other, name)
        for name in ("n", "low", "high", "ceiling", "period")
    }
    return replace(one, **known, shown=one.shown or other.shown)


def joined(words: Sequence[Words]) -> Words:
    """A list in running text: "a, b och c"."""
    if len(words) == 1:
        return words[0]
    first, last = words[:-1], words[-1]
    return Words(f"{', '.join(w.sv for w in first)} och {last.sv}", f"{', '.join(w.en for w in first)} and {last.en}")


def schools(count: int) -> Words:
    """How many schools, in words that agree: one school, two schools."""
    return Words("1 skola", "1 school") if count == 1 else Words(f"{count} skolor", f"{count} schools")


def unit_key(unit: str, year: int) -> Key:
    """The key of a unit's merit value in a school year, the same in every figure."""
    return ("merit_value", "unit", str(unit), str(int(year)))


def area_key(year: int) -> Key:
    """The key of the area's merit value in a school year."""
    return ("merit_value", "area", str(int(year)))
