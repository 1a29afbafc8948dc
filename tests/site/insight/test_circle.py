"""The page on the circle, and the profile on a school's page: the same for everybody, in both languages."""

from __future__ import annotations

from contextlib import closing

import pytest
from tests.figures.insight.circles import publication as made_of
from tests.site.insight.conftest import BJÖRK, GRAN


@pytest.fixture(scope="module")
def circle_of_the_country(tmp_path_factory):
    with closing(made_of(tmp_path_factory.mktemp("circle") / "a.sqlite", unit=BJÖRK)) as opened:
        yield opened


@pytest.fixture
def circled(circle_of_the_country, read):
    return read(circle_of_the_country)


def test_everybody_sees_the_circle_with_what_it_does_not_say(circled, enter):
    page = enter(None).get("/cirkeln/").content.decode()
    assert "Vad hänger ihop, år efter år?" in page
    assert "inte bevis för orsak" in page
    assert page.count('class="c circle') == 2


def test_the_circle_is_told_in_english(circled, enter):
    page = enter(None).get("/cirkeln/?sprak=en").content.decode()
    assert "not proof of cause" in page
    assert "What each domain is seen in" in page


@pytest.mark.parametrize("figure", ["circle", "circle-gain", "circle-broken-results"])
def test_each_figure_stands_by_itself_and_as_a_file(circled, enter, figure):
    assert enter(None).get(f"/cirkeln/figur/{figure}/").status_code == 200
    assert enter(None).get(f"/cirkeln/figur/{figure}/", {"som": "csv"}).status_code == 200


def test_a_figure_that_is_not_on_the_page_is_not_found(circled, enter):
    assert enter(None).get("/cirkeln/figur/rank/").status_code == 404


def test_without_a_circle_the_page_says_what_is_lacking(publication, enter):
    page = enter(None).get("/cirkeln/").content.decode().partition("<main")[2].partition("</main>")[0]
    assert "Cirkeln kan inte räknas ut från det som har lämnats in." in page
    assert "/data/" in page


def test_a_schools_page_has_its_profile_and_a_school_without_figures_has_none(circled, enter):
    own, other = (enter(None).get(f"/skolor/{code}/").content.decode() for code in (BJÖRK, GRAN))
    assert "studiero och rektorsbyten" in own
    assert 'href="/cirkeln/"' in own
    assert "Hur ser skolans profil ut?" not in other


def test_the_profile_can_be_had_as_a_file(circled, enter):
    answer = enter(None).get(f"/skolor/{BJÖRK}/figur/domains/", {"som": "csv"})
    assert answer.status_code == 200
    assert "Studiero" in answer.content.decode("utf-8-sig")
