"""Who is responsible for a case, who else it is open to, and who is kept out."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from likvard.site.cases import outbox, permissions
from likvard.site.cases.actions.case import assign_place
from likvard.site.cases.actions.holding import hold, tell
from likvard.site.cases.models import Case, Exclusion, Participant
from likvard.site.cases.states import CaseError, Owner
from likvard.site.cases.timing import day_of
from likvard.site.people.models import Assignment, User


@transaction.atomic
def share_out(*, case: Case, to: User, by: User, at: datetime, address: str = "") -> Case:
    """Make a person responsible, and tell them by a letter that says nothing of what the case is about.

    A case that waits to be shared out moves on. `address` is the page of the case.
    """
    case = hold(case)
    grant = permissions.check_can_lead(by, case, on=day_of(at))
    permissions.check_can_be_handed(to, case, on=day_of(at))
    before = case.responsible
    if before == to:
        raise CaseError(_("%(person)s is responsible already.") % {"person": to}, _("Nothing needs to be done."))
    case.responsible = to
    _move_on(case, at)
    case.save(update_fields=["responsible", "state_code", "state_since"])
    assign_place(case, to, at)
    if before is not None:
        _close_place(case, before, at)
    _write(case, to, at, address)
    data = {"to": to.pk, "name": str(to), "before": before.pk if before else None, "state": case.state_code}
    tell("case.shared_out", case, by=by, role=grant.role, at=at, data=data)
    return case


def _move_on(case: Case, at: datetime) -> None:
    """From a state that the registrar owns, the first way to one that the officer owns."""
    table = case.kind.table
    ways = [way for way in table.moves_from(case.state_code) if table.state(way.to).owner is Owner.OFFICER]
    if case.state.owner is Owner.REGISTRAR and ways:
        case.state_code, case.state_since = ways[0].to, at


def _write(case: Case, to: User, at: datetime, address: str) -> None:
    with override(to.language):
        subject = _("You are responsible for %(dnr)s") % {"dnr": case.dnr}
        body = _("A matter has been handed to you: %(dnr)s.\n\nRead it here: %(address)s\n") % {
            "dnr": case.dnr,
            "address": address,
        }
    outbox.post(to=to.email, subject=subject, body=body, at=at, case=case)


def _close_place(case: Case, user: User, at: datetime) -> None:
    """End what the matter let the person reach, unless it is still handed to them in another way."""
    on = day_of(at)
    still = case.responsible_id == user.pk or case.participants.all().in_force(on).filter(user=user).exists()
    if not still:
        Assignment.objects.filter(user=user, matter=case.dnr, end=None).update(end=on)


@transaction.atomic
def let_in(
    *, case: Case, user: User, part: str, reason: str, by: User, at: datetime, until: date | None = None
) -> Participant:
    """Open a case to a person: to work in it, or only to read it, until a day or until it is ended."""
    case = hold(case)
    grant = permissions.check_can_lead(by, case, on=day_of(at))
    permissions.check_can_be_handed(user, case, on=day_of(at))
    if case.participants.all().in_force().filter(user=user).exists():
        raise CaseError(_("The matter is open to %(person)s already.") % {"person": user}, _("End that first."))
    if part not in Participant.Part.values or not reason.strip():
        raise CaseError(_("Say what for, and why."), _("Fill in both."))
    made = Participant.objects.create(
        case=case, user=user, part=part, reason=reason.strip(), since=at, until=until, given_by=by
    )
    assign_place(case, user, at)
    data = {"user": user.pk, "name": str(user), "part": part, "until": until}
    tell("case.opened_to", case, by=by, role=grant.role, at=at, reason=reason, data=data)
    return made


@transaction.atomic
def let_out(*, participant: Participant, by: User, at: datetime) -> Participant:
    """Close a case to a person again."""
    case = hold(participant.case)
    grant = permissions.check_can_lead(by, case, on=day_of(at))
    _end(participant, by, at)
    data = {"user": participant.user_id, "name": str(participant.user)}
    tell("case.closed_to", case, by=by, role=grant.role, at=at, data=data)
    return participant


def _end(row: Participant | Exclusion, by: User, at: datetime) -> None:
    if row.ended_at is not None:
        raise CaseError(_("It has been ended already."), _("Nothing needs to be done."))
    row.ended_at, row.ended_by = at, by
    row.save(update_fields=["ended_at", "ended_by"])
    _close_place(row.case, row.user, at)


@transaction.atomic
def exclude(*, case: Case, user: User, reason: str, by: User, at: datetime) -> Exclusion:
    """Keep a person out of a case: a conflict of interest. What was handed to them in it ends."""
    case = hold(case)
    grant = permissions.check_can_lead(by, case, on=day_of(at))
    if user == by or case.responsible_id == user.pk:
        raise CaseError(
            _("Whoever leads or is responsible cannot be excluded."), _("Hand the matter to somebody else first.")
        )
    if not reason.strip():
        raise CaseError(_("Say why."), _("The reason is kept and shown in the record."))
    if case.exclusions.all().in_force().filter(user=user).exists():
        raise CaseError(_("%(person)s is excluded already.") % {"person": user}, _("Nothing needs to be done."))
    for row in case.participants.all().in_force().filter(user=user):
        _end(row, by, at)
    made = Exclusion.objects.create(case=case, user=user, reason=reason.strip(), since=at, given_by=by)
    data = {"user": user.pk, "name": str(user)}
    tell("case.excluded", case, by=by, role=grant.role, at=at, reason=reason, data=data)
    return made


@transaction.atomic
def step_out(*, case: Case, reason: str, by: User, at: datetime) -> Exclusion:
    """Let a person step out of a case by themselves: a conflict of interest. Nothing in it is theirs or open to them any more.

    Who is responsible may do so too: the case then waits for somebody else to be made responsible.
    """
    case = hold(case)
    grant = permissions.check_can_work(by, case, on=day_of(at))
    if not reason.strip():
        raise CaseError(_("Say why."), _("The reason is kept and shown in the record."))
    if case.responsible_id == by.pk:
        case.responsible = None
        case.save(update_fields=["responsible"])
    for row in case.participants.all().in_force().filter(user=by):
        _end(row, by, at)
    made = Exclusion.objects.create(case=case, user=by, reason=reason.strip(), since=at, given_by=by)
    _close_place(case, by, at)
    data = {"user": by.pk, "name": str(by), "stepped_out": True}
    tell("case.excluded", case, by=by, role=grant.role, at=at, reason=reason, data=data)
    return made


@transaction.atomic
def end_exclusion(*, exclusion: Exclusion, reason: str, by: User, at: datetime) -> Exclusion:
    """Let a person who was excluded be handed the case again."""
    case = hold(exclusion.case)
    grant = permissions.check_can_lead(by, case, on=day_of(at))
    if not reason.strip():
        raise CaseError(_("Say why."), _("The reason is kept and shown in the record."))
    _end(exclusion, by, at)
    data = {"user": exclusion.user_id, "name": str(exclusion.user)}
    tell("case.exclusion_ended", case, by=by, role=grant.role, at=at, reason=reason, data=data)
    return exclusion
