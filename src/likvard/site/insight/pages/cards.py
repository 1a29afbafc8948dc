"""Cards of figures as they stand on a page: with their panes, files and links as the address asks."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.safestring import SafeString, mark_safe

from likvard.figures.figure import Figure
from likvard.figures.insight import html
from likvard.site.insight.pages.files import links
from likvard.site.insight.rules import Asked
from likvard.site.ui.language import current as language


def card(asked: Asked, figure: Figure | None, *, heading: int = 2) -> SafeString:
    """One card; nothing where there is no figure."""
    if figure is None:
        return mark_safe("")
    around = links(asked, figure)
    drawn = html.card(
        figure,
        language(),
        pane=asked.pane(figure.id),
        href=asked.pane_href(figure.id),
        heading=heading,
        files=around.files,
        method_href=around.method,
        explain_href=around.explain,
    )
    return mark_safe(drawn)  # noqa: S308 - written by figures, escaped there


def cards(asked: Asked, figures: Iterable[Figure | None], *, heading: int = 2) -> list[SafeString]:
    """A card for each figure that there is."""
    return [card(asked, figure, heading=heading) for figure in figures if figure is not None]


def unit_href(code: str) -> str:
    """The address of a unit's page."""
    return f"/skolor/{code}/"
