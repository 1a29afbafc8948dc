"""The national report from a lake with pupils: results before and after the marking come with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from likvard.flow.national_data import as_data
from likvard.flow.national_lake import Round, of_lake
from likvard.records.lake import Lake
from likvard.records.reading import Reading
from likvard.records.schema import TABLES
from likvard.simulate import ratings
from likvard.simulate.settings import Settings

COUNTRY = Settings(seed=6, municipalities=20, first_year=2022, years=3)
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
PUPILS = 16
BEFORE, EARLIER, AFTER = 2022, 2020, 2024
POINTS = {"F": 0.0, "E": 10.0, "D": 12.5, "C": 15.0, "B": 17.5, "A": 20.0}
GRADES = tuple(POINTS)


def filled(name: str, columns: dict[str, object], rows: int) -> pa.Table:
    """A declared table from columns and constants; the rest is empty."""

    def column(field: pa.Field) -> pa.Array:
        value = columns.get(field.name)
        return pa.array(value, field.type) if isinstance(value, list) else pa.array([value] * rows, field.type)

    return pa.table([column(field) for field in TABLES[name].arrow], schema=TABLES[name].arrow)


def pupils(year: int, everybody: tuple[ratings.Planted, ...]) -> dict[str, pa.Table]:
    """Sixteen leavers of every organiser, whose grades fall at the weakest from the year after the marking."""
    rng = np.random.default_rng(year)
    units = [f"{99000000 + i:08d}" for i in range(len(everybody))]
    push = np.array([-1.5 if one.cls == "low" and year == AFTER else 0.0 for one in everybody])
    stable = np.random.default_rng(1).normal(3.0, 0.5, len(everybody))
    step = np.repeat(stable + push, PUPILS) + rng.normal(0, 0.7, PUPILS * len(everybody))
    letters = [GRADES[int(one)] for one in np.clip(np.rint(step), 0, 5)]
    n = len(letters)
    there = {
        "pupil_id": [f"{year}-{i}" for i in range(n)],
        "school_year": year,
        "unit_code": [unit for unit in units for _ in range(PUPILS)],
        "school_form": "GR",
    }
    grade = {"grade_year": 9, "term": "VT", "kind": "final", "subject": "Ma", "status": ""}
    grade |= {"grade": letters, "points": [POINTS[letter] for letter in letters]}
    same = {"sex": "girl", "parents_education": "tertiary", "foreign_background": False, "protected": False}
    owner = {"organiser_number": [one.organiser.number for one in everybody], "name": "x"}
    return {
        "pupil": filled("pupil", there | same, n),
        "enrolment": filled("enrolment", there, n),
        "grade": filled("grade", there | grade, n),
        "unit": filled("unit", {"unit_code": units, "school_year": year, "school_form": "GR", **owner}, len(units)),
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Round:
    lake = Lake.open(tmp_path_factory.mktemp("with-results") / "lake", create=True)
    everybody = ratings.planted(COUNTRY)
    marked = ratings.tables(COUNTRY, {one.organiser.number: 100 for one in everybody})
    base = Reading("synthetic-ratings", "2023", "v", "f", "simulate", "0" * 64, marked, synthetic=True)
    lake.deliver(base, at=AT)
    years = [pupils(year, everybody) for year in (EARLIER, BEFORE, AFTER)]
    tables = {name: pa.concat_tables([one[name] for one in years]) for name in years[0]}
    lake.deliver(replace(base, source="synthetic-pupils", sha256="1" * 64, tables=tables), at=AT)
    return of_lake(Path(lake.root), on=date(2026, 11, 22))


def test_later_results_are_those_of_the_spring_a_year_and_a_half_after(made):
    assert made.after == AFTER
    assert 20 <= made.national.prediction.n <= made.national.marked


def test_the_planted_fall_of_the_weakest_is_found_and_the_check_is_silent(made):
    found = made.national.prediction
    assert found.differences["low"].high < 0
    assert found.differences["low"].value < found.differences["several"].value
    assert found.p < 0.01
    assert all(one.low < 0 < one.high for one in found.placebo.values())


def test_the_answer_says_what_it_was_made_from(made):
    said = as_data(made)
    assert said["after"] == AFTER
    assert {row["side"] for row in said["tables"]["later"]} == {"after", "placebo"}
    assert made.deliveries
    assert made.segregation == ()
