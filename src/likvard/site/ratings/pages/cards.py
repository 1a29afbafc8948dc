"""The figures of a report as cards on a page, and the same figures as files."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from likvard.figures import files
from likvard.figures.card import PANES, card
from likvard.figures.figure import Figure
from likvard.figures.files import Origin
from likvard.figures.measures import FigureError
from likvard.figures.report import MadeFrom
from likvard.site.cases.timing import day_of
from likvard.site.ratings.models import ReportVersion
from likvard.site.ui.language import current
from likvard.terms import Audience


def cards(request: HttpRequest, figures: Sequence[Figure], slug: str = "") -> list[SafeString]:
    """Each figure as a card whose panes have addresses of their own; with the slug of a public report also as files."""
    return [_card(request, figure, slug) for figure in figures]


def _card(request: HttpRequest, figure: Figure, slug: str) -> SafeString:
    asked = request.GET.get(figure.id, "")

    def href(pane: str) -> str:
        query = request.GET.copy()
        query[figure.id] = pane
        return f"?{query.urlencode()}#{figure.id}"

    def file(ending: str) -> str:
        return reverse("national_report_figure", args=[slug, figure.id, ending])

    links = [(files.LABELS[ending], file(ending)) for ending in files.endings(figure)] if slug else []
    drawn = card(figure, current(), pane=asked if asked in PANES else PANES[0], href=href, files=links)
    return mark_safe(drawn)  # noqa: S308 - written by figures, escaped there


def as_file(
    figures: Sequence[Figure], version: ReportVersion, id: str, ending: str, *, synthetic: bool
) -> HttpResponse:
    """A figure of a report as a file. Raises Http404 for a figure or an ending that there is none of."""
    figure = next((one for one in figures if one.id == id), None)
    about = version.content["round"]
    made = MadeFrom(about["publication"], (), about["software"], day_of(version.at))
    try:
        if figure is None:
            raise FigureError(f"The report has no figure {id!r}.")
        made_file = files.make(figure, current(), Origin(Audience.PUBLIC, made, synthetic), ending)
    except FigureError as error:
        raise Http404(_("There is no such file.")) from error
    response = HttpResponse(made_file, content_type=files.MIME[ending])
    response["Content-Disposition"] = f'attachment; filename="{files.name(figure, current(), ending)}"'
    return response
