"""Charts as values: valid from birth, in an order that is never a ranking, and with a twin that holds every cell."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.disclosure.cells import Released
from likvard.figures.charts import (
    Expected,
    ExpectedRow,
    FunnelLimit,
    GapTrend,
    Heat,
    HeatRow,
    Line,
    Panel,
    School,
    SharesBar,
    SmallMultiples,
    Status,
    Subject,
    Trend,
    VarianceShares,
    status,
)
from likvard.figures.charts_map import MunicipalityMap
from likvard.figures.measures import FigureError, Scale, Unit, swedish_order
from likvard.figures.table import Column, Kind, Row, Table
from likvard.figures.twins import twin
from likvard.terms import Missing, SchoolYear, Words

W = Words("x", "x")
POINTS = Scale(W, Unit.SHARE_POINTS, signed=True)


def cells_in(thing):
    """Every released cell somewhere inside a value."""
    if isinstance(thing, Released):
        return {thing.key}
    if isinstance(thing, tuple | list):
        return set().union(*map(cells_in, thing), set())
    if is_dataclass(thing):
        return set().union(*(cells_in(getattr(thing, f.name)) for f in fields(thing)), set())
    return set()


@pytest.mark.parametrize(
    "kind", ["schools-over-time", "shares", "over-time", "expected", "funnel", "subjects", "gap", "place"]
)
def test_the_twin_holds_every_cell_of_its_chart_and_no_other(report, kind):
    figure = next(f for f in report.figures if f.id == kind)
    drawn = cells_in(figure.chart) - ({figure.chart.centre.key} if kind == "funnel" else set())
    assert cells_in(figure.table) == drawn


def test_the_twin_of_small_multiples_holds_own_values_and_what_is_expected_last(demo):
    chart = demo.multiples(demo.Gate(), demo.schools())
    held = cells_in(twin(chart, W))
    assert cells_in([p.own for p in chart.panels]) <= held
    assert cells_in([p.expected[-1] for p in chart.panels if p.expected]) <= held


@given(st.permutations(range(8)))
def test_schools_stand_by_area_and_name_whatever_the_order_or_result(order):
    names = ["Ö", "A", "Z", "Å", "b", "Ä", "c", "B"]
    rows = tuple(ExpectedRow(School(names[i], area="XY"[i % 2], instead=W), None) for i in order)
    made = Expected(rows, POINTS, POINTS)
    keys = [(r.school.area, swedish_order(r.school.name)) for r in made.rows]
    assert keys == sorted(keys)


def test_a_difference_is_grey_unless_its_interval_clears_zero(demo):
    gate = demo.Gate()
    cells = (gate(-9, 4), gate(-3, 4), gate(9, 4), gate(9), gate(None, missing=Missing.FEW))
    assert [status(c) for c in cells] == [Status.BELOW, Status.WITHIN, Status.ABOVE, Status.WITHIN, None]


def test_a_school_without_a_result_says_why():
    with pytest.raises(FigureError, match="neither a difference nor a reason"):
        ExpectedRow(School("A"), None)


def test_a_line_has_a_cell_for_every_period(demo):
    line = Line(W, (demo.Gate()(1.0),))
    with pytest.raises(FigureError, match="one released cell per period"):
        Trend(POINTS, (SchoolYear(2020), SchoolYear(2021)), (line,))


def test_periods_follow_one_another_and_there_is_at_least_one(demo):
    line = Line(W, (demo.Gate()(1.0),) * 2)
    with pytest.raises(FigureError, match="do not follow"):
        Trend(POINTS, (SchoolYear(2021), SchoolYear(2020)), (line,))
    with pytest.raises(FigureError, match="no period"):
        Trend(POINTS, (), (Line(W, ()),))


def test_more_than_three_groups_are_sent_to_small_multiples(demo):
    line = Line(W, (demo.Gate()(1.0),))
    for groups in ((line,), (line,) * 4):
        with pytest.raises(FigureError, match="two or three groups"):
            GapTrend(POINTS, POINTS, (2020,), groups, line)
    with pytest.raises(FigureError, match="one to three lines"):
        Trend(POINTS, (2020,), (line,) * 4)


def test_a_hidden_cell_cannot_be_tinted(demo):
    row = HeatRow(School("A"), (demo.Gate()(None, missing=Missing.FEW),), frozenset({0}))
    with pytest.raises(FigureError, match="hidden cell"):
        Heat(POINTS, (Subject(W, W),), (row,), 1, 0.05)


def test_a_heat_row_is_as_wide_as_the_subjects(demo):
    with pytest.raises(FigureError, match="2 cells for 1 subjects"):
        Heat(POINTS, (Subject(W, W),), (HeatRow(School("A"), (demo.Gate()(1.0),) * 2),), 1, 0.05)


def test_a_funnel_knows_the_schools_it_names_and_limits_have_two_edges(demo):
    chart = demo.funnel(demo.Gate(), demo.schools())
    with pytest.raises(FigureError, match="not in the funnel"):
        replace(chart, outside=frozenset({"nowhere"}))
    with pytest.raises(FigureError, match="as many low and high"):
        FunnelLimit(0.95, (1.0, 2.0), (0.1,), (0.9, 0.8))


def test_a_map_holds_the_place_it_is_about(demo):
    with pytest.raises(FigureError, match="no outline of 0000"):
        MunicipalityMap(demo.town_map().outlines, "0000")


def test_a_bar_has_one_share_per_level_and_speaks_of_one_of_them(demo):
    share = demo.Gate()(0.5, 0.1)
    with pytest.raises(FigureError, match="one share per level"):
        VarianceShares((W, W), (SharesBar(W, (share,)),))
    with pytest.raises(FigureError, match="no level 7"):
        VarianceShares((W, W), (SharesBar(W, (share, share)),), focus=7)


def test_a_scale_goes_upwards_and_a_number_column_has_one():
    with pytest.raises(FigureError, match="from 2 to 1"):
        Scale(W, Unit.COUNT, low=2, high=1)
    with pytest.raises(FigureError, match="no scale"):
        Column(W, Kind.NUMBER)


def test_a_table_row_has_an_entry_per_column():
    with pytest.raises(FigureError, match="1 entries for 2 columns"):
        Table(W, W, (Column(W), Column(W)), (Row(W, (W,)),))


def test_the_edges_of_a_band_are_one_pair_per_period_and_stand_in_the_table(demo):
    gate = demo.Gate()
    years = (SchoolYear(2022), SchoolYear(2023))
    line = Line(W, (gate(3.0), gate(4.0)))
    pair = (gate(1.0), gate(6.0))
    chart = Trend(POINTS, years, (line,), edges=(None, pair))
    assert [row.entries[-2:] for row in twin(chart, W).rows] == [(None, None), pair]
    with pytest.raises(FigureError, match="band of 1 edges for 2"):
        Trend(POINTS, years, (line,), edges=(pair,))


def test_a_panel_has_holes_for_years_before_a_school_opened_and_no_band_where_an_edge_is_hidden(demo):
    gate = demo.Gate()
    hidden = gate(None, missing=Missing.FEW)
    panel = Panel(School("A"), (None, gate(3.0)), edges=((hidden, gate(4.0)), (gate(1.0), gate(6.0))))
    assert [panel.band(0), panel.band(1)] == [None, (1.0, 6.0)]
    chart = SmallMultiples(POINTS, (SchoolYear(2022), SchoolYear(2023)), (panel,))
    assert twin(chart, W).rows[0].entries[0] is None
