"""Matters on the pages with figures: for those who work with them, and for nobody else."""

from __future__ import annotations

import pytest
from tests.site.insight.conftest import EKVIK, GRAN

from likvard.site.cases import actions

OVERVIEW, UNIT = f"/oversikt/{EKVIK}/", f"/skolor/{GRAN}/"


@pytest.fixture
def matter(publication, cast, places, now):
    """A matter about Granskolan that Harald has."""
    case = actions.open_case(kind="matter", title="Särskilt stöd i år 7", place=places.gran, by=cast.harald, at=now)
    return actions.share_out(case=case, to=cast.harald, by=cast.harald, at=now)


def test_what_waits_for_the_reader_stands_first_with_the_oldest(matter, cast, enter):
    page = enter(cast.harald).get(OVERVIEW).content.decode()
    assert "Det här väntar på dig" in page
    assert f"Äldst: {matter.dnr}, Granskolan" in page
    assert page.index("Det här väntar på dig") < page.index("<table")


def test_what_waits_for_somebody_else_does_not_wait_for_the_reader(matter, cast, enter):
    for who in (cast.kim, cast.anna, cast.other_harald, None):
        assert "Det här väntar på dig" not in enter(who).get(OVERVIEW).content.decode()


def test_open_matters_are_counted_at_each_school(matter, cast, enter):
    for who in (cast.harald, cast.kim):
        assert f'<a href="{UNIT}#q6">1</a>' in enter(who).get(OVERVIEW).content.decode()


def test_a_matter_at_a_school_is_named_to_those_who_may_know_of_it(matter, cast, enter):
    page = enter(cast.harald).get(UNIT).content.decode()
    assert matter.dnr in page
    assert f'href="/arenden/{matter.slug}/"' in page
    for who in (cast.rut, cast.anna, cast.other_rut, None):
        assert matter.dnr not in enter(who).get(UNIT).content.decode()


def test_a_page_that_is_remembered_for_one_reader_tells_another_nothing_of_their_matters(matter, cast, enter):
    assert "Det här väntar på dig" in enter(cast.harald).get(OVERVIEW).content.decode()
    assert matter.title not in enter(cast.kim).get(OVERVIEW).content.decode()
