"""When a duty is due: pure arithmetic on the clocks of the rulebook. Time is passed in."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from likvard.rulebook.days import working_day_from
from likvard.rulebook.kinds.supervision import Clock, Limit, Span
from likvard.rulebook.lookup import rule


def after(start: date, limit: Limit) -> date:
    """Return the last day of a time limit that runs from `start`.

    Weeks and days are counted from the day after; months and years end on the same day of the month, or on the last
    day of a shorter month: one month from 31 January ends on 28 or 29 February.
    """
    if limit.span is Span.DAYS:
        return start + timedelta(days=limit.length)
    if limit.span is Span.WEEKS:
        return start + timedelta(weeks=limit.length)
    months = limit.length * (12 if limit.span is Span.YEARS else 1)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def due(clock: str, start: date) -> date | None:
    """Return the last day of a duty by the rule in force on the day it starts; None where the law has only a word.

    Days off are not taken into account, so the answer is never later than the law allows. Raises `RuleError` if
    there is no such clock on that day.
    """
    found: Clock = rule(f"clocks:{clock}", start).value
    return None if found.limit is None else after(start, found.limit)


def appeal_until(decided: date, received: date) -> date:
    """Return the day to warn for an appeal (FL 44): the earlier of three weeks from the decision and from receiving it.

    Which of them holds for a municipality as addressee is for its lawyer, so the earlier is shown.
    """
    counted = (due("appeal_public_party", decided), due("appeal", received))
    return min(day for day in counted if day is not None)


def legal_force_from(decided: date, received: date) -> date:
    """Return the first day on which a decision that nobody has appealed has legal force.

    The time to appeal ends on the later of the two days of FL 44, or, if that is a day off, on the next working day
    (lagen 1930:173, 2 §); the decision has legal force on the day after. The later day is the safe one here.
    """
    counted = (due("appeal_public_party", decided), due("legal_force", received))
    return working_day_from(max(day for day in counted if day is not None)) + timedelta(days=1)
