"""The report as a document: the same words and tables as its page, for paper, for listening and for the archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from likvard.figures import formats
from likvard.site.cases.timing import day_of
from likvard.site.ratings import content, sections
from likvard.site.ratings.models import ReportVersion
from likvard.site.ratings.sections import Part
from likvard.site.ui.components import Cell
from likvard.site.ui.language import current
from likvard.site.writing import text
from likvard.site.writing.text import SYNTHETIC, Block, Bullets, Heading, Paragraph, Run, Terms, Written, paragraphs
from likvard.terms import Words

AUTHORITY = "Skolinspektionen"


def written(version: ReportVersion) -> Written:
    """A published version as a document, in the language of the page."""
    said: Mapping[str, Any] = version.content
    found = content.outcome(said)
    own = [block for part in sections.parts(found, said) for block in _part(part)]
    return Written(
        title=content.text(said, "title"),
        kicker=_("National report"),
        language=current().value,
        register_number="",
        dated=day_of(version.at),
        authority=AUTHORITY,
        addressee=(),
        blocks=(*_lead(version), *paragraphs(content.text(said, "body")), *own),
        notice=SYNTHETIC if settings.DEMO else "",
    )


def _lead(version: ReportVersion) -> Iterator[Block]:
    yield Paragraph((Run(content.text(version.content, "lead"), strong=True),))
    earlier = version.report.versions.filter(number__lte=version.number).exclude(correction="")
    if earlier:
        told = {one: formats.day(day_of(one.at), current()) for one in earlier}
        yield Paragraph((Run(_("Corrected"), strong=True),))
        yield Bullets(tuple((Run(f"{when}: {one.correction}"),) for one, when in told.items()))


def _part(part: Part) -> Iterator[Block]:
    yield Heading(2, part.heading)
    for line in part.says:
        yield Paragraph(_runs(line))
    if part.table:
        yield _table(part)
    if part.facts:
        yield Terms(tuple((_said(one.term), (Run(f"{_said(one.value)}. {_said(one.note)}".strip(". ") + "."),)) for one in part.facts))  # fmt: skip
    if part.note:
        yield Paragraph((Run(part.note),))


def _runs(line: str) -> tuple[Run, ...]:
    """A line in which `**` begins and ends what is strong."""
    return tuple(Run(piece, strong=n % 2 == 1) for n, piece in enumerate(line.split("**")) if piece)


def _table(part: Part) -> text.Table:
    table = part.table
    if table is None:
        raise ValueError(part.id)
    words = next((n for n, column in enumerate(table.columns) if column.numeric), len(table.columns))
    rows = tuple(tuple(_cell(cell) for cell in (row.head, *row.cells)) for row in table.rows)
    return text.Table(_said(table.caption), tuple(_said(column.label) for column in table.columns), rows, words)


def _cell(cell: Cell) -> tuple[Run, ...]:
    return (Run(_said(cell.text)),)


def _said(label: Any) -> str:
    return label[current()] if isinstance(label, Words) else str(label)
