"""The chapters that do not come from the marks: segregation between schools and the circle, from the publication that stands.

When a report is published they are kept in its version as words, cells and pictures in both languages, so that its PDF and its data
stay as they were. The page draws them from the publication as long as it is the same one; after that it shows what was kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from likvard.disclosure.publication import Publication
from likvard.figures import views
from likvard.figures.figure import Figure
from likvard.figures.insight.circle import circle
from likvard.figures.insight.scope import Scope
from likvard.figures.insight.segregation import chapter
from likvard.figures.sentences import marked
from likvard.site.ui.components import Cell, Column, Row, Table
from likvard.site.ui.language import current
from likvard.site.writing import html
from likvard.site.writing.pictured import pictured
from likvard.site.writing.text import Picture
from likvard.terms import Audience, Language


@dataclass(frozen=True, slots=True)
class Kept:
    """A figure as a version keeps it, in the language of the page. The first of `columns` is that of the rows' heads, and `texts` are
    the places of those that hold words."""

    id: str
    question: str
    subtitle: str
    says: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: tuple[int, ...]
    pictures: tuple[Picture, ...] = ()

    @property
    def images(self) -> tuple[SafeString, ...]:
        """The pictures for a page."""
        return tuple(html.picture(one) for one in self.pictures)

    @property
    def table(self) -> Table:
        """The table for a page."""
        columns = tuple(Column(name, numeric=n > 0 and n not in self.texts) for n, name in enumerate(self.columns))
        rows = tuple(Row(Cell(head), tuple(Cell(text) for text in rest)) for head, *rest in self.rows)
        return Table(self.question, columns, rows)


def figures(publication: Publication | None, on: date) -> tuple[Figure, ...]:
    """The country's figures of segregation and of the circle, as everybody may see them; none without a publication."""
    if publication is None:
        return ()
    scope = Scope(None, "", {}, Audience.PUBLIC, on)
    return (*chapter(publication, Audience.PUBLIC), *circle(publication, scope).figures)


def as_data(found: Sequence[Figure], publication: Publication | None) -> dict[str, Any]:
    """The figures as words and cells in both languages, with the publication that they come from."""
    if publication is None:
        return {"publication": "", "published": "", "figures": []}
    every = [{language.value: kept(figure, language) for language in Language} | {"id": figure.id} for figure in found]
    return {"publication": publication.id, "published": publication.on.isoformat(), "figures": every}


def kept(figure: Figure, language: Language) -> dict[str, Any]:
    """A figure as words, cells and pictures in a language: question, subtitle, sentences, head of the rows, columns, rows, places of
    words, pictures (none for a figure that is only a table)."""
    view = views.table_view(figure.table, language)
    width = len(view.headings)
    rows = [
        _padded([f"{group} {row.head}".strip(), *(cell.text for cell in row.cells)], width + 1)
        for group, rows in view.groups
        for row in rows
    ]
    return {
        "question": figure.question[language],
        "subtitle": figure.subtitle[language],
        "says": [words[language] for words in marked(figure.kind, figure.facts)],
        "head": view.head,
        "columns": [one.text for one in view.headings],
        "rows": rows,
        "texts": [n for n, one in enumerate(view.headings, 1) if one.look != "n"],
        "pictures": [{"svg": one.svg, "alt": one.alt} for one in pictured(figure, language)],
    }


def _padded(row: list[str], width: int) -> list[str]:
    """A row in which one text spans every column has it in the first of them."""
    return row + [""] * (width - len(row))


def from_data(data: Mapping[str, Any]) -> tuple[Kept, ...]:
    """What a version keeps, in the language of the page."""
    return tuple(_read(one["id"], one[current().value]) for one in data.get("figures", ()))


def _read(id: str, said: Mapping[str, Any]) -> Kept:
    rows = tuple(tuple(row) for row in said["rows"])
    columns = (said["head"], *said["columns"])
    pictures = tuple(Picture(one["svg"], one["alt"]) for one in said.get("pictures", ()))
    return Kept(
        id, said["question"], said["subtitle"], tuple(said["says"]), columns, rows, tuple(said["texts"]), pictures
    )


def still_stands(data: Mapping[str, Any], publication: Publication | None) -> bool:
    """Whether the publication is still the one that the chapters were kept from."""
    return publication is not None and data.get("publication") == publication.id
