"""Need at every unit: an interval and a mark per row on one scale, with a line where all pupils together lie."""

from __future__ import annotations

from likvard.disclosure.cells import Released
from likvard.figures import formats
from likvard.figures.charts_need import COUNTRY, NeedOfAll
from likvard.figures.drawing.axes import ValueAxis, value_axis
from likvard.figures.drawing.rows import ROW
from likvard.figures.drawing.shapes import NARROW, Drawing, Mark, Rule, Shape, Text
from likvard.terms import Language, Words


def need_axis(chart: NeedOfAll) -> ValueAxis:
    """The scale that all rows share: every interval, and the 100 of all pupils."""
    cells = [row.need for row in chart.rows if row.need is not None]
    values = [v for cell in cells for v in (cell.value, cell.low, cell.high) if v is not None]
    return value_axis(chart.need, [*values, COUNTRY], 97.0, 3.0, wanted=5, snug=True)


def need_header(axis: ValueAxis, whole: Words, language: Language) -> Drawing:
    """The ticks above the rows; that of all pupils is named, and no other stands so near that they touch."""
    drawing = Drawing(22)
    kept: list[float] = []
    for tick in sorted({*axis.ticks, COUNTRY}, key=lambda tick: (tick != COUNTRY, tick)):
        x = axis.of(tick)
        room = 0 <= x <= 100 and min(x, 100 - x) * NARROW / 100 >= 12
        if room and all(abs(x - other) * NARROW / 100 >= 52 for other in kept):
            kept.append(x)
            text = f"{whole[language]} 100" if tick == COUNTRY else formats.number(tick, 0, language)
            drawing.texts.append(Text(x, 15, text, "m b" if tick == COUNTRY else "m"))
    return drawing


def need_row(axis: ValueAxis, need: Released) -> Drawing:
    """One unit: its interval as a line and its need as a mark, all of one colour: need is no mark of a school."""
    drawing = Drawing(ROW)
    for tick in axis.ticks:
        if tick != COUNTRY:
            drawing.rules.append(Rule(axis.of(tick), 0, axis.of(tick), ROW, "gridline"))
    drawing.rules.append(Rule(axis.of(COUNTRY), 0, axis.of(COUNTRY), ROW, "zero"))
    if need.value is None:
        return drawing
    if need.low is not None and need.high is not None:
        drawing.over.append(Rule(axis.of(need.low), ROW / 2, axis.of(need.high), ROW / 2, "bar k-d1"))
    drawing.marks.append(Mark(axis.of(need.value), ROW / 2, Shape.DIAMOND, "f-d1", radius=5))
    return drawing
