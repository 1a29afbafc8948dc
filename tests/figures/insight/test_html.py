"""The parts of the pages as HTML: whole, without style or script, every name escaped, every hidden cell explained."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from likvard.figures.insight import html
from likvard.figures.insight.overview import overview
from likvard.figures.insight.results import results
from likvard.figures.insight.scope import Compare, Order
from likvard.figures.insight.unit import unit
from likvard.terms import Language, Words


class Read(HTMLParser):
    """Collects tags and attributes, and checks that every tag is closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.attributes, self.text = [], [], ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, *pair) for pair in attrs]
        self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.attributes += [(tag, *pair) for pair in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def all(self, name):
        return [value for _, found, value in self.attributes if found == name]


def drawn(page, language=Language.SV, **more):
    return html.needs(
        page.needs,
        language,
        unit_href=lambda code: f"/skolor/{code}/",
        order_href=lambda order: f"?ordna={order}",
        **more,
    )


@pytest.fixture(scope="module")
def page(publication, scope):
    return overview(publication, scope)


@pytest.mark.parametrize("language", list(Language))
def test_every_part_is_whole_and_has_no_style_script_or_handler(publication, scope, others, page, language):
    compared = results(publication, scope, compare=Compare("10000002", others=others)).comparison
    one = unit(publication, scope, "10000000")
    parts = [
        drawn(page, language, extra=("Ärenden", {"10000000": ("2", "/arenden/")}), files=[("CSV", "?som=csv")]),
        html.changes(page.changes, language, unit_href=str),
        html.comparison(compared, language, list_href="#x", own_href="/grupper/", unit_href=str),
        html.facts(one.facts, language),
        html.legend(language),
        html.sentences(page.lead, language),
    ]
    for part in parts:
        read = Read(part)
        assert read.all("style") == []
        assert [a for a in read.attributes if a[0] in ("script", "style") or a[1].startswith("on")] == []
        assert len(read.all("id")) == len(set(read.all("id")))


def test_every_unit_is_a_link_and_the_present_order_is_marked(page):
    read = Read(drawn(page))
    assert {h for h in read.all("href") if h.startswith("/skolor/")} == {
        f"/skolor/{row.unit.code}/" for row in page.needs.rows
    }
    assert ("a", "aria-current", "true") in read.attributes
    assert "?ordna=need" in read.all("href")


def test_the_areas_group_the_rows_only_where_they_order_them(publication, scope, page):
    assert '<tr role="row" class="grp">' in drawn(page)
    assert '<tr role="row" class="grp">' not in drawn(overview(publication, scope, order=Order.NAME))


def test_what_is_not_there_is_said_to_a_screen_reader_with_its_reason(page):
    text = drawn(page)
    assert '<span class="sr">inte lämnad till källan</span>' in text
    assert '<span class="sr">gäller inte här</span>' in text
    assert "<b>.</b>inte lämnad till källan" in text


def test_an_arrow_is_also_said_in_words(page):
    text = drawn(page)
    assert text.count('<span class="sr"> har ökat sedan året före</span>') == 1
    assert text.count('<span class="sr"> har minskat sedan året före</span>') == 1


def test_last_years_survey_says_its_year_where_this_years_asked_others(page):
    assert "<small>6,0–6,8</small> <small>2024</small>" in drawn(page)


def test_an_interval_is_drawn_and_said(page):
    assert "under det väntade; osäkerhet, 95 %: −27 till −9" in drawn(page).replace("\u00a0", " ")


def test_a_name_is_escaped_wherever_it_stands(publication, scope, units):
    wild = replace(units["10000001"], name='<b onclick="x">&', area="<i>")
    page = overview(publication, replace(scope, units={"10000001": wild}))
    for text in (drawn(page), html.changes(page.changes, Language.EN, unit_href=str)):
        assert "<b onclick" not in text
        assert "&lt;b onclick=&#34;x&#34;&gt;&amp;" in text


def test_the_column_of_the_site_stands_last_with_a_dash_where_it_has_nothing(page):
    text = drawn(page, extra=("Öppna ärenden", {"10000000": ("3", "/arenden/")}))
    assert text.count('data-label="Öppna ärenden"') == len(page.needs.rows)
    assert '<a href="/arenden/">3</a>' in text


def test_the_range_of_the_compared_stands_beside_the_own_value(publication, scope, others):
    compared = results(publication, scope, compare=Compare("10000002", others=others)).comparison
    text = html.comparison(compared, Language.SV)
    assert re.search(r'<td class="n">60\s%</td><td class="n">\d\d–\d\d\s%</td>', text)


def test_no_facts_are_no_empty_list():
    assert html.facts((), Language.SV) == ""
    assert html.sentences((Words("**A**", "B"),), Language.SV) == "<b>A</b>"


def test_a_fact_that_is_hidden_says_why_in_words(publication, scope, page):
    hidden = next(c.cell for row in page.needs.rows for c in row.cells if c.cell is not None and c.cell.value is None)
    fact = unit(publication, scope, "10000000").facts[0]
    assert "Inte lämnad till källan" in html.facts((replace(fact, cell=hidden),), Language.SV)
    assert "ingen uppgift" in html.facts((replace(fact, cell=None),), Language.SV)


def test_what_is_unknown_of_the_compared_is_a_dash(publication, scope, others):
    compared = results(publication, scope, compare=Compare("10000002", others=others)).comparison
    bare = replace(compared, criteria=(replace(compared.criteria[0], own=None, low=None, high=None),))
    assert html.comparison(bare, Language.SV).count('<td class="n">–</td>') == 2
