"""What may be done with a programme: `check_can_x` raises with the reason, `can_x` asks."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from likvard.site.cases.permissions import asks
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied, Reader, roles
from likvard.site.people.models import User
from likvard.site.people.roles import Role
from likvard.site.supervision.models import Programme


def check_can_see(user: Reader, *, on: date) -> Role:
    """Return the role in which an inspector or a lead reads the programme. The organisers are told first, by their own cases."""
    if not isinstance(user, User):
        raise Denied(_("Sign in to see the programme."), sign_in=True)
    held = roles(user, on)
    for role in (Role.LEAD_INSPECTOR, Role.INSPECTOR):
        if role in held:
            return role
    raise Denied(_("The programme is open to inspectors. The rule of selection is open to everybody."))


def can_see(user: Reader, *, on: date) -> bool:
    """Whether the person may read the programme."""
    return asks(lambda: check_can_see(user, on=on))


def check_can_lead(user: Reader, *, on: date) -> Role:
    """Return the role in which a lead makes programmes, sets their rules and decides them."""
    role = check_can_see(user, on=on)
    if role is not Role.LEAD_INSPECTOR:
        raise Denied(_("Only a lead inspector may do this."))
    return role


def can_lead(user: Reader, *, on: date) -> bool:
    """Whether the person may make, change and decide programmes."""
    return asks(lambda: check_can_lead(user, on=on))


def check_can_change(user: Reader, programme: Programme, *, on: date) -> Role:
    """Return the role in which a lead changes a programme that has not been decided. A decided one is frozen."""
    role = check_can_lead(user, on=on)
    if programme.is_decided:
        raise CaseError(
            _("The programme is decided: nothing in it is changed any more."), _("Make a new one for a new period.")
        )
    return role


def can_change(user: Reader, programme: Programme, *, on: date) -> bool:
    """Whether the person may change the programme now."""
    return asks(lambda: check_can_change(user, programme, on=on))


def check_can_decide(user: Reader, programme: Programme, *, on: date) -> Role:
    """Return the role in which a lead decides a programme whose rule has been set."""
    role = check_can_change(user, programme, on=on)
    if programme.rule is None:
        raise CaseError(_("No rule has been set."), _("Set the rule first."))
    return role


def can_decide(user: Reader, programme: Programme, *, on: date) -> bool:
    """Whether the person may decide the programme now."""
    return asks(lambda: check_can_decide(user, programme, on=on))


def check_can_plan(user: Reader, programme: Programme, *, on: date) -> Role:
    """Return the role in which a lead opens the cases of a decided programme."""
    role = check_can_lead(user, on=on)
    if not programme.is_decided:
        raise CaseError(_("The programme has not been decided."), _("Decide it first."))
    return role


def can_plan(user: Reader, programme: Programme, *, on: date) -> bool:
    """Whether the person may open the cases of the programme now."""
    return asks(lambda: check_can_plan(user, programme, on=on))
