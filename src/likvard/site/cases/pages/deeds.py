"""One page for each deed: a form, and the action that it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from likvard.site.cases import access, actions, permissions
from likvard.site.cases.forms import (
    Confirm,
    Correct,
    Done,
    Exclude,
    LetIn,
    Link,
    OptionalReason,
    Reason,
    ShareOut,
    StartClock,
)
from likvard.site.cases.pages.case import way_of
from likvard.site.cases.pages.visit import deed, fetch, here, moment, person, today
from likvard.site.cases.states import CaseError, Text


def move(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Take the case on to another state."""
    case, _grant = fetch(request, slug)
    user, at = person(request), moment(request)
    try:
        way = way_of(case, code)
    except CaseError:
        way = None
    asks = Reason if way and way.reasoned else OptionalReason
    return deed(
        request, case,
        title=str(way.label) if way else _("The next step"),
        submit=str(way.label) if way else _("Go on"),
        lead=_("The matter becomes: %(state)s.") % {"state": case.kind.table.state(way.to).label} if way else "",
        form=asks(request.POST if request.method == "POST" else None),
        check=lambda: permissions.check_can_move(user, case, code, on=today(request)),
        act=lambda asked: actions.move(case=case, code=code, by=user, at=at, reason=asked["reason"]),
        done=_("The matter has moved on."),
    )  # fmt: skip


def share_out(request: HttpRequest, slug: str) -> HttpResponse:
    """Make somebody responsible."""
    case, _grant = fetch(request, slug)
    user, at, on = person(request), moment(request), today(request)
    return deed(
        request, case,
        title=_("Share out the matter"), submit=_("Share out"),
        lead=_("Whoever becomes responsible gets a letter with the number of the matter, not with what it is about."),
        form=ShareOut(request.POST or None, people=access.candidates(case, on)),
        check=lambda: permissions.check_can_lead(user, case, on=on),
        act=lambda asked: actions.share_out(case=case, to=asked["to"], by=user, at=at, address=here(case)),
        done=_("The matter has been shared out."),
    )  # fmt: skip


def let_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Open the case to somebody."""
    case, _grant = fetch(request, slug)
    user, at, on = person(request), moment(request), today(request)
    return deed(
        request, case,
        title=_("Open the matter to somebody"), submit=_("Open it"),
        form=LetIn(request.POST or None, people=access.candidates(case, on)),
        check=lambda: permissions.check_can_lead(user, case, on=on),
        act=lambda asked: actions.let_in(case=case, by=user, at=at, **asked),
        done=_("The matter has been opened to one more person."),
    )  # fmt: skip


def let_out(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Close the case to somebody again."""
    case, _grant = fetch(request, slug)
    participant = get_object_or_404(case.participants.all().in_force(), pk=pk)
    user, at = person(request), moment(request)
    return deed(
        request, case,
        title=_("Close the matter to %(person)s") % {"person": participant.user}, submit=_("Close it"),
        form=Confirm(request.POST if request.method == "POST" else None),
        check=lambda: permissions.check_can_lead(user, case, on=today(request)),
        act=lambda _asked: actions.let_out(participant=participant, by=user, at=at),
        done=_("The matter has been closed to that person."),
    )  # fmt: skip


def exclude(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep somebody out: a conflict of interest."""
    case, _grant = fetch(request, slug)
    user, at, on = person(request), moment(request), today(request)
    return deed(
        request, case,
        title=_("Keep somebody out of the matter"), submit=_("Keep out"),
        lead=_("For a conflict of interest. The person sees nothing of the matter, whatever their role."),
        form=Exclude(request.POST or None, people=access.candidates(case, on)),
        check=lambda: permissions.check_can_lead(user, case, on=on),
        act=lambda asked: actions.exclude(case=case, by=user, at=at, **asked),
        done=_("That person is kept out."),
    )  # fmt: skip


def end_exclusion(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let somebody who was kept out be handed the case again."""
    case, _grant = fetch(request, slug)
    exclusion = get_object_or_404(case.exclusions.all().in_force(), pk=pk)
    user, at = person(request), moment(request)
    return deed(
        request, case,
        title=_("No longer keep %(person)s out") % {"person": exclusion.user}, submit=_("Let in"),
        form=Reason(request.POST or None),
        check=lambda: permissions.check_can_lead(user, case, on=today(request)),
        act=lambda asked: actions.end_exclusion(exclusion=exclusion, by=user, at=at, reason=asked["reason"]),
        done=_("That person is no longer kept out."),
    )  # fmt: skip


def start_clock(request: HttpRequest, slug: str) -> HttpResponse:
    """Start a clock."""
    case, _grant = fetch(request, slug)
    user, at = person(request), moment(request)
    return deed(
        request, case,
        title=_("Start a clock"), submit=_("Start"),
        form=StartClock(request.POST or None),
        check=lambda: permissions.check_can_work(user, case, on=today(request)),
        act=lambda asked: actions.start_clock(case=case, by=user, at=at, **asked),
        done=_("The clock has been started."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClockDeed:
    """What can be done to a clock: the form that it asks for, its verb, who may, and the action."""

    form: type[forms.Form]
    submit: Text
    check: Callable[..., object]
    act: Callable[..., object]


CLOCK_DEEDS: Mapping[str, ClockDeed] = {
    "pausa": ClockDeed(Reason, gettext_lazy("Pause"), permissions.check_can_pause, actions.pause_clock),
    "fortsatt": ClockDeed(Confirm, gettext_lazy("Let it go on"), permissions.check_can_resume, actions.resume_clock),
    "klar": ClockDeed(Done, gettext_lazy("It is done"), permissions.check_can_end, actions.meet_clock),
    "stoppa": ClockDeed(Reason, gettext_lazy("Stop it"), permissions.check_can_end, actions.stop_clock),
}


def clock_deed(request: HttpRequest, slug: str, pk: int, verb: str) -> HttpResponse:
    """Pause a clock, let it go on, say that its duty is done, or stop it."""
    case, _grant = fetch(request, slug)
    clock = get_object_or_404(case.clocks.prefetch_related("pauses"), pk=pk)
    user, at, on = person(request), moment(request), today(request)
    if verb not in CLOCK_DEEDS:
        raise Http404
    what = CLOCK_DEEDS[verb]
    return deed(
        request, case,
        title=_("%(name)s: the clock") % {"name": clock.label}, submit=str(what.submit),
        form=what.form(request.POST if request.method == "POST" else None, initial={"on": on}),
        check=lambda: what.check(user, clock, on=on),
        act=lambda asked: what.act(clock=clock, by=user, at=at, **asked),
        done=_("The clock has been changed."),
    )  # fmt: skip


def link(request: HttpRequest, slug: str) -> HttpResponse:
    """Tie the case to another."""
    case, _grant = fetch(request, slug)
    user, at = person(request), moment(request)
    return deed(
        request, case,
        title=_("Tie the matter to another"), submit=_("Tie"),
        form=Link(request.POST or None),
        check=lambda: permissions.check_can_work(user, case, on=today(request)),
        act=lambda asked: actions.link(case=case, by=user, at=at, **asked),
        done=_("The matters have been tied."),
    )  # fmt: skip


def correct(request: HttpRequest, slug: str) -> HttpResponse:
    """Correct the title or the secrecy."""
    case, _grant = fetch(request, slug)
    user, at = person(request), moment(request)
    return deed(
        request, case,
        title=_("Correct the matter"), submit=_("Correct"),
        form=Correct.of(case, request.POST or None),
        check=lambda: permissions.check_can_work(user, case, on=today(request)),
        act=lambda asked: actions.correct(case=case, by=user, at=at, **asked),
        done=_("The matter has been corrected."),
    )  # fmt: skip
