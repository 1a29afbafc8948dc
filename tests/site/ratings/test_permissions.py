"""Who may do what with a round, a rating and a report: truth tables of every person by deed, in each state. No pages."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from functools import partial

import pytest
from tests.site.addresses_ratings import closed_round

from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.ratings import permissions, states
from likvard.site.ratings.actions import rounds
from likvard.site.ratings.models import Conflict, Rating, Report, Round
from likvard.site.ratings.states import Part

pytestmark = pytest.mark.django_db
NOBODY: set[str] = set()
MARKERS, LEADS, OWN = {"ines", "ivar"}, {"lea", "lars"}, {"harald", "kim"}
INSIDE = MARKERS | LEADS

RATING = {
    "marking": {"read": INSIDE, "mark": {"ivar"}, "hand out": LEADS},
    "settling": {"read": INSIDE, "read the sheets": INSIDE, "hand out": LEADS, "settle": INSIDE, "send": INSIDE},
    "reply": {"read": INSIDE, "read the sheets": INSIDE, "hand out": LEADS, "read the own": OWN, "reply": OWN},
    "reply, its day passed": {
        "read": INSIDE, "read the sheets": INSIDE, "hand out": LEADS, "go on": INSIDE, "read the own": OWN, "reply": OWN,
    },
    "answering": {
        "read": INSIDE, "read the sheets": INSIDE, "hand out": LEADS, "answer": INSIDE, "read the own": OWN,
    },
    "ready": {"read": INSIDE, "read the sheets": INSIDE, "hand out": LEADS, "read the own": OWN},
    "audit": {
        "read": INSIDE, "read the sheets": INSIDE - {"lars"}, "mark": {"lars"}, "hand out": LEADS, "read the own": OWN,
    },
    "audit, handed in": {
        "read": INSIDE, "read the sheets": INSIDE, "hand out": LEADS, "settle the audit": {"lea"}, "read the own": OWN,
    },
    "reply, after the audit": {
        "read": INSIDE, "read the sheets": INSIDE, "hand out": LEADS, "read the own": OWN, "reply": OWN,
    },
    "answering, after the audit": {
        "read": INSIDE, "read the sheets": INSIDE, "hand out": LEADS, "answer": {"lea"}, "read the own": OWN,
    },
    "closed": {"read": INSIDE, "read the sheets": INSIDE, "read the own": OWN},
}  # fmt: skip
"""Who may, by state and deed; a deed that is not named is nobody's. Ines has handed in, Ivar is the other marker, Lars audits."""

ROUND = {
    "preparing": {"open": LEADS},
    "open": {},
    "all ready": {"draw": LEADS},
    "audit drawn": {"close": LEADS},
    "closed": {"write": LEADS},
}

REPORT = {
    "draft": {"change": LEADS, "ask": LEADS},
    "reading": {"publish": {"lars", "petra"}, "send_back": {"lars", "petra"}, "take_back": {"lea"}},
    "published": {"correct": LEADS, "withdraw": LEADS},
    "revising": {"change": LEADS, "ask": LEADS},
    "rereading": {"publish": {"lars", "petra"}, "send_back": {"lars", "petra"}, "take_back": {"lea"}},
    "withdrawn": {},
}
"""Of a report that Lea wrote."""


@pytest.fixture
def people(cast, inspectors):
    """Everybody by name."""
    return {one.name: getattr(of, one.name) for of in (cast, inspectors) for one in fields(of)}


def who_may(people, check):
    """The names of those whom a check lets pass."""
    return {name for name, person in people.items() if _passes(partial(check, person))}


def _passes(act):
    try:
        act()
    except (CaseError, Denied):
        return False
    return True


def deeds_of_a_rating(rating, on):
    names = {
        "read": "read", "read the sheets": "read_sheets", "mark": "mark", "hand out": "hand_out", "settle": "settle",
        "send": "send", "answer": "answer", "go on": "go_on", "settle the audit": "settle_audit",
        "read the own": "read_own", "reply": "reply",
    }  # fmt: skip
    return {
        deed: partial(lambda check, who: check(who, rating, on=on), getattr(permissions, f"check_can_{name}"))
        for deed, name in names.items()
    }


@pytest.fixture
def rating(make_round, places, inspectors, now):
    """Ekvik's rating between Ines and Ivar."""
    made = make_round()
    own = made.ratings.get(organiser=places.ekvik)
    for marker, part in ((inspectors.ines, Part.FIRST), (inspectors.ivar, Part.SECOND)):
        rounds.hand_out(rating=own, marker=marker, part=part, by=inspectors.lea, at=now)
    Round.objects.filter(pk=made.pk).update(state="open", opened_at=now, opened_by=inspectors.lea)
    own.sheets.filter(part=Part.FIRST).update(handed_in_at=now)
    return own


@pytest.fixture
def taken_to(rating, inspectors, now):
    """Take the rating to a state as it is named in the table."""

    def take(named):
        state, _comma, more = named.partition(", ")
        if state != "marking":
            rating.sheets.update(handed_in_at=now)
        if state == "audit" or more == "after the audit":
            handed_in = {"handed_in_at": now} if more else {}
            given = {"given_at": now, "given_by": inspectors.lea}
            rating.sheets.create(marker=inspectors.lars, part=Part.AUDIT, **given, **handed_in)
        due = now.date() - timedelta(days=more == "its day passed")
        known = {"sent_at": now, "reply_due": due} if state in states.SEEN_BY_ORGANISER else {}
        Rating.objects.filter(pk=rating.pk).update(state=state, audited=more == "after the audit", **known)
        if state == "closed":
            Round.objects.filter(pk=rating.round_id).update(state="closed", closed_at=now, closed_by=inspectors.lea)
        return Rating.objects.select_related("round", "organiser", "framed").get(pk=rating.pk)

    return take


def test_the_tables_name_every_state():
    assert {named.partition(", ")[0] for named in RATING} == {one.code for one in states.RATING.states}
    assert set(REPORT) == {one.code for one in states.REPORT.states}


@pytest.mark.parametrize("state", RATING)
def test_who_may_do_what_with_a_rating_in_each_state(state, taken_to, people, today):
    deeds = deeds_of_a_rating(taken_to(state), today)
    assert RATING[state].keys() <= deeds.keys()
    assert {deed: who_may(people, act) for deed, act in deeds.items()} == {
        deed: RATING[state].get(deed, NOBODY) for deed in deeds
    }


@pytest.mark.parametrize("state", ["settling", "answering", "audit, handed in"])
def test_a_lead_with_a_conflict_of_interest_reads_and_settles_nothing(state, taken_to, inspectors, people, now):
    found = taken_to(state)
    Conflict.objects.create(organiser=found.organiser, user=inspectors.lea, reason="Släkt", at=now, declared_by=inspectors.lea)  # fmt: skip
    deeds = deeds_of_a_rating(found, now.date())
    assert {deed for deed, act in deeds.items() if "lea" in who_may({"lea": inspectors.lea}, act)} == {"hand out"}


@pytest.mark.parametrize("state", ROUND)
def test_who_may_do_what_with_a_round_in_each_state(state, rating, people, inspectors, places, now, today):
    made = rating.round
    for marker, part in ((inspectors.ines, Part.FIRST), (inspectors.ivar, Part.SECOND)):
        other = made.ratings.get(organiser=places.lärkan)
        rounds.hand_out(rating=other, marker=marker, part=part, by=inspectors.lea, at=now)
    if state in ("all ready", "audit drawn"):
        made.ratings.update(state="ready")
    known = {"audit_drawn_at": now} if state == "audit drawn" else {}
    at = {"closed_at": now, "closed_by": inspectors.lea} if state == "closed" else {}
    Round.objects.filter(pk=made.pk).update(state=state if state in ("preparing", "closed") else "open", **known, **at)
    made = Round.objects.get(pk=made.pk)
    checks = {deed: getattr(permissions, f"check_can_{deed}") for deed in ("open", "draw", "close", "write")}
    found = {
        deed: who_may(people, lambda who, check=check: check(who, made, on=today)) for deed, check in checks.items()
    }
    assert found == {deed: ROUND[state].get(deed, NOBODY) for deed in found}


@pytest.mark.parametrize("state", REPORT)
def test_who_may_do_what_with_a_report_in_each_state(state, cast, people, now, today):
    shown = {"published_at": now} if state in states.SHOWN else {}
    texts = {"slug": "hur-gar-det", "title": "Hur går det?", "lead": "En av tre."}
    report = Report.objects.create(
        round=closed_round(cast.lea, now), state=state, written_at=now, written_by=cast.lea, **texts, **shown
    )
    deeds = {"change": lambda who: permissions.check_can_change(who, report, on=today)}
    for code in dict.fromkeys(move.code for move in states.REPORT.moves):
        deeds[code] = lambda who, code=code: permissions.check_can_move(who, report, code, on=today)
    assert {deed: who_may(people, act) for deed, act in deeds.items()} == {
        deed: REPORT[state].get(deed, NOBODY) for deed in deeds
    }
    assert who_may(people, lambda who: permissions.check_can_see_draft(who, on=today)) == LEADS | {"petra"}
