"""Clocks in the database: pauses move the due day, warnings come once, and reading changes nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation

from likvard.rulebook.days import add_working_days
from likvard.site.audit import events
from likvard.site.cases import access, actions
from likvard.site.cases.models import Clock, Outgoing, clocks_by_urgency
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import Standing
from likvard.terms import RuleError

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def clock(cast, shared, now):
    """Ten days from 14 November 2025."""
    return actions.start_clock(case=shared, name="Svara", due=now.date() + 10 * DAY, by=cast.rut, at=now)


def test_a_pause_moves_the_due_day_by_the_days_it_lasted(cast, clock, now):
    actions.pause_clock(clock=clock, reason="Väntar på svar", by=cast.rut, at=now + 2 * DAY)
    clock = actions.resume_clock(clock=clock, by=cast.rut, at=now + 9 * DAY)
    assert clock.due == now.date() + 17 * DAY == clock.value.due(now.date())
    told = events.about(clock.case.subject).last()
    assert (told.what, told.values["before"], told.values["due"]) == ("case.clock_resumed", "2025-11-24", "2025-12-01")


def test_a_clock_of_working_days_moves_by_working_days(cast, shared, now):
    due = add_working_days(now.date(), 10)
    clock = actions.start_clock(case=shared, name="x", due=due, counting="working", by=cast.rut, at=now)
    actions.pause_clock(clock=clock, reason="Helg", by=cast.rut, at=now)
    clock = actions.resume_clock(clock=clock, by=cast.rut, at=now + 3 * DAY)  # Friday to Monday
    assert clock.due == add_working_days(due, 1)


def test_every_replay_of_the_pauses_gives_the_stored_due_day(cast, clock, now):
    for begin, end in ((1, 3), (3, 3), (5, 40)):
        actions.pause_clock(clock=clock, reason="x", by=cast.rut, at=now + begin * DAY)
        actions.resume_clock(clock=clock, by=cast.rut, at=now + end * DAY)
    stored = Clock.objects.get()
    assert stored.due == stored.value.due(stored.due) == now.date() + 47 * DAY


def test_a_late_clock_cannot_be_paused(cast, clock, now):
    with pytest.raises(CaseError, match="late cannot be paused"):
        actions.pause_clock(clock=clock, reason="x", by=cast.rut, at=now + 11 * DAY)


def test_what_does_not_stand_so_cannot_be_done(cast, clock, now):
    with pytest.raises(CaseError, match="not paused"):
        actions.resume_clock(clock=clock, by=cast.rut, at=now)
    actions.pause_clock(clock=clock, reason="x", by=cast.rut, at=now)
    with pytest.raises(CaseError, match="not running"):
        actions.pause_clock(clock=clock, reason="x", by=cast.rut, at=now)
    actions.stop_clock(clock=clock, reason="Återkallat", by=cast.rut, at=now)
    with pytest.raises(CaseError, match="ended already"):
        actions.meet_clock(clock=clock, by=cast.rut, at=now)


@pytest.mark.parametrize("deed", [actions.pause_clock, actions.stop_clock])
def test_pausing_and_stopping_need_a_reason(cast, clock, now, deed):
    with pytest.raises(CaseError, match="Say why"):
        deed(clock=clock, reason="  ", by=cast.rut, at=now)


@pytest.mark.parametrize(("days", "standing"), [(10, Standing.MET), (11, Standing.MET_LATE)])
def test_a_duty_is_met_on_the_day_it_was_done(cast, clock, now, days, standing):
    done = now.date() + days * DAY
    clock = actions.meet_clock(clock=clock, on=done, by=cast.rut, at=now + 20 * DAY)
    assert clock.value.standing(now.date() + 30 * DAY) is standing


@pytest.mark.parametrize("days", [-1, 21])
def test_a_duty_is_not_met_before_its_start_or_after_today(cast, clock, now, days):
    with pytest.raises(CaseError, match="between"):
        actions.meet_clock(clock=clock, on=now.date() + days * DAY, by=cast.rut, at=now + 20 * DAY)


def test_a_duty_of_the_rulebook_brings_its_due_day_and_its_name(cast, shared, now):
    clock = actions.start_clock(
        case=shared, duty="newcomer_assessed", started=date(2025, 12, 31), by=cast.rut, at=now + 60 * DAY
    )
    assert (clock.due, clock.duty) == (date(2026, 2, 28), "newcomer_assessed")
    assert "newly arrived" in clock.label
    with translation.override("sv"):
        assert "nyanlända" in clock.label
    assert actions.start_clock(case=shared, duty="absence_inquiry", by=cast.rut, at=now).due is None
    with pytest.raises(RuleError):
        actions.start_clock(case=shared, duty="no_such_duty", by=cast.rut, at=now)


def test_a_warning_comes_once_and_to_the_responsible(cast, clock, now):
    Outgoing.objects.all().delete()
    assert actions.warn_of_clocks(now) == 0
    near = now + 3 * DAY
    assert [actions.warn_of_clocks(near, address="https://x.se"), actions.warn_of_clocks(near)] == [1, 0]
    letter = Outgoing.objects.get()
    assert (letter.to, "https://x.se/arenden/LV-2025-1/" in letter.body) == ("rut@example.se", True)
    told = events.about(clock.case.subject).last()
    assert (told.what, told.actor, told.values["standing"]) == ("case.clock_warned", "", "soon")


def test_a_paused_clock_is_not_warned_of_until_it_goes_on(cast, clock, now):
    actions.pause_clock(clock=clock, reason="x", by=cast.rut, at=now + DAY)
    assert actions.warn_of_clocks(now + 30 * DAY) == 0
    actions.resume_clock(clock=clock, by=cast.rut, at=now + 30 * DAY)
    assert actions.warn_of_clocks(now + 32 * DAY) == 1


def test_a_pause_after_a_warning_lets_it_come_again(cast, clock, now):
    actions.warn_of_clocks(now + 5 * DAY)
    actions.pause_clock(clock=clock, reason="x", by=cast.rut, at=now + 5 * DAY)
    actions.resume_clock(clock=clock, by=cast.rut, at=now + 25 * DAY)
    assert actions.warn_of_clocks(now + 26 * DAY) == 1


def test_reading_clears_nothing(cast, clock, now):
    late = now + 12 * DAY
    actions.warn_of_clocks(late)
    before = Clock.objects.values().get()
    for _ in range(3):
        access.case_for(cast.rut, clock.case.dnr, at=late)
    assert Clock.objects.values().get() == before
    assert Clock.objects.get().value.standing(late.date()) is Standing.LATE


def test_clocks_are_listed_the_late_first(cast, shared, now):
    days = {"a": 30, "b": 2, "c": None, "d": 5}
    for name, left in days.items():
        due = None if left is None else now.date() + left * DAY
        actions.start_clock(case=shared, name=name, due=due, by=cast.rut, at=now)
    listed = clocks_by_urgency(Clock.objects.prefetch_related("pauses"), now.date() + 4 * DAY)
    assert [clock.name for clock in listed] == ["b", "d", "a", "c"]


@pytest.mark.parametrize("change", [{"name": " "}, {"due": date(2025, 1, 1)}])
def test_a_clock_without_a_name_or_due_before_its_start_is_refused(cast, shared, now, change):
    with pytest.raises(CaseError):
        actions.start_clock(**{"case": shared, "name": "x", "by": cast.rut, "at": now, **change})
