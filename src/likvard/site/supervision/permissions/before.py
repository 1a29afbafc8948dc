"""What may be done in an inspection up to the signed decision."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from likvard.site.cases import permissions as of_cases
from likvard.site.cases.access import CaseGrant
from likvard.site.cases.permissions import asks
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied, roles
from likvard.site.people.models import Membership, Organiser, Unit, User
from likvard.site.people.roles import SCOPES, TABLE, Content, Role, Scope, Where
from likvard.site.supervision.kinds import SUPERVISION
from likvard.site.supervision.models import Decision, FactCheck, Inspection
from likvard.site.supervision.party import ANSWERS, membership_of

BEFORE_VISITS = frozenset({"planned", "assigned", "noticed", "basis", "visiting"})
BEGINNING, AFTER_DECISION = frozenset({"visiting", "drafting"}), frozenset({"awaiting", "follow_up"})
DRAFTING = frozenset({"visiting", "drafting", "follow_up", "awaiting"})
"""States in which a decision may be written: the first in `drafting` (begun while visiting), one after follow-up later."""


def check_can_open(user: User, place: Unit | Organiser, *, on: date) -> Role:
    """Return the role in which the person may open an inspection of the place."""
    return of_cases.check_can_open(user, SUPERVISION, place, on=on)


def check_can_work(user: User, inspection: Inspection, *, on: date) -> CaseGrant:
    """Return the grant of an inspector who works in the case, or of who leads it."""
    return of_cases.check_can_work(user, inspection.case, on=on)


def can_work(user: User, inspection: Inspection, *, on: date) -> bool:
    """Whether the person works in the case."""
    return asks(lambda: check_can_work(user, inspection, on=on))


def check_can_gather(user: User, inspection: Inspection, *, on: date) -> CaseGrant:
    """Return the grant of a person who may ask for documents, plan visits and write observations: until the decision is signed."""
    found = check_can_work(user, inspection, on=on)
    if inspection.case.state_code not in BEFORE_VISITS | {"drafting", "fact_check", "follow_up", "awaiting"}:
        raise CaseError(_("The decision has been put forward."), _("Send it back for more work first."))
    return found


def check_can_begin(user: User, inspection: Inspection, kind: str, *, on: date) -> CaseGrant:
    """Return the grant of a person who may begin a decision of this kind now: the first once, further ones after follow-up."""
    found = check_can_work(user, inspection, on=on)
    wanted = AFTER_DECISION if kind == Decision.Kind.FOLLOW_UP else BEGINNING
    if kind not in Decision.Kind.values or inspection.case.state_code not in wanted:
        raise CaseError(_("A decision cannot be begun now."), _("Take the case on to the draft first."))
    if inspection.decisions.filter(decided_on=None).exists():
        raise CaseError(_("A decision is being written already."), _("Go on with that one."))
    return found


def can_begin(user: User, inspection: Inspection, *, on: date) -> bool:
    """Whether the person may begin the decision that comes next."""
    return asks(lambda: check_can_begin(user, inspection, next_kind(inspection), on=on))


def next_kind(inspection: Inspection) -> str:
    """Which decision comes next: the first, or one after follow-up."""
    return Decision.Kind.FOLLOW_UP if inspection.case.state_code in AFTER_DECISION else Decision.Kind.FIRST


def can_gather(user: User, inspection: Inspection, *, on: date) -> bool:
    """Whether the person may add to what the decision will rest on."""
    return asks(lambda: check_can_gather(user, inspection, on=on))


def check_can_write(user: User, decision: Decision, *, on: date) -> CaseGrant:
    """Return the grant of a person who may change a draft. What is signed, put forward or being checked is not changed."""
    found = check_can_work(user, decision.inspection, on=on)
    if decision.is_signed:
        raise CaseError(_("The decision is signed: nothing in it is changed."), _("Make a new one that follows on it."))
    state = decision.inspection.case.state_code
    if state == "fact_check":
        raise CaseError(_("The organiser is checking the draft."), _("Wait for the answer, or end the check."))
    if state not in DRAFTING:
        raise CaseError(_("The draft cannot be changed now."), _("Send it back for more work first."))
    return found


def can_write(user: User, decision: Decision, *, on: date) -> bool:
    """Whether the person may change the draft now."""
    return asks(lambda: check_can_write(user, decision, on=on))


def check_can_sign(user: User, decision: Decision, *, on: date) -> CaseGrant:
    """Return the grant of a person who may sign: one who leads, and is not the one who presents the case (31 § förvaltningslagen)."""
    found = of_cases.check_can_lead(user, decision.inspection.case, on=on)
    if decision.is_signed:
        raise CaseError(_("The decision is signed already."), _("Nothing needs to be done."))
    if decision.kind == Decision.Kind.FIRST and decision.inspection.case.state_code != "proposed":
        raise CaseError(_("The decision has not been put forward."), _("Put it forward for decision first."))
    if decision.presenter_id is None:
        raise CaseError(_("Nobody presents the case."), _("Say who presents it."))
    if decision.presenter_id == user.pk:
        raise CaseError(_("Whoever presents the case does not decide it."), _("Let another lead inspector sign."))
    return found


def can_sign(user: User, decision: Decision, *, on: date) -> bool:
    """Whether the person may sign the decision now."""
    return asks(lambda: check_can_sign(user, decision, on=on))


def check_can_see_check(user: User, check: FactCheck, *, on: date) -> Membership:
    """Return the membership by which a person at the organiser reads the draft that was sent. An excluded person never does."""
    case = check.decision.inspection.case
    found = membership_of(user, case, on)
    excluded = case.exclusions.all().in_force().filter(user=user).exists()
    if found is None or excluded or case.unreachable_at is not None:
        raise Denied(_("There is no draft here that is open to you."))
    return found


def check_can_remark(user: User, check: FactCheck, *, on: date) -> Membership:
    """Return the membership of a person who may remark on the draft while the organiser has not answered."""
    found = check_can_see_check(user, check, on=on)
    if not check.is_open:
        raise CaseError(_("The answer has been given."), _("Write to the inspectors if something has come up since."))
    return found


def check_can_answer(user: User, check: FactCheck, *, on: date) -> Membership:
    """Return the membership of a person who may answer for the organiser: the head of education or the quality manager."""
    found = check_can_remark(user, check, on=on)
    if found.role not in ANSWERS:
        raise Denied(_("Only the head of education or the quality manager gives the organiser's answer."))
    return found


def can_answer(user: User, check: FactCheck, *, on: date) -> bool:
    """Whether the person may answer for the organiser."""
    return asks(lambda: check_can_answer(user, check, on=on))


def may_open(user: User, *, on: date) -> bool:
    """Whether the person may open inspections anywhere."""
    return bool(roles(user, on) & SUPERVISION.openers)


def may_have(user: User, *, on: date) -> tuple[Role, ...]:
    """The roles of a person to whom an inspection could be handed: an authority's; none for those whom inspections are about."""
    held = (role for role in roles(user, on) if Scope.NATIONAL in SCOPES[role])
    return tuple(role for role in held if TABLE[role][Content.MATTERS] is not Where.NOWHERE)
