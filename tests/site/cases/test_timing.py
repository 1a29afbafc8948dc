"""Clocks never lose days: not by pauses, holidays, summer time or 29 February."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.rulebook.kinds.supervision import Limit, Span
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import (
    Clock,
    Counting,
    Pause,
    Standing,
    add_days,
    by_law,
    by_limit,
    day_of,
    days_between,
    urgency,
)

FUZZ = settings(deadline=None, derandomize=True)

DAY = timedelta(days=1)
days = st.dates(date(2019, 1, 1), date(2031, 12, 31))
countings = st.sampled_from(Counting)
lengths = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4)


def paused(start: date, spans: list[tuple[int, int]]) -> tuple[Pause, ...]:
    """Pauses, each so many days after the one before and so many days long."""
    found, at = [], start
    for wait, length in spans:
        found.append(Pause(at + wait * DAY, at + (wait + length) * DAY))
        at += (wait + length) * DAY
    return tuple(found)


@FUZZ
@given(days, st.integers(0, 120), countings, lengths)
def test_what_was_left_when_a_pause_began_is_left_when_it_ends(start, limit, counting, spans):
    due, pauses = add_days(start, limit, counting), paused(start, spans)
    for n, pause in enumerate(pauses):
        before = Clock(start, due, counting, pauses[:n])
        after = Clock(start, due, counting, pauses[: n + 1])
        assert before.left(pause.start) == after.left(pause.end)


@FUZZ
@given(days, st.integers(0, 120), countings, lengths)
def test_days_run_plus_days_paused_are_all_the_days(start, limit, counting, spans):
    pauses = paused(start, spans)
    clock = Clock(start, add_days(start, limit, counting), counting, pauses)
    end = clock.due(start)
    still = sum(days_between(pause.start, pause.end, counting) for pause in pauses)
    assert days_between(start, end, counting) == limit + still


@FUZZ
@given(days, st.integers(0, 60), countings, st.integers(0, 60))
def test_an_open_pause_moves_the_due_day_a_day_a_day(start, limit, counting, on):
    clock = Clock(start, add_days(start, limit, counting), counting, (Pause(start),))
    assert clock.left(start + on * DAY) == limit
    assert clock.standing(start + on * DAY) is Standing.PAUSED


@FUZZ
@given(days, st.integers(0, 60), countings, st.integers(1, 60))
def test_a_late_clock_stays_late_under_a_pause(start, limit, counting, later):
    due = add_days(start, limit, counting)
    late = add_days(due, later, counting)
    clock = Clock(start, due, counting, (Pause(late),))
    assert clock.standing(late + 30 * DAY) is Standing.LATE


@FUZZ
@given(days, st.integers(0, 60), countings, st.integers(-30, 90))
def test_it_is_late_when_and_only_when_no_day_is_left(start, limit, counting, on):
    clock, day = Clock(start, add_days(start, limit, counting), counting), start + on * DAY
    assert (clock.standing(day) is Standing.LATE) == (day > clock.first_due)


@FUZZ
@given(st.datetimes(datetime(2019, 1, 1), datetime(2031, 1, 1)), st.integers(1, 400))
def test_a_day_later_by_the_calendar_is_a_day_later_in_spite_of_summer_time(at, number):
    start = at.replace(tzinfo=UTC)
    passed = (day_of(start + timedelta(days=number)) - day_of(start)).days
    assert abs(passed - number) <= 1
    assert by_limit(Limit(number, Span.DAYS), day_of(start)) == day_of(start) + timedelta(days=number)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 29)),  # the night summer time begins
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2025, 12, 31, 23, 0, tzinfo=UTC), date(2026, 1, 1)),
    ],
)
def test_the_day_is_stockholms(at, day):
    assert day_of(at) == day


def test_a_time_without_a_zone_has_no_day():
    with pytest.raises(CaseError, match="no time zone"):
        day_of(datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("limit", "start", "due"),
    [
        (Limit(1, Span.MONTHS), date(2028, 1, 29), date(2028, 2, 29)),
        (Limit(1, Span.MONTHS), date(2027, 1, 31), date(2027, 2, 28)),
        (Limit(1, Span.YEARS), date(2028, 2, 29), date(2029, 2, 28)),
        (Limit(3, Span.WEEKS), date(2028, 2, 20), date(2028, 3, 12)),
    ],
)
def test_limits_over_29_february(limit, start, due):
    assert by_limit(limit, start) == due


def test_a_pause_over_christmas_costs_no_working_days():
    start = date(2026, 12, 21)
    clock = Clock(start, add_days(start, 5, Counting.WORKING), Counting.WORKING)
    assert clock.first_due == date(2026, 12, 30)
    rested = Clock(start, clock.first_due, Counting.WORKING, (Pause(date(2026, 12, 23), date(2026, 12, 27)),))
    assert rested.due(date(2026, 12, 28)) == date(2026, 12, 30)


def test_the_law_gives_a_day_or_only_a_word():
    assert by_law("newcomer_assessed", date(2025, 12, 31)) == date(2026, 2, 28)
    assert by_law("absence_inquiry", date(2025, 12, 31)) is None


@pytest.mark.parametrize(
    ("clock", "standing"),
    [
        (Clock(date(2026, 1, 1), None), Standing.OPEN),
        (Clock(date(2026, 1, 1), date(2026, 3, 1)), Standing.RUNNING),
        (Clock(date(2026, 1, 1), date(2026, 2, 8)), Standing.SOON),
        (Clock(date(2026, 1, 1), date(2026, 2, 1)), Standing.SOON),
        (Clock(date(2026, 1, 1), date(2026, 1, 31)), Standing.LATE),
        (Clock(date(2026, 1, 1), date(2026, 1, 31), met=date(2026, 1, 31)), Standing.MET),
        (Clock(date(2026, 1, 1), date(2026, 1, 31), met=date(2026, 2, 1)), Standing.MET_LATE),
        (Clock(date(2026, 1, 1), date(2026, 1, 31), stopped=date(2026, 1, 3)), Standing.STOPPED),
        (Clock(date(2026, 1, 1), None, met=date(2026, 1, 3)), Standing.MET),
    ],
)
def test_how_a_clock_stands_on_1_february(clock, standing):
    assert clock.standing(date(2026, 2, 1)) is standing


def test_the_late_come_first_and_the_oldest_of_them_before_the_rest():
    on = date(2026, 2, 1)
    late = [Clock(date(2025, 1, 1), date(2026, 1, n)) for n in (5, 3)]
    others = [Clock(date(2025, 1, 1), None), Clock(date(2025, 1, 1), date(2026, 2, 3))]
    assert sorted([*others, *late], key=lambda clock: urgency(clock, on)) == [late[1], late[0], others[1], others[0]]


@pytest.mark.parametrize(
    "pauses",
    [
        (Pause(date(2025, 12, 31)),),
        (Pause(date(2026, 1, 5)), Pause(date(2026, 1, 7))),
        (Pause(date(2026, 1, 5), date(2026, 1, 9)), Pause(date(2026, 1, 7))),
    ],
)
def test_pauses_that_lie_over_each_other_are_refused(pauses):
    with pytest.raises(CaseError, match="lie over each other"):
        Clock(date(2026, 1, 1), date(2026, 2, 1), pauses=pauses)


def test_impossible_days_are_refused():
    with pytest.raises(CaseError, match="before it began"):
        Pause(date(2026, 1, 2), date(2026, 1, 1))
    with pytest.raises(CaseError, match="before its clock"):
        Clock(date(2026, 1, 2), None, met=date(2026, 1, 1))
