"""Whose figures a page shows: the organiser's units and what the reader chose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from likvard.figures.charts import School
from likvard.terms import Audience, Words


@dataclass(frozen=True, slots=True)
class UnitInfo:
    """One unit as the pages name it.

    `forms` are codes of `SchoolForm`, `years` the grade span as written (`F–9`), `kind` the organiser's kind.
    `instead` says why the unit has no results of the usual kind (own criteria in adapted schools); None otherwise.
    """

    code: str
    name: str
    area: str = ""
    forms: tuple[str, ...] = ()
    years: str = ""
    kind: str = ""
    instead: Words | None = None

    @property
    def school(self) -> School:
        """The unit as the charts know it."""
        return School(self.name, self.area, self.code, self.instead)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose page it is and who reads it.

    `organiser` is the number of the organiser whose units these are, None where the units are of several. `on` is the
    day of the page.
    """

    organiser: str | None
    name: str
    units: Mapping[str, UnitInfo]
    audience: Audience
    on: date

    def __post_init__(self) -> None:
        """Units of the same name and area are told apart by their codes."""
        alike = Counter((unit.name, unit.area) for unit in self.units.values())
        if max(alike.values(), default=0) > 1:
            object.__setattr__(self, "units", {code: _told_apart(unit, alike) for code, unit in self.units.items()})


def _told_apart(unit: UnitInfo, alike: Mapping[tuple[str, str], int]) -> UnitInfo:
    return replace(unit, name=f"{unit.name} ({unit.code})") if alike[unit.name, unit.area] > 1 else unit


class Order(StrEnum):
    """How rows may stand. There is no order by result, in any view."""

    AREA = "area"
    NAME = "name"
    NEED = "need"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value a reader may choose, its words, and whether it is chosen now."""

    value: str
    label: Words
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reader of the results page may choose between, the present choice marked in each."""

    subjects: tuple[Choice, ...]
    years: tuple[Choice, ...]
    measures: tuple[Choice, ...]
    splits: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Who the units are compared with.

    `like` is the code of the unit whose similar units are sought by the stated criteria. `codes`, where given, are the
    units of a group that the reader made; then nothing is sought. `others` are all units that may be compared with,
    by code: their figures are read as the public sees them.
    """

    like: str = ""
    codes: tuple[str, ...] = ()
    others: Mapping[str, UnitInfo] = field(default_factory=dict)
