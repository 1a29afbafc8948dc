"""The needs map: every unit on one page, with results against the expected and the conditions around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from likvard.disclosure.cells import Released
from likvard.disclosure.publication import Publication
from likvard.figures.chapters.deviations import METHOD_EXPECTED
from likvard.figures.charts import Break, Expected, ExpectedRow, School
from likvard.figures.facts import facts_of
from likvard.figures.figure import Explanation, Figure
from likvard.figures.insight import measured as m
from likvard.figures.insight.reading import Found, cell, intake, newest, pooled, read, source
from likvard.figures.insight.scope import Order, Scope, UnitInfo
from likvard.figures.measures import Period, Scale, swedish_order
from likvard.figures.sentences import marked
from likvard.figures.table import Column, Entry, Kind, Row, Table
from likvard.terms import Missing, Words


class Direction(StrEnum):
    """Which way a value moved since the year before; said only where the change is clear of chance."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class NeedsColumn:
    """One measure of the needs map: what it is, in which period, on which scale.

    `others` are the measures that stand in its place where a unit does not have it.
    """

    id: str
    heading: Words
    short: Words
    scale: Scale
    period: Period
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedsCell:
    """One value; `change` is newest minus the year before with its interval, where it was published.

    `cell` None: the measure is not for this unit (another form of school). `kept`: the change survives the budget.
    `period` is when it was, where that is not the column's period: the survey asks a school every second year.
    """

    cell: Released | None
    change: Released | None = None
    kept: bool = False
    period: Period | None = None

    @property
    def direction(self) -> Direction | None:
        """Up or down only where the change survives the false-alarm budget."""
        if not self.kept or self.change is None or self.change.value is None:
            return None
        return Direction.UP if self.change.value > 0 else Direction.DOWN


@dataclass(frozen=True, slots=True)
class NeedsRow:
    """One unit: its distance from the expected, or `instead` the reason why it has none, and a cell per column."""

    unit: UnitInfo
    difference: Released | None
    instead: Words | None
    cells: tuple[NeedsCell, ...]


@dataclass(frozen=True, slots=True)
class NeedsTable:
    """Every unit on one page. Rows stand in the order asked for, which is never by result.

    `chart` holds the distances and gives all rows one scale; None where no unit has any. `figure` is the same table
    as a figure, for files.
    """

    figure: Figure
    verdict: tuple[Words, ...]
    chart: Expected | None
    columns: tuple[NeedsColumn, ...]
    rows: tuple[NeedsRow, ...]
    order: Order
    breaks: tuple[Break, ...] = ()


SHOWN = {
    m.MERIT: (),
    m.ALL_SUBJECTS: (m.ALL_SUBJECTS_6,),
    m.DIPLOMA: (),
    m.SAFETY: (m.SAFETY_5, m.SAFETY_UPPER),
    m.CALM: (m.CALM_5, m.CALM_UPPER),
    m.ABSENT: (),
    m.TEACHERS: (),
    m.TURNOVER: (),
    m.CROWNS: (),
    m.TERTIARY: (),
}
"""The columns, in their order: results, safety and calm, absence, staff, money, need. Beside each, what stands in its
place where a unit does not have it: year 6, or the survey of another year. A column that no unit has is left out."""

INDEX = "need_index"
NEED = m.TERTIARY
"""What "need" orders by: the index of need, the highest first; where no index is published, the share of pupils with a
parent who has post-secondary education, the lowest first."""

NOT_COMPARED = Words(
    "Jämförs inte: för få elever i årskurs 9 eller okänd sammansättning",
    "Not compared: too few in year 9, or intake unknown",
)
NO_GRADES = Words("Har inga betyg av det här slaget", "Has no grades of this kind")
NO_YEAR_NINE = Words("Har ingen årskurs 9", "Has no year 9")
UPPER = Words("Gymnasieskola: har inget väntat meritvärde", "Upper secondary school: has no expected merit value")

_METHOD = (
    Explanation(
        Words("Pilarna", "The arrows"),
        Words(
            "En pil står bara där ändringen sedan året före är mer än slump, när alla skolors ändringar prövats "
            "tillsammans. Ingen pil betyder att det inte går att säga att något har ändrats.",
            "An arrow stands only where the change since the year before is more than chance, with the changes of "
            "all schools tested together. No arrow means that we cannot say that anything has changed.",
        ),
    ),
    Explanation(
        Words("Andra årskurser", "Other years"),
        Words(
            "Alla ämnen gäller årskurs 9 där skolan har den, annars årskurs 6. Trygghet och studiero är svar från årskurs 8 där skolan har den, annars från årskurs 5, i gymnasiet från år 2. Hälften av skolorna "
            "svarar varje år: där årets svar saknas står förra årets.",
            "All subjects is about year 9 where the school has it, otherwise year 6. Safety and calm are answers from "
            "year 8 where the school has it, otherwise from year 5, in upper secondary from year 2. Half "
            "of the schools answer each year: where this year's answers are missing, last year's stand.",
        ),
    ),
)

_BY_INDEX = Explanation(
    Words("Behov", "Need"),
    Words(
        "Ordningen efter behov går efter behovsindex, högst först. Det är elevernas förutsättningar, inte ett betyg på "
        "skolan. Skolor utan uppgift står sist.",
        "The order by need goes by the index of need, the highest first. It is the pupils' conditions, not a mark of the "
        "school. Schools without the figure stand last.",
    ),
)
_BY_EDUCATION = Explanation(
    Words("Behov", "Need"),
    Words(
        "Ordningen efter behov går efter andelen elever med minst en förälder som har eftergymnasial utbildning, "
        "lägst andel först. Skolor utan uppgift står sist.",
        "The order by need goes by the share of pupils with at least one parent who has post-secondary "
        "education, the lowest share first. Schools without the figure stand last.",
    ),
)


def needs(pub: Publication, scope: Scope, units: Sequence[UnitInfo], order: Order) -> NeedsTable:
    """The needs map of these units, in the order asked for."""
    codes = {unit.code for unit in units}
    asked = [INDEX, *(id for one, others in SHOWN.items() for id in (one, *others))]
    years = {year - back for id in asked if (year := newest(pub, id)) is not None for back in (0, 1)}
    found = read(pub, scope, measure=asked, aspect=("observed", "change", "difference"), level="unit", years=years)
    there = {place.measure for place, _ in found.places() if place.aspect == "observed" and place.area in codes}
    columns = tuple(
        _column(id, others, year)
        for id, others in SHOWN.items()
        if (year := newest(pub, id)) is not None and there & {id, *others}
    )
    last = max(pooled(pub), default=0)
    rows = tuple(_row(unit, columns, found, last) for unit in ordered(units, order, _need(found, pub)))
    chart = _chart(rows)
    facts = facts_of(chart) if chart is not None else {"schools": 0, "hidden": 0, "without": 0}
    figure = _figure(pub, scope, columns, rows, last)
    return NeedsTable(figure, marked("needs", facts), chart, columns, rows, order)


def ordered(units: Iterable[UnitInfo], order: Order, need: dict[str, float]) -> list[UnitInfo]:
    """The units by area and name, by name, or by need with the greatest need first and unknown need last."""
    by_area = sorted(units, key=lambda u: u.school.order)
    if order is Order.AREA:
        return by_area
    by_name = sorted(by_area, key=lambda u: swedish_order(u.name))
    if order is Order.NAME:
        return by_name
    return sorted(by_name, key=lambda u: need.get(u.code, float("inf")))


def _need(found: Found, pub: Publication) -> dict[str, float]:
    """What units are put in order by, the greatest need as the smallest number."""
    measure, sign = (NEED, 1) if newest(pub, INDEX) is None else (INDEX, -1)
    return {
        place.area: sign * published.cell.value
        for place, published in found.places()
        if place.measure == measure
        and place.aspect == "observed"
        and place.year == newest(pub, measure)
        and published.cell.value is not None
    }


def _column(id: str, others: tuple[str, ...], year: int) -> NeedsColumn:
    what = m.measured(id)
    return NeedsColumn(id, what.name, what.short, what.scale, what.period(year), others)


def _year(column: NeedsColumn) -> int:
    return column.period if isinstance(column.period, int) else column.period.start


def _row(unit: UnitInfo, columns: Sequence[NeedsColumn], found: Found, last: int) -> NeedsRow:
    difference = cell(found.of(m.MERIT, "difference", unit.code, last))
    return NeedsRow(
        unit,
        difference,
        None if difference is not None else why_not_compared(unit),
        tuple(_cell(found, column, unit.code) for column in columns),
    )


def why_not_compared(unit: UnitInfo) -> Words:
    """Why a unit has no distance from the expected."""
    if unit.instead is not None:
        return unit.instead
    if unit.forms and "GR" not in unit.forms:
        return UPPER if {"GY", "GYAN"} & set(unit.forms) else NO_GRADES
    return NO_YEAR_NINE if unit.years and not unit.years.endswith("9") else NOT_COMPARED


def _cell(found: Found, column: NeedsColumn, code: str) -> NeedsCell:
    """The newest figure of the measure or of what stands in its place, and why it is hidden if it is.

    Where nobody asked in the newest year, the year before stands; never where the newest is hidden.
    """
    last = _year(column)
    places = [(id, last - back) for back in (0, 1) for id in (column.id, *column.others)]
    asked = [(id, year, now) for id, year in places if (now := found.of(id, "observed", code, year)) is not None]
    told = (one for one in asked if one[2].cell.missing is not Missing.NOT_COLLECTED)
    shown = next(told, asked[0] if asked else None)
    if shown is None:
        return NeedsCell(None)
    id, year, now = shown
    moved = found.of(id, "change", code, year)
    earlier = m.measured(id).period(year) if year != last else None
    return NeedsCell(now.cell, cell(moved), moved is not None and moved.kept, earlier)


def _chart(rows: Sequence[NeedsRow]) -> Expected | None:
    what = m.measured(m.MERIT)
    drawn = tuple(ExpectedRow(_school(row), row.difference) for row in rows)
    return Expected(drawn, what.difference, what.scale) if any(r.difference is not None for r in drawn) else None


def _school(row: NeedsRow) -> School:
    return School(row.unit.name, row.unit.area, row.unit.code, row.instead)


def _figure(
    pub: Publication, scope: Scope, columns: Sequence[NeedsColumn], rows: Sequence[NeedsRow], last: int
) -> Figure:
    """The needs map as a figure without a chart, with every value, interval and change."""
    what = m.measured(m.MERIT)
    heads = [Column(what.difference.name, Kind.NUMBER, what.difference), Column(_DOUBT, Kind.INTERVAL, what.difference)]
    for column in columns:
        heads.append(Column(column.heading, Kind.NUMBER, column.scale, column.short))
        heads.append(Column(_changed(column), Kind.NUMBER, m.change_scale(m.measured(column.id))))
    table = Table(
        Words(f"Skolorna i {scope.name}", f"The schools of {scope.name}"),
        Words("Skola", "School"),
        tuple(heads),
        tuple(_table_row(row) for row in rows),
    )
    span = m.years_text(pooled(pub)) if last else ""
    return Figure(
        id="needs",
        question=Words("Hur långt från det väntade är varje skola?", "How far from the expected is each school?"),
        subtitle=Words(
            f"Meritvärde i årskurs 9, {span}, med hänsyn till {intake(pub).sv}; bredvid står skolans villkor",
            f"Merit value in year 9, {span}, allowing for {intake(pub).en}; beside it the school's conditions",
        ),
        chart=None,
        table=table,
        kind="table",
        facts={"schools": len(rows), "hidden": sum(_hidden(row) for row in rows)},
        sources=source(pub, *(column.id for column in columns)),
        method=(*METHOD_EXPECTED, *_METHOD, _BY_EDUCATION if newest(pub, INDEX) is None else _BY_INDEX),
        indicator=m.MERIT,
    )


_DOUBT = Words("Osäkerhet", "Uncertainty")


def _changed(column: NeedsColumn) -> Words:
    return Words(f"{column.short.sv}, ändring sedan året före", f"{column.short.en}, change since the year before")


def _table_row(row: NeedsRow) -> Row:
    entries: list[Entry] = [row.difference if row.difference is not None else row.instead, row.difference]
    kept = set()
    for cell_ in row.cells:
        entries += [cell_.cell, cell_.change]
        if cell_.kept:
            kept.add(len(entries) - 1)
    group = Words(row.unit.area, row.unit.area) if row.unit.area else None
    return Row(Words(row.unit.name, row.unit.name), tuple(entries), group, row.unit.code, frozenset(kept))


def _hidden(row: NeedsRow) -> int:
    return sum(c.cell is not None and c.cell.value is None for c in row.cells)
