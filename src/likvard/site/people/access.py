"""The only way to units and organisers: fetch through access, and get the reason with what is fetched.

Default deny, on two axes: where (roles.Place) and what (roles.Content). The day is an argument: a membership that ended
yesterday or begins tomorrow gives nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from likvard.site.people.models import Assignment, Membership, Organiser, Unit, User
from likvard.site.people.roles import REGISTERS, TABLE, Content, Place, Reach, Role, Where, both, in_words, reach_of
from likvard.terms import Audience

__all__ = [
    "Content",
    "Denied",
    "Grant",
    "Reach",
    "audience_for",
    "audience_for_unit",
    "may",
    "memberships",
    "organiser_for",
    "reach",
    "reach_of_both",
    "registers",
    "unit_for",
    "whom_to_ask",
]

Reader = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Grant:
    """Why somebody sees something: a sentence for the page and the log, the role and the membership that gave it.

    `role` is empty for what is open to everybody.
    """

    reason: str
    role: str = ""
    membership: int | None = None


class Denied(PermissionDenied):
    """Not for this reader. Says why and whom to ask; `sign_in` tells that signing in may help."""

    def __init__(self, reason: str, *, ask: str = "", sign_in: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.ask = ask
        self.sign_in = sign_in


def memberships(user: Reader, on: date) -> list[Membership]:
    """The memberships of a person that hold on the day; none for the public and for closed accounts.

    Whoever reads a page brings those that were found when the request began (`people.middleware`).
    """
    if not user.is_authenticated or not user.is_active:
        return []
    if user.found is not None and user.found[0] == on:
        return list(user.found[1])
    return list(Membership.objects.in_force(on).filter(user_id=user.pk).select_related("unit", "organiser"))


def roles(user: Reader, on: date) -> frozenset[Role]:
    """The roles of a person on the day."""
    return frozenset(Role(m.role) for m in memberships(user, on))


def assigned(user: Reader, on: date) -> list[Place]:
    """The places of the matters that are handed to a person on the day."""
    if not user.is_authenticated or not user.is_active:
        return []
    rows = Assignment.objects.in_force(on).filter(user_id=user.pk).values_list("organiser_id", "unit_id")
    return [Place(organiser=organiser or "", unit=unit or "") for organiser, unit in rows]


def registers(user: Reader, on: date) -> frozenset[str]:
    """The registers of matters that a person keeps on the day."""
    return frozenset(REGISTERS[role] for role in roles(user, on) if role in REGISTERS)


def reach(user: Reader, content: Content, *, on: date) -> Reach:
    """Every place where this kind of content is open to the person on the day."""
    if content is Content.PUBLISHED:
        return Reach(everything=True)
    found = Reach()
    for _membership, place_reach in _reaches(user, content, on):
        found |= place_reach
    return found


def _reaches(user: Reader, content: Content, on: date) -> Iterator[tuple[Membership, Reach]]:
    held = memberships(user, on)
    handed = assigned(user, on) if any(_is_by_matter(m, content) for m in held) else []
    for membership in held:
        yield membership, reach_of(Role(membership.role), membership.place, content, handed)


def _is_by_matter(membership: Membership, content: Content) -> bool:
    return TABLE[Role(membership.role)][content] in (Where.ASSIGNED, Where.REGISTER)


def reach_of_both(viewer: Reader, other: Reader, content: Content, *, on: date) -> Reach:
    """What a page shows to somebody who looks at it as another: never more than either sees."""
    a, b = reach(viewer, content, on=on), reach(other, content, on=on)
    codes = Unit.objects.filter(code__in=a.units | b.units).values_list("code", "organiser_id")
    owners = {code: owner or "" for code, owner in codes}
    return both(a, b, owners)


def organiser_for(user: Reader, number: str, content: Content, *, on: date) -> tuple[Organiser, Grant]:
    """The organiser, and why this reader may see this content of it. Unknown: Http404. Not allowed: Denied."""
    organiser = Organiser.objects.filter(number=number).first()
    if organiser is None:
        raise Http404(_("There is no organiser with this number."))
    return organiser, _grant(user, content, on, organiser, None)


def unit_for(user: Reader, code: str, content: Content, *, on: date) -> tuple[Unit, Grant]:
    """The unit, and why this reader may see this content of it. Unknown: Http404. Not allowed: Denied."""
    unit = Unit.objects.select_related("organiser").filter(code=code).first()
    if unit is None:
        raise Http404(_("There is no school unit with this code."))
    return unit, _grant(user, content, on, unit.organiser, unit)


def may(user: Reader, content: Content, place: Organiser | Unit, *, on: date) -> bool:
    """Whether the reader may see this content of the place."""
    organiser, unit = (place.organiser, place) if isinstance(place, Unit) else (place, None)
    return _find(user, content, on, organiser, unit) is not None


def audience_for(user: Reader, organiser: Organiser, on: date) -> Audience:
    """Whose release of the figures the reader sees on the pages of this organiser."""
    return Audience.ORGANISER if may(user, Content.FIGURES, organiser, on=on) else Audience.PUBLIC


def audience_for_unit(user: Reader, unit: Unit, on: date) -> Audience:
    """Whose release of the figures the reader sees on the page of this unit."""
    return Audience.ORGANISER if may(user, Content.FIGURES, unit, on=on) else Audience.PUBLIC


def _grant(user: Reader, content: Content, on: date, organiser: Organiser | None, unit: Unit | None) -> Grant:
    found = _find(user, content, on, organiser, unit)
    if found is None:
        raise _denial(user, content, on, organiser, unit)
    return found


def _find(user: Reader, content: Content, on: date, organiser: Organiser | None, unit: Unit | None) -> Grant | None:
    if content is Content.PUBLISHED:
        return Grant(_("Open to everybody."))
    for membership, open_to in _reaches(user, content, on):
        number = organiser.number if organiser else ""
        inside = open_to.has_unit(unit.code, number) if unit else open_to.has_organiser(number)
        if inside:
            return Grant(_reason(membership, content), membership.role, membership.pk)
    return None


def _reason(membership: Membership, content: Content) -> str:
    words = {"role": in_words(Role(membership.role)), "place": membership.place_name}
    if _is_by_matter(membership, content):
        return _("You see this as %(role)s, because a matter here is handed to you.") % words
    return _("You see this as %(role)s, %(place)s.") % words


def _denial(user: Reader, content: Content, on: date, organiser: Organiser | None, unit: Unit | None) -> Denied:
    words = {"content": content.label, "place": str(unit or organiser)}
    if not user.is_authenticated:
        return Denied(_("Sign in to see %(content)s of %(place)s.") % words, sign_in=True)
    return Denied(
        _("You do not have access to %(content)s of %(place)s.") % words,
        ask=whom_to_ask(administrators(organiser, on)),
    )


def administrators(organiser: Organiser | None, on: date) -> list[User]:
    """Who can give access to an organiser: its own administrators, or, where there is none, those of the whole site."""
    held = Membership.objects.in_force(on).filter(role=Role.ADMINISTRATOR, user__is_active=True).select_related("user")
    own = list(held.filter(organiser=organiser)) if organiser else []
    return [m.user for m in own or held.filter(organiser__isnull=True)]


def whom_to_ask(people: Iterable[User]) -> str:
    """Whom to ask for access, in words."""
    names = ", ".join(f"{person} ({person.email})" for person in people)
    if names:
        return _("Ask %(names)s for access, and say what you need it for.") % {"names": names}
    return _("Ask whoever runs this site for access, and say what you need it for.")
