"""Schools year by year: a swarm per year, the weighted mean, the band between schools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from likvard.disclosure.cells import Released
from likvard.figures import formats
from likvard.figures.charts import Distribution, Spread
from likvard.figures.drawing.axes import TimeAxis, ValueAxis, draw_periods, draw_values, path, value_axis
from likvard.figures.drawing.lines import draw_breaks, runs
from likvard.figures.drawing.shapes import NARROW, Curve, Drawing, Mark, Shape, Text
from likvard.terms import Language

HEIGHT = 360.0
MANY = 60
"""More dots than this in a year are drawn as an outline of how many lie where."""
CROWDED = 25
"""More own schools than this in a year get smaller marks."""
_LEFT, _RIGHT = 13.0, 84.0
_TOP, _FOOT, _BIN = 26.0, 26.0, 4.0


def distribution(chart: Distribution, language: Language) -> Drawing:
    """Dots of the area's own schools (diamonds) over all others (dots or an outline), with mean and band."""
    drawing = Drawing(HEIGHT)
    time = TimeAxis(tuple(s.period for s in chart.spreads), _LEFT, _RIGHT)
    axis = value_axis(chart.scale, _values(chart.spreads), _TOP + 24 * bool(chart.breaks), HEIGHT - _FOOT, wanted=7)
    _draw_band(drawing, axis, time, chart)
    draw_values(drawing, axis, language)
    draw_periods(drawing, time, HEIGHT - 6)
    room = _room(time, len(chart.spreads))
    for spread in chart.spreads:
        _draw_rest(drawing, axis, time.x(spread.period), spread, room)
    _draw_mean(drawing, axis, time, chart, language)
    for spread in chart.spreads:
        _draw_own(drawing, axis, time.x(spread.period), spread, room, language)
    draw_breaks(drawing, time, chart.breaks, axis)
    return drawing


def _values(spreads: Iterable[Spread]) -> list[float]:
    return [
        cell.value
        for s in spreads
        for cell in (*(c for _, c in s.own), *s.rest, s.mean, s.lower, s.upper)
        if cell is not None and cell.value is not None
    ]


def _room(time: TimeAxis, years: int) -> float:
    """How far from its year's middle a dot may stand, in pixels, on the narrowest card."""
    return min(22.0, NARROW * (time.right - time.left) / 100 / max(years - 1, 1) / 2 - 3)


def _draw_band(drawing: Drawing, axis: ValueAxis, time: TimeAxis, chart: Distribution) -> None:
    lower, upper = [s.lower for s in chart.spreads], [s.upper for s in chart.spreads]
    xs = [time.x(s.period) for s in chart.spreads]
    both = [
        low if high is not None and high.value is not None else None for low, high in zip(lower, upper, strict=True)
    ]
    for run in runs(both, time, chart.breaks):
        edge = [(xs[i], _y(axis, upper[i])) for i in run] + [(xs[i], _y(axis, lower[i])) for i in reversed(run)]
        if len(run) == 1:
            (x, top), (_, bottom) = edge
            edge = [(x - 2, top), (x + 2, top), (x + 2, bottom), (x - 2, bottom)]
        drawing.curves.append(Curve(path(edge, closed=True), "expected-band"))


def _y(axis: ValueAxis, cell: Released | None) -> float:
    return axis.bottom if cell is None or cell.value is None else axis.of(cell.value)


def _draw_mean(drawing: Drawing, axis: ValueAxis, time: TimeAxis, chart: Distribution, language: Language) -> None:
    means = [s.mean for s in chart.spreads]
    xs = [time.x(s.period) for s in chart.spreads]
    for run in runs(means, time, chart.breaks):
        ends = [(xs[run[0]] - 2, _y(axis, means[run[0]])), *((xs[i], _y(axis, means[i])) for i in run)]
        drawing.curves.append(Curve(path([*ends, (xs[run[-1]] + 2, ends[-1][1])]), "line k-dg"))
    last = means[-1]
    if last is not None and last.value is not None:
        text = formats.cell(last, chart.scale, language)
        drawing.texts.append(Text(xs[-1] + 2, axis.of(last.value) + 5, text, "b halo", dx=5))


def _draw_own(drawing: Drawing, axis: ValueAxis, x: float, spread: Spread, room: float, language: Language) -> None:
    shown = [(school, cell, cell.value) for school, cell in spread.own if cell.value is not None]
    ys = [axis.of(value) for _, _, value in shown]
    many = len(shown) > CROWDED
    shape, size = (Shape.SMALL_DIAMOND, 5.5) if many else (Shape.DIAMOND, 7.5)
    for (school, cell, _), y, dx in zip(shown, ys, swarm(ys, room, size), strict=True):
        title = f"{school.name}, {spread.period}: {formats.cell(cell, axis.scale, language)}"
        drawing.marks.append(Mark(x, y, shape, "f-d1 own", dx=dx, title=title))


def _draw_rest(drawing: Drawing, axis: ValueAxis, x: float, spread: Spread, room: float) -> None:
    ys = [axis.of(cell.value) for cell in spread.rest if cell.value is not None]
    if len(ys) > MANY:
        drawing.curves.append(Curve(_outline(ys, x, room), "crowd"))
        return
    for y, dx in zip(ys, swarm(ys, room, 5.0), strict=True):
        drawing.marks.append(Mark(x, y, Shape.CIRCLE, "f-dx", dx=dx, radius=2.5))


def _outline(ys: Sequence[float], x: float, room: float) -> str:
    """How many lie where, as an outline mirrored around the year."""
    counts = Counter(round(y / _BIN) for y in ys)
    most = max(counts.values())
    half = room * 100 / NARROW
    bins = range(min(counts) - 1, max(counts) + 2)
    smooth = {b: (counts[b - 1] + 2 * counts[b] + counts[b + 1]) / 4 for b in bins}
    right = [(x + half * smooth[b] / most, b * _BIN) for b in bins]
    return path([*right, *((2 * x - rx, y) for rx, y in reversed(right))], closed=True)


def swarm(ys: Sequence[float], room: float, size: float) -> list[float]:
    """Sideways shifts, in pixels, so that dots of `size` touch as little as the room allows. Nothing random."""
    steps = [0.0]
    reach = size / 2
    while reach <= room:
        steps += [reach, -reach]
        reach += size / 2
    shifts = [0.0] * len(ys)
    placed: list[tuple[float, float]] = []
    for i in sorted(range(len(ys)), key=lambda i: (ys[i], i)):
        near = [(y, dx) for y, dx in placed if abs(y - ys[i]) < size]
        best = max(steps, key=lambda dx: (min((_apart(dx, ys[i], n) for n in near), default=size), -abs(dx)))
        free = next((dx for dx in steps if all(_apart(dx, ys[i], n) >= size * 0.98 for n in near)), best)
        shifts[i] = free
        placed.append((ys[i], free))
    return shifts


def _apart(dx: float, y: float, other: tuple[float, float]) -> float:
    return float(((other[0] - y) ** 2 + (other[1] - dx) ** 2) ** 0.5)
