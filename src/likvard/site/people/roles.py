"""Who may see what: one table of role by kind of content, and what a set of memberships reaches by it.

Pure: no database, no clock. Everything that the table does not give is denied. `docs/access.md` is made from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person is, at a place, between two dates."""

    STAFF = "staff", _("Staff at a school")
    PRINCIPAL = "principal", _("Principal")
    PUPIL_HEALTH = "pupil_health", _("Pupil health")
    ORGANISER_HEAD = "organiser_head", _("Head of education")
    QUALITY_MANAGER = "quality_manager", _("Quality manager")
    ANALYST = "analyst", _("Analyst")
    INSPECTOR = "inspector", _("Inspector")
    LEAD_INSPECTOR = "lead_inspector", _("Lead inspector")
    BEO_OFFICER = "beo_officer", _("Officer of the Child and School Student Representative")
    LICENCE_OFFICER = "licence_officer", _("Licence officer")
    PRESS_OFFICER = "press_officer", _("Press officer")
    ADMINISTRATOR = "administrator", _("Administrator")


def in_words(role: Role) -> str:
    """The role inside a sentence: Swedish and English write it with a small letter."""
    label = str(role.label)
    return label[:1].lower() + label[1:]


class Content(TextChoices):
    """Kinds of content. The second axis of access; the first is the place."""

    PUBLISHED = "published", _("published figures and decisions")
    FIGURES = "figures", _("the organiser's own figures")
    MATTERS = "matters", _("matters")
    PUPILS = "pupils", _("pupils in matters")
    DELIVERIES = "deliveries", _("deliveries of records")
    ACCOUNTS = "accounts", _("accounts and access")
    AUDIT = "audit", _("the log of who did and saw what")


class Where(TextChoices):
    """How far a role reaches for a kind of content."""

    NOWHERE = "nowhere", _("nowhere")
    ASSIGNED = "assigned", _("the matters handed to the person")
    REGISTER = "register", _("the matters of the role's own register, and those handed to the person")
    OWN = "own", _("the places of the membership")
    EVERYWHERE = "everywhere", _("everywhere")


class Scope(TextChoices):
    """What a membership is tied to."""

    UNIT = "unit", _("a school unit")
    ORGANISER = "organiser", _("an organiser and all its units")
    NATIONAL = "national", _("the whole country")


_N, _A, _R, _O, _E = Where.NOWHERE, Where.ASSIGNED, Where.REGISTER, Where.OWN, Where.EVERYWHERE

PUBLIC: Mapping[Content, Where] = {content: _E if content is Content.PUBLISHED else _N for content in Content}
"""What everybody reaches, signed in or not."""

TABLE: Mapping[Role, Mapping[Content, Where]] = {
    role: dict(zip(Content, row, strict=True))
    for role, row in {
        # in the order of Content: published, figures, matters, pupils, deliveries, accounts, audit
        Role.STAFF: (_E, _N, _A, _N, _N, _N, _N),
        Role.PRINCIPAL: (_E, _O, _O, _O, _N, _N, _N),
        Role.PUPIL_HEALTH: (_E, _N, _A, _A, _N, _N, _N),
        Role.ORGANISER_HEAD: (_E, _O, _O, _A, _O, _N, _N),
        Role.QUALITY_MANAGER: (_E, _O, _O, _A, _O, _N, _N),
        Role.ANALYST: (_E, _O, _N, _N, _O, _N, _N),
        Role.INSPECTOR: (_E, _A, _A, _A, _N, _N, _N),
        Role.LEAD_INSPECTOR: (_E, _A, _R, _A, _N, _N, _N),
        Role.BEO_OFFICER: (_E, _N, _R, _A, _N, _N, _N),
        Role.LICENCE_OFFICER: (_E, _N, _R, _N, _N, _N, _N),
        Role.PRESS_OFFICER: (_E, _N, _R, _N, _N, _N, _N),
        Role.ADMINISTRATOR: (_E, _N, _N, _N, _N, _O, _O),
    }.items()
}
"""What each role reaches. OWN of a national membership is everywhere."""

SCOPES: Mapping[Role, frozenset[Scope]] = {
    Role.STAFF: frozenset({Scope.UNIT}),
    Role.PRINCIPAL: frozenset({Scope.UNIT}),
    Role.PUPIL_HEALTH: frozenset({Scope.UNIT, Scope.ORGANISER}),
    Role.ORGANISER_HEAD: frozenset({Scope.ORGANISER}),
    Role.QUALITY_MANAGER: frozenset({Scope.ORGANISER}),
    Role.ANALYST: frozenset({Scope.ORGANISER}),
    Role.INSPECTOR: frozenset({Scope.NATIONAL}),
    Role.LEAD_INSPECTOR: frozenset({Scope.NATIONAL}),
    Role.BEO_OFFICER: frozenset({Scope.NATIONAL}),
    Role.LICENCE_OFFICER: frozenset({Scope.NATIONAL}),
    Role.PRESS_OFFICER: frozenset({Scope.NATIONAL}),
    Role.ADMINISTRATOR: frozenset({Scope.ORGANISER, Scope.NATIONAL}),
}
"""What a membership in each role may be tied to. A constraint in the database says the same."""

REGISTERS: Mapping[Role, str] = {
    Role.LEAD_INSPECTOR: "supervision",
    Role.BEO_OFFICER: "complaints",
    Role.LICENCE_OFFICER: "licences",
    Role.PRESS_OFFICER: "releases",
}
"""The register of matters that a role keeps."""

WITHOUT_SECOND_FACTOR = frozenset({Role.STAFF})
"""Staff reach published figures and what they wrote themselves; every other role reaches more."""


def needs_second_factor(roles: Iterable[Role]) -> bool:
    """Whether somebody with these roles must sign in with a second factor."""
    return any(role not in WITHOUT_SECOND_FACTOR for role in roles)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit, an organiser, or (both empty) the whole country."""

    organiser: str = ""
    unit: str = ""

    @property
    def scope(self) -> Scope:
        """What kind of place it is."""
        return Scope.UNIT if self.unit else Scope.ORGANISER if self.organiser else Scope.NATIONAL


@dataclass(frozen=True, slots=True)
class Reach:
    """The places where a kind of content is open: everywhere, or these organisers with all their units, and these units."""

    everything: bool = False
    organisers: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.everything or bool(self.organisers) or bool(self.units)

    def __or__(self, other: Reach) -> Reach:
        return Reach(self.everything or other.everything, self.organisers | other.organisers, self.units | other.units)

    def has_organiser(self, number: str) -> bool:
        """Whether the organiser as a whole is open."""
        return self.everything or number in self.organisers

    def has_unit(self, code: str, organiser: str) -> bool:
        """Whether the unit, which belongs to this organiser, is open."""
        return self.has_organiser(organiser) or code in self.units


def reach_at(place: Place) -> Reach:
    """The reach of one place."""
    match place.scope:
        case Scope.UNIT:
            return Reach(units=frozenset({place.unit}))
        case Scope.ORGANISER:
            return Reach(organisers=frozenset({place.organiser}))
        case _:
            return Reach(everything=True)


def reach_of(role: Role, place: Place, content: Content, assigned: Iterable[Place] = ()) -> Reach:
    """What a membership in `role` at `place` reaches of `content`; `assigned` are the places of matters handed to the person."""
    match TABLE[role][content]:
        case Where.EVERYWHERE:
            return Reach(everything=True)
        case Where.OWN:
            return reach_at(place)
        case Where.ASSIGNED | Where.REGISTER:
            handed = [reach_at(p) for p in assigned if p.scope is not Scope.NATIONAL]
            return Reach(
                organisers=frozenset().union(*(r.organisers for r in handed)),
                units=frozenset().union(*(r.units for r in handed)),
            )
        case _:
            return Reach()


def both(a: Reach, b: Reach, organiser_of: Mapping[str, str]) -> Reach:
    """What both reach, for showing a page as somebody else sees it. `organiser_of` tells each named unit's organiser."""
    if a.everything or b.everything:
        return b if a.everything else a
    units = {u for u in a.units if b.has_unit(u, organiser_of[u])} | {
        u for u in b.units if a.has_unit(u, organiser_of[u])
    }
    return Reach(organisers=a.organisers & b.organisers, units=frozenset(units))
