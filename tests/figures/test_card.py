"""The card: one pane at a time, each at an address, the same cells in all of them."""

from __future__ import annotations

import re

import pytest

from likvard.figures.card import card
from likvard.figures.measures import FigureError
from likvard.terms import Language


def made(figure, pane="chart", **more):
    return card(figure, Language.SV, pane=pane, href=lambda name: f"?visa={name}", **more)


def shown(text):
    return re.findall(r'class="pane shown (p-\w+)"', text)


def by_id(report, id):
    return next(figure for figure in report.figures if figure.id == id)


@pytest.fixture
def drawn(report):
    return next(figure for figure in report.figures if figure.chart is not None)


@pytest.fixture
def undrawn(report):
    return next(figure for figure in report.figures if figure.chart is None)


def test_the_panes_are_links_and_the_one_shown_is_marked(drawn):
    text = made(drawn, "table")
    assert re.findall(r'<a href="(\?visa=\w+)"( aria-current="true")?>', text) == [
        ("?visa=chart", ""),
        ("?visa=table", ' aria-current="true"'),
        ("?visa=method", ""),
    ]
    assert shown(text) == ["p-table"]


def test_a_figure_without_a_chart_opens_with_its_table(undrawn):
    text = made(undrawn)
    assert "?visa=chart" not in text
    assert '<a href="?visa=table" aria-current="true">' in text


def test_for_print_every_pane_stands_below_the_other_and_none_is_marked(drawn):
    text = made(drawn, "all")
    assert text.count('class="pane shown') == 3
    assert "aria-current" not in text


@pytest.mark.parametrize("pane", ["chart", "table", "method"])
def test_paper_has_chart_and_table_whichever_is_shown(drawn, pane):
    text = made(drawn, pane)
    assert shown(text) == [f"p-{pane}"]
    on_paper = {*re.findall(r'class="pane paper (p-\w+)"', text), *shown(text)} - {"p-method"}
    assert on_paper == {"p-chart", "p-table"}
    assert "<table" in text
    assert '<svg class="c"' in text


def test_a_heat_table_needs_no_table_beside_it_on_paper(report):
    heat = next(figure for figure in report.figures if figure.kind == "heat")
    assert "p-table" not in made(heat)


def test_files_method_and_explanation_are_links(drawn):
    text = made(drawn, "method", files=[("CSV", "/x.csv")], method_href="/matt/x/", explain_href="/matt/x/#skiljer")
    assert '<a href="/x.csv" download>CSV</a>' in text
    assert '<a href="/matt/x/">Mer om måttet</a>' in text
    assert '<a href="/matt/x/#skiljer">Varför skiljer sig siffran?</a>' in text


def test_the_heading_has_the_level_asked_for_and_parts_the_next(report):
    gap = next(figure for figure in report.figures if figure.kind == "gap")
    text = made(gap, heading=3)
    assert re.search(r"<h3 id=", text)
    assert re.search(r'<h4 class="part">', text)


def test_every_figure_has_a_card_in_both_languages_without_style_or_script(report):
    for figure in report.figures:
        for language in Language:
            text = card(figure, language, pane="all", href=str)
            assert " style=" not in text
            assert "<script" not in text
            ids = re.findall(r' id="([^"]+)"', text)
            assert len(ids) == len(set(ids))


def test_an_unknown_pane_is_refused_with_those_there_are(drawn):
    with pytest.raises(FigureError, match="chart, table, method or all"):
        made(drawn, "pie")
