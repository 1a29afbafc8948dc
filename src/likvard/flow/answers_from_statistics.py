"""The six questions answered from published statistics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import duckdb

from likvard.figures.chapters import deviations, groups, overview, scales, spread
from likvard.figures.chapters.frame import Draft, Frame
from likvard.figures.chapters.frame import schools as schools_in_words
from likvard.figures.figure import Explanation
from likvard.flow import published, published_groups
from likvard.flow.area import place_on_map
from likvard.records.questions import published as question
from likvard.terms import Level, SchoolYear, Words

Answers = Mapping[str, Sequence[Draft]]


def answers(con: duckdb.DuckDBPyConnection, frame: Frame) -> tuple[Answers, Sequence[Explanation]]:
    """Figures by question, and what could not be said."""
    found = published.panel(con)
    schools = [*place_on_map(con, frame), *_table(con, frame)]
    if found is None or not found.enough:
        return {"schools": schools}, ()
    here = _with_results(frame, found)
    now = _newest(here, found)
    answered = {
        "results": _results(con, here, now, found),
        "groups": _groups(con, here, found),
        "safety": _safety(con, now),
        "schools": schools,
    }
    return answered, _not_said(found)


def _with_results(frame: Frame, found: published.Panel) -> Frame:
    """The frame with the schools that have had pupils in year 9."""
    units = frozenset(found.rows["unit"].tolist())
    return replace(frame, schools={u: s for u, s in frame.schools.items() if u in units})


def _newest(frame: Frame, found: published.Panel) -> Frame:
    """The frame with the schools that had a result in one of the last two years."""
    last = max(found.years)
    recent = frozenset(found.rows["unit"][found.rows["year"] >= last - 1].tolist())
    return replace(frame, schools={u: s for u, s in frame.schools.items() if u in recent})


def _results(con: duckdb.DuckDBPyConnection, here: Frame, now: Frame, found: published.Panel) -> list[Draft]:
    sources = here.source("skolverket-siris", "skolverket-merit-series")
    compared = published.deviations(found)
    history = published.unit_years(found)
    mean, lower, upper = published.nation(found)
    area, country = (published.spread_series(found, mean.year, units) for units in (here.units, None))
    funnel = published.funnel(found, now.units)
    shares = published.shares(found, _organisers(con))
    subjects = published_groups.subject_tests(con, found, now.units)
    tests = here.source("skolverket-v4", "skolverket-siris")
    what = Words("Skillnad från det väntade på nationella prov", "Difference from the expected on national tests")
    return [
        deviations.expected(now, compared, sources),
        spread.distribution(here, history, mean, lower, upper, sources),
        spread.spread_over_time(here, area, country, sources),
        *(
            [spread.variance_shares(here, shares, sources, published.intake_words(), (spread.ASSUMED_WITHIN,))]
            if shares
            else []
        ),
        deviations.small_multiples(now, history, sources),
        *([deviations.funnel(now, funnel, sources)] if funnel else []),
        *(
            [deviations.subjects(now, subjects, scales.TEST_DIFFERENCE, tests, what, "test_mean_ma_year_9")]
            if subjects
            else []
        ),
    ]


def _organisers(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    units = question.units(con)
    return {u: o for u, o in zip(units["unit_code"], units["organiser_number"], strict=True) if o}


def _groups(con: duckdb.DuckDBPyConnection, here: Frame, found: published.Panel) -> list[Draft]:
    figures = []
    pupils = published.pupils_by_year(found, here.units)
    by_sex = published_groups.sex_gap(con, here.place.code, pupils) if here.place.level is Level.MUNICIPALITY else None
    if by_sex is not None:
        figures.append(groups.by_sex(here, by_sex, here.source("kolada")))
    sources = here.source("skolverket-siris", "skolverket-merit-series")
    for id, units in (("gap-by-intake", here.units), ("gap-by-intake-nation", None)):
        by_intake = published_groups.intake_gap(found, units)
        if by_intake is not None:
            figures.append(groups.by_intake(here, by_intake, id, sources, nation=units is None))
    return figures


def _table(con: duckdb.DuckDBPyConnection, frame: Frame) -> list[Draft]:
    columns = published_groups.newest(con, frame.units)
    shown = frozenset(u for c in columns for u, s in zip(c.unit, c.status, strict=True) if s != "unavailable")
    listed = replace(frame, schools={u: s for u, s in frame.schools.items() if u in shown})
    sources = frame.source("skolverket-siris", "skolverket-v4", "skolverket-merit-series")
    return [overview.schools_table(listed, columns, sources)] if columns and sources else []


def _safety(con: duckdb.DuckDBPyConnection, now: Frame) -> list[Draft]:
    """The newest round of the school survey; none where no school of the area took part."""
    columns = published_groups.survey(con, now.units)
    sources = now.source("skolinspektionen-skolenkaten")
    if not columns or not sources:
        return []
    answered = frozenset(str(u) for c in columns for u in c.unit)
    took_part = replace(now, schools={u: s for u, s in now.schools.items() if u in answered})
    absent = len(now.schools) - len(took_part.schools)
    notes = (
        overview.EVERY_OTHER_YEAR,
        Words(
            f"{schools_in_words(absent).sv} här var inte med i omgången.",
            f"{schools_in_words(absent).en} here took no part in the round.",
        ),
    )
    return [overview.survey_table(took_part, columns, sources, overview.SKOLENKATEN, notes)]


def _not_said(found: published.Panel) -> list[Explanation]:
    compared, newest = int(found.means.year.max()), max(found.years)
    said = [
        Explanation(
            Words("Det väntade, nyinvandrade elever", "The expected, newly arrived pupils"),
            Words(
                "Andelen nyinvandrade elever per skola finns inte bland de inlästa uppgifterna och är därför inte med "
                "i det väntade.",
                "The share of newly arrived pupils per school is not among the data read in, so it is no part of the "
                "expected.",
            ),
        ),
        Explanation(
            Words("Ämnesbetyg per skola", "Subject grades per school"),
            Words(
                "Publiceras inte. I stället visas medelvärden på nationella prov.",
                "Are not published. Means on national tests are shown instead.",
            ),
        ),
    ]
    if compared < newest:
        said.insert(
            0,
            Explanation(
                Words(f"Det väntade för {SchoolYear(newest)}", f"The expected for {SchoolYear(newest)}"),
                Words(
                    f"Elevsammansättningen är inläst till och med {SchoolYear(compared)}. Senare resultat visas men "
                    "jämförs inte.",
                    f"The intake has been read in up to {SchoolYear(compared)}. Later results are shown but not "
                    "compared.",
                ),
            ),
        )
    return said
