"""The follow-up of a decision: how each finding stands, what the organiser has handed in or asked for, appeal and legal force."""

from __future__ import annotations

from datetime import date
from typing import Any, Unpack

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.site.cases.pages.visit import Asked, moment, person, today
from likvard.site.people.models import User
from likvard.site.supervision import shown, standing
from likvard.site.supervision import shown_after as after
from likvard.site.supervision.actions import appeals, assessing
from likvard.site.supervision.forms.after import AnswerTime, Appealed, AskAgain, CourtSaid, Force
from likvard.site.supervision.models import Appeal, Decision, LegalForce
from likvard.site.supervision.pages.visit import crumbs, deed, fetch
from likvard.site.supervision.permissions import after as permissions
from likvard.site.supervision.rules import findings as table
from likvard.site.ui.components import Fact


def fetch_decision(request: HttpRequest, slug: str, n: int) -> Decision:
    """A signed decision of a case, through the access of the case."""
    inspection, _grant = fetch(request, slug)
    found = inspection.decisions.filter(number=n, issued__isnull=False).select_related("issued", "decided_by").first()
    if found is None:
        raise Http404(_("There is no signed decision with this number."))
    found.inspection = inspection
    return found


def here(decision: Decision) -> str:
    """The page of the follow-up of a decision."""
    return reverse("supervision_follow_up", args=[decision.inspection.case.slug, decision.number])


def _title(decision: Decision) -> str:
    return _("Follow-up of decision %(number)s") % {"number": decision.number}


@require_safe
def follow_up(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """How everything in a decision stands."""
    decision = fetch_decision(request, slug, n)
    return render(request, "supervision/follow_up.html", _context(decision, person(request), today(request)))


def _context(decision: Decision, user: User, on: date) -> dict[str, Any]:
    case = decision.inspection.case
    findings = list(decision.findings.select_related("decision__inspection__case", "point"))
    return {
        "decision": decision,
        "case": case,
        "findings": [(shown.finding_card(one, on), after.finding_address(one), _said(one)) for one in findings],
        "report_backs": decision.report_backs.select_related("by").order_by("-number"),
        "extensions": [
            (one, after.extension_state(one)) for one in decision.extensions.select_related("asked_by", "answered_by")
        ],
        "asked": standing.asked_extension(decision),
        "clocks": after.clock_badges(case.clocks.all().going().prefetch_related("pauses"), on),
        "facts": _facts(decision),
        "appeal": decision.appeals.filter(ended_on=None).first(),
        "may_appeal": appeals.may_be_appealed(decision),
        "force": LegalForce.objects.filter(pk=decision.pk).first(),
        "may": permissions.can_note(user, decision, on=on),
        "may_ask_again": any(standing.awaits_answer(one) for one in findings) and not standing.report_clocks(case),
        "happenings": after.happened(decision.issued.happenings.select_related("point")) if decision.issued else [],
        "breadcrumbs": crumbs(case, _title(decision)),
        "heading": _title(decision),
    }


def _said(finding: Any) -> str:
    """The gate of a finding in one sentence, where it has one."""
    followed = standing.is_followed_up(finding) and not table.is_settled(finding.state)
    return standing.gate_of(finding).said if followed else ""


def _facts(decision: Decision) -> list[Fact]:
    """Days of the decision: made, received, open to appeal until, with legal force from."""
    found = [Fact(_("Decided"), shown.day(decision.decided_on), note=str(decision.decided_by))]
    found.append(Fact(_("Received by the organiser"), shown.day(decision.received_on) or _("not confirmed yet")))
    if not appeals.may_be_appealed(decision):
        return [*found, Fact(_("Appeal"), _("the decision cannot be appealed"), note=_("28 kap. 18 § skollagen"))]
    force = LegalForce.objects.filter(pk=decision.pk).first()
    for one in decision.appeals.all():
        said = one.get_outcome_display() if one.outcome else _("waits for the court")
        found.append(Fact(_("Appealed"), shown.day(one.came_on), note=f"{one.court}: {said}"))
    since = (
        shown.day(force.since)
        if force
        else _("%(day)s at the earliest") % {"day": shown.day(appeals.force_from(decision))}
    )
    return [*found, Fact(_("Legal force"), since)]


def _deed(request: HttpRequest, decision: Decision, **asked: Unpack[Asked]) -> HttpResponse:
    """The page of a form about a decision; it leads back to the follow-up. Without a `check` it is for whoever may note things."""
    user, on, back = person(request), today(request), here(decision)
    asked.setdefault("check", lambda: permissions.check_can_note(user, decision, on=on))
    asked["more"] = {"breadcrumbs": crumbs(decision.inspection.case, (_title(decision), back), asked["title"])}
    return deed(request, decision.inspection, back=back, **asked)


def _letter(decision: Decision) -> str:
    return settings.BASE_URL + after.portal_address(decision)


def more_time(request: HttpRequest, slug: str, n: int, pk: int) -> HttpResponse:
    """Grant or refuse more time."""
    decision = fetch_decision(request, slug, n)
    asked = get_object_or_404(decision.extensions.select_related("asked_by", "clock"), pk=pk)
    user, at, on = person(request), moment(request), today(request)
    words = {"who": asked.asked_by, "day": shown.day(asked.wanted), "why": asked.reason}
    return _deed(
        request, decision, title=_("More time?"), submit=_("Answer"), form=AnswerTime(request.POST or None, initial={"granted": asked.wanted}),
        lead=_("%(who)s asks for time until %(day)s: %(why)s") % words,
        check=lambda: permissions.check_can_answer_extension(user, asked, on=on),
        act=lambda given: assessing.answer_extension(extension=asked, by=user, at=at, page=_letter(decision), **given),
        done=_("The organiser has got its answer."),
    )  # fmt: skip


def ask_again(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """Ask the organiser to report back once more."""
    decision = fetch_decision(request, slug, n)
    user, at = person(request), moment(request)
    return _deed(
        request, decision, title=_("Ask for a new report-back"), submit=_("Ask for it"), form=AskAgain(request.POST or None),
        lead=_("About the findings that are assessed as partly remedied or remaining."),
        act=lambda asked: assessing.ask_again(decision=decision, by=user, at=at, page=_letter(decision), **asked),
        done=_("The organiser has been asked to report back once more."),
    )  # fmt: skip


def appealed(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """Note an appeal."""
    decision = fetch_decision(request, slug, n)
    user, at = person(request), moment(request)
    return _deed(
        request, decision, title=_("The decision has been appealed"), submit=_("Note it"), form=Appealed(request.POST or None),
        lead=_("The decision gains no legal force until the court has spoken. What it orders applies all the same."),
        act=lambda asked: appeals.note_appeal(decision=decision, by=user, at=at, **asked), done=_("The appeal is noted."),
    )  # fmt: skip


def court_said(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """Note what the court said."""
    decision = fetch_decision(request, slug, n)
    user, at = person(request), moment(request)
    waiting = get_object_or_404(Appeal, decision=decision, ended_on=None)
    return _deed(
        request, decision, title=_("What did the court say?"), submit=_("Note it"), form=CourtSaid(request.POST or None),
        act=lambda asked: appeals.end_appeal(appeal=waiting, by=user, at=at, **asked), done=_("It is noted."),
    )  # fmt: skip


def force(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """Note that the decision has legal force."""
    decision = fetch_decision(request, slug, n)
    user, at = person(request), moment(request)
    return _deed(
        request, decision, title=_("The decision has legal force"), submit=_("Note it"),
        form=Force(request.POST or None, initial={"since": appeals.force_from(decision)}),
        act=lambda asked: appeals.note_legal_force(decision=decision, by=user, at=at, **asked), done=_("It is noted."),
    )  # fmt: skip
