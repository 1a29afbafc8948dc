"""Estimates on one scale from zero: a band, an interval as a line, a mark, and a diamond for the same counted in another way."""

from __future__ import annotations

from dataclasses import replace

from likvard.figures import formats
from likvard.figures.charts_intervals import IntervalRow, Intervals
from likvard.figures.drawing.axes import ValueAxis, value_axis
from likvard.figures.drawing.rows import ROW
from likvard.figures.drawing.shapes import NARROW, Block, Drawing, Mark, Rule, Shape, Text
from likvard.terms import Language


def intervals_axis(chart: Intervals) -> ValueAxis:
    """The scale that all rows share: zero, every interval, every second mark and every band."""
    cells = [cell for row in chart.rows for cell in (row.own, row.beside) if cell is not None]
    values = [v for cell in cells for v in (cell.value, cell.low, cell.high) if v is not None]
    values += [end for row in chart.rows for end in row.covered or ()]
    return value_axis(chart.scale, values or [0.0, 1.0], 97.0, 3.0, wanted=5, zero=True, snug=True)


def intervals_header(axis: ValueAxis, language: Language) -> Drawing:
    """The ticks above the rows, the last with its unit."""
    drawing = Drawing(22)
    places = 0 if all(abs(tick - round(tick)) < 1e-9 for tick in axis.ticks) else 1
    sign = formats.percent_sign(language) if formats.has_percent_sign(axis.scale) else ""
    kept: list[float] = []
    for tick in axis.ticks:
        x = axis.y(tick)
        if min(x, 100 - x) * NARROW / 100 >= 8 and all(abs(x - other) * NARROW / 100 >= 40 for other in kept):
            kept.append(x)
            unit = sign if tick == axis.ticks[-1] else ""
            drawing.texts.append(Text(x, 15, formats.number(tick, places, language) + unit, "m"))
    return drawing


def intervals_row(axis: ValueAxis, row: IntervalRow) -> Drawing:
    """One estimate. The diamond lies under the mark: where both are one, its corners are seen."""
    drawing = Drawing(ROW)
    middle = ROW / 2
    if row.covered is not None:
        low, high = (axis.of(end) for end in row.covered)
        drawing.blocks.append(Block(low, 4, high - low, ROW - 8, "f-band"))
    for tick in axis.ticks:
        drawing.rules.append(Rule(axis.y(tick), 0, axis.y(tick), ROW, "axis" if tick == 0 else "gridline"))
    if row.own.low is not None and row.own.high is not None:
        drawing.over.append(Rule(axis.of(row.own.low), middle, axis.of(row.own.high), middle, "bar k-d1"))
    if row.beside is not None and row.beside.value is not None:
        drawing.marks.append(Mark(axis.of(row.beside.value), middle, Shape.DIAMOND, "ring-now"))
    if row.own.value is not None:
        drawing.marks.append(Mark(axis.of(row.own.value), middle, Shape.CIRCLE, "f-d1"))
    return drawing


def intervals_texts(chart: Intervals, row: IntervalRow, language: Language) -> tuple[str, str]:
    """What stands beside an estimate: its interval, and the second mark, the band or how many it rests on."""
    own, last = row.own, "" if row.own.n is None else formats.number(row.own.n, 0, language)
    if row.beside is not None:
        last = formats.cell(row.beside, chart.scale, language)
    elif row.covered is not None:
        whole = all(formats.shown(end, chart.scale) % 1 == 0 for end in row.covered)
        last = formats.interval(*row.covered, chart.scale if whole else replace(chart.scale, decimals=1), language)
    known = own.low is not None and own.high is not None
    return formats.interval(own.low or 0.0, own.high or 0.0, chart.scale, language) if known else "", last
