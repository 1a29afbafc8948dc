"""The pages' parts as HTML: the needs map, changes, comparison, facts, legend. Classes only, no style, no script."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from likvard.disclosure.cells import Released
from likvard.disclosure.reasons import symbol
from likvard.figures import formats
from likvard.figures.card import Link, card
from likvard.figures.charts import Status, status
from likvard.figures.drawing.rows import SharedScale, interval_row, scale_header, shared_scale
from likvard.figures.drawing.shapes import Drawing
from likvard.figures.insight.changes import Changes
from likvard.figures.insight.comparison import Comparison, Criterion
from likvard.figures.insight.needs import NeedsCell, NeedsColumn, NeedsRow, NeedsTable
from likvard.figures.insight.overview import ORDERS
from likvard.figures.insight.pages import KeyFact
from likvard.figures.insight.scope import Order
from likvard.figures.interface import TEXTS, texts
from likvard.figures.measures import Scale
from likvard.figures.pictures import STATUS_WORDS, status_key
from likvard.figures.rendering import bold, explained, foot, template
from likvard.figures.views import NOT_HERE, capital, symbols_in
from likvard.figures.views import legend as legend_rows
from likvard.terms import Language, Words

__all__ = ["card", "changes", "comparison", "facts", "legend", "needs", "sentences"]

Href = Callable[[str], str]
"""From a unit's code, or a pane's or order's name, to an address."""

Extra = tuple[str, Mapping[str, Link]]
"""A column that the site adds: its heading, and by unit what stands there and where it leads (or an empty address)."""


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    label: str
    span: str = ""
    period: str = ""
    spoken: str = ""
    arrow: str = ""
    missing: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    href: str
    instead: str
    drawing: Drawing | None
    spoken: str
    distance: str
    flagged: bool
    cells: tuple[_Cell, ...]
    extra: Link | None


def needs(
    table: NeedsTable,
    language: Language,
    *,
    unit_href: Href,
    order_href: Href,
    extra: Extra | None = None,
    measure_href: Href | None = None,
    files: Sequence[Link] = (),
    heading: int = 2,
) -> Markup:
    """The needs map: a row per unit with its interval drawn, and every condition as a number with its interval.

    `extra` is a column that the site fills, such as open matters. Grouped by area unless another order was asked for.
    """
    figure = table.figure
    shared = shared_scale(table.chart) if table.chart is not None else None
    rows = [
        (row.unit.area if table.order is Order.AREA else "", _row(table, row, shared, language, unit_href, extra))
        for row in table.rows
    ]
    grouped = [(area, [row for _, row in some]) for area, some in groupby(rows, key=lambda pair: pair[0])]
    areas = any(row.unit.area for row in table.rows)  # else area and name is the order by name
    offered = [order for order in Order if areas or order is not Order.AREA] if len(rows) > 1 else []
    chosen = table.order if table.order in offered else Order.NAME
    unit = formats.unit_words(figure.table.columns[0].scale.unit)[language] if figure.table.columns[0].scale else ""
    made = template("needs.html.j2").render(
        ui=texts(language),
        question=figure.question[language],
        subtitle=figure.subtitle[language],
        verdict=sentences(table.verdict, language),
        key=status_key(language),
        axis=", ".join(filter(None, (capital(figure.table.columns[0].heading[language]), unit))),
        header=scale_header(shared, TEXTS["expected_zero"][language], language) if shared is not None else None,
        orders=[(ORDERS[one][language], order_href(one), one is chosen) for one in offered],
        columns=[_heading(column, language, measure_href) for column in table.columns],
        extra=extra[0] if extra is not None else "",
        groups=grouped,
        width=3 + len(table.columns) + (extra is not None),
        symbols=_symbols(table, language),
        method=explained(figure.method, language),
        source=foot(figure, language),
        files=files,
        h=heading,
    )
    return Markup(made)  # noqa: S704 - our own template, which escapes what it is given


def _symbols(table: NeedsTable, language: Language) -> tuple[tuple[str, str], ...]:
    """The symbols that stand in the table, and what they mean."""
    found = symbols_in(_released(table), language)
    without = any(cell.cell is None for row in table.rows for cell in row.cells) and NOT_HERE not in dict(found)
    return (*found, (NOT_HERE, TEXTS["not_here"][language])) if without else found


def _released(table: NeedsTable) -> list[Released]:
    cells = [cell.cell for row in table.rows for cell in row.cells] + [row.difference for row in table.rows]
    return [cell for cell in cells if cell is not None]


def _heading(column: NeedsColumn, language: Language, href: Href | None) -> tuple[str, str, str, str]:
    period = str(column.period)
    return column.short[language], column.heading[language], period, href(column.id) if href is not None else ""


def _row(
    table: NeedsTable,
    row: NeedsRow,
    shared: SharedScale | None,
    language: Language,
    unit_href: Href,
    extra: Extra | None,
) -> _Row:
    found = row.difference
    shown = found is not None and found.value is not None and shared is not None
    why = row.instead if row.instead is not None else found.reason if found is not None else Words("", "")
    where = status(found) if found is not None else None
    scale = table.figure.table.columns[0].scale
    return _Row(
        row.unit.name,
        unit_href(row.unit.code),
        "" if shown else capital(why[language]),
        interval_row(shared, found) if shared is not None and found is not None and shown else None,
        _spoken(found, where, scale, language) if shown and found is not None and scale is not None else "",
        formats.cell(found, scale, language) if found is not None and shown and scale is not None else "",
        where in (Status.BELOW, Status.ABOVE),
        tuple(_cell(cell, column, language) for cell, column in zip(row.cells, table.columns, strict=True)),
        extra[1].get(row.unit.code, ("–", "")) if extra is not None else None,
    )


def _spoken(found: Released, where: Status | None, scale: Scale, language: Language) -> str:
    said = STATUS_WORDS[where or Status.WITHIN][language]
    if found.low is None or found.high is None:
        return said
    return f"{said}; {TEXTS['uncertainty'][language]}: {formats.interval(found.low, found.high, scale, language)}"


def _cell(cell: NeedsCell, column: NeedsColumn, language: Language) -> _Cell:
    label, found = column.short[language], cell.cell
    if found is None:
        return _Cell(NOT_HERE, label, spoken=TEXTS["not_here"][language], missing=True)
    if found.value is None:
        sign = symbol(found.missing) if found.missing is not None else ""
        return _Cell(sign, label, spoken=formats.why(found)[language], missing=True)
    span = ""
    if found.low is not None and found.high is not None:
        span = formats.interval(found.low, found.high, column.scale, language)
    moved = {"up": "risen", "down": "fallen"}.get(cell.direction or "", "")
    return _Cell(
        formats.cell(found, column.scale, language),
        label,
        span,
        "" if cell.period is None else str(cell.period),
        TEXTS[moved][language] if moved else "",
        cell.direction or "",
    )


def changes(found: Changes, language: Language, *, unit_href: Href, heading: int = 2) -> Markup:
    """What changed since last time, unit by unit, with the sentence on false alarms."""
    by_unit = [
        (unit.name, unit_href(unit.code), [bold(item.text[language]) for item in items])
        for unit, items in groupby(found.items, key=lambda item: item.unit)
    ]
    made = template("changes.html.j2").render(
        ui=texts(language), verdict=sentences(found.verdict, language), units=by_unit, h=heading
    )
    return Markup(made)  # noqa: S704 - our own template


def comparison(
    found: Comparison,
    language: Language,
    *,
    list_href: str = "",
    own_href: str = "",
    unit_href: Href | None = None,
    heading: int = 2,
) -> Markup:
    """Who is compared: characteristics, own value, range of the others, what is left out, and the open list."""
    made = template("comparison.html.j2").render(
        ui=texts(language),
        own_group=found.own_group,
        how=found.how[language],
        left_out=found.left_out[language],
        name=found.unit.name if found.unit is not None else "",
        criteria=[_criterion(criterion, language) for criterion in found.criteria],
        units=[(unit.name, unit.area, unit_href(unit.code) if unit_href is not None else "") for unit in found.units],
        list_href=list_href,
        own_href=own_href,
        h=heading,
    )
    return Markup(made)  # noqa: S704 - our own template


def _criterion(found: Criterion, language: Language) -> tuple[str, str, str]:
    own = formats.cell(found.own, found.scale, language) if found.own is not None else "–"
    if found.low is None or found.high is None:
        return found.name[language], own, "–"
    return found.name[language], own, _span(found.low, found.high, found.scale, language)


def _span(low: float, high: float, scale: Scale, language: Language) -> str:
    sign = formats.percent_sign(language) if formats.has_percent_sign(scale) else ""
    return formats.interval(low, high, scale, language) + sign


def facts(found: Sequence[KeyFact], language: Language) -> Markup:
    """The facts at the head of a unit's page: term, value or why there is none, and a remark."""
    if not found:
        return Markup("")
    rows = [(fact.term[language], _value(fact, language), fact.remark[language]) for fact in found]
    return Markup(template("facts.html.j2").render(rows=rows))  # noqa: S704 - our own template


def _value(fact: KeyFact, language: Language) -> str:
    if fact.cell is None:
        return TEXTS["no_data"][language]
    if fact.cell.value is None:
        return capital(formats.why(fact.cell)[language])
    return formats.cell(fact.cell, fact.scale, language)


def sentences(words: Sequence[Words], language: Language) -> Markup:
    """Sentences in running text, with the fact in bold."""
    return Markup(" ").join(bold(one[language]) for one in words)


def legend(language: Language) -> Markup:
    """Every symbol that may stand in a table, with what it means."""
    made = template("legend.html.j2").render(ui=texts(language), rows=legend_rows(language))
    return Markup(made)  # noqa: S704 - our own template
