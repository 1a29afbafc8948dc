"""The circle's page and a unit's profile: what is drawn, what is said, what is hidden, and that no cause is claimed."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace

import pytest
from tests.figures.insight.circles import DAY, LINKS, NAMES, SURE, UNIT, facts, publication

from likvard.figures import files
from likvard.figures.card import card
from likvard.figures.drawing.circle import BOX, FRAMES, circle_diagram
from likvard.figures.insight.circle import circle, profile
from likvard.figures.insight.reading import origin
from likvard.figures.insight.scope import Scope, UnitInfo
from likvard.figures.pictures import picture
from likvard.figures.sentences import marked, verdict
from likvard.terms import Audience, Language

CAUSE = re.compile(
    r"\b(leder till|orsakar|beror på|påverkar|ger upphov|causes?|leads to|because of|affects?|impact)\b", re.I
)
DENIED = re.compile(r"(inte bevis för orsak|not proof of cause|säger inte vad|does not say what)", re.I)


@pytest.fixture(scope="module")
def pub(tmp_path_factory):
    with closing(publication(tmp_path_factory.mktemp("circle") / "a.sqlite")) as opened:
        yield opened


@pytest.fixture
def nation():
    return Scope(None, "", {}, Audience.PUBLIC, DAY)


@pytest.fixture
def page(pub, nation):
    return circle(pub, nation)


def _diagram(page):
    return page.figures[0].chart


def test_the_page_has_the_diagram_what_is_left_and_what_broken_links_would_change(page):
    assert [figure.id for figure in page.figures] == [
        "circle",
        "circle-gain",
        "circle-broken-results",
        "circle-broken-turnover",
    ]
    assert page.instead is None
    assert page.seen[0].proxies.sv == "enkäten (54\u00a0%)"


def test_every_link_is_in_the_table_and_only_those_that_may_be_more_than_chance_are_drawn(page):
    chart = _diagram(page)
    assert len(page.figures[0].table.rows) == len(LINKS)
    assert {(one.source, one.target) for one in chart.drawn} == {tuple(one.split(">")) for one in SURE}


def test_links_stand_by_domain_and_never_by_size(page):
    order = [row.code for row in page.figures[0].table.rows]
    codes = list(NAMES)
    assert order == sorted(order, key=lambda link: [codes.index(part) for part in link.split(">")])


def test_arrows_begin_and_end_at_the_edges_of_their_boxes_and_nothing_leaves_the_frame(page):
    chart = _diagram(page)
    for frame, drawn in zip(FRAMES, circle_diagram(chart, Language.SV), strict=True):
        assert len(drawn.arrows) == len(chart.drawn)
        for arrow, one in zip(drawn.arrows, chart.drawn, strict=True):
            tip = tuple(float(v) for v in arrow.head.split()[0].split(","))
            for (x, y), code in (((arrow.x1, arrow.y1), one.source), (tip, one.target)):
                mx, my = frame.places[code]
                off = max(abs(x - mx) - frame.box / 2, abs(y - my) - BOX / 2)
                assert 0 < off <= 5
            assert 0 <= arrow.x <= frame.width
            assert 0 <= arrow.y <= frame.height
        for box in drawn.boxes:
            assert box.x >= 0
            assert box.x + box.width <= frame.width
            assert box.y + BOX <= frame.height


def test_no_two_boxes_of_a_layout_lie_on_one_another():
    for frame in FRAMES:
        places = list(frame.places.values())
        for i, (x, y) in enumerate(places):
            assert all(abs(x - u) >= frame.box or abs(y - v) >= BOX for u, v in places[:i])


def test_no_number_lies_on_a_box(page):
    for frame, drawn in zip(FRAMES, circle_diagram(_diagram(page), Language.SV), strict=True):
        for arrow in drawn.arrows:
            for x, y in frame.places.values():
                assert abs(arrow.x - x) >= frame.box / 2 or abs(arrow.y - 5 - y) >= BOX / 2


def test_where_every_link_is_drawn_the_numbers_still_lie_apart(page):
    chart = _diagram(page)
    order = list(NAMES)[:6]
    arrow = chart.drawn[0]
    round_about = [(a, b) for i, a in enumerate(order) for b in (order[i - 1], order[i - 5])]
    crowded = replace(chart, arrows=tuple(replace(arrow, source=a, target=b, sure=True) for a, b in round_about))
    for drawn in circle_diagram(crowded, Language.SV):
        places = [(one.x, one.y) for one in drawn.arrows]
        for i, (x, y) in enumerate(places):
            assert all(abs(x - u) > 20 or abs(y - v) > 12 for u, v in places[:i])


def test_a_larger_link_has_a_wider_arrow(page):
    drawn = circle_diagram(_diagram(page), Language.SV)[0]
    widths = {arrow.text: arrow.width for arrow in drawn.arrows}
    assert widths["0,25"] > widths["0,22"] > widths["0,15"]


def test_the_sentences_say_how_many_are_clear_and_that_it_is_no_proof(page):
    diagram = page.figures[0]
    said = " ".join(words.sv for words in marked(diagram.kind, diagram.facts))
    assert "Fyra samband mellan områdena" in page.lead[0].sv
    assert "Fyra av sju led** är säkerställda" in said
    assert "undervisning till studiero" in said
    assert "inte bevis för orsak" in said
    assert "När tiden vänds går inget led att skilja från slump." in said


def test_links_left_with_time_turned_round_are_said_to_speak_against_the_picture(tmp_path, nation):
    with closing(publication(tmp_path / "b.sqlite", facts(alarms=2))) as pub:
        diagram = circle(pub, nation).figures[0]
        assert "två led kvar" in " ".join(words.sv for words in verdict(diagram.kind, diagram.facts))


@pytest.mark.parametrize("language", list(Language))
def test_nothing_on_the_page_claims_a_cause(pub, page, nation, language):
    figures = [*page.figures, profile(pub, nation, UNIT)]
    for figure in figures:
        said = [words[language] for words in verdict(figure.kind, figure.facts)]
        said += [words[language] for item in figure.method for words in (item.term, item.text)]
        said += [figure.question[language], figure.subtitle[language]]
        for text in said:
            assert DENIED.search(text) or not CAUSE.search(text), text


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "svg"])
def test_the_diagram_can_be_had_as_a_file(pub, page, nation, ending):
    made = files.make(page.figures[0], Language.SV, origin(pub, nation), ending)
    assert len(made) > 500


def test_the_card_draws_the_circle_for_a_wide_card_and_for_a_phone(page):
    made = str(card(page.figures[0], Language.SV, href=lambda pane: f"?visa={pane}"))
    assert made.count('class="c circle') == 2
    assert "style=" not in made
    assert "Styrning" in made


def test_without_a_circle_the_page_says_why(tmp_path, nation):
    why = {"instead": {"sv": "För få skolor.", "en": "Too few schools."}}
    with closing(publication(tmp_path / "c.sqlite", why)) as pub:
        assert circle(pub, nation).instead.sv == "För få skolor."
        assert profile(pub, nation, UNIT) is None


def test_a_profile_names_the_domains_that_have_been_below_for_two_years(pub, nation):
    figure = profile(pub, nation, UNIT)
    said = " ".join(words.sv for words in verdict(figure.kind, figure.facts))
    assert said == "Två av sex områden har legat under det väntade i två år eller mer: studiero och rektorsbyten."


def test_a_profile_stands_in_the_circles_order_and_is_drawn_as_intervals(pub, nation):
    figure = profile(pub, nation, UNIT)
    pane = picture(figure, Language.EN)
    assert [row.name for _, rows in pane.groups for row in rows] == [en for _, en in list(NAMES.values())[:6]]
    assert [row.head.en for row in figure.table.rows] == [en for _, en in list(NAMES.values())[:6]]
    assert [row.flagged for _, rows in pane.groups for row in rows] == [False, False, True, False, False, True]


def test_a_small_units_profile_is_hidden_with_its_reason(pub, nation):
    figure = profile(pub, nation, UnitInfo("10000002", "Liten", "Norr", ("GR",)))
    pane = picture(figure, Language.SV)
    assert all(row.instead for _, rows in pane.groups for row in rows)
    assert figure.facts["domains"] == 0


def test_a_unit_without_figures_has_no_profile(pub, nation):
    assert profile(pub, nation, UnitInfo("10000099", "Ny", "Norr", ("GR",))) is None
