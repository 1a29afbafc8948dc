"""The administrator's pages: who gets in, what is shown, what a form does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from likvard.site.people import access
from likvard.site.people.models import Invitation, User
from likvard.site.people.roles import Role

PASSWORD = "ett-par-gröna-stövlar-7"
LEFT_OUT = {"sten", "olle"}


@pytest.fixture(autouse=True)
def no_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


@pytest.fixture
def adam(cast: Any, sign_in: Any) -> Client:
    return sign_in(cast.adam)


@pytest.mark.parametrize(
    "who", ["sten", "rut", "elsa", "harald", "kim", "anna", "olle", "ines", "lea", "bea", "lis", "petra"]
)
@pytest.mark.parametrize("page", ["", "bjud-in/"])
def test_only_administrators_get_in(page: str, who: str, cast: Any, enter: Any) -> None:
    assert enter(getattr(cast, who)).get(f"/administration/{page}").status_code == 403


def test_the_public_is_asked_to_sign_in(db: None, client: Client) -> None:
    assert client.get("/administration/").headers["Location"] == "/konto/logga-in/?next=/administration/"


def test_a_local_administrator_sees_the_accounts_of_the_own_organisation(cast: Any, adam: Client) -> None:
    page = adam.get("/administration/").content.decode()
    assert "rut@example.se" in page
    assert "other_rut@example.se" not in page
    assert "olle@example.se" not in page


def test_the_sites_administrator_sees_all_accounts_by_page(cast: Any, sign_in: Any) -> None:
    for n in range(60):
        User.objects.create_user(f"z{n:02}@example.se", name=f"Ö {n:02}")
    client = sign_in(cast.nils)
    first, second = (client.get(f"/administration/?sida={n}").content.decode() for n in (1, 2))
    assert "olle@example.se" in first
    assert "z59@example.se" not in first
    assert "z59@example.se" in second


@pytest.mark.parametrize(
    ("query", "found"), [("q=RUT+R", True), ("q=harald", False), ("role=principal", True), ("role=x", True)]
)
def test_accounts_are_found_by_name_and_role(query: str, found: bool, cast: Any, adam: Client) -> None:
    assert ("rut@example.se" in adam.get(f"/administration/?{query}").content.decode()) is found


def test_somebody_elses_account_does_not_exist_here(cast: Any, adam: Client) -> None:
    assert adam.get(f"/administration/konton/{cast.other_rut.pk}/").status_code == 404
    assert adam.get(f"/administration/konton/{uuid4()}/").status_code == 404


def test_an_account_is_shown_with_its_roles_and_what_was_done(cast: Any, adam: Client, sign_in: Any) -> None:
    sign_in(cast.rut, "fel")
    page = adam.get(f"/administration/konton/{cast.rut.pk}/?sprak=en").content.decode()
    assert "Principal, Björkskolan" in page
    assert "sign-in failed" in page


def given(role: str = "principal", place: str = "Granskolan", start: str = "2020-01-01", **more: str) -> dict[str, str]:
    return {"role": role, "place": place, "start": start, "reason": "vikarie"} | more


def test_a_role_is_given_by_the_name_of_the_unit(cast: Any, places: Any, adam: Client, today: date) -> None:
    adam.post(f"/administration/konton/{cast.sten.pk}/roll/", given())
    assert access.roles(cast.sten, today) == {Role.STAFF, Role.PRINCIPAL}


@pytest.mark.parametrize("place", ["90000002", "granskolan", " Granskolan "])
def test_a_unit_is_found_by_code_or_name(place: str, cast: Any, adam: Client) -> None:
    adam.post(f"/administration/konton/{cast.sten.pk}/roll/", given(place=place))
    assert cast.sten.memberships.filter(unit="90000002").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        given(place="Lärkskolan"),
        given(place="90000005"),
        given(place="Ingenstans"),
        given(place=""),
        given(place="Ekviks kommun"),
        given(role="inspector", place=""),
        given(role="king"),
        given(end="2019-12-31"),
        given(start="igår"),
        given(reason=""),
    ],
)
def test_what_is_wrong_in_the_form_is_told_and_nothing_is_given(wrong: dict[str, str], cast: Any, adam: Client) -> None:
    answer = adam.post(f"/administration/konton/{cast.sten.pk}/roll/", wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert cast.sten.memberships.count() == 1


def test_a_name_that_two_units_have_is_asked_about(cast: Any, places: Any, adam: Client) -> None:
    places.anpassad.name = "Granskolan"
    places.anpassad.save()
    answer = adam.post(f"/administration/konton/{cast.sten.pk}/roll/?sprak=en", given())
    assert "Several have this name" in answer.content.decode()


def test_fields_that_the_form_does_not_have_change_nothing(cast: Any, adam: Client) -> None:
    more = {"user": str(cast.adam.pk), "given_by": str(cast.harald.pk), "is_active": "0"}
    adam.post(f"/administration/konton/{cast.sten.pk}/roll/", given() | more)
    row = cast.sten.memberships.get(role="principal")
    assert (row.user, row.given_by) == (cast.sten, cast.adam)


def test_a_role_is_ended_on_a_day_with_a_reason(cast: Any, adam: Client, today: date) -> None:
    pk = cast.rut.memberships.get().pk
    address = f"/administration/konton/{cast.rut.pk}/roll/{pk}/avsluta/"
    assert adam.get(address).status_code == 200
    adam.post(address, {"last": "2025-06-30", "reason": "ny tjänst"})
    assert access.roles(cast.rut, today) == frozenset()


def test_a_role_elsewhere_is_not_ended_from_here(cast: Any, adam: Client) -> None:
    pk = cast.other_rut.memberships.get().pk
    assert adam.post(f"/administration/konton/{cast.rut.pk}/roll/{pk}/avsluta/", {}).status_code == 404


@pytest.mark.parametrize("deed", ["stang", "andra-faktorn"])
def test_an_account_is_closed_with_a_reason(deed: str, cast: Any, adam: Client, noted: Any) -> None:
    address = f"/administration/konton/{cast.rut.pk}/{deed}/"
    assert adam.post(address, {"reason": ""}).status_code == 422
    assert adam.post(address, {"reason": "slutat"}).status_code == 302
    assert noted()[-1].startswith("account.")


def test_nobody_closes_their_own_account(cast: Any, adam: Client) -> None:
    assert adam.post(f"/administration/konton/{cast.adam.pk}/stang/", {"reason": "x"}).status_code == 403
    assert "Ge roll" not in adam.get(f"/administration/konton/{cast.adam.pk}/").content.decode()


def test_an_unknown_deed_is_not_found(cast: Any, adam: Client) -> None:
    assert adam.post(f"/administration/konton/{cast.rut.pk}/radera/", {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("address", ["roll/", "stang/"])
def test_deeds_are_not_done_by_following_a_link(address: str, cast: Any, adam: Client) -> None:
    assert adam.get(f"/administration/konton/{cast.rut.pk}/{address}").status_code == 405


def test_who_signed_in_long_ago_must_show_who_they_are(cast: Any, enter: Any) -> None:
    client = enter(cast.adam)
    answer = client.post(f"/administration/konton/{cast.sten.pk}/roll/", given())
    assert answer.headers["Location"].startswith("/konto/bekrafta/?next=")
    assert cast.sten.memberships.count() == 1
    client.post(answer.headers["Location"], {"password": "fel"})
    assert cast.sten.memberships.count() == 1
    client.post(
        answer.headers["Location"], {"password": PASSWORD, "next": f"/administration/konton/{cast.sten.pk}/roll/"}
    )
    assert cast.sten.memberships.count() == 2


def test_an_invitation_is_sent_and_withdrawn(cast: Any, places: Any, adam: Client, mailoutbox: Any) -> None:
    form = given() | {"email": "ny@example.se", "name": "Ny Rektor"}
    assert adam.post("/administration/bjud-in/", form).status_code == 302
    assert "ny@example.se" in adam.get("/administration/").content.decode()
    adam.post(f"/administration/inbjudningar/{Invitation.objects.get().pk}/aterta/")
    assert "ny@example.se" not in adam.get("/administration/").content.decode()
    assert Invitation.objects.get().withdrawn_by == cast.adam


def test_an_invitation_elsewhere_is_not_withdrawn_from_here(cast: Any, places: Any, adam: Client, sign_in: Any) -> None:
    theirs = sign_in(cast.other_adam)
    theirs.post("/administration/bjud-in/", given(place="Lärkskolan") | {"email": "ny@example.se", "name": "Ny"})
    pk = Invitation.objects.get().pk
    assert adam.post(f"/administration/inbjudningar/{pk}/aterta/").status_code == 404


def test_the_administrators_pages_hold_no_figures_and_no_matters(
    cast: Any, places: Any, adam: Client, today: date
) -> None:
    for content in (access.Content.FIGURES, access.Content.MATTERS, access.Content.PUPILS):
        assert not access.may(cast.adam, content, places.ekvik, on=today)
        assert not access.may(cast.nils, content, places.ekvik, on=today)


def test_the_number_of_queries_does_not_grow_with_the_accounts(
    cast: Any, adam: Client, member: Any, places: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        member(User.objects.create_user(f"s{n}@example.se", name=f"S {n}"), Role.STAFF, places.gran.place)
    with django_assert_max_num_queries(14):
        adam.get("/administration/")


def test_a_membership_that_begins_later_is_shown_as_such(cast: Any, member: Any, places: Any, adam: Client) -> None:
    member(cast.sten, Role.PRINCIPAL, places.gran.place, start=date.today() + timedelta(days=9))
    assert "begins later" in adam.get(f"/administration/konton/{cast.sten.pk}/?sprak=en").content.decode()
