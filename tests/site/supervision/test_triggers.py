"""Trigger sentences: what released public figures say by open rules, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from likvard.disclosure import Cell, CellKind, release
from likvard.disclosure.publication import About, FigureKey, Publication, write
from likvard.rulebook import rule
from likvard.site import published
from likvard.site.supervision.actions import gathering
from likvard.site.supervision.triggers import Signal, parse, signals, signals_of, together, triggers
from likvard.terms import Audience, Level, RuleError

UNIT, OTHER = "90000001", "90000002"


FIGURES = (
    # measure, unit, year, value, half the interval
    ("absence_share", UNIT, 2024, 0.12, 0.01),
    ("absence_share", OTHER, 2024, 0.085, 0.01),
    ("survey_index_trygghet", UNIT, 2025, 6.8, 0.0),
    ("survey_index_trygghet", UNIT, 2023, 8.9, 0.0),
    ("survey_index_trygghet", OTHER, 2020, 3.0, 0.0),
    ("abuse_reports_per_1000", UNIT, 2024, 4.0, 0.0),
    ("abuse_reports_per_1000", OTHER, 2024, 4.0, 0.0),
    ("principal_turnover", OTHER, 2024, 4.0, 0.0),
)


@pytest.fixture
def publication(tmp_path: Path) -> Iterator[Publication]:
    """A publication of two schools: one with much beyond the limits, one with little."""
    cells = [_cell(*figure) for figure in FIGURES]
    day = date(2025, 9, 1)
    made = [(release(cells, audience=audience, on=day), "", frozenset()) for audience in Audience]
    write(tmp_path / "a.sqlite", releases=made, about=About("lake", "likvard", day, True))
    with closing(Publication.open(tmp_path / "a.sqlite")) as found:
        yield found


def _cell(measure: str, unit: str, year: int, value: float, half: float) -> Cell:
    key = FigureKey(measure, level="unit", area=unit, year=str(year))
    low, high = (value - half, value + half) if half else (None, None)
    return Cell(key, CellKind.ESTIMATE, value, n=60, low=low, high=high, level=Level.UNIT)


def _codes(found: Sequence[Signal]) -> list[str]:
    return [one.code for one in found]


def test_a_school_is_asked_about_what_lies_beyond_a_limit_and_about_nothing_else(publication):
    assert _codes(signals(publication, UNIT)) == ["absence_high", "safety_low", "few_reports_low_safety"]
    assert _codes(signals(publication, OTHER)) == ["principals_many"]


def test_a_sentence_gives_its_number_its_interval_and_its_year(publication):
    absence = signals(publication, UNIT)[0].said
    assert absence.sv == "Frånvaron är 12,0 procent av tiden (11,0 till 13,0), läsåret 2024/25."
    assert absence.en == "Absence is 12.0 per cent of the time (11.0 to 13.0), school year 2024/25."


def test_what_is_not_sure_is_not_said(publication):
    assert "absence_high" not in _codes(signals(publication, OTHER))


def test_only_the_newest_figure_counts_and_none_that_is_too_old(publication):
    safety = next(one for one in signals(publication, UNIT) if one.code == "safety_low")
    assert "6,8 av 10, Skolenkäten 2025" in safety.said.sv
    assert "safety_low" not in _codes(signals(publication, OTHER))


def test_few_reports_are_a_question_only_where_safety_is_low(publication):
    assert "few_reports_low_safety" not in _codes(signals(publication, OTHER))


def test_of_an_organiser_is_said_at_how_many_of_its_units_a_rule_holds(publication):
    said = {one.code: one.said.sv for one in together(publication, (UNIT, OTHER))}
    assert said["absence_high"].startswith("Vid 1 av 2 skolenheter: frånvaron är säkerställt över 8 procent")


def test_the_list_and_what_it_says_of_a_school_are_open_to_everybody(publication, places, enter, monkeypatch):
    monkeypatch.setattr(published, "current", lambda: publication)
    page = enter(None).get(f"/tillsyn/signaler/?enhet={UNIT}").content.decode()
    assert "12,0 procent av tiden" in page
    assert "Minst tre byten av rektor på fem år." in page


def test_what_the_figures_say_is_kept_with_the_case_once(publication, stage, cast, now, monkeypatch):
    inspection = stage("basis")
    monkeypatch.setattr(published, "current", lambda: publication)
    said = [
        gathering.Trigger(one.code, one.said.sv, one.said.en, one.publication) for one in signals_of(inspection.case)
    ]
    for _ in range(2):
        gathering.keep_signals(inspection=inspection, signals=said, by=cast.ines, at=now)
    assert [row.code for row in inspection.signals.all()] == ["absence_high", "safety_low", "few_reports_low_safety"]


def test_every_rule_has_an_area_of_its_own_and_says_it_in_both_languages():
    known = rule("assessment_areas", date(2025, 11, 14)).value
    for one in triggers():
        assert one.area in known
        assert "{value}" in one.said.sv
        assert "{value}" in one.said.en


def test_a_rule_rests_only_on_one_that_stands_before_it():
    with pytest.raises(RuleError, match="rests on what is not there"):
        parse({"about": "", "triggers": [_rule("a", together_with="b")]})
    with pytest.raises(RuleError, match="is there twice"):
        parse({"about": "", "triggers": [_rule("a"), _rule("a")]})


def _rule(code: str, **more: object) -> dict[str, object]:
    words = {"sv": "{value}", "en": "{value}"}
    known = {"area": "unit.safety", "measure": "m", "aspect": "observed", "test": "at_most", "limit": 1}
    return {"code": code, "about": words, "said": words, "why": words, **known, **more}
