"""One publication after the other: what is out binds what comes, an import undone is a publication undone."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.compute as pc
import pytest

from likvard import simulate
from likvard.disclosure.publication import Publication
from likvard.flow import publish, pupils
from likvard.flow.register import register
from likvard.records.lake import Lake
from likvard.records.reading import Reading
from likvard.terms import Audience, UsageError

DAY = datetime(2026, 11, 21, tzinfo=UTC)
ON = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _two_subjects(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tested here is the same for every subject."""
    monkeypatch.setattr(pupils, "SUBJECTS", ("Ma", "En"))


@pytest.fixture(scope="module")
def readings() -> tuple[Reading, ...]:
    return tuple(simulate.readings(simulate.Settings(seed=5, municipalities=1, first_year=2023, years=2)))


@pytest.fixture
def lake(readings: tuple[Reading, ...], tmp_path: Path) -> Path:
    made = Lake.open(tmp_path / "lake", create=True)
    for reading in readings:
        if reading.source in ("synthetic-register", "synthetic-pupils", "synthetic-grades"):
            made.deliver(reading, at=DAY)
    return tmp_path / "lake"


def _without_one(readings: tuple[Reading, ...], unit: str) -> Reading:
    """The newest grades again, without one pupil of a unit."""
    last = [r for r in readings if r.source == "synthetic-grades"][-1]
    grades = last.tables["grade"]
    here = pc.and_(pc.equal(grades["unit_code"], unit), pc.equal(grades["grade_year"], 9))
    one = grades.filter(here)["pupil_id"][0]
    kept = grades.filter(pc.invert(pc.equal(grades["pupil_id"], one)))
    return replace(last, tables={**last.tables, "grade": kept}, sha256="0" * 64)


def _merit(path: Path, unit: str = "") -> dict[str, tuple[float | None, str]]:
    with closing(Publication.open(path)) as made:
        cells = made.cells(
            Audience.PUBLIC, measure="merit_value", aspect="observed", level="unit", group="all", years=[2024]
        )
        return {k.area: (p.cell.value, p.cell.rule) for k, p in cells.items()}


def test_a_pupil_more_or_less_is_not_told_by_two_publications(lake: Path, readings: tuple[Reading, ...]) -> None:
    first = publish.publish(lake, on=ON, at=DAY)
    before = _merit(first)
    unit = next(u for u, (value, _) in before.items() if value is not None)
    Lake.open(lake).deliver(_without_one(readings, unit), at=DAY)
    second = publish.publish(lake, on=ON, at=DAY)
    assert second != first
    assert publish.current(lake) == second
    after = _merit(second)
    assert after[unit] == (None, "revised")
    assert {u: v for u, v in after.items() if u != unit} == {u: v for u, v in before.items() if u != unit}


def test_an_import_undone_brings_its_publication_back(lake: Path, readings: tuple[Reading, ...]) -> None:
    first = publish.publish(lake, on=ON, at=DAY)
    unit = next(iter(_merit(first)))
    late = Lake.open(lake).deliver(_without_one(readings, unit), at=DAY)
    assert publish.current(lake) == first, "the older one stands until the lake is published anew"
    assert publish.publish(lake, on=ON, at=DAY) != first
    Lake.open(lake).withdraw(late.id, at=DAY, reason="the wrong file")
    assert publish.current(lake) == first
    assert publish.publish(lake, on=ON, at=DAY) == first


def test_what_was_shown_is_shown_the_next_day_too(lake: Path) -> None:
    first = publish.publish(lake, on=ON, at=DAY)
    second = publish.publish(lake, on=date(2026, 11, 22), at=DAY)
    assert second != first
    with closing(Publication.open(first)) as one, closing(Publication.open(second)) as two:
        for audience in Audience:
            again = two.cells(audience)
            assert all(again[k] == p for k, p in one.cells(audience).items() if p.cell.value is not None)


def test_old_publications_go_only_when_asked_and_are_remembered(lake: Path) -> None:
    number = register(lake).organisers[0].number
    days = [date(2026, 11, day) for day in (20, 21, 22)]
    made = [publish.publish(lake, on=day, at=DAY, organisers=[number]) for day in days]
    whole = publish.publish(lake, on=days[0], at=DAY)
    assert all(path.exists() for path in made)
    gone = publish.prune(lake, 1)
    assert set(gone) == {made[0], made[1]}
    assert {p.path for p in publish.publications(lake)} == {whole, made[2]}
    with pytest.raises(UsageError, match="cannot be kept"):
        publish.prune(lake, 0)


def test_a_lake_that_was_never_published_has_no_publication(lake: Path) -> None:
    assert publish.current(lake) is None
