"""The organiser answers: one finding at a time, saved half-written, with evidence; then it hands in and gets its receipt."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from likvard.site.cases.models import Clock
from likvard.site.cases.pages.visit import moment, person, today
from likvard.site.cases.states import CaseError
from likvard.site.supervision import shown, standing
from likvard.site.supervision import shown_after as after
from likvard.site.supervision.actions import answers
from likvard.site.supervision.forms.after import Attach, MoreTime, Write
from likvard.site.supervision.models import Decision, Finding
from likvard.site.supervision.pages.portal import crumbs, fetch, finding_of
from likvard.site.supervision.pages.visit import carried_out
from likvard.site.supervision.permissions import after as permissions


def _page(decision: Decision, page: str = "portal_decision", **more: Any) -> str:
    """The address of a page as a letter gives it."""
    return settings.BASE_URL + after.portal_address(decision, page, **more)


def answer(request: HttpRequest, slug: str, n: int, m: int) -> HttpResponse:
    """The answer to a finding: the earlier ones beside it, what must be shown, and a draft that is saved as it is."""
    decision, _membership = fetch(request, slug, n)
    finding, user = finding_of(decision, m), person(request)
    if not permissions.can_draft(user, finding, on=today(request)):
        return _read_only(request, decision, finding)
    last, draft = standing.last_handed_in(finding), standing.draft_of(finding)
    copied = last if request.GET.get("kopiera") and last else draft
    form = Write.of(copied, request.POST if request.method == "POST" else None)
    saved = request.method == "POST" and form.is_valid()
    if saved and carried_out(
        form, lambda asked: answers.save_answer(finding=finding, by=user, at=moment(request), **asked)
    ):
        messages.success(request, _("Your draft is saved. Nobody at the Inspectorate sees it before you hand it in."))
        back = after.portal_address(decision)
        return redirect(back if "back" in request.POST else after.portal_address(decision, "portal_answer", m=m))
    return render(request, "supervision/portal_answer.html", _context(decision, finding, form, request, copied is last))


def _read_only(request: HttpRequest, decision: Decision, finding: Finding) -> HttpResponse:
    """What has been answered to a finding that nothing more is to be answered to."""
    return render(request, "supervision/portal_answer.html", _context(decision, finding, None, request, False))


def _context(decision: Decision, finding: Finding, form: Any, request: HttpRequest, copied: bool) -> dict[str, Any]:
    draft = standing.draft_of(finding)
    kinds, why = after.closes_by(finding)
    return {
        "decision": decision,
        "finding": finding,
        "case": decision.inspection.case,
        "card": shown.finding_card(finding, today(request)),
        "form": form,
        "copied": copied,
        "draft": after.answer(draft) if draft else None,
        "earlier": after.answers(finding, drafts=False),
        "assessments": after.assessments(finding),
        "kinds": kinds,
        "why": why,
        "back": after.portal_address(decision),
        "breadcrumbs": crumbs(decision, _("Finding %(number)s") % {"number": finding.number}),
    }


def attach(request: HttpRequest, slug: str, n: int, m: int) -> HttpResponse:
    """Put a file as evidence into the draft."""
    decision, _membership = fetch(request, slug, n)
    finding, user = finding_of(decision, m), person(request)
    back = after.portal_address(decision, "portal_answer", m=m)
    permitted = permissions.can_draft(user, finding, on=today(request))
    form = Attach(request.POST or None, request.FILES or None, initial={"dated": None})

    def act(asked: dict[str, Any]) -> object:
        file = asked.pop("file")
        return answers.add_evidence(
            finding=finding, name=file.name, chunks=file.chunks(), by=user, at=moment(request),
            folder=settings.DOCUMENTS, scanner=settings.SCANNER, **asked,
        )  # fmt: skip

    if not permitted:
        return redirect(back)
    if request.method == "POST" and form.is_valid() and carried_out(form, act):
        messages.success(request, _("The evidence is in your draft."))
        return redirect(back)
    kinds, why = after.closes_by(finding)
    lead = _("Here a finding is closed by: %(kinds)s. %(why)s") % {"kinds": kinds, "why": why}
    return _form(request, decision, form, _("Add evidence"), _("Add"), back, lead)


def _form(
    request: HttpRequest, decision: Decision, form: Any, heading: str, submit: str, back: str, lead: str
) -> HttpResponse:
    context = {
        "case": decision.inspection.case, "form": form, "heading": heading, "submit": submit, "back": back, "lead": lead,
        "breadcrumbs": crumbs(decision, heading),
    }  # fmt: skip
    return render(request, "cases/deed.html", context)


@require_POST
def withdraw(request: HttpRequest, slug: str, n: int, m: int, pk: int) -> HttpResponse:
    """Take a piece of evidence out of the draft."""
    decision, _membership = fetch(request, slug, n)
    found = get_object_or_404(finding_of(decision, m).evidence.filter(answer__isnull=False), pk=pk)
    try:
        answers.withdraw_evidence(evidence=found, by=person(request), at=moment(request))
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The evidence is out of your draft."))
    return redirect(after.portal_address(decision, "portal_answer", m=m))


def more_time(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """Ask for more time."""
    decision, _membership = fetch(request, slug, n)
    user, back, case = person(request), after.portal_address(decision), decision.inspection.case
    try:
        permissions.check_can_ask_for_time(user, decision, on=today(request))
    except CaseError as error:
        messages.error(request, str(error))
        return redirect(back)
    clocks = standing.report_clocks(case)
    form = MoreTime(request.POST or None, clocks=clocks)
    page = settings.BASE_URL + reverse("supervision_follow_up", args=[slug, decision.number])

    def act(asked: dict[str, Any]) -> object:
        clock: Clock | None = asked.pop("clock", None)
        return answers.ask_for_time(decision=decision, by=user, at=moment(request), clock=clock, page=page, **asked)

    if request.method == "POST" and form.is_valid() and carried_out(form, act):
        messages.success(request, _("You have asked for more time. Until you get an answer the day stands."))
        return redirect(back)
    due = after.soonest(decision, today(request))
    lead = _("You are to report back by %(day)s. An inspector answers, with a reason.") % {"day": shown.day(due)}
    return _form(request, decision, form, _("Ask for more time"), _("Ask for more time"), back, lead)


def submit(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """Read through everything and hand it in."""
    decision, _membership = fetch(request, slug, n)
    user, back = person(request), after.portal_address(decision)
    permissions.check_can_submit(user, decision, on=today(request))
    ready = answers.ready(decision)
    if request.method == "POST":
        receipt = _page(decision, "portal_receipt", k=0).removesuffix("0/") + "%(number)s/"
        page = settings.BASE_URL + reverse("supervision_follow_up", args=[slug, decision.number])
        try:
            made = answers.submit(decision=decision, by=user, at=moment(request), receipt=receipt, page=page)
        except CaseError as error:
            messages.error(request, str(error))
            return redirect(back)
        return redirect(after.portal_address(decision, "portal_receipt", k=made.number))
    context = {
        "decision": decision, "case": decision.inspection.case, "answers": [after.answer(one) for one in ready],
        "left": answers.left_after(decision, ready), "due": after.soonest(decision, today(request)), "back": back,
        "breadcrumbs": crumbs(decision, _("Hand in")),
    }  # fmt: skip
    return render(request, "supervision/portal_submit.html", context)


@require_safe
def receipt(request: HttpRequest, slug: str, n: int, k: int) -> HttpResponse:
    """The receipt: what came in when and from whom, its seal, and what happens next."""
    decision, _membership = fetch(request, slug, n)
    made = get_object_or_404(decision.report_backs.select_related("by"), number=k)
    rows = made.answers.select_related("finding__decision").order_by("finding__number")
    context = {
        "decision": decision,
        "case": decision.inspection.case,
        "made": made,
        "answers": [after.answer(one) for one in rows],
        "left": [] if made.complete else answers.left_after(decision, []),
        "due": after.soonest(decision, today(request)),
        "happenings": after.next_for_organiser(decision, today(request)),
        "back": after.portal_address(decision),
        "breadcrumbs": crumbs(decision, _("Receipt")),
    }
    return render(request, "supervision/portal_receipt.html", context)
