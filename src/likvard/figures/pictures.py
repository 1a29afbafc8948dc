"""What stands in the chart pane of a figure: drawings with their keys, or a table that is itself the chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from likvard.figures import formats
from likvard.figures.charts import (
    Break,
    Distribution,
    Expected,
    ExpectedRow,
    Funnel,
    GapTrend,
    Heat,
    MeasureTaken,
    MoneyAgainstNeed,
    Panel,
    School,
    SmallMultiples,
    Status,
    Trend,
    VarianceShares,
    status,
)
from likvard.figures.charts_circle import CircleDiagram, DomainProfile, DomainRow
from likvard.figures.charts_intervals import IntervalRow, Intervals
from likvard.figures.charts_map import MunicipalityMap
from likvard.figures.charts_need import NeedOfAll, NeedRow
from likvard.figures.drawing.axes import ValueAxis
from likvard.figures.drawing.circle import circle_diagram
from likvard.figures.drawing.distribution import distribution
from likvard.figures.drawing.funnel import funnel
from likvard.figures.drawing.intervals import intervals_axis, intervals_header, intervals_row, intervals_texts
from likvard.figures.drawing.lines import SHAPES, gap_groups, gap_itself, trend
from likvard.figures.drawing.money import money_against_need
from likvard.figures.drawing.need import need_axis, need_header, need_row
from likvard.figures.drawing.outlines import municipality_map
from likvard.figures.drawing.rows import (
    SHARE_LOOKS,
    SharedScale,
    interval_row,
    panel,
    panel_axis,
    scale_header,
    share_bar,
    shared_scale,
)
from likvard.figures.drawing.shapes import Shape
from likvard.figures.figure import Figure
from likvard.figures.interface import TEXTS
from likvard.figures.panes import BarPicture, Key, Note, PanelPicture, Picture, RowPicture
from likvard.figures.table import USUAL
from likvard.figures.views import NOT_HERE, capital, symbols_in, table_view
from likvard.terms import Language, Words

STATUS_WORDS = dict(zip(Status, USUAL, strict=True))


def picture(figure: Figure, language: Language) -> Picture | None:
    """The chart pane of a figure; None for a figure that is only a table."""
    if figure.chart is None:
        return None
    make: Callable[[Any, Figure, Language], Picture] = _PICTURES[type(figure.chart)]
    return make(figure.chart, figure, language)


def _breaks(breaks: Sequence[Break], language: Language) -> tuple[Note, ...]:
    return tuple(Note("abcdefgh"[i % 8], cut.reason[language]) for i, cut in enumerate(breaks))


def _measures(measures: Sequence[MeasureTaken], language: Language) -> tuple[Note, ...]:
    return tuple(
        Note(str(i), f"{_dates(m, language)}. {m.expected[language]} {m.outcome[language]}", m.name[language], True)
        for i, m in enumerate(measures, start=1)
    )


def _dates(taken: MeasureTaken, language: Language) -> str:
    start = formats.month(taken.start, language)
    if taken.end is None:
        return f"{'sedan' if language is Language.SV else 'since'} {start}"
    return f"{start}–{formats.month(taken.end, language)}"


def _distribution(chart: Distribution, figure: Figure, language: Language) -> Picture:
    key = [Key(chart.own[language], "f-d1", Shape.DIAMOND)]
    if any(s.rest for s in chart.spreads):
        key.append(Key(chart.rest[language], "f-dx", Shape.CIRCLE))
    if any(s.mean is not None for s in chart.spreads):
        key.append(Key(chart.mean[language], line="line k-dg"))
    if any(s.lower is not None for s in chart.spreads):
        key.append(Key(chart.band[language], "f-band", line="band"))
    drawings = (("", distribution(chart, language)),)
    return Picture("svg", tuple(key), drawings, _breaks(chart.breaks, language))


def _funnel(chart: Funnel, figure: Figure, language: Language) -> Picture:
    outer, sv, en = max((k.coverage for k in chart.limits), default=0.998), "gränser för slump", "limits of chance"
    key = [Key(Words("en skola", "one school")[language], "f-dx", Shape.CIRCLE)]
    if figure.facts.get("below"):
        key.append(Key(_outside(outer, "under", "below", language), "f-low", Shape.DOWN))
    if figure.facts.get("above"):
        key.append(Key(_outside(outer, "över", "above", language), "f-high", Shape.UP))
    key += [Key(chart.centre_label[language], line="centre"), Key(Words(sv, en)[language], line="dashed-line")]
    return Picture("svg", tuple(key), (("", funnel(chart, language)),))


def _outside(coverage: float, sv: str, en: str, language: Language) -> str:
    limit = formats.number(coverage * 100, 1, language) + formats.percent_sign(language)
    return Words(f"{sv} gränsen {limit}", f"{en} the {limit} limit")[language]


def _trend(chart: Trend, figure: Figure, language: Language) -> Picture:
    key = [Key(k.label[language], f"f-d{i + 1}", SHAPES[i], f"bar k-d{i + 1}") for i, k in enumerate(chart.lines)]
    looks = ("dashed-line", "dotted-line")
    key += [Key(k.label[language], line=look) for k, look in zip(chart.comparisons, looks, strict=False)]
    if chart.edges:
        key.append(Key(TEXTS["expected_band"][language], "f-band", line="band"))
    marks = _measures(chart.measures, language) + _breaks(chart.breaks, language)
    hidden = symbols_in((cell for line in chart.lines for cell in line.points), language)
    return Picture("svg", tuple(key), (("", trend(chart, language)),), marks, symbols=hidden)


def _gap(chart: GapTrend, figure: Figure, language: Language) -> Picture:
    key = [Key(k.label[language], f"f-d{i + 1}", SHAPES[i], f"bar k-d{i + 1}") for i, k in enumerate(chart.groups)]
    unit = formats.unit_words(chart.gap_scale.unit)[language]
    heading = ", ".join(filter(None, (TEXTS["gap_itself"][language], unit)))
    drawings = (("", gap_groups(chart, language)), (heading, gap_itself(chart, language)))
    marks = _measures(chart.measures, language) + _breaks(chart.breaks, language)
    hidden = symbols_in((cell for line in (*chart.groups, chart.gap) for cell in line.points), language)
    return Picture("svg", tuple(key), drawings, marks, symbols=hidden)


def status_key(language: Language) -> tuple[Key, ...]:
    """The three marks of below, within and above, with their words."""
    return (
        Key(STATUS_WORDS[Status.BELOW][language], "f-low", Shape.DOWN),
        Key(STATUS_WORDS[Status.WITHIN][language], "f-dx", Shape.CIRCLE),
        Key(STATUS_WORDS[Status.ABOVE][language], "f-high", Shape.UP),
    )


def _expected(chart: Expected, figure: Figure, language: Language) -> Picture:
    shared = shared_scale(chart)
    grouped = groupby(chart.rows, key=lambda row: row.school.area)
    unit = formats.unit_words(chart.difference.unit)[language]
    name = chart.difference.name[language]
    return Picture(
        "dots",
        (*status_key(language), Key(_doubt(chart)[language], line="bar k-dx")),
        caption=figure.table.caption[language],
        head=chart.head[language],
        beside=chart.beside,
        axis_name=f"{name}, {unit}" if unit else name,
        header=scale_header(shared, TEXTS["expected_zero"][language], language),
        groups=tuple((area, tuple(_expected_row(chart, r, shared, language) for r in rows)) for area, rows in grouped),
    )


def _expected_row(chart: Expected, row: ExpectedRow, shared: SharedScale, language: Language) -> RowPicture:
    found = row.difference
    if found is None or found.value is None:
        why = row.school.instead if row.school.instead is not None else found.reason if found is not None else None
        text = "" if why is None else why[language]
        return RowPicture(row.school.name, instead=capital(text))
    where = status(found) or Status.WITHIN
    spoken = STATUS_WORDS[where][language]
    if found.low is not None and found.high is not None:
        span = formats.interval(found.low, found.high, chart.difference, language)
        spoken += f"; {_doubt(chart)[language]}: {span}"
    return RowPicture(
        row.school.name,
        formats.cell(found, chart.difference, language),
        formats.cell(row.result, chart.result, language) if row.result else "",
        formats.cell(row.expected, chart.result, language) if row.expected else "",
        spoken,
        flagged=where is not Status.WITHIN,
        drawing=interval_row(shared, found),
    )


def _doubt(chart: Expected) -> Words:
    return TEXTS["uncertainty"] if chart.doubt is None else chart.doubt


def _heat(chart: Heat, figure: Figure, language: Language) -> Picture:
    key = (
        Key(TEXTS["surely_below"][language], "f-low", Shape.DOWN),
        Key(TEXTS["surely_above"][language], "f-high", Shape.UP),
    )
    return Picture("heat", key, table=table_view(figure.table, language, short=True))


def _multiples(chart: SmallMultiples, figure: Figure, language: Language) -> Picture:
    axis = panel_axis(chart)
    band = any(c.low is not None for p in chart.panels for c in p.expected) or any(p.edges for p in chart.panels)
    key = [Key(Words("skolan", "the school")[language], line="line thin k-dg")]
    if any(p.expected or p.edges for p in chart.panels):
        words = TEXTS["expected_band"][language]
        key.append(Key(words, "f-band", line="band") if band else Key(words, line="dashed-line"))
    if any(p.difference is not None for p in chart.panels):
        key += status_key(language)
    grouped = groupby(chart.panels, key=lambda p: p.school.area)
    panels = tuple((area, tuple(_panel(chart, p, axis, language) for p in some)) for area, some in grouped)
    return Picture(
        "multiples", tuple(key), marks=_breaks(chart.breaks, language), axes=_axes(chart, axis, language), panels=panels
    )


def _axes(chart: SmallMultiples, axis: ValueAxis, language: Language) -> str:
    lines = formats.listed(tuple(formats.number(t, 0, language) for t in axis.ticks), language)
    sign = formats.percent_sign(language) if formats.has_percent_sign(chart.scale) else ""
    unit = sign or (formats.NBSP + formats.unit_words(chart.scale.unit)[language]).rstrip()
    first, last = chart.periods[0], chart.periods[-1]
    return Words(
        f"I alla rutor: {first} till {last}, linjer vid {lines}{unit}. Strecket vid sista punkten är osäkerheten.",
        f"In all panels: {first} to {last}, lines at {lines}{unit}. The bar at the last point is the uncertainty.",
    )[language]


def _panel(chart: SmallMultiples, one: Panel, axis: ValueAxis, language: Language) -> PanelPicture:
    known = [cell for cell in one.own if cell is not None]
    if all(cell.value is None for cell in known):
        why = one.school.instead if one.school.instead is not None else known[-1].reason if known else None
        text = "" if why is None else why[language]
        return PanelPicture(one.school.name, instead=capital(text))
    last = known[-1]
    text = "" if last.value is None else formats.cell(last, chart.scale, language)
    parts = [] if last.value is not None else [f"{chart.periods[-1]}: {last.reason[language]}"]
    awaited = one.expected[-1] if one.expected else None
    if awaited is not None and awaited.value is not None and last.value is not None:
        parts.append(f"{TEXTS['expected_zero'][language]} {formats.cell(awaited, chart.scale, language)}")
    elif one.edges and (span := one.band(-1)) is not None and last.value is not None:
        parts.append(f"{TEXTS['expected_zero'][language]} {formats.interval(*span, chart.scale, language)}")
    found = status(one.difference) if one.difference is not None else None
    if found in (Status.BELOW, Status.ABOVE):
        parts.append(STATUS_WORDS[found][language])
    return PanelPicture(
        one.school.name, panel(chart, one, axis), text, (" · " if text and parts else "") + " · ".join(parts)
    )


def _map(chart: MunicipalityMap, figure: Figure, language: Language) -> Picture:
    name = next(o.name for o in chart.outlines if o.code == chart.chosen)
    key = [Key(name, "f-dg", "square-swatch")]
    if chart.compared - {chart.chosen}:
        key.append(Key(Words("jämförs med", "compared with")[language], "swatch land compared", "square-swatch"))
    return Picture("map", tuple(key), map=municipality_map(chart))


def _shares(chart: VarianceShares, figure: Figure, language: Language) -> Picture:
    return Picture("shares", bars=tuple(_bar(chart, i, figure, language) for i in range(len(chart.bars))))


def _bar(chart: VarianceShares, index: int, figure: Figure, language: Language) -> BarPicture:
    bar, looks = chart.bars[index], SHARE_LOOKS[len(chart.levels)]
    column = figure.table.columns[2 * index].scale
    key = []
    for level, cell, look in zip(chart.levels, bar.shares, looks, strict=True):
        text = f"{level[language]} {formats.cell(cell, column, language)}" if column else level[language]
        if column and cell.low is not None and cell.high is not None:
            text += f" ({formats.interval(cell.low, cell.high, column, language)})"
        key.append(Key(text if cell.value is not None else f"{text} {cell.reason[language]}", look, "square-swatch"))
    desc = ", ".join(k.text for k in key)
    return BarPicture(capital(bar.label[language]), share_bar(chart, index, language), desc, tuple(key))


def _money(chart: MoneyAgainstNeed, figure: Figure, language: Language) -> Picture:
    key = []
    if any(p.now is not None for p in chart.points):
        key.append(Key(chart.before[language], "ring-now", Shape.RING))
    if any(p.proposed is not None for p in chart.points):
        key.append(Key(chart.given[language], "f-d1", Shape.DIAMOND))
    if chart.named and any(p.proposed is not None for p in chart.points):
        key.append(
            Key(
                Words("behov som inte får något extra", "need that gets nothing extra")[language], "f-d2", Shape.DIAMOND
            )
        )
    if chart.full is not None:
        key.append(Key(Words("efter behov, utan gränser", "by need, without limits")[language], line="dashed-line"))
    return Picture("svg", tuple(key), (("", money_against_need(chart, language)),))


def _circle(chart: CircleDiagram, figure: Figure, language: Language) -> Picture:
    key = []
    if any(one.sure for one in chart.drawn):
        text = Words("säkerställt led, tjocklek = styrka", "link clear of chance, width = size")
        key.append(Key(text[language], line="arrow k-d1"))
    if not all(one.sure for one in chart.drawn):
        key.append(Key(Words("kan vara slump", "may be chance")[language], line="arrow k-dx dash"))
    return Picture("circle", tuple(key), circles=circle_diagram(chart, language))


def _profile(chart: DomainProfile, figure: Figure, language: Language) -> Picture:
    known = tuple(ExpectedRow(School(row.name.en), row.difference) for row in chart.rows if row.difference)
    shared = shared_scale(Expected(known, chart.scale, chart.scale))
    return Picture(
        "dots",
        (*status_key(language), Key(TEXTS["uncertainty"][language], line="bar k-dx")),
        caption=figure.table.caption[language],
        head=figure.table.head[language],
        beside=False,
        axis_name=chart.scale.name[language],
        header=scale_header(shared, TEXTS["expected_zero"][language], language),
        groups=(("", tuple(_profile_row(chart, row, shared, language) for row in chart.rows)),),
    )


def _profile_row(chart: DomainProfile, row: DomainRow, shared: SharedScale, language: Language) -> RowPicture:
    found = row.difference
    if found is None or found.value is None:
        why = found.reason if found is not None else row.instead
        return RowPicture(row.name[language], instead=capital("" if why is None else why[language]))
    where = status(found) or Status.WITHIN
    spoken = STATUS_WORDS[where][language]
    if found.low is not None and found.high is not None:
        spoken += (
            f"; {TEXTS['uncertainty'][language]}: {formats.interval(found.low, found.high, chart.scale, language)}"
        )
    return RowPicture(
        row.name[language],
        formats.cell(found, chart.scale, language),
        spoken=spoken,
        flagged=where is not Status.WITHIN,
        drawing=interval_row(shared, found),
    )


def _need(chart: NeedOfAll, figure: Figure, language: Language) -> Picture:
    axis = need_axis(chart)
    grouped = groupby(chart.rows, key=lambda row: row.area)
    shorts = (Words("Behov", "Need"), Words("Mot väntat", "To expected"), Words("Kr per elev", "SEK a pupil"))
    return Picture(
        "dots",
        (
            Key(Words("skolans behov", "the school's need")[language], "f-d1", Shape.DIAMOND),
            Key(TEXTS["uncertainty"][language], line="bar k-d1"),
        ),
        caption=figure.table.caption[language],
        head=figure.table.head[language],
        heads=(shorts[0][language], shorts[1][language], shorts[2][language]),
        axis_name=chart.need.name[language],
        header=need_header(axis, chart.whole, language),
        groups=tuple((area, tuple(_need_row(chart, r, axis, language) for r in rows)) for area, rows in grouped),
        symbols=_beside_need(chart, language),
    )


def _beside_need(chart: NeedOfAll, language: Language) -> tuple[tuple[str, str], ...]:
    """The symbols that stand for results and money that are not shown beside a need."""
    beside = [cell for row in chart.rows if row.shown for cell in (row.difference, row.money)]
    found = symbols_in((cell for cell in beside if cell is not None), language)
    without = None in beside and NOT_HERE not in dict(found)
    return (*found, (NOT_HERE, TEXTS["not_here"][language])) if without else found


def _need_row(chart: NeedOfAll, row: NeedRow, axis: ValueAxis, language: Language) -> RowPicture:
    found = row.need
    if found is None or found.value is None:
        why = found.reason if found is not None else row.instead
        return RowPicture(row.name, instead=capital("" if why is None else why[language]))
    spoken = ""
    if found.low is not None and found.high is not None:
        spoken = f"{TEXTS['uncertainty'][language]}: {formats.interval(found.low, found.high, chart.need, language)}"
    return RowPicture(
        row.name,
        formats.cell(found, chart.need, language),
        formats.cell(row.difference, chart.difference, language) if row.difference else NOT_HERE,
        formats.cell(row.money, chart.money, language) if row.money else NOT_HERE,
        spoken,
        drawing=need_row(axis, found),
    )


_DOUBT = Words("Osäkerhet", "Uncertainty")


def _intervals(chart: Intervals, figure: Figure, language: Language) -> Picture:
    axis = intervals_axis(chart)
    key = [Key(chart.own[language], "f-d1", Shape.CIRCLE, "bar k-d1")]
    also = ((chart.beside, "ring-now", Shape.DIAMOND, ""), (chart.covered, "f-band", "", "band"))
    key += [Key(words[language], look, shape, line) for words, look, shape, line in also if words is not None]
    last = chart.beside or chart.covered or chart.counted
    return Picture(
        "dots",
        tuple(key),
        caption=figure.table.caption[language],
        head=chart.head[language],
        heads=(chart.scale.name[language], _DOUBT[language], capital(last[language])),
        header=intervals_header(axis, language),
        groups=(("", tuple(_interval_row(chart, row, axis, language) for row in chart.rows)),),
    )


def _interval_row(chart: Intervals, row: IntervalRow, axis: ValueAxis, language: Language) -> RowPicture:
    if row.own.value is None:
        return RowPicture(capital(row.name[language]), instead=capital(row.own.reason[language]))
    own = formats.cell(row.own, chart.scale, language)
    return RowPicture(
        capital(row.name[language]), own, *intervals_texts(chart, row, language), drawing=intervals_row(axis, row)
    )


_PICTURES: dict[type, Callable[[Any, Figure, Language], Picture]] = {
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
    NeedOfAll: _need,
    Intervals: _intervals,
}
