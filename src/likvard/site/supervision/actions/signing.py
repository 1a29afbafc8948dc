"""Sign a decision: it is written for good, issued, its clocks start, the organiser is told and the case moves on."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from likvard.rulebook import clocks as law
from likvard.site.cases import actions as of_cases
from likvard.site.cases import outbox
from likvard.site.cases.actions import Point
from likvard.site.cases.actions.holding import hold, tell
from likvard.site.cases.models import Clock, Issued, PointState
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.supervision.actions.ladder import carry_on
from likvard.site.supervision.composing import Parts, decision_text, facts, plain_text
from likvard.site.supervision.composing.parts import area_name, judgement_words
from likvard.site.supervision.facts import draft_facts
from likvard.site.supervision.kinds import WORDS
from likvard.site.supervision.models import Decision, Finding
from likvard.site.supervision.party import people
from likvard.site.supervision.permissions import before as permissions
from likvard.site.supervision.rules.drafting import proposal_faults
from likvard.site.supervision.rules.scope import INDIVIDUAL, types
from likvard.site.writing.pdf import pdf
from likvard.site.writing.text import as_data

WORDS |= {
    "supervision.signed": gettext_lazy("The decision was signed: **%(points)s** findings"),
    "supervision.decision_received": gettext_lazy("The organiser received the decision on **%(on)s**"),
}


@transaction.atomic
def sign(*, decision: Decision, by: User, at: datetime, folder: Path, reason: str = "") -> Issued:
    """Make the decision. Whoever signs leads, and is not the one who presented the case.

    The document is composed once, from what stands in the draft under the lock of its case; its hash goes into the audit chain.
    With nothing to follow up the case is closed with it; `reason` then stands as the reason of the closing.
    """
    case = hold(decision.inspection.case)
    decision = Decision.objects.select_related("inspection__case__unit__organiser", "presenter").get(pk=decision.pk)
    decision.inspection.case, on = case, day_of(at)
    grant = permissions.check_can_sign(by, decision, on=on)
    missing = proposal_faults(draft_facts(decision, on))
    if missing:
        raise CaseError(missing[0], " ".join(missing[1:]))
    parts = Parts.of(decision, decided=on, signer=str(by))
    made = _issue(parts, by, grant.role, at, folder)
    _mark(parts, made, by, on)
    data = {"decision": decision.number, "issued": made.number, "points": len(parts.findings), "sha256": made.sha256}
    tell("supervision.signed", case, by=by, role=grant.role, at=at, data=data)
    carry_on(decision=decision, by=by, role=grant.role, at=at)
    _start_clocks(parts, by, at)
    _tell_party(parts, made, at)
    _move_on(parts, by, at, reason)
    return made


def _issue(parts: Parts, by: User, role: str, at: datetime, folder: Path) -> Issued:
    decision, inspection = parts.decision, parts.decision.inspection
    written = decision_text(decision, parts=parts)
    earlier = inspection.decisions.filter(issued__isnull=False).order_by("-number").first()
    return of_cases.issue(
        case=inspection.case,
        kind=decision.kind,
        title=written.title[:200],
        dated=day_of(at),
        signed_by=parts.signer,
        content={"text": as_data(written), "plain": as_data(plain_text(parts)), "facts": facts(parts)},
        points=[_point(parts, finding) for finding in parts.findings],
        pdf=pdf(written),
        filename=f"{inspection.case.slug}-{decision.number}.pdf",
        by=by,
        role=role,
        at=at,
        folder=folder,
        about=inspection.type,
        level=inspection.level,
        publishable=inspection.type != INDIVIDUAL,
        follows=earlier.issued if earlier else None,
    )


def _point(parts: Parts, finding: Finding) -> Point:
    known, step = parts.of_finding(finding), judgement_words(finding)
    return Point(
        number=finding.number,
        heading=area_name(finding.area, finding.event_on).sv[:200],
        area=finding.area,
        instrument=finding.instrument,
        judgement=step.sv if step else "",
        provisions=tuple(finding.provisions),
        serious=finding.serious,
        fine=finding.fine,
        due=parts.due(finding) if known.is_followed_up else None,
        state=_state(parts, finding),
    )


def _state(parts: Parts, finding: Finding) -> str:
    """How a point stands from the first day: what is not followed up is ended."""
    return PointState.OPEN if parts.of_finding(finding).is_followed_up else PointState.ENDED


def _mark(parts: Parts, made: Issued, by: User, on: date) -> None:
    decision = parts.decision
    decision.decided_on, decision.decided_by, decision.issued = on, by, made
    decision.save(update_fields=["decided_on", "decided_by", "issued"])
    points = {point.number: point for point in made.points.all()}
    for finding in parts.findings:
        finding.point, finding.state, finding.state_since = points[finding.number], _state(parts, finding), on
        finding.save(update_fields=["point", "state", "state_since"])


def _start_clocks(parts: Parts, by: User, at: datetime) -> list[Clock]:
    """One clock for each day to report back by, and one for the appeal where there is one."""
    case, on = parts.decision.inspection.case, day_of(at)
    days: dict[date, list[int]] = {}
    for finding in parts.findings:
        due = parts.due(finding)
        if due and parts.of_finding(finding).is_followed_up:
            days.setdefault(due, []).append(finding.number)
    made = [of_cases.start_clock(case=case, duty="report_back", due=due, by=by, at=at, warn=14) for due in sorted(days)]
    if parts.appealable:
        made.append(of_cases.start_clock(case=case, duty="appeal", due=law.appeal_until(on, on), by=by, at=at))
    return made


def _tell_party(parts: Parts, made: Issued, at: datetime) -> None:
    """Tell the organiser's people that there is a decision: the letter says where it is read, not what it says."""
    case = parts.decision.inspection.case
    inspection = parts.decision.inspection
    address = f"{settings.BASE_URL}/svar/{case.slug}/{made.number}/"
    for to in people(case, day_of(at)):
        with override(to.language):
            words = {"dnr": case.dnr, "address": address, "type": types(inspection.opened_on)[inspection.type].name.sv}
            subject = _("%(dnr)s: the Inspectorate has made a decision") % words
            body = _("There is a decision for you in %(dnr)s.\n\nRead it here: %(address)s\n") % words
        outbox.post(to=to.email, subject=subject, body=body, at=at, case=case)


def _move_on(parts: Parts, by: User, at: datetime, reason: str) -> None:
    case = parts.decision.inspection.case
    if parts.decision.kind == Decision.Kind.FOLLOW_UP:
        return
    if parts.facts.is_followed_up:
        of_cases.move(case=case, code="decide", by=by, at=at)
    else:
        why = reason.strip() or "Beslutet kräver ingen uppföljning."
        of_cases.move(case=case, code="decide_and_close", by=by, at=at, reason=why)


@transaction.atomic
def was_received(*, decision: Decision, on: date, by: User, at: datetime) -> Decision:
    """Say when the organiser got the decision: from then the time to appeal runs, and after it the decision has legal force."""
    case = hold(decision.inspection.case)
    decision = Decision.objects.select_related("inspection__case").get(pk=decision.pk)
    decision.inspection.case = case
    grant = permissions.check_can_work(by, decision.inspection, on=day_of(at))
    if decision.decided_on is None:
        raise CaseError(_("The decision has not been made."), _("Sign it first."))
    if decision.received_on is not None:
        raise CaseError(_("The day is known already."), _("Nothing needs to be done."))
    if not decision.decided_on <= on <= day_of(at):
        raise CaseError(_("The day must lie between the decision and today."), _("Check the day."))
    decision.received_on = on
    decision.save(update_fields=["received_on"])
    tell(
        "supervision.decision_received",
        case,
        by=by,
        role=grant.role,
        at=at,
        data={"on": on, "decision": decision.number},
    )
    if draft_facts(decision).may_be_appealed:
        due = law.legal_force_from(decision.decided_on, on)
        of_cases.start_clock(case=case, duty="legal_force", due=due, started=on, by=by, at=at)
    return decision
