"""Days off, against calendars that were published."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.rulebook.days import add_working_days, easter, holidays, is_day_off, working_day_from, working_days

FUZZ = settings(deadline=None, derandomize=True)

days = st.dates(date(1991, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    "day",
    [date(1999, 4, 4), date(2000, 4, 23), date(2008, 3, 23), date(2011, 4, 24), date(2025, 4, 20), date(2038, 4, 25)],
)
def test_easter_falls_where_the_almanac_has_it(day):
    assert easter(day.year) == day


def test_the_holidays_of_2026():
    expected = "01-01 01-06 04-03 04-06 05-01 05-14 06-06 06-19 06-20 10-31 12-24 12-25 12-26 12-31"
    assert sorted(day.isoformat()[5:] for day in holidays(2026)) == expected.split()


def test_whit_monday_gave_way_to_the_national_day_in_2005():
    assert is_day_off(date(2004, 5, 31))
    assert not is_day_off(date(2005, 5, 16))
    assert (is_day_off(date(2003, 6, 6)), is_day_off(date(2005, 6, 6))) == (False, True)


def test_a_time_that_ends_at_christmas_ends_after_it():
    assert working_day_from(date(2026, 12, 24)) == date(2026, 12, 28)
    assert working_day_from(date(2026, 12, 23)) == date(2026, 12, 23)


def test_working_days_of_a_week_with_a_holiday():
    assert working_days(date(2026, 5, 10), date(2026, 5, 17)) == 4
    assert working_days(date(2026, 5, 17), date(2026, 5, 10)) == -4


@FUZZ
@given(days, st.integers(-60, 60))
def test_as_many_working_days_are_counted_as_were_added(start, number):
    end = add_working_days(start, number)
    forward = working_days(start, end)
    # Counting backwards from a day off, the day itself is none of those passed.
    assert forward == number or (number < 0 and working_days(end - timedelta(1), start - timedelta(1)) == -number)


@FUZZ
@given(days)
def test_there_are_at_least_two_and_at_most_seven_days_off_in_a_week(day):
    assert 2 <= sum(is_day_off(day + timedelta(n)) for n in range(7)) <= 7
