"""What the money is used for, what is expected of it, and what was seen: follow-up without claims of cause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.allocation import saying
from likvard.disclosure.publication import Publication
from likvard.figures import formats
from likvard.figures.insight import measured as m
from likvard.figures.insight import money
from likvard.figures.insight.scope import Scope, UnitInfo
from likvard.site import published
from likvard.site.cases.access import case_for
from likvard.site.cases.measures import marked
from likvard.site.cases.models import Case
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.resources import actions, basis, permissions, shown
from likvard.site.resources.actions.using import Plan
from likvard.site.resources.basis import Seen, look
from likvard.site.resources.forms import PlanUse, SettleUse
from likvard.site.resources.models import Round, Share, Use
from likvard.site.resources.pages.visit import crumbs, deed, drawn, fetch, moment, person, today
from likvard.site.ui.language import current
from likvard.terms import Audience


@require_safe
def uses(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """Every use of the round's money, the one to look at first on top."""
    found, on = fetch(request, number, slug), today(request)
    permissions.check_can_follow(request.user, found, on=on)
    known = found.uses.select_related("unit__organiser", "by", "settled_by", "round__organiser", "told")
    every = sorted(known.prefetch_related("looks__by"), key=lambda use: (use.state == "settled", use.look_on, use.pk))
    rows = [_shown(request, use) for use in every]
    context = {
        "round": found, "rows": rows, "may_plan": permissions.can_plan(request.user, found, on=on),
        "curves": _curves(request, every),
        "by_need": saying.about(sum(share.by_need for share in _own(found)), current()),
        "told": saying.about(sum(use.crowns for use in every), current()), "breadcrumbs": crumbs(found, _("Use and effect")),
    }  # fmt: skip
    return render(request, "resources/uses.html", context)


def _own(round: Round) -> QuerySet[Share]:
    """What the organiser's own schools get: others decide themselves what their money is used for."""
    return round.newest.shares.filter(unit__organiser_id=round.organiser_id).select_related("unit")


def _curves(request: HttpRequest, uses: Sequence[Use]) -> list[SafeString]:
    """The curve of each indicator at each school with a use, as everybody may see it, the uses marked where they begin."""
    publication = published.current()
    if publication is None:
        return []
    places = {(use.unit_id, use.measure): use.unit for use in uses}
    cards = []
    for (code, indicator), unit in places.items():
        info = UnitInfo(code, unit.name, unit.area, unit.forms, kind=unit.organiser.kind if unit.organiser else "")
        scope = Scope(None, unit.name, {code: info}, Audience.PUBLIC, today(request))
        taken = marked(use.told for use in uses if (use.unit_id, use.measure) == (code, indicator))
        figure = money.followed(publication, scope, code, indicator, taken)
        cards += [] if figure is None else [drawn(request, figure)]
    return cards


def _shown(request: HttpRequest, use: Use) -> dict[str, Any]:
    on = today(request)
    known = m.measured(use.measure)
    return {
        "use": use, "state": shown.use_state(use, on), "measure": known.name, "crowns": shown.whole(use.crowns),
        "before": _said(use.measure, use.baseline, use.baseline_low, use.baseline_high, use.baseline_year),
        "after": _said(use.measure, use.seen, use.seen_low, use.seen_high, use.seen_year) if use.settled_at else "",
        "looks": [(look, _said(use.measure, look.seen, look.seen_low, look.seen_high, look.seen_year)) for look in use.looks.all()],
        "may_settle": permissions.can_look(request.user, use, on=on),
    }  # fmt: skip


def _said(measure: str, value: float | None, low: float | None, high: float | None, year: int | None) -> str:
    """A figure with its interval and year, as the measure is written."""
    if value is None:
        return _("not shown")
    scale = m.measured(measure).scale
    text = formats.with_unit(value, scale, current())
    ends = "" if low is None or high is None else f" ({formats.interval(low, high, scale, current())})"
    return f"{text}{ends}, {m.measured(measure).period(year)}" if year else text + ends


def plan(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """Write down a use."""
    found, on = fetch(request, number, slug), today(request)
    permissions.check_can_write(request.user, found.organiser, on=on)
    shares = {share.unit_id: share for share in _own(found)}
    publication = published.current()
    form = PlanUse(
        request.POST or None, units=[(code, share.name) for code, share in shares.items()],
        measures=[(id, m.measured(id).name[current()]) for id in basis.MEASURES if _has(publication, id)],
        begins_on=today(request),
    )  # fmt: skip

    def act(asked: dict[str, Any]) -> object:
        unit = shares[asked.pop("unit")].unit
        case = _case(request, asked.pop("case"))
        seen = look(publication, asked["measure"], unit.code)
        wish = Plan(unit=unit, case=case, **asked)
        return actions.plan(round=found, plan=wish, baseline=seen, by=person(request), at=moment(request))

    return deed(
        request, found, title=_("What is the money used for?"), submit=_("Save"), form=form,
        check=lambda: permissions.check_can_plan(request.user, found, on=on), act=act,
        done=_("It is written down. You are reminded here when it is time to look."), back=found.href("uses"),
    )  # fmt: skip


def _case(request: HttpRequest, number: str) -> Case | None:
    """The matter of a register number, for whoever may read it."""
    if not number.strip():
        return None
    try:
        return case_for(request.user, number.strip(), at=moment(request))[0]
    except (CaseError, Denied) as error:
        raise CaseError(_("There is no matter with this number that is open to you."), _("Leave it empty.")) from error


def _has(publication: Publication | None, measure: str) -> bool:
    return publication is not None and measure in publication.facts.get("newest", {})


def settle(request: HttpRequest, number: str, slug: str, pk: int) -> HttpResponse:
    """Say what came of a use, with the figure of now beside the one before."""
    found, on = fetch(request, number, slug), today(request)
    permissions.check_can_write(request.user, found.organiser, on=on)
    use = get_object_or_404(found.uses.select_related("unit", "round__organiser").prefetch_related("looks__by"), pk=pk)
    seen = look(published.current(), use.measure, use.unit_id)
    words = {
        "measure": m.measured(use.measure).name[current()], "expected": use.expected,
        "before": _said(use.measure, use.baseline, use.baseline_low, use.baseline_high, use.baseline_year),
        "now": _said(use.measure, seen.value, seen.low, seen.high, seen.year),
    }  # fmt: skip
    return deed(
        request, found, title=_("How did it go: %(what)s?") % {"what": use.what}, submit=_("Save"),
        form=SettleUse(request.POST or None),
        template="resources/settle.html", more={"looks": _shown(request, use)["looks"]},
        lead=_("Expected: %(expected)s. %(measure)s before: %(before)s. Now: %(now)s.") % words,
        check=lambda: permissions.check_can_look(request.user, use, "settle", on=on),
        act=lambda asked: _looked(request, use, seen, asked),
        done=_("It is written down."), back=found.href("uses"),
    )  # fmt: skip


def _looked(request: HttpRequest, use: Use, seen: Seen, asked: dict[str, Any]) -> Use:
    """What came of a use, or that it cannot be told yet and when somebody looks again."""
    by, at, why, again_on = person(request), moment(request), asked["why"], asked["again_on"]
    if again_on is not None:
        return actions.look_again(use=use, why=why, again_on=again_on, seen=seen, by=by, at=at)
    return actions.settle(use=use, outcome=asked["outcome"], why=why, no_more=asked["no_more"], seen=seen, by=by, at=at)
