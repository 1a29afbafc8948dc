"""Who may do what in a round: a truth table of every person of the cast by deed, in each state."""

from __future__ import annotations

from dataclasses import fields

import pytest
from django.http import Http404

from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.resources import permissions

pytestmark = pytest.mark.django_db
WRITERS = {"harald", "kim"}
INSIDE = {*WRITERS, "anna"}
CONCERNED = {"rut", "other_rut", "other_harald"}

MAY = {
    "draft": {
        "read": INSIDE, "follow": INSIDE, "change": WRITERS, "send out": WRITERS, "decide": set(), "give a view": set(),
        "give a view for the independent school": set(), "plan": set(),
    },
    "heard": {
        "read": INSIDE | CONCERNED, "follow": INSIDE, "change": set(), "send out": set(), "decide": set(),
        "give a view": {"rut"}, "give a view for the independent school": {"other_rut", "other_harald"}, "plan": set(),
    },
    "decided": {
        "read": "everybody", "follow": INSIDE, "change": set(), "send out": set(), "decide": set(), "give a view": set(),
        "give a view for the independent school": set(), "plan": WRITERS,
    },
}  # fmt: skip


def may(act) -> bool:
    """Whether a check lets it pass."""
    try:
        act()
    except (CaseError, Denied, Http404):
        return False
    return True


def deeds(round, places, on):
    """Every check of a round."""
    return {
        "read": lambda who: permissions.check_can_read(who, round, on=on),
        "follow": lambda who: permissions.check_can_follow(who, round, on=on),
        "change": lambda who: permissions.check_can_change(who, round, on=on),
        "send out": lambda who: permissions.check_can_move(who, round, "hear", on=on),
        "decide": lambda who: permissions.check_can_move(who, round, "decide", on=on),
        "give a view": lambda who: permissions.check_can_give_view(who, round, places.björk, on=on),
        "give a view for the independent school": lambda who: permissions.check_can_give_view(
            who, round, places.lärkskolan, on=on
        ),
        "plan": lambda who: permissions.check_can_plan(who, round, on=on),
    }


@pytest.mark.parametrize("state", MAY)
def test_who_may_do_what_in_each_state(state, request, cast, places, today):
    round = request.getfixturevalue(state)
    everybody = {field.name for field in fields(cast)}
    for deed, act in deeds(round, places, today).items():
        wanted = everybody if MAY[state][deed] == "everybody" else MAY[state][deed]
        assert {name for name in everybody if may(lambda n=name, a=act: a(getattr(cast, n)))} == wanted, deed


def test_only_the_head_of_education_decides_when_the_days_for_views_are_over(heard, cast, after):
    on = after.date()
    able = {name.name for name in fields(cast) if permissions.can_decide(getattr(cast, name.name), heard, on=on)}
    assert able == {"harald"}


def test_a_draft_is_not_there_for_others(draft, cast, enter):
    for who in (cast.rut, cast.other_harald, cast.lea, cast.olle, cast.adam):
        assert enter(who).get(draft.href()).status_code == 404
    assert enter(None).get(draft.href()).status_code == 302


@pytest.mark.parametrize("who", ["anna", "rut", "sten", "other_harald", "lea", "adam"])
@pytest.mark.parametrize("page", ["hear", "rework", "drop", "decide", "grounds", "plan"])
def test_others_than_writers_come_to_no_deed(who, page, heard, cast, enter):
    assert enter(getattr(cast, who)).get(heard.href(page)).status_code in (403, 404)
