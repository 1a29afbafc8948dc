"""Clocks: when a duty is due, what a pause does to it, and how it stands on a day. Pure: the day is an argument.

A clock counts days, in the calendar of Stockholm; hours never matter, so neither does summer time. A pause moves the due day
by the days that it lasted: what was left when it began is left when it ends. Nothing here depends on whether anybody looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from likvard.rulebook import clocks as law
from likvard.rulebook import rule
from likvard.rulebook.days import add_working_days, working_days
from likvard.rulebook.kinds.supervision import Clock as Duty
from likvard.rulebook.kinds.supervision import Limit
from likvard.site.cases.states import CaseError
from likvard.terms import Language

STOCKHOLM = ZoneInfo("Europe/Stockholm")


class Counting(TextChoices):
    """Which days count."""

    CALENDAR = "calendar", _("all days")
    WORKING = "working", _("working days")


class Standing(TextChoices):
    """How a clock stands. Each has a shape, a word and a colour."""

    LATE = "late", _("late")
    SOON = "soon", _("soon due")
    RUNNING = "running", _("running")
    OPEN = "open", _("no day set")
    PAUSED = "paused", _("paused")
    MET = "met", _("in time")
    MET_LATE = "met_late", _("done late")
    STOPPED = "stopped", _("no longer needed")


def day_of(at: datetime) -> date:
    """The day in Stockholm of a moment. Raises `CaseError` for a time without a zone."""
    if at.tzinfo is None:
        raise CaseError(f"The time {at} has no time zone.", "Pass request.now.")
    return at.astimezone(STOCKHOLM).date()


def duty_name(duty: str, on: date, language: Language) -> str:
    """What a duty of the rulebook is called, by its wording on the day. Raises `RuleError` for an unknown one."""
    found: Duty = rule(f"clocks:{duty}", on).value
    return found.duty[language].rstrip(".")


def add_days(day: date, number: int, counting: Counting) -> date:
    """The day that comes so many days after, or (negative) before."""
    return add_working_days(day, number) if counting is Counting.WORKING else day + timedelta(days=number)


def days_between(after: date, until: date, counting: Counting) -> int:
    """Days after the one, up to and including the other; negative if it lies before."""
    return working_days(after, until) if counting is Counting.WORKING else (until - after).days


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the clock stood still; `end` is None while it does. Its days are counted from the day after its start."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise CaseError("A pause cannot end before it began.", "Check the day.")

    def length(self, on: date, counting: Counting) -> int:
        """Days by which it has moved the due day, on a day."""
        return days_between(self.start, max(self.start, self.end or on), counting)


@dataclass(frozen=True)
class Clock:
    """A clock: started on a day, first due on a day (None where the law has only a word), with its pauses in order.

    `warn` is how many days before the due day it says *soon*. `met` is the day the duty was done, `stopped` the day it fell
    away. Valid from birth: pauses lie after the start, one after the other, and only the last can be open.
    """

    started: date
    first_due: date | None
    counting: Counting = Counting.CALENDAR
    pauses: tuple[Pause, ...] = ()
    warn: int = 7
    met: date | None = None
    stopped: date | None = None

    def __post_init__(self) -> None:
        ends = [self.started, *(pause.end for pause in self.pauses)]
        for before, pause in zip(ends, self.pauses, strict=False):
            if before is None or pause.start < before:
                raise CaseError("Two pauses of a clock lie over each other.", "Check the days.")
        if self.met is not None and self.met < self.started:
            raise CaseError("A duty cannot be done before its clock was started.", "Check the day.")

    @property
    def paused_since(self) -> date | None:
        """The first day of the pause that is still on."""
        return self.pauses[-1].start if self.pauses and self.pauses[-1].end is None else None

    def due(self, on: date) -> date | None:
        """The due day as it is known on a day: moved by the pauses that are over, and by an open one so far."""
        if self.first_due is None:
            return None
        moved = self.first_due
        for pause in self.pauses:
            moved = add_days(moved, pause.length(on, self.counting), self.counting)
        return moved

    def left(self, on: date) -> int | None:
        """Days left until the due day, negative when it has passed; None where there is no due day."""
        due = self.due(on)
        return None if due is None else days_between(on, due, self.counting)

    def standing(self, on: date) -> Standing:
        """How it stands on a day."""
        if self.met is not None:
            due = self.due(self.met)
            return Standing.MET_LATE if due is not None and self.met > due else Standing.MET
        if self.stopped is not None:
            return Standing.STOPPED
        if self.paused_since is not None and (self.left(self.paused_since) or 0) >= 0:
            return Standing.PAUSED  # a clock that was late already stays late: a pause hides nothing
        due = self.due(on)
        if due is None:
            return Standing.OPEN
        if on > due:
            return Standing.LATE
        return Standing.SOON if on >= add_days(due, -self.warn, self.counting) else Standing.RUNNING


def by_law(duty: str, started: date) -> date | None:
    """The due day of a duty of the rulebook, by the wording in force on the day it starts; None where the law has a word.

    Raises `RuleError` if the rulebook has no such duty on that day.
    """
    return law.due(duty, started)


def by_limit(limit: Limit, started: date) -> date:
    """The due day of a time that a decision or an organiser sets itself."""
    return law.after(started, limit)


_ORDER = [
    Standing.LATE, Standing.SOON, Standing.RUNNING, Standing.OPEN,
    Standing.PAUSED, Standing.MET_LATE, Standing.MET, Standing.STOPPED,
]  # fmt: skip


def urgency(clock: Clock, on: date) -> tuple[int, date]:
    """What to sort clocks by: the late first, the oldest of them first; those that are over last."""
    return _ORDER.index(clock.standing(on)), clock.due(on) or date.max
