"""The chart pane: keys say what is drawn and nothing else; what cannot be drawn is said."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from likvard.figures.charts import Line, Panel, SharesBar, Trend, VarianceShares
from likvard.figures.charts_intervals import IntervalRow, Intervals
from likvard.figures.facts import facts_of
from likvard.figures.measures import FigureError, Scale, Unit
from likvard.figures.pictures import picture
from likvard.figures.sentences import verdict
from likvard.figures.standalone import charts_alone
from likvard.terms import Language, Missing, Words

SV, EN = Language.SV, Language.EN
SHARE = Scale(Words("Andel", "Share"), Unit.SHARE)


def drawn(demo, chart, language=SV):
    return picture(demo._figure("one", "Fråga?", "Question?", chart, demo.Gate()), language)


def keys(pane):
    return [key.text for key in pane.key]


def test_a_figure_without_a_chart_has_no_pane(report):
    assert picture(report.figures[-1], SV) is None


def test_the_key_of_a_distribution_names_only_what_is_there(demo):
    chart = demo.distribution(demo.Gate(), demo.schools(3), rest=4)
    bare = replace(chart, spreads=tuple(replace(s, mean=None, lower=None, upper=None, rest=()) for s in chart.spreads))
    assert keys(drawn(demo, chart)) == [
        "skola i Ekvik",
        "annan skola i landet",
        "landets medelvärde",
        "åtta av tio elever i landet",
    ]
    assert keys(drawn(demo, bare)) == ["skola i Ekvik"]


def test_the_key_of_a_funnel_names_only_the_sides_where_a_school_lies(demo):
    gate, units = demo.Gate(), demo.schools(12)
    assert "över gränsen 99,8\u00a0%" in keys(drawn(demo, demo.funnel(gate, units, outside=1)))
    assert not any("under gränsen" in k for k in keys(drawn(demo, demo.funnel(gate, units, outside=1))))
    assert not any("gränsen 99" in k for k in keys(drawn(demo, demo.funnel(gate, units, outside=0))))


def test_a_hidden_last_value_has_no_label_at_the_end_and_its_reason_in_words(demo):
    gate = demo.Gate()
    hidden = gate(None, missing=Missing.NOT_YET)
    chart = Trend(demo.MERIT, demo.years(2023, 2024), (Line(Words("skolan", "the school"), (gate(212.0, 5), hidden)),))
    pane = drawn(demo, chart)
    assert not any(t.dx for t in pane.drawings[0][1].texts)
    assert pane.symbols == (("…", "inte klart än"),)
    assert hidden.reason.sv in verdict("trend", facts_of(chart))[0].sv


def test_a_line_with_every_value_hidden_makes_no_claim_at_all(demo):
    hidden = demo.Gate()(None, missing=Missing.FEW)
    chart = Trend(demo.MERIT, demo.years(2023, 2024), (Line(Words("skolan", "the school"), (hidden, hidden)),))
    facts = facts_of(chart)
    assert "first" not in facts
    assert len(verdict("trend", facts)) == 1
    assert drawn(demo, chart).drawings[0][1].curves == []


def test_small_multiples_can_have_an_expected_line_or_nothing_to_compare_with(demo):
    gate = demo.Gate()
    chart = demo.multiples(gate, demo.schools(3))
    own = tuple(gate(210.0 + t) for t in range(12))
    lined = replace(chart, panels=tuple(Panel(p.school, own, tuple(gate(220.0) for _ in own)) for p in chart.panels))
    alone = replace(chart, panels=tuple(Panel(p.school, own) for p in chart.panels))
    assert keys(drawn(demo, lined)) == ["skolan", "väntat"]
    assert keys(drawn(demo, alone)) == ["skolan"]
    assert all(p.rest == "" for _, panels in drawn(demo, alone).panels for p in panels)


def test_the_panels_say_at_which_values_their_lines_stand(demo):
    pane = drawn(demo, demo.multiples(demo.Gate(), demo.schools(3)), EN)
    assert pane.axes.startswith("In all panels: 2013/14 to 2024/25, lines at ")
    assert "merit points" in pane.axes


def test_shares_may_be_one_bar_and_a_hidden_share_says_why(demo):
    gate = demo.Gate()
    chart = demo.shares(gate)
    hidden = gate(None, missing=Missing.FEW)
    one = VarianceShares(chart.levels, (SharesBar(chart.bars[0].label, (*chart.bars[0].shares[:3], hidden)),), focus=1)
    bar = drawn(demo, one).bars[0]
    assert len(bar.drawing.blocks) == 3
    assert hidden.reason.sv in bar.key[3].text
    assert "after" not in facts_of(one)
    assert facts_of(VarianceShares(chart.levels, (), focus=1))["bars"] == 0


def test_a_map_of_one_municipality_alone_has_no_comparison_in_its_key(demo):
    assert keys(drawn(demo, replace(demo.town_map(), compared=frozenset()))) == ["Provkommun 11"]


def test_rows_without_interval_or_comparison_are_grey_and_say_as_expected(demo):
    gate = demo.Gate()
    chart = demo.expected(gate, demo.schools(3))
    chart = replace(chart, rows=tuple(replace(r, difference=gate(4.0), result=None, expected=None) for r in chart.rows))
    row = drawn(demo, chart).groups[0][1][0]
    assert (row.flagged, row.result, row.expected) == (False, "", "")
    assert row.spoken == "som väntat, eller går inte att säga"


@pytest.mark.parametrize("wrong", [{"period": 2.5}, {"lowest": 3}, {"scale": 3}, {"highest": None}])
def test_a_fact_of_the_wrong_kind_is_refused_and_the_rule_named(demo, wrong):
    facts = facts_of(demo.distribution(demo.Gate(), demo.schools(6)))
    with pytest.raises(FigureError, match="distribution-range"):
        verdict("distribution", {**facts, **wrong})


def intervals(gate):
    """Two rows: one with a second mark, one with a band and no interval's end known."""
    first = IntervalRow(Words("ett", "one"), gate(0.3, 0.1), gate(0.36, 0.1))
    rows = (first, IntervalRow(Words("två", "two"), gate(0.8, 0.1), covered=(0.625, 0.875)))
    names = {
        "beside": Words("bara de bedömda", "only those marked"),
        "covered": Words("orden täcker", "the words cover"),
    }
    return Intervals(rows, SHARE, Words("Klass", "Class"), Words("skattning", "estimate"), **names)


def on_one_scale(demo, chart):
    """A figure that has a table of its own, and this chart."""
    bars = VarianceShares(
        (SHARE.name, SHARE.name), (SharesBar(SHARE.name, (demo.Gate()(0.3), demo.Gate()(0.7))),), focus=0
    )
    return replace(demo._figure("one", "Fråga?", "Question?", bars, demo.Gate()), chart=chart)


def test_estimates_on_one_scale_have_interval_second_mark_and_band(demo):
    pane = picture(on_one_scale(demo, intervals(demo.Gate())), SV)
    one, two = pane.groups[0][1]
    assert keys(pane) == ["skattning", "bara de bedömda", "orden täcker"]
    assert (one.name, one.distance, one.result, one.expected) == ("Ett", "30\u00a0%", "20–40", "36\u00a0%")
    assert (two.result, two.expected) == ("70–90", "62,5–87,5")
    assert [len(row.drawing.marks) for row in (one, two)] == [2, 1]
    assert [len(row.drawing.blocks) for row in (one, two)] == [0, 1]
    assert all(0 <= mark.x <= 100 for row in (one, two) for mark in row.drawing.marks)
    assert pane.header.texts[-1].text.endswith("%")


def test_an_estimate_that_is_withheld_says_why_in_place_of_its_line(demo):
    row = IntervalRow(Words("ett", "one"), demo.Gate()(None, missing=Missing.FEW))
    chart = Intervals((row,), SHARE, Words("Klass", "Class"), Words("skattning", "estimate"))
    shown = picture(on_one_scale(demo, chart), SV).groups[0][1][0]
    assert shown.drawing is None
    assert "för få" in shown.instead.lower()


def test_a_second_mark_or_a_band_without_a_name_is_refused(demo):
    gate, word = demo.Gate(), Words("ett", "one")
    for row in (IntervalRow(word, gate(0.3, 0.1), gate(0.4, 0.1)), IntervalRow(word, gate(0.3, 0.1), covered=(0, 1))):
        with pytest.raises(FigureError, match="has no name"):
            Intervals((row,), SHARE, word, word)


def test_a_chart_alone_is_drawn_for_paper_with_its_key_and_without_the_words_around(demo):
    (alone,) = charts_alone(on_one_scale(demo, intervals(demo.Gate())), SV)
    assert alone.name == "Fråga?"
    shown = re.findall(r"<text[^>]*>([^<]*)</text>", alone.svg)
    assert {"skattning", "62,5–87,5", "Osäkerhet"} <= set(shown)
    assert "Fråga?" not in shown
    assert 'viewBox="0 0 640 ' in alone.svg
    assert "font-face" not in alone.svg


def test_bars_of_shares_are_drawn_one_by_one_so_that_a_page_can_end_between_them(demo):
    gate = demo.Gate()
    bars = tuple(SharesBar(Words(name, name), (gate(0.3, 0.1), gate(0.7, 0.1))) for name in ("a", "b", "c"))
    chart = VarianceShares((Words("hög", "high"), Words("låg", "low")), bars, focus=0)
    alone = charts_alone(demo._figure("one", "Fråga?", "Question?", chart, gate), SV)
    assert [one.name for one in alone] == ["A", "B", "C"]
    assert all("30\u00a0%" in one.desc for one in alone)


def test_a_figure_without_a_chart_is_no_picture_for_paper(report):
    with pytest.raises(FigureError, match="has no chart"):
        charts_alone(report.figures[-1], SV)
