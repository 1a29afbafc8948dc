"""Actions: what they change, that they leave an event, and whom they refuse."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import override_settings

from likvard.site.audit.models import Event
from likvard.site.people import access, actions
from likvard.site.people.access import Content, Denied
from likvard.site.people.models import Invitation, Membership, User
from likvard.site.people.roles import Role
from likvard.terms import UsageError


@pytest.fixture
def link(cast: Any, places: Any, now: Any, django_capture_on_commit_callbacks: Any) -> str:
    with django_capture_on_commit_callbacks(execute=True):
        return actions.invite(
            by=cast.adam, email="Nya@Example.se", name="Nya", role=Role.PRINCIPAL, unit=places.gran, at=now, reason="ny"
        )


def invitation(link: str, at: Any) -> Invitation:
    found = actions.invitation_of(link.rstrip("/").rpartition("/")[2], at=at)
    assert found is not None
    return found


def test_an_invitation_is_mailed_in_both_languages_and_its_link_is_not_kept(link: str) -> None:
    (letter,) = mail.outbox
    assert letter.to == ["nya@example.se"]
    assert link in letter.body
    assert "Adam Administratör" in letter.body
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in str(Invitation.objects.values().get())
    assert token not in str(list(Event.objects.values()))


def test_accepting_makes_the_account_and_gives_the_role(
    link: str, places: Any, now: Any, today: date, noted: Any
) -> None:
    person = actions.accept(invitation=invitation(link, now), at=now, user=None, password="bra och långt nog")
    assert (person.name, person.email) == ("Nya", "nya@example.se")
    assert access.may(person, Content.FIGURES, places.gran, on=today)
    assert noted() == ["invitation.sent", "account.made", "invitation.accepted", "membership.given"]


def test_an_invitation_works_once(link: str, now: Any) -> None:
    offered = invitation(link, now)
    actions.accept(invitation=offered, at=now, user=None, password="bra och långt nog")
    assert actions.invitation_of(link.rpartition("/")[2], at=now) is None
    with pytest.raises(Denied):
        actions.accept(invitation=offered, at=now, user=None, password="bra och långt nog")
    assert User.objects.filter(email="nya@example.se").count() == 1


def test_an_invitation_works_for_a_week(link: str, now: Any) -> None:
    token = link.rstrip("/").rpartition("/")[2]
    assert actions.invitation_of(token, at=now + timedelta(days=6, hours=23))
    assert actions.invitation_of(token, at=now + timedelta(days=7)) is None


def test_a_withdrawn_invitation_does_not_work(link: str, cast: Any, now: Any, noted: Any) -> None:
    actions.withdraw(invitation=invitation(link, now), by=cast.adam, at=now)
    assert actions.invitation_of(link.rstrip("/").rpartition("/")[2], at=now) is None
    assert noted()[-1] == "invitation.withdrawn"


def test_an_invitation_is_for_one_address(link: str, cast: Any, now: Any) -> None:
    with pytest.raises(Denied):
        actions.accept(invitation=invitation(link, now), at=now, user=cast.olle)
    assert not cast.olle.memberships.exists()


def test_who_has_an_account_accepts_with_it(cast: Any, places: Any, now: Any, today: date) -> None:
    sent = actions.invite(by=cast.adam, email="olle@example.se", role=Role.ANALYST, organiser=places.ekvik, at=now)
    with pytest.raises(Denied):
        actions.accept(invitation=invitation(sent, now), at=now, user=None, password="ett nytt lösenord")
    actions.accept(invitation=invitation(sent, now), at=now, user=cast.olle)
    assert access.roles(cast.olle, today) == {Role.ANALYST}


def test_a_role_holds_from_the_day_it_is_given(cast: Any, places: Any, now: Any, today: date, noted: Any) -> None:
    given = actions.give(by=cast.adam, user=cast.olle, role=Role.PRINCIPAL, unit=places.gran, at=now, reason="vikarie")
    assert (given.start, given.end, given.given_by) == (today, None, cast.adam)
    assert noted() == ["membership.given"]
    event = Event.objects.get()
    assert (event.subject, event.unit, event.reason) == (f"user:{cast.olle.pk}", places.gran.code, "vikarie")


def test_a_role_that_is_ended_holds_to_its_last_day(cast: Any, now: Any, today: date, noted: Any) -> None:
    ended = actions.end(membership=cast.rut.memberships.get(), by=cast.adam, at=now, last=today, reason="slutar")
    assert access.roles(cast.rut, today) == {Role.PRINCIPAL}
    assert access.roles(cast.rut, today + timedelta(days=1)) == frozenset()
    assert ended.ended_by == cast.adam
    assert noted() == ["membership.ended"]


def test_a_role_that_was_to_begin_later_never_holds_once_ended(cast: Any, places: Any, now: Any, today: date) -> None:
    soon = today + timedelta(days=30)
    later = actions.give(by=cast.adam, user=cast.olle, role=Role.PRINCIPAL, unit=places.gran, at=now, start=soon)
    actions.end(membership=later, by=cast.adam, at=now, last=today)
    assert not any(access.roles(cast.olle, today + timedelta(days=d)) for d in range(60))


def test_who_changes_access_must_look_after_the_place(cast: Any, places: Any, now: Any) -> None:
    for by in (cast.harald, cast.other_adam, cast.olle):
        with pytest.raises(Denied):
            actions.give(by=by, user=cast.sten, role=Role.PRINCIPAL, unit=places.gran, at=now)
    assert cast.sten.memberships.count() == 1


def test_a_local_administrator_gives_no_national_role(cast: Any, now: Any) -> None:
    with pytest.raises(Denied):
        actions.give(by=cast.adam, user=cast.sten, role=Role.INSPECTOR, at=now)
    assert actions.give(by=cast.nils, user=cast.sten, role=Role.INSPECTOR, at=now).pk


def test_a_role_is_not_given_where_it_cannot_be_held(cast: Any, places: Any, now: Any) -> None:
    with pytest.raises(Denied):
        actions.give(by=cast.nils, user=cast.sten, role=Role.PRINCIPAL, organiser=places.ekvik, at=now)


@pytest.mark.parametrize("deed", ["give", "invite", "end", "close"])
def test_nobody_changes_their_own_access(deed: str, cast: Any, places: Any, now: Any, today: date) -> None:
    me = cast.adam
    deeds: dict[str, Callable[[], Any]] = {
        "give": lambda: actions.give(by=me, user=me, role=Role.ORGANISER_HEAD, organiser=places.ekvik, at=now),
        "invite": lambda: actions.invite(by=me, email=me.email, role=Role.ANALYST, organiser=places.ekvik, at=now),
        "end": lambda: actions.end(membership=me.memberships.get(), by=me, at=now, last=today),
        "close": lambda: actions.close_account(user=me, by=me, at=now, reason="x"),
    }
    with pytest.raises(Denied):
        deeds[deed]()


def test_a_closed_account_reaches_nothing_until_it_is_opened(cast: Any, places: Any, now: Any, today: date) -> None:
    actions.close_account(user=cast.rut, by=cast.adam, at=now, reason="tjänstledig")
    assert access.roles(User.objects.get(pk=cast.rut.pk), today) == frozenset()
    actions.open_account(user=cast.rut, by=cast.adam, at=now, reason="åter")
    assert access.roles(User.objects.get(pk=cast.rut.pk), today) == {Role.PRINCIPAL}


def test_an_account_with_a_role_elsewhere_is_not_closed_from_here(cast: Any, places: Any, now: Any, noted: Any) -> None:
    actions.give(by=cast.other_adam, user=cast.rut, role=Role.ANALYST, organiser=places.lärkan, at=now)
    with pytest.raises(Denied):
        actions.close_account(user=cast.rut, by=cast.adam, at=now, reason="x")
    actions.close_account(user=cast.rut, by=cast.nils, at=now, reason="x")
    assert noted()[-1] == "account.closed"


def test_whoever_runs_the_machine_gives_the_first_role(now: Any, cast: Any) -> None:
    given = actions.give(by=None, user=cast.olle, role=Role.ADMINISTRATOR, at=now)
    assert given.given_by is None
    assert Event.objects.get().actor == ""


def test_what_fails_leaves_neither_row_nor_event(cast: Any, places: Any, now: Any, monkeypatch: Any) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("likvard.site.audit.events.record", broken)
    with pytest.raises(RuntimeError):
        actions.give(by=cast.adam, user=cast.olle, role=Role.PRINCIPAL, unit=places.gran, at=now)
    assert not Membership.objects.filter(user=cast.olle).exists()


def test_accounts_without_invitation_are_for_demos(now: Any, db: None) -> None:
    with pytest.raises(UsageError):
        actions.demo_account(email="a@demo.example", name="A", password="x", at=now)
    with override_settings(DEMO=True):
        assert actions.demo_account(email="a@demo.example", name="A", password="x", at=now).check_password("x")


def test_one_changes_ones_own_name_and_language(cast: Any, now: Any, noted: Any) -> None:
    actions.change_details(user=cast.rut, name="Rut Ny", language="en", at=now)
    assert User.objects.get(pk=cast.rut.pk).language == "en"
    assert noted() == ["account.details_changed"]


@pytest.mark.django_db(transaction=True)
def test_an_invitation_that_is_opened_twice_at_once_is_taken_up_once(cast: Any, places: Any, now: Any) -> None:
    sent = actions.invite(by=cast.adam, email="ny@example.se", name="Ny", role=Role.STAFF, unit=places.gran, at=now)
    offered = invitation(sent, now)

    def take(_: int) -> str:
        try:
            return actions.accept(invitation=offered, at=now, user=None, password="bra och långt nog").email
        except Denied:
            return "denied"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = sorted(threads.map(take, range(4)))
    assert answers == ["denied", "denied", "denied", "ny@example.se"]
    assert Membership.objects.filter(user__email="ny@example.se").count() == 1
