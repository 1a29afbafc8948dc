"""Letters to the schools that are asked for views: one when the round is sent out, one before the last day, each once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.site.resources.conftest import LÄRKSKOLAN

from likvard.site.audit.models import Event
from likvard.site.cases.models import Outgoing
from likvard.site.resources import actions, permissions
from likvard.site.resources.models import Reminder

pytestmark = pytest.mark.django_db


@pytest.fixture
def near(heard, now):
    """Two days before the last day for views of the round that is out."""
    return now + timedelta(days=12)


def written():
    """The letters so far: to whom, what about, and what they say."""
    return {letter.to: f"{letter.subject}\n{letter.body}" for letter in Outgoing.objects.order_by("id")}


def test_principals_and_independent_organisers_are_asked_for_their_own_schools(heard, cast, now):
    asked = permissions.asked_for_views(heard, on=now.date())
    found = {person.email: [unit.code for unit in units] for person, units in asked.items()}
    assert found == {
        cast.rut.email: ["90000001"], cast.other_rut.email: [LÄRKSKOLAN], cast.other_harald.email: [LÄRKSKOLAN],
    }  # fmt: skip


def test_sending_out_writes_to_each_that_is_asked(heard, cast):
    letters = written()
    assert set(letters) == {cast.rut.email, cast.other_rut.email, cast.other_harald.email}
    assert "Björkskolan" in letters[cast.rut.email]
    assert "28 november 2025" in letters[cast.rut.email].replace("\u00a0", " ")
    assert heard.href("reasons") in letters[cast.rut.email]


def test_nobody_is_reminded_before_the_last_days_nor_after_them(heard, now):
    for days in (0, 10, 15, 40):
        assert actions.remind_of_views(now + timedelta(days=days)) == 0


def test_each_is_reminded_once_however_often_the_worker_looks(heard, cast, near):
    Outgoing.objects.all().delete()
    assert actions.remind_of_views(near, address="https://likvard.example") == 3
    assert actions.remind_of_views(near + timedelta(days=1)) == 0
    assert len(written()) == Reminder.objects.count() == 3
    assert f"https://likvard.example{heard.href('reasons')}" in written()[cast.rut.email]
    assert Event.objects.about(heard.subject).filter(what="allocation.reminded").count() == 1


def test_a_school_that_has_said_something_is_left_in_peace(heard, cast, places, near, now):
    actions.give_view(round=heard, unit=places.björk, text="Bra.", by=cast.rut, at=now)
    Outgoing.objects.all().delete()
    actions.remind_of_views(near)
    assert set(written()) == {cast.other_rut.email, cast.other_harald.email}


def test_a_round_that_goes_out_again_reminds_of_its_own_day(heard, cast, near):
    actions.remind_of_views(near)
    back = actions.back(round=heard, reason="Nytt underlag.", by=cast.kim, at=near)
    assert actions.remind_of_views(near) == 0
    actions.send_out(round=back, until=(near + timedelta(days=10)).date(), by=cast.kim, at=near)
    assert actions.remind_of_views(near + timedelta(days=9)) == 3
