"""The first page: for the public a search and the country in short; for who has a place, that place's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from likvard.disclosure.publication import Publication
from likvard.figures.insight.reach import reach
from likvard.figures.insight.scope import Scope
from likvard.site.insight.pages import answers
from likvard.site.insight.pages.answers import publication_of, with_publication
from likvard.site.insight.pages.cards import cards
from likvard.site.insight.pages.country import country, country_figures
from likvard.site.insight.pages.files import one_figure
from likvard.site.insight.remembered import Parts
from likvard.site.insight.rules import Asked
from likvard.site.insight.visits import Visit, today
from likvard.site.people import access
from likvard.site.people.access import Grant
from likvard.site.people.roles import Scope as PlaceScope
from likvard.site.ui.language import current as language
from likvard.terms import Audience


def start(request: HttpRequest) -> HttpResponse:
    """The start of the public; or the way to the reader's own place."""
    own = _own_place(request)
    if own and not request.GET:
        return redirect(own)
    publication = publication_of(request)
    asked = Asked.of("/", request.GET, ())
    if publication is None:
        return answers.tagged(request, "start", lambda: render(request, "insight/start.html"))
    visit = _visit(request, publication)
    return answers.figures(request, visit, asked, "insight/start.html", lambda: _parts(visit, asked))


@with_publication
def start_figure(request: HttpRequest, publication: Publication, figure: str) -> HttpResponse:
    """One figure of the country."""
    asked = Asked.of("/", request.GET, ())
    found = country_figures(publication, today(request))
    return one_figure(request, _visit(request, publication), asked, found, figure, ("Likvärd", "/?hem=1"))


def _visit(request: HttpRequest, publication: Publication) -> Visit:
    """Everybody's visit to the country as a whole."""
    return Visit(publication, Scope(None, "", {}, Audience.PUBLIC, today(request)), Grant(""), "nation")


def _own_place(request: HttpRequest) -> str:
    for membership in access.memberships(request.user, today(request)):
        if membership.place.scope is PlaceScope.ORGANISER:
            return f"/oversikt/{membership.place.organiser}/"
        if membership.place.scope is PlaceScope.UNIT:
            return f"/skolor/{membership.place.unit}/"
    return ""


def _parts(visit: Visit, asked: Asked) -> Parts:
    drawn = cards(asked, country_figures(visit.publication, visit.scope.on))
    context = {
        "heading": reach(visit.publication).heading,
        "country": country(visit.publication, language()),
        "cards": drawn,
    }
    return {"country": answers.part("insight/_start.html", context)}
