"""One figure by itself: its own address, and the same cells as a file."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from likvard.figures import files
from likvard.figures.figure import Figure
from likvard.figures.insight import html
from likvard.site.insight import actions
from likvard.site.insight.pages.answers import tagged
from likvard.site.insight.rules import KINDS, Asked
from likvard.site.insight.visits import Visit
from likvard.site.ui.language import current as language

LABELS = {"csv": "CSV", "xlsx": "Excel", "json": "JSON", "svg": "SVG", "png": "PNG"}


def one_figure(
    request: HttpRequest, visit: Visit, asked: Asked, figures: Iterable[Figure | None], id: str, back: tuple[str, str]
) -> HttpResponse:
    """The figure of that id by itself, or as the file that `?som=` asks for. Http404 if the page has no such figure.

    `asked` is the page that the figure belongs to, `back` its name and address.
    """
    figure = next((one for one in figures if one is not None and one.id == id), None)
    if figure is None:
        raise Http404(_("The page has no such figure with these choices."))
    kind = request.GET.get("som", "")
    if kind:
        return _file(request, visit, figure, kind)
    context = {
        "figure": figure,
        "card": html.card(
            figure, language(), pane="all", href=lambda _pane: request.get_full_path(), **links(asked, figure)
        ),
        "back": back,
        "visit": visit,
    }
    key = ("figure", visit.version, asked, id)
    respond = lambda: render(request, "insight/figure.html", context)  # noqa: E731 - a page of one line
    return tagged(request, key, respond) if visit.public else respond()


def links(asked: Asked, figure: Figure) -> dict[str, object]:
    """Where a card leads: its files, how it is measured, and why other sources may differ."""
    kinds = [kind for kind in KINDS if kind not in ("svg", "png") or files.drawable(figure)]
    return {
        "files": [(LABELS[kind], asked.file_href(figure.id, kind)) for kind in kinds],
        "method_href": f"/matt/{figure.indicator}/",
        "explain_href": f"/matt/{figure.indicator}/#skiljer",
    }


def _file(request: HttpRequest, visit: Visit, figure: Figure, kind: str) -> HttpResponse:
    if kind not in KINDS or (kind in ("svg", "png") and not files.drawable(figure)):
        raise Http404(_("The figure cannot be had in this form."))
    content = getattr(files, kind)(figure, language(), synthetic=visit.publication.synthetic)
    if not visit.public:
        actions.note_figures_taken(
            by=request.user,
            grant=visit.grant,
            subject=visit.subject,
            unit=visit.unit,
            publication=visit.publication.id,
            figure=figure.id,
            kind=kind,
            at=request.now,  # type: ignore[attr-defined]
        )
    response = HttpResponse(content, content_type=files.MIME[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{files.name(figure, language(), kind)}"'
    response.headers["Cache-Control"] = "private, no-cache" if visit.public else "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
