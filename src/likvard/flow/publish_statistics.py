"""Published statistics as cells: what their sources show, under the sources' own rules of disclosure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np

from likvard import indicators
from likvard.disclosure.cells import Cell, CellKind
from likvard.disclosure.publication import FigureKey
from likvard.indicators import Indicator, Kind, PeriodKind
from likvard.records.questions import published as question
from likvard.records.questions.columns import Columns
from likvard.rulebook import first_day
from likvard.terms import NATION, Level, Missing, SchoolYear, UsageError

KINDS = {
    Kind.SHARE: CellKind.SHARE,
    Kind.MERIT: CellKind.MEAN,
    Kind.POINTS: CellKind.MEAN,
    Kind.INDEX: CellKind.INDEX,
    Kind.PUPILS: CellKind.COUNT,
}
"""What each kind of indicator is to the gate; all others are estimates."""

UPPER = {"grade_points_mean": ("siris_grades", CellKind.MEAN), "share_diploma": ("siris_grades", CellKind.SHARE)}
"""Measures of upper secondary school: whose rules they follow, and what they are."""

GROUPS = frozenset({"all", "girls", "boys"})
LEVELS = (Level.UNIT, Level.ORGANISER, Level.MUNICIPALITY, Level.NATION)
LEFT_OUT = ("survey_mean_", "survey_share_", "survey_option_")
"""Single questions of a survey: their indexes are published."""


@dataclass(frozen=True, eq=False)
class Statistics:
    """Published figures as cells, by organiser (empty for the country's), and which measures there are."""

    cells: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    measures: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a measure's figures go through the gate."""

    disclosure: str
    kind: CellKind
    calendar: bool


Counted = Callable[[str, str, int], bool]
"""Whether the organisers' own records give a measure of an area in a year."""


def named(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Every measure of which the lake has published figures."""
    return frozenset(question.measures(con))


def statistics(
    con: duckdb.DuckDBPyConnection,
    owner: Mapping[str, str],
    organisers: frozenset[str],
    measures: frozenset[str],
    own: Counted,
    pupils: Mapping[tuple[str, int], float],
) -> Statistics:
    """Ask the lake for every published figure of `measures` that an indicator defines.

    What own records give (`own`) is left out. `pupils` are those in year 9 by unit and year, for means whose source
    does not say how many they rest on.
    """
    rules = {m: rule for m in sorted(measures) if (rule := _rule(m)) is not None}
    cells: dict[str, list[Cell]] = defaultdict(list)
    for calendar in (False, True):
        asked = [m for m, rule in rules.items() if rule.calendar == calendar]
        for level in LEVELS if asked else ():
            period = (PeriodKind.CALENDAR_YEAR if calendar else PeriodKind.SCHOOL_YEAR).value
            rows = question.statistics(con, asked, level=level.value, period_kind=period, groups=None)
            for cell in _cells(rows, rules, level, own, pupils):
                number = _place(cell.key[5], level, owner, organisers)
                if number is not None:
                    cells[number].append(cell)
    return Statistics(cells, frozenset(rules))


def _place(area: str, level: Level, owner: Mapping[str, str], organisers: frozenset[str]) -> str | None:
    """Whose figures they are: those of an organiser that the register does not know are nobody's."""
    if level is Level.UNIT:
        return owner.get(area)
    if level is Level.ORGANISER:
        return area if area in organisers else None
    return ""


def _rule(measure: str) -> _Rule | None:
    if measure in UPPER:
        return _Rule(*UPPER[measure], calendar=False)
    if measure.startswith(LEFT_OUT):
        return None
    try:
        found: Indicator = indicators.load(measure)
    except UsageError:
        return None
    kind = KINDS.get(found.kind, CellKind.ESTIMATE)
    return _Rule(found.disclosure, kind, found.period is PeriodKind.CALENDAR_YEAR)


def _cells(
    rows: Columns,
    rules: Mapping[str, _Rule],
    level: Level,
    own: Counted,
    pupils: Mapping[tuple[str, int], float],
) -> Iterator[Cell]:
    names = ("measure", "area_code", "school_form", "group", "year", "value", "low", "high", "status", "n")
    for measure, area, form, group, year, value, low, high, status, n in zip(
        *(rows[name].tolist() for name in names), strict=True
    ):
        told = _group(group)
        if told is None or own(measure, area, int(year)):
            continue
        area = NATION if level is Level.NATION else area
        key = FigureKey(measure, "observed", "", told, level.value, area, form or "", str(int(year)))
        behind = pupils.get((area, int(year))) if measure == "merit_value" and not _known(n) else n
        yield _cell(key, rules[measure], level, (value, low, high, behind), status)


def _group(group: str) -> str | None:
    """A group as publications name it: pupils by sex, or a programme by its code; None for others."""
    if group in GROUPS:
        return group
    return f"programme:{group}" if group.isalnum() and group.isupper() else None


def _known(number: float | None) -> bool:
    return number is not None and np.isfinite(number)


def _cell(key: FigureKey, rule: _Rule, level: Level, numbers: Sequence[Any], status: str) -> Cell:
    value, low, high, n = (float(x) if _known(x) else None for x in numbers)
    year, missing = int(key.year), Missing(status) if status else None
    if missing is not None and missing is not Missing.APPROXIMATE:
        value = None
    if missing is None and value is None:
        missing = Missing.UNAVAILABLE
    return Cell(
        key,
        rule.kind,
        value,
        n=None if n is None else round(n),
        low=low,
        high=high,
        missing=missing,
        source=rule.disclosure,
        level=level,
        ceiling={CellKind.INDEX: 10.0}.get(rule.kind),
        period=first_day(SchoolYear(year - 1 if rule.calendar else year)),
    )
