"""One's own pages, and taking up an invitation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from likvard.site.people import actions
from likvard.site.people.middleware import reader, role_text
from likvard.site.people.models import Assignment, Invitation, Membership, User
from likvard.site.people.roles import Role

PASSWORD = "ett-par-gröna-stövlar-7"
NEW = {"name": "Nya Rektor", "password": "sju gula hästar sover", "again": "sju gula hästar sover"}


@pytest.fixture
def link(cast: Any, places: Any) -> str:
    """The path of an invitation made just now: the pages use the real clock."""
    sent = actions.invite(
        by=cast.adam, email="ny@example.se", name="Ny", role=Role.STAFF, unit=places.gran, at=timezone.now()
    )
    return sent.partition("127.0.0.1:8000")[2]


def test_the_account_tells_what_one_may_see_and_why(cast: Any, enter: Any) -> None:
    page = enter(cast.rut).get("/konto/?sprak=en").content.decode()
    assert "Principal, Björkskolan" in page
    assert "The organiser&#x27;s own figures" in page


def test_without_a_role_one_is_told_whom_to_ask(cast: Any, enter: Any) -> None:
    page = enter(cast.olle).get("/konto/?sprak=en").content.decode()
    assert "You have no access yet." in page
    assert "nils@example.se" in page


@pytest.mark.parametrize(
    "path", ["", "start/", "uppgifter/", "sessioner/", "andra-faktorn/", "losenord/", "losenord/inget/"]
)
def test_the_public_has_no_account_page(path: str, db: None, client: Client) -> None:
    assert client.get(f"/konto/{path}").headers["Location"].startswith("/konto/logga-in/")


def test_one_changes_ones_name(cast: Any, enter: Any) -> None:
    enter(cast.rut).post("/konto/uppgifter/", {"name": "Rut Ny", "language": "en", "email": "x@example.se"})
    rut = User.objects.get(pk=cast.rut.pk)
    assert (rut.name, rut.language, rut.email) == ("Rut Ny", "en", "rut@example.se")


def test_a_name_is_needed(cast: Any, enter: Any) -> None:
    assert 'role="alert"' in enter(cast.rut).post("/konto/uppgifter/", {"name": "", "language": "sv"}).content.decode()


def test_an_invitation_makes_an_account_that_can_sign_in(cast: Any, link: str, client: Client, sign_in: Any) -> None:
    assert "Adam Administratör" in client.get(link).content.decode()
    assert client.post(link, NEW).headers["Location"] == "/konto/logga-in/"
    person = User.objects.get(email="ny@example.se")
    assert person.memberships.get().unit_id == "90000002"
    assert sign_in(person, NEW["password"]).get("/konto/").status_code == 200


@pytest.mark.parametrize("wrong", [{"again": "annat"}, {"password": "kort", "again": "kort"}, {"name": ""}])
def test_a_wrong_answer_keeps_the_invitation(wrong: dict[str, str], link: str, client: Client) -> None:
    assert 'role="alert"' in client.post(link, NEW | wrong).content.decode()
    assert client.post(link, NEW).status_code == 302


def test_the_address_cannot_be_exchanged(link: str, client: Client) -> None:
    client.post(link, NEW | {"email": "annan@example.se", "role": "administrator"})
    assert User.objects.get(email="ny@example.se").memberships.get().role == Role.STAFF


def test_a_used_or_unknown_link_is_gone(link: str, client: Client) -> None:
    client.post(link, NEW)
    assert client.get(link).status_code == 410
    assert client.get("/konto/inbjudan/AAAA/").status_code == 410


def test_an_old_link_is_gone(cast: Any, places: Any, client: Client) -> None:
    then = timezone.now() - timedelta(days=8)
    sent = actions.invite(by=cast.adam, email="ny@example.se", role=Role.STAFF, unit=places.gran, at=then)
    assert client.get(sent.partition("127.0.0.1:8000")[2]).status_code == 410


def test_somebody_else_who_is_signed_in_is_asked_to_sign_out(cast: Any, link: str, enter: Any) -> None:
    client = enter(cast.sten)
    assert client.post(link, NEW).status_code == 200
    assert not User.objects.filter(email="ny@example.se").exists()


def test_who_has_an_account_signs_in_and_accepts(cast: Any, places: Any, client: Client, enter: Any) -> None:
    sent = actions.invite(by=cast.adam, email="olle@example.se", role=Role.STAFF, unit=places.gran, at=timezone.now())
    path = sent.partition("127.0.0.1:8000")[2]
    assert "/konto/logga-in/?next=" in client.get(path).content.decode()
    olle = enter(cast.olle)
    assert olle.get(path).status_code == 200
    assert olle.post(path).headers["Location"] == "/konto/"
    assert cast.olle.memberships.count() == 1


def test_each_role_begins_on_its_own_page(cast: Any, enter: Any) -> None:
    first = {
        who: enter(getattr(cast, who)).get("/konto/start/").headers["Location"]
        for who in ("rut", "harald", "ines", "adam", "olle")
    }
    assert first == {
        "rut": "/skolor/90000001/",
        "harald": "/oversikt/2120009991/",
        "ines": "/tillsyn/",
        "adam": "/administration/",
        "olle": "/konto/",
    }


def test_the_frame_shows_the_role_that_is_not_the_administrators(cast: Any, member: Any, places: Any) -> None:
    member(cast.adam, Role.PRINCIPAL, places.gran.place)
    frame = reader(cast.adam, list(Membership.objects.filter(user=cast.adam).select_related("unit", "organiser")))
    assert (frame.role, frame.unit, frame.organiser) == ("principal", "90000002", "2120009991")


def test_the_roles_in_the_log_fit_its_field() -> None:
    many = [Membership(role=role) for role in Role]
    assert len(role_text(many)) <= 40
    assert role_text(many).startswith("administrator, analyst")


def test_pages_of_the_account_are_not_stored_by_the_browser(cast: Any, enter: Any) -> None:
    assert "no-store" in enter(cast.rut).get("/konto/").headers.get("Cache-Control", "")


def test_who_signs_in_through_a_provider_is_told_where_the_password_is(cast: Any, enter: Any) -> None:
    cast.rut.set_unusable_password()
    cast.rut.save()
    client = enter(cast.rut)
    assert client.get("/konto/losenord/").headers["Location"] == "/konto/losenord/inget/"
    assert "Change the password there" in client.get("/konto/losenord/inget/?sprak=en").content.decode()


def test_signing_out_elsewhere_says_if_there_was_nowhere_else(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.sten)
    assert "You were signed in only here." in client.post("/konto/sessioner/?sprak=en", follow=True).content.decode()


def test_everything_has_a_name_for_the_reader(cast: Any, places: Any, now: Any, today: Any) -> None:
    Assignment.objects.create(user=cast.ines, matter="SI 2025:1", unit=places.gran, start=today)
    actions.invite(by=cast.nils, email="ny@example.se", role=Role.INSPECTOR, at=now)
    with override("en"):
        named = [cast.rut, places.ekvik, places.björk, cast.rut.memberships.get(), cast.ines.assignments.get()]
        named += [places.björk.continues.get(), Invitation.objects.get()]
        assert [str(thing) for thing in named] == [
            "Rut Rektor",
            "Ekviks kommun",
            "Björkskolan",
            "Principal, Björkskolan",
            "SI 2025:1: Granskolan",
            "90000004 → 90000001",
            "ny@example.se: Inspector, the whole country",
        ]
