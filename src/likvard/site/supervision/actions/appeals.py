"""An appeal comes in and is settled by the court; a decision gains legal force."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from likvard.figures import formats
from likvard.rulebook.clocks import legal_force_from
from likvard.rulebook.legality import may_appeal
from likvard.site.cases.actions import happen, stop_clock
from likvard.site.cases.actions import met as meet
from likvard.site.cases.actions.holding import hold, tell
from likvard.site.cases.models import Case
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.supervision import standing
from likvard.site.supervision.actions.stating import What, issued_of
from likvard.site.supervision.models import Appeal, Decision, LegalForce
from likvard.site.supervision.permissions import after as permissions
from likvard.site.ui.language import current

FORCE, TIME_TO_APPEAL = "legal_force", ("appeal", "appeal_public_party")


def may_be_appealed(decision: Decision) -> bool:
    """Whether any finding of the decision can be appealed (28 kap. 2 and 18 §§ skollagen)."""
    return any(may_appeal(one.instrument, on=one.event_on, fine=one.fine) for one in decision.findings.all())


@transaction.atomic
def note_appeal(*, decision: Decision, came_on: date, court: str, by: User, at: datetime) -> Appeal:
    """Note that the decision has been appealed: it gains no legal force until the court has spoken, so that clock is stopped."""
    case = hold(decision.inspection.case)
    grant = permissions.check_can_note(by, decision, on=day_of(at))
    if not may_be_appealed(decision):
        raise CaseError(
            _("The decision cannot be appealed (28 kap. 18 § skollagen)."), _("It can be asked to be reconsidered.")
        )
    if standing.is_appealed(decision) or LegalForce.objects.filter(pk=decision.pk).exists():
        raise CaseError(_("An appeal is noted already, or the decision has legal force."), _("Look at how it stands."))
    if not (decision.decided_on or came_on) <= came_on <= day_of(at) or not court.strip():
        raise CaseError(_("An appeal comes after the decision, to a court."), _("Check the day and the court."))
    made = Appeal.objects.create(decision=decision, came_on=came_on, court=court.strip(), noted_at=at, noted_by=by)
    _stop(case, FORCE, _("The decision has been appealed."), by, at)
    _meet(case, TIME_TO_APPEAL, by, grant.role, at)
    happen(issued=issued_of(decision), what=What.APPEALED, by=by, role=grant.role, at=at, day=came_on)
    tell(
        "supervision.appealed", case, by=by, role=grant.role, at=at, data={"decision": decision.number, "court": court}
    )
    return made


def _stop(case: Case, duty: str, reason: str, by: User, at: datetime) -> None:
    for clock in case.clocks.all().going().filter(duty=duty):
        stop_clock(clock=clock, reason=reason, by=by, at=at)


def _meet(case: Case, duties: tuple[str, ...], by: User, role: str, at: datetime) -> None:
    for clock in case.clocks.all().going().filter(duty__in=duties):
        meet(clock=clock, by=by, role=role, at=at)


@transaction.atomic
def end_appeal(*, appeal: Appeal, outcome: str, ended_on: date, note: str, by: User, at: datetime) -> Appeal:
    """Note what the court said. A decision that was changed or overturned is told to everybody, with the note."""
    case = hold(appeal.decision.inspection.case)
    grant = permissions.check_can_note(by, appeal.decision, on=day_of(at))
    appeal = Appeal.objects.select_related("decision__issued").get(pk=appeal.pk)
    if appeal.ended_on is not None or outcome not in Appeal.Outcome.values:
        raise CaseError(_("The appeal has been settled, or it is not said how."), _("Look at how it stands."))
    if not appeal.came_on <= ended_on <= day_of(at):
        raise CaseError(_("The court spoke after the appeal, and not later than today."), _("Check the day."))
    appeal.outcome, appeal.ended_on, appeal.note, appeal.ended_by = outcome, ended_on, note.strip(), by
    appeal.save()
    if outcome in (Appeal.Outcome.CHANGED, Appeal.Outcome.OVERTURNED):
        issued = issued_of(appeal.decision)
        happen(issued=issued, what=What.LIFTED, by=by, role=grant.role, at=at, text=note, day=ended_on)
    data = {"decision": appeal.decision.number, "outcome": outcome}
    tell("supervision.appeal_ended", case, by=by, role=grant.role, at=at, reason=note, data=data)
    return appeal


def force_from(decision: Decision) -> date | None:
    """The first day on which the decision has legal force if nobody has appealed; None for a draft.

    Counted from the day the organiser got it, or was decided if that is not known.
    """
    if decision.decided_on is None:
        return None
    return legal_force_from(decision.decided_on, decision.received_on or decision.decided_on)


@transaction.atomic
def note_legal_force(*, decision: Decision, since: date, by: User, at: datetime) -> LegalForce:
    """Note that the decision has legal force. Refused while an appeal waits, and before the time to appeal has run out."""
    case = hold(decision.inspection.case)
    grant, first = permissions.check_can_note(by, decision, on=day_of(at)), force_from(decision)
    if LegalForce.objects.filter(pk=decision.pk).exists():
        raise CaseError(_("That is noted already."), _("Nothing needs to be done."))
    if standing.is_appealed(decision):
        raise CaseError(_("An appeal waits for the court."), _("Note first what the court said."))
    ended = decision.appeals.order_by("ended_on").last()
    earliest = ended.ended_on if ended else first
    if first is None or earliest is None or not earliest <= since <= day_of(at):
        day = formats.day(earliest, current()) if earliest else ""
        raise CaseError(
            _("The decision has legal force from %(day)s at the earliest.") % {"day": day}, _("Check the day.")
        )
    made = LegalForce.objects.create(decision=decision, since=since, at=at, by=by)
    _meet(case, (FORCE, *TIME_TO_APPEAL), by, grant.role, at)
    happen(issued=issued_of(decision), what=What.FORCE, by=by, role=grant.role, at=at, day=since)
    tell("supervision.legal_force", case, by=by, role=grant.role, at=at, data={"decision": decision.number})
    return made
