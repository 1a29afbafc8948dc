"""The organiser's overview: who sees which figures of it, and what is never in it."""

from __future__ import annotations

import pytest
from tests.site.insight.conftest import BJÖRK, EKVIK, GRAN

from likvard.site.audit.models import Event

PAGE = f"/oversikt/{EKVIK}/"


def test_anybody_sees_every_school_on_one_page(publication, enter):
    page = enter(None).get(PAGE).content.decode()
    assert all(name in page for name in ("Alskolan", "Björkskolan", "Ekskolan", "Granskolan", "Hasselskolan"))


def test_the_adapted_school_stands_in_its_place_with_its_own_criteria(publication, enter):
    page = enter(None).get(f"{PAGE}").content.decode()
    assert "Björkskolans anpassade grundskola" in page
    assert "följs med egna kriterier" in page


def test_schools_stand_by_area_and_name_and_never_by_result(publication, enter):
    browser = enter(None)
    for order in ("", "resultat", "result", "-merit_value"):
        page = browser.get(PAGE, {"ordning": order}).content.decode()
        table = page[page.index("<tbody") : page.index("</table>")]
        assert table.index("Björkskolan") < table.index("Alskolan") < table.index("Granskolan")


def test_order_by_need_begins_where_fewest_parents_have_studied(publication, enter):
    page = enter(None).get(f"{PAGE}?ordning=need").content.decode()
    table = page[page.index("<tbody") : page.index("</table>")]
    assert table.index("Lindskolan") < table.index("Alskolan") < table.index("Björkskolan")


@pytest.mark.parametrize("who", ["harald", "kim", "anna"])
def test_who_works_for_the_organiser_is_told_why_they_see_more_and_it_is_noted(publication, cast, enter, who):
    person = getattr(cast, who)
    response = enter(person).get(PAGE)
    assert response.headers["Cache-Control"] == "no-store"
    assert "Ekviks kommun" in response.context["visit"].grant.reason
    noted = Event.objects.get(what="figures.read")
    assert (noted.actor, noted.subject) == (str(person.pk), f"organiser:{EKVIK}")
    assert noted.values == {"publication": publication.id}


@pytest.mark.parametrize("who", ["sten", "rut", "elsa", "adam", "olle", "ines", "bea", "petra", "nils", "other_harald"])
def test_everybody_else_sees_what_the_public_sees_and_nothing_is_noted(publication, cast, enter, who):
    response = enter(getattr(cast, who)).get(PAGE)
    assert response.context["visit"].public
    assert not Event.objects.filter(what="figures.read").exists()


def test_an_organiser_that_there_is_not_is_not_found(publication, enter):
    assert enter(None).get("/oversikt/0000000000/").status_code == 404
    assert enter(None).get("/oversikt/..%2F..%2Fetc/").status_code == 404


def test_a_stranger_who_has_the_page_already_is_told_that_nothing_is_new(publication, enter):
    first = enter(None).get(PAGE)
    again = enter(None).get(PAGE, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    english = enter(None).get(PAGE, {"sprak": "en"}, headers={"If-None-Match": first.headers["ETag"]})
    assert english.status_code == 200


def test_the_page_is_the_same_when_it_is_remembered(publication, enter):
    assert enter(None).get(PAGE).content == enter(None).get(PAGE).content


def test_a_choice_that_the_page_does_not_know_makes_no_other_page(publication, enter):
    first, other = enter(None).get(PAGE), enter(None).get(PAGE, {"utm": "1", "sida": "'; --"})
    assert other.status_code == 200
    assert first.context["body"] == other.context["body"]


def test_only_who_works_with_matters_sees_how_many_are_open(publication, cast, enter):
    assert "Öppna ärenden" in enter(cast.harald).get(PAGE).content.decode()
    assert "Öppna ärenden" not in enter(cast.anna).get(PAGE).content.decode()
    assert "Öppna ärenden" not in enter(None).get(PAGE).content.decode()


def test_the_page_says_that_the_data_are_invented(publication, enter):
    page = enter(None).get(PAGE).content.decode()
    assert page.index("Påhittade uppgifter.") < page.index("<h1")


def test_schools_lead_to_their_pages(publication, enter):
    page = enter(None).get(PAGE).content.decode()
    assert f'href="/skolor/{BJÖRK}/"' in page
    assert f'href="/skolor/{GRAN}/"' in page


def test_the_page_is_complete_in_english(publication, enter):
    page = enter(None).get(PAGE, {"sprak": "en"}).content.decode()
    assert "How far from the expected is each school?" in page
    assert 'lang="en"' in page


def test_an_unknown_form_or_area_is_as_if_not_chosen(publication, enter):
    response = enter(None).get(PAGE, {"form": "xx", "omrade": "'; --"})
    assert response.status_code == 200
    assert "Granskolan" in response.content.decode()


def test_units_that_are_no_schools_are_counted_and_can_be_shown(publication, enter, places):
    places.gran.forms = ("FSK",)
    places.gran.save()
    page = enter(None).get(PAGE).content.decode()
    assert "Granskolan" not in page
    assert f'href="{PAGE}?form=all"' in page
    assert "Granskolan" in enter(None).get(PAGE, {"form": "all"}).content.decode()
