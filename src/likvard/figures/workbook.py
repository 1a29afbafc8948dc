"""The report as a workbook: a sheet per figure, one with every value in long form. No formulas; the same bytes twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from io import BytesIO
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from likvard.disclosure.cells import Released
from likvard.disclosure.reasons import symbol
from likvard.figures import formats
from likvard.figures.charts import Status
from likvard.figures.document import rounded
from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.interface import AUDIENCES, TEXTS
from likvard.figures.measures import Scale, Unit
from likvard.figures.report import Report
from likvard.figures.sentences import verdict
from likvard.figures.table import Column, Entry, Kind, Row
from likvard.figures.views import legend
from likvard.terms import Language, Words

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
LONG = (
    Words("Figur", "Figure"),
    Words("Grupp", "Group"),
    Words("Rad", "Row"),
    Words("Kod", "Code"),
    Words("Kolumn", "Column"),
    Words("Enhet", "Unit"),
    Words("Värde", "Value"),
    Words("Från", "From"),
    Words("Till", "To"),
    Words("Elever", "Pupils"),
    Words("Saknas", "Missing"),
    Words("Varför", "Why"),
)
"""The headings of values in long form, one row each."""


def xlsx(report: Report, path: Path | BytesIO, language: Language = Language.SV) -> None:
    """Write the report to `path`, or to memory. Two calls with the same report write the same bytes, whatever the clock says."""
    book = Workbook(path if isinstance(path, BytesIO) else str(path), _OPTIONS)
    book.set_properties(
        {
            "title": report.title[language],
            "subject": report.about[language],
            "author": report.made.software,
            "comments": TEXTS["synthetic"][language] if report.synthetic else "",
            "created": datetime.combine(report.made.on, time()),
        }
    )
    looks = _Looks(book)
    _about(_Sheet(book, TEXTS["about"][language], looks), report, language)
    for i, figure in enumerate(report.figures, start=1):
        _figure(_Sheet(book, f"{i} {figure.id}"[:31], looks), report, figure, language)
    _long(_Sheet(book, TEXTS["all_values"][language], looks), report, language)
    book.close()


class _Looks:
    """The formats of a workbook, made once each."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[tuple[str, str | int], ...], Format] = {}

    def __call__(self, **wanted: str | int) -> Format:
        key = tuple(sorted(wanted.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(dict(key))
        return self.made[key]

    def number(self, pattern: str) -> Format:
        return self(num_format=pattern, align="right")


class _Sheet:
    """A sheet that is written downwards, a row at a time."""

    def __init__(self, book: Workbook, name: str, looks: _Looks) -> None:
        self.sheet, self.looks, self.at = book.add_worksheet(name), looks, 0
        self.sheet.set_column(0, 0, 34)
        self.sheet.set_column(1, 40, 14)

    def say(self, text: str, **look: str | int) -> None:
        """One row with one text."""
        self.sheet.write_string(self.at, 0, text, self.looks(num_format="@", **look))
        self.at += 1

    def put(self, column: int, value: str | float | int | None, look: Format | None = None) -> None:
        """A value in the current row; text stays text and nothing stays empty."""
        if isinstance(value, str):
            self.sheet.write_string(self.at, column, value, look or self.looks(num_format="@"))
        elif value is not None:
            self.sheet.write_number(self.at, column, value, look)

    def next(self, rows: int = 1) -> None:
        self.at += rows


def _synthetic(sheet: _Sheet, report: Report, language: Language) -> None:
    if report.synthetic:
        text = f"{TEXTS['synthetic'][language]} {TEXTS['synthetic_text'][language]}"
        sheet.say(text, bold=True, bg_color="#FFF1CF")


def _about(sheet: _Sheet, report: Report, language: Language) -> None:
    _synthetic(sheet, report, language)
    sheet.say(report.title[language], bold=True, font_size=16)
    sheet.say(report.about[language])
    for words in report.lead:
        sheet.say(words[language].replace("**", ""))
    sheet.say(AUDIENCES[report.audience][language])
    sheet.next()
    made = report.made
    for term, text in (
        (Words("Gjord den", "Made on"), formats.day(made.on, language)),
        (Words("Datasjö", "Lake"), made.lake),
        (Words("Leveranser", "Deliveries"), ", ".join(made.deliveries)),
        (Words("Program", "Software"), made.software),
    ):
        _pair(sheet, term[language], text)
    for heading, items in (("missing", report.missing), ("methods", report.methods)):
        _explained(sheet, TEXTS[heading][language], items, language)
    _heading(sheet, TEXTS["sources"][language])
    for source in report.sources:
        _pair(sheet, source.name[language], source.vintage)
    _heading(sheet, TEXTS["symbols"][language])
    for sign, text in legend(language):
        _pair(sheet, sign, text)


def _pair(sheet: _Sheet, term: str, text: str) -> None:
    sheet.put(0, term)
    sheet.put(1, text)
    sheet.next()


def _heading(sheet: _Sheet, text: str) -> None:
    sheet.next()
    sheet.say(text, bold=True)


def _explained(sheet: _Sheet, heading: str, items: tuple[Explanation, ...], language: Language) -> None:
    if items:
        _heading(sheet, heading)
    for item in items:
        _pair(sheet, item.term[language], item.text[language])


def _figure(sheet: _Sheet, report: Report, figure: Figure, language: Language) -> None:
    _synthetic(sheet, report, language)
    sheet.say(figure.question[language], bold=True, font_size=14)
    sheet.say(figure.subtitle[language])
    for words in verdict(figure.kind, figure.facts):
        sheet.say(words[language])
    sheet.say(f"{TEXTS['source'][language]}: " + "; ".join(_source(s, language) for s in figure.sources))
    if figure.n is not None:
        sheet.put(0, Words("Elever bakom figuren", "Pupils behind the figure")[language])
        sheet.put(1, figure.n.value if figure.n.value is not None else figure.n.reason[language])
        sheet.next()
    sheet.next()
    _table(sheet, figure, language)
    for note in figure.notes:
        sheet.say(note[language])
    _explained(sheet, TEXTS["method"][language], figure.method, language)


def _source(source: Source, language: Language) -> str:
    return f"{source.name[language]}, {source.vintage}"


def _table(sheet: _Sheet, figure: Figure, language: Language) -> None:
    """The figure's table: an interval becomes two columns, and a column with missing values gets one that says why."""
    table = figure.table
    grouped = any(row.group for row in table.rows)
    bold = sheet.looks(bold=True, bottom=1, text_wrap=True, num_format="@")
    headings = [table.head[language]] + ([Words("Grupp", "Group")[language]] if grouped else [])
    plans = [_plan(column, [row.entries[i] for row in table.rows], language) for i, column in enumerate(table.columns)]
    for at, text in enumerate(headings + [h for plan in plans for h in plan]):
        sheet.put(at, text[:1].upper() + text[1:], bold)
    sheet.next()
    sheet.sheet.freeze_panes(sheet.at, 1)
    for row in table.rows:
        sheet.put(0, row.head[language])
        if grouped:
            sheet.put(1, row.group[language] if row.group else "")
        at = 1 + grouped
        for entry, column, plan in zip(row.entries, table.columns, plans, strict=True):
            _entry(sheet, at, entry, column, len(plan), language)
            at += len(plan)
        sheet.next()
    sheet.next()


def _plan(column: Column, entries: list[Entry], language: Language) -> list[str]:
    name = column.heading[language]
    if column.kind is Kind.INTERVAL:
        return [f"{name}, {TEXTS[end][language]}" for end in ("from", "to")]
    missing = any(isinstance(e, Released) and e.missing is not None for e in entries)
    return [name] + ([f"{name}, {TEXTS['reason'][language]}"] if column.kind is Kind.NUMBER and missing else [])


def _entry(sheet: _Sheet, at: int, entry: Entry, column: Column, width: int, language: Language) -> None:
    if isinstance(entry, Status):
        sheet.put(at, column.said(entry)[language])
    elif isinstance(entry, Words):
        sheet.put(at, entry[language])
    elif entry is not None:
        _released(sheet, at, entry, column, width, language)


def _released(sheet: _Sheet, at: int, cell: Released, column: Column, width: int, language: Language) -> None:
    if column.kind is Kind.PUPILS:
        sheet.put(at, cell.n, sheet.looks.number("#,##0"))
        return
    if column.scale is None:
        return
    look = sheet.looks.number(_pattern(column.scale))
    if column.kind is Kind.INTERVAL:
        for k, end in enumerate((cell.low, cell.high)):
            sheet.put(at + k, _stored(end, column.scale), look)
        return
    text = symbol(cell.missing) if cell.missing is not None else ""
    sheet.put(
        at, text if cell.value is None else _stored(cell.value, column.scale), look if cell.value is not None else None
    )
    if width > 1 and cell.missing is not None:
        sheet.put(at + 1, formats.why(cell)[language])


def _stored(value: float | None, scale: Scale) -> float | None:
    """Shares stay 0-1 under a per cent format; differences of shares become percentage points."""
    return rounded(value * 100 if value is not None and scale.unit is Unit.SHARE_POINTS else value)


def _pattern(scale: Scale) -> str:
    places = formats.decimals(scale)
    plain = "#,##0" + ("." + "0" * places if places else "")
    if scale.unit is Unit.SHARE:
        return plain.replace("#,##", "") + "%"
    return f"+{plain};−{plain};0" if scale.signed else plain


def _long(sheet: _Sheet, report: Report, language: Language) -> None:
    _synthetic(sheet, report, language)
    for at, words in enumerate(LONG):
        sheet.put(at, words[language], sheet.looks(bold=True, bottom=1, num_format="@"))
    sheet.next()
    for figure in report.figures:
        for row, column, cell in cells(figure):
            _long_row(sheet, figure, row, column, cell, language)


def cells(figure: Figure) -> Iterator[tuple[Row, Column, Released]]:
    """Every released number of a figure, with its row and column."""
    for row in figure.table.rows:
        for entry, column in zip(row.entries, figure.table.columns, strict=True):
            if isinstance(entry, Released) and column.kind is Kind.NUMBER:
                yield row, column, entry


def _long_row(sheet: _Sheet, figure: Figure, row: Row, column: Column, cell: Released, language: Language) -> None:
    unit = column.scale.unit.value if column.scale is not None else ""
    group = row.group[language] if row.group else ""
    for at, text in enumerate((figure.id, group, row.head[language], row.code, column.heading[language], unit)):
        sheet.put(at, text)
    for at, value in enumerate((cell.value, cell.low, cell.high), start=6):
        sheet.put(at, rounded(value))
    sheet.put(9, cell.n)
    sheet.put(10, cell.missing.value if cell.missing is not None else "")
    sheet.put(11, formats.why(cell)[language] if cell.missing is not None else "")
    sheet.next()
