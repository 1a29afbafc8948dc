"""`likvard circle`: the circle in the terminal, as JSON and as files; and why there is none."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.figures.insight.circles import facts, nation

from likvard.cli.circle import circle
from likvard.disclosure.gate import releases
from likvard.disclosure.publication import FigureKey
from likvard.flow import circle_files
from likvard.records.lake import Lake
from likvard.terms import InputError


@pytest.fixture
def told(monkeypatch):
    public = next(iter(releases(list(nation()), on=date(2026, 11, 22))))
    left = {"left_out": ["results"]}
    found = circle_files.Told({FigureKey(*key): cell for key, cell in public.cells.items()}, facts() | left)
    monkeypatch.setattr(circle_files, "told", lambda lake, on: found)
    return found


def _run(*more):
    return CliRunner().invoke(circle, ["--lake", "lake", "--on", "2026-11-22", *more], catch_exceptions=False)


def test_every_link_is_printed_with_its_interval_and_the_same_turned_round(told):
    said = _run().output
    row = next(line for line in said.splitlines() if line.startswith("Steering to teaching"))
    assert row.split()[3:] == ["0.22", "0.14", "to", "0.30", "0.01", "-0.09", "to", "0.11", "clear", "of", "chance"]
    assert "not proof of cause" in said
    assert "Left after a year: 0.62" in said
    assert "0 of 7 links turned round in time are clear of chance." in said
    assert "Nothing is seen of: results" in said


def test_json_has_the_links_the_gain_and_what_broken_links_would_change(told):
    made = json.loads(_run("--json").output)
    assert [(one["from"], one["to"]) for one in made["links"]][:2] == [("steering", "teaching"), ("teaching", "calm")]
    assert len(made["links"]) == 7
    assert made["gain"]["value"] == 0.62
    assert {one["when"] for one in made["broken"]} >= {"year1", "turnover_year5"}


def test_every_key_of_the_json_is_in_the_manual(told):
    manual = (Path(__file__).resolve().parents[2] / "docs" / "circle.md").read_text(encoding="utf-8")
    assert [key for key in json.loads(_run("--json").output) if f"`{key}`" not in manual] == []


def test_files_are_written_where_asked_for(told, tmp_path):
    said = _run("--out", str(tmp_path / "out")).output
    assert "circle.json" in said
    assert (tmp_path / "out" / "circle-links.csv").read_text("utf-8").startswith("from,to,what,value,low,high\n")


def test_a_lake_without_figures_is_refused_with_what_is_needed(tmp_path):
    with Lake.open(tmp_path / "lake", create=True).connect():
        pass
    with pytest.raises(InputError, match="At least 30 schools"):
        CliRunner().invoke(circle, ["--lake", str(tmp_path / "lake")], catch_exceptions=False)
