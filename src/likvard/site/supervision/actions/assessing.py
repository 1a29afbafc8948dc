"""The inspector's side of an answer: evidence of one's own, the assessment, more time, and asking again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from likvard.site.cases.actions import happen, move, start_clock, stop_clock
from likvard.site.cases.actions.holding import tell
from likvard.site.cases.models import Clock, Document, LinkType, Seen
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.supervision import standing
from likvard.site.supervision.actions.answers import check_evidence, keep_evidence
from likvard.site.supervision.actions.stating import (
    What,
    held,
    issued_of,
    meet_follow_up,
    stand,
    tell_of,
    write_to_organiser,
)
from likvard.site.supervision.models import Assessment, Decision, Evidence, Extension, Finding, Visit
from likvard.site.supervision.permissions import after as permissions


@transaction.atomic
def note_evidence(
    *,
    finding: Finding,
    kind: str,
    title: str,
    dated: date,
    shows: str,
    by: User,
    at: datetime,
    place: str = "",
    document: Document | None = None,
) -> Evidence:
    """Add evidence that an inspector has: what was seen on a visit, or a document of the case."""
    finding = held(finding)
    grant, case = permissions.check_can_assess(by, finding, on=day_of(at)), standing.case_of(finding)
    check_evidence(kind, title, shows, dated, day_of(at))
    if document is not None and not document.links.filter(case=case, type=LinkType.OWN).exists():
        raise CaseError(_("The document belongs to another matter."), _("Attach it to this one first."))
    made = keep_evidence(finding, None, kind, title, dated, shows, place, document, by, at)
    data = {"finding": finding.number, "title": made.title, "kind": kind, "dated": dated}
    tell("supervision.evidence_added", case, by=by, role=grant.role, at=at, data=data)
    return made


@transaction.atomic
def assess(
    *,
    finding: Finding,
    outcome: str,
    reasons: str,
    seen: str,
    seen_on: date,
    by: User,
    at: datetime,
    rests_on: Iterable[Evidence] = (),
    missing: str = "",
    visit: Visit | None = None,
    page: str = "",
) -> Assessment:
    """Judge how a finding stands, on which evidence, and how it was seen. *Remedied* closes nothing: that takes the gate."""
    finding = held(finding)
    grant, case = permissions.check_can_assess(by, finding, on=day_of(at)), standing.case_of(finding)
    evidence = list(rests_on)
    _check(finding, outcome, reasons, missing, seen, seen_on, evidence, visit, day_of(at))
    made = Assessment.objects.create(
        finding=finding, outcome=outcome, reasons=reasons.strip(), missing=missing.strip(), seen=seen, seen_on=seen_on,
        visit=visit, at=at, by=by,
    )  # fmt: skip
    made.rests_on.set(evidence)
    if seen == Seen.VISIT and not _told_of_visit(finding, seen_on):
        tell_of(finding, What.VISITED, by=by, role=grant.role, at=at, day=seen_on)
    if outcome != Assessment.Outcome.REMEDIED:
        stand(finding, outcome, what=What.ASSESSED, by=by, role=grant.role, at=at, text=reasons, seen=seen)
        write_to_organiser("news", case, at, page)
    data = {"finding": finding.number, "outcome": outcome, "seen": seen}
    tell(_EVENTS[outcome], case, by=by, role=grant.role, at=at, reason=reasons, data=data)
    meet_follow_up(case, by=by, role=grant.role, at=at)
    return made


_EVENTS: Mapping[str, str] = {
    Assessment.Outcome.REMEDIED: "supervision.assessed_remedied",
    Assessment.Outcome.PARTLY: "supervision.assessed_partly",
    Assessment.Outcome.REMAINS: "supervision.assessed_remains",
}


def _check(
    finding: Finding,
    outcome: str,
    reasons: str,
    missing: str,
    seen: str,
    seen_on: date,
    evidence: list[Evidence],
    visit: Visit | None,
    today: date,
) -> None:
    decided = finding.decision.decided_on or today
    if outcome not in Assessment.Outcome.values or seen not in Seen.values or not reasons.strip():
        raise CaseError(_("An assessment needs an outcome, reasons, and how it was seen."), _("Fill in all three."))
    if outcome != Assessment.Outcome.REMEDIED and not missing.strip():
        raise CaseError(_("Say what is missing."), _("The organiser must know what to do next."))
    if not decided <= seen_on <= today:
        raise CaseError(
            _("What is assessed was seen after the decision, and not later than today."), _("Check the day.")
        )
    known = {one.pk for one in standing.evidence_of(finding)}
    if any(one.pk not in known for one in evidence):
        raise CaseError(
            _("The evidence belongs to another finding, or has not been handed in."), _("Choose among these.")
        )
    if visit is not None and (
        visit.inspection_id != finding.decision.inspection_id or (visit.done_on or date.min) < decided
    ):
        raise CaseError(_("The visit has not been done in this case after the decision."), _("Finish the visit first."))


def _told_of_visit(finding: Finding, day: date) -> bool:
    return finding.point is not None and finding.point.happenings.filter(what=What.VISITED, day=day).exists()


@transaction.atomic
def answer_extension(
    *, extension: Extension, granted: date | None, answer: str, by: User, at: datetime, page: str = ""
) -> Extension:
    """Grant more time until a day, or (without one) refuse it; either with a reason.

    Granted, the clock that runs is stopped and a new one started that is due on the day. No day is lost: it is never earlier
    than the day that held, moved by pauses.
    """
    extension = Extension.objects.select_related("decision__inspection__case", "clock").get(pk=extension.pk)
    grant = permissions.check_can_answer_extension(by, extension, on=day_of(at))
    case, clock = extension.decision.inspection.case, extension.clock
    if not answer.strip():
        raise CaseError(_("Say why."), _("The organiser reads it."))
    extension.answered_at, extension.answered_by, extension.answer = at, by, answer.strip()
    extension.state = Extension.State.REFUSED if granted is None else Extension.State.GRANTED
    if granted is not None:
        _check_day(clock, granted, day_of(at))
        stop_clock(clock=clock, reason=_("More time: %(why)s") % {"why": answer.strip()[:250]}, by=by, at=at)
        extension.granted = granted
        extension.granted_clock = start_clock(case=case, duty="report_back", due=granted, by=by, at=at)
        happen(issued=issued_of(extension.decision), what=What.EXTENDED, by=by, role=grant.role, at=at)
    extension.save()
    what = "supervision.time_refused" if granted is None else "supervision.time_granted"
    data = {"due": granted}
    tell(what, case, by=by, role=grant.role, at=at, reason=answer, data=data)
    write_to_organiser("time_answered", case, at, page)
    return extension


def _check_day(clock: Clock, granted: date, today: date) -> None:
    clock = Clock.objects.prefetch_related("pauses").get(pk=clock.pk)
    if not clock.is_going:
        raise CaseError(_("The clock has ended already."), _("Look at how it stands."))
    due = clock.value.due(today)
    if granted < today or (due is not None and granted < due):
        raise CaseError(
            _("More time cannot be less: choose a day that is not earlier than the one that holds."),
            _("Check the day."),
        )


@transaction.atomic
def ask_again(*, decision: Decision, due: date, reason: str, by: User, at: datetime, page: str = "") -> Clock:
    """Ask the organiser to report back once more on what is partly remedied or remains, by a day. The case waits for it again."""
    case = decision.inspection.case
    grant = permissions.check_can_note(by, decision, on=day_of(at))
    if not any(standing.awaits_answer(finding) for finding in decision.findings.all()):
        raise CaseError(
            _("No finding is assessed as partly remedied or remaining."), _("Assess first what is missing.")
        )
    if standing.report_clocks(case):
        raise CaseError(_("A report-back is waited for already."), _("Look at its clock."))
    for clock in case.clocks.all().going().filter(duty="follow_up"):
        stop_clock(clock=clock, reason=reason[:300], by=by, at=at)
    clock = start_clock(case=case, duty="report_back", due=due, by=by, at=at)
    if case.state_code == "follow_up":
        move(case=case, code="ask_again", by=by, at=at, reason=reason)
    tell("supervision.asked_again", case, by=by, role=grant.role, at=at, reason=reason, data={"due": due})
    write_to_organiser("asked_again", case, at, page)
    return clock
