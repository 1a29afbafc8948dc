"""The steps of a round: out to the schools, back, decided, dropped; and fresh figures into a draft."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from likvard.allocation.staleness import Refresh
from likvard.site import published
from likvard.site.cases.states import CaseError
from likvard.site.resources import actions, drift, permissions, shown, weighed
from likvard.site.resources.basis import Taken, corrected
from likvard.site.resources.forms import Decision, Draft, Grounds, SendOut, Why
from likvard.site.resources.models import Version, View
from likvard.site.resources.pages.visit import carried_out, crumbs, deed, fetch, moment, person, today


def hear(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """Send the newest version out to the schools."""
    found, on = fetch(request, number, slug), today(request)
    return deed(
        request, found, title=_("Send out for views"), submit=_("Send out"), form=SendOut(request.POST or None, shown=found.newest.number),
        lead=_("Every principal, and the organiser of every independent school in the round, reads the reasons and can say what it thinks."),
        check=lambda: permissions.check_can_move(request.user, found, "hear", on=on),
        act=lambda asked: actions.send_out(
            round=found, by=person(request), at=moment(request), address=settings.BASE_URL, **asked
        ),
        done=_("The round is out for views. Those who answer for the schools get a letter, and a reminder before the last day."), back=found.href(),
    )  # fmt: skip


def rework(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """Take the round back to a draft."""
    found, on = fetch(request, number, slug), today(request)
    return deed(
        request, found, title=_("Take back and rework"), submit=_("Take back"), form=Why(request.POST or None),
        check=lambda: permissions.check_can_move(request.user, found, "rework", on=on),
        act=lambda asked: actions.back(round=found, reason=asked["why"], by=person(request), at=moment(request)),
        done=_("The round is a draft again. What schools said is kept."), back=found.href(),
    )  # fmt: skip


def drop(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """Drop the round."""
    found, on = fetch(request, number, slug), today(request)
    return deed(
        request, found, title=_("Drop the round"), submit=_("Drop it"), form=Why(request.POST or None),
        check=lambda: permissions.check_can_move(request.user, found, "drop", on=on),
        act=lambda asked: actions.drop(round=found, reason=asked["why"], by=person(request), at=moment(request)),
        done=_("The round is dropped. It stays in the record."), back=found.href(),
    )  # fmt: skip


def decide(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """Decide the round, by name and with a reason."""
    found, on = fetch(request, number, slug), today(request)
    version = found.newest
    standing = weighed.of_version(version)
    more = {
        "rule": shown.rule_words(standing),
        "total": shown.money_sum(standing),
        "views": View.objects.filter(version__round=found).count(),
    }
    return deed(
        request, found, title=_("Decide the allocation"), submit=_("Decide"), form=Decision(request.POST or None, shown=version.number),
        check=lambda: permissions.check_can_move(request.user, found, "decide", on=on),
        act=lambda asked: actions.decide(
            round=found, reason=asked["reason"], shown=asked["shown"], by=person(request), at=moment(request)
        ),
        done=_("It is decided. Everybody can read it now."), back=found.href(), template="resources/decide.html", more=more,
    )  # fmt: skip


def refresh(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """What the newest figures would change, school by school; whoever writes takes them into a draft here."""
    found, on = fetch(request, number, slug), today(request)
    permissions.check_can_follow(request.user, found, on=on)
    version, now = found.newest, weighed.newest(published.current(), found)
    change, why_not = _change(version, now)
    form = Draft(request.POST if request.method == "POST" else None, shown=version.number)
    may_take = change is not None and permissions.can_change(request.user, found, on=on)
    if request.method == "POST":
        if now is None or not may_take:
            raise Http404(_("There are no newer figures to take in."))
        rule = version.rule
        if form.is_valid() and carried_out(
            form, lambda a: actions.make_version(round=found, rule=rule, taken=now, by=person(request), at=moment(request), **a)
        ):  # fmt: skip
            messages.success(request, _("The newest figures are in the draft."))
            return redirect(found.href())
    context = {
        "round": found, "version": version, "change": change, "why_not": why_not, "table": shown.refresh_table(change) if change else None,
        "form": form if may_take else None, "now": now, "gone": _gone(version, now), "ages": shown.freshness(weighed.freshness(version, on)),
        "drift": (*drift.of_model(version), drift.of_old_model(version), drift.of_pupils(version, now)), "breadcrumbs": crumbs(found, _("Newer figures")),
    }  # fmt: skip
    return render(request, "resources/refresh.html", context)


def _change(version: Version, now: Taken | None) -> tuple[Refresh | None, str]:
    """What newer figures change, or why the rule cannot be kept with them."""
    try:
        return weighed.refreshed(version, now), ""
    except CaseError as error:
        return None, str(error)


def _gone(version: Version, now: Taken | None) -> tuple[str, ...]:
    """Schools of the version that the newest figures have no number of pupils for."""
    known = {unit.code for unit in now.units} if now is not None else set()
    return tuple(unit.name for unit in version.basis if unit.code not in known) if now is not None else ()


def grounds(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """Correct how many pupils each school is counted with, and the crowns that are set apart for it, into a new draft."""
    found, on = fetch(request, number, slug), today(request)
    permissions.check_can_write(request.user, found.organiser, on=on)
    taken, rule = weighed.taken_of(found.newest), found.newest.rule
    form = Grounds(
        request.POST or None, shown=found.newest.number, units=sorted(taken.units, key=lambda unit: unit.name)
    )

    def act(asked: dict[str, Any]) -> object:
        wish = corrected(taken, form.pupils, form.set_apart, on)
        return actions.make_version(
            round=found, rule=rule, taken=wish, why=asked["why"], shown=asked["shown"],
            by=person(request), at=moment(request),
        )  # fmt: skip

    return deed(
        request, found, title=_("Correct the grounds"), submit=_("Make a new draft"), form=form,
        lead=_("Numbers of pupils come from the published figures. Correct them here if the day of counting says otherwise."),
        check=lambda: permissions.check_can_change(request.user, found, on=on), act=act,
        done=_("The new draft is kept."), back=found.href(), template="resources/grounds.html",
    )  # fmt: skip
