"""The only way to a case: fetch through access, get the reason with it, and leave a trace of the reading.

Need to know. A case is open to whom it is handed to; to whoever keeps its register; and, unless it is about pupil health or
protected persons, to roles that reach its place. Those of them that are no party to its kind must say why they look. Whoever is
excluded sees nothing, whatever else they may. A membership that has ended gives nothing, not even one's own old cases.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from likvard.site.audit import events
from likvard.site.cases.models import BY_HAND, Case, Exclusion, Participant
from likvard.site.cases.models.case import CaseQuerySet
from likvard.site.cases.register import RegisterNumber
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people import access
from likvard.site.people.models import Membership, Unit, User
from likvard.site.people.roles import REGISTERS, TABLE, Content, Place, Reach, Role, Scope, Where, reach_at

Reader = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class CaseGrant(access.Grant):
    """Why somebody sees a case, and what they may do in it.

    `works`: may change it. `leads`: may share it out and decide. `pupils`: may be shown what is about pupils, on request.
    `stated`: the reason that the person gave.
    """

    works: bool = False
    leads: bool = False
    pupils: bool = False
    stated: str = ""


@dataclass(frozen=True, slots=True)
class Acting:
    """A person in the role that opened the case to them, as the audit chain writes it."""

    user: User
    audit_role: str

    @property
    def audit_id(self) -> str:
        """The person."""
        return self.user.audit_id

    @property
    def audit_name(self) -> str:
        """The person's name now."""
        return self.user.audit_name


class ReasonNeededError(access.Denied):
    """The case is open to this reader, but only with a reason, which is kept and shown."""

    def __init__(self, case: Case) -> None:
        super().__init__(_("You reach this matter, but it is not yours: say why you need to see it."))
        self.case = case


def case_for(user: Reader, number: RegisterNumber | str, *, at: datetime, reason: str = "") -> tuple[Case, CaseGrant]:
    """The case, and why this reader may see it; the reading is recorded.

    Raises `Denied`, in the same words whether there is no such case or it is not open to the reader; `ReasonNeededError`
    where a reason would open it.
    """
    case, found = _fetch(user, number, at, reason.strip())
    with transaction.atomic():
        actor = Acting(person(user), found.role)
        why = found.stated or found.reason
        data = {"stated": bool(found.stated)}
        events.record(
            at=at, actor=actor, what="case.read", subject=case.subject, reason=why, unit=case.unit_id or "", data=data
        )
    return case, found


def case_to_change(
    user: Reader, number: RegisterNumber | str, *, at: datetime, reason: str = ""
) -> tuple[Case, CaseGrant]:
    """The case, for an action that records itself. Raises as `case_for` does."""
    return _fetch(user, number, at, reason.strip())


def person(user: Reader) -> User:
    """The reader, signed in. Raises `Denied` for the public."""
    if not isinstance(user, User):
        raise access.Denied(_("Sign in to see matters."), sign_in=True)
    return user


def _fetch(user: Reader, number: RegisterNumber | str, at: datetime, reason: str) -> tuple[Case, CaseGrant]:
    reader, on = person(user), day_of(at)
    try:
        known = RegisterNumber.parse(number) if isinstance(number, str) else number
        case = Case.objects.shown().numbered(known).first()
    except CaseError:
        case = None
    found = grant(reader, case, on, reason=reason) if case else None
    if case is None or found is None:
        if case is not None:
            _record_refusal(reader, case, at)
        raise _denial(on)
    return case, found


def _denial(on: date) -> access.Denied:
    return access.Denied(
        _("There is no matter with this number, or it is not open to you."),
        ask=access.whom_to_ask(access.administrators(None, on)),
    )


def _record_refusal(user: User, case: Case, at: datetime) -> None:
    with transaction.atomic():
        events.record(at=at, actor=user, what="case.refused", subject=case.subject, unit=case.unit_id or "")


def grant(user: User, case: Case, on: date, *, reason: str = "") -> CaseGrant | None:
    """Why the person may see the case on the day, or None. Raises `ReasonNeededError` where a reason would open it.

    Every membership is looked at and the one that gives most is taken.
    """
    if case.unreachable_at is not None or Exclusion.objects.in_force().filter(case=case, user=user).exists():
        return None
    part = _part(user, case, on)
    found = [given for m in access.memberships(user, on) if (given := _by_membership(m, case, part)) is not None]
    if not found:
        return None
    made, is_party = max(found, key=lambda given: (given[1], given[0].leads, given[0].works, given[0].pupils))
    if not is_party and not reason:
        raise ReasonNeededError(case)
    return made if is_party else replace(made, stated=reason)


def _part(user: User, case: Case, on: date) -> str:
    """What the person has been handed in the case: `handler`, `reader` or nothing."""
    if case.responsible_id == user.pk:
        return Participant.Part.HANDLER
    return Participant.objects.in_force(on).filter(case=case, user=user).values_list("part", flat=True).first() or ""


def _by_membership(membership: Membership, case: Case, part: str) -> tuple[CaseGrant, bool] | None:
    """What one membership gives, and whether it makes its holder a party to the case."""
    role, near = Role(membership.role), is_near(membership.place, case)
    rights = TABLE[role]
    if rights[Content.MATTERS] is Where.NOWHERE or not near:
        return None
    keeps, own = _keeps(role, case), _is_own(role, membership.place, case)
    if not part and not keeps and (not own or case.secrecy in BY_HAND):
        return None
    handed = part == Participant.Part.HANDLER or keeps
    made = CaseGrant(
        reason=_reason(membership, part, keeps=keeps),
        role=role.value,
        membership=membership.pk,
        works=handed or (own and role in case.kind.leads),
        leads=role in case.kind.leads and (handed or own),
        pupils=rights[Content.PUPILS] is Where.OWN if not part else rights[Content.PUPILS] is not Where.NOWHERE,
    )
    return made, bool(part) or keeps or role in case.kind.parties


def _is_own(role: Role, place: Place, case: Case) -> bool:
    return case.kind.by_place and TABLE[role][Content.MATTERS] is Where.OWN and covers(place, case)


def _keeps(role: Role, case: Case) -> bool:
    return bool(case.kind.register) and REGISTERS.get(role) == case.kind.register


def is_near(place: Place, case: Case) -> bool:
    """Whether a membership there can have to do with the case at all: the whole country, the same organiser or unit."""
    if place.scope is Scope.NATIONAL:
        return True
    if not case.kind.by_place:
        return False  # an authority's own file is never handed to those whom it is about
    if place.unit and place.unit == case.unit_id:
        return True
    own = place.organiser or Unit.objects.filter(code=place.unit).values_list("organiser_id", flat=True).first()
    return own is not None and own == _organiser(case)


def _organiser(case: Case) -> str | None:
    return case.organiser_id or (case.unit.organiser_id if case.unit else None)


def covers(place: Place, case: Case) -> bool:
    """Whether the place of the case lies within this place."""
    open_to, organiser = reach_at(place), _organiser(case) or ""
    return open_to.has_unit(case.unit_id, organiser) if case.unit_id else open_to.has_organiser(organiser)


def _reason(membership: Membership, part: str, *, keeps: bool) -> str:
    words = {"role": Role(membership.role).label, "place": membership.place_name}
    if part == Participant.Part.HANDLER:
        return _("The matter is handed to you (%(role)s, %(place)s).") % words
    if part:
        return _("The matter has been opened to you for reading (%(role)s, %(place)s).") % words
    if keeps:
        return _("You keep the register that the matter is in (%(role)s).") % words
    return _("The matter is about a place that is yours (%(role)s, %(place)s).") % words


def own_cases(user: User, on: date) -> CaseQuerySet:
    """The cases that are handed to the person, open and closed, and those of the registers that the person keeps."""
    registers = access.registers(user, on)
    if not registers:
        return handed_cases(user, on)
    kept = Case.objects.of_registers(registers)
    return (Case.objects.handed_to(user, on) | kept).not_excluding(user).reachable()


def handed_cases(user: User, on: date) -> CaseQuerySet:
    """The cases that are handed to the person, open and closed: some tens, where a register has hundreds of thousands."""
    if not any(TABLE[role][Content.MATTERS] is not Where.NOWHERE for role in access.roles(user, on)):
        return Case.objects.none()
    return Case.objects.handed_to(user, on).not_excluding(user).reachable()


def register_cases(user: User, on: date) -> CaseQuerySet:
    """The cases of the registers that the person keeps; none for whoever keeps none."""
    return Case.objects.of_registers(access.registers(user, on)).not_excluding(user).reachable()


def cases_at_places(user: User, on: date) -> CaseQuerySet:
    """The cases about the person's own places that are not handed to them; those opened only by hand are left out."""
    reach = Reach()
    for membership in access.memberships(user, on):
        if TABLE[Role(membership.role)][Content.MATTERS] is Where.OWN:
            reach |= reach_at(membership.place)
    found = Case.objects.at(reach) if reach else Case.objects.none()
    return (
        found.reachable()
        .by_place()
        .exclude(secrecy__in=BY_HAND)
        .not_excluding(user)
        .exclude(pk__in=own_cases(user, on).values("pk"))
    )


def hides_title(held: list[Membership], case: Case) -> bool:
    """Whether a case that is about a place of these memberships must be asked for before even its title is shown."""
    return not any(role_is_party(m, case) for m in held)


def role_is_party(membership: Membership, case: Case) -> bool:
    """Whether the membership alone makes its holder a party to the case."""
    role = Role(membership.role)
    return role in case.kind.parties and _is_own(role, membership.place, case)


def leads_at_place(held: list[Membership], case: Case) -> bool:
    """Whether one of the memberships leads the work at the place of the case: for lists, without a question for each."""
    leads = [m for m in held if m.role in case.kind.leads]
    return any(_is_own(Role(m.role), m.place, case) for m in leads)


def candidates(case: Case, on: date) -> models.QuerySet[User]:
    """The people that the case could be handed to on the day, by name."""
    readers = [role.value for role in Role if TABLE[role][Content.MATTERS] is not Where.NOWHERE]
    organiser = _organiser(case)
    near = Q(unit__isnull=True, organiser__isnull=True)
    if case.kind.by_place:
        near |= Q(unit_id=case.unit_id, unit__isnull=False)
    if organiser and case.kind.by_place:
        near |= Q(organiser_id=organiser) | Q(unit__organiser_id=organiser)
    held = Membership.objects.in_force(on).filter(near, role__in=readers)
    excluded = Exclusion.objects.in_force().filter(case=case).values("user")
    found = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return found.exclude(pk__in=excluded).order_by("name", "email")


def correspondents(case: Case, on: date, *, but: User) -> models.QuerySet[User]:
    """The people to whom a message in the case can go: those to whom it is open without asking."""
    handed = Participant.objects.in_force(on).filter(case=case).values("user")
    parties = Q(memberships__role__in=sorted(case.kind.parties))
    asked = candidates(case, on).filter(Q(pk=case.responsible_id) | Q(pk__in=handed) | parties).exclude(pk=but.pk)
    reached = [user.pk for user in asked.distinct() if not needs_reason(user, case, on)]
    return User.objects.filter(pk__in=reached).order_by("name", "email")


def needs_reason(user: User, case: Case, on: date) -> bool:
    """Whether the person must say why before the case, even its title, is shown."""
    try:
        return grant(user, case, on) is None
    except ReasonNeededError:
        return True


def units_in_own_cases(user: User, on: date) -> frozenset[str]:
    """The codes of the units in the person's own open cases; an organiser's case counts for each of its units."""
    rows = own_cases(user, on).open().values_list("unit_id", "organiser_id")
    units = {unit for unit, _organiser in rows if unit}
    organisers = {organiser for unit, organiser in rows if not unit}
    return frozenset(units | set(Unit.objects.filter(Q(organiser_id__in=organisers)).values_list("code", flat=True)))
