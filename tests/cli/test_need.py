"""`likvard need` as a person types it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from likvard import simulate
from likvard.cli.need import need
from likvard.records.lake import Lake
from likvard.simulate import deliveries
from likvard.simulate.years import years
from likvard.terms import UsageError

SETTINGS = simulate.Settings(seed=2, municipalities=1, first_year=2023, years=2)
EKVIK = "9920000008"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("need") / "lake"
    made = Lake.open(path, create=True)
    for found in years(SETTINGS):
        for subject, scope, tables in islice(deliveries._parts(SETTINGS, found, {}), 3):
            made.deliver(deliveries._reading(SETTINGS, subject, scope, tables), at=datetime(2026, 11, 21, tzinfo=UTC))
    return path


def run(lake: Path, *words: str) -> Result:
    return CliRunner().invoke(need, [EKVIK, "--lake", str(lake), "--on", "2026-11-21", *words])


def test_the_table_names_the_goal_the_units_and_how_the_model_fared(lake: Path) -> None:
    shown = run(lake)
    assert shown.exit_code == 0, shown.output
    for words in (
        "Ekviks kommun, GR, 2024/25",
        "eligible for a vocational programme",
        "all units that are shown",
        "slope",
    ):
        assert words in shown.output


def test_json_has_every_unit_with_interval_and_the_model(lake: Path) -> None:
    told = json.loads(run(lake, "--json").output)
    assert told["model"]["cohorts"] == [2023, 2024]
    assert all(u["low"] < u["index"] < u["high"] for u in told["units"] if u["index"] is not None)
    assert told["whole"]["pupils"] == sum(u["pupils"] for u in told["units"] if u["index"] is not None)


def test_a_unit_effect_can_be_asked_for(lake: Path) -> None:
    assert run(lake, "--unit-effect").exit_code == 0


def test_files_are_written_where_asked(lake: Path, tmp_path: Path) -> None:
    assert run(lake, "--out", str(tmp_path)).exit_code == 0
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".csv", ".csv", ".json"]


def test_a_form_without_an_index_says_why(lake: Path) -> None:
    assert "no index" in run(lake, "--form", "GRAN").output


def test_a_form_that_lacks_results_is_refused_with_what_to_do(lake: Path) -> None:
    refused = run(lake, "--form", "GY").exception
    assert isinstance(refused, UsageError)
    assert "Import" in refused.remedy


def test_an_organiser_that_is_not_there_is_answered_with_those_that_are(lake: Path) -> None:
    refused = CliRunner().invoke(need, ["Ekvik", "--lake", str(lake)]).exception
    assert isinstance(refused, UsageError)
    assert f"{EKVIK} Ekviks kommun" in refused.message


def test_every_key_of_the_json_is_in_the_manual(lake: Path) -> None:
    told = json.loads(run(lake, "--json").output)
    manual = (Path(__file__).resolve().parents[2] / "docs" / "need.md").read_text(encoding="utf-8")
    assert [key for key in [*told, *told["units"][0]] if f"`{key}`" not in manual] == []
