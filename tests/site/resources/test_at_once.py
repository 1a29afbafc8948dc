"""Two people at a round in the same moment: one of them comes first, and the other is told so."""

from __future__ import annotations

import json

import pytest
from django.db import connection  # noqa: F401 - named in the condition of the mark
from tests.site.at_once import at_once, only_on_postgresql
from tests.site.resources.conftest import RULE

from likvard.site.audit.models import Event
from likvard.site.cases.states import CaseError
from likvard.site.resources import actions
from likvard.site.resources.models import Round

pytestmark = [pytest.mark.django_db(transaction=True), only_on_postgresql]


def refusals(found: list[object]) -> int:
    return sum(isinstance(one, CaseError) for one in found)


def test_of_two_who_decide_a_round_one_decides(heard, cast, after):
    def decide(reason):
        return lambda: actions.decide(round=heard, reason=reason, by=cast.harald, at=after)

    found = at_once(decide("Det ena skälet"), decide("Det andra skälet"))
    assert refusals(found) == 1
    decided = Event.objects.about(heard.subject).get(what="allocation.decided")
    assert Round.objects.get().reason == decided.reason


def test_what_goes_out_for_views_is_the_newest_version_though_another_is_made_meanwhile(draft, taken, cast, now):
    later = now.date().replace(month=now.month % 12 + 1)

    def keep():
        return actions.make_version(round=draft, rule=RULE, taken=taken, why="Prövat", by=cast.kim, at=now)

    at_once(keep, lambda: actions.send_out(round=draft, until=later, by=cast.harald, at=now))
    sent = Event.objects.about(draft.subject).get(what="allocation.sent_out")
    assert json.loads(sent.data)["version"] == Round.objects.get().newest.number


def test_of_two_who_open_the_round_of_a_year_one_opens_it(taken, places, cast, now):
    def open_it(by):
        return lambda: actions.open_round(
            organiser=places.ekvik, year=2026, form="GR", body="Nämnden", rule=RULE, taken=taken, by=by, at=now
        )

    assert refusals(at_once(open_it(cast.kim), open_it(cast.harald))) == 1
    assert Round.objects.count() == 1
