"""Who reaches a case: the cast against cases of each kind of secrecy, handed to them and not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from likvard.site.audit import events
from likvard.site.cases import access, actions
from likvard.site.cases.access import ReasonNeededError, case_for
from likvard.site.cases.models import Case, Participant
from likvard.site.people.access import Denied
from likvard.site.people.models import Membership
from likvard.site.people.roles import Place, Role

pytestmark = pytest.mark.django_db

EVERYBODY = "sten rut elsa harald kim anna adam olle ines lea bea lis petra nils other_rut other_harald other_adam"


def outcome(user, case, now):
    """`no`, `why` (only with a reason), or which of reading, working, leading and pupils it gives."""
    try:
        found = access.grant(user, case, now.date())
    except ReasonNeededError:
        return "why"
    if found is None:
        return "no"
    gives = [name for name in ("works", "leads", "pupils") if getattr(found, name)]
    return " ".join(["reads", *gives])


@pytest.mark.parametrize(
    ("secrecy", "expected"),
    [
        ("open", {"rut": "reads works pupils", "harald": "reads works leads", "kim": "why"}),
        ("pupil", {"rut": "reads works pupils", "harald": "reads works leads", "kim": "why"}),
        ("health", {"rut": "reads works pupils"}),
        ("protected", {"rut": "reads works pupils"}),
    ],
)
def test_who_reaches_a_case_that_the_principal_opened(cast, opened, now, secrecy, expected):
    case = opened(secrecy=secrecy)
    found = {name: outcome(getattr(cast, name), case, now) for name in EVERYBODY.split()}
    assert {name: way for name, way in found.items() if way != "no"} == expected


def test_the_principal_reaches_a_case_of_the_own_school_that_another_opened(cast, opened, now):
    case = opened(by=cast.harald)
    assert outcome(cast.rut, case, now) == "reads pupils"
    assert outcome(cast.rut, opened(by=cast.harald, secrecy="health"), now) == "no"


def test_a_case_about_the_organiser_is_not_its_principals(cast, places, opened, now):
    case = opened(by=cast.harald, place=places.ekvik)
    assert outcome(cast.harald, case, now) == "reads works leads pupils"
    assert [outcome(user, case, now) for user in (cast.rut, cast.other_harald)] == ["no", "no"]


@pytest.mark.parametrize(
    ("name", "handler", "reader"),
    [
        ("sten", "reads works", "reads"),
        ("elsa", "reads works pupils", "reads pupils"),
        ("kim", "reads works pupils", "reads pupils"),
        ("ines", "reads works pupils", "reads pupils"),
        ("bea", "reads works pupils", "reads pupils"),
    ],
)
def test_a_case_that_is_handed_over_is_open_to_whom_it_is_handed(cast, opened, now, name, handler, reader):
    for part, expected in (("handler", handler), ("reader", reader)):
        case, user = opened(), getattr(cast, name)
        actions.let_in(case=case, user=user, part=part, reason="Behövs", by=cast.harald, at=now)
        assert outcome(user, case, now) == expected


def test_who_is_responsible_but_has_left_the_role_sees_nothing(cast, shared, now):
    Membership.objects.filter(user=cast.rut).update(end=now.date() - timedelta(days=1))
    assert outcome(cast.rut, shared, now) == "no"


def test_who_has_moved_to_another_organiser_sees_nothing(cast, places, shared, member, now):
    Membership.objects.filter(user=cast.rut).update(end=now.date() - timedelta(days=1))
    member(cast.rut, Role.PRINCIPAL, Place(unit=places.lärkskolan.code))
    assert outcome(cast.rut, shared, now) == "no"


def test_a_part_ends_with_its_last_day(cast, opened, now):
    case = opened()
    until = now.date() + timedelta(days=3)
    actions.let_in(case=case, user=cast.ines, part="reader", reason="Behövs", by=cast.harald, at=now, until=until)
    assert outcome(cast.ines, case, now + timedelta(days=3)) == "reads pupils"
    assert outcome(cast.ines, case, now + timedelta(days=4)) == "no"


def test_the_excluded_sees_nothing_whatever_the_role(cast, opened, now):
    case = opened(by=cast.harald)
    assert outcome(cast.rut, case, now) != "no"
    actions.exclude(case=case, user=cast.rut, reason="Närstående", by=cast.harald, at=now)
    assert outcome(cast.rut, case, now) == "no"
    assert case not in access.cases_at_places(cast.rut, now.date())


def test_a_read_is_an_event_with_the_reason_and_the_role_that_opened_it(cast, opened, now):
    case = opened()
    case_for(cast.rut, case.dnr, at=now)
    read = events.about(case.subject).last()
    assert (read.what, read.actor, read.role) == ("case.read", cast.rut.audit_id, "principal")
    assert "handed to you" in read.reason


def test_a_stated_reason_opens_the_case_to_read_and_is_kept(cast, opened, now):
    case = opened()
    with pytest.raises(ReasonNeededError, match="say why"):
        case_for(cast.kim, case.dnr, at=now)
    _, grant = case_for(cast.kim, case.dnr, at=now, reason="Uppföljning av väntetider")
    assert (grant.works, grant.stated) == (False, "Uppföljning av väntetider")
    assert events.about(case.subject).last().reason == "Uppföljning av väntetider"


def test_a_number_that_is_not_there_is_refused_in_the_same_words_as_one_that_is(cast, opened, now):
    said = set()
    for number in (opened().dnr, "LV 2025:999", "LV 1999:1", "nonsense"):
        with pytest.raises(Denied) as error:
            case_for(cast.other_harald, number, at=now)
        said.add((error.value.reason, error.value.ask))
    assert len(said) == 1


def test_a_refusal_is_recorded(cast, opened, now):
    case = opened()
    with pytest.raises(Denied):
        case_for(cast.other_harald, case.dnr, at=now)
    refused = events.about(case.subject).last()
    assert (refused.what, refused.actor) == ("case.refused", cast.other_harald.audit_id)


def test_the_public_is_asked_to_sign_in(opened, now, client):
    with pytest.raises(Denied) as error:
        case_for(client.get("/healthz").wsgi_request.user, opened().dnr, at=now)
    assert error.value.sign_in


@pytest.mark.parametrize("name", ["rut", "harald", "kim", "elsa", "lea", "other_harald", "olle"])
def test_lists_hold_exactly_what_can_be_read(cast, places, opened, now, name):
    for secrecy in ("open", "health"):
        for by, place in ((cast.rut, places.björk), (cast.harald, places.ekvik), (cast.lea, places.gran)):
            opened(secrecy=secrecy, by=by, place=place)
    user = getattr(cast, name)
    listed = {*access.own_cases(user, now.date()), *access.cases_at_places(user, now.date())}
    assert listed == {case for case in Case.objects.all() if outcome(user, case, now) != "no"}


def test_units_in_own_cases_are_those_of_open_cases_that_are_handed(cast, places, opened, now):
    case = opened(by=cast.lea, place=places.björk)
    actions.share_out(case=case, to=cast.ines, by=cast.lea, at=now)
    assert access.units_in_own_cases(cast.ines, now.date()) == {places.björk.code}
    assert access.units_in_own_cases(cast.bea, now.date()) == frozenset()
    whole = opened(by=cast.lea, place=places.lärkan)
    actions.let_in(case=whole, user=cast.ines, part=Participant.Part.READER, reason="Med", by=cast.lea, at=now)
    assert access.units_in_own_cases(cast.ines, now.date()) == {places.björk.code, places.lärkskolan.code}
