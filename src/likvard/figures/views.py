"""Tables as ready texts: what stands in each cell, what a screen reader says, which symbols need a legend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from likvard.disclosure.cells import Released
from likvard.disclosure.reasons import LEGEND, symbol
from likvard.figures import formats
from likvard.figures.charts import Status
from likvard.figures.interface import TEXTS
from likvard.figures.table import Column, Entry, Kind, Row, Table
from likvard.terms import Language, Words

NOT_HERE = "–"
"""What stands where a figure was never asked for: the school has no such pupils, or no such measure."""


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell: text, looks, words for a screen reader, status or sign."""

    text: str
    look: str = ""
    spoken: str = ""
    status: str = ""
    sign: str = ""
    span: int = 1


@dataclass(frozen=True, slots=True)
class RowView:
    """A row's head and cells."""

    head: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class HeadingView:
    """A column's heading; `short` is shown and `text` read where both are there."""

    text: str
    short: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True)
class TableView:
    """A table ready for the page."""

    caption: str
    unit: str
    head: str
    headings: tuple[HeadingView, ...]
    groups: tuple[tuple[str, tuple[RowView, ...]], ...]
    symbols: tuple[tuple[str, str], ...]
    scrolls: bool
    size: str
    length: int


def table_view(table: Table, language: Language, *, short: bool = False) -> TableView:
    """The table in one language. `short` takes the columns' short headings (the heat table)."""
    parts = groupby(table.rows, key=lambda row: row.group)
    groups = tuple(
        (group[language] if group else "", tuple(_row(row, table.columns, language) for row in rows))
        for group, rows in parts
    )
    width = len(table.columns)
    return TableView(
        table.caption[language],
        _unit(table, language),
        table.head[language],
        tuple(_heading(column, language, short) for column in table.columns),
        groups,
        symbols_in(entries(table), language),
        width > 2,
        "most" if width > 12 else "many" if width > 7 else "some" if width > 3 else "few",
        len(table.rows),
    )


def entries(table: Table) -> Iterable[Released]:
    """Every released cell of a table."""
    return (entry for row in table.rows for entry in row.entries if isinstance(entry, Released))


def symbols_in(cells: Iterable[Released], language: Language) -> tuple[tuple[str, str], ...]:
    """The symbols that stand for a missing value in these cells, with their words, in the legend's order."""
    found = {cell.missing for cell in cells if cell.value is None and cell.missing is not None}
    return tuple((LEGEND[m][0], LEGEND[m][1][language]) for m in LEGEND if m in found)


def legend(language: Language) -> tuple[tuple[str, str], ...]:
    """Every symbol once with all that it may mean; nought last."""
    texts: dict[str, list[str]] = {}
    for sign, words in LEGEND.values():
        texts.setdefault(sign, []).append(words[language])
    zero = Words("alltid en riktig nolla", "always a true zero")[language]
    return (*((sign, "; ".join(dict.fromkeys(all_))) for sign, all_ in texts.items()), ("0", zero))


def _unit(table: Table, language: Language) -> str:
    """The unit in words under the caption, when every number column shares it."""
    units = {c.scale.unit for c in table.columns if c.scale is not None}
    return capital(formats.unit_words(units.pop())[language]) if len(units) == 1 else ""


def capital(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def _heading(column: Column, language: Language, short: bool) -> HeadingView:
    text = capital(column.heading[language])
    brief = column.short[language] if short and column.short is not None else ""
    return HeadingView(text, brief if brief != text else "", "" if column.kind in (Kind.TEXT, Kind.STATUS) else "n")


def _row(row: Row, columns: tuple[Column, ...], language: Language) -> RowView:
    head = row.head[language]
    first = row.entries[0] if row.entries else None
    numeric = columns and columns[0].kind is not Kind.TEXT
    if isinstance(first, Words) and numeric and all(entry is None for entry in row.entries[1:]):
        return RowView(head, (CellView(first[language], "say", span=len(columns)),))
    cells = (
        entry_view(entry, column, language, kept=i in row.kept)
        for i, (entry, column) in enumerate(zip(row.entries, columns, strict=True))
    )
    return RowView(head, tuple(cells))


def entry_view(entry: Entry, column: Column, language: Language, *, kept: bool = False) -> CellView:
    """One entry as its column asks for it."""
    if isinstance(entry, Words):
        return CellView(entry[language])
    if isinstance(entry, Status):
        return CellView(column.said(entry)[language], status=entry)
    if entry is None:
        return CellView("", "n na", TEXTS["no_data"][language])
    if column.kind is Kind.NUMBER and column.scale is not None:
        return _number(entry, column, language, kept)
    if column.kind is Kind.INTERVAL and column.scale is not None:
        return _interval(entry, column, language)
    if entry.n is None:
        return _lacking(entry, language)
    return CellView(formats.number(entry.n, 0, language), "n")


def _lacking(entry: Released, language: Language) -> CellView:
    """What stands beside a hidden value: the same symbol and reason; nothing where a value is shown by itself."""
    hidden = symbol(entry.missing) if entry.value is None and entry.missing else ""
    return CellView(hidden, "n na", entry.reason[language] or TEXTS["no_data"][language])


def _number(entry: Released, column: Column, language: Language, kept: bool) -> CellView:
    if entry.value is None or column.scale is None:
        return CellView(symbol(entry.missing) if entry.missing else "", "n na", entry.reason[language])
    text = formats.cell(entry, column.scale, language)
    if not kept:
        return CellView(text, "n")
    below = entry.value < 0
    spoken = TEXTS["surely_below" if below else "surely_above"][language]
    return CellView(text, "n lo" if below else "n hi", spoken, sign="below" if below else "above")


def _interval(entry: Released, column: Column, language: Language) -> CellView:
    if entry.low is None or entry.high is None or column.scale is None:
        return _lacking(entry, language)
    return CellView(formats.interval(entry.low, entry.high, column.scale, language), "n")
