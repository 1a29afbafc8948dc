"""Any subject, year, group and measure: gaps, differences between and within schools, and who is compared with whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from likvard.disclosure.publication import Publication
from likvard.figures.figure import Figure
from likvard.figures.insight import html
from likvard.figures.insight import results as figures
from likvard.figures.insight.pages import Results
from likvard.figures.insight.scope import Compare, Scope, UnitInfo
from likvard.figures.measures import swedish_order
from likvard.site.insight import permissions
from likvard.site.insight.forms import results_form
from likvard.site.insight.pages import answers
from likvard.site.insight.pages.answers import with_publication
from likvard.site.insight.pages.cards import card, unit_href
from likvard.site.insight.pages.files import one_figure
from likvard.site.insight.remembered import Parts
from likvard.site.insight.rules import Asked, codes_of, joined, uuid_of
from likvard.site.insight.visits import Visit, comparable, named, to_organiser
from likvard.site.ui.language import current as language
from likvard.terms import SchoolForm

CHOICES = ("amne", "lasar", "matt", "delat", "lik", "jamfor", "grupp")
OF_RESULTS = frozenset(
    {
        SchoolForm.COMPULSORY,
        SchoolForm.ADAPTED_COMPULSORY,
        SchoolForm.SPECIAL,
        SchoolForm.SAMI,
        SchoolForm.UPPER_SECONDARY,
    }
)
"""School forms that the results page is about."""

FIGURES = ("gap", "programmes", "funnel", "expected", "variance", "heat")


@with_publication
def results(request: HttpRequest, publication: Publication, number: str) -> HttpResponse:
    """The results of an organiser's schools, as the address asks."""
    organiser, visit = to_organiser(request, publication, number)
    asked = _with_group(request, Asked.of(request.path, joined(request.GET), CHOICES))
    return answers.figures(
        request,
        visit,
        asked,
        "insight/results.html",
        lambda: _parts(visit, asked),
        organiser=organiser,
        breadcrumbs=((organiser.name, f"/oversikt/{number}/"), (_("Results"), "")),
    )


@with_publication
def results_figure(request: HttpRequest, publication: Publication, number: str, figure: str) -> HttpResponse:
    """One figure of the results."""
    _organiser, visit = to_organiser(request, publication, number)
    asked = _with_group(request, Asked.of(f"/resultat/{number}/", request.GET, CHOICES))
    return one_figure(request, visit, asked, shown(laid_out(visit, asked)), figure, (_("Results"), asked.href))


def shown(page: Results) -> Iterator[Figure | None]:
    """Every figure of the page."""
    yield from (getattr(page, name) for name in FIGURES)
    yield page.comparison.figure if page.comparison else None


def laid_out(visit: Visit, asked: Asked) -> Results:
    """The page's content with the choices asked for."""
    year = int(asked["lasar"]) if re.fullmatch(r"[0-9]{4}", asked["lasar"]) else None
    return figures.results(
        visit.publication,
        with_results(visit.scope),
        subject=asked["amne"],
        year=year,
        measure=asked["matt"],
        split=asked["delat"],
        compare=_compare(visit, asked),
    )


def _with_group(request: HttpRequest, asked: Asked) -> Asked:
    """A kept group of the reader's own is the same as its units in the address. Not the reader's: Http404."""
    id = uuid_of(asked["grupp"])
    return asked.with_(jamfor=",".join(permissions.group_for(request.user, id).codes)) if id else asked


def _compare(visit: Visit, asked: Asked) -> Compare:
    if codes := codes_of(asked["jamfor"]):
        return Compare(like=asked["lik"], codes=codes, others=named(codes))
    units = visit.scope.units
    like = asked["lik"] if asked["lik"] in units else next((unit.code for unit in with_year_nine(units.values())), "")
    return Compare(like=like, others=comparable(SchoolForm.COMPULSORY) if like else {})


def with_year_nine(units: Iterable[UnitInfo]) -> list[UnitInfo]:
    """The units that have year 9, by area and name."""
    found = [unit for unit in units if SchoolForm.COMPULSORY in unit.forms and unit.years.endswith(("9", "10"))]
    return sorted(found, key=lambda unit: (swedish_order(unit.area), swedish_order(unit.name)))


def with_results(scope: Scope) -> Scope:
    """The scope's units whose pupils leave compulsory school, or its adapted form, there. The overview has them all."""
    units = {code: unit for code, unit in scope.units.items() if _ends_here(unit)}
    return replace(scope, units=units)


def _ends_here(unit: UnitInfo) -> bool:
    return bool(OF_RESULTS & set(unit.forms)) and (not unit.years or unit.years.endswith(("9", "10")))


def _parts(visit: Visit, asked: Asked) -> Parts:
    page, spoken = laid_out(visit, asked), language()
    own_group = Asked.of(
        "/grupper/valj/", {"till": visit.scope.organiser or "", "jamfor": asked["jamfor"]}, ("till", "jamfor")
    )
    comparison = page.comparison and html.comparison(
        page.comparison, spoken, own_href=own_group.href, unit_href=unit_href
    )
    form = results_form(page.choices, with_year_nine(visit.scope.units.values()), asked, spoken)
    context = {
        "page": page,
        "cards": {name: card(asked, getattr(page, name)) for name in FIGURES},
        "comparison": comparison,
        "compared": card(asked, page.comparison.figure, heading=3) if page.comparison else "",
        "own_group": own_group.href,
    }
    return {
        "kicker": page.about[spoken],
        "lead": html.sentences(page.lead, spoken),
        "filters": answers.part("ui/_filters.html", {"form": form, "request": asked}),
        "body": answers.part("insight/_results_body.html", context),
    }
