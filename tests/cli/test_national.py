"""`likvard national` on a small lake that holds a marking round and nothing else."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from likvard.cli.national import national
from likvard.records.lake import Lake
from likvard.records.reading import Reading
from likvard.simulate import ratings
from likvard.simulate.deliveries import fingerprint
from likvard.simulate.settings import Settings
from likvard.terms import UsageError

COUNTRY = Settings(seed=4, municipalities=40, first_year=2022, years=3)
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frame and the marks of forty municipalities; no pupils, so nothing is said of later results."""
    path = tmp_path_factory.mktemp("marked") / "lake"
    everybody = {one.organiser.number: 500 for one in ratings.planted(COUNTRY)}
    tables = ratings.tables(COUNTRY, everybody)
    sha = fingerprint(COUNTRY, "synthetic-ratings", "2023")
    made = Reading("synthetic-ratings", "2023", "v", "f", "simulate", sha, tables, synthetic=True)
    Lake.open(path, create=True).deliver(made, at=AT)
    return path


def run(*words: str) -> Result:
    return CliRunner().invoke(national, [*words, "--on", "2026-11-22"], catch_exceptions=False)


@pytest.fixture(scope="module")
def told(lake: Path) -> dict[str, object]:
    return json.loads(run("--lake", str(lake), "--json").output)


def test_the_answer_holds_the_planted_shares(told):
    shares = {(row["class"], row["weights"]): row for row in told["tables"]["shares"]}
    truth = [one.cls for one in ratings.planted(COUNTRY)]
    for cls in told["classes"]:
        row = shares[cls, "corrected"]
        assert row["low"] <= truth.count(cls) / len(truth) <= row["high"]
    assert (told["population"], told["round"], told["synthetic"]) == (len(truth), 2023, True)
    assert told["doubled"] == told["marked"] >= ratings.LEAST_DRAWN


def test_no_organiser_is_in_the_answer_or_the_files(lake, told, tmp_path):
    run("--lake", str(lake), "--out", str(tmp_path))
    numbers = {one.organiser.number for one in ratings.planted(COUNTRY)}
    texts = [json.dumps(told), *(path.read_text("utf-8") for path in tmp_path.glob("*.[chj]*"))]
    assert len(texts) > 8
    assert not [number for number in numbers for text in texts if number in text]


def test_the_report_is_a_page_and_a_workbook_in_two_languages_with_data(lake, tmp_path):
    said = run("--lake", str(lake), "--out", str(tmp_path)).output
    assert "corrected" in said
    names = {path.name for path in tmp_path.iterdir()}
    pages = {f"national-2023-{language}.{ending}" for language in ("sv", "en") for ending in ("html", "xlsx")}
    assert pages | {"national-2023.json", "national-2023-shares.csv", "national-2023-statements.csv"} <= names
    page = (tmp_path / "national-2023-sv.html").read_text("utf-8")
    assert "Tre av fyra huvudmän" in page
    assert "signifik" not in page
    with (tmp_path / "national-2023-columns.csv").open(encoding="utf-8") as file:
        described = {(row["table"], row["column"]) for row in csv.DictReader(file) if row["sv"] and row["en"]}
    heads = {path.stem.removeprefix("national-2023-"): path.read_text("utf-8").splitlines()[0] for path in tmp_path.glob("*.csv")}  # fmt: skip
    assert described == {
        (name, column) for name, head in heads.items() if name != "columns" for column in head.split(",")
    }


def test_the_same_round_gives_the_same_bytes(lake, tmp_path):
    for name in ("one", "two"):
        run("--lake", str(lake), "--out", str(tmp_path / name))
    for path in sorted((tmp_path / "one").glob("*.csv")):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    assert (tmp_path / "one/national-2023-sv.html").read_bytes() == (
        tmp_path / "two/national-2023-sv.html"
    ).read_bytes()


def test_tables_have_the_same_numbers_as_the_answer(lake, told, tmp_path):
    run("--lake", str(lake), "--out", str(tmp_path))
    with (tmp_path / "national-2023-statements.csv").open(encoding="utf-8") as file:
        rows: Iterator[dict[str, str]] = csv.DictReader(file)
        assert [float(row["value"]) for row in rows] == [row["value"] for row in told["tables"]["statements"]]


def test_without_marks_or_of_another_year_there_is_no_report(lake, tmp_path):
    Lake.open(tmp_path / "empty", create=True)
    with pytest.raises(UsageError, match="holds no marks of organisers"):
        run("--lake", str(tmp_path / "empty"))
    with pytest.raises(UsageError, match=r"no marks of 2019\. It has 2023"):
        run("--lake", str(lake), "--year", "2019")
