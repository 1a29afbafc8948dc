"""A round as it stands, and as it would be in another way: the same page, whole without a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.allocation.round import Rule
from likvard.allocation.staleness import Refresh
from likvard.figures import formats
from likvard.site import published
from likvard.site.cases.states import CaseError
from likvard.site.people.models import User
from likvard.site.resources import actions, drift, permissions, shown, weighed
from likvard.site.resources.basis import Taken, money_year
from likvard.site.resources.forms import Draft, TryRule, asked_of, with_year
from likvard.site.resources.memo import grouped
from likvard.site.resources.models import Round, Version, View
from likvard.site.resources.pages.files import links
from likvard.site.resources.pages.visit import (
    carried_out,
    crumbs,
    drawn,
    fetch,
    moment,
    person,
    today,
    version_of,
    whole,
)
from likvard.site.resources.weighed import Weighed
from likvard.site.ui.language import current

NEWEST = "nya"
"""In the address of a wish: on the figures that are published now, not those of the draft."""


@require_safe
def round(request: HttpRequest, number: str, slug: str, version: int | None = None) -> HttpResponse:
    """A round: what the newest version gives; an earlier one for the organiser's own people."""
    found = fetch(request, number, slug)
    if version is not None:
        permissions.check_can_follow(request.user, found, on=today(request))
    shown_version = whole(version_of(found, version))
    standing, now = weighed.of_version(shown_version), _now(found)
    context = {
        **_answer(request, found, shown_version, standing, _fresh(shown_version, now)),
        **_around(request, found, shown_version, standing),
        "trying": TryRule(
            None, grounds=_grounds(shown_version, now), stated=_has_stated(standing), initial=_data(standing)
        ),
        "breadcrumbs": crumbs(found),
    }
    return render(request, "resources/round.html", context)


def attempt(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """Another way of sharing: what it would give. Whoever writes can make it the next version of a draft."""
    found = fetch(request, number, slug)
    version = whole(found.newest)
    standing, now = weighed.of_version(version), _now(found)
    form = TryRule(_asked(request, standing), grounds=_grounds(version, now), stated=_has_stated(standing))
    wish = _wished(version, standing, now, form)
    kept = Draft(request.POST if request.method == "POST" else None, shown=version.number)
    if request.method == "POST" and wish is not None and kept.is_valid():
        made = carried_out(kept, lambda asked: _keep(request, found, wish, asked))
        if made:
            messages.success(request, _("The new draft is kept."))
            return redirect(found.href())
    context = {
        **_answer(request, found, version, wish.weighed if wish else standing, tried=wish),
        "trying": form, "is_tried": True,
        "keeping": kept if wish and permissions.can_change(request.user, found, on=today(request)) else None,
        "standing": standing, "breadcrumbs": crumbs(found, _("Try another way")),
    }  # fmt: skip
    return render(request, "resources/try.html", context)


@dataclass(frozen=True, slots=True)
class _Wish:
    """A rule that is tried on some grounds, and what it gives."""

    rule: Rule
    taken: Taken
    weighed: Weighed
    standing: Weighed


def _data(standing: Weighed) -> Mapping[str, Any]:
    return asked_of(standing.rule, standing.outcome.frame)


def _asked(request: HttpRequest, standing: Weighed) -> dict[str, Any]:
    """What an address asks for; what it leaves out is as the round has it, so that an address with one choice is whole."""
    asked = request.GET.dict()
    known = dict(_data(standing))
    if asked.get("grund") and "ram" not in asked:
        known["ram"] = ""
    return {**known, **asked}


def _now(round: Round) -> Taken | None:
    """The grounds of an open round as they are published now; None where it is settled, or nothing is."""
    return weighed.newest(published.current(), round) if round.is_open else None


def _wished(version: Version, standing: Weighed, now: Taken | None, form: TryRule) -> _Wish | None:
    """What is asked for; None where the form is wrong or the wish impossible, which the form then says."""
    if not form.is_valid():
        return None
    fresh = form.cleaned_data.get("uppgifter") == NEWEST
    taken = (now if fresh else None) or weighed.taken_of(version)
    rule = with_year(form.cleaned_data["rule"], taken.of_year)
    areas = [(share.unit_id, share.area) for share in version.shares.all()]
    try:
        return _Wish(rule, taken, weighed.weigh(taken.units, rule, areas), standing)
    except CaseError as error:
        form.add_error(None, str(error))
        return None


def _keep(request: HttpRequest, round: Round, wish: _Wish, asked: Mapping[str, Any]) -> object:
    return actions.make_version(
        round=round, rule=wish.rule, taken=wish.taken, by=person(request), at=moment(request), **asked
    )


def _grounds(version: Version, fresh: Taken | None) -> list[tuple[str, str]]:
    """The figures that a wish can rest on: those of the version, and newer ones where there are any."""
    of = version.rule.of_year
    found = [("", _("As in the draft (%(year)s)") % {"year": of} if of else _("As in the draft"))]
    if fresh is not None and drift.is_newer(version, fresh):
        found.append((NEWEST, _("Newest published (%(year)s)") % {"year": fresh.of_year or "–"}))
    return found


def _has_stated(standing: Weighed) -> bool:
    return any(unit.stated is not None for unit in standing.units)


def _answer(
    request: HttpRequest,
    round: Round,
    version: Version,
    found: Weighed,
    fresh: Refresh | None = None,
    tried: _Wish | None = None,
) -> dict[str, Any]:
    """What changes with the rule: sentences, picture, table."""
    on = today(request)
    called = shown.labels(round, version, tried=tried is not None)
    moved = weighed.changes(found, tried.standing) if tried else shown.NOTHING
    figure = weighed.figure(
        found, on=on, sources=shown.sources(version), subtitle=shown.subtitle(round, found),
        decided=round.is_decided and tried is None, before=money_year(version.inputs), tried=tried is not None,
    )  # fmt: skip
    return {
        "round": round, "version": version, "kicker": shown.kicker(round, version),
        "lead": weighed.lead(found, weighed.freshness(version, on), fresh),
        "card": drawn(request, figure), "groups": shown.money_rows(found, moved), "total": shown.money_sum(found, moved),
        "against": weighed.against(found, tried.standing, decided=round.is_decided) if tried else None,
        "unseen": found.unseen, "little": found.little, "messages_of": found.outcome.messages, "rule": shown.rule_words(found),
        "called": called, "left_out": shown.left_out(version), "older_money": shown.older_money(round, version),
        "moved": _moved(found), "follows": shown.follows(found, called), "how_long": weighed.how_long(found, round.year),
    }  # fmt: skip


def _fresh(version: Version, now: Taken | None) -> Refresh | None:
    """What a refresh would change; its own page says why where that cannot be worked out."""
    try:
        return weighed.refreshed(version, now)
    except CaseError:
        return None


def _moved(found: Weighed) -> str:
    """How much money changes school against last year, in millions; empty where there is no last year."""
    moved = found.compared.moved
    return "" if moved is None else formats.number(moved / 1e6, 1, current())


def _around(request: HttpRequest, round: Round, version: Version, standing: Weighed) -> dict[str, Any]:
    """What stands beside: freshness, reasons, steps, versions, files."""
    on, user = today(request), request.user
    may_follow = permissions.can_follow(user, round, on=on)
    writes = permissions.can_write(user, round.organiser, on=on) and isinstance(user, User)
    mine = [unit.code for unit in permissions.concerned(user, round, on=on)] if isinstance(user, User) else []
    shares = {share.unit_id: share for share in version.shares.all()}
    moves = weighed.how_much_moves(standing, version)
    first = next((code for code in (*mine, *standing.held) if code in shares), next(iter(shares), ""))
    return {
        "ages": shown.freshness(weighed.freshness(version, on)), "drift": drift.of_model(version),
        "sensitivity": shown.sensitivity_table(moves), "ranges": shown.ranges_table(moves, weighed.in_doubt(standing), shown.labels(round, version)),
        "example": shares.get(first), "mine": mine, "stage": shown.stage(round),
        "steps": shown.steps(user, round, on) if writes and isinstance(user, User) else (),
        "may_follow": may_follow, "may_change": permissions.can_change(user, round, on=on), "may_plan": permissions.can_plan(user, round, on=on),
        "versions": round.versions.select_related("by").order_by("-number"),
        "seal": grouped(round.fingerprint), "followers": round.followers.decided(), "files": links(round),
        "views": View.objects.filter(version__round=round).count(), "uses": round.uses.count(),
    }  # fmt: skip
