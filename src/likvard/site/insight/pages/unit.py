"""One unit: the six questions, its history, and what is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from likvard.disclosure.publication import Publication
from likvard.figures.charts import MeasureTaken
from likvard.figures.figure import Figure
from likvard.figures.insight import html
from likvard.figures.insight import unit as figures
from likvard.figures.insight.pages import UnitPage
from likvard.rulebook import school_form_names
from likvard.site.cases.measures import marked, measures_at
from likvard.site.insight.pages import answers
from likvard.site.insight.pages.answers import with_publication
from likvard.site.insight.pages.cards import card, cards
from likvard.site.insight.pages.files import one_figure
from likvard.site.insight.pages.history import history
from likvard.site.insight.pages.waiting import matters_of
from likvard.site.insight.remembered import Parts
from likvard.site.insight.rules import Asked
from likvard.site.insight.visits import Visit, to_unit
from likvard.site.people import access
from likvard.site.people.models import Organiser, Unit
from likvard.site.people.roles import Content
from likvard.site.ui.language import current as language
from likvard.terms import Language, SchoolForm, Words

KINDS: Mapping[str, Words] = {
    Organiser.Kind.MUNICIPAL: Words("kommunal", "municipal"),
    Organiser.Kind.INDEPENDENT: Words("fristående", "independent"),
    Organiser.Kind.REGIONAL: Words("regional", "regional"),
    Organiser.Kind.STATE: Words("statlig", "state"),
}
"""What a school is, by its organiser."""


@with_publication
def unit(request: HttpRequest, publication: Publication, code: str) -> HttpResponse:
    """A school unit, as its reader may see it."""
    unit, visit = to_unit(request, publication, code)
    asked, taken = Asked.of(request.path, request.GET, ()), _taken(request, unit, visit)
    return answers.figures(
        request,
        visit,
        asked,
        "insight/unit.html",
        lambda: _parts(visit, asked, taken),
        also=taken,
        unit=unit,
        kicker=_kicker(unit, visit, language()),
        history=history(unit),
        matters=matters_of(request, unit),
        breadcrumbs=_crumbs(unit, visit),
    )


@with_publication
def unit_figure(request: HttpRequest, publication: Publication, code: str, figure: str) -> HttpResponse:
    """One figure of a unit's page."""
    unit, visit = to_unit(request, publication, code)
    asked = Asked.of(f"/skolor/{code}/", request.GET, ())
    page = figures.unit(
        publication, visit.scope, code, measures_taken=[told for told, _href in _taken(request, unit, visit)]
    )
    return one_figure(request, visit, asked, shown(page), figure, (unit.name, asked.href))


def shown(page: UnitPage) -> Iterator[Figure]:
    """Every figure of the page."""
    for question in page.questions:
        yield from question.figures
    if page.profile is not None:
        yield page.profile


def _crumbs(unit: Unit, visit: Visit) -> tuple[tuple[str, str], ...]:
    if unit.organiser is None:
        return ((_("Schools"), "/skolor/"), (unit.name, ""))
    area, page = visit.scope.units[unit.code].area, f"/oversikt/{unit.organiser.number}/"
    within = ((area, Asked.of(page, {"omrade": area}, ("omrade",)).href),) if area else ()
    return ((unit.organiser.name, page), *within, (unit.name, ""))


def _kicker(unit: Unit, visit: Visit, spoken: Language) -> str:
    """`Grundskola F–9 · kommunal · skolenhetskod 00000164`."""
    names = ", ".join(school_form_names(SchoolForm(form), visit.scope.on).name[spoken] for form in unit.forms)
    forms = " ".join(filter(None, (names[:1].upper() + names[1:], visit.scope.units[unit.code].years)))
    kind = KINDS[unit.organiser.kind][spoken] if unit.organiser else ""
    return " · ".join(filter(None, (forms, kind, _("school unit code %(code)s") % {"code": unit.code})))


Taken = tuple[tuple[MeasureTaken, str], ...]


def _taken(request: HttpRequest, unit: Unit, visit: Visit) -> Taken:
    """The measures at the unit that the reader may know of, and for the organiser's own people where each is followed up."""
    on = visit.scope.on
    follows = unit.organiser is not None and access.may(request.user, Content.FIGURES, unit.organiser, on=on)
    rows = measures_at(request.user, unit, on=on)
    hrefs = (row.href if follows else "" for row in rows)
    return tuple(zip(marked(rows), hrefs, strict=True))


def _parts(visit: Visit, asked: Asked, taken: Taken) -> Parts:
    told = [one for one, _href in taken]
    page, spoken = figures.unit(visit.publication, visit.scope, visit.unit, measures_taken=told), language()
    questions = [(question, cards(asked, question.figures, heading=3)) for question in page.questions]
    return {
        "lead": html.sentences(page.lead, spoken),
        "facts": html.facts(page.facts, spoken),
        "contents": answers.part("insight/_unit_contents.html", {"questions": questions}),
        "body": answers.part("insight/_unit_body.html", {"questions": questions, "taken": taken}),
        "profile": card(asked, page.profile),
    }
