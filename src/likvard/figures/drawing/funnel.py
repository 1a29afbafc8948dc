"""Result against size with the limits of chance. Only schools outside the outer limit are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from likvard.disclosure.cells import Released
from likvard.figures import formats
from likvard.figures.charts import NAMED, Funnel, School, key_of
from likvard.figures.drawing.axes import (
    ValueAxis,
    ceiling,
    draw_values,
    path,
    pushed_apart,
    step_for,
    text_width,
    value_axis,
)
from likvard.figures.drawing.shapes import MIDDLE, NARROW, Curve, Drawing, Mark, Rule, Shape, Text
from likvard.figures.measures import swedish_order
from likvard.terms import Language

HEIGHT = 360.0
_LEFT, _RIGHT, _TOP, _FOOT = 11.0, 85.0, 26.0, 46.0
_LINE = 17.0


@dataclass(frozen=True, slots=True)
class _Sizes:
    most: float
    step: float

    def x(self, size: float) -> float:
        return _LEFT + size / self.most * (_RIGHT - _LEFT)


def funnel(chart: Funnel, language: Language) -> Drawing:
    """Dots, the centre, dashed limits cut at the edge of the plot, and the names of those outside."""
    drawing = Drawing(HEIGHT)
    shown = [(s, c) for s, c in chart.points if c.value is not None and c.n is not None]
    sizes = _sizes(chart, shown)
    axis = value_axis(chart.scale, _values(chart, shown), _TOP, HEIGHT - _FOOT)
    draw_values(drawing, axis, language)
    _draw_sizes(drawing, sizes, axis, chart.size[language], language)
    _draw_limits(drawing, sizes, axis, chart, language)
    _draw_points(drawing, sizes, axis, chart, shown, language)
    return drawing


def _sizes(chart: Funnel, shown: Sequence[tuple[School, Released]]) -> _Sizes:
    largest = max((c.n or 0 for _, c in shown), default=0) or max((max(k.size) for k in chart.limits), default=100.0)
    step = step_for(largest * 1.05, 5, whole=True)
    return _Sizes(largest * 1.05, step)


def _values(chart: Funnel, shown: Sequence[tuple[School, Released]]) -> list[float]:
    """Points, the centre, and the limits from the smallest school shown: below that they reach for the sky."""
    values = [c.value for c in (*(c for _, c in shown), chart.centre) if c.value is not None]
    smallest = min((c.n or 0 for _, c in shown), default=0)
    for limit in chart.limits:
        inside = [i for i, size in enumerate(limit.size) if size >= smallest]
        values += [edge[i] for i in inside[:1] for edge in (limit.low, limit.high)]
    most = ceiling(chart.scale) / formats.shown(1.0, chart.scale)
    return [min(value, most) for value in values]


def _draw_sizes(drawing: Drawing, sizes: _Sizes, axis: ValueAxis, label: str, language: Language) -> None:
    drawing.rules.append(Rule(0, axis.bottom, 100, axis.bottom, "axis"))
    tick = sizes.step
    while tick <= sizes.most:
        drawing.rules.append(Rule(sizes.x(tick), axis.bottom, sizes.x(tick), axis.bottom + 5, "axis"))
        drawing.texts.append(Text(sizes.x(tick), axis.bottom + 19, formats.number(tick, 0, language), "m"))
        tick += sizes.step
    drawing.texts.append(Text((_LEFT + _RIGHT) / 2, axis.bottom + 39, label, "m"))


def _draw_limits(drawing: Drawing, sizes: _Sizes, axis: ValueAxis, chart: Funnel, language: Language) -> None:
    """The centre, and dashed curves cut at the edge of the plot, with value and coverage at their ends."""
    ends: list[tuple[float, float, str, str]] = []
    if chart.centre.value is not None:
        y = axis.of(chart.centre.value)
        drawing.over.append(Rule(_LEFT, y, _RIGHT, y, "centre"))
        ends.append((_RIGHT, y, formats.cell(chart.centre, chart.scale, language), "b halo"))
    for limit in chart.limits:
        places = 0 if round(limit.coverage * 100, 6) == round(limit.coverage * 100) else 1
        label = formats.number(limit.coverage * 100, places, language) + formats.percent_sign(language)
        for edge in (limit.low, limit.high):
            inside = _inside(sizes, axis, limit.size, edge)
            if len(inside) > 1:
                drawing.curves.append(Curve(path(inside), "dashed-line"))
                ends.append((*inside[-1], label, "halo small"))
    ys = pushed_apart([y for _, y, _, _ in ends], 15, axis.top, axis.bottom)
    drawing.texts += [Text(x, y + 5, text, look, dx=5) for (x, _, text, look), y in zip(ends, ys, strict=True)]


def _inside(sizes: _Sizes, axis: ValueAxis, size: Sequence[float], edge: Sequence[float]) -> list[tuple[float, float]]:
    """The part of a limit inside the plot, cut exactly at its edges."""
    points = [(sizes.x(s), axis.of(v)) for s, v in zip(size, edge, strict=True)]
    kept: list[tuple[float, float]] = []
    for (x1, y1), (x2, y2) in pairwise(points):
        if x1 > _RIGHT + 1e-6:
            break
        for bound in (axis.top, axis.bottom):
            if (y1 - bound) * (y2 - bound) < 0:
                kept.append((x1 + (bound - y1) / (y2 - y1) * (x2 - x1), bound))
        if axis.top <= y2 <= axis.bottom and x2 <= _RIGHT + 1e-6:
            if not kept and axis.top <= y1 <= axis.bottom:
                kept.append((x1, y1))
            kept.append((x2, y2))
    return kept


def _draw_points(
    drawing: Drawing,
    sizes: _Sizes,
    axis: ValueAxis,
    chart: Funnel,
    shown: Sequence[tuple[School, Released]],
    language: Language,
) -> None:
    centre = chart.centre.value or 0.0
    named: list[tuple[float, float, str]] = []
    for school, cell in shown:
        x, y = sizes.x(cell.n or 0), axis.of(cell.value or 0.0)
        out = key_of(school) in chart.outside
        low = (cell.value or 0.0) < centre
        shape, look = (Shape.DOWN, "f-low") if low else (Shape.UP, "f-high")
        title = f"{school.name}: {formats.cell(cell, chart.scale, language)}, n = {cell.n}"
        mark = Mark(x, y, shape, look, title=title) if out else Mark(x, y, Shape.CIRCLE, "f-dx dot", title=title)
        drawing.marks.append(mark)
        if out and len(chart.outside) <= NAMED:
            named.append((x, y, school.name))
    drawing.marks.sort(key=lambda m: m.shape is not Shape.CIRCLE)
    crowd = [(m.x, m.y) for m in drawing.marks]
    for x, y, dx, text, look in place_names(named, crowd, axis.top, axis.bottom):
        drawing.texts.append(Text(x, y, text, look, dx=dx))


Placed = tuple[float, float, float, str, str]


def place_names(
    named: Sequence[tuple[float, float, str]], crowd: Sequence[tuple[float, float]], top: float, bottom: float
) -> list[Placed]:
    """A place for each name beside its mark, free of other names and marks on a phone and in a column alike.

    Candidates are right, left, above and below, then further up and down. Where nothing is free the one that covers
    least is taken, so no name is ever left out.
    """
    placed: list[tuple[Placed, float]] = []
    for x, y, name in sorted(named, key=lambda p: (p[1], swedish_order(p[2]))):
        wide = text_width(name, bold=True)
        candidates = _candidates(x, y, name, wide, top, bottom)
        costs = [_covered(c, wide, placed, crowd, (x, y)) for c in candidates]
        best = min(range(len(candidates)), key=lambda i: (costs[i], i))
        placed.append((candidates[best], wide))
    return [place for place, _ in placed]


def _candidates(x: float, y: float, name: str, wide: float, top: float, bottom: float) -> list[Placed]:
    looks = {"": (9.0, 0.0), "e": (-9.0, -wide), "m": (0.0, -wide / 2)}
    shifts = [("", 5.0), ("e", 5.0), ("m", -10.0), ("m", 20.0)]
    shifts += [(side, 5.0 + k * _LINE) for k in (1, -1, 2, -2, 3, -3) for side in ("", "e")]
    kept: list[Placed] = []
    for side, dy in shifts:
        dx, start = looks[side]
        left = x * NARROW / 100 + dx + start if side else x * NARROW / 100 + dx
        if left >= -2 and left + wide <= NARROW + 4 and top - 14 <= y + dy <= bottom + 4:
            kept.append((x, y + dy, dx, name, f"b halo {side}".strip()))
    return kept or [(x, y - 10, 0.0, name, "b halo m" if 25 < x < 75 else "b halo e" if x >= 75 else "b halo")]


def _covered(
    candidate: Placed,
    wide: float,
    placed: Sequence[tuple[Placed, float]],
    crowd: Sequence[tuple[float, float]],
    own: tuple[float, float],
) -> float:
    cost = 0.0
    for pixels in (NARROW, MIDDLE):
        box = _box(candidate, wide, pixels)
        cost += sum(8.0 for place, w in placed if _overlap(box, _box(place, w, pixels)))
        cost += sum(
            1.0
            for x, y in crowd
            if (x, y) != own and _overlap(box, (x * pixels / 100 - 5, y - 5, x * pixels / 100 + 5, y + 5))
        )
    return cost


def _box(place: Placed, wide: float, pixels: float) -> tuple[float, float, float, float]:
    x, y, dx, _, look = place
    side = look.rsplit(" ", 1)[-1]
    left = x * pixels / 100 + dx - (wide if side == "e" else wide / 2 if side == "m" else 0.0)
    return left, y - 12, left + wide, y + 3


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
