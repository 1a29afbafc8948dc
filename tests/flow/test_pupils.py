"""From pupils' records to the report: every number of the questions again, pupil by pupil, by the rulebook."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from likvard import rulebook, simulate
from likvard.flow import pupils, pupils_measured
from likvard.flow.report import report, write
from likvard.records.lake import Lake
from likvard.records.questions import pupils as question
from likvard.terms import Audience, SchoolYear, Words

DAY = datetime(2026, 11, 21, tzinfo=UTC)
SPRING = date(2025, 6, 12)


@pytest.fixture(scope="session")
def small_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pupils") / "lake"
    lake = Lake.open(path, create=True)
    for reading in simulate.readings(simulate.Settings(seed=3, municipalities=3, first_year=2022, years=3)):
        lake.deliver(reading, at=DAY)
    return path


@pytest.fixture
def con(small_lake: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with Lake.open(small_lake).connect() as connection:
        yield connection


@pytest.fixture
def leavers(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict[str, float]]:
    """Every pupil's grades of the spring of 2025, by unit and pupil, in plain Python."""
    rows = con.execute(
        "select unit_code, pupil_id, subject, points, status from grade where kind = 'final' and grade_year = 9 "
        "and school_form = 'GR' and school_year = 2024"
    ).fetchall()
    found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for unit, pupil, subject, points, status in rows:
        if status in ("", "no_basis"):
            found[unit, pupil][subject] = points or 0.0
    return found


def test_merit_per_unit_is_the_rulebooks_merit_pupil_by_pupil(con: duckdb.DuckDBPyConnection, leavers: Any) -> None:
    question.gather_leavers(con, pupils.SUBJECTS)
    sums = question.merit_by_unit(con)
    naive: dict[str, list[float]] = defaultdict(list)
    for (unit, _), points in leavers.items():
        if rulebook.counts_in_average(points, SPRING):
            naive[unit].append(rulebook.merit_value(points, SPRING))
    newest = sums["year"] == 2024
    got = {
        u: (n, total / question.SCALE)
        for u, n, total in zip(*(sums[c][newest] for c in ("unit", "n", "total")), strict=True)
    }
    assert got == {u: (len(values), sum(values)) for u, values in naive.items()}


def test_eligibility_and_all_subjects_are_the_rulebooks(con: duckdb.DuckDBPyConnection, leavers: Any) -> None:
    question.gather_leavers(con, pupils.SUBJECTS)
    shares = question.shares_by_unit(con)
    naive: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for (unit, _), points in leavers.items():
        reached = rulebook.eligible("vocational", points, SPRING)
        for i, one in enumerate((1, reached, all(p >= 10 for p in points.values()))):
            naive[unit][i] += int(one)
    newest = shares["year"] == 2024
    columns = [shares[c][newest] for c in ("unit", "n", "eligible", "all_subjects")]
    assert {u: [n, e, a] for u, n, e, a in zip(*columns, strict=True)} == naive


def test_absence_is_counted_pupil_by_pupil(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "select unit_code, pupil_id, scheduled_minutes, authorised_minutes + unauthorised_minutes from attendance "
        "where school_year = 2024"
    ).fetchall()
    minutes: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for unit, pupil, scheduled, missed in rows:
        minutes[unit, pupil][0] += scheduled
        minutes[unit, pupil][1] += missed
    naive: dict[str, int] = defaultdict(int)
    for (unit, _), (scheduled, missed) in minutes.items():
        naive[unit] += missed > 0.15 * scheduled
    found = question.absence_by_unit(con)
    newest = found["year"] == 2024
    assert dict(zip(found["unit"][newest], found["absent"][newest], strict=True)) == naive


def test_a_survey_index_is_the_mean_of_its_questions_means() -> None:
    rows = {
        "unit": np.array(["A"] * 4, dtype=object),
        "year": np.array([2024] * 4),
        "question": np.array(["one", "one", "two", "two"], dtype=object),
        "option_order": np.array([1, 4, 1, 2]),
        "options": np.array([4, 4, 4, 4]),
        "n": np.array([3.0, 1.0, 2.0, 2.0]),
    }
    found = pupils_measured.survey_index(rows)
    assert found["value"].tolist() == pytest.approx([(7.5 + (10 + 20 / 3) / 2) / 2])
    assert found["n"].tolist() == [4.0]


def test_the_gap_is_the_difference_of_the_groups_means(con: duckdb.DuckDBPyConnection, leavers: Any) -> None:
    found = pupils.records(con)
    units = frozenset(str(u) for u in found.merit["unit"])
    sexes = dict(con.execute("select pupil_id, sex from pupil where school_year = 2024").fetchall())
    groups: dict[str, list[float]] = {"girl": [], "boy": []}
    for (_, pupil), points in leavers.items():
        if sexes[pupil] and rulebook.counts_in_average(points, SPRING):
            groups[sexes[pupil]].append(rulebook.merit_value(points, SPRING))
    gap = pupils.gap(found, "girl", 1, (Words("flickor", "girls"), Words("pojkar", "boys")), units)
    assert gap is not None
    assert gap.gap.value[-1] == pytest.approx(np.mean(groups["girl"]) - np.mean(groups["boy"]), rel=1e-12)


def test_expected_and_difference_are_those_of_the_model(con: duckdb.DuckDBPyConnection) -> None:
    found = pupils.deviations(pupils.records(con))
    unshrunken = found.result - found.expected
    assert np.corrcoef(unshrunken, found.difference)[0, 1] > 0.97
    assert (np.abs(found.difference) <= np.abs(unshrunken) + 1).all()
    assert (found.low < found.difference).all()


def test_shares_of_variance_sum_to_one(con: duckdb.DuckDBPyConnection) -> None:
    found = pupils.shares(pupils.records(con))
    assert found.value.sum(axis=1) == pytest.approx([1, 1])
    assert found.value[1, 1] < found.value[0, 1]


@pytest.fixture
def code(small_lake: Path) -> str:
    units = Lake.open(small_lake).connect().execute("select max(municipality_code) from unit").fetchall()
    return str(units[0][0])


def _written(lake: Path, code: str, folder: Path) -> Any:
    write(report(lake, code, audience=Audience.PUBLIC, on=DAY.date()), folder)
    return json.loads((folder / f"equity-{code}.json").read_text(encoding="utf-8"))


def test_with_few_schools_the_report_says_that_nothing_can_be_expected(
    small_lake: Path, code: str, tmp_path: Path
) -> None:
    data = _written(small_lake, code, tmp_path)
    found = {figure["id"] for figure in data["figures"]}
    assert {"gap-by-sex", "schools-over-time", "attendance-table"} <= found
    assert found.isdisjoint({"result-against-expected", "subjects", "variance-shares"})
    assert "Det väntade" in {m["term"]["sv"] for m in data["missing"]}


def test_the_report_is_made_from_the_records_and_says_that_they_are_invented(
    small_lake: Path, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pupils, "LEAST_COMPARED", 5)
    data = _written(small_lake, code, tmp_path)
    assert data["synthetic"] is True
    assert {"result-against-expected", "subjects", "variance-shares", "school-by-school"} <= {
        figure["id"] for figure in data["figures"]
    }
    assert str(SchoolYear(2024)) in (tmp_path / f"equity-{code}-sv.html").read_text(encoding="utf-8")
