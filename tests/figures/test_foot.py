"""The foot of a card: source, and the pupils that the newest point of a curve rests on, never a hidden one's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from likvard.figures.figure import Explanation, Source
from likvard.figures.rendering import foot
from likvard.figures.table import Kind
from likvard.figures.twins import figure
from likvard.figures.views import table_view
from likvard.terms import Language, Missing, Words

W = Words("x", "x")
SV, EN = Language.SV, Language.EN


def drawn(chart):
    return figure(
        id="one", question=W, subtitle=W, chart=chart, sources=(Source(Words("Betyg", "Grades"), "2025"),),
        method=(Explanation(W, W),), indicator="merit_value",
    )  # fmt: skip


@pytest.fixture
def gate(demo):
    return demo.Gate()


def test_a_curve_says_how_many_pupils_its_newest_point_rests_on(demo, gate):
    told = foot(drawn(demo.trend(gate)), SV).replace("\u00a0", " ")
    assert told == "Källa: Betyg, 2025. Bygger på 900 elever läsåret 2024/25."


def test_a_gap_rests_on_the_pupils_of_both_groups(demo, gate):
    assert "1,800 pupils" in foot(drawn(demo.gap(gate)), EN).replace("\u00a0", " ")


def test_where_the_newest_point_is_hidden_nothing_is_said_of_its_pupils(demo, gate):
    chart = demo.trend(gate)
    line = chart.lines[0]
    last = gate(None, missing=Missing.FEW)
    hidden = replace(chart, lines=(replace(line, points=(*line.points[:-1], last)),))
    assert foot(drawn(hidden), SV) == "Källa: Betyg, 2025."


def test_a_line_without_any_interval_has_no_column_of_uncertainty(demo, gate):
    chart = demo.trend(gate)
    bare = replace(chart.lines[0], points=tuple(gate(210.0 + t) for t in range(len(chart.periods))))
    kinds = [column.kind for column in drawn(replace(chart, lines=(bare,), comparisons=())).table.columns]
    assert Kind.INTERVAL not in kinds
    assert Kind.INTERVAL in [column.kind for column in drawn(chart).table.columns]


def test_beside_a_hidden_value_its_interval_has_the_same_sign_not_a_blank(demo, gate):
    view = table_view(drawn(demo.trend(gate)).table, SV)
    row = next(row for _, rows in view.groups for row in rows if row.cells[0].text == "×")
    assert row.cells[1].text == "×"
