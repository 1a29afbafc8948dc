"""National tests from SCB's pupil files: a row per pupil, subject and part, and one for the whole test."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from likvard.records.readers import sayings, tables
from likvard.records.readers.findings import Findings
from likvard.records.readers.scb_layouts import Layout
from likvard.records.readers.scb_pupils import Pupils
from likvard.rulebook import points_by_grade, scale_in_use
from likvard.terms import SchoolForm

WHOLE = "test"
LOST, ABSENT, TOOK_PART = "lost", "did_not_take_part", "took_part"
_CODES = {"88": LOST, "99": ABSENT}  # SCB: 88 where the school's archive is lost, 99 where the pupil did not take part
_COLUMN = re.compile(r"(ma|sv|en|no|so)_(?:([a-h]\d?)_(delt|pr|prp|poang)|(provb))")
_PLAIN = {"ma": "Ma", "en": "En"}
_CHOSEN = {
    "sv": ("sv_kursplan", {"1": "Sv", "2": "Sva"}, "Sv"),
    "no": ("no_prov", {"BI": "Bi", "FY": "Fy", "KE": "Ke"}, "NO"),
    "so": ("so_prov", {"GE": "Ge", "HI": "Hi", "RE": "Re", "SH": "Sh"}, "SO"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """What one cell says: a grade, points, or a status; all empty if the cell is."""

    grade: str | None = None
    points: float | None = None
    status: str = ""


def make(pupils: Pupils, layout: Layout, findings: Findings) -> pa.Table:
    """The table `national_test` of a file. A part that only says whether the pupil took part has no result."""
    on = date(pupils.year.spring, 6, 15)
    points = points_by_grade(scale_in_use(SchoolForm.COMPULSORY, layout.grade_year, on) or "AF", on)
    parts = [
        _part(pupils, prefix, part, columns, layout, points, findings)
        for (prefix, part), columns in _parts(pupils.cells.column_names).items()
    ]
    return tables.join("national_test", parts)


def _parts(names: list[str]) -> dict[tuple[str, str], list[str]]:
    """The columns of each part of each test, results before participation: `("ma", "A")` to `ma_a_pr`, `ma_a_poang`."""
    found: dict[tuple[str, str], list[str]] = {}
    for name in names:
        match = _COLUMN.fullmatch(name)
        if match is not None:
            found.setdefault((match[1], match[2].upper() if match[2] else WHOLE), []).append(name)
    return {key: sorted(columns, key=lambda name: name.endswith("_delt")) for key, columns in found.items()}


def _part(
    pupils: Pupils,
    prefix: str,
    part: str,
    columns: list[str],
    layout: Layout,
    points: dict[str, float],
    findings: Findings,
) -> pa.Table:
    n = len(pupils.persons)
    grade, number, status = _merge([_column(pupils, name, points, findings) for name in columns], n)
    said = pc.or_(pc.or_(pc.is_valid(grade), pc.is_valid(number)), pc.not_equal(status, ""))
    filled: dict[str, tables.Cells] = {
        "pupil_id": pupils.pupil_id,
        "unit_code": pupils.unit_code,
        "school_year": pupils.year.start,
        "grade_year": layout.grade_year,
        "subject": _subjects(pupils, prefix),
        "part": part,
        "grade": grade,
        "points": number,
        "status": status,
        "_line": pupils.lines,
    }
    return tables.fill("national_test", n, filled).filter(said)


def _column(
    pupils: Pupils, name: str, points: dict[str, float], findings: Findings
) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Grade, points and status of every pupil in one column, each distinct cell read once."""
    encoded = pc.utf8_upper(pupils.cells[name].combine_chunks()).dictionary_encode()
    texts: list[str] = encoded.dictionary.to_pylist()
    results = [result(text, name, points) for text in texts]
    where = encoded.indices.to_numpy(zero_copy_only=False)
    for at, (text, found) in enumerate(zip(texts, results, strict=True)):
        if found.status.startswith("code_"):
            rows = np.flatnonzero(where == at)
            line = pupils.lines[int(rows[0])].as_py()
            findings.add(sayings.BAD_TEST_CODE.at(line, name, len(rows), cell=repr(text) if len(text) <= 3 else "…"))
    return (
        pa.array([found.grade for found in results], pa.string()).take(encoded.indices),
        pa.array([found.points for found in results], pa.float64()).take(encoded.indices),
        pa.array([found.status for found in results], pa.string()).take(encoded.indices),
    )


def result(text: str, name: str, points: dict[str, float]) -> Result:
    """What a cell of a column says. Year 3's parts are reached (1) or not (0); points and grades are as written."""
    kind = name.rpartition("_")[2]
    if text == "":
        return Result()
    if text in _CODES:
        return Result(status=_CODES[text])
    if kind == "delt":
        return Result(status=TOOK_PART if text == "1" else ABSENT if text == "0" else _unknown(text))
    if text in points and kind != "poang":
        return Result(grade=text, points=points[text] if kind == "provb" else None)
    if kind == "pr" and text in ("0", "1"):
        return Result(grade="reached" if text == "1" else "not_reached")
    if kind in ("prp", "poang") and re.fullmatch(r"\d{1,3}([.,]\d{1,2})?", text):
        return Result(points=float(text.replace(",", ".")))
    return Result(status=_unknown(text))


def _unknown(text: str) -> str:
    """A status for a code that the layouts do not explain; longer texts are not kept, for they may name somebody."""
    return f"code_{text.lower()}" if re.fullmatch(r"[0-9A-Z]{1,2}", text) else "code_other"


def _merge(found: list[tuple[pa.Array, pa.Array, pa.Array]], n: int) -> tuple[pa.Array, pa.Array, pa.Array]:
    """One result from the columns of a part: the first grade, the first points; a status only if there is neither."""
    grade = pc.coalesce(*(column[0] for column in found))
    number = pc.coalesce(*(column[1] for column in found))
    empty = pa.nulls(n, pa.string())
    status = pc.coalesce(*(pc.if_else(pc.equal(column[2], ""), empty, column[2]) for column in found))
    resulted = pc.or_(pc.is_valid(grade), pc.is_valid(number))
    return grade, number, pc.if_else(resulted, "", pc.fill_null(status, ""))


def _subjects(pupils: Pupils, prefix: str) -> pa.Array | str:
    """The subject of each pupil's test: fixed, or told by another column (Swedish, natural and social science)."""
    if prefix in _PLAIN:
        return _PLAIN[prefix]
    column, known, otherwise = _CHOSEN[prefix]
    if column not in pupils.cells.column_names:
        return otherwise
    encoded = pc.utf8_upper(pupils.cells[column].combine_chunks()).dictionary_encode()
    subjects = [known.get(text, otherwise) for text in encoded.dictionary.to_pylist()]
    return pa.array(subjects, pa.string()).take(encoded.indices)
