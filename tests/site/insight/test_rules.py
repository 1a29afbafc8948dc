"""What an address asks for."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from likvard.site.insight.rules import LARGEST_GROUP, LONGEST, Asked, codes_of, instead, uuid_of

NAMES = ("form", "omrade")
TEXTS = st.text(max_size=40)


def asked(**query: str) -> Asked:
    return Asked.of("/oversikt/1/", query, NAMES)


def test_an_address_holds_only_the_choices_that_its_page_knows():
    assert asked(omrade="Norr", form="GR", dold="1").href == "/oversikt/1/?form=GR&omrade=Norr"


def test_the_same_choices_in_another_order_are_the_same_address():
    assert asked(form="GR", omrade="Norr") == asked(omrade="Norr ", form="GR")


def test_a_value_that_is_too_long_is_left_out():
    assert asked(form="x" * (LONGEST + 1)).href == "/oversikt/1/"


@given(st.dictionaries(st.sampled_from(NAMES), TEXTS))
def test_what_is_asked_for_comes_back_from_the_address(query: dict[str, str]):
    once = Asked.of("/a/", query, NAMES)
    again = dict(parse_qsl(urlsplit(once.href).query, keep_blank_values=True))
    assert Asked.of("/a/", again, NAMES) == once


def test_a_card_shows_its_chart_until_its_table_is_asked_for():
    page = asked(tabell="gap,funnel", metod="heat")
    assert [page.pane(f) for f in ("gap", "heat", "expected")] == ["table", "method", "chart"]


def test_another_pane_of_one_card_leaves_the_other_cards_as_they_are():
    page = asked(form="GR", tabell="gap,funnel")
    assert page.pane_href("gap")("method") == "/oversikt/1/?form=GR&tabell=funnel&metod=gap#gap"
    assert page.pane_href("gap")("chart") == "/oversikt/1/?form=GR&tabell=funnel#gap"


def test_a_figure_has_its_own_address_with_the_choices_but_no_panes():
    page = asked(form="GR", tabell="gap")
    assert page.figure_href("gap") == "/oversikt/1/figur/gap/?form=GR"
    assert page.file_href("gap", "csv") == "/oversikt/1/figur/gap/?form=GR&som=csv"
    assert asked().file_href("gap", "csv") == "/oversikt/1/figur/gap/?som=csv"


@given(st.lists(st.from_regex(r"[0-9]{8}", fullmatch=True) | TEXTS, max_size=90))
def test_a_group_holds_codes_of_units_only_each_once_and_not_too_many(texts: list[str]):
    codes = codes_of(",".join(texts))
    assert len(set(codes)) == len(codes) <= LARGEST_GROUP
    assert all(len(code) == 8 and code.isdigit() for code in codes)


def test_what_is_no_id_is_no_id():
    assert uuid_of("1; drop table") is None
    assert uuid_of("6f9619ff-8b86-d011-b42d-00c04fc964ff") is not None


def test_a_school_that_is_followed_in_another_way_says_so():
    assert instead(("GR", "GRAN")) is None
    assert "egna kriterier" in instead(("GRAN",)).sv
    assert "egna kriterier" in instead(("SP",)).sv
    assert "Inga betyg" in instead(("FSK",)).sv
    assert instead(()) is None
