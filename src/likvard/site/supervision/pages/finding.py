"""The inspector's page of a finding: the card, whether it can be closed, what the organiser answered, the ladder."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.site.cases.access import CaseGrant
from likvard.site.cases.pages.visit import person, today
from likvard.site.people.models import User
from likvard.site.supervision import shown, standing
from likvard.site.supervision import shown_after as after
from likvard.site.supervision.models import Finding, Inspection
from likvard.site.supervision.pages.visit import crumbs, fetch
from likvard.site.supervision.permissions import after as permissions
from likvard.site.supervision.rules import findings as table
from likvard.site.supervision.rules import ladder
from likvard.site.supervision.rules.ladder import Step


def fetch_finding(request: HttpRequest, slug: str, n: str) -> tuple[Finding, CaseGrant]:
    """The finding of an address (`2`, or `2-1` for the first of the second decision), through the access of its case."""
    inspection, grant = fetch(request, slug)
    decision, _dash, number = n.rpartition("-")
    if not number.isdecimal() or not (decision or "1").isdecimal():
        raise Http404(_("There is no such finding."))
    return _known(inspection, int(decision or 1), int(number)), grant


def _known(inspection: Inspection, decision: int, number: int) -> Finding:
    rows = Finding.objects.select_related("decision__issued", "decision__decided_by", "point", "closed_by")
    found = rows.filter(
        decision__inspection=inspection, decision__number=decision, number=number, decision__issued__isnull=False
    ).first()
    if found is None:
        raise Http404(_("There is no such finding in a signed decision."))
    found.decision.inspection = inspection
    return found


def trail(finding: Finding, *steps: str) -> list[tuple[str, str]]:
    """Where a page of a finding lies."""
    name = _("Finding %(number)s") % {"number": finding.number}
    here: str | tuple[str, str] = (name, after.finding_address(finding)) if steps else name
    return crumbs(standing.case_of(finding), here, *steps)


@require_safe
def finding_page(request: HttpRequest, slug: str, n: str) -> HttpResponse:
    """The finding: how it stands, whether it can be closed and what is missing, and what can follow."""
    finding, grant = fetch_finding(request, slug, n)
    context = {"grant": grant, **_context(finding, person(request), today(request))}
    return render(request, "supervision/finding.html", context)


def _context(finding: Finding, user: User, on: date) -> dict[str, Any]:
    return {
        "finding": finding,
        "slug": after.finding_slug(finding),
        "case": standing.case_of(finding),
        "decision": finding.decision,
        "card": shown.finding_card(finding, on),
        "facts": after.facts(finding, on),
        "settled": table.is_settled(finding.state),
        "earlier": after.earlier(finding),
        "carried_by": _carried(finding),
        "answers": after.answers(finding, drafts=False),
        "draft": standing.draft_of(finding),
        "evidence": after.evidence(one for one in standing.evidence_of(finding) if one.answer is None),
        "assessments": after.assessments(finding),
        "closings": finding.closings.select_related("proposed_by", "decided_by", "reopened_by").order_by(
            "-proposed_at"
        ),
        "happenings": after.happened(finding.point.happenings.select_related("point")) if finding.point else [],
        "clock": after.clock_badges([clock] if (clock := standing.clock_of(finding)) else [], on),
        "breadcrumbs": trail(finding),
        **_gate(finding, user, on),
        **_ladder(finding, user, on),
    }


def _carried(finding: Finding) -> tuple[Finding, str] | None:
    """The finding that goes on with this one, and where it is."""
    found = standing.carried_by(finding)
    return (found, after.finding_address(found)) if found else None


def _gate(finding: Finding, user: User, on: Any) -> dict[str, Any]:
    """The closure gate, as this reader may act on it."""
    if not standing.is_followed_up(finding):
        return {"gate": None}
    works, waiting = permissions.can_assess(user, finding, on=on), standing.proposal(finding)
    gate = standing.gate_of(finding)
    kinds, why = after.closes_by(finding)
    decides = waiting is not None and permissions.can_decide_closing(user, waiting, on=on)
    return {
        "gate": gate,
        "conditions": after.gate_lines(finding, gate, links=works),
        "question": _("Can finding %(number)s be closed?") % {"number": finding.number},
        "kinds": kinds,
        "why": why,
        "proposal": waiting,
        "works": works,
        "may_close": decides and standing.gate_of(finding, approver=user).open,
        "may_read": decides and waiting is not None and waiting.two,
        "may_reopen": permissions.can_reopen(user, finding, on=on),
        "may_end": permissions.can_escalate(user, finding, Step.COURT, on=on),
    }


def _ladder(finding: Finding, user: User, on: Any) -> dict[str, Any]:
    """The steps taken, those that can follow, and why the others cannot."""
    place = standing.position(finding, on)
    standing_rungs = finding.rungs.standing()
    may_end = [rung for rung in standing_rungs if permissions.can_end_rung(user, rung, on=on)]
    ahead = [
        (
            step,
            reverse("finding_step", args=[standing.case_of(finding).slug, after.finding_slug(finding), step.value]),
        )
        for step in ladder.steps_from(place)
        if permissions.can_escalate(user, finding, step, on=on)
    ]
    court = ladder.refusals(place, ladder.Asked(Step.COURT)) if place.top == Step.FINE else ()
    return {"rungs": after.rungs(finding, may_end=may_end), "ahead": ahead, "court": court}
