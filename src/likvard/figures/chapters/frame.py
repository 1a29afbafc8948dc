"""What every chapter shares: which area, for whom, on what day, the schools by name, and the way through the gate."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from likvard.disclosure.cells import Cell, CellKind, Key, Relation, Release, Released
from likvard.disclosure.gate import release
from likvard.figures.charts import School
from likvard.figures.figure import Source
from likvard.rulebook import first_day
from likvard.terms import Audience, DisclosureError, Level, Missing, SchoolYear, Words

ALL_ALIKE = 340.0


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
        )

    def release(self, cells: Iterable[Cell], relations: Sequence[Relation] = ()) -> Release:
        """Put cells through the gate for this report's reader.

        Raises `DisclosureError` if a small group can be worked out whatever is hidden.
        """
        out = release(cells, audience=self.audience, on=self.on, relations=relations)
        if out.exposed:
            names = ", ".join("/".join(key) for key in sorted(out.exposed))
            raise DisclosureError(
                f"No hiding protects {names}.", "Leave the figure out, or take more schools together."
            )
        return out

    def source(self, *names: str) -> tuple[Source, ...]:
        """The sources that a figure rests on, by the beginnings of their names in the lake."""
        return tuple(s for name, s in self.sources.items() if name.startswith(names))


def missing_cell(frame: Frame, key: Key, why: Missing) -> Cell:
    """A cell for what is not there at all."""
    return Cell(key, CellKind.ESTIMATE, None, missing=why, source=frame.rules)


def shown(cells: Mapping[Key, Released], keys: Sequence[Key]) -> tuple[Released, ...]:
    """Released cells in the order of `keys`."""
    return tuple(cells[key] for key in keys)


def joined(words: Sequence[Words]) -> Words:
    """A list in running text: "a, b och c"."""
    if len(words) == 1:
        return words[0]
    first, last = words[:-1], words[-1]
    return Words(f"{', '.join(w.sv for w in first)} och {last.sv}", f"{', '.join(w.en for w in first)} and {last.en}")
