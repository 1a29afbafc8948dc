"""The six questions answered from pupils' records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from likvard.figures.chapters import deviations, groups, overview, scales, spread
from likvard.figures.chapters.frame import Draft, Frame
from likvard.figures.figure import Explanation
from likvard.flow import published, pupils, pupils_measured
from likvard.flow.answers_from_statistics import Answers
from likvard.flow.area import RULES, place_on_map
from likvard.records.questions import pupils as question
from likvard.terms import Words

SOURCES = ("scb", "organiser", "synthetic")

GROUPS = (
    (
        "girl",
        1,
        "gap-by-sex",
        Words("flickor", "girls"),
        Words("pojkar", "boys"),
        Words("flickor och pojkar", "girls and boys"),
    ),
    (
        "tertiary",
        1,
        "gap-by-education",
        Words(
            "elever vars föräldrar har eftergymnasial utbildning", "pupils whose parents have post-secondary education"
        ),
        Words("övriga elever", "other pupils"),
        Words("elever med olika utbildade föräldrar", "pupils whose parents differ in education"),
    ),
    (
        "foreign",
        0,
        "gap-by-background",
        Words("elever med svensk bakgrund", "pupils with Swedish background"),
        Words("elever med utländsk bakgrund", "pupils with foreign background"),
        Words("elever med utländsk och svensk bakgrund", "pupils with foreign and Swedish background"),
    ),
)


def possible(con: duckdb.DuckDBPyConnection, frame: Frame) -> bool:
    """Whether the lake has pupils' final grades for any school of the area."""
    return question.has_grades(con, sorted(frame.units))


def answers(con: duckdb.DuckDBPyConnection, frame: Frame) -> tuple[Answers, Sequence[Explanation]]:
    """Figures by question, and what could not be said."""
    here = replace(frame, rules="")
    found = pupils.records(con)
    graded = frozenset(str(u) for u in found.merit["unit"])
    nine = replace(here, schools={u: s for u, s in here.schools.items() if u in graded})
    recent = frozenset(
        str(u) for u, y in zip(found.merit["unit"], found.merit["year"], strict=True) if y >= found.years[-1] - 1
    )
    now = replace(nine, schools={u: s for u, s in nine.schools.items() if u in recent})
    return {
        "results": _results(con, nine, now, found),
        "groups": _groups(nine, found),
        "safety": _table(here, pupils_measured.climate(con, here.units), "safety"),
        "attendance": _table(here, pupils_measured.attendance(con, here.units), "attendance"),
        "schools": [*place_on_map(con, frame), *_table(now, pupils_measured.schools(found), "schools")],
    }, _not_said(here, nine, found)


def _results(con: duckdb.DuckDBPyConnection, nine: Frame, now: Frame, found: pupils.Records) -> list[Draft]:
    sources = nine.source(*SOURCES)
    history = pupils.unit_years(found)
    mean, lower, upper = pupils.nation(found)
    area, country = (pupils.spread_series(found, units) for units in (nine.units, None))
    funnel = pupils.funnel(found, now.units)
    chance = [deviations.funnel(now, funnel, sources)] if funnel else []
    apart = [
        spread.distribution(nine, history, mean, lower, upper, sources),
        spread.spread_over_time(nine, area, country, sources),
    ]
    if not found.enough:
        return [*_expected_by_statistics(con, now), *apart, *chance]
    intake = Words("elevernas bakgrund", "pupils' background")
    return [
        deviations.expected(now, pupils.deviations(found), sources),
        *apart,
        spread.variance_shares(nine, pupils.shares(found), sources, intake),
        deviations.small_multiples(now, history, sources),
        *chance,
        deviations.subjects(
            now, pupils.subjects(found, now.units), scales.GRADE_DIFFERENCE, sources, GRADES, "grade_points"
        ),
    ]


GRADES = Words(
    "Skillnad från det väntade i slutbetyg, årskurs 9", "Difference from the expected in final grades, year 9"
)


def _expected_by_statistics(con: duckdb.DuckDBPyConnection, now: Frame) -> list[Draft]:
    """Where too few schools' pupils lie in the lake: the expected from published statistics, if it has those."""
    panel = published.panel(con)
    sources = now.source("skolverket-siris", "skolverket-merit-series", "synthetic-statistics")
    if panel is None or not panel.enough or not now.units & set(panel.means.unit.tolist()):
        return []
    return [deviations.expected(replace(now, rules=RULES), published.deviations(panel), sources)]


def _groups(nine: Frame, found: pupils.Records) -> list[Draft]:
    figures = []
    for column, first, id, one, other, both in GROUPS:
        gap = pupils.gap(found, column, first, (one, other), nine.units)
        if gap is not None:
            figures.append(groups.between_pupils(nine, gap, id, both, nine.source(*SOURCES)))
    return figures


def _table(frame: Frame, columns: Sequence[overview.Measured], which: str) -> list[Draft]:
    measured = frozenset(str(u) for c in columns for u in c.unit)
    listed = replace(frame, schools={u: s for u, s in frame.schools.items() if u in measured})
    if not columns or not listed.schools:
        return []
    return [overview.TABLES[which](listed, columns, frame.source(*SOURCES))]


def _not_said(here: Frame, nine: Frame, found: pupils.Records) -> list[Explanation]:
    said = [
        Explanation(
            Words("Landet", "The country"),
            Words(
                f"Med landet menas här de {found.compared} skolor med årskurs 9 som lagret har elevers betyg från.",
                f"The country here means the {found.compared} schools with year 9 whose pupils' grades the lake holds.",
            ),
        )
    ]
    if not found.enough:
        said.append(
            Explanation(
                Words("Det väntade", "The expected"),
                Words(
                    f"Det behövs minst {published.LEAST_COMPARED} skolor att jämföra med för att säga vad som väntas. "
                    "Läs in publicerad statistik för hela landet, eller fler huvudmäns uppgifter.",
                    f"At least {published.LEAST_COMPARED} schools to compare with are needed to say what is expected. "
                    "Read in published statistics for the whole country, or more organisers' records.",
                ),
            )
        )
    without = len(here.schools) - len(nine.schools)
    if without:
        said.append(
            Explanation(
                Words("Enheter utan årskurs 9", "Units without year 9"),
                Words(
                    f"{without} enheter har inga slutbetyg i årskurs 9. De finns i tabellerna om trygghet och frånvaro.",
                    f"{without} units set no final grades in year 9. They are in the tables on safety and absence.",
                ),
            )
        )
    return said
