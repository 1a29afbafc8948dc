"""The national report's figures: what passes the gate, what is said, and that nobody is singled out."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from benchmarks.national_report import RUBRIC, World, world
from benchmarks.national_report import Setting as Nation

from likvard.disclosure.cells import Released
from likvard.figures.figure import Source
from likvard.figures.report import MadeFrom, Report
from likvard.figures.sentences import verdict
from likvard.flow import national_words as say
from likvard.flow.national import Estimate, National, estimate, follow_up
from likvard.flow.national_figures import figures, public, report, side_by_side
from likvard.terms import Missing, Words

ON = date(2026, 11, 22)
MADE = MadeFrom("v", ("d",), "likvard", ON)


@pytest.fixture(scope="module")
def nation() -> World:
    return world(Nation("drawn by risk", organisers=300), 9)


@pytest.fixture(scope="module")
def found(nation: World) -> National:
    return estimate(nation.marks, nation.frame, RUBRIC, seed=1, later=nation.later)


@pytest.fixture(scope="module")
def made(found: National) -> Report:
    return report(found, RUBRIC, MADE, synthetic=True, after=2027)


def test_the_report_answers_its_five_questions_in_order(made):
    assert [section.id for section in made.sections] == ["shares", "criteria", "together", "later", "sure"]
    assert [figure.id for figure in made.figures] == [
        "organiser-classes", "statements", "levels-by-criterion", "weak-together", "later-results", "agreement", "sensitivity",
    ]  # fmt: skip


def test_every_figure_says_something_and_how_it_was_done(made):
    for figure in made.figures:
        assert verdict(figure.kind, figure.facts), figure.id
        assert figure.method
        assert figure.table.rows
        assert figure.notes == ()


def test_the_lead_says_both_statements_with_their_uncertainty(made, found):
    assert len(made.lead) == 2
    percent = f"{found.statements[0].estimate.value:.0%}"
    assert percent.rstrip("%") in made.lead[0].sv
    assert "(" in made.lead[0].sv


def test_what_is_said_of_the_statements_holds_their_verdict_share_and_uncertainty(found):
    told = say.judged(found)
    for one in found.statements:
        assert f"{100 * one.estimate.value:.0f}%, with uncertainty {100 * one.estimate.low:.0f}–" in told.en
    assert told.sv.endswith("Den senare gruppen är en del av den förra.")


def test_no_row_is_an_organiser_and_none_is_ordered_by_result(made, nation):
    keys = {row.organiser for row in nation.frame}
    heads = [row.head.en for figure in made.figures for row in figure.table.rows]
    assert not keys & set(heads)
    classes = [row.head.en for row in made.figures[0].table.rows]
    assert classes == [one.name.en for one in RUBRIC.classes]


def test_shares_that_rest_on_fewer_than_ten_organisers_are_hidden(found):
    few = figures(replace(found, marked=9), RUBRIC, on=ON, source=Source(Words("a", "a"), "2026"))
    cells = [cell for row in few[0].table.rows for cell in row.entries]
    assert {cell.missing for cell in cells} == {Missing.FEW}
    assert few[0].notes == (say.FEW_MARKED,)
    assert [w.en for w in verdict(few[0].kind, few[0].facts)] == [
        "Too few organisers are marked for shares to be shown."
    ]


def test_by_pupils_a_few_large_organisers_classes_are_no_share(found):
    heavy = tuple(replace(one, effective=4.2) if one.key == "pupils" else one for one in found.sensitivity)
    few = figures(replace(found, sensitivity=heavy), RUBRIC, on=ON, source=Source(Words("a", "a"), "2026"))
    row = next(row for row in few[-1].table.rows if row.head.en.startswith("share of pupils"))
    assert [cell.missing for cell in row.entries[:4]] == [Missing.FEW] * 4
    told = next(one for one in public(replace(found, sensitivity=heavy), ON).sensitivity if one.key == "pupils")
    assert all(math.isnan(share.value) for share in told.shares.values())


def test_data_for_everybody_hold_no_organiser_and_nothing_that_rests_on_few(found):
    first, *rest = found.agreement
    few = replace(found, agreement=(replace(first, organisers=9), *rest), levels=tuple(replace(one, organisers=9) if one.criterion == first.criterion else one for one in found.levels))  # fmt: skip
    data = public(few, ON)
    assert data.organisers == ()
    assert math.isnan(data.agreement[0].alpha.value)
    assert first.criterion not in data.marker_error
    hidden = {one.criterion for one in data.levels if math.isnan(one.share.value)}
    assert hidden == {first.criterion}
    assert data.shares == found.shares
    again = figures(data, RUBRIC, on=ON, source=Source(Words("a", "a"), "2026"))
    cells = [
        cell for figure in again for row in figure.table.rows for cell in row.entries if isinstance(cell, Released)
    ]
    assert Missing.FEW in {cell.missing for cell in cells}


def test_results_that_come_after_a_round_is_closed_say_the_same_as_results_that_were_there(nation, found):
    assert follow_up(found, nation.frame, nation.later) == found.prediction
    assert follow_up(public(found, ON), nation.frame, nation.later) is None


def test_published_results_are_said_to_be_as_they_are(found):
    as_they_are = replace(found, prediction=replace(found.prediction, compared=False, after=2027))
    figure = next(one for one in figures(as_they_are, RUBRIC, on=ON, source=Source(Words("a", "a"), "2026")) if one.id == "later-results")  # fmt: skip
    assert figure.subtitle.sv.startswith("Meritvärde, våren 2028")
    assert "inte jämfört" in figure.method[0].text.sv


def test_without_results_there_is_no_question_of_what_comes_later(nation):
    bare = report(estimate(nation.marks, nation.frame, RUBRIC, seed=1), RUBRIC, MADE, synthetic=True)
    assert "later" not in [section.id for section in bare.sections]


def test_what_is_said_of_later_results_follows_the_check(found):
    told = replace(found.prediction, p=0.001)
    clear = replace(found, prediction=told)
    assert "differ between classes" in say.foretold(clear).en
    off = {key: replace(one, low=0.5, high=1.0) for key, one in told.placebo.items()}
    assert "must not be read as a consequence" in say.foretold(replace(found, prediction=replace(told, placebo=off))).en
    assert "cannot say" in say.foretold(replace(found, prediction=replace(told, p=0.4))).en


@pytest.mark.parametrize(
    ("alpha", "said"),
    [(0.9, "firm"), (0.7, "tentative"), (0.4, "not enough"), (float("nan"), "Nobody is marked by two")],
)
def test_agreement_is_said_by_krippendorffs_limits(alpha, said):
    assert said in say.agreed(alpha).en


def test_pairs_are_said_in_words(found):
    none = tuple(replace(pair, survives=False, beyond_survives=False) for pair in found.weak_together.pairs)
    assert "None of" in say.together(replace(found.weak_together, pairs=none)).en
    one = (replace(none[0], survives=True), *none[1:])
    assert "so for none of them." in say.together(replace(found.weak_together, pairs=one)).en
    both = (replace(none[0], survives=True, beyond_survives=True), *none[1:])
    assert "so for one." in say.together(replace(found.weak_together, pairs=both)).en
    few = tuple(replace(pair, beyond=Estimate(math.nan, math.nan, math.nan, math.nan)) for pair in one)
    assert "cannot be told: it takes 50" in say.together(replace(found.weak_together, pairs=few)).en
    assert say.clear(True, False).en == "yes"
    assert say.clear(False, False).sv == "nej"


def test_statements_are_drawn_against_what_their_words_cover(made, found):
    statements = next(one for one in made.figures if one.id == "statements")
    drawn = {row.name: row for row in statements.chart.rows}
    for one in found.statements:
        row = drawn[one.words]
        assert row.covered == (one.low, one.high)
        assert (row.own.low, row.own.high) == (one.estimate.low, one.estimate.high)


def test_the_marked_alone_stand_beside_the_nation_with_the_same_cells_as_the_bars(made, found):
    bars = made.figures[0].chart.bars
    chart = side_by_side(made.figures[0]).chart
    assert [row.own for row in chart.rows] == list(bars[0].shares)
    assert [row.beside for row in chart.rows] == list(bars[1].shares)
    assert [row.own.low for row in chart.rows] == [one.weighted.low for one in found.shares]
    assert side_by_side(made.figures[1]) == made.figures[1]
