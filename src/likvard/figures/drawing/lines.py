"""Lines over time: curves with ribbons, cut at breaks and at hidden years, with measures drawn as numbered bands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from likvard.disclosure.cells import Released
from likvard.disclosure.reasons import symbol
from likvard.figures import formats
from likvard.figures.charts import Break, Edges, GapTrend, Line, MeasureTaken, Trend, between
from likvard.figures.drawing.axes import TimeAxis, ValueAxis, draw_periods, draw_values, path, pushed_apart, value_axis
from likvard.figures.drawing.shapes import Block, Curve, Drawing, Mark, Rule, Shape, Text
from likvard.figures.measures import Scale, position, position_of_day
from likvard.terms import Language

LEFT, RIGHT = 11.0, 84.0
SHAPES = (Shape.CIRCLE, Shape.SQUARE, Shape.DIAMOND)
TREND_HEIGHT, GAP_HEIGHT = 300.0, 190.0
_TOP, _FOOT, _BANDS = 26.0, 26.0, 24.0


def trend(chart: Trend, language: Language) -> Drawing:
    """One to three lines with ribbons, and dashed comparisons without."""
    return _together(chart, chart.lines, chart.comparisons, language)


def gap_groups(chart: GapTrend, language: Language) -> Drawing:
    """The upper half of a gap trend: the groups."""
    return _together(chart, chart.groups, (), language)


def _together(
    chart: Trend | GapTrend, lines: Sequence[Line], comparisons: Sequence[Line], language: Language
) -> Drawing:
    drawing = Drawing(TREND_HEIGHT)
    time = _time(chart)
    top = _TOP + (_BANDS if chart.measures or chart.breaks else 0)
    edges = chart.edges if isinstance(chart, Trend) else ()
    seen = _values([*lines, *comparisons]) + [v for i in range(len(edges)) for v in between(edges, i) or ()]
    axis = value_axis(chart.scale, seen, top, TREND_HEIGHT - _FOOT)
    _draw_measures(drawing, time, chart.measures, axis)
    _draw_edges(drawing, axis, time, edges, chart.breaks)
    draw_values(drawing, axis, language)
    draw_periods(drawing, time, TREND_HEIGHT - 6)
    draw_breaks(drawing, time, chart.breaks, axis)
    for line, look in zip(comparisons, ("dashed", "dotted"), strict=False):
        draw_line(drawing, axis, time, line.points, chart.breaks, look, None)
    for i, line in enumerate(lines):
        draw_line(drawing, axis, time, line.points, chart.breaks, f"d{i + 1}", SHAPES[i])
    _draw_symbols(drawing, axis, time, lines)
    ends = [end for line in comparisons for end in _end(axis, line, language, "")]
    _draw_ends(drawing, ends + [end for line in lines for end in _end(axis, line, language, "b")], axis, time)
    return drawing


AFTER = 0.35
"""Years of room after the start of a measure that began when the last figure was measured already."""


def _time(chart: Trend | GapTrend) -> TimeAxis:
    """The axis of time, with room for measures that began after the last year: their curve has not come so far yet."""
    last = position(chart.periods[-1])
    later = [position_of_day(taken.start) for taken in chart.measures if position_of_day(taken.start) > last]
    return TimeAxis(chart.periods, LEFT, RIGHT, until=max(later, default=0.0) + AFTER if later else 0.0)


def gap_itself(chart: GapTrend, language: Language) -> Drawing:
    """The lower half: the gap by itself, with its own interval, from zero."""
    drawing = Drawing(GAP_HEIGHT)
    time = _time(chart)
    axis = value_axis(chart.gap_scale, _values((chart.gap,)), _TOP, GAP_HEIGHT - _FOOT, zero=True)
    draw_values(drawing, axis, language)
    draw_periods(drawing, time, GAP_HEIGHT - 6)
    draw_breaks(drawing, time, chart.breaks, axis, lettered=False)
    draw_line(drawing, axis, time, chart.gap.points, chart.breaks, "dg", Shape.CIRCLE)
    _draw_symbols(drawing, axis, time, (chart.gap,))
    _draw_ends(drawing, _end(axis, chart.gap, language, "b"), axis, time)
    return drawing


def _values(lines: Iterable[Line]) -> list[float]:
    return [
        value
        for line in lines
        for cell in line.points
        for value in (cell.value, cell.low, cell.high)
        if value is not None
    ]


def runs(points: Sequence[Released | None], time: TimeAxis, breaks: Sequence[Break]) -> list[list[int]]:
    """Positions that a line may join: neighbours with a value, no break and no missing period between them."""
    cuts = [position(b.before) for b in breaks]
    places = [position(p) for p in time.periods]
    usual = min((b - a for a, b in pairwise(places)), default=1.0)
    found: list[list[int]] = []
    for i, cell in enumerate(points):
        if cell is None or cell.value is None:
            continue
        joined = found and found[-1][-1] == i - 1 and places[i] - places[i - 1] < 1.5 * usual
        crossed = any(places[i - 1] < cut <= places[i] for cut in cuts) if i else False
        if joined and not crossed:
            found[-1].append(i)
        else:
            found.append([i])
    return found


def draw_line(
    drawing: Drawing,
    axis: ValueAxis,
    time: TimeAxis,
    points: Sequence[Released],
    breaks: Sequence[Break],
    look: str,
    shape: Shape | None,
) -> None:
    """A line with its ribbon and marks, or without (a comparison). A lone point gets a bar, a range a wide one."""
    xs = [time.x(p) for p in time.periods]
    for run in runs(points, time, breaks):
        if shape is not None:
            _draw_doubt(drawing, axis, [(xs[i], points[i]) for i in run], look)
        drawing.curves.append(Curve(path((xs[i], axis.of(points[i].value or 0.0)) for i in run), f"line k-{look}"))
        if shape is not None:
            drawing.marks += [Mark(xs[i], axis.of(points[i].value or 0.0), shape, f"f-{look}") for i in run]
    for x, cell in zip(xs, points, strict=True):
        if cell.value is None and cell.low is not None and cell.high is not None and shape is not None:
            drawing.over.append(Rule(x, axis.of(cell.low), x, axis.of(cell.high), f"range k-{look}"))


def _draw_edges(drawing: Drawing, axis: ValueAxis, time: TimeAxis, edges: Edges, breaks: Sequence[Break]) -> None:
    """The band in which the first line is expected to lie."""
    for run in runs([pair[0] if pair and between(edges, i) else None for i, pair in enumerate(edges)], time, breaks):
        bounds = [(time.x(time.periods[i]), between(edges, i)) for i in run]
        drawing.curves.append(band_curve([(x, axis.of(b[0]), axis.of(b[1])) for x, b in bounds if b is not None]))


def band_curve(band: list[tuple[float, float, float]]) -> Curve:
    """The band between (x, low, high); a single place gets a short one."""
    if len(band) == 1:
        x, low, high = band[0]
        band = [(x - 1.5, low, high), (x + 1.5, low, high)]
    edge = [(x, high) for x, _, high in band] + [(x, low) for x, low, _ in reversed(band)]
    return Curve(path(edge, closed=True), "expected-band")


def _draw_doubt(drawing: Drawing, axis: ValueAxis, run: list[tuple[float, Released]], look: str) -> None:
    sides = [(x, axis.of(c.low), axis.of(c.high)) for x, c in run if c.low is not None and c.high is not None]
    if len(sides) == 1:
        x, low, high = sides[0]
        drawing.over.append(Rule(x, low, x, high, f"bar k-{look}"))
    elif sides:
        edge = [(x, high) for x, _, high in sides] + [(x, low) for x, low, _ in reversed(sides)]
        drawing.curves.append(Curve(path(edge, closed=True), f"ribbon f-{look}"))


def _draw_symbols(drawing: Drawing, axis: ValueAxis, time: TimeAxis, lines: Sequence[Line]) -> None:
    """The symbol of every hidden value, above the axis in its year: nothing disappears silently."""
    for i, period in enumerate(time.periods):
        hidden = [line.points[i].missing for line in lines if line.points[i].value is None]
        signs = dict.fromkeys(symbol(missing) for missing in hidden if missing is not None)
        if signs:
            drawing.texts.append(Text(time.x(period), axis.bottom - 5, " ".join(signs), "m halo"))


def _draw_measures(drawing: Drawing, time: TimeAxis, measures: Sequence[MeasureTaken], axis: ValueAxis) -> None:
    first, last = time.span
    for i, taken in enumerate(measures, start=1):
        start = min(max(position_of_day(taken.start), first), last)
        end = last if taken.end is None else min(max(position_of_day(taken.end), start), last)
        x, width = time.at(start), time.at(end) - time.at(start)
        drawing.blocks.append(Block(x, axis.top, max(width, 0.6), axis.bottom - axis.top, "measure"))
        drawing.marks.append(Mark(x, 14, Shape.CIRCLE, "badge", title=str(i), radius=9))
        drawing.texts.append(Text(x, 18.5, str(i), "m badge-text"))


def draw_breaks(
    drawing: Drawing, time: TimeAxis, breaks: Sequence[Break], axis: ValueAxis, *, lettered: bool = True
) -> None:
    """A thin line where the measure changed, with the letter of its reason in the list below the chart."""
    for i, cut in enumerate(breaks):
        x = time.between(cut.before)
        drawing.over.append(Rule(x, axis.top - (8 if lettered else 0), x, axis.bottom, "break"))
        if lettered:
            drawing.marks.append(Mark(x, 14, Shape.RING, "badge-ring", radius=9))
            drawing.texts.append(Text(x, 18.5, "abcdefgh"[i % 8], "m b"))


def _end(axis: ValueAxis, line: Line, language: Language, look: str) -> list[tuple[float, str, str]]:
    value = line.points[-1].value
    if value is None:
        return []
    text = formats.bare(value, axis.scale, language)
    return [(axis.of(value), text + _sign(axis.scale, language), look)]


def _sign(scale: Scale, language: Language) -> str:
    return formats.percent_sign(language) if formats.has_percent_sign(scale) else ""


def _draw_ends(drawing: Drawing, ends: Sequence[tuple[float, str, str]], axis: ValueAxis, time: TimeAxis) -> None:
    x = time.x(time.periods[-1])
    places = pushed_apart([y for y, _, _ in ends], 16, axis.top - 4, axis.bottom)
    for y, (_, text, look) in zip(places, ends, strict=True):
        drawing.texts.append(Text(x, y + 5, text, f"halo {look}".strip(), dx=9))
