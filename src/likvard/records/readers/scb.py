"""SCB's pupil files: final grades of year 9, term grades of year 6, and national tests of years 3, 6 and 9.

Names are never read, and a personal number becomes a pseudonym, sex, birth year and month before anything else is
done; no finding repeats a cell that could name anybody. What the files do not hold: parents' education and background.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from likvard.records.readers import scb_grades, scb_tests, tables
from likvard.records.readers.findings import Findings
from likvard.records.readers.naming import organiser_number
from likvard.records.readers.scb_layouts import FIRST_ROW, Layout, is_header
from likvard.records.readers.scb_pupils import Pupils, load, pupils_of
from likvard.records.readers.text import read_text
from likvard.records.reading import ReadContext, Reading
from likvard.terms import SchoolForm


@dataclass(frozen=True, slots=True)
class Scb:
    """Reader of the pupil files that are exported for SCB."""

    name: str = "scb"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By a header row with PersonNr and Skolenhetskod, or a first row of the layouts' first five cells."""
        first = head.lstrip(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("latin-1")
        return FIRST_ROW.match(first) is not None or (";" in first and is_header(first.split(";")))

    def read(self, path: Path, context: ReadContext) -> Reading:
        """Pupils and enrolments, and grades or national tests."""
        text = read_text(path)
        findings = Findings()
        findings.add(*text.findings)
        layout, raw, lines = load(path.name, text, findings)
        context.progress(1, 4)
        pupils = pupils_of(raw, lines, context.pseudonym_key, findings)
        context.progress(2, 4)
        made = {"pupil": _pupil_table(pupils, findings), "enrolment": _enrolments(pupils, layout)}
        if layout.tests:
            made["national_test"] = scb_tests.make(pupils, layout, findings)
        else:
            made["grade"] = scb_grades.make(pupils, layout, findings)
        context.progress(4, 4)
        return Reading(
            source=layout.source,
            scope=_scope(pupils, organiser_number(path.name)),
            vintage=str(pupils.year.spring),
            file=path.name,
            reader=self.name,
            sha256=text.sha256,
            tables=made,
            findings=findings.done(),
        )


def _pupil_table(pupils: Pupils, findings: Findings) -> pa.Table:
    columns: dict[str, tables.Cells] = {
        "pupil_id": pupils.pupil_id,
        "school_year": pupils.year.start,
        "birth_year": [person.birth_year for person in pupils.persons],
        "birth_month": [person.birth_month for person in pupils.persons],
        "sex": [person.sex for person in pupils.persons],
        "protected": [person.temporary for person in pupils.persons],
        "_line": pupils.lines,
    }
    return tables.first_rows(tables.fill("pupil", len(pupils.persons), columns), ["pupil_id"])


def _enrolments(pupils: Pupils, layout: Layout) -> pa.Table:
    classes = pupils.cells["klass"] if "klass" in pupils.cells.column_names else None
    columns: dict[str, tables.Cells] = {
        "pupil_id": pupils.pupil_id,
        "unit_code": pupils.unit_code,
        "school_form": SchoolForm.COMPULSORY.value,
        "school_year": pupils.year.start,
        "grade_year": layout.grade_year,
        "class_name": classes,
        "_line": pupils.lines,
    }
    return tables.fill("enrolment", len(pupils.persons), columns)


def _scope(pupils: Pupils, organiser: str) -> str:
    """What a newer file replaces: the school year; and the organiser whose number is in the file's name, or else the
    school if the file is of one alone."""
    units = pc.unique(pupils.unit_code)
    who = organiser or (units[0].as_py() if len(units) == 1 else "")
    return f"{pupils.year} {who}".strip()
