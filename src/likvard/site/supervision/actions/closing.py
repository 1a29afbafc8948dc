"""Close a finding through the gate, send a proposal back, open a finding again, end one that nothing is left of."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from likvard.site.cases import permissions as of_cases
from likvard.site.cases.actions.holding import tell
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.supervision import standing
from likvard.site.supervision.actions.ladder import end_standing
from likvard.site.supervision.actions.stating import (
    What,
    held,
    meet_follow_up,
    stand,
    write_to_organiser,
    write_to_responsible,
)
from likvard.site.supervision.models import Closing, Finding
from likvard.site.supervision.permissions import after as permissions
from likvard.site.supervision.rules.gate import Gate, Met
from likvard.site.supervision.rules.ladder import Ending


@transaction.atomic
def propose_closing(*, finding: Finding, reason: str, by: User, at: datetime, page: str = "") -> Closing:
    """Write the public reason for closing a finding; a proposal of one's own that waits is rewritten.

    It can be written before the other conditions are met. Where two pairs of eyes are needed the responsible is written to.
    """
    finding = held(finding)
    grant, case = permissions.check_can_assess(by, finding, on=day_of(at)), standing.case_of(finding)
    if not reason.strip():
        raise CaseError(_("Write why the finding can be closed."), _("Everybody will be able to read it."))
    waiting = standing.proposal(finding)
    if waiting is not None and waiting.proposed_by_id != by.pk:
        raise CaseError(
            _("%(person)s has proposed to close it.") % {"person": waiting.proposed_by}, _("Decide on that first.")
        )
    two = standing.closure_of(finding).second_reader
    made = waiting or Closing(finding=finding, two=two, proposed_by=by)
    made.reason, made.proposed_at, made.two = reason.strip(), at, two
    made.save()
    tell(
        "supervision.closing_proposed",
        case,
        by=by,
        role=grant.role,
        at=at,
        reason=reason,
        data={"finding": finding.number},
    )
    if two and case.responsible_id not in (None, by.pk):
        write_to_responsible("to_read", case, at, page)
    return made


@transaction.atomic
def close_finding(*, closing: Closing, by: User, at: datetime, page: str = "") -> Finding:
    """Close the finding as remedied, by a proposal, if the gate is open for this person. Raises `CaseError` with what is missing."""
    finding = held(closing.finding)
    closing = Closing.objects.select_related("finding").get(pk=closing.pk)
    grant, case = permissions.check_can_decide_closing(by, closing, on=day_of(at)), standing.case_of(finding)
    check_open(standing.gate_of(finding, approver=by))
    assessed = standing.newest_assessment(finding)
    closing.state, closing.decided_at, closing.decided_by = Closing.State.CLOSED, at, by
    closing.save()
    finding.closed_at, finding.closed_by, finding.closing_reason = at, by, closing.reason
    finding.seen = assessed.seen if assessed else ""
    stand(
        finding, "remedy", what=What.CLOSED, by=by, role=grant.role, at=at, text=closing.reason, seen=finding.seen
    )  # fmt: skip
    end_standing(finding, Ending.MET, closing.reason, by=by, at=at)
    data = {"finding": finding.number}
    tell("supervision.finding_closed", case, by=by, role=grant.role, at=at, reason=closing.reason, data=data)
    meet_follow_up(case, by=by, role=grant.role, at=at)
    write_to_organiser("news", case, at, page)
    return finding


def check_open(gate: Gate) -> None:
    """Raise `CaseError` with every condition that is not met."""
    if not gate.open:
        left = [line for line in gate.lines if line.met is not Met.YES]
        raise CaseError(_("The finding cannot be closed yet."), " ".join(f"{line.what} {line.note}" for line in left))


@transaction.atomic
def send_back(*, closing: Closing, answer: str, by: User, at: datetime) -> Closing:
    """Send a proposal back to whoever wrote it, with why. Its text stays to be read."""
    finding = held(closing.finding)
    closing = Closing.objects.select_related("finding").get(pk=closing.pk)
    grant = permissions.check_can_assess(by, finding, on=day_of(at))
    if closing.state != Closing.State.PROPOSED:
        raise CaseError(_("The proposal has been decided."), _("Look at how the finding stands."))
    if not answer.strip():
        raise CaseError(_("Say why."), _("Whoever wrote the proposal reads it."))
    closing.state, closing.decided_at, closing.decided_by = Closing.State.SENT_BACK, at, by
    closing.answer = answer.strip()
    closing.save()
    case, data = standing.case_of(finding), {"finding": finding.number}
    tell("supervision.closing_sent_back", case, by=by, role=grant.role, at=at, reason=answer, data=data)
    return closing


@transaction.atomic
def reopen(*, finding: Finding, reason: str, by: User, at: datetime, page: str = "") -> Finding:
    """Open a settled finding again, with a public reason. It is counted; how it had been closed stays to be read."""
    finding = held(finding)
    grant, case = permissions.check_can_reopen(by, finding, on=day_of(at)), standing.case_of(finding)
    if not reason.strip():
        raise CaseError(_("Say why it is opened again."), _("Everybody will be able to read it."))
    last = finding.closings.filter(state=Closing.State.CLOSED).last()
    if last is not None:
        last.state, last.reopened_at, last.reopened_by = Closing.State.REOPENED, at, by
        last.reopening_reason = reason.strip()
        last.save()
    finding.reopened += 1
    finding.closed_at, finding.closed_by, finding.closing_reason, finding.seen = None, None, "", ""
    stand(finding, "reopen", what=What.REOPENED, by=by, role=grant.role, at=at, text=reason)
    data = {"finding": finding.number, "times": finding.reopened}
    tell("supervision.finding_reopened", case, by=by, role=grant.role, at=at, reason=reason, data=data)
    write_to_organiser("news", case, at, page)
    return finding


@transaction.atomic
def end_finding(*, finding: Finding, reason: str, by: User, at: datetime, page: str = "") -> Finding:
    """End a finding of which nothing is left to follow up, though nobody has seen it remedied: the school has closed, the
    approval is revoked. Whoever leads the case does, with a public reason."""
    finding = held(finding)
    permissions.check_can_assess(by, finding, on=day_of(at))
    case = standing.case_of(finding)
    grant = of_cases.check_can_lead(by, case, on=day_of(at))
    if not reason.strip():
        raise CaseError(_("Say why nothing is left to follow up."), _("Everybody will be able to read it."))
    stand(finding, "end", what=What.CLOSED, by=by, role=grant.role, at=at, text=reason)
    end_standing(finding, Ending.LIFTED, reason, by=by, at=at)
    data = {"finding": finding.number}
    tell("supervision.finding_ended", case, by=by, role=grant.role, at=at, reason=reason, data=data)
    meet_follow_up(case, by=by, role=grant.role, at=at)
    write_to_organiser("news", case, at, page)
    return finding
