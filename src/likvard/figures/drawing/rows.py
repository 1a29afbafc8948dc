"""Small drawings that repeat on one scale: an interval per row, a panel per school, a bar of shares."""

from __future__ import annotations

from dataclasses import dataclass

from likvard.disclosure.cells import Released
from likvard.figures import formats
from likvard.figures.charts import Expected, Panel, SmallMultiples, Status, VarianceShares, status
from likvard.figures.drawing.axes import TimeAxis, ValueAxis, path, value_axis
from likvard.figures.drawing.lines import band_curve, runs
from likvard.figures.drawing.shapes import NARROW, Block, Curve, Drawing, Mark, Rule, Shape, Text
from likvard.terms import Language

ROW, PANEL, BAR = 30.0, 88.0, 34.0

STATUS_MARK = {
    Status.BELOW: (Shape.DOWN, "low"),
    Status.WITHIN: (Shape.CIRCLE, "dx"),
    Status.ABOVE: (Shape.UP, "high"),
}


@dataclass(frozen=True, slots=True)
class SharedScale:
    """One horizontal scale for every row of an interval dot plot."""

    axis: ValueAxis

    def x(self, value: float) -> float:
        """Per cent of a difference as released."""
        return self.axis.of(value)


def shared_scale(chart: Expected) -> SharedScale:
    """Limits that hold every interval, and zero, with room for the marks."""
    values = [
        v
        for row in chart.rows
        if row.difference is not None
        for v in (row.difference.value, row.difference.low, row.difference.high)
        if v is not None
    ]
    return SharedScale(value_axis(chart.difference, values, 97.0, 3.0, wanted=6, zero=True, snug=True))


def scale_header(shared: SharedScale, expected: str, language: Language) -> Drawing:
    """The axis above the rows: ticks with sign, and the word for zero. Those `between` give way where the column is narrow."""
    drawing = Drawing(22)
    kept: dict[float, float] = {}
    for tick in sorted(shared.axis.ticks, key=abs):
        x = shared.axis.y(tick)
        room = min(x, 100 - x) * NARROW / 100 >= 12
        if room and all(abs(x - other) * NARROW / 100 >= 52 for other in kept.values()):
            kept[tick] = x
    outer = max((abs(tick) for tick in kept), default=0.0)
    for tick, x in kept.items():
        text = expected if tick == 0 else formats.number(tick, 0, language, signed=True)
        look = "m b" if tick == 0 else "m" if abs(tick) == outer else "m between"
        drawing.texts.append(Text(x, 15, text, look))
    return drawing


def interval_row(shared: SharedScale, difference: Released) -> Drawing:
    """One school: its interval as a line, its distance as a mark; grey unless the interval clears zero."""
    drawing = Drawing(ROW)
    for tick in shared.axis.ticks:
        x = shared.axis.y(tick)
        drawing.rules.append(Rule(x, 0, x, ROW, "zero" if tick == 0 else "gridline"))
    found = status(difference)
    if difference.value is None or found is None:
        return drawing
    shape, look = STATUS_MARK[found]
    if difference.low is not None and difference.high is not None:
        drawing.over.append(
            Rule(shared.x(difference.low), ROW / 2, shared.x(difference.high), ROW / 2, f"bar k-{look}")
        )
    drawing.marks.append(Mark(shared.x(difference.value), ROW / 2, shape, f"f-{look}", radius=5))
    return drawing


def panel_axis(chart: SmallMultiples) -> ValueAxis:
    """The value axis that all panels share."""
    values = [
        v
        for panel in chart.panels
        for cell in panel.own + panel.expected
        if cell is not None
        for v in (cell.value, cell.low, cell.high)
        if v is not None
    ]
    values += [v for panel in chart.panels for i in range(len(panel.edges)) for v in panel.band(i) or ()]
    return value_axis(chart.scale, values, 4.0, PANEL - 4.0, wanted=3, snug=True)


def panel(chart: SmallMultiples, one: Panel, axis: ValueAxis) -> Drawing:
    """One school: expected band, own line, interval and mark on the last year only."""
    drawing = Drawing(PANEL)
    time = TimeAxis(chart.periods, 2.0, 94.0)
    xs = [time.x(p) for p in chart.periods]
    for tick in axis.ticks:
        drawing.rules.append(Rule(0, axis.y(tick), 100, axis.y(tick), "gridline"))
    _draw_expected(drawing, axis, time, one, chart)
    for run in runs(one.own, time, chart.breaks):
        points = [(xs[i], axis.of(c.value or 0.0)) for i in run if (c := one.own[i]) is not None]
        if len(points) == 1 and run[0] != len(xs) - 1:
            drawing.marks.append(Mark(*points[0], Shape.CIRCLE, "f-dg", radius=1.5))
        drawing.curves.append(Curve(path(points), "line thin k-dg"))
    for cut in chart.breaks:
        drawing.over.append(Rule(time.between(cut.before), axis.top, time.between(cut.before), axis.bottom, "break"))
    _draw_last(drawing, axis, xs[-1], one)
    return drawing


def _draw_expected(drawing: Drawing, axis: ValueAxis, time: TimeAxis, one: Panel, chart: SmallMultiples) -> None:
    xs = [time.x(p) for p in chart.periods]
    for run in runs([pair and pair[0] for pair in one.edges] or one.expected, time, chart.breaks):
        bounds = [(xs[i], one.band(i)) for i in run]
        band = [(x, axis.of(b[0]), axis.of(b[1])) for x, b in bounds if b is not None]
        if band:
            drawing.curves.append(band_curve(band))
        else:
            points = ((xs[i], axis.of(one.expected[i].value or 0.0)) for i in run)
            drawing.curves.append(Curve(path(points), "dashed-line"))


def _draw_last(drawing: Drawing, axis: ValueAxis, x: float, one: Panel) -> None:
    last = one.own[-1] if one.own else None
    if last is None or last.value is None:
        return
    found = status(one.difference) if one.difference is not None else None
    shape, look = STATUS_MARK[found or Status.WITHIN]
    if last.low is not None and last.high is not None:
        drawing.over.append(Rule(x, axis.of(last.low), x, axis.of(last.high), f"bar k-{look}"))
    drawing.marks.append(Mark(x, axis.of(last.value), shape, f"f-{look}", radius=4))


SHARE_LOOKS = {2: ("s1", "s4"), 3: ("s2", "s1", "s4"), 4: ("s2", "s1", "s3", "s4")}
"""Tints from organiser to pupil, by how many levels there are; the level above pupils' is the darkest."""


def share_bar(chart: VarianceShares, index: int, language: Language) -> Drawing:
    """One stacked bar; a number in every part that has room for it."""
    drawing = Drawing(BAR)
    looks = SHARE_LOOKS[len(chart.levels)]
    x = 0.0
    for cell, look in zip(chart.bars[index].shares, looks, strict=True):
        if cell.value is None:
            continue
        width = 100 * cell.value
        drawing.blocks.append(Block(x, 0, width, BAR, look))
        if width >= 14:
            text = formats.number(width, 0, language) + formats.percent_sign(language)
            drawing.texts.append(Text(x + width / 2, BAR / 2 + 5, text, f"m b on-{look}"))
        if x:
            drawing.over.append(Rule(x, 0, x, BAR, "cut"))
        x += width
    return drawing
