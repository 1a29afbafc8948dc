"""The organiser's people: who, at the organiser that an inspection is about, reads and answers what the Inspectorate sends."""

from __future__ import annotations

from datetime import date

from likvard.site.cases.models import Case
from likvard.site.people.access import memberships
from likvard.site.people.models import Membership, User
from likvard.site.people.roles import Role
from likvard.site.supervision.facts import organiser_of

ANSWERS = (Role.ORGANISER_HEAD, Role.QUALITY_MANAGER)
"""Roles at the organiser that answer for it."""


def membership_of(user: User, case: Case, on: date) -> Membership | None:
    """The membership that lets a person at the organiser read what was sent to it: one that answers first, then the principal's."""
    organiser = organiser_of(case)
    found = {}
    for held in memberships(user, on):
        if organiser is not None and held.role in ANSWERS and held.organiser_id == organiser.number:
            found["answers"] = held
        if case.unit_id and held.role == Role.PRINCIPAL and held.unit_id == case.unit_id:
            found["reads"] = held
    return found.get("answers") or found.get("reads")


def people(case: Case, on: date) -> list[User]:
    """Everybody whom a letter to the organiser goes to, by name: who answers for it, and the principal of the unit."""
    organiser = organiser_of(case)
    held = Membership.objects.in_force(on).filter(user__is_active=True)
    pks = set()
    if organiser is not None:
        pks |= set(held.filter(organiser=organiser, role__in=ANSWERS).values_list("user", flat=True))
    if case.unit_id:
        pks |= set(held.filter(unit_id=case.unit_id, role=Role.PRINCIPAL).values_list("user", flat=True))
    return list(User.objects.filter(pk__in=pks).order_by("name", "email"))
