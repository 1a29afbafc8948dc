"""The measure card of the site: one figure whose panes are links, so that every view has an address and no script."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from likvard.figures.figure import Figure
from likvard.figures.interface import TEXTS, texts
from likvard.figures.measures import FigureError
from likvard.figures.rendering import figure_view, template
from likvard.terms import Language

PANES = ("chart", "table", "method")
"""The panes of a card, in their order; `all` shows them below one another, for print."""

Link = tuple[str, str]
"""A label and an address."""


def card(
    figure: Figure,
    language: Language,
    *,
    pane: str = "chart",
    href: Callable[[str], str],
    files: Sequence[Link] = (),
    method_href: str = "",
    explain_href: str = "",
    heading: int = 2,
) -> Markup:
    """The card with one pane shown. `href` gives the address of a pane; the shown one's link is `aria-current`.

    On paper chart and table both stand, whichever is chosen: the other is there, and only print shows it.

    A figure without a chart opens with its table. `files` are links to the same figure as files; `method_href` leads
    to the measure's page and `explain_href` to why the figure may differ from other sources. Raises `FigureError` for
    an unknown pane.
    """
    if pane not in (*PANES, "all"):
        raise FigureError(f"{pane!r} is no pane.", f"Choose one of {', '.join(PANES)} or all.")
    panes = PANES if figure.chart is not None else PANES[1:]
    shown = panes if pane == "all" else (pane if pane in panes else panes[0],)
    made = template("card.html.j2").render(
        f=figure_view(figure, language, chart="chart" in panes, table=True),
        ui=texts(language),
        links=[(TEXTS[name][language], href(name), pane != "all" and name in shown) for name in panes],
        panes=panes,
        shown=frozenset(shown),
        files=files,
        method_href=method_href,
        explain_href=explain_href,
        h=heading,
    )
    return Markup(made)  # noqa: S704 - our own template, which escapes what it is given
