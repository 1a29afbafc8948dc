"""Start, pause, resume, meet and stop clocks; warn of those that are soon due or late."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from likvard.figures import formats
from likvard.site.cases import outbox, permissions, timing
from likvard.site.cases.actions.holding import hold, tell
from likvard.site.cases.models import Case, Clock, ClockPause
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import Counting, day_of
from likvard.site.people.models import User
from likvard.terms import Language


@transaction.atomic
def start_clock(
    *,
    case: Case,
    by: User,
    at: datetime,
    name: str = "",
    due: date | None = None,
    duty: str = "",
    started: date | None = None,
    counting: str = Counting.CALENDAR,
    warn: int = 7,
) -> Clock:
    """Start a clock: on a day of its own, or on a duty of the rulebook (`duty`), by the wording of the day it starts.

    A duty for which the law has only a word gets no due day, unless one is set here. Raises `RuleError` for an unknown duty.
    """
    case = hold(case)
    grant = permissions.check_can_work(by, case, on=day_of(at))
    begin = started or day_of(at)
    due = due or (timing.by_law(duty, begin) if duty else None)
    if due is not None and due < begin:
        raise CaseError(_("A clock cannot be due before it starts."), _("Check the days."))
    if not (name.strip() or duty):
        raise CaseError(_("Say what is to be done."), _("Give the clock a name."))
    clock = Clock.objects.create(
        case=case, name=name.strip(), duty=duty, counting=counting, started=begin, first_due=due, due=due, warn=warn
    )
    data = {**_known(clock), "due": due}
    tell("case.clock_started", case, by=by, role=grant.role, at=at, data=data)
    return clock


def _known(clock: Clock) -> dict[str, Any]:
    """What the chain says of a clock; a duty of the rulebook by its key, so that each page can name it in its own language."""
    return {"clock": clock.pk, "name": clock.name, "duty": clock.duty, "started": clock.started}


def _held(clock: Clock) -> Clock:
    """The clock as it is now, its case locked."""
    hold(clock.case)
    return _fresh(clock)


def _fresh(clock: Clock) -> Clock:
    return Clock.objects.select_related("case").prefetch_related("pauses").get(pk=clock.pk)


@transaction.atomic
def pause_clock(*, clock: Clock, reason: str, by: User, at: datetime) -> Clock:
    """Let a clock stand still from today, with a reason."""
    clock, on = _held(clock), day_of(at)
    grant = permissions.check_can_pause(by, clock, on=on)
    if not reason.strip():
        raise CaseError(_("Say why the clock is paused."), _("The reason is shown beside the clock."))
    last = clock.pauses.last()
    start = max(on, clock.started, last.end if last and last.end else on)
    ClockPause.objects.create(clock=clock, start=start, started_by=by, reason=reason.strip())
    data = {**_known(clock), "due": clock.due}
    tell("case.clock_paused", clock.case, by=by, role=grant.role, at=at, reason=reason, data=data)
    return _fresh(clock)


@transaction.atomic
def resume_clock(*, clock: Clock, by: User, at: datetime) -> Clock:
    """Let a paused clock go on: its due day moves by the days of the pause."""
    clock, on = _held(clock), day_of(at)
    grant = permissions.check_can_resume(by, clock, on=on)
    before = clock.due
    _end_pause(clock, by, on)
    data = {**_known(clock), "due": clock.due, "before": before}
    tell("case.clock_resumed", clock.case, by=by, role=grant.role, at=at, data=data)
    return _fresh(clock)


def _end_pause(clock: Clock, by: User, on: date) -> None:
    """End the pause that is on, and move the due day; a warning that was given for the old day may come again."""
    pause = clock.pauses.get(end=None)
    pause.end, pause.ended_by = max(on, pause.start), by
    pause.save(update_fields=["end", "ended_by"])
    moved = _fresh(clock).value.due(on)
    if moved != clock.due:
        clock.due, clock.warned_at = moved, None
        clock.save(update_fields=["due", "warned_at"])


@transaction.atomic
def meet_clock(*, clock: Clock, by: User, at: datetime, on: date | None = None) -> Clock:
    """Say that the duty is done, today or on an earlier day. A pause that is on ends with it."""
    clock, today = _held(clock), day_of(at)
    grant = permissions.check_can_end(by, clock, on=today)
    done = on or today
    if not clock.started <= done <= today:
        raise CaseError(_("The day must lie between the start of the clock and today."), _("Check the day."))
    return _meet(clock, by, grant.role, at, done)


@transaction.atomic
def met(*, clock: Clock, by: User, role: str, at: datetime) -> Clock:
    """Say that a duty is done today, by a deed of a subject's own that has checked its own permission.

    The party's report-back meets the clock though the party does not work in the case. Nothing happens if it is over already.
    """
    clock = _held(clock)
    return _meet(clock, by, role, at, day_of(at)) if clock.is_going else clock


def _meet(clock: Clock, by: User, role: str, at: datetime, done: date) -> Clock:
    if clock.value.paused_since is not None:
        _end_pause(clock, by, day_of(at))
    clock.met_at, clock.met_on, clock.met_by = at, done, by
    clock.save(update_fields=["met_at", "met_on", "met_by"])
    data = {**_known(clock), "on": done, "due": clock.due}
    tell("case.clock_met", clock.case, by=by, role=role, at=at, data=data)
    return _fresh(clock)


@transaction.atomic
def stop_clock(*, clock: Clock, reason: str, by: User, at: datetime) -> Clock:
    """Stop a clock whose duty is no longer needed, with a reason."""
    clock = _held(clock)
    grant = permissions.check_can_end(by, clock, on=day_of(at))
    if not reason.strip():
        raise CaseError(_("Say why it is no longer needed."), _("The reason is shown beside the clock."))
    if clock.value.paused_since is not None:
        _end_pause(clock, by, day_of(at))
    clock.stopped_at, clock.stopped_by, clock.stopping_reason = at, by, reason.strip()
    clock.save(update_fields=["stopped_at", "stopped_by", "stopping_reason"])
    data = _known(clock)
    tell("case.clock_stopped", clock.case, by=by, role=grant.role, at=at, reason=reason, data=data)
    return _fresh(clock)


def warn_of_clocks(at: datetime, *, address: str = "") -> int:
    """Warn the responsible of each clock that is soon due or late, once; return how many. For the worker.

    `address` is the site's; each warning is a transaction of its own, so one that fails does not stop the rest.
    """
    waiting = Clock.objects.to_warn(day_of(at))
    return sum(_warn(clock, at, address) for clock in waiting)


@transaction.atomic
def _warn(clock: Clock, at: datetime, address: str) -> bool:
    case = hold(clock.case)
    clock = _fresh(clock)
    if clock.warned_at is not None or not clock.is_going or clock.due is None:
        return False  # somebody else was faster
    clock.warned_at = at
    clock.save(update_fields=["warned_at"])
    if case.responsible is not None:
        _write(clock, case.responsible, at, f"{address}/arenden/{case.slug}/")
    standing = clock.value.standing(day_of(at))
    data = {**_known(clock), "due": clock.due, "standing": standing.value}
    tell("case.clock_warned", case, by=None, role="", at=at, data=data)
    return True


def _write(clock: Clock, to: User, at: datetime, address: str) -> None:
    if clock.due is None:
        return
    with override(to.language):
        day = formats.day(clock.due, Language(to.language))
        words = {"dnr": clock.case.dnr, "day": day, "name": clock.label, "address": address}
        subject = _("%(dnr)s: due %(day)s") % words
        body = _("%(name)s, by %(day)s, in %(dnr)s.\n\nRead it here: %(address)s\n") % words
    outbox.post(to=to.email, subject=subject, body=body, at=at, case=clock.case)
