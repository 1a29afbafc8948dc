"""One page for each deed about a finding: a form, the action that it asks for, and back to the finding."""

from __future__ import annotations

from typing import Any, Unpack

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from likvard.site.cases import permissions as of_cases
from likvard.site.cases.models import Document, LinkType
from likvard.site.cases.pages.visit import Asked, moment, person, today
from likvard.site.supervision import shown_after as after
from likvard.site.supervision import standing
from likvard.site.supervision.actions import assessing, closing, ladder
from likvard.site.supervision.facts import organiser_kind
from likvard.site.supervision.forms.after import (
    Consider,
    EndStep,
    Fined,
    Judge,
    Noted,
    Ordered,
    PublicReason,
    Sanctioned,
    SendBack,
)
from likvard.site.supervision.models import Decision, Finding, Rung
from likvard.site.supervision.pages.finding import fetch_finding, trail
from likvard.site.supervision.pages.visit import deed, do
from likvard.site.supervision.permissions import after as permissions
from likvard.site.supervision.rules.ladder import Step, sanctions


def _deed(request: HttpRequest, finding: Finding, **asked: Unpack[Asked]) -> HttpResponse:
    """The page of a form about a finding; it leads back to the finding."""
    asked["more"] = {"breadcrumbs": trail(finding, asked["title"])}
    return deed(request, finding.decision.inspection, back=after.finding_address(finding), **asked)


def _letter(finding: Finding) -> str:
    """The page that a letter to the organiser leads to."""
    return settings.BASE_URL + after.portal_address(finding.decision)


def assess(request: HttpRequest, slug: str, n: str) -> HttpResponse:
    """Judge how a finding stands."""
    finding, _grant = fetch_finding(request, slug, n)
    user, at, on = person(request), moment(request), today(request)
    visits = finding.decision.inspection.visits.filter(done_on__gte=finding.decision.decided_on)
    form = Judge(request.POST or None, evidence=standing.evidence_of(finding), visits=visits)
    kinds, why = after.closes_by(finding)
    return _deed(
        request, finding, title=_("Assess finding %(number)s") % {"number": finding.number}, submit=_("Save the assessment"),
        lead=_("Here a finding is closed by: %(kinds)s. %(why)s") % {"kinds": kinds, "why": why}, form=form,
        check=lambda: permissions.check_can_assess(user, finding, on=on),
        act=lambda asked: assessing.assess(finding=finding, by=user, at=at, page=_letter(finding), **asked),
        done=_("The assessment is saved."),
    )  # fmt: skip


def note_evidence(request: HttpRequest, slug: str, n: str) -> HttpResponse:
    """Add evidence of one's own."""
    finding, _grant = fetch_finding(request, slug, n)
    user, at, on, case = person(request), moment(request), today(request), standing.case_of(finding)
    own = Document.objects.filter(links__case=case, links__type=LinkType.OWN)
    return _deed(
        request, finding, title=_("Add evidence to finding %(number)s") % {"number": finding.number}, submit=_("Add"),
        form=Noted(request.POST or None, documents=own),
        check=lambda: permissions.check_can_assess(user, finding, on=on),
        act=lambda asked: assessing.note_evidence(finding=finding, by=user, at=at, **asked),
        done=_("The evidence is added."),
    )  # fmt: skip


def propose(request: HttpRequest, slug: str, n: str) -> HttpResponse:
    """Write the public reason."""
    finding, _grant = fetch_finding(request, slug, n)
    user, at, on = person(request), moment(request), today(request)
    waiting, rule = standing.proposal(finding), standing.closure_of(finding)
    second = _("A second person reads it before the finding is closed.") if rule.second_reader else ""
    return _deed(
        request, finding, title=_("Why can finding %(number)s be closed?") % {"number": finding.number}, submit=_("Save"),
        lead=" ".join(filter(None, (_("Say what the result shows, who has seen it, and how."), second))),
        form=PublicReason(request.POST or None, initial={"reason": waiting.reason if waiting else ""}),
        check=lambda: permissions.check_can_assess(user, finding, on=on),
        act=lambda asked: closing.propose_closing(
            finding=finding, by=user, at=at, page=settings.BASE_URL + after.finding_address(finding), **asked
        ),
        done=_("The reason is saved."),
    )  # fmt: skip


def second(request: HttpRequest, slug: str, n: str) -> HttpResponse:
    """Read somebody's proposal as the second person, and send it back with why. To close it has a button of its own."""
    finding, _grant = fetch_finding(request, slug, n)
    user, at, on = person(request), moment(request), today(request)
    waiting = standing.proposal(finding)
    if waiting is None:
        return redirect(after.finding_address(finding))
    return _deed(
        request, finding, title=_("Send the proposal back"), submit=_("Send it back"),
        lead=_("%(who)s has written: %(text)s") % {"who": waiting.proposed_by, "text": waiting.reason},
        form=SendBack(request.POST or None),
        check=lambda: permissions.check_can_decide_closing(user, waiting, on=on),
        act=lambda asked: closing.send_back(closing=waiting, by=user, at=at, **asked),
        done=_("The proposal is sent back."),
    )  # fmt: skip


@require_POST
def close(request: HttpRequest, slug: str, n: str) -> HttpResponse:
    """Close the finding by the proposal that stands."""
    finding, _grant = fetch_finding(request, slug, n)
    user, at, waiting = person(request), moment(request), standing.proposal(finding)
    if waiting is None:
        return redirect(after.finding_address(finding))
    return do(
        request, lambda: closing.close_finding(closing=waiting, by=user, at=at, page=_letter(finding)),
        _("The finding is closed."), after.finding_address(finding),
    )  # fmt: skip


def reopen(request: HttpRequest, slug: str, n: str) -> HttpResponse:
    """Open a settled finding again."""
    finding, _grant = fetch_finding(request, slug, n)
    user, at, on = person(request), moment(request), today(request)
    return _deed(
        request, finding, title=_("Open finding %(number)s again") % {"number": finding.number}, submit=_("Open it again"),
        lead=_("It is counted, and how it had been closed stays to be read."), form=PublicReason(request.POST or None),
        check=lambda: permissions.check_can_reopen(user, finding, on=on),
        act=lambda asked: closing.reopen(finding=finding, by=user, at=at, page=_letter(finding), **asked),
        done=_("The finding is open again."),
    )  # fmt: skip


def end(request: HttpRequest, slug: str, n: str) -> HttpResponse:
    """End a finding of which nothing is left to follow up."""
    finding, _grant = fetch_finding(request, slug, n)
    user, at, on, case = person(request), moment(request), today(request), standing.case_of(finding)
    return _deed(
        request, finding, title=_("End finding %(number)s") % {"number": finding.number}, submit=_("End it"),
        lead=_("Only where nothing is left to follow up: the school has closed, or the approval is revoked. A deficiency that "
               "has been remedied is closed through the gate."),
        form=PublicReason(request.POST or None), check=lambda: of_cases.check_can_lead(user, case, on=on),
        act=lambda asked: closing.end_finding(finding=finding, by=user, at=at, page=_letter(finding), **asked),
        done=_("The finding is ended."),
    )  # fmt: skip


def _signed(finding: Finding) -> Any:
    """The decisions of the case that have been signed after the finding's own."""
    later = Decision.objects.filter(inspection=finding.decision.inspection, number__gt=finding.decision.number)
    return later.filter(issued__isnull=False)


def _form(kind: Step, finding: Finding, request: HttpRequest) -> forms.Form:
    data = request.POST or None
    match kind:
        case Step.INJUNCTION:
            return Ordered(data, decisions=_signed(finding))
        case Step.FINE:
            return Fined(data, decisions=_signed(finding))
        case Step.SANCTION:
            known = sanctions(today(request), organiser_kind(standing.case_of(finding)))
            return Sanctioned(data, decisions=_signed(finding), sanctions=known)
        case _:
            return Consider(data)


def step(request: HttpRequest, slug: str, n: str, step: str) -> HttpResponse:
    """Take the next step about a finding."""
    finding, _grant = fetch_finding(request, slug, n)
    user, at, on = person(request), moment(request), today(request)
    if step not in Step.values:
        raise Http404
    kind = Step(step)
    return _deed(
        request, finding, title=_("Finding %(number)s: %(step)s") % {"number": finding.number, "step": kind.label},
        submit=_("Take the step"), lead=_lead(kind), form=_form(kind, finding, request),
        check=lambda: permissions.check_can_escalate(user, finding, kind, on=on),
        act=lambda asked: ladder.escalate(finding=finding, step=kind, by=user, at=at, page=_letter(finding), **asked),
        done=_("The step is taken."),
    )  # fmt: skip


def _lead(kind: Step) -> str:
    if kind is Step.CONSIDERED:
        return _("A note of the case: it is not published. The organiser is told when a step is taken.")
    if kind is Step.COURT:
        return _("The Inspectorate applies to the administrative court. Everybody may know it.")
    return _("It takes a signed follow-up decision in the case. What the law does not allow is refused here, with why.")


def step_end(request: HttpRequest, slug: str, n: str, pk: int) -> HttpResponse:
    """Lift or end a step."""
    finding, _grant = fetch_finding(request, slug, n)
    user, at, on = person(request), moment(request), today(request)
    rung = get_object_or_404(Rung.objects.select_related("finding"), pk=pk, finding=finding)
    rung.finding = finding
    return _deed(
        request, finding, title=_("Lift or end: %(step)s") % {"step": rung.get_step_display()}, submit=_("Save"),
        lead=_("It is lifted when this holds: %(conditions)s") % {"conditions": rung.conditions},
        form=EndStep(request.POST or None, initial={"on": on}),
        check=lambda: permissions.check_can_end_rung(user, rung, on=on),
        act=lambda asked: ladder.end_rung(rung=rung, by=user, at=at, page=_letter(finding), **asked),
        done=_("The step has ended."),
    )  # fmt: skip
