"""A school's page: six questions, its history, and a hidden number that only its own people see."""

from __future__ import annotations

import re

import pytest
from tests.site.insight.conftest import BJÖRK, EKVIK, GRAN, SECRET

from likvard.site.audit.models import Event
from likvard.terms import Audience

PAGE = f"/skolor/{GRAN}/"
GIRLS = ("merit_value", "observed", "", "girls", "unit", GRAN, "GR", "2024")
QUESTIONS = ("Hur går det?", "För vem?", "Är det tryggt och lugnt?", "Är eleverna här?", "Vad gör vi", "Vad är öppet?")


def said(html: str) -> str:
    """The words of a page: what stands between the tags."""
    return re.sub(r"<[^>]+>", " ", html)


def shows_the_secret(html: str) -> bool:
    return re.search(rf"(?<![\d,.]){SECRET:.0f}(?![\d])", said(html)) is not None


def test_every_school_answers_the_same_six_questions(publication, enter):
    for code in (BJÖRK, GRAN):
        page = said(enter(None).get(f"/skolor/{code}/").content.decode())
        assert all(question in page for question in QUESTIONS)


def test_the_number_is_hidden_from_the_public_and_open_to_the_organiser(publication):
    assert publication.get(Audience.PUBLIC, GIRLS).cell.value is None
    assert publication.get(Audience.ORGANISER, GIRLS).cell.value == SECRET


PANES = ("", "?tabell=gap-girls-boys", "?metod=gap-girls-boys", "?sprak=en&tabell=gap-girls-boys")


@pytest.mark.parametrize("panes", PANES)
def test_a_hidden_number_is_in_no_pane_of_the_public_page(publication, enter, panes):
    page = enter(None).get(PAGE + panes).content.decode()
    assert not shows_the_secret(page)
    assert str(SECRET) not in page


@pytest.mark.parametrize("who", ["rut", "other_rut", "other_harald", "olle", "ines", "nils", "sten"])
def test_nobody_from_elsewhere_sees_it_either(publication, cast, enter, who):
    assert not shows_the_secret(enter(getattr(cast, who)).get(f"{PAGE}?tabell=gap-girls-boys").content.decode())


def test_the_head_of_education_sees_it(publication, cast, enter):
    assert shows_the_secret(enter(cast.harald).get(f"{PAGE}?tabell=gap-girls-boys").content.decode())


def test_a_principal_sees_the_own_schools_figures_and_why(publication, cast, enter):
    own = enter(cast.rut).get(f"/skolor/{BJÖRK}/")
    assert not own.context["visit"].public
    assert "Björkskolan" in own.context["visit"].grant.reason
    assert Event.objects.get(what="figures.read").unit == BJÖRK
    assert enter(cast.rut).get(PAGE).context["visit"].public


def test_a_membership_that_has_ended_opens_nothing(publication, cast, member, enter, today):
    cast.rut.memberships.update(end="2024-06-30")
    assert enter(cast.rut).get(f"/skolor/{BJÖRK}/").context["visit"].public


def test_the_history_tells_what_the_school_continues(publication, enter):
    page = enter(None).get(f"/skolor/{BJÖRK}/").content.decode()
    assert "Gamla Björkskolan" in page
    assert 'href="/skolor/90000004/"' in page
    assert "Gamla Björkskolan" not in enter(None).get(PAGE).content.decode()


def test_a_closed_school_keeps_its_page(publication, enter):
    assert "Skolan är nedlagd" in enter(None).get("/skolor/90000004/").content.decode()


def test_a_school_that_there_is_not_is_not_found(publication, enter):
    assert enter(None).get("/skolor/99999999/").status_code == 404
    assert enter(None).get("/skolor/abc/").status_code == 404


def test_matters_are_for_those_who_work_with_them(publication, cast, enter):
    assert "Inget ärende är öppet" in enter(cast.rut).get(f"/skolor/{BJÖRK}/").content.decode()
    assert "Ärenden visas för dem som arbetar med dem" in enter(None).get(f"/skolor/{BJÖRK}/").content.decode()


def test_the_crumbs_lead_to_the_organiser_and_the_area(publication, enter):
    page = enter(None).get(f"/skolor/{BJÖRK}/").content.decode()
    assert f'href="/oversikt/{EKVIK}/"' in page
    assert f'href="/oversikt/{EKVIK}/?omrade=Norr"' in page


def test_a_school_without_an_organiser_still_has_a_page(publication, enter, places):
    places.gran.organiser = None
    places.gran.save()
    assert enter(None).get(PAGE).status_code == 200
