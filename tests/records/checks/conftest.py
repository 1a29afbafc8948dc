"""One good row of every declared table, and readings made of them with something changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from likvard.records.reading import Reading
from likvard.records.schema import TABLES

UNIT, ORGANISER, MUNICIPALITY = "40631085", "2120002882", "0127"
GOOD: dict[str, dict[str, Any]] = {
    "organiser": {"organiser_number": ORGANISER, "name": "Ekvik", "kind": "municipal"},
    "unit": {"unit_code": UNIT, "name": "Ekviks skola", "organiser_kind": "municipal", "status": "active"},
    "unit_lineage": {"predecessor": UNIT, "successor": "40631086", "kind": "split", "confirmed": True, "source": "x"},
    "principal_spell": {"principal_id": "9f", "start": date(2020, 1, 1), "end": date(2023, 1, 1)},
    "pupil": {"pupil_id": "a1", "birth_year": 2008, "birth_month": 5, "sex": "girl", "protected": False},
    "enrolment": {"pupil_id": "a1", "grade_year": 9, "start": date(2023, 8, 15), "end": None},
    "grade": {
        **{"pupil_id": "a1", "grade_year": 9, "term": "VT", "kind": "final", "subject": "Ma"},
        **{"grade": "A", "points": 20.0, "status": ""},
    },
    "national_test": {"pupil_id": "a1", "subject": "Ma", "part": "test", "grade": "B", "status": ""},
    "attendance": {
        **{"pupil_id": "a1", "month": date(2024, 2, 1), "scheduled_minutes": 1000},
        **{"authorised_minutes": 100, "unauthorised_minutes": 10, "unreported_minutes": 0},
    },
    "survey_answer": {
        **{"survey": "x", "year": 2022, "respondents": "pupils-GR-8", "level": "unit", "area_code": UNIT},
        **{"group": "all", "area": "Trygghet", "question": "Trygg?", "option": "Ja", "option_order": 1},
        **{"n": 20, "share": 0.5, "status": ""},
    },
    "money": {"organiser_number": ORGANISER, "year": 2024, "kind": "base", "crowns": 1000},
    "matter_count": {"kind": "complaint", "n": 3, "status": ""},
    "statistic": {
        **{"measure": "merit_value", "level": "unit", "area_code": UNIT, "group": "all"},
        **{"period_kind": "school_year", "year": 2023, "value": 210.5, "status": ""},
    },
    "organiser_frame": {
        "year": 2023,
        "stratum": "high",
        "probability": 0.5,
        "pupils": 900,
        "kind": "municipal",
        "units": 4,
    },
    "organiser_mark": {"year": 2023, "marker": "a1b2", "criterion": "needs", "level": 1, "blind": True},
    "measure": {"measure": "merit_value", "title": "Meritvärde"},
    "area_shape": {
        **{"name": "Botkyrka", "longitude": 17.8, "latitude": 59.2},
        **{"rings": [[17.0, 59.0, 18.0, 59.0, 18.0, 60.0]]},
    },
}
COMMON = {
    **{"unit_code": UNIT, "school_form": "GR", "school_year": 2023, "municipality_code": MUNICIPALITY},
    **{"organiser_number": ORGANISER},
}


def _table(name: str, *changes: dict[str, Any]) -> pa.Table:
    schema = TABLES[name].arrow
    shared = {key: value for key, value in COMMON.items() if key in schema.names}
    rows = [dict.fromkeys(schema.names) | shared | GOOD[name] | change for change in changes or ({},)]
    return pa.table({field.name: pa.array([r[field.name] for r in rows], field.type) for field in schema})


@pytest.fixture(scope="session")
def rows() -> Callable[..., pa.Table]:
    """Rows of a table: `rows("unit", {}, {"name": "Other"})` gives a good row and one with another name."""
    return _table


@pytest.fixture(scope="session")
def reading() -> Callable[..., Reading]:
    """A reading of the tables given."""

    def make(**tables: pa.Table) -> Reading:
        return Reading("siris", "2023", "2024", "unit.csv", "siris", "ab" * 32, tables)

    return make
