"""The organiser's first page: every unit on one page, what has changed, what waits."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from likvard.disclosure.publication import Publication
from likvard.figures.insight import html
from likvard.figures.insight import overview as figures
from likvard.figures.insight.pages import Overview
from likvard.figures.insight.scope import Order
from likvard.site.insight.forms import choices_form, of_choices
from likvard.site.insight.pages import answers
from likvard.site.insight.pages.answers import with_publication
from likvard.site.insight.pages.cards import cards, unit_href
from likvard.site.insight.pages.files import links, one_figure
from likvard.site.insight.pages.waiting import open_matters, own_matters, waiting
from likvard.site.insight.remembered import Parts
from likvard.site.insight.rules import Asked
from likvard.site.insight.visits import Visit, to_organiser
from likvard.site.ui.language import current as language

CHOICES = ("ordning", "form", "omrade")


@with_publication
def overview(request: HttpRequest, publication: Publication, number: str) -> HttpResponse:
    """Every unit of an organiser on one page."""
    organiser, visit = to_organiser(request, publication, number)
    asked = Asked.of(request.path, request.GET, CHOICES)
    own = own_matters(request)
    matters = open_matters(request, organiser, own)
    return answers.figures(
        request,
        visit,
        asked,
        "insight/overview.html",
        lambda: _parts(visit, asked, matters),
        None if matters is None else tuple(matters.items()),
        organiser=organiser,
        waiting=waiting(own, visit.scope.on),
        breadcrumbs=((_("Schools"), "/skolor/"), (organiser.name, "")),
    )


@with_publication
def overview_figure(request: HttpRequest, publication: Publication, number: str, figure: str) -> HttpResponse:
    """One figure of an organiser's overview."""
    organiser, visit = to_organiser(request, publication, number)
    asked = Asked.of(f"/oversikt/{number}/", request.GET, CHOICES)
    page = laid_out(visit, asked)
    return one_figure(request, visit, asked, (page.needs.figure, *page.figures), figure, (organiser.name, asked.href))


def laid_out(visit: Visit, asked: Asked) -> Overview:
    """The page's content with the choices asked for; an order that there is not is by area and name."""
    order = Order(asked["ordning"]) if asked["ordning"] in set(Order) else Order.AREA
    return figures.overview(visit.publication, visit.scope, order=order, form=asked["form"], area=asked["omrade"])


def _parts(visit: Visit, asked: Asked, matters: Mapping[str, tuple[str, str]] | None) -> Parts:
    page, spoken = laid_out(visit, asked), language()
    needs = html.needs(
        page.needs,
        spoken,
        unit_href=unit_href,
        order_href=lambda order: asked.with_(ordning=order).href,
        extra=(_("Open matters"), matters) if matters is not None else None,
        measure_href=lambda id: f"/matt/{id}/",
        files=links(asked, page.needs.figure).files,
    )
    fields = {"form": of_choices(_("School form"), page.forms, spoken)}
    if len(page.areas) > 2:
        fields["omrade"] = of_choices(_("Area"), page.areas, spoken)
    context = {
        "needs": needs,
        "left_out": page.left_out,
        "everything": asked.with_(form=figures.EVERY).href,
        "changes": html.changes(page.changes, spoken, unit_href=unit_href),
        "cards": cards(asked, page.figures),
    }
    return {
        "kicker": page.about[spoken],
        "lead": html.sentences(page.lead, spoken),
        "filters": answers.part("ui/_filters.html", {"form": choices_form(fields), "request": asked}),
        "body": answers.part("insight/_overview.html", context),
    }
