"""The organiser's portal: the decisions it has got, one decision with how each finding stands, and what it may fetch."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from likvard.site.cases import files
from likvard.site.cases.models import Case, Scan
from likvard.site.cases.pages.visit import moment, number, person, today
from likvard.site.cases.register import RegisterNumber
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.people.models import Membership, User
from likvard.site.supervision import shown, standing
from likvard.site.supervision import shown_after as after
from likvard.site.supervision.actions import answers
from likvard.site.supervision.models import Decision, Evidence, Finding
from likvard.site.supervision.pages.sending import as_file
from likvard.site.supervision.permissions import after as permissions
from likvard.site.ui.components import Cell, Column, Row, State, Table
from likvard.site.writing.html import body
from likvard.site.writing.text import from_data


def fetch(request: HttpRequest, slug: str, n: int) -> tuple[Decision, Membership]:
    """The decision of an address, for somebody at its organiser. Raises `Denied` in the same words for what is not there."""
    user, found = person(request), None
    try:
        known = RegisterNumber.parse(number(slug))
        case = Case.objects.numbered(known).first()
        found = Decision.objects.filter(inspection__case=case, issued__number=n, issued__isnull=False) if case else None
    except CaseError:
        found = None
    joined = (
        "inspection__case__unit__organiser",
        "inspection__case__organiser",
        "inspection__case__responsible",
        "issued",
    )
    decision = found.select_related(*joined, "decided_by").first() if found is not None else None
    if decision is None:
        raise Denied(_("There is no decision here that is open to you."))
    return decision, permissions.check_can_read(user, decision, on=today(request))


def finding_of(decision: Decision, m: int) -> Finding:
    """A finding of a decision by its number. Raises Http404."""
    rows = decision.findings.select_related("decision__inspection__case__unit", "decision__issued", "point")
    return get_object_or_404(rows, number=m)


def crumbs(decision: Decision | None = None, *steps: str) -> list[tuple[str, str]]:
    """Where a page of the portal lies."""
    from_list: list[tuple[str, str]] = [(_("The Inspectorate's decisions"), "/svar/" if decision else "")]
    if decision is not None:
        from_list.append((decision.inspection.case.dnr, after.portal_address(decision) if steps else ""))
    return from_list + [(step, "") for step in steps]


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every decision that the reader's organiser has got, what waits for an answer first."""
    user, on = person(request), today(request)
    found = [one for one in standing.decisions_for(user, on) if permissions.can_read(user, one, on=on)]
    if not found and not permissions.answers_somewhere(user, on=on):
        raise Denied(_("Here organisers answer the Inspectorate: their heads, quality managers and principals."))
    lines = [(one, _waiting(one), after.soonest(one, on) if _waiting(one) else None) for one in found]
    lines.sort(key=lambda line: (not line[1], str(line[2] or "9"), -(line[0].pk)))
    columns = (Column(_("Decision")), Column(_("About")), Column(_("Findings")), Column(_("Answer")))
    rows = tuple(_row(one, waiting, due) for one, waiting, due in lines)
    context: dict[str, Any] = {
        "table": Table(_("Decisions"), columns, rows),
        "waiting": sum(bool(waiting) for _one, waiting, _due in lines),
        "breadcrumbs": crumbs(),
    }
    return render(request, "supervision/portal_list.html", context)


def _waiting(decision: Decision) -> int:
    return sum(standing.awaits_answer(finding) for finding in decision.findings.all())


def _row(decision: Decision, waiting: int, due: Any) -> Row:
    case, findings = decision.inspection.case, list(decision.findings.all())
    issued = decision.issued
    said = State("soon", _("by %(day)s") % {"day": shown.day(due)}) if due else State("soon", _("to be answered"))
    return Row(
        head=Cell(issued.title if issued else "", href=after.portal_address(decision), note=f"{case.dnr}, {shown.day(decision.decided_on)}"),
        cells=(
            Cell(str(case.place)),
            Cell(shown.findings_tag(findings)),
            Cell(state=said if waiting else State("done", _("nothing waits for you"))),
        ),
    )  # fmt: skip


@require_safe
def decision_page(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """A decision: in short and plain words, how each finding stands, what is to be answered by when."""
    decision, membership = fetch(request, slug, n)
    user, on = person(request), today(request)
    context = {
        **_head(decision, user, on),
        "membership": membership,
        "cards": [_card(finding, user, on) for finding in decision.findings.all()],
        "breadcrumbs": crumbs(decision),
    }
    return render(request, "supervision/portal_decision.html", context)


def _head(decision: Decision, user: User, on: Any) -> dict[str, Any]:
    case, issued = decision.inspection.case, decision.issued
    content = issued.content if issued else {}
    ready = answers.ready(decision)
    return {
        "decision": decision,
        "issued": issued,
        "case": case,
        "due": after.soonest(decision, on),
        "waiting": _waiting(decision),
        "ready": ready,
        "left": answers.left_after(decision, ready),
        "plain": body(from_data(content["plain"]), deeper=1) if content.get("plain") else "",
        "written": body(from_data(content["text"]), deeper=1) if content.get("text") else "",
        "clocks": after.clock_badges(standing.report_clocks(case), on),
        "extensions": [(one, after.extension_state(one)) for one in decision.extensions.order_by("-asked_at")],
        "report_backs": decision.report_backs.select_related("by").order_by("-number"),
        "happenings": after.happened(issued.happenings.select_related("point")) if issued else [],
        "may_submit": permissions.can_submit(user, decision, on=on),
        "may_ask": permissions.can_ask_for_time(user, decision, on=on),
    }


def _card(finding: Finding, user: User, on: Any) -> dict[str, Any]:
    draft, last = standing.draft_of(finding), standing.last_handed_in(finding)
    assessed = standing.newest_assessment(finding)
    return {
        "card": shown.finding_card(finding, on),
        "draft": draft,
        "last": last,
        "state": after.answer_state(finding, draft),
        "followed": standing.is_followed_up(finding),
        "awaits": standing.awaits_answer(finding),
        "assessed": assessed,
        "may_draft": permissions.can_draft(user, finding, on=on),
        "href": after.portal_address(finding.decision, "portal_answer", m=finding.number),
    }


@require_POST
def received(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """Confirm that the organiser has the decision."""
    decision, _membership = fetch(request, slug, n)
    try:
        answers.confirm_received(decision=decision, by=person(request), at=moment(request))
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Thank you. It is noted that you have the decision."))
    return redirect(after.portal_address(decision))


@require_safe
def pdf(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """The signed decision as it was issued."""
    decision, _membership = fetch(request, slug, n)
    if decision.issued is None:
        raise Http404
    version = decision.issued.document.newest
    if version is None:
        raise Http404
    return as_file(files.read(settings.DOCUMENTS, version.sha256, Scan(version.scan)), version)


@require_safe
def evidence_file(request: HttpRequest, slug: str, n: int, pk: uuid.UUID) -> HttpResponse:
    """A file that the organiser has handed in itself."""
    decision, membership = fetch(request, slug, n)
    rows = Evidence.objects.filter(finding__decision=decision, answer__isnull=False).select_related(
        "document", "added_by"
    )
    found = get_object_or_404(rows, document__pk=pk)
    version = found.document.newest if found.document else None
    if version is None or not version.may_be_fetched:
        raise Http404(_("The file is kept apart."))
    permissions.check_may_fetch(
        person(request), found.added_by, sensitive=version.document.sensitive, membership=membership
    )
    return as_file(files.read(settings.DOCUMENTS, version.sha256, Scan(version.scan)), version)
