"""Questions about a marking round, on a handful of pupils that can be worked out by hand."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from likvard.records.questions.marks import frame, marks, results, rounds
from likvard.records.schema import TABLES

WEAK, STRONG = "9920000001", "9920000002"


def table(name: str, rows: list[dict[str, object]]) -> pa.Table:
    schema = TABLES[name].arrow
    return pa.table({f.name: pa.array([row.get(f.name) for row in rows], f.type) for f in schema}, schema=schema)


def pupil(number: int, unit: str, education: str, points: float, year: int) -> dict[str, list[dict[str, object]]]:
    """A leaver with one grade, in the tables that it takes."""
    who = {"pupil_id": f"p{number}", "school_year": year}
    there = who | {"unit_code": unit, "school_form": "GR"}
    grade = {"grade_year": 9, "term": "VT", "kind": "final", "subject": "Ma", "points": points, "status": ""}
    background = {"sex": "girl", "parents_education": education, "foreign_background": False, "protected": False}
    return {"pupil": [who | background], "enrolment": [there], "grade": [there | grade]}


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    found: dict[str, list[dict[str, object]]] = {"pupil": [], "enrolment": [], "grade": []}
    pupils = [("u1", "tertiary", 15.0), ("u1", "compulsory", 10.0), ("u2", "tertiary", 20.0), ("u2", "tertiary", 20.0)]
    for year in (2022, 2024):
        for number, (unit, education, points) in enumerate(pupils):
            for name, rows in pupil(number, unit, education, points, year).items():
                found[name] += rows
    units = [
        {"unit_code": u, "school_year": y, "name": u, "school_form": "GR", "organiser_number": o}
        for u, o in (("u1", WEAK), ("u2", STRONG))
        for y in (2022, 2024)
    ]
    frames = [
        {
            "organiser_number": o,
            "year": 2023,
            "stratum": "s",
            "probability": 0.5,
            "pupils": 9,
            "kind": "municipal",
            "units": 1,
        }
        for o in (STRONG, WEAK)
    ]
    said = {"organiser_number": WEAK, "marker": "a", "criterion": "support", "blind": True}
    rows = [
        said | {"year": 2023, "level": 1},
        said | {"year": 2023, "level": None, "marker": "b"},
        said | {"year": 2020, "level": 2},
    ]
    for name, content in {**found, "unit": units, "organiser_frame": frames, "organiser_mark": rows}.items():
        made.register(name, table(name, content))
    return made


def test_a_round_is_one_of_which_there_is_both_a_frame_and_marks(con):
    assert rounds(con) == (2023,)


def test_the_frame_and_the_marks_of_a_year_stand_by_organiser(con):
    assert frame(con, 2023)["organiser"].tolist() == [WEAK, STRONG]
    found = marks(con, 2023)
    assert found["marker"].tolist() == ["a", "b"]
    assert found["level"][0] == 1
    assert np.isnan(found["level"][1])


def test_results_are_held_against_pupils_with_the_same_background(con):
    """The tertiary have 15, 20 and 20, a mean of 18.33; the one other pupil is compared with herself."""
    found = results(con, [2022, 2023, 2024], least=1)
    assert found["year"].tolist() == [2022, 2024, 2022, 2024]
    assert found["value"] == pytest.approx([-5 / 3, -5 / 3, 5 / 3, 5 / 3])
    assert found["n"].tolist() == [2.0] * 4


def test_an_organiser_with_few_leavers_has_no_result(con):
    assert len(results(con, [2022, 2024], least=3)["value"]) == 0
