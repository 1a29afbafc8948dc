"""Access: who reaches what, where, on which day; and the reason, either way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.translation import override

from likvard.site.people import access
from likvard.site.people.access import Content, Denied
from likvard.site.people.models import Assignment, Membership
from likvard.site.people.roles import Place, Role
from likvard.terms import Audience

C = Content
EVERYBODY = frozenset({C.PUBLISHED})

# Who; what they see of their own organiser, of a unit of theirs, of another unit there, and of somebody else's unit.
TRUTH: list[tuple[str, set[Content], set[Content], set[Content], set[Content]]] = [
    ("olle", set(), set(), set(), set()),
    ("sten", set(), set(), set(), set()),
    ("rut", set(), {C.FIGURES, C.MATTERS, C.PUPILS}, set(), set()),
    ("elsa", set(), set(), set(), set()),
    ("harald", *[{C.FIGURES, C.MATTERS, C.DELIVERIES}] * 3, set()),
    ("kim", *[{C.FIGURES, C.MATTERS, C.DELIVERIES}] * 3, set()),
    ("anna", *[{C.FIGURES, C.DELIVERIES}] * 3, set()),
    ("ines", set(), set(), set(), set()),
    ("lea", set(), set(), set(), set()),
    ("bea", set(), set(), set(), set()),
    ("lis", set(), set(), set(), set()),
    ("petra", set(), set(), set(), set()),
    ("adam", *[{C.ACCOUNTS, C.AUDIT}] * 3, set()),
    ("nils", *[{C.ACCOUNTS, C.AUDIT}] * 4),
]


def seen(user: Any, place: Any, on: date) -> set[Content]:
    return {content for content in Content if access.may(user, content, place, on=on)}


@pytest.mark.parametrize(("who", "organiser", "own", "sibling", "other"), TRUTH)
def test_each_role_reaches_what_the_table_says(
    who: str, organiser: set, own: set, sibling: set, other: set, cast: Any, places: Any, today: date
) -> None:
    user = getattr(cast, who)
    assert seen(user, places.ekvik, today) == EVERYBODY | organiser
    assert seen(user, places.björk, today) == EVERYBODY | own
    assert seen(user, places.gran, today) == EVERYBODY | sibling
    assert seen(user, places.lärkskolan, today) == EVERYBODY | other


def test_the_truth_table_names_every_role(cast: Any) -> None:
    named = {m.role for m in Membership.objects.filter(user__in=[getattr(cast, row[0]) for row in TRUTH])}
    assert named == set(Role.values)


@pytest.mark.parametrize("content", list(Content))
def test_the_public_sees_what_is_published_and_nothing_else(content: Content, places: Any, today: date) -> None:
    assert access.may(AnonymousUser(), content, places.ekvik, on=today) is (content is C.PUBLISHED)


def test_a_closed_account_sees_what_the_public_sees(cast: Any, places: Any, today: date) -> None:
    cast.harald.is_active = False
    assert seen(cast.harald, places.ekvik, today) == EVERYBODY


@pytest.mark.parametrize(
    ("start", "end", "open_to"), [(0, 0, True), (-9, -1, False), (1, None, False), (-9, None, True)]
)
def test_a_membership_holds_from_its_first_day_to_its_last(
    start: int, end: int | None, open_to: bool, cast: Any, places: Any, member: Callable[..., Any], today: date
) -> None:
    last = None if end is None else today + timedelta(days=end)
    member(cast.olle, Role.ANALYST, Place(organiser=places.ekvik.number), start=today + timedelta(days=start), end=last)
    assert access.may(cast.olle, C.FIGURES, places.ekvik, on=today) is open_to


def test_an_inspector_sees_the_unit_of_a_matter_handed_to_her(cast: Any, places: Any, today: date) -> None:
    Assignment.objects.create(user=cast.ines, matter="SI 2025:1", unit=places.gran, start=today)
    assert seen(cast.ines, places.gran, today) == {C.PUBLISHED, C.FIGURES, C.MATTERS, C.PUPILS}
    assert seen(cast.ines, places.björk, today) == EVERYBODY


def test_a_matter_gives_no_access_without_a_role(cast: Any, places: Any, today: date) -> None:
    Assignment.objects.create(user=cast.olle, matter="SI 2025:1", unit=places.gran, start=today)
    assert seen(cast.olle, places.gran, today) == EVERYBODY


def test_a_matter_no_longer_handed_to_somebody_gives_nothing(cast: Any, places: Any, today: date) -> None:
    yesterday = today - timedelta(days=1)
    Assignment.objects.create(user=cast.ines, matter="SI 2025:1", unit=places.gran, start=yesterday, end=yesterday)
    assert seen(cast.ines, places.gran, today) == EVERYBODY


def test_fetching_gives_the_reason_in_the_readers_language(cast: Any, places: Any, today: date) -> None:
    with override("en"):
        unit, grant = access.unit_for(cast.rut, places.björk.code, C.FIGURES, on=today)
    assert (unit, grant.role) == (places.björk, "principal")
    assert grant.reason == "You see this as principal, Björkskolan."


def test_a_denial_says_whom_to_ask(cast: Any, places: Any, today: date) -> None:
    with override("en"), pytest.raises(Denied) as denied:
        access.organiser_for(cast.rut, places.ekvik.number, C.FIGURES, on=today)
    assert "Ekviks kommun" in denied.value.reason
    assert "adam@example.se" in denied.value.ask
    assert not denied.value.sign_in


def test_the_public_is_told_to_sign_in_and_no_names(cast: Any, places: Any, today: date) -> None:
    with pytest.raises(Denied) as denied:
        access.organiser_for(AnonymousUser(), places.ekvik.number, C.FIGURES, on=today)
    assert denied.value.sign_in
    assert denied.value.ask == ""


def test_what_does_not_exist_is_not_found(cast: Any, today: date) -> None:
    with pytest.raises(Http404):
        access.unit_for(cast.harald, "12345678", C.PUBLISHED, on=today)
    with pytest.raises(Http404):
        access.organiser_for(cast.harald, "1234567890", C.PUBLISHED, on=today)


def test_figures_come_from_the_organisers_release_only_with_access(cast: Any, places: Any, today: date) -> None:
    assert access.audience_for(cast.harald, places.ekvik, today) is Audience.ORGANISER
    assert access.audience_for(cast.harald, places.lärkan, today) is Audience.PUBLIC
    assert access.audience_for(cast.rut, places.ekvik, today) is Audience.PUBLIC
    assert access.audience_for_unit(cast.rut, places.björk, today) is Audience.ORGANISER


def test_looking_as_another_shows_what_both_see(cast: Any, places: Any, today: date) -> None:
    as_rut = access.reach_of_both(cast.harald, cast.rut, C.FIGURES, on=today)
    assert as_rut.units == {places.björk.code}
    assert not as_rut.organisers
    assert not access.reach_of_both(cast.harald, cast.other_rut, C.FIGURES, on=today)


def test_an_officer_keeps_the_register_of_the_role(cast: Any, today: date) -> None:
    assert access.registers(cast.bea, today) == {"complaints"}
    assert access.registers(cast.ines, today) == frozenset()


def test_without_administrators_one_asks_whoever_runs_the_site(cast: Any, places: Any, today: date) -> None:
    Membership.objects.filter(role=Role.ADMINISTRATOR).update(end=today - timedelta(days=1))
    with override("en"), pytest.raises(Denied) as denied:
        access.unit_for(cast.olle, places.björk.code, C.FIGURES, on=today)
    assert denied.value.ask.startswith("Ask whoever runs this site")


def test_a_closed_account_keeps_no_matters(cast: Any, places: Any, today: date) -> None:
    Assignment.objects.create(user=cast.ines, matter="SI 2025:1", unit=places.gran, start=today)
    cast.ines.is_active = False
    assert access.assigned(cast.ines, today) == []
    assert not access.reach(cast.ines, C.MATTERS, on=today)


@pytest.mark.parametrize("content", list(Content))
def test_what_is_open_everywhere_is_so_in_one_question(content: Content, cast: Any, today: date) -> None:
    assert access.reach(cast.nils, content, on=today).everything is (content in (C.PUBLISHED, C.ACCOUNTS, C.AUDIT))


def test_a_unit_whose_organiser_is_unknown_is_reached_from_the_whole_country_only(
    cast: Any, places: Any, today: date
) -> None:
    places.gran.organiser = None
    places.gran.save()
    assert access.may(cast.nils, C.ACCOUNTS, places.gran, on=today)
    assert not access.may(cast.harald, C.FIGURES, places.gran, on=today)
