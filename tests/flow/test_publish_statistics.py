"""From published statistics alone to a publication: what the sources show, under their own rules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from likvard.disclosure.publication import FigureKey, Publication
from likvard.flow import area, publish, published
from likvard.flow.ingest import ingest
from likvard.records.lake import Lake
from likvard.terms import Audience, Missing

DAY = datetime(2026, 11, 21, tzinfo=UTC)
ON = date(2026, 11, 21)


@pytest.fixture(scope="module")
def made(lake: Path) -> Iterator[Publication]:
    with closing(Publication.open(publish.publish(lake, on=ON, at=DAY))) as opened:
        yield opened


def key(unit: int, measure: str = "merit_value", aspect: str = "observed", year: int = 2023) -> FigureKey:
    return FigureKey(measure, aspect, area=f"990000{unit:02d}", year=str(year))


def test_values_are_the_sources(made: Publication) -> None:
    cell = made.get(Audience.PUBLIC, key(8, "share_all_subjects_year_9")).cell
    assert cell.value == pytest.approx(0.62)
    assert cell.source == "siris_grades"


def test_what_the_source_hid_is_hidden_with_its_reason(made: Publication) -> None:
    hidden = made.get(Audience.ORGANISER, key(3)).cell
    assert (hidden.value, hidden.missing) == (None, Missing.FEW)
    assert "Skolverket" in hidden.reason.sv
    near = made.get(Audience.PUBLIC, key(5, "share_eligible_vocational")).cell
    assert near.missing is Missing.NEAR_ALL


def test_differences_are_those_of_the_report(made: Publication, lake: Path) -> None:
    panel = published.panel(Lake.open(lake).connect())
    assert panel is not None
    told = published.deviations(panel)
    for unit, value, low, high in zip(told.unit, told.difference, told.low, told.high, strict=True):
        cell = made.get(Audience.PUBLIC, FigureKey("merit_value", "difference", area=unit, year="2023")).cell
        assert (cell.value, cell.low, cell.high) == pytest.approx((value, low, high))
    assert len(told.unit) > 50


def test_the_country_has_its_mean_edges_spread_and_shares(made: Publication) -> None:
    aspects = set(made.values(Audience.PUBLIC, "aspect", level="nation", measure="merit_value"))
    assert aspects >= {"mean", "lower", "upper", "sd", "explained", "variance_unit", "variance_pupil"}


def test_a_school_whose_organiser_nobody_knows_is_a_part_of_the_country(files: Path, tmp_path: Path) -> None:
    for file in files.iterdir():
        text = file.read_text("utf-8").replace(
            "99000001;Botkyrka;0127;Kommunal;Botkyrka kommun;2120002882", "99000001;;;;;"
        )
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    assert ingest((tmp_path,), tmp_path / "lake", at=DAY).stopped == ()
    with closing(Publication.open(publish.publish(tmp_path / "lake", on=ON, at=DAY))) as made:
        country = made.get(
            Audience.PUBLIC, FigureKey("merit_value", "mean", level="nation", area="00", year="2023")
        ).cell
        units = made.values(
            Audience.PUBLIC, "area", level="unit", measure="merit_value", aspect="observed", year="2023"
        )
        told = [made.get(Audience.PUBLIC, key(int(unit[-2:]))).cell for unit in units]
    assert "99000001" in units
    assert country.n == sum(cell.n or 0 for cell in told if cell.value is not None)


def test_changes_are_tested_in_one_budget(made: Publication) -> None:
    changes = made.cells(Audience.PUBLIC, aspect="change", level="unit")
    assert made.facts["changes"]["tests"] == len(changes) > 50
    assert sum(p.kept for p in changes.values()) == made.facts["changes"]["kept"]


def test_organisers_have_the_spread_between_their_units(made: Publication) -> None:
    assert set(made.values(Audience.PUBLIC, "area", aspect="sd", level="organiser")) == {"2120002882", "5599999999"}


def test_sources_have_their_names_and_the_expected_what_it_allows_for(made: Publication) -> None:
    assert made.sources["merit_value"].name_sv == area.SOURCES["skolverket-siris"].sv
    assert [words["en"] for words in made.facts["intake"]] == ["parents' education", "foreign background", "sex"]
    assert made.facts["pooled"] == [2021, 2022, 2023]
    assert made.facts["newest"]["merit_value"] == 2023
