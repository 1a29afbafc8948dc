"""Grades from SCB's pupil files: one row per pupil and subject, with the grade or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from likvard.records.readers import sayings, tables
from likvard.records.readers.findings import Findings
from likvard.records.readers.scb_layouts import Layout
from likvard.records.readers.scb_pupils import Pupils
from likvard.rulebook import no_grade_codes, points_by_grade, scale_in_use, subject
from likvard.terms import SchoolForm

_GRADED_IN_YEAR = {9: "final", 6: "term"}
_LANGUAGE_OF = {"m1_betyg": "m1_sprak", "m2_betyg": "m2_sprak", "ml_betyg": "ml_sprak", "modmalbe": "modm_anm"}
_SUBJECT_OF = {"m1_betyg": "M1", "m2_betyg": "M2", "ml_betyg": "ML", "modmalbe": "ML", "ovr": "Ovr"}
_NO_SUBJECT = {"datum", "klass", *_LANGUAGE_OF.values()}


@dataclass(frozen=True, slots=True)
class Codes:
    """What a cell may hold: grades with their points, and codes with the reason why there is no grade."""

    points: Mapping[str, float]
    reasons: Mapping[str, str]


def make(pupils: Pupils, layout: Layout, findings: Findings) -> pa.Table:
    """The table `grade` of a file. Cells that are no grade and no code are told of and left out, as are empty ones."""
    codes = codes_of(layout.grade_year, date(pupils.year.spring, 6, 15))
    kind = _GRADED_IN_YEAR[layout.grade_year]
    parts = []
    for column in pupils.cells.column_names:
        if column not in _NO_SUBJECT:
            parts.append(_subject(pupils, column, layout.grade_year, kind, codes, findings))
    _check_swedish(pupils, codes, findings)
    return pa.concat_tables(parts)


def codes_of(grade_year: int, on: date) -> Codes:
    """The grades and codes of a layout on a day, by the rulebook."""
    scale = scale_in_use(SchoolForm.COMPULSORY, grade_year, on) or "AF"
    reasons = no_grade_codes(f"scb_year_{grade_year}", on)
    return Codes(points_by_grade(scale, on), {code: reason.value for code, reason in reasons.items()})


def subject_code(column: str) -> str:
    """The rulebook's code of the subject that a column holds; an unknown column keeps its own name."""
    return _SUBJECT_OF.get(column) or subject(column) or column.capitalize()


def _subject(pupils: Pupils, column: str, grade_year: int, kind: str, codes: Codes, findings: Findings) -> pa.Table:
    encoded = pc.utf8_upper(pupils.cells[column].combine_chunks()).dictionary_encode()
    texts: list[str] = encoded.dictionary.to_pylist()
    known = [text in codes.points or text in codes.reasons for text in texts]
    _tell(pupils, column, encoded, texts, known, codes, findings)
    chosen = pa.array(known, pa.bool_()).take(encoded.indices)
    language = _LANGUAGE_OF.get(column)
    columns: dict[str, tables.Cells] = {
        "pupil_id": pupils.pupil_id,
        "unit_code": pupils.unit_code,
        "school_form": SchoolForm.COMPULSORY.value,
        "school_year": pupils.year.start,
        "grade_year": grade_year,
        "term": "VT",
        "kind": kind,
        "subject": subject_code(column),
        "language": _or_none(pupils.cells[language]) if language in pupils.cells.column_names else None,
        "grade": _taken([text if text in codes.points else None for text in texts], pa.string(), encoded),
        "points": _taken([codes.points.get(text) for text in texts], pa.float64(), encoded),
        "status": _taken([codes.reasons.get(text, "") for text in texts], pa.string(), encoded),
        "_line": pupils.lines,
    }
    made = tables.fill("grade", len(pupils.persons), columns)
    return made if all(known) else made.filter(chosen)


def _taken(values: list[object], type: pa.DataType, encoded: pa.Array) -> pa.Array:
    return pa.array(values, type).take(encoded.indices)


def _or_none(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.equal(column, ""), None, column)


def _tell(
    pupils: Pupils,
    column: str,
    encoded: pa.Array,
    texts: list[str],
    known: list[bool],
    codes: Codes,
    findings: Findings,
) -> None:
    """Tell of empty cells and of cells that are no grade; a longer cell is not shown, for it may name somebody."""
    where = encoded.indices.to_numpy(zero_copy_only=False)
    for at, text in enumerate(texts):
        if known[at]:
            continue
        rows = np.flatnonzero(where == at)
        if text == "":
            findings.add(sayings.NO_GRADE.at(times=len(rows)))
            continue
        shown = repr(text) if len(text) <= 2 else "…"
        grades, other = ", ".join(codes.points), ", ".join(codes.reasons)
        line = pupils.lines[int(rows[0])].as_py()
        findings.add(
            sayings.BAD_GRADE.at(line, subject_code(column), len(rows), cell=shown, grades=grades, codes=other)
        )


def _check_swedish(pupils: Pupils, codes: Codes, findings: Findings) -> None:
    """A pupil reads Swedish or Swedish as a second language: code 2 in the one only if the other has a grade."""
    if not {"sv", "sva"} <= set(pupils.cells.column_names):
        return
    one, other = (pc.utf8_upper(pupils.cells[name].combine_chunks()) for name in ("sv", "sva"))
    graded = pa.array(list(codes.points))
    said = pa.array([*codes.points, *(code for code, reason in codes.reasons.items() if reason != "not_graded")])
    both = pc.and_(pc.is_in(one, value_set=graded), pc.is_in(other, value_set=graded))
    neither = pc.invert(pc.or_(pc.is_in(one, value_set=said), pc.is_in(other, value_set=said)))
    for saying, wrong in ((sayings.BOTH_SWEDISH, both), (sayings.NO_SWEDISH, neither)):
        rows = np.flatnonzero(wrong.to_numpy(zero_copy_only=False))
        if len(rows):
            findings.add(saying.at(pupils.lines[int(rows[0])].as_py(), times=len(rows)))
