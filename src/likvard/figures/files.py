"""One figure as a file: CSV, XLSX, JSON, SVG or PNG. The same hidden cells in each, and the same bytes twice."""

from __future__ import annotations

import csv as standard_csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO, StringIO

import typst

from likvard.disclosure.cells import Released
from likvard.figures import formats
from likvard.figures.document import json as report_json
from likvard.figures.document import rounded
from likvard.figures.figure import Figure
from likvard.figures.interface import TEXTS
from likvard.figures.measures import FigureError
from likvard.figures.rendering import source_text
from likvard.figures.report import MadeFrom, Report, Section
from likvard.figures.standalone import WIDTH, drawable
from likvard.figures.standalone import svg as standalone
from likvard.figures.table import Column, Kind, Row
from likvard.figures.workbook import LONG, cells
from likvard.figures.workbook import xlsx as write_workbook
from likvard.terms import Audience, Language, Words

MIME = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
}
"""What each ending is sent as."""

LABELS = {"csv": "CSV", "xlsx": "Excel", "json": "JSON", "svg": "SVG", "png": "PNG"}
"""What each ending is called in a list of links."""

PPI = 144
"""A picture is 2000 pixels wide: sharp in print across a page."""

_PAGE = f"""#set page(width: {WIDTH:.0f}pt, height: auto, margin: 0pt)
#image(bytes(sys.inputs.picture), format: "svg", width: 100%)"""
"""A page that is only the picture."""

_DANGER = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is a formula to a spreadsheet (CWE-1236)."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file says of where it comes from: for whom, from which lake and software, and whether data are invented."""

    audience: Audience
    made: MadeFrom
    synthetic: bool


def endings(figure: Figure) -> tuple[str, ...]:
    """The endings that a figure can be had as: a picture only where there is a chart."""
    return tuple(MIME) if drawable(figure) else tuple(e for e in MIME if e not in ("svg", "png"))


def name(figure: Figure, language: Language, ending: str) -> str:
    """The name of the file, such as `gap-sv.csv`."""
    return f"{figure.id}-{language}.{ending}"


def make(figure: Figure, language: Language, origin: Origin, ending: str) -> bytes:
    """The figure as a file of that ending. Raises `FigureError` for an ending that it cannot be had as."""
    if ending not in endings(figure):
        raise FigureError(
            f"The figure {figure.id} cannot be had as {ending!r}.", f"Choose one of {', '.join(endings(figure))}."
        )
    return _MAKERS[ending](figure, language, origin)


def csv(figure: Figure, language: Language, origin: Origin) -> bytes:
    """Every value in long form, one row each: UTF-8 with a byte order mark, commas, points.

    The first row says that data are invented, where they are.
    """
    out = StringIO()
    writer = standard_csv.writer(out, lineterminator="\r\n")
    if origin.synthetic:
        writer.writerow([f"{TEXTS['synthetic'][language]} {TEXTS['synthetic_text'][language]}"])
    writer.writerow([*(words[language] for words in LONG), TEXTS["source"][language]])
    sources = "; ".join(source_text(s, language) for s in figure.sources)
    for row, column, cell in cells(figure):
        writer.writerow([*_csv_row(figure, row, column, cell, language), _plain(sources)])
    for row, column, text in _words(figure, language):
        writer.writerow([*_labels(figure, row, column, language), *[""] * 5, _plain(text), _plain(sources)])
    return out.getvalue().encode("utf-8-sig")


def _csv_row(
    figure: Figure, row: Row, column: Column, cell: Released, language: Language
) -> tuple[str | float | None, ...]:
    why = formats.why(cell)[language] if cell.missing is not None else ""
    missing = cell.missing.value if cell.missing is not None else ""
    numbers = (rounded(cell.value), rounded(cell.low), rounded(cell.high), cell.n)
    return (*_labels(figure, row, column, language), *numbers, missing, why)


def _labels(figure: Figure, row: Row, column: Column, language: Language) -> tuple[str, ...]:
    unit = column.scale.unit.value if column.scale is not None else ""
    group = row.group[language] if row.group is not None else ""
    texts = (figure.id, group, row.head[language], row.code, column.heading[language], unit)
    return tuple(_plain(text) for text in texts)


def _words(figure: Figure, language: Language) -> list[tuple[Row, Column, str]]:
    """Cells that are words: why a unit has no number of this kind at all."""
    return [
        (row, column, entry[language])
        for row in figure.table.rows
        for entry, column in zip(row.entries, figure.table.columns, strict=True)
        if isinstance(entry, Words) and column.kind is Kind.NUMBER
    ]


def _plain(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_DANGER) else text


def xlsx(figure: Figure, language: Language, origin: Origin) -> bytes:
    """The figure as a workbook: about, the table, every value in long form."""
    out = BytesIO()
    write_workbook(_alone(figure, origin), out, language)
    return out.getvalue()


def json(figure: Figure, language: Language, origin: Origin) -> bytes:
    """The figure in both languages with every cell, its key and the kind of missing value."""
    return report_json(_alone(figure, origin)).encode("utf-8")


def _alone(figure: Figure, origin: Origin) -> Report:
    """A report that holds this figure only."""
    return Report(
        id=figure.id,
        title=figure.question,
        about=figure.subtitle,
        lead=(),
        audience=origin.audience,
        sections=(Section(f"only-{figure.id}", figure.question, (figure,)),),
        missing=(),
        methods=figure.method,
        sources=figure.sources,
        made=origin.made,
        synthetic=origin.synthetic,
    )


def svg(figure: Figure, language: Language, origin: Origin) -> bytes:
    """The figure as one picture that carries its own styles and typeface."""
    return standalone(figure, language, synthetic=origin.synthetic).encode("utf-8")


def png(figure: Figure, language: Language, origin: Origin) -> bytes:
    """The same picture in pixels, 2000 wide, drawn by Typst with the typeface of this package."""
    picture = standalone(figure, language, synthetic=origin.synthetic, fonts=False)
    return typst.compile(
        _PAGE.encode("utf-8"),
        format="png",
        ppi=PPI,
        font_paths=_fonts(),
        sys_inputs={"picture": picture},
    )


@cache
def _fonts() -> typst.Fonts:
    """The package's own typeface and no other, read once."""
    with as_file(files("likvard.figures").joinpath("assets")) as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


_MAKERS: dict[str, Callable[[Figure, Language, Origin], bytes]] = {
    "csv": csv,
    "xlsx": xlsx,
    "json": json,
    "svg": svg,
    "png": png,
}
