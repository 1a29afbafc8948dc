"""Crowns a pupil against need: ring for now, diamond for the proposal, joined; dashed what need alone would give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from likvard.disclosure.cells import Released
from likvard.figures import formats
from likvard.figures.charts import MoneyAgainstNeed, MoneyPoint, key_of
from likvard.figures.drawing.axes import ValueAxis, draw_values, step_for, value_axis
from likvard.figures.drawing.funnel import place_names
from likvard.figures.drawing.shapes import Drawing, Mark, Rule, Shape, Text
from likvard.terms import Language

HEIGHT = 380.0
_LEFT, _RIGHT, _TOP, _FOOT = 13.0, 97.0, 26.0, 46.0


MOST_NAMED = 3
"""Names that have room among the marks."""


@dataclass(frozen=True, slots=True)
class _Needs:
    low: float
    high: float
    step: float

    def x(self, need: float) -> float:
        return _LEFT + (need - self.low) / (self.high - self.low) * (_RIGHT - _LEFT)


def money_against_need(chart: MoneyAgainstNeed, language: Language) -> Drawing:
    """The drawing. Schools without need or money are in the table only."""
    drawing = Drawing(HEIGHT)
    shown = [point for point in chart.points if point.need.value is not None and any(_values(point))]
    needs = _needs([point.need.value or 0.0 for point in shown])
    axis = value_axis(chart.money, [v for p in shown for v in _values(p)] or [0.0, 1.0], _TOP, HEIGHT - _FOOT)
    draw_values(drawing, axis, language)
    _draw_needs(drawing, chart, needs, axis, language)
    _draw_full(drawing, chart, needs, axis)
    for point in shown:
        _draw_point(drawing, chart, point, needs, axis, language)
    drawing.marks.sort(key=lambda mark: mark.shape is Shape.DIAMOND)
    _draw_names(drawing, chart, shown, needs, axis)
    return drawing


def _values(point: MoneyPoint) -> Iterator[float]:
    for cell in (point.now, point.proposed):
        if cell is not None and cell.value is not None:
            yield cell.value


def _needs(values: list[float]) -> _Needs:
    low, high = (min(values), max(values)) if values else (0.0, 200.0)
    air = max((high - low) * 0.06, 5.0)
    return _Needs(max(low - air, 0.0), high + air, step_for(high - low + 2 * air, 6, whole=True))


def _draw_needs(drawing: Drawing, chart: MoneyAgainstNeed, needs: _Needs, axis: ValueAxis, language: Language) -> None:
    drawing.rules.append(Rule(0, axis.bottom, 100, axis.bottom, "axis"))
    tick = -(-needs.low // needs.step) * needs.step
    while tick <= needs.high:
        x = needs.x(tick)
        drawing.rules.append(Rule(x, axis.bottom, x, axis.bottom + 5, "axis"))
        drawing.texts.append(Text(x, axis.bottom + 19, formats.number(tick, 0, language), "m"))
        tick += needs.step
    drawing.texts.append(Text((_LEFT + _RIGHT) / 2, axis.bottom + 39, chart.need.name[language], "m"))


def _draw_full(drawing: Drawing, chart: MoneyAgainstNeed, needs: _Needs, axis: ValueAxis) -> None:
    """The dashed line, cut where it leaves the plot."""
    if chart.full is None:
        return
    start, slope = chart.full
    ends = [needs.low, needs.high]
    if slope > 0:
        ends = [max(needs.low, (axis.low - start) / slope), min(needs.high, (axis.high - start) / slope)]
    if ends[0] < ends[1]:
        at = [(needs.x(need), axis.y(start + slope * need)) for need in ends]
        drawing.over.append(Rule(*at[0], *at[1], "dashed-line"))


def _draw_point(
    drawing: Drawing, chart: MoneyAgainstNeed, point: MoneyPoint, needs: _Needs, axis: ValueAxis, language: Language
) -> None:
    x, name = needs.x(point.need.value or 0.0), point.school.name
    named = key_of(point.school) in chart.named
    if point.now is not None and point.now.value is not None:
        y = axis.of(point.now.value)
        drawing.marks.append(Mark(x, y, Shape.RING, "ring-now", title=_title(name, point.now, chart, language)))
        if point.proposed is not None and point.proposed.value is not None:
            drawing.over.append(Rule(x, y, x, axis.of(point.proposed.value), "join"))
    if point.proposed is not None and point.proposed.value is not None:
        look = "f-d2" if named else "f-d1"
        title = _title(name, point.proposed, chart, language)
        drawing.marks.append(Mark(x, axis.of(point.proposed.value), Shape.DIAMOND, look, title=title))


def _title(name: str, cell: Released, chart: MoneyAgainstNeed, language: Language) -> str:
    return f"{name}: {formats.with_unit(cell.value or 0.0, chart.money, language)}"


def _draw_names(
    drawing: Drawing, chart: MoneyAgainstNeed, shown: list[MoneyPoint], needs: _Needs, axis: ValueAxis
) -> None:
    if len(chart.named) > MOST_NAMED:
        return  # they are told apart by colour, and named in the table
    named = [
        (needs.x(p.need.value or 0.0), axis.of(list(_values(p))[-1]), p.school.name)
        for p in shown
        if key_of(p.school) in chart.named
    ]
    crowd = [(mark.x, mark.y) for mark in drawing.marks]
    for x, y, dx, text, look in place_names(named, crowd, axis.top, axis.bottom):
        drawing.texts.append(Text(x, y, text, look, dx=dx))
