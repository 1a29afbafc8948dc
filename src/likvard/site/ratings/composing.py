"""The report as a document: the same words, pictures and tables as its page, for paper, for listening and for the archive."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from likvard.figures.figure import Figure
from likvard.figures.formats import day
from likvard.flow.national import National
from likvard.flow.national_figures import CLASSES, side_by_side
from likvard.site.cases.timing import day_of
from likvard.site.ratings import chapters, content, sections
from likvard.site.ratings.models import ReportVersion
from likvard.site.ui import components
from likvard.site.ui.language import current
from likvard.site.writing.pictured import pictured
from likvard.site.writing.text import (
    SYNTHETIC,
    Block,
    Bullets,
    Heading,
    Paragraph,
    Run,
    Table,
    Terms,
    Written,
    paragraphs,
)
from likvard.terms import Words

AUTHORITY = "Skolinspektionen"


def written(version: ReportVersion) -> Written:
    """A published version as a document, in the language of the page."""
    said, on = version.content, day_of(version.at)
    found = content.outcome(said)
    figures = sections.figures_of(found, said, on)
    own = [block for figure in figures for block in _figure(figure, found, version)]
    return Written(
        title=content.text(said, "title"),
        kicker=_("National report"),
        language=current().value,
        register_number="",
        dated=on,
        authority=AUTHORITY,
        addressee=(),
        blocks=(
            *_lead(version),
            *paragraphs(content.text(said, "body")),
            *own,
            *_kept(version),
            *_method(found, version),
            *_explained(figures),
        ),
        notice=SYNTHETIC if settings.DEMO else "",
    )


def body(version: ReportVersion) -> Written:
    """The report's own text alone, in the language that it is written in: for the page."""
    said = version.content
    return Written(
        title=content.text(said, "title"), kicker="", language=content.language_of(said), register_number="", dated=None,
        authority="", addressee=(), blocks=paragraphs(content.text(said, "body")), draft=True,
    )  # fmt: skip


def _lead(version: ReportVersion) -> Iterator[Block]:
    yield Paragraph((Run(content.text(version.content, "lead"), strong=True),))
    corrected = list(version.report.versions.filter(number__lte=version.number).exclude(correction=""))
    if corrected:
        yield Paragraph((Run(_("Corrected"), strong=True),))
        yield Bullets(tuple((Run(f"{day(day_of(one.at), current())}: {one.correction}"),) for one in corrected))


def _figure(figure: Figure, found: National, version: ReportVersion) -> Iterator[Block]:
    if figure.id == CLASSES and sections.is_whole(figure):
        yield from _headline(figure, found, version)
        return
    yield Heading(2, figure.question[current()])
    for line in sections.sentences(figure):
        yield Paragraph(_runs(line))
    yield from pictured(figure, current())
    yield _of_figure(figure)


def _headline(figure: Figure, found: National, version: ReportVersion) -> Iterator[Block]:
    made = sections.headline(found, sections.rubric_in(version.content))
    yield Heading(2, figure.question[current()])
    yield Paragraph(_runs(made.says))
    yield from pictured(side_by_side(figure), current())
    for table in (made.table, made.kinds):
        if table is not None:
            yield _plain(table)
    yield Paragraph((Run(made.note),))


def _kept(version: ReportVersion) -> Iterator[Block]:
    """The chapters of segregation and the circle, as the version keeps them; one of an older kind has no pictures."""
    for one in chapters.from_data(version.content.get("chapters", {})):
        yield Heading(2, one.question)
        for line in one.says:
            yield Paragraph(_runs(line))
        yield from one.pictures
        yield fitted(one.subtitle, one.columns, one.rows, one.texts)


def _method(found: National, version: ReportVersion) -> Iterator[Block]:
    yield Heading(2, _("Method and doubts"))
    for line in sections.cautions(found):
        yield Paragraph((Run(line),))
    facts = sections.method(found, version.content)
    yield Terms(tuple((_said(one.term), (Run(_fact(one)),)) for one in facts))


def _explained(figures: Sequence[Figure]) -> Iterator[Block]:
    """How each figure was made and checked, each thing once: what stands behind "how we measure" on the page."""
    every = {one.term[current()]: one.text[current()] for figure in figures for one in figure.method}
    yield Heading(2, _("How the figures were made and checked"))
    for term, text in every.items():
        yield Heading(3, term)
        yield Paragraph((Run(text),))


def _fact(one: components.Fact) -> str:
    value = _said(one.value)
    value = (
        f"{value[:32]} {value[32:]}" if re.fullmatch("[0-9a-f]{64}", value) else value
    )  # a seal is wider than a line
    return f"{value} ({_said(one.note)})" if one.note else value


def _runs(line: str) -> tuple[Run, ...]:
    """A line in which `**` begins and ends what is strong."""
    return tuple(Run(piece, strong=n % 2 == 1) for n, piece in enumerate(line.split("**")) if piece)


def _of_figure(figure: Figure) -> Table:
    """The table of a figure, with the same cells and the same symbols as on the page."""
    one = chapters.kept(figure, current())
    return fitted(one["subtitle"], [one["head"], *one["columns"]], one["rows"], one["texts"])


WIDEST = 8
"""Columns that a page is wide enough for; a table with more columns than rows is turned."""
FEW, MOST_BESIDE = 2, 5
"""Rows that stand better side by side, when they have more columns than these and words among them."""


def fitted(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]], texts: Sequence[int]) -> Table:
    """A table that a page of paper is wide enough for: without columns that are empty, and turned if it has many columns and few
    rows, or words beside one another in a row or two."""
    kept = [n for n in range(len(columns)) if not n or any(row[n] for row in rows)]
    columns, rows = [columns[n] for n in kept], [[row[n] for n in kept] for row in rows]
    texts = tuple(n for n, was in enumerate(kept) if was in texts)
    if len(columns) > (WIDEST if len(rows) > FEW or not texts else MOST_BESIDE) and len(rows) < len(columns):
        turned = list(zip(*([columns[1:]] + [row[1:] for row in rows]), strict=True))
        columns = [columns[0], *(row[0] for row in rows)]
        rows, texts = turned, tuple(range(1, len(columns))) if texts else ()
    made = tuple(tuple((Run(text),) for text in row) for row in rows)
    return Table(caption, tuple(columns), made, texts=tuple(texts))


def _plain(table: components.Table) -> Table:
    rows = tuple(tuple((Run(_said(cell.text)),) for cell in (row.head, *row.cells)) for row in table.rows)
    return Table(_said(table.caption), tuple(_said(column.label) for column in table.columns), rows)


def _said(label: Any) -> str:
    return label[current()] if isinstance(label, Words) else str(label)
