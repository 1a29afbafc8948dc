"""Write a decision and its findings, look at it as it will go out, send it for a check of facts, sign it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from likvard.site.cases import actions as of_cases
from likvard.site.cases.access import candidates
from likvard.site.cases.forms import Reason
from likvard.site.cases.states import CaseError
from likvard.site.people.models import User
from likvard.site.supervision.actions import drafting, signing
from likvard.site.supervision.composing import Parts, decision_text, plain_text
from likvard.site.supervision.composing.parts import area_name
from likvard.site.supervision.facts import draft_facts
from likvard.site.supervision.forms.inspection import Received, SendDraft, Sign, Which, WriteDecision
from likvard.site.supervision.models import Decision, Inspection
from likvard.site.supervision.pages.cards import card
from likvard.site.supervision.pages.findings import finding_form
from likvard.site.supervision.pages.visit import carried_out, crumbs, deed, do, fetch, here, moment, person, today
from likvard.site.supervision.permissions import before as permissions
from likvard.site.supervision.rules.drafting import (
    DraftFacts,
    areas_without_findings,
    draft_faults,
    finding_faults,
    proposal_faults,
)
from likvard.site.ui.language import current
from likvard.site.writing import html
from likvard.site.writing.pdf import pdf
from likvard.site.writing.text import Written, from_data

REPORT_DAYS, CHECK_DAYS = 90, 14
"""What is usual, as a proposal in the forms: some three months to report back, two weeks to check the facts."""


def decision_of(inspection: Inspection, number: int) -> Decision:
    """A decision of an inspection by its number. Raises Http404 if there is none."""
    found = inspection.decisions.filter(number=number).select_related("presenter", "decided_by", "issued").first()
    if found is None:
        raise Http404(_("There is no decision with this number in the case."))
    found.inspection = inspection
    return found


@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a decision."""
    inspection, _grant = fetch(request, slug)
    user, at = person(request), moment(request)
    kind = permissions.next_kind(inspection)
    try:
        made = drafting.start_decision(inspection=inspection, by=user, at=at, kind=kind)
    except CaseError:
        return do(
            request,
            lambda: drafting.start_decision(inspection=inspection, by=user, at=at, kind=kind),
            "",
            here(inspection),
        )
    return redirect(here(inspection, "draft", number=made.number))


def draft_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The draft: its texts, its findings, and what is missing before it can go on."""
    inspection, _grant = fetch(request, slug)
    decision, user, at, on = decision_of(inspection, number), person(request), moment(request), today(request)
    if decision.is_signed:
        return redirect(here(inspection, "reading", number=number))
    form = WriteDecision(request.POST or None, people=_presenters(inspection, on), initial=_initial(decision, on))
    if request.method == "POST" and form.is_valid() and carried_out(
        form, lambda asked: drafting.write_decision(decision=decision, by=user, at=at, **asked)
    ):  # fmt: skip
        return do(request, lambda: None, _("The draft is kept."), here(inspection, "draft", number=number))
    context = {"form": form, **_draft(inspection, decision, user, on)}
    return render(request, "supervision/draft.html", context)


def _draft(inspection: Inspection, decision: Decision, user: User, on: date) -> dict[str, Any]:
    facts = draft_facts(decision, on)
    rows = decision.findings.select_related("decision").prefetch_related("measures")
    args = {"number": decision.number}
    clear = areas_without_findings(facts.areas, facts.findings)
    writes = permissions.can_write(user, decision, on=on)
    return {
        "case": inspection.case,
        "inspection": inspection,
        "decision": decision,
        "cards": [
            card(row, on, href=here(inspection, "draft_finding", **args, finding=row.number) if writes else "")
            for row in rows
        ],
        "clear": [area_name(area, inspection.opened_on)[current()] for area in clear],
        "missing": _missing(facts),
        "checked": facts.fact_checked,
        "writes": writes,
        "signs": permissions.can_sign(user, decision, on=on),
        "state": inspection.case.state_code,
        "breadcrumbs": crumbs(inspection.case, _("The draft")),
    }


def _missing(facts: DraftFacts) -> list[str]:
    """What is missing before the draft can go on; what a finding lacks stands on its card, here only how much it is."""
    all_of_it = proposal_faults(facts) if facts.fact_checked else draft_faults(facts)
    counts = {one.number: len(finding_faults(one)) for one in facts.findings}
    found = [
        ngettext(
            "Finding %(number)s: %(count)s thing is missing.",
            "Finding %(number)s: %(count)s things are missing.",
            count,
        )
        % {"number": number, "count": count}
        for number, count in counts.items()
        if count
    ]
    return found + list(all_of_it[sum(counts.values()) :])


def _initial(decision: Decision, on: date) -> dict[str, Any]:
    known = {name: getattr(decision, name) for name in drafting.WRITTEN}
    return {**known, "report_due": decision.report_due or on + timedelta(days=REPORT_DAYS)}


def _presenters(inspection: Inspection, on: date) -> Any:
    openers = sorted(inspection.case.kind.openers)
    found = candidates(inspection.case, on).filter(memberships__role__in=openers).values("pk")
    return User.objects.filter(pk__in=found).order_by("name", "email")


def which_finding(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A new finding: first in which area and by the law of which day, then the rest."""
    inspection, _grant = fetch(request, slug)
    decision, on = decision_of(inspection, number), today(request)
    area, day = request.GET.get("area", ""), request.GET.get("event_on", "")
    known = [(row.area, area_name(row.area, inspection.opened_on)[current()]) for row in inspection.areas.all()]
    form = Which(request.GET if area or day else None, areas=known, initial={"event_on": on})
    if (area or day) and form.is_valid():
        asked = form.cleaned_data
        return finding_form(request, inspection, decision, area=asked["area"], event_on=asked["event_on"])
    trail = crumbs(inspection.case, (_("The draft"), here(inspection, "draft", number=number)), _("A new finding"))
    context = {
        "case": inspection.case,
        "form": form,
        "breadcrumbs": trail,
        "back": here(inspection, "draft", number=number),
    }
    return render(request, "supervision/which.html", context)


def finding_page(request: HttpRequest, slug: str, number: int, finding: int) -> HttpResponse:
    """Change a finding of the draft."""
    inspection, _grant = fetch(request, slug)
    decision = decision_of(inspection, number)
    row = decision.findings.filter(number=finding).first()
    if row is None:
        raise Http404(_("The draft has no such finding."))
    row.decision = decision
    return finding_form(request, inspection, decision, area=row.area, event_on=row.event_on, finding=row)


def drop_finding(request: HttpRequest, slug: str, number: int, finding: int) -> HttpResponse:
    """Take a finding out of the draft."""
    inspection, _grant = fetch(request, slug)
    decision, user, at, on = decision_of(inspection, number), person(request), moment(request), today(request)
    row = decision.findings.filter(number=finding).first()
    if row is None:
        raise Http404(_("The draft has no such finding."))
    return deed(
        request, inspection, title=_("Take finding %(number)s out") % {"number": finding}, submit=_("Take it out"),
        form=Reason(request.POST or None), check=lambda: permissions.check_can_write(user, decision, on=on),
        act=lambda asked: drafting.drop_finding(finding=row, by=user, at=at, reason=asked["reason"]),
        done=_("The finding has been taken out."), back=here(inspection, "draft", number=number),
    )  # fmt: skip


@require_safe
def reading(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The decision as it will go out, or went out: as a document or in plain words."""
    inspection, _grant = fetch(request, slug)
    decision, user, on = decision_of(inspection, number), person(request), today(request)
    plain = request.GET.get("form") == "klarsprak"
    written = written_of(decision, plain=plain)
    context = {
        "case": inspection.case,
        "decision": decision,
        "written": written,
        "body": html.body(written, deeper=0, anchor="text"),
        "signatures": html.signatures(written),
        "contents": html.contents(written, anchor="text"),
        "plain": plain,
        "may_note": decision.is_signed
        and decision.received_on is None
        and permissions.can_work(user, inspection, on=on),
        "breadcrumbs": crumbs(
            inspection.case, _("The decision") if decision.is_signed else _("The draft as a document")
        ),
    }
    return render(request, "supervision/reading.html", context)


def written_of(decision: Decision, *, plain: bool = False) -> Written:
    """The document of a decision: what was issued, once it is signed; else what the draft gives now."""
    if decision.issued:
        return from_data(decision.issued.content["plain" if plain else "text"])
    return plain_text(Parts.of(decision)) if plain else decision_text(decision, draft=False)


@require_safe
def as_pdf(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The decision as PDF: the signed file itself, or the draft as it stands."""
    inspection, grant = fetch(request, slug)
    decision, user, at = decision_of(inspection, number), person(request), moment(request)
    if decision.issued:
        version = decision.issued.document.versions.get()
        content = of_cases.fetch(
            version=version, case=inspection.case, grant=grant, by=user, at=at, folder=settings.DOCUMENTS,
            reason=_("The decision was read."),
        )  # fmt: skip
    else:
        content = pdf(decision_text(decision, draft=True))
    name = f"{inspection.case.slug}-{decision.number}{'' if decision.is_signed else '-utkast'}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def send_draft(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Send the draft to the organiser for a check of facts."""
    inspection, _grant = fetch(request, slug)
    decision, user, at, on = decision_of(inspection, number), person(request), moment(request), today(request)
    return deed(
        request, inspection, title=_("Send the draft for a check of facts"), submit=_("Send the draft"),
        lead=_("The organiser reads the draft as it stands now and remarks on it part by part. It is open to nobody else."),
        form=SendDraft(request.POST or None, initial={"due": on + timedelta(days=CHECK_DAYS)}),
        check=lambda: permissions.check_can_write(user, decision, on=on),
        act=lambda asked: drafting.send_draft(decision=decision, by=user, at=at, due=asked["due"]),
        done=_("The draft has been sent."), back=here(inspection, "draft", number=number),
    )  # fmt: skip


@require_POST
def propose(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Put the draft forward for decision."""
    inspection, _grant = fetch(request, slug)
    user, at = person(request), moment(request)
    return do(
        request, lambda: of_cases.move(case=inspection.case, code="propose", by=user, at=at),
        _("The draft has been put forward for decision."), here(inspection, "draft", number=number),
    )  # fmt: skip


def sign(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Sign: the decision as it stands, what it starts, and the button."""
    inspection, _grant = fetch(request, slug)
    decision, user, at, on = decision_of(inspection, number), person(request), moment(request), today(request)
    parts = Parts.of(decision, decided=on, signer=str(user))
    written = decision_text(decision, parts=parts)
    return deed(
        request, inspection, title=_("Sign the decision"), submit=_("Sign and decide"),
        form=Sign(request.POST or None), check=lambda: permissions.check_can_sign(user, decision, on=on),
        act=lambda _asked: signing.sign(decision=decision, by=user, at=at, folder=settings.DOCUMENTS),
        done=_("The decision is signed. The organiser has been told, and the clocks have started."),
        back=here(inspection), template="supervision/sign.html",
        more={"decision": decision, "body": html.body(written), "follows": parts.facts.is_followed_up, "appealable": parts.appealable},
    )  # fmt: skip


def received(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say when the organiser received the decision."""
    inspection, _grant = fetch(request, slug)
    decision, user, at, on = decision_of(inspection, number), person(request), moment(request), today(request)
    return deed(
        request, inspection, title=_("When was the decision received?"), submit=_("Keep the day"),
        lead=_("From that day the time to appeal runs, where the decision can be appealed."),
        form=Received(request.POST or None, initial={"on": on}),
        check=lambda: permissions.check_can_work(user, inspection, on=on),
        act=lambda asked: signing.was_received(decision=decision, on=asked["on"], by=user, at=at),
        done=_("The day is kept."), back=here(inspection),
    )  # fmt: skip
