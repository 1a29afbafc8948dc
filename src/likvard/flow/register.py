"""The register: organisers and units by name, with what became of them over the years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from likvard.records.lake import Lake
from likvard.records.questions import published
from likvard.records.questions import register as question
from likvard.records.questions.columns import Columns
from likvard.rulebook import municipalities


@dataclass(frozen=True, slots=True)
class OrganiserRow:
    """An organiser by its newest description; `municipality_code` for municipal organisers, else empty."""

    number: str
    name: str
    kind: str
    municipality_code: str


@dataclass(frozen=True, slots=True)
class NameRow:
    """A name that a unit had, from the first to the last school year (calendar years in which they begin)."""

    name: str
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit by its newest description.

    `forms` are those of its last year; `first_grade` and `last_grade` the years of compulsory school it had the last
    year that any are known (0: preschool class), None where it has none; `names` all it has had, oldest first.
    `had_year_9` tells whether it ever had pupils in year 9.
    """

    code: str
    name: str
    organiser: str
    municipality_code: str
    forms: tuple[str, ...]
    first_grade: int | None
    last_grade: int | None
    status: str
    first_year: int
    last_year: int
    names: tuple[NameRow, ...] = ()
    had_year_9: bool = False

    @property
    def grades(self) -> str:
        """The grade span as it is written: `F-9`, `7-9`; empty where the unit has none."""
        if self.first_grade is None or self.last_grade is None:
            return ""
        first = "F" if self.first_grade == 0 else str(self.first_grade)
        return first if self.first_grade == self.last_grade else f"{first}-{self.last_grade}"


@dataclass(frozen=True, slots=True)
class LineageRow:
    """What became of a unit; `kind` as in the table `unit_lineage`, `on` the day where it is known."""

    predecessor: str
    successor: str
    kind: str
    on: date | None
    source: str


@dataclass(frozen=True)
class Register:
    """Organisers, units and lineage in the order of their codes, and the names of municipalities by code."""

    organisers: tuple[OrganiserRow, ...]
    units: tuple[UnitRow, ...]
    lineage: tuple[LineageRow, ...]
    municipalities: Mapping[str, str]

    @cached_property
    def owner(self) -> Mapping[str, str]:
        """The organiser of each unit, by its newest description; empty where no source says."""
        return {unit.code: unit.organiser for unit in self.units}


def register(lake: Path) -> Register:
    """Read the register of the lake at `lake`."""
    con = Lake.open(lake).connect()
    try:
        return read(con)
    finally:
        con.close()


def read(con: duckdb.DuckDBPyConnection) -> Register:
    """Read the register through a connection to a lake."""
    return Register(
        tuple(OrganiserRow(*(text or "" for text in row)) for row in _rows(question.organisers(con))),
        _units(con),
        tuple(
            LineageRow(before, after, kind, None if day is None else date.fromisoformat(day), source)
            for before, after, kind, day, source in _rows(question.lineage(con))
        ),
        municipalities() | dict(published.place_names(con)),
    )


def _rows(columns: Columns) -> zip[tuple[Any, ...]]:
    return zip(*(column.tolist() for column in columns.values()), strict=True)


def _units(con: duckdb.DuckDBPyConnection) -> tuple[UnitRow, ...]:
    names: dict[str, list[NameRow]] = defaultdict(list)
    for code, name, first, last in _rows(question.names(con)):
        names[code].append(NameRow(name, int(first), int(last)))
    spans: dict[str, tuple[int, int]] = {}
    nine = set()
    for code, _, first, last in _rows(question.spans(con)):
        spans[code] = int(first), int(last)
        if last >= 9:
            nine.add(code)
    return tuple(
        UnitRow(
            code,
            name or code,
            organiser or "",
            municipality or "",
            tuple((forms or "").split()),
            spans[code][0] if code in spans else None,
            spans[code][1] if code in spans else None,
            status or "",
            int(first),
            int(last),
            tuple(names[code]),
            code in nine,
        )
        for code, name, organiser, municipality, status, forms, first, last in _rows(question.units(con))
    )
