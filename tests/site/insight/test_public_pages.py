"""What anybody may read: the start, every school by name, measures, and where the figures come from."""

from __future__ import annotations

import html

import pytest
from django.db import transaction
from tests.site.insight.conftest import BJÖRK, EKVIK

from likvard import indicators
from likvard.site.audit import events
from likvard.terms import DisclosureError

# the start


def test_the_start_tells_of_the_country_and_searches(publication, enter):
    page = enter(None).get("/").content.decode()
    assert "228" in page
    assert "196–266" in page
    assert 'role="search"' in page


def test_a_figure_of_the_country_stands_by_itself(publication, enter):
    assert enter(None).get("/figur/variance-shares/", {"som": "csv"}).status_code == 200
    assert enter(None).get("/figur/needs/").status_code == 404


@pytest.mark.parametrize(
    ("who", "where"), [("harald", f"/oversikt/{EKVIK}/"), ("rut", f"/skolor/{BJÖRK}/"), ("sten", f"/skolor/{BJÖRK}/")]
)
def test_who_has_a_place_comes_to_its_page(publication, cast, enter, who, where):
    assert enter(getattr(cast, who)).get("/").headers["Location"] == where


@pytest.mark.parametrize("who", ["olle", "ines"])
def test_who_has_no_place_of_their_own_sees_the_start(publication, cast, enter, who):
    assert enter(getattr(cast, who)).get("/").status_code == 200


# every school by name


def test_a_search_finds_schools_by_name_organiser_place_and_number_whatever_the_case(publication, enter):
    for words in ("LÄRK", "lärkan ab", "90000005", "skolan lärk"):
        page = enter(None).get("/skolor/", {"q": words}).content.decode()
        assert "Lärkskolan" in page
        assert "Björkskolan" not in page


def test_a_search_finds_organisers_too(publication, enter):
    assert f'href="/oversikt/{EKVIK}/"' in enter(None).get("/skolor/", {"q": "ekviks"}).content.decode()


def test_schools_stand_by_name_with_swedish_letters_last(publication, enter, places):
    places.gran.name = "Åskolan"
    places.gran.save()
    names = [entry.name for entry in enter(None).get("/skolor/").context["page"].object_list]
    assert names[-1] == "Åskolan"


def test_closed_schools_are_left_out_until_asked_for(publication, enter):
    assert "Gamla Björkskolan" not in enter(None).get("/skolor/").content.decode()
    assert "Gamla Björkskolan" in enter(None).get("/skolor/", {"stangda": "1"}).content.decode()


def test_schools_can_be_chosen_by_form_and_kind_of_organiser(publication, enter):
    adapted = enter(None).get("/skolor/", {"form": "GRAN"}).context["page"].object_list
    independent = enter(None).get("/skolor/", {"huvudman": "independent"}).context["page"].object_list
    assert [entry.name for entry in adapted] == ["Björkskolans anpassade grundskola"]
    assert [entry.name for entry in independent] == ["Lärkskolan"]


def test_a_search_that_finds_nothing_says_what_to_do(publication, enter):
    assert "Pröva färre bokstäver" in enter(None).get("/skolor/", {"q": "<script>"}).content.decode()


def test_what_was_searched_for_is_written_as_text(publication, enter):
    page = enter(None).get("/skolor/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page


def test_the_list_follows_the_register_each_time_it_is_taken_from_the_lake(publication, enter, places, now):
    def names():
        return [entry.name for entry in enter(None).get("/skolor/").context["page"].object_list]

    def synced():
        with transaction.atomic():
            events.record(at=now, actor=None, what="register.synced")

    synced()
    assert "Granskolan" in names()
    places.gran.name = "Enskolan"
    places.gran.save()
    assert "Granskolan" in names()
    synced()
    assert "Enskolan" in names()


# measures


def test_every_measure_has_a_page_with_who_checked_it(publication, enter):
    browser = enter(None)
    for indicator in indicators.indicators():
        page = browser.get(f"/matt/{indicator.id}/").content.decode()
        assert indicator.why.sv in html.unescape(page)
        assert "Nästa genomgång" in page


def test_the_list_names_every_measure(publication, enter):
    page = enter(None).get("/matt/").content.decode()
    assert all(f'href="/matt/{indicator.id}/"' in page for indicator in indicators.indicators())


def test_a_review_that_is_late_is_marked(publication, now, clock, enter):
    assert "genomgången är sen" not in enter(None).get("/matt/").content.decode()
    clock(now.replace(year=2040))
    assert "genomgången är sen" in enter(None).get("/matt/").content.decode()
    assert "genomgången är sen" in enter(None).get("/matt/merit_value/").content.decode()


def test_a_measure_that_there_is_not_is_not_found(publication, enter):
    assert enter(None).get("/matt/finns_inte/").status_code == 404


# without figures


@pytest.mark.parametrize("path", [f"/oversikt/{EKVIK}/", f"/resultat/{EKVIK}/", f"/skolor/{BJÖRK}/"])
def test_without_figures_a_page_says_what_to_do(places, enter, path, monkeypatch):
    monkeypatch.setattr("likvard.site.published.current", lambda: None)
    assert "likvard publish" in enter(None).get(path).content.decode()


def test_without_figures_there_is_a_start_and_a_list_of_schools(places, enter, monkeypatch):
    monkeypatch.setattr("likvard.site.published.current", lambda: None)
    for path in ("/", "/skolor/", "/matt/", "/matt/merit_value/", "/data/"):
        assert enter(None).get(path).status_code == 200


def test_figures_that_cannot_be_trusted_are_not_shown_and_the_log_says_why(places, enter, monkeypatch, caplog):
    def damaged():
        raise DisclosureError("The publication a.sqlite cannot be used.", "Make it anew.")

    monkeypatch.setattr("likvard.site.published.current", damaged)
    page = enter(None).get(f"/skolor/{BJÖRK}/").content.decode()
    assert "likvard publish" in page
    assert "a.sqlite" not in page
    assert "a.sqlite" in caplog.text
