"""The board of clocks and its warnings, and the lists of whoever keeps a register: cut by the database, right all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.site.audit.models import Event
from likvard.site.cases import actions as of_cases
from likvard.site.cases import timing
from likvard.site.cases.models import Clock, Outgoing
from likvard.site.cases.timing import Counting, Standing
from likvard.site.supervision import deadlines
from likvard.site.supervision.actions.warning import warn_of_deadlines
from likvard.site.supervision.deadlines import SHOWN, Asked
from likvard.site.supervision.models import ClockWarning, Department, Inspection


@pytest.fixture
def clock(inspection: Inspection, cast: Any, now: datetime) -> Callable[..., Clock]:
    """Start a clock in the inspection of Björkskolan: due so many days from today, None for no day."""

    def start(days: int | None, **more: Any) -> Clock:
        known = {"name": "Redovisa", "started": now.date() - timedelta(days=60), "by": cast.ines, "at": now}
        due = None if days is None else now.date() + timedelta(days=days)
        return of_cases.start_clock(case=inspection.case, due=due, **{**known, **more})

    return start


@pytest.fixture
def visit(enter: Any, settings: Any, monkeypatch: Any, now: datetime) -> Callable[..., str]:
    """What a page says to somebody, in English."""
    settings.SECOND_FACTOR = False
    monkeypatch.setattr("likvard.site.ui.middleware.timezone.now", lambda: now)

    def open_page(user: Any, address: str, *, status: int = 200) -> str:
        client = enter(user)
        client.cookies["sprak"] = "en"
        response = client.get(address)
        assert response.status_code == status
        return response.content.decode()

    return open_page


def test_the_database_and_the_clock_say_the_same(clock, cast, now):
    """Every way of standing, for days on both sides of each limit and both ways of counting."""
    for counting in Counting:
        for days in (-30, -1, 0, 1, 6, 7, 8, 11, 12, 40, None):
            clock(days, counting=counting)
            of_cases.pause_clock(clock=clock(days, counting=counting), reason="Väntar", by=cast.ines, at=now) if days != -30 and days != -1 else None  # fmt: skip
    on = now.date()
    every = deadlines.of_reader(cast.lea, on)
    by_value = {way: {c.pk for c in every.prefetch_related("pauses") if c.value.standing(on) is way} for way in SHOWN}
    for way in SHOWN:
        assert {c.pk for c in deadlines.listed(every, on, way.value)} == by_value[way]
        assert by_value[way]
    assert deadlines.counted(every, on).ways == {way: len(found) for way, found in by_value.items()}


@given(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.integers(0, 20), st.sampled_from(Counting), st.integers(-5, 60)
)
@settings(max_examples=150, deadline=None)
def test_the_last_day_that_is_soon_is_that_of_the_clock(on, warn, counting, ahead):
    due = on + timedelta(days=max(ahead, 0))
    value = timing.Clock(started=on, first_due=due, counting=counting, warn=warn)
    assert (value.standing(on) is Standing.SOON) == (due <= deadlines.last_soon(on, warn, counting))


def test_a_clock_that_was_late_before_its_pause_stays_late(clock, cast, now):
    held = clock(5)
    of_cases.pause_clock(clock=held, reason="Väntar", by=cast.ines, at=now)
    Clock.objects.filter(pk=held.pk).update(
        due=now.date() - timedelta(days=3), first_due=now.date() - timedelta(days=3)
    )
    assert list(deadlines.listed(deadlines.of_reader(cast.lea, now.date()), now.date(), "late")) == [held]


def test_the_board_shows_the_lead_the_register_and_an_inspector_their_own(visit, clock, stage, cast, places, now):
    clock(-3)
    other = stage("planned", place=places.gran)
    of_cases.start_clock(case=other.case, name="Dela ut", due=now.date(), by=cast.lea, at=now)
    lead, own = visit(cast.lea, "/tillsyn/klockor/"), visit(cast.ines, "/tillsyn/klockor/")
    assert "Dela ut" in lead
    assert "Redovisa" in lead
    assert "Redovisa" in own
    assert "Dela ut" not in own
    assert "3 days late" in own


@pytest.mark.parametrize("name", ["harald", "petra", "bea", "nils", "rut"])
def test_the_board_is_closed_to_others(visit, clock, cast, name):
    visit(getattr(cast, name), "/tillsyn/klockor/", status=403)


def test_whoever_is_excluded_sees_no_clock_of_the_matter(clock, inspection, member, cast, now):
    clock(-3)
    other = cast.petra
    member(other, "lead_inspector", cast.lea.memberships.get().place)
    assert deadlines.of_reader(other, now.date()).count() == 1
    of_cases.exclude(case=inspection.case, user=other, reason="Närstående", by=cast.lea, at=now)
    assert deadlines.of_reader(other, now.date()).count() == 0


def test_the_board_is_filtered_by_department_person_and_type(clock, inspection, cast, now):
    clock(1)
    lund, umeå = (Department.objects.create(name=name) for name in ("Lund", "Umeå"))
    Inspection.objects.filter(pk=inspection.pk).update(department=lund)
    every = deadlines.of_reader(cast.lea, now.date())

    def found(**asked: str) -> int:
        return deadlines.within(every, Asked(**asked)).count()

    assert (found(department=str(lund.pk)), found(department=str(umeå.pk)), found(department="x")) == (1, 0, 0)
    assert (found(responsible=cast.ines.email), found(responsible=cast.lea.email), found(responsible="-")) == (1, 0, 0)
    assert (found(type="planned"), found(type="targeted")) == (1, 0)


def test_owner_and_lead_are_warned_once_of_what_is_late(clock, cast, now):
    clock(-2)
    Outgoing.objects.all().delete()
    assert warn_of_deadlines(now, address="https://x") == 1
    assert warn_of_deadlines(now + timedelta(hours=1)) == 0
    letters = dict(Outgoing.objects.values_list("to", "body"))
    assert set(letters) == {cast.ines.email, cast.lea.email}
    assert "https://x/tillsyn/klockor/" in letters[cast.lea.email]
    assert "Björkskolan" not in "".join(letters.values())
    assert Event.objects.filter(what="supervision.deadline_told").count() == 1


def test_what_is_soon_due_is_told_to_the_lead_and_again_when_it_is_late(clock, cast, now):
    held = clock(3)
    Outgoing.objects.all().delete()
    warn_of_deadlines(now)
    assert set(Outgoing.objects.values_list("to", flat=True)) == {cast.lea.email}
    warn_of_deadlines(now + timedelta(days=4))
    assert list(held.supervision_warnings.values_list("standing", flat=True)) == ["soon", "late"]
    assert Outgoing.objects.filter(to=cast.ines.email).count() == 1


def test_one_letter_to_the_lead_for_many_clocks(clock, cast, now):
    for _n in range(4):
        clock(-1)
    Outgoing.objects.all().delete()
    assert warn_of_deadlines(now) == 4
    assert Outgoing.objects.filter(to=cast.lea.email).count() == 1


def test_reading_clears_no_warning_and_doing_the_duty_does(visit, clock, cast, now):
    held = clock(-2)
    warn_of_deadlines(now)
    for _n in range(3):
        assert "1 warning stands." in visit(cast.lea, "/tillsyn/klockor/")
    of_cases.meet_clock(clock=held, by=cast.ines, at=now)
    assert "0 warnings stand." in visit(cast.lea, "/tillsyn/klockor/")
    assert ClockWarning.objects.count() == 1


def test_a_paused_clock_is_not_warned_of_and_a_day_that_moves_may_be_again(clock, cast, now):
    held = clock(2)
    of_cases.pause_clock(clock=held, reason="Väntar på svar", by=cast.ines, at=now)
    assert warn_of_deadlines(now) == 0
    later = now + timedelta(days=10)
    of_cases.resume_clock(clock=held, by=cast.ines, at=later)
    assert warn_of_deadlines(later) == 1
    assert warn_of_deadlines(later + timedelta(days=3)) == 1


def _questions(visit: Callable[..., str], user: Any, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        visit(user, address)
    return len(asked)


@pytest.mark.parametrize(
    "address",
    ["/tillsyn/klockor/", "/arenden/", "/arenden/?visa=register", "/arenden/?visa=register-stangda", "/tillsyn/"],
)
def test_a_register_that_grows_costs_no_more_questions(visit, opened, cast, now, address):
    def fill(number: int) -> None:
        for _n in range(number):
            made = opened()
            of_cases.start_clock(case=made.case, name="Svara", due=now.date(), by=cast.lea, at=now)

    fill(3)
    visit(cast.lea, address)
    before = _questions(visit, cast.lea, address)
    fill(9)
    assert _questions(visit, cast.lea, address) <= before


def test_the_lead_sees_what_is_handed_to_them_and_the_register_beside_it(visit, inspection, opened, cast, places, now):
    other = opened(place=places.gran)
    first = visit(cast.lea, "/arenden/")
    assert "The whole register: 2 open matters" in first
    assert other.case.dnr in first  # it waits to be shared out
    register = visit(cast.lea, "/arenden/?visa=register")
    assert inspection.case.dnr in register
    assert other.case.dnr in register
    assert "The whole register" not in visit(cast.ines, "/arenden/")
    assert other.case.dnr not in visit(cast.ines, "/arenden/?visa=register")


def test_the_register_stands_by_the_clock_that_presses_most_and_a_paused_one_does_not(visit, opened, cast, places, now):
    late, paused, soon = (opened(place=place) for place in (places.björk, places.gran, places.lärkskolan))
    for made, days in ((late, 0), (paused, 0), (soon, 5)):
        due = now.date() + timedelta(days=days)
        held = of_cases.start_clock(case=made.case, name="Svara", due=due, by=cast.lea, at=now)
        if made is paused:
            of_cases.pause_clock(clock=held, reason="Väntar", by=cast.lea, at=now)
    page = visit(cast.lea, "/arenden/?visa=register")
    where = [page.index(made.case.dnr) for made in (late, soon, paused)]
    assert where == sorted(where)


def test_closed_matters_of_the_register_stand_by_the_day_they_were_closed(visit, opened, cast, places, now):
    first, last = opened(place=places.gran), opened(place=places.björk)
    for made, hours in ((last, 2), (first, 1)):
        of_cases.move(case=made.case, code="cancel", by=cast.lea, at=now + timedelta(hours=hours), reason="Fel val")
    page = visit(cast.lea, "/arenden/?visa=register-stangda")
    assert page.index(last.case.dnr) < page.index(first.case.dnr)
    assert "Closed matters of the register that you keep" in page
