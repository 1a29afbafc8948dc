"""Columns of the report's tables, school by school, from pupils' records."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import numpy.typing as npt

from likvard.disclosure.cells import CellKind
from likvard.figures.chapters import scales
from likvard.figures.chapters.overview import Measured
from likvard.figures.measures import Scale
from likvard.flow.pupils import Records
from likvard.records.questions import pupils as question
from likvard.records.questions.columns import Columns
from likvard.terms import SchoolYear, Words

CLIMATE = (
    ("Trygghet", Words("Trygghet", "Safety (trygghet)"), Words("Trygghet", "Safety")),
    ("Studiero", Words("Studiero", "Calm (studiero)"), Words("Studiero", "Calm")),
)


def schools(found: Records) -> Sequence[Measured]:
    """Merit, passes in all subjects, eligibility and parents' education in the newest year."""
    rows = question.shares_by_unit(found.con)
    year = int(found.years[-1])
    merit = {name: column[found.merit["year"] == year] for name, column in found.merit.items()}
    here = {name: column[rows["year"] == year] for name, column in rows.items()}
    return (
        _column(
            "merit_value",
            scales.MERIT_NAME,
            Words("Merit", "Merit"),
            scales.MERIT,
            CellKind.MEAN,
            year,
            merit,
            merit["value"],
        ),
        *(
            _column(measure, heading, short, scales.SHARE, CellKind.SHARE, year, here, here[column] / here["n"])
            for measure, column, heading, short in (
                (
                    "share_all_subjects_year_9",
                    "all_subjects",
                    Words("Godkända i alla ämnen", "Passes in all subjects"),
                    Words("Alla ämnen", "All"),
                ),
                (
                    "share_eligible_vocational",
                    "eligible",
                    Words("Behöriga till yrkesprogram", "Eligible for vocational programmes"),
                    Words("Behöriga", "Eligible"),
                ),
            )
        ),
    )


def attendance(con: duckdb.DuckDBPyConnection, units: frozenset[str]) -> Sequence[Measured]:
    """Share of pupils who missed more than 15 per cent of their lessons in the newest year, every form of school."""
    here, year = _newest(question.absence_by_unit(con), units)
    if year is None:
        return ()
    heading = Words("Frånvaro över 15 procent", "Absent more than 15 per cent")
    share = here["absent"] / here["n"]
    short = Words("Över 15 %", "Over 15%")
    return (_column("share_absent", heading, short, scales.SHARE, CellKind.SHARE, year, here, share),)


def climate(con: duckdb.DuckDBPyConnection, units: frozenset[str]) -> Sequence[Measured]:
    """Survey indexes on safety and calm in the newest round that any of the units took part in."""
    found = []
    for area, heading, short in CLIMATE:
        here, year = _newest(survey_index(question.survey_answers(con, area)), units)
        if year is not None:
            measure = f"survey_index_{area.lower()}"
            found.append(
                _column(measure, heading, short, scales.INDEX, CellKind.INDEX, year, here, here["value"], calendar=True)
            )
    return found


def _newest(rows: Columns, units: frozenset[str]) -> tuple[Columns, int | None]:
    """The rows of these units in their newest year, and that year.

    A survey takes half of the organisers each year: of the last two years the one with most of the units is taken.
    """
    own = np.array([str(u) in units for u in rows["unit"]], dtype=bool)
    if not own.any():
        return {}, None
    last = int(rows["year"][own].max())
    year = max((last, last - 1), key=lambda y: int((rows["year"][own] == y).sum()))
    return {name: column[own & (rows["year"] == year)] for name, column in rows.items()}, year


def survey_index(rows: Columns) -> Columns:
    """Indexes 0-10 per unit and year from counts of answers, scored as Skolinspektionen scores Skolenkäten.

    A question's first option gives 10, its last 0, in equal steps; the index is the mean of its questions' means;
    n is the largest number who answered any of them.
    """
    if not len(rows["unit"]):
        return {name: np.array([]) for name in ("unit", "year", "value", "n")}
    score = 10 * (rows["options"] - rows["option_order"]) / (rows["options"] - 1)
    keys = np.char.add(np.char.add(rows["unit"].astype(str), "|"), rows["year"].astype(str))
    asked, question_of = np.unique(
        np.char.add(np.char.add(keys, "|"), rows["question"].astype(str)), return_inverse=True
    )
    n = np.bincount(question_of, weights=rows["n"])
    mean = np.bincount(question_of, weights=score * rows["n"]) / np.where(n > 0, n, np.nan)
    units, unit_of = np.unique([a.rsplit("|", 1)[0] for a in asked], return_inverse=True)
    value = np.bincount(unit_of, weights=mean) / np.bincount(unit_of)
    largest = np.zeros(len(units))
    np.maximum.at(largest, unit_of, n)
    return {
        "unit": np.array([u.split("|")[0] for u in units], dtype=object),
        "year": np.array([int(u.split("|")[1]) for u in units]),
        "value": value,
        "n": largest,
    }


def _column(
    measure: str,
    heading: Words,
    short: Words,
    scale: Scale,
    kind: CellKind,
    year: int,
    rows: Columns,
    value: npt.NDArray[np.float64],
    *,
    calendar: bool = False,
) -> Measured:
    nothing = np.full(len(value), np.nan)
    status = np.where(np.isnan(value), "not_collected", "").astype(object)
    period = year if calendar else SchoolYear(year)
    return Measured(
        measure, heading, short, scale, kind, period, rows["unit"], value, rows["n"], nothing, nothing, status, ""
    )
