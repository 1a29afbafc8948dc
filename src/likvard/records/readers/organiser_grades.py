"""Grades in the organiser's own file: written in the school's words, kept by the scale of the form, year and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from likvard.records.readers import sayings, tables
from likvard.records.readers.findings import Findings
from likvard.rulebook import no_grade_codes, points_by_grade, scale_in_use, subject
from likvard.terms import RuleError, SchoolForm

_WORDS = {
    "-": "no_basis",
    "–": "no_basis",
    "—": "no_basis",
    "streck": "no_basis",
    "dash": "no_basis",
    "ej betygsatt": "not_graded",
    "not graded": "not_graded",
    "läser ej": "not_taken",
    "läser inte": "not_taken",
    "not taken": "not_taken",
}
# Forms whose subjects are those of compulsory school; elsewhere the subject is kept as it is written.
_COMPULSORY = frozenset({"GR", "GRAN", "SP", "SAM"})


@dataclass(frozen=True, slots=True)
class Grade:
    """A cell read: the grade and its points, or the reason why there is none."""

    grade: str | None
    points: float | None
    status: str


def grades(ids: list[str], own: Mapping[str, list[Any]], lines: list[int], findings: Findings) -> pa.Table:
    """The table `grade`. Cells that are no grade on the scale of their row are told of and left out."""
    known: dict[tuple[Any, ...], Grade | None] = {}
    found: list[Grade | None] = []
    rows = zip(
        *(own[name] for name in ("school_form", "grade_year", "school_year", "term", "grade")), lines, strict=True
    )
    for form, year, school_year, term, cell, line in rows:
        key = (form, year, school_year, term, cell)
        if key not in known:
            known[key] = read_grade(SchoolForm(form), year or 0, _day(school_year, term), cell)
        if known[key] is None:
            _tell(SchoolForm(form), year or 0, _day(school_year, term), cell, line, findings)
        found.append(known[key])
    subjects = [
        _subject(text, form, line, findings)
        for text, form, line in zip(own["subject"], own["school_form"], lines, strict=True)
    ]
    kept = pa.array(
        [grade is not None and name is not None for grade, name in zip(found, subjects, strict=True)], pa.bool_()
    )
    columns: dict[str, tables.Cells] = {
        "pupil_id": ids,
        "unit_code": own["unit"],
        "school_form": own["school_form"],
        "school_year": own["school_year"],
        "grade_year": [None if year is None else min(year, 100) for year in own["grade_year"]],
        "term": own["term"],
        "kind": own["kind"],
        "subject": [name or "" for name in subjects],
        "language": own["language"],
        "course": own["course"],
        "grade": [grade.grade if grade else None for grade in found],
        "points": [grade.points if grade else None for grade in found],
        "status": [grade.status if grade else "" for grade in found],
        "_line": lines,
    }
    return tables.fill("grade", len(ids), columns).filter(kept)


def _day(school_year: int, term: str) -> date:
    """The day by which the rules of a term's grades are looked up."""
    return date(school_year, 12, 15) if term == "HT" else date(school_year + 1, 6, 15)


def scale_points(form: SchoolForm, year: int, on: date) -> dict[str, float]:
    """The grades of a form and year of study on a day with their points; those of A–F where no rule names a scale."""
    try:
        scale = scale_in_use(form, year, on)
    except RuleError:
        scale = None
    return points_by_grade(scale or "AF", on)


def read_grade(form: SchoolForm, year: int, on: date, cell: str) -> Grade | None:
    """What a cell says on the scale of its form, year and day; None if it says nothing there.

    In years 6 and 9 SCB's codes are read, too.
    """
    points = scale_points(form, year, on)
    written = cell.strip().upper()
    if written in points:
        return Grade(written, points[written], "")
    reason = _WORDS.get(cell.strip().lower())
    if reason is None and form is SchoolForm.COMPULSORY and year in (6, 9):
        code = no_grade_codes(f"scb_year_{year}", on).get(written)
        reason = code.value if code else None
    return Grade(None, None, reason) if reason else None


def _tell(form: SchoolForm, year: int, on: date, cell: str, line: int, findings: Findings) -> None:
    allowed = ", ".join(scale_points(form, year, on))
    findings.add(sayings.OWN_GRADE.at(line, "Betyg", cell=repr(cell[:20]), grades=allowed))


def _subject(text: str, form: str, line: int, findings: Findings) -> str | None:
    code = subject(text)
    if code is None and form in _COMPULSORY:
        findings.add(sayings.OWN_SUBJECT.at(line, "Ämne", cell=repr(text[:40])))
        return None
    return code if form in _COMPULSORY else text
