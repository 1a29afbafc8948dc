"""The vicious circle: how steering, teaching, calm, support and pupil health go together over time, in all schools."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from likvard.disclosure.publication import Publication
from likvard.figures.insight import circle as figures
from likvard.figures.insight import html
from likvard.figures.insight.scope import Scope
from likvard.site.insight.pages import answers
from likvard.site.insight.pages.answers import with_publication
from likvard.site.insight.pages.cards import cards
from likvard.site.insight.pages.files import one_figure
from likvard.site.insight.remembered import Parts
from likvard.site.insight.rules import Asked
from likvard.site.insight.visits import Visit, today
from likvard.site.people.access import Grant
from likvard.site.ui.language import current as language
from likvard.terms import Audience


@with_publication
def circle(request: HttpRequest, publication: Publication) -> HttpResponse:
    """The circle of all units in the records, for everybody."""
    visit, asked = _visit(request, publication), Asked.of("/cirkeln/", request.GET, ())
    return answers.figures(request, visit, asked, "insight/circle.html", lambda: _parts(visit, asked))


@with_publication
def circle_figure(request: HttpRequest, publication: Publication, figure: str) -> HttpResponse:
    """One figure of the circle."""
    visit, asked = _visit(request, publication), Asked.of("/cirkeln/", request.GET, ())
    page = figures.circle(publication, visit.scope)
    return one_figure(request, visit, asked, page.figures, figure, (_("The circle"), asked.href))


def _visit(request: HttpRequest, publication: Publication) -> Visit:
    return Visit(publication, Scope(None, "", {}, Audience.PUBLIC, today(request)), Grant(""), "nation")


def _parts(visit: Visit, asked: Asked) -> Parts:
    page = figures.circle(visit.publication, visit.scope)
    drawn = cards(asked, page.figures)
    return {
        "kicker": page.about[language()],
        "lead": html.sentences(page.lead, language()),
        "body": answers.part("insight/_circle.html", {"page": page, "cards": drawn}),
    }
