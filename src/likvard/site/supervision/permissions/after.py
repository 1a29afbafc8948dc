"""What may be done after the decision is signed: by the organiser's people, and by inspectors.

Not possible now raises `CaseError`, with what to do first; not for this person raises `Denied`. The organiser's people never reach
the case, only the decisions that were issued to their organiser, and what they answered themselves.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from likvard.site.cases import permissions as of_cases
from likvard.site.cases.access import CaseGrant
from likvard.site.cases.permissions import asks
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied, roles
from likvard.site.people.models import Membership, User
from likvard.site.people.roles import Role
from likvard.site.supervision import standing
from likvard.site.supervision.models import Closing, Decision, Extension, Finding, Rung
from likvard.site.supervision.party import ANSWERS, membership_of
from likvard.site.supervision.rules import findings as table
from likvard.site.supervision.rules.ladder import Step


def check_can_read(user: User, decision: Decision, *, on: date) -> Membership:
    """Return the membership by which a person at the organiser reads a signed decision. Raises `Denied` in the same words for
    a draft, for another organiser's, and for whoever is excluded from the case."""
    case = decision.inspection.case
    found = membership_of(user, case, on) if decision.is_signed and case.unreachable_at is None else None
    if found is None or case.exclusions.all().in_force().filter(user=user).exists():
        raise Denied(_("There is no decision here that is open to you."))
    return found


def can_read(user: User, decision: Decision, *, on: date) -> bool:
    """Whether the person reads the decision for the organiser."""
    return asks(lambda: check_can_read(user, decision, on=on))


def check_can_draft(user: User, finding: Finding, *, on: date) -> Membership:
    """Return the membership of a person who may write on the organiser's answer to a finding: also the principal of the unit."""
    found = check_can_read(user, finding.decision, on=on)
    of_cases.check_is_open(standing.case_of(finding))
    if not standing.is_followed_up(finding):
        raise CaseError(_("Nothing needs to be answered here."), _("The decision says that it is not followed up."))
    if table.is_settled(finding.state):
        raise CaseError(_("The finding is settled: nothing more is to be answered."), _("Read why it was closed."))
    return found


def can_draft(user: User, finding: Finding, *, on: date) -> bool:
    """Whether the person may write on the answer."""
    return asks(lambda: check_can_draft(user, finding, on=on))


def answers_somewhere(user: User, *, on: date) -> bool:
    """Whether the person has a role at some organiser that reads what the Inspectorate sends."""
    return bool(roles(user, on) & {*ANSWERS, Role.PRINCIPAL})


def _check_answers(user: User, decision: Decision, on: date) -> Membership:
    found = check_can_read(user, decision, on=on)
    if found.role not in ANSWERS:
        raise Denied(_("Only the head of education or the quality manager hands in the organiser's answer."))
    of_cases.check_is_open(decision.inspection.case)
    return found


def check_can_submit(user: User, decision: Decision, *, on: date) -> Membership:
    """Return the membership of a person who may hand in the organiser's answers."""
    return _check_answers(user, decision, on)


def can_submit(user: User, decision: Decision, *, on: date) -> bool:
    """Whether the person may hand in the organiser's answers."""
    return asks(lambda: check_can_submit(user, decision, on=on))


def check_can_ask_for_time(user: User, decision: Decision, *, on: date) -> Membership:
    """Return the membership of a person who may ask for more time: while the clock goes and no request waits."""
    found = _check_answers(user, decision, on)
    if not standing.report_clocks(decision.inspection.case):
        raise CaseError(_("No report-back is waited for."), _("Nothing needs to be done."))
    if standing.asked_extension(decision) is not None:
        raise CaseError(_("You have asked for more time already."), _("Wait for the answer."))
    return found


def can_ask_for_time(user: User, decision: Decision, *, on: date) -> bool:
    """Whether the person may ask for more time now."""
    return asks(lambda: check_can_ask_for_time(user, decision, on=on))


def check_can_follow_up(user: User, finding: Finding, *, on: date) -> CaseGrant:
    """Return the grant of an inspector who works in the case of a finding whose decision is signed."""
    found = of_cases.check_can_work(user, standing.case_of(finding), on=on)
    if not finding.decision.is_signed:
        raise CaseError(_("The decision is not signed: nothing is followed up yet."), _("Sign it first."))
    return found


def can_follow_up(user: User, finding: Finding, *, on: date) -> bool:
    """Whether the person follows up the finding."""
    return asks(lambda: check_can_follow_up(user, finding, on=on))


def check_can_assess(user: User, finding: Finding, *, on: date) -> CaseGrant:
    """Return the grant of an inspector who may assess a finding and add evidence: as long as it is not settled."""
    found = check_can_follow_up(user, finding, on=on)
    if table.is_settled(finding.state):
        raise CaseError(_("The finding is settled."), _("Open it again first, with a reason."))
    return found


def can_assess(user: User, finding: Finding, *, on: date) -> bool:
    """Whether the person may assess the finding now."""
    return asks(lambda: check_can_assess(user, finding, on=on))


def check_can_decide_closing(user: User, closing: Closing, *, on: date) -> CaseGrant:
    """Return the grant of an inspector who may close the finding as proposed, or send the proposal back.

    Where the rulebook asks for two pairs of eyes it is not whoever proposed it.
    """
    found = check_can_assess(user, closing.finding, on=on)
    if closing.state != Closing.State.PROPOSED:
        raise CaseError(_("The proposal has been decided."), _("Look at how the finding stands."))
    if closing.two and closing.proposed_by_id == user.pk:
        raise CaseError(
            _("You wrote the proposal: here it takes a second person to close the finding."),
            _("Ask another inspector in the case to read it."),
        )
    return found


def can_decide_closing(user: User, closing: Closing, *, on: date) -> bool:
    """Whether the person may close the finding as proposed."""
    return asks(lambda: check_can_decide_closing(user, closing, on=on))


def check_can_reopen(user: User, finding: Finding, *, on: date) -> CaseGrant:
    """Return the grant of an inspector who may open a settled finding again."""
    found = check_can_follow_up(user, finding, on=on)
    table.way(finding.state, "reopen")
    return found


def can_reopen(user: User, finding: Finding, *, on: date) -> bool:
    """Whether the person may open the finding again."""
    return asks(lambda: check_can_reopen(user, finding, on=on))


def check_can_escalate(user: User, finding: Finding, step: Step, *, on: date) -> CaseGrant:
    """Return the grant of a person who may take the step: to consider it whoever works in the case, the others whoever leads."""
    found = check_can_assess(user, finding, on=on)
    if step is not Step.CONSIDERED:
        return of_cases.check_can_lead(user, standing.case_of(finding), on=on)
    return found


def can_escalate(user: User, finding: Finding, step: Step, *, on: date) -> bool:
    """Whether the person may take the step."""
    return asks(lambda: check_can_escalate(user, finding, step, on=on))


def check_can_end_rung(user: User, rung: Rung, *, on: date) -> CaseGrant:
    """Return the grant of a person who may lift or end a step: the same as may take it."""
    found = check_can_follow_up(user, rung.finding, on=on)
    if rung.ended_on is not None:
        raise CaseError(_("The step has ended already."), _("Look at how it ended."))
    if rung.step != Step.CONSIDERED:
        return of_cases.check_can_lead(user, standing.case_of(rung.finding), on=on)
    return found


def can_end_rung(user: User, rung: Rung, *, on: date) -> bool:
    """Whether the person may lift or end the step."""
    return asks(lambda: check_can_end_rung(user, rung, on=on))


def check_can_answer_extension(user: User, extension: Extension, *, on: date) -> CaseGrant:
    """Return the grant of an inspector who may grant or refuse more time."""
    found = of_cases.check_can_work(user, extension.decision.inspection.case, on=on)
    if extension.state != Extension.State.ASKED:
        raise CaseError(_("The request has been answered."), _("Look at the answer."))
    return found


def check_can_note(user: User, decision: Decision, *, on: date) -> CaseGrant:
    """Return the grant of an inspector who may note an appeal, legal force, or when a signed decision was received."""
    found = of_cases.check_can_work(user, decision.inspection.case, on=on)
    if not decision.is_signed:
        raise CaseError(_("The decision is not signed."), _("Sign it first."))
    return found


def can_note(user: User, decision: Decision, *, on: date) -> bool:
    """Whether the person may note what happens to the decision."""
    return asks(lambda: check_can_note(user, decision, on=on))


def check_may_fetch(user: User, uploaded_by: User, *, sensitive: bool, membership: Membership) -> None:
    """Evidence that holds personal data of pupils is handed back only to whoever brought it, or to the principal of the unit."""
    if sensitive and uploaded_by != user and membership.role != Role.PRINCIPAL:
        raise Denied(_("The file holds personal data of pupils: only whoever handed it in may fetch it here."))
