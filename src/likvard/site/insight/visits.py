"""Who reads which figures: fetched through access, with the reason, as the scope that figures are laid out for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from likvard.disclosure.publication import Publication
from likvard.figures.insight.scope import Scope, UnitInfo
from likvard.rulebook import municipalities
from likvard.site.insight import actions, register
from likvard.site.insight.rules import instead
from likvard.site.people import access
from likvard.site.people.access import Content, Grant
from likvard.site.people.models import Organiser, Unit, User
from likvard.terms import Audience


@dataclass(frozen=True, slots=True)
class Visit:
    """One reader at one organiser's or unit's figures: the publication, the scope with its audience, and the reason.

    `subject` is what the audit chain calls the place. `unit` is the code of a unit's page, else empty. `register` is
    the version of the register that the scope was read from, None where it is read each time.
    """

    publication: Publication
    scope: Scope
    grant: Grant
    subject: str
    unit: str = ""
    register: int | None = None

    @property
    def public(self) -> bool:
        """Whether everybody may see what this reader sees."""
        return self.scope.audience is Audience.PUBLIC

    @property
    def version(self) -> tuple[object, ...]:
        """Everything that the page is made from, besides the reader's choices."""
        scope = self.scope
        units = tuple(scope.units.values()) if self.register is None else self.register
        return self.publication.id, scope.organiser, scope.name, scope.audience, scope.on, self.unit, units


def today(request: HttpRequest) -> date:
    """The day of the request, where the schools are."""
    return timezone.localtime(request.now).date()  # type: ignore[attr-defined]


def to_organiser(request: HttpRequest, publication: Publication, number: str) -> tuple[Organiser, Visit]:
    """An organiser and the reader's visit there. Unknown number: Http404. Reading what is not public is noted."""
    on = today(request)
    organiser, grant = access.organiser_for(request.user, number, Content.PUBLISHED, on=on)
    audience = access.audience_for(request.user, organiser, on)
    if audience is Audience.ORGANISER:
        _, grant = access.organiser_for(request.user, number, Content.FIGURES, on=on)
    version = register.version()
    units = register.kept(number, version, lambda: infos(organiser.units.active(), organiser))
    scope = Scope(organiser.number, organiser.name, units, audience, on)
    return organiser, _noted(request, Visit(publication, scope, grant, f"organiser:{number}", register=version))


def to_unit(request: HttpRequest, publication: Publication, code: str) -> tuple[Unit, Visit]:
    """A unit and the reader's visit there. Unknown code: Http404. Reading what is not public is noted."""
    on = today(request)
    unit, grant = access.unit_for(request.user, code, Content.PUBLISHED, on=on)
    audience = access.audience_for_unit(request.user, unit, on)
    if audience is Audience.ORGANISER:
        _, grant = access.unit_for(request.user, code, Content.FIGURES, on=on)
    name = unit.organiser.name if unit.organiser else unit.name
    scope = Scope(unit.organiser_id, name, infos([unit], unit.organiser), audience, on)
    return unit, _noted(request, Visit(publication, scope, grant, f"unit:{code}", code))


def _noted(request: HttpRequest, visit: Visit) -> Visit:
    if isinstance(request.user, User) and not visit.public:
        actions.note_figures_read(
            by=request.user,
            grant=visit.grant,
            subject=visit.subject,
            unit=visit.unit,
            publication=visit.publication.id,
            at=request.now,  # type: ignore[attr-defined]
        )
    return visit


def infos(units: Iterable[Unit], organiser: Organiser | None = None) -> Mapping[str, UnitInfo]:
    """Units by code, as the figures name them.

    Where no area is known, the units of an organiser that is no municipality stand by municipality.
    """
    rows = list(units)
    names = places(unit.municipality_code for unit in rows)
    return {unit.code: _info(unit, organiser or unit.organiser, names) for unit in rows}


def _info(unit: Unit, organiser: Organiser | None, names: Mapping[str, str]) -> UnitInfo:
    kind = organiser.kind if organiser else ""
    area = unit.area or ("" if kind == Organiser.Kind.MUNICIPAL else names.get(unit.municipality_code, ""))
    return UnitInfo(unit.code, unit.name, area, unit.forms, unit.grades.replace("-", "–"), kind, instead(unit.forms))


def comparable(form: str) -> Mapping[str, UnitInfo]:
    """Every running unit with a form: the open list to compare from. A country has some thousands."""
    return infos(Unit.objects.active().with_form(form).select_related("organiser"))


def named(codes: Iterable[str]) -> Mapping[str, UnitInfo]:
    """The units of these codes that there are, in the order of the codes."""
    asked = list(codes)
    found = infos(Unit.objects.filter(code__in=asked).select_related("organiser"))
    return {code: found[code] for code in asked if code in found}


def places(codes: Iterable[str]) -> Mapping[str, str]:
    """Municipalities by name. One that is in no rulebook, an invented one, has the name of its organiser."""
    asked = {code for code in codes if code}
    known = {code: name for code, name in municipalities().items() if code in asked}
    held = Organiser.objects.filter(kind=Organiser.Kind.MUNICIPAL, municipality_code__in=asked - known.keys())
    return known | {one.municipality_code: _short(one.name) for one in held if one.municipality_code not in known}


def _short(name: str) -> str:
    """`Ekviks kommun` is the municipality Ekvik."""
    return name.removesuffix(" kommun").removesuffix("s")
