"""Take a finding that remains up the ladder, and lift or end a step."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from likvard.site.cases.actions.holding import tell
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.supervision import standing
from likvard.site.supervision.actions.stating import What, held, stand, tell_of, write_to_organiser
from likvard.site.supervision.models import Decision, Finding, Rung
from likvard.site.supervision.permissions import after as permissions
from likvard.site.supervision.rules import findings as table
from likvard.site.supervision.rules import ladder
from likvard.site.supervision.rules.ladder import Ending, Step


@transaction.atomic
def escalate(
    *,
    finding: Finding,
    step: Step,
    reason: str,
    conditions: str,
    by: User,
    at: datetime,
    instrument: str = "",
    fine: int | None = None,
    due: date | None = None,
    until: date | None = None,
    decision: Decision | None = None,
    page: str = "",
) -> Rung:
    """Take the next step about a finding: why, and what must hold for it to be lifted.

    What the law does not allow is refused with why. An injunction, a fine and a sanction take a signed follow-up decision in the
    same case. That the next step is considered is a note of the case; every other step is told to everybody.
    """
    finding = held(finding)
    grant, case = permissions.check_can_escalate(by, finding, step, on=day_of(at)), standing.case_of(finding)
    if not reason.strip() or not conditions.strip():
        raise CaseError(_("A step needs its reasons, and what must hold for it to be lifted."), _("Write both."))
    since = _since(finding, step, decision, day_of(at))
    place = standing.position(finding, since)
    measures = finding.measures.count()
    refused = ladder.refusals(place, ladder.Asked(step, instrument, fine, due, until, measures))
    if refused:
        raise CaseError(refused[0], " ".join(refused[1:]))
    for old in finding.rungs.standing().filter(step__in=sorted(ladder.REPLACES[step])):
        _end(old, Ending.REPLACED, reason, since, by, at)
    made = Rung.objects.create(
        finding=finding, step=step, instrument=instrument, since=since, reason=reason.strip(), conditions=conditions.strip(),
        fine=fine, due=due, until=until, decision=decision, at=at, by=by,
    )  # fmt: skip
    if step is not Step.CONSIDERED:
        tell_of(finding, What.ESCALATED, by=by, role=grant.role, at=at, text=reason, day=since)
        write_to_organiser("news", case, at, page)
    data = {"finding": finding.number, "step": step.value, "fine": fine}
    tell(_EVENTS[step], case, by=by, role=grant.role, at=at, reason=reason, data=data)
    return made


_EVENTS = {
    Step.CONSIDERED: "supervision.step_considered",
    Step.INJUNCTION: "supervision.step_injunction",
    Step.FINE: "supervision.step_fine",
    Step.COURT: "supervision.step_court",
    Step.SANCTION: "supervision.step_sanction",
}


def _since(finding: Finding, step: Step, decision: Decision | None, today: date) -> date:
    """The day of the step: that of its decision, or today. Raises `CaseError` where a decision is needed and not given."""
    if step not in ladder.BY_DECISION:
        if decision is not None:
            raise CaseError(_("This step takes no decision."), _("Leave the decision out."))
        return today
    known = decision is not None and decision.inspection_id == finding.decision.inspection_id
    if decision is None or not known or decision.decided_on is None or decision.number <= finding.decision.number:
        raise CaseError(
            _("This step takes a signed follow-up decision in the same case."),
            _("Write and sign the follow-up decision first."),
        )
    return decision.decided_on


@transaction.atomic
def end_rung(*, rung: Rung, ending: str, reason: str, on: date, by: User, at: datetime, page: str = "") -> Rung:
    """Lift or end a step, with how, why and from which day."""
    finding = held(rung.finding)
    rung = Rung.objects.select_related("finding__decision__inspection__case").get(pk=rung.pk)
    grant, case = permissions.check_can_end_rung(by, rung, on=day_of(at)), standing.case_of(finding)
    if ending not in Ending.values or not reason.strip():
        raise CaseError(_("Say how the step ended, and why."), _("Fill in both."))
    if not rung.since <= on <= day_of(at):
        raise CaseError(_("The day must lie between the first day of the step and today."), _("Check the day."))
    _end(rung, Ending(ending), reason, on, by, at)
    if rung.step != Step.CONSIDERED:
        tell_of(finding, What.LIFTED, by=by, role=grant.role, at=at, text=reason, day=on)
        write_to_organiser("news", case, at, page)
    data = {"finding": finding.number, "step": rung.step, "ending": ending}
    tell("supervision.step_ended", case, by=by, role=grant.role, at=at, reason=reason, data=data)
    return rung


def _end(rung: Rung, ending: Ending, reason: str, on: date, by: User, at: datetime) -> None:
    rung.ending, rung.ending_reason, rung.ended_on = ending, reason.strip(), max(on, rung.since)
    rung.ended_at, rung.ended_by = at, by
    rung.save()


def end_standing(finding: Finding, ending: Ending, reason: str, *, by: User, at: datetime) -> None:
    """End every step about a finding that is settled, but for what a court has before it: that goes its own way."""
    for rung in finding.rungs.standing().exclude(step=Step.COURT):
        _end(rung, ending, reason, day_of(at), by, at)


@transaction.atomic
def carry_on(*, decision: Decision, by: User, role: str, at: datetime) -> list[Finding]:
    """When a follow-up decision is signed: end the findings that its own go on with (`recurs`, in the same case), and return
    them. The new finding is from now on the one that is answered and closed; the ladder shows both as one."""
    ended = []
    for new in decision.findings.filter(recurs__decision__inspection=decision.inspection).select_related("recurs"):
        if new.recurs is None or table.is_settled(new.recurs.state):
            continue
        old = held(new.recurs)
        words = {"decision": decision.number, "finding": new.number}
        why = _("Taken further in decision %(decision)s, finding %(finding)s.") % words
        stand(old, "end", what=What.ESCALATED, by=by, role=role, at=at, text=why, day=decision.decided_on)
        end_standing(old, Ending.REPLACED, why, by=by, at=at)
        ended.append(old)
    return ended
