"""Drawings: nothing is cut, nothing hidden is joined, no name is lost, and the same input draws the same picture."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.figures.charts import Break, FunnelLimit, Line, Trend
from likvard.figures.charts_map import Outline
from likvard.figures.drawing import axes, rows
from likvard.figures.drawing.axes import TimeAxis, ValueAxis, pushed_apart, text_width, value_axis
from likvard.figures.drawing.distribution import MANY, distribution, swarm
from likvard.figures.drawing.funnel import _box, _inside, _overlap, _Sizes, funnel, place_names
from likvard.figures.drawing.lines import gap_groups, gap_itself, runs, trend
from likvard.figures.drawing.outlines import municipality_map
from likvard.figures.drawing.shapes import NARROW, Shape
from likvard.figures.facts import facts_of
from likvard.figures.measures import Scale, Unit
from likvard.terms import Language, Missing, SchoolYear, Words

SV = Language.SV
W = Words("x", "x")
UNITS = [Unit.SHARE, Unit.MERIT, Unit.PUPILS, Unit.SHARE_POINTS, Unit.INDEX]
VALUES = st.lists(st.floats(-500, 500), min_size=1, max_size=20)


@given(VALUES, st.sampled_from(UNITS), st.booleans(), st.booleans())
def test_an_axis_holds_every_value(values, unit, zero, snug):
    axis = value_axis(Scale(W, unit), values, 10, 200, zero=zero, snug=snug)
    assert all(10 - 1e-6 <= axis.of(v) <= 200 + 1e-6 for v in values)
    assert not zero or axis.low <= 0 <= axis.high
    assert all(axis.low - 1e-6 <= t <= axis.high + 1e-6 for t in axis.ticks)
    assert len(axis.ticks) <= 14


@given(VALUES, st.sampled_from(UNITS))
def test_an_axis_has_round_ticks_evenly_apart(values, unit):
    ticks = value_axis(Scale(W, unit), values, 0, 100).ticks
    steps = {round(b - a, 6) for a, b in pairwise(ticks)}
    assert len(steps) == 1
    assert len(ticks) >= 2


def test_a_share_never_gets_an_axis_beyond_100_per_cent():
    axis = value_axis(Scale(W, Unit.SHARE), [0.7, 0.99], 0, 100)
    assert axis.high == 100


def test_the_scales_own_limits_hold_where_the_values_lie_within():
    assert value_axis(Scale(W, Unit.SHARE, low=0.4, high=1.0), [0.7], 0, 100).low == 40
    assert value_axis(Scale(W, Unit.SHARE, low=0.4, high=1.0), [0.2], 0, 100).low < 20.1


def test_an_axis_without_values_still_stands():
    assert value_axis(Scale(W, Unit.MERIT), [], 0, 100).ticks


@given(st.lists(st.floats(0, 300), max_size=12))
def test_labels_pushed_apart_keep_their_order_and_distance(wanted):
    places = pushed_apart(wanted, 16, 0, 300)
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    assert all(places[b] - places[a] >= 16 - 1e-9 for a, b in pairwise(order))
    assert all(p <= 300 for p in places)


@given(st.lists(st.floats(0, 250), max_size=40))
def test_a_swarm_keeps_within_its_room_and_is_the_same_twice(ys):
    shifts = swarm(ys, 9.0, 7.5)
    assert all(abs(dx) <= 9.0 for dx in shifts)
    assert shifts == swarm(ys, 9.0, 7.5)


def test_a_swarm_with_room_has_no_touching_dots():
    ys = [100.0, 101.0, 102.0, 104.0, 109.0, 150.0]
    shifts = swarm(ys, 30.0, 7.0)
    for (y1, x1), (y2, x2) in combinations(zip(ys, shifts, strict=True), 2):
        assert ((y1 - y2) ** 2 + (x1 - x2) ** 2) ** 0.5 >= 6.8


def test_years_that_are_not_there_leave_a_hole():
    axis = TimeAxis((2015, 2018, 2019), 0, 100)
    assert axis.x(2018) == pytest.approx(75)
    assert axis.between(2018) == pytest.approx(37.5)
    assert TimeAxis((2015,), 10, 90).x(2015) == 50


def test_year_labels_never_touch_at_any_width_and_the_last_is_always_there(demo):
    drawing = distribution(demo.distribution(demo.Gate(), demo.schools(3)), SV)
    labels = [t for t in drawing.texts if "when" in t.look]
    for look, width in (("at-n", 288), ("at-m", 544), ("at-w", 840)):
        shown = [t for t in labels if look in t.look]
        assert shown[-1].text == "2024/25"
        assert all((b.x - a.x) * width / 100 >= text_width(a.text) for a, b in pairwise(shown))


def test_a_line_is_cut_at_a_break_at_a_hidden_value_and_at_a_missing_year(demo):
    gate = demo.Gate()
    points = [gate(1.0), gate(2.0), gate(None, missing=Missing.FEW), gate(4.0), gate(5.0), gate(6.0)]
    periods = tuple(SchoolYear(y) for y in (2013, 2014, 2015, 2016, 2017, 2020))
    time = TimeAxis(periods, 0, 100)
    assert runs(points, time, [Break(SchoolYear(2014), W)]) == [[0], [1], [3, 4], [5]]


def test_hidden_values_stand_with_their_symbol_in_their_year(demo):
    drawing = trend(demo.trend(demo.Gate()), SV)
    symbols = {t.text for t in drawing.texts if "halo m" in t.look or t.look == "m halo"}
    assert {"×", "~100"} <= symbols
    assert sum("range" in r.look for r in drawing.over) == 1


def test_a_lone_point_gets_a_bar_instead_of_a_ribbon(demo):
    chart = Trend(Scale(W, Unit.MERIT), (2020,), (Line(W, (demo.Gate()(200.0, 9.0),)),))
    drawing = trend(chart, SV)
    assert any("bar" in r.look for r in drawing.over)
    assert not any("ribbon" in c.look for c in drawing.curves)


def test_the_gap_by_itself_starts_at_zero(demo):
    drawing = gap_itself(demo.gap(demo.Gate()), SV)
    assert "0" in {t.text for t in drawing.texts}


def test_measures_are_numbered_bands_and_breaks_are_lettered(demo):
    drawing = gap_groups(demo.gap(demo.Gate()), SV)
    assert len(drawing.blocks) == 2
    assert {"1", "2", "a"} <= {t.text for t in drawing.texts}


def test_many_other_schools_become_an_outline_and_few_stay_dots(demo):
    few = distribution(demo.distribution(demo.Gate(), demo.schools(2), rest=5), SV)
    many = distribution(demo.distribution(demo.Gate(), demo.schools(2), rest=MANY + 1), SV)
    assert sum(m.shape is Shape.CIRCLE for m in few.marks) == 60
    assert sum(c.look == "crowd" for c in many.curves) == 12


def test_own_schools_are_marked_by_shape_and_named_on_hover(demo):
    drawing = distribution(demo.distribution(demo.Gate(), demo.schools()), SV)
    own = [m for m in drawing.marks if m.shape is Shape.DIAMOND]
    assert own
    assert all(re.match(r".+, 20\d\d/\d\d: \d", m.title) for m in own)


def test_only_schools_outside_the_outer_limit_are_named_in_the_funnel(demo):
    chart = demo.funnel(demo.Gate(), demo.schools(30), outside=4)
    drawing = funnel(chart, SV)
    names = {s.name for s, _ in chart.points}
    assert {t.text for t in drawing.texts} & names == {f"Provskolan {i}" for i in (1, 2, 3, 4)}


@given(st.lists(st.tuples(st.floats(12, 85), st.floats(40, 300)), min_size=1, max_size=6))
def test_every_name_in_the_funnel_is_placed_within_the_narrowest_card(points):
    named = [(x, y, f"Björkhagaskolan {i}") for i, (x, y) in enumerate(points)]
    placed = place_names(named, points, 26, 314)
    assert sorted(p[3] for p in placed) == sorted(name for _, _, name in named)
    for place in placed:
        left, _, right, _ = _box(place, text_width(place[3], bold=True), NARROW)
        assert left >= -4
        assert right <= NARROW + 6


def test_names_of_two_neighbours_do_not_lie_on_one_another():
    named = [(60.0, 100.0, "Hasselmoskolan"), (61.0, 104.0, "Igelvikaskolan")]
    one, other = place_names(named, [(60.0, 100.0), (61.0, 104.0)], 26, 314)
    boxes = [_box(p, text_width(p[3], bold=True), NARROW) for p in (one, other)]
    assert not _overlap(*boxes)


def test_a_funnel_limit_is_cut_exactly_at_the_edge_of_the_plot():
    axis = ValueAxis(Scale(W, Unit.COUNT), 0, 100, 20, 220, (0, 100))
    inside = _inside(_Sizes(100, 25), axis, (0, 50, 100), (200.0, 0.0, 50.0))
    assert inside[0] == pytest.approx((11 + 74 * 0.25, 20))
    assert all(20 <= y <= 220 for _, y in inside)


def test_limits_with_no_school_at_all_still_make_a_funnel(demo):
    chart = demo.funnel(demo.Gate(), [])
    assert isinstance(chart.limits[0], FunnelLimit)
    assert funnel(chart, SV).curves


def test_every_row_of_an_interval_plot_shares_one_scale_and_no_interval_is_cut(demo):
    chart = demo.expected(demo.Gate(), demo.schools())
    shared = rows.shared_scale(chart)
    for row in chart.rows:
        if row.difference is not None and row.difference.value is not None:
            bar = next(r for r in rows.interval_row(shared, row.difference).over)
            assert 0 <= bar.x1 <= bar.x2 <= 100


def test_the_parts_of_a_bar_of_shares_fill_it_in_order(demo):
    bar = rows.share_bar(demo.shares(demo.Gate()), 0, SV)
    assert [round(b.x) for b in bar.blocks] == [0, 3, 20, 26]
    assert sum(b.width for b in bar.blocks) == pytest.approx(100)


def test_the_map_marks_the_chosen_and_colours_nothing_by_result(demo):
    drawn = municipality_map(demo.town_map())
    assert {land.look for land in drawn.lands} == {"land", "land compared", "land chosen"}
    assert drawn.lands[-1].look == "land chosen"
    assert drawn.ring is None


def test_a_municipality_too_small_to_see_gets_a_ring(demo):
    whole = demo.town_map()
    tiny = Outline("1", "Liten", (((15.0, 60.0), (15.01, 60.0), (15.01, 60.01)),))
    drawn = municipality_map(type(whole)((*whole.outlines, tiny), "1"))
    assert drawn.ring is not None


def test_text_is_wider_in_bold_and_for_wide_letters():
    assert text_width("mmm") > text_width("iii")
    assert text_width("abc", bold=True) > text_width("abc")
    assert axes.path([]) == ""


def test_more_schools_outside_than_there_is_room_for_are_named_in_the_table_only(demo):
    chart = demo.funnel(demo.Gate(), demo.schools(30), outside=9)
    drawing = funnel(chart, SV)
    names = {s.name for s, _ in chart.points}
    assert {t.text for t in drawing.texts} & names == set()
    assert sum(m.look in ("f-low", "f-high") for m in drawing.marks) == 9
    assert "names_below" not in facts_of(chart)


def test_labels_with_room_stay_where_they_are_and_clashing_ones_share_the_way():
    assert pushed_apart([10, 100, 200], 16, 0, 300) == [10, 100, 200]
    assert pushed_apart([200, 100, 100], 16, 0, 300) == [200, 92, 108]
    assert pushed_apart([299, 299], 16, 0, 300) == [284, 300]


def test_a_corner_that_two_municipalities_share_is_drawn_once_and_a_speck_not_at_all(demo):
    speck = Outline("2", "Skär", (((15.0, 60.0), (15.0, 60.00001), (15.00001, 60.0)),))
    whole = demo.town_map()
    drawn = municipality_map(type(whole)((*whole.outlines, speck), "9911"))
    assert next(land.d for land in drawn.lands if land.name == "Skär") == ""
