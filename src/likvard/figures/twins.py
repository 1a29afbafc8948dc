"""The table twin of every chart: the same cells, the same hidden cells, so that the two can never disagree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from likvard.disclosure.cells import Released
from likvard.figures import need_of_all
from likvard.figures.charts import (
    Chart,
    Distribution,
    Expected,
    ExpectedRow,
    Funnel,
    GapTrend,
    Heat,
    Line,
    MoneyAgainstNeed,
    Panel,
    School,
    SmallMultiples,
    Status,
    Trend,
    VarianceShares,
    key_of,
    status,
)
from likvard.figures.charts_circle import CircleArrow, CircleDiagram, DomainProfile, DomainRow
from likvard.figures.charts_map import MunicipalityMap
from likvard.figures.charts_need import NeedOfAll
from likvard.figures.facts import KINDS, Fact, facts_of
from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.measures import Period, Scale, Unit
from likvard.figures.table import Column, Entry, Kind, Row, Table
from likvard.terms import Words

_SCHOOL = Words("Skola", "School")
_PERIOD = Words("År", "Year")
_INTERVAL = Words("Osäkerhet", "Uncertainty")
_PUPILS = Words("Elever", "Pupils")
_COMPARED = Words("Att jämföra med", "To compare with")
_LIMITS = (
    Words("under gränsen", "below the limit"),
    Words("innanför", "inside"),
    Words("över gränsen", "above the limit"),
)
_EXPECTED_FROM_TO = (Words("Väntat, från", "Expected, from"), Words("Väntat, till", "Expected, to"))
_NO_EDGES: tuple[None, None] = (None, None)
_EXPECTED_LAST = (
    Words("Väntat sista året, från", "Expected, last year, from"),
    Words("Väntat sista året, till", "Expected, last year, to"),
)
_SHARE = Scale(Words("Andel", "Share"), Unit.SHARE)


def same(text: str) -> Words:
    """A name or a year, which reads the same in both languages."""
    return Words(text, text)


def twin(chart: Chart, caption: Words) -> Table:
    """The table with every cell of the chart. Rows are in the chart's order: area and name, or time."""
    make: Callable[[Any, Words], Table] = _TWINS[type(chart)]
    return make(chart, caption)


def _row(school: School, *entries: Entry, kept: frozenset[int] = frozenset()) -> Row:
    if school.instead is not None and all(entry is None for entry in entries):
        entries = (school.instead, *entries[1:])
    return Row(same(school.name), entries, same(school.area) if school.area else None, school.code, kept)


def _distribution(chart: Distribution, caption: Words) -> Table:
    by_period = [{school.order: cell for school, cell in spread.own} for spread in chart.spreads]
    schools = {school.order: school for spread in chart.spreads for school, _ in spread.own}
    rows = [_row(schools[order], *(cells.get(order) for cells in by_period)) for order in sorted(schools)]
    all_schools = [
        (chart.mean, tuple(s.mean for s in chart.spreads)),
        (_edge(chart.band, "nederkant", "lower edge"), tuple(s.lower for s in chart.spreads)),
        (_edge(chart.band, "överkant", "upper edge"), tuple(s.upper for s in chart.spreads)),
    ]
    rows += [Row(head, cells, _COMPARED) for head, cells in all_schools if any(cells)]
    return Table(caption, _SCHOOL, tuple(_year(s.period, chart.scale) for s in chart.spreads), tuple(rows))


def _edge(band: Words, sv: str, en: str) -> Words:
    return Words(f"{band.sv}, {sv}", f"{band.en}, {en}")


def _year(period: Period, scale: Scale) -> Column:
    return Column(same(str(period)), Kind.NUMBER, scale)


def _expected(chart: Expected, caption: Words) -> Table:
    beside = (
        Column(Words("Resultat", "Result"), Kind.NUMBER, chart.result),
        Column(Words("Väntat", "Expected"), Kind.NUMBER, chart.result),
    )
    columns = (
        Column(chart.difference.name, Kind.NUMBER, chart.difference),
        Column(_INTERVAL, Kind.INTERVAL, chart.difference),
        Column(Words("Läge", "Position"), Kind.STATUS),
        *(beside if chart.beside else ()),
        Column(chart.counted, Kind.PUPILS),
    )
    return Table(caption, chart.head, columns, tuple(_expected_row(chart, row) for row in chart.rows))


def _expected_row(chart: Expected, r: ExpectedRow) -> Row:
    beside = (r.result, r.expected) if chart.beside else ()
    return _row(r.school, r.difference, r.difference, _status(r.difference), *beside, r.result or r.difference)


def _status(difference: Released | None) -> Status | None:
    return None if difference is None else status(difference)


def _funnel(chart: Funnel, caption: Words) -> Table:
    columns = (
        Column(chart.scale.name, Kind.NUMBER, chart.scale),
        Column(chart.size, Kind.PUPILS),
        Column(Words("Den yttre gränsen", "The outer limit"), Kind.STATUS, says=_LIMITS),
    )
    rows = (_row(school, cell, cell, _side(chart, school, cell)) for school, cell in chart.points)
    return Table(caption, _SCHOOL, columns, tuple(rows))


def _side(chart: Funnel, school: School, cell: Released) -> Status | None:
    if cell.value is None or chart.centre.value is None:
        return None
    if key_of(school) not in chart.outside:
        return Status.WITHIN
    return Status.BELOW if cell.value < chart.centre.value else Status.ABOVE


def _lines(periods: tuple[Period, ...], lines: list[tuple[Line, Scale]], caption: Words) -> Table:
    columns: list[Column] = []
    for line, scale in lines:
        columns += [Column(line.label, Kind.NUMBER, scale)]
        columns += [Column(_doubt(line.label), Kind.INTERVAL, scale)] * _doubted(line)
    rows = (
        Row(same(str(period)), tuple(line.points[i] for line, _ in lines for _ in range(1 + _doubted(line))))
        for i, period in enumerate(periods)
    )
    return Table(caption, _PERIOD, tuple(columns), tuple(rows))


def _doubted(line: Line) -> bool:
    """Whether any point has an interval: a column where none has says nothing."""
    return any(point.low is not None for point in line.points)


def _doubt(label: Words) -> Words:
    return Words(f"Osäkerhet, {label.sv}", f"Uncertainty, {label.en}")


def _gap(chart: GapTrend, caption: Words) -> Table:
    lines = [(line, chart.scale) for line in chart.groups]
    return _lines(chart.periods, [*lines, (chart.gap, chart.gap_scale)], caption)


def _trend(chart: Trend, caption: Words) -> Table:
    table = _lines(chart.periods, [(line, chart.scale) for line in chart.lines + chart.comparisons], caption)
    if not chart.edges:
        return table
    columns = tuple(Column(heading, Kind.NUMBER, chart.scale) for heading in _EXPECTED_FROM_TO)
    rows = (
        replace(row, entries=(*row.entries, *(pair or _NO_EDGES)))
        for row, pair in zip(table.rows, chart.edges, strict=True)
    )
    return Table(caption, table.head, (*table.columns, *columns), tuple(rows))


def _heat(chart: Heat, caption: Words) -> Table:
    columns = tuple(Column(s.name, Kind.NUMBER, chart.scale, s.short) for s in chart.subjects)
    blank = (None,) * len(columns)
    rows = (_row(r.school, *(r.cells or blank), kept=r.kept) for r in chart.rows)
    return Table(caption, _SCHOOL, columns, tuple(rows))


def _multiples(chart: SmallMultiples, caption: Words) -> Table:
    columns = (
        *(_year(period, chart.scale) for period in chart.periods),
        Column(Words("Osäkerhet sista året", "Uncertainty, last year"), Kind.INTERVAL, chart.scale),
    )
    edged = any(p.edges for p in chart.panels)
    last = _EXPECTED_LAST if edged else (Words("Väntat sista året", "Expected, last year"),)
    blank = (None,) * len(columns)
    rows = (_row(p.school, *((*p.own, p.own[-1]) if p.own else blank), *_awaited(p, edged)) for p in chart.panels)
    return Table(caption, _SCHOOL, (*columns, *(Column(h, Kind.NUMBER, chart.scale) for h in last)), tuple(rows))


def _awaited(panel: Panel, edged: bool) -> tuple[Entry, ...]:
    """What was expected in the last year: the two edges of a band, or one value."""
    if edged:
        return (panel.edges[-1] if panel.edges else None) or _NO_EDGES
    return (panel.expected[-1] if panel.expected else None,)


def _map(chart: MunicipalityMap, caption: Words) -> Table:
    roles = {chart.chosen: Words("rapportens kommun", "the municipality of the report")}
    roles |= dict.fromkeys(chart.compared - {chart.chosen}, Words("jämförs med", "compared with"))
    columns = (Column(Words("I kartan", "On the map")), Column(Words("Kod", "Code")))
    shown = sorted((o for o in chart.outlines if o.code in roles), key=lambda o: (o.code != chart.chosen, o.name))
    rows = (Row(same(o.name), (roles[o.code], same(o.code)), code=o.code) for o in shown)
    return Table(caption, Words("Kommun", "Municipality"), columns, tuple(rows))


def _shares(chart: VarianceShares, caption: Words) -> Table:
    columns: list[Column] = []
    for bar in chart.bars:
        columns += [Column(bar.label, Kind.NUMBER, _SHARE), Column(_doubt(bar.label), Kind.INTERVAL, _SHARE)]
    rows = (
        Row(level, tuple(cell for bar in chart.bars for cell in (bar.shares[i], bar.shares[i])))
        for i, level in enumerate(chart.levels)
    )
    return Table(caption, Words("Skillnader mellan", "Differences between"), tuple(columns), tuple(rows))


def _money(chart: MoneyAgainstNeed, caption: Words) -> Table:
    proposed = any(p.proposed is not None for p in chart.points)
    now = any(p.now is not None for p in chart.points)
    columns = [Column(chart.need.name, Kind.NUMBER, chart.need), Column(_INTERVAL, Kind.INTERVAL, chart.need)]
    before = Words(*(text[:1].upper() + text[1:] for text in (chart.before.sv, chart.before.en)))
    given = Words("Beslut", "Decision") if chart.decided else Words("Förslag", "Proposal")
    given = Words("Försök", "Attempt") if chart.tried else given
    columns += [Column(before, Kind.NUMBER, chart.money)] * now
    columns += [Column(given, Kind.NUMBER, chart.money)] * proposed
    rows = (_row(p.school, p.need, p.need, *([p.now] * now), *([p.proposed] * proposed), p.need) for p in chart.points)
    return Table(caption, _SCHOOL, (*columns, Column(_PUPILS, Kind.PUPILS)), tuple(rows))


_TURNED = Words("Omvänd i tid", "Reversed in time")
_SURE = Words("säkerställt", "clear of chance")
_MAYBE = Words("kan vara slump", "may be chance")


def _circle(chart: CircleDiagram, caption: Words) -> Table:
    columns = (
        Column(chart.scale.name, Kind.NUMBER, chart.scale),
        Column(_INTERVAL, Kind.INTERVAL, chart.scale),
        Column(Words("Prövat mot slump", "Tested against chance")),
        Column(_TURNED, Kind.NUMBER, chart.scale),
        Column(Words("Osäkerhet, omvänd", "Uncertainty, reversed"), Kind.INTERVAL, chart.scale),
    )
    order = [domain.code for domain in chart.domains]
    rows = sorted(chart.arrows, key=lambda one: (order.index(one.source), order.index(one.target)))
    return Table(caption, Words("Led", "Link"), columns, tuple(_circle_row(chart, one) for one in rows))


def _circle_row(chart: CircleDiagram, one: CircleArrow) -> Row:
    source, target = chart.name(one.source), chart.name(one.target)
    head = Words(f"till {target.sv.lower()}", f"to {target.en.lower()}")
    group = Words(f"Från {source.sv.lower()}", f"From {source.en.lower()}")
    sure = None if one.strength.value is None else _SURE if one.sure else _MAYBE
    return Row(head, (one.strength, one.strength, sure, one.placebo, one.placebo), group, f"{one.source}>{one.target}")


def _profile(chart: DomainProfile, caption: Words) -> Table:
    before, now = (str(period) for period in chart.periods)
    columns = (
        Column(same(now), Kind.NUMBER, chart.scale),
        Column(_INTERVAL, Kind.INTERVAL, chart.scale),
        Column(Words("Läge", "Position"), Kind.STATUS),
        Column(same(before), Kind.NUMBER, chart.scale),
    )
    return Table(caption, Words("Område", "Domain"), columns, tuple(_profile_row(row) for row in chart.rows))


def _profile_row(row: DomainRow) -> Row:
    if row.difference is None:
        return Row(row.name, (row.instead, None, None, None))
    return Row(row.name, (row.difference, row.difference, status(row.difference), row.before))


_TWINS: dict[type, Callable[[Any, Words], Table]] = {
    Distribution: _distribution,
    Expected: _expected,
    Funnel: _funnel,
    GapTrend: _gap,
    Trend: _trend,
    Heat: _heat,
    SmallMultiples: _multiples,
    MunicipalityMap: _map,
    VarianceShares: _shares,
    MoneyAgainstNeed: _money,
    CircleDiagram: _circle,
    DomainProfile: _profile,
    NeedOfAll: need_of_all.table,
}


def figure(
    *,
    id: str,
    question: Words,
    subtitle: Words,
    chart: Chart,
    sources: tuple[Source, ...],
    method: tuple[Explanation, ...],
    indicator: str,
    caption: Words | None = None,
    n: Released | None = None,
    facts: Mapping[str, Fact] = MappingProxyType({}),
    notes: tuple[Words, ...] = (),
) -> Figure:
    """A figure whose table and facts are made from its chart, so that they cannot disagree.

    `caption` heads the table (the subtitle if not given); `facts` adds what the chart does not know, such as
    `change`, `difference`, `explained` or `spread_change`: released cells with intervals (docs/figures.md).
    """
    table = twin(chart, caption or subtitle)
    told = {**facts_of(chart), **facts}
    return Figure(id, question, subtitle, chart, table, KINDS[type(chart)], told, sources, method, indicator, n, notes)
