"""Days off and working days in Sweden: computed, for any year from 1990. Time is passed in.

Days off are Saturdays, Sundays and the public holidays of lagen (1989:253) om allmänna helgdagar, and the three eves that
lagen (1930:173) om beräkning av lagstadgad tid sets beside them: Midsummer, Christmas and New Year's Eve.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar.

    Source: the anonymous algorithm of Nature, 20 April 1876, as in J. Meeus, Astronomical Algorithms, chapter 8.
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """The public holidays of a year that may fall on a weekday, and the three eves.

    Whit Monday was one until 2004, the national day is one from 2005 (SFS 2004:1320).
    """
    sunday, midsummer = easter(year), _saturday_from(date(year, 6, 20))
    moving = [sunday - 2 * DAY, sunday + DAY, sunday + 39 * DAY, midsummer - DAY, _saturday_from(date(year, 10, 31))]
    fixed = [(1, 1), (1, 6), (5, 1), (12, 24), (12, 25), (12, 26), (12, 31)]
    changed = date(year, 6, 6) if year >= 2005 else sunday + 50 * DAY
    return frozenset({*moving, midsummer, changed, *(date(year, month, day) for month, day in fixed)})


def _saturday_from(day: date) -> date:
    return day + (SATURDAY - day.weekday()) % 7 * DAY


def is_day_off(day: date) -> bool:
    """Whether offices are closed: a weekend, a public holiday or one of the three eves."""
    return day.weekday() >= SATURDAY or day in holidays(day.year)


def working_days(after: date, until: date) -> int:
    """How many working days lie after the one day, up to and including the other; negative if `until` is earlier."""
    if until < after:
        return -working_days(until, after)
    return sum(not is_day_off(after + n * DAY) for n in range(1, (until - after).days + 1))


def add_working_days(start: date, number: int) -> date:
    """The working day that comes `number` working days after `start`; for zero, `start` itself."""
    day, step = start, DAY if number >= 0 else -DAY
    left = abs(number)
    while left:
        day += step
        left -= not is_day_off(day)
    return day


def working_day_from(day: date) -> date:
    """The day itself, or the first working day after it.

    So does a statutory time for an act end that would end on a day off (lagen 1930:173, 2 §).
    """
    while is_day_off(day):
        day += DAY
    return day
