"""The page on segregation between schools: the same for everybody, in both languages, for the country and a municipality."""

from __future__ import annotations

from contextlib import closing

import pytest
from tests.figures.insight.segregated import publication as made_of


@pytest.fixture(scope="module")
def about_segregation(tmp_path_factory):
    with closing(made_of(tmp_path_factory.mktemp("segregation") / "a.sqlite")) as opened:
        yield opened


@pytest.fixture
def segregated(about_segregation, read):
    return read(about_segregation)


def test_everybody_sees_the_country_with_what_it_does_not_say(segregated, enter):
    page = enter(None).get("/segregation/").content.decode()
    assert "Hur åtskilda går elever i skolan?" in page
    assert "inte varför" in page
    assert page.count("<article") == 7
    assert "Botkyrka" in page


def test_it_is_told_in_english(segregated, enter):
    page = enter(None).get("/segregation/?sprak=en").content.decode()
    assert "How segregated are the schools?" in page


def test_a_municipality_has_its_own_page_with_the_country_beside_it(segregated, enter):
    page = enter(None).get("/segregation/?kommun=0127").content.decode()
    assert "landet, utländsk bakgrund" in page
    assert "Hur är det i varje kommun?" not in page


def test_a_municipality_of_which_nothing_is_told_is_not_found(segregated, enter):
    assert enter(None).get("/segregation/?kommun=0180").status_code == 404


def test_an_organiser_has_its_own_page_and_one_that_is_not_told_of_has_none(segregated, enter):
    page = enter(None).get("/segregation/?huvudman=2120009991").content.decode()
    assert "landet, utländsk bakgrund" in page
    assert enter(None).get("/segregation/?huvudman=5560009995").status_code == 404


def test_from_an_organisers_page_the_choices_lead_to_everybody_and_back(segregated, enter):
    page = enter(None).get("/segregation/?huvudman=2120009991").content.decode()
    assert 'href="/oversikt/2120009991/"' in page
    assert '<input type="hidden" name="huvudman" value="2120009991"' in page
    everybody = enter(None).get("/segregation/?huvudman=2120009991&kommun=00").content.decode()
    assert "Hur är det i varje kommun?" in everybody
    assert '<option value="00" selected>' in everybody


@pytest.mark.parametrize("figure", ["segregation-over-time", "segregation-levels", "segregation-change"])
def test_each_figure_stands_by_itself_and_as_a_file(segregated, enter, figure):
    assert enter(None).get(f"/segregation/figur/{figure}/").status_code == 200
    assert enter(None).get(f"/segregation/figur/{figure}/", {"som": "csv"}).status_code == 200


def test_without_segregation_the_page_says_what_is_lacking(publication, enter):
    page = enter(None).get("/segregation/").content.decode()
    assert "/data/" in page
    assert "går inte att räkna ut" in page
