"""One figure by itself: its own address, and the same cells as a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from likvard.figures import files
from likvard.figures.figure import Figure
from likvard.figures.insight import html
from likvard.figures.insight.reading import origin
from likvard.site.insight import actions
from likvard.site.insight.pages import answers
from likvard.site.insight.rules import Asked
from likvard.site.insight.visits import Visit
from likvard.site.people.models import User
from likvard.site.ui.language import current as language


def one_figure(
    request: HttpRequest, visit: Visit, asked: Asked, figures: Iterable[Figure | None], id: str, back: tuple[str, str]
) -> HttpResponse:
    """The figure of that id by itself, or as the file that `?som=` asks for. Http404 if the page has no such figure.

    `asked` is the page that the figure belongs to, `back` its name and address.
    """
    figure = next((one for one in figures if one is not None and one.id == id), None)
    if figure is None:
        raise Http404(_("The page has no such figure with these choices."))
    if ending := request.GET.get("som", ""):
        return _file(request, visit, figure, ending)
    around = links(asked, figure)
    card = html.card(
        figure,
        language(),
        pane="all",
        href=asked.pane_href(figure.id),
        heading=1,
        files=around.files,
        method_href=around.method,
        explain_href=around.explain,
    )
    context = {"figure": figure, "card": card, "back": back, "visit": visit}
    return answers.shown(request, visit, ("figure", visit.version, asked, id), "insight/figure.html", context)


@dataclass(frozen=True, slots=True)
class Links:
    """Where a card leads: its files, how it is measured, and why other sources may differ."""

    files: tuple[tuple[str, str], ...]
    method: str
    explain: str


def links(asked: Asked, figure: Figure) -> Links:
    """The links of a figure on the page that was asked for."""
    kinds = tuple((files.LABELS[ending], asked.file_href(figure.id, ending)) for ending in files.endings(figure))
    return Links(kinds, f"/matt/{figure.indicator}/", f"/matt/{figure.indicator}/#skiljer")


def _file(request: HttpRequest, visit: Visit, figure: Figure, ending: str) -> HttpResponse:
    """The figure as a file. What is not public leaves an event."""
    if ending not in files.endings(figure):
        raise Http404(_("The figure cannot be had in this form."))
    publication = visit.publication
    content = files.make(figure, language(), origin(publication, visit.scope), ending)
    if isinstance(request.user, User) and not visit.public:
        actions.note_figures_taken(
            by=request.user,
            grant=visit.grant,
            subject=visit.subject,
            unit=visit.unit,
            publication=publication.id,
            figure=figure.id,
            kind=ending,
            at=request.now,  # type: ignore[attr-defined]
        )
    response = HttpResponse(content, content_type=files.MIME[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{files.name(figure, language(), ending)}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
