"""The chart pane: keys say what is drawn and nothing else; what cannot be drawn is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from likvard.figures.charts import Line, Panel, SharesBar, Trend, VarianceShares
from likvard.figures.facts import facts_of
from likvard.figures.measures import FigureError
from likvard.figures.pictures import picture
from likvard.figures.sentences import verdict
from likvard.terms import Language, Missing, Words

SV, EN = Language.SV, Language.EN


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


def test_estimates_on_one_scale_show_interval_second_mark_and_band(demo):
    gate = demo.Gate()
    own, beside = (gate.cell(value, low, high) for value, low, high in ((0.3, 0.2, 0.4), (0.36, 0.25, 0.5)))
