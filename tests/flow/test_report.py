"""From files to the report, the whole path."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from likvard.flow.report import report, write
from likvard.terms import Audience, UsageError

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def out(lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    write(report(lake, "0127", audience=Audience.PUBLIC, on=TODAY), folder)
    return folder


@pytest.fixture(scope="session")
def data(out: Path) -> Any:
    return json.loads((out / "equity-0127.json").read_text(encoding="utf-8"))


def test_it_is_a_page_and_a_workbook_per_language_and_one_data_file(out: Path) -> None:
    assert sorted(p.name for p in out.iterdir()) == [
        "equity-0127-en.html",
        "equity-0127-en.xlsx",
        "equity-0127-sv.html",
        "equity-0127-sv.xlsx",
        "equity-0127.json",
    ]


def test_two_exports_are_the_same_byte_for_byte(lake: Path, out: Path, tmp_path: Path) -> None:
    write(report(lake, "0127", audience=Audience.PUBLIC, on=TODAY), tmp_path)
    assert all((tmp_path / p.name).read_bytes() == p.read_bytes() for p in out.iterdir())


def test_it_has_the_figures_that_the_data_can_bear(data: Any) -> None:
    found = {figure["id"] for figure in data["figures"]}
    assert found >= {
        "result-against-expected",
        "schools-over-time",
        "spread-over-time",
        "variance-shares",
        "school-by-school",
        "more-than-chance",
        "gap-by-intake",
        "schools-table",
    }


def test_what_the_source_hid_is_hidden_in_the_figure_with_its_reason(out: Path) -> None:
    page = (out / "equity-0127-sv.html").read_text(encoding="utf-8")
    assert "Påhittade skolan 03" in page
    assert "för få elever" in page
    assert "~100" in page


def test_an_organiser_gets_a_report_on_its_own_schools(lake: Path) -> None:
    made = report(lake, "5599999999", audience=Audience.ORGANISER, on=TODAY)
    assert made.title.sv == "Likvärdigheten i Påhittade skolor AB"


@pytest.mark.parametrize("code", ["0180", "9999999999"])
def test_an_area_without_schools_is_refused_in_words(lake: Path, code: str) -> None:
    with pytest.raises(UsageError, match="no school in"):
        report(lake, code, audience=Audience.PUBLIC, on=TODAY)


def test_a_code_of_another_length_is_refused_in_words(lake: Path) -> None:
    with pytest.raises(UsageError, match="neither a municipality nor an organiser"):
        report(lake, "Botkyrka", audience=Audience.PUBLIC, on=TODAY)
