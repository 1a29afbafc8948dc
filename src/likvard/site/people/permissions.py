"""Who may change whose access. `check_can_x` raises `Denied` with the reason, `can_x` asks.

`by` is None for whoever runs the site from its machine: nobody is signed in there, and nothing is refused.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from likvard.site.people.access import Content, Denied, reach
from likvard.site.people.models import Membership, Organiser, Unit, User
from likvard.site.people.roles import SCOPES, Place, Reach, Role


def check_can_administer(by: User | None, *, on: date) -> Reach:
    """The places whose accounts the person looks after. Raises `Denied` if there are none."""
    held = Reach(everything=True) if by is None else reach(by, Content.ACCOUNTS, on=on)
    if not held:
        raise Denied(_("Only an administrator changes accounts and access."))
    return held


def check_can_give(by: User | None, role: Role, organiser: Organiser | None, unit: Unit | None, *, on: date) -> None:
    """Raise `Denied` unless the person may give this role at this place."""
    held = check_can_administer(by, on=on)
    place = Place(organiser=organiser.number if organiser else "", unit=unit.code if unit else "")
    if place.scope not in SCOPES[role]:
        allowed = ", ".join(str(scope.label) for scope in sorted(SCOPES[role]))
        raise Denied(_("%(role)s is tied to %(allowed)s.") % {"role": role.label, "allowed": allowed})
    owner = unit.organiser_id if unit else organiser.number if organiser else ""
    if not held.has_organiser(owner or ""):
        raise Denied(_("You look after the access of your own organisation only."))


def check_can_change(by: User | None, user: User, *, on: date) -> None:
    """Raise `Denied` if this is the person's own access: somebody else must change it."""
    check_can_administer(by, on=on)
    if by is not None and by.pk == user.pk:
        raise Denied(_("Nobody changes their own access. Ask another administrator."))


def check_can_end(by: User | None, membership: Membership, *, on: date) -> None:
    """Raise `Denied` unless the person may end this membership."""
    check_can_change(by, membership.user, on=on)
    check_can_give(by, Role(membership.role), membership.organiser, membership.unit, on=on)


def check_can_close(by: User | None, user: User, *, on: date) -> None:
    """Raise `Denied` unless the person may close the account: it has no membership outside what the person looks after."""
    check_can_change(by, user, on=on)
    held = check_can_administer(by, on=on)
    theirs = Membership.objects.in_force(on).filter(user=user)
    if theirs.exclude(pk__in=theirs.over(held).values("pk")).exists():
        raise Denied(_("This person also belongs to another organisation. End the membership in yours instead."))
    if not held.everything and not Membership.objects.filter(user=user).over(held).exists():
        raise Denied(_("This person does not belong to your organisation."))


def can_end(by: User | None, membership: Membership, *, on: date) -> bool:
    """Whether the person may end this membership."""
    try:
        check_can_end(by, membership, on=on)
    except Denied:
        return False
    return True


def can_close(by: User | None, user: User, *, on: date) -> bool:
    """Whether the person may close the account."""
    try:
        check_can_close(by, user, on=on)
    except Denied:
        return False
    return True
