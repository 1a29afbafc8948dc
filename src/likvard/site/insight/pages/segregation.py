"""Segregation between schools: the country's, and that of a municipality whose schools the public is told of."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from likvard.disclosure.publication import Publication
from likvard.figures.insight import segregation as figures
from likvard.figures.insight.measured import capital
from likvard.figures.insight.scope import Scope
from likvard.figures.insight.segregation_area import Area, everybody
from likvard.figures.insight.segregation_words import H
from likvard.figures.measures import swedish_order
from likvard.site.insight.forms import choices_form, named_forms
from likvard.site.insight.pages import answers
from likvard.site.insight.pages.answers import with_publication
from likvard.site.insight.pages.cards import cards
from likvard.site.insight.pages.files import one_figure
from likvard.site.insight.remembered import Parts
from likvard.site.insight.rules import Asked
from likvard.site.insight.visits import Visit, places, today
from likvard.site.people.access import Grant
from likvard.site.people.models import Organiser
from likvard.site.ui.language import current as language
from likvard.terms import NATION, Audience, Level, Words

CHOICES = ("kommun", "huvudman", "form")
FIRST = "GR"


@with_publication
def segregation(request: HttpRequest, publication: Publication) -> HttpResponse:
    """How apart pupils go to school, for everybody."""
    visit, asked = _visit(request, publication), Asked.of("/segregation/", request.GET, CHOICES)
    crumbs = _crumbs(asked["huvudman"])
    return answers.figures(
        request, visit, asked, "insight/segregation.html", lambda: _parts(visit, asked), breadcrumbs=crumbs
    )


@with_publication
def segregation_figure(request: HttpRequest, publication: Publication, figure: str) -> HttpResponse:
    """One figure of it."""
    visit, asked = _visit(request, publication), Asked.of("/segregation/", request.GET, CHOICES)
    found = _page(publication, asked, _municipalities(publication))
    return one_figure(request, visit, asked, found.figures, figure, (_("Segregation between schools"), asked.href))


def _crumbs(number: str) -> tuple[tuple[str, str], ...]:
    """The way back to the organiser whose schools are shown; none for everybody's."""
    name = _name(number) if number else None
    return ((name, f"/oversikt/{number}/"), (_("Segregation between schools"), "")) if name else ()


def _name(number: str) -> str | None:
    return Organiser.objects.filter(number=number).values_list("name", flat=True).first()


def _visit(request: HttpRequest, publication: Publication) -> Visit:
    return Visit(publication, Scope(None, "", {}, Audience.PUBLIC, today(request)), Grant(""), "nation")


def _municipalities(publication: Publication) -> Mapping[str, str]:
    """The municipalities of which anything is told, by code, in the order of their names."""
    codes = publication.values(Audience.PUBLIC, "area", measure=H, level="municipality")
    named = places(codes)
    found = {code: named.get(code, code) for code in codes}
    return dict(sorted(found.items(), key=lambda pair: swedish_order(pair[1])))


def _page(publication: Publication, asked: Asked, names: Mapping[str, str]) -> figures.SegregationPage:
    """The page that was asked for. Http404 for a municipality of which nothing is told."""
    code = asked["kommun"]
    area = None if code else _organiser(publication, asked["huvudman"])
    code = "" if code == NATION else code
    if code and code not in names:
        raise Http404(
            _("Nothing is told of this municipality: it has too few schools, or is not in what has been delivered.")
        )
    if code:
        area = Area(Level.MUNICIPALITY, code, Words(names[code], names[code]))
    return figures.page(publication, Audience.PUBLIC, area, names=names, form=asked["form"] or FIRST)


def _organiser(publication: Publication, number: str) -> Area | None:
    """An organiser of which segregation between its schools is told. Http404 where it is not."""
    if not number:
        return None
    told = publication.values(Audience.PUBLIC, "area", measure=H, level="organiser", organiser=number)
    named = _name(number)
    if not told or named is None:
        raise Http404(
            _("Nothing is told of this organiser: it has too few schools, or is not in what has been delivered.")
        )
    return Area(Level.ORGANISER, number, Words(named, named))


def _parts(visit: Visit, asked: Asked) -> Parts:
    names = _municipalities(visit.publication)
    page = _page(visit.publication, asked, names)
    drawn, every = cards(asked, page.figures), any(one.id == figures.EVERY for one in page.figures)
    wide = len(drawn) - 1 if every else len(drawn)  # the table of every municipality takes the whole width
    wide -= (wide - 1) % 2  # and so does a last figure that would stand alone in its row
    context = {"first": drawn[:1], "pairs": drawn[1:wide], "last": drawn[max(wide, 1) :], "every": every}
    return {
        "kicker": page.about[language()],
        "filters": answers.part("ui/_filters.html", {"form": _form(visit, asked, names), "request": asked}),
        "body": answers.part("insight/_segregation.html", context),
    }


def _form(visit: Visit, asked: Asked, names: Mapping[str, str]) -> forms.Form:
    whole = everybody(visit.publication)
    named, number = capital(whole.short or whole.name)[language()], asked["huvudman"]
    every = [("", _name(number) or number), (NATION, named)] if number else [("", named)]
    told = visit.publication.values(Audience.PUBLIC, "form", measure=H)
    kinds = named_forms(visit.scope.on, language(), sorted(told, key=lambda form: form != FIRST))
    kept = forms.CharField(widget=forms.HiddenInput, initial=number)
    return choices_form(
        {
            **({"huvudman": kept} if number else {}),
            "kommun": forms.ChoiceField(
                label=_("Municipality"), choices=[*every, *names.items()], initial=asked["kommun"]
            ),
            "form": forms.ChoiceField(label=_("School form"), choices=kinds, initial=asked["form"] or FIRST),
        }
    )
