"""Axes: limits and ticks that a reader expects, places in time, labels that never touch."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from likvard.figures import formats
from likvard.figures.drawing.shapes import MIDDLE, NARROW, STRETCH, WIDE, Drawing, Rule, Text
from likvard.figures.measures import Period, Scale, Unit, position
from likvard.terms import Language, SchoolYear

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_FLOOR_ZERO = (Unit.SHARE, Unit.PERCENT, Unit.PUPILS, Unit.SCHOOLS, Unit.COUNT, Unit.INDEX)
_CEILING = {Unit.SHARE: 100.0, Unit.PERCENT: 100.0, Unit.INDEX: 10.0}


def step_for(span: float, wanted: int, whole: bool = False) -> float:
    """The round step that gives about `wanted` ticks over `span`; never below one where values are `whole`."""
    raw = max(span, 1e-9) / max(wanted, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s for s in _STEPS if s * power >= raw * 0.999) * power
    return max(step, 1.0) if whole else step


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """Values to pixels downwards. `ticks` are in the unit that is written."""

    scale: Scale
    low: float
    high: float
    top: float
    bottom: float
    ticks: tuple[float, ...]

    def y(self, value: float) -> float:
        """Where a value (as written) stands."""
        return self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)

    def of(self, value: float) -> float:
        """Where a value as released stands."""
        return self.y(formats.shown(value, self.scale))


def value_axis(
    scale: Scale,
    values: Iterable[float],
    top: float,
    bottom: float,
    *,
    wanted: int = 5,
    zero: bool = False,
    snug: bool = False,
) -> ValueAxis:
    """An axis wide enough for every value and for the scale's own limits: nothing is ever cut.

    `zero` includes zero. `snug` ends just outside the values; otherwise the axis ends on a tick.
    """
    seen = [formats.shown(v, scale) for v in values]
    low, high = _limits(scale, seen or [0.0, 1.0], zero)
    step = step_for(high - low, wanted)
    first, last = math.floor(low / step + 1e-6), math.ceil(high / step - 1e-6)
    if snug:
        first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    ticks = tuple(round(i * step, 10) for i in range(first, last + 1))
    return ValueAxis(scale, low if snug else ticks[0], high if snug else ticks[-1], top, bottom, ticks)


def ceiling(scale: Scale) -> float:
    """The largest value a scale of its unit can hold, as written; infinite where there is none."""
    return _CEILING.get(scale.unit, math.inf)


def _limits(scale: Scale, seen: Sequence[float], zero: bool) -> tuple[float, float]:
    """The smallest and largest value with a little air; the scale's own limits where they hold every value."""
    low, high = min(seen), max(seen)
    air = 0.04 * (high - low) or 1.0
    wide_low = max(low - air, 0.0) if scale.unit in _FLOOR_ZERO and low >= 0 else low - air
    wide_high = min(high + air, ceiling(scale)) if high <= ceiling(scale) else high + air
    if scale.low is not None and low >= formats.shown(scale.low, scale):
        wide_low = formats.shown(scale.low, scale)
    if scale.high is not None and high <= formats.shown(scale.high, scale):
        wide_high = formats.shown(scale.high, scale)
    if zero:
        wide_low, wide_high = (0.0 if low >= 0 else wide_low), (0.0 if high <= 0 else wide_high)
    return wide_low, max(wide_high, wide_low + 1e-6)


def draw_values(drawing: Drawing, axis: ValueAxis, language: Language) -> None:
    """Light gridlines with their labels on them; the uppermost label carries the unit."""
    places = 0 if all(abs(t - round(t)) < 1e-9 for t in axis.ticks) else 1
    for tick in axis.ticks:
        y = axis.y(tick)
        zero = " zero" if tick == 0 and axis.low < 0 else ""
        drawing.rules.append(Rule(0, y, 100, y, "gridline" + zero))
        label = formats.number(tick, places, language, signed=axis.scale.signed)
        unit = _unit_after(axis.scale, language) if tick == axis.ticks[-1] else ""
        drawing.texts.append(Text(0, y - 5, label + unit, "halo"))


def _unit_after(scale: Scale, language: Language) -> str:
    if scale.unit in (Unit.SHARE, Unit.PERCENT):
        return formats.percent_sign(language)
    return "" if scale.unit is Unit.INDEX else formats.NBSP + formats.unit_words(scale.unit)[language]


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Periods to per cent of the width, in true proportion: a year that is not there leaves a hole.

    `until` is a position in years that must have room to the right, though nothing has been measured there yet.
    """

    periods: tuple[Period, ...]
    left: float
    right: float
    until: float = 0.0

    @property
    def span(self) -> tuple[float, float]:
        """First and last position in years."""
        return position(self.periods[0]), max(position(self.periods[-1]), self.until)

    def at(self, when: float) -> float:
        """Per cent of a position in years."""
        first, last = self.span
        if last == first:
            return (self.left + self.right) / 2
        return self.left + (when - first) / (last - first) * (self.right - self.left)

    def x(self, period: Period) -> float:
        """Per cent of a period."""
        return self.at(position(period))

    def between(self, period: Period) -> float:
        """Per cent of the line that separates a period from the one ahead of it."""
        earlier = [p for p in self.periods if position(p) < position(period)]
        return (self.x(earlier[-1]) + self.x(period)) / 2 if earlier else self.left


def draw_periods(drawing: Drawing, axis: TimeAxis, y: float) -> None:
    """Labels of the periods, as many as have room at each of three widths; the last always."""
    width = 54 if any(isinstance(p, SchoolYear) for p in axis.periods) else 42
    at_width = {name: _room_for(axis, pixels, width) for name, pixels in _WIDTHS.items()}
    for period in axis.periods:
        looks = " ".join(name for name, kept in at_width.items() if period in kept)
        if looks:
            drawing.texts.append(Text(axis.x(period), y, str(period), f"m when {looks}"))


_WIDTHS = {"at-n": NARROW, "at-m": MIDDLE, "at-w": WIDE}


def _room_for(axis: TimeAxis, pixels: float, width: float) -> set[Period]:
    kept: list[Period] = []
    for period in reversed(axis.periods):
        if not kept or (axis.x(kept[-1]) - axis.x(period)) * pixels / 100 >= width:
            kept.append(period)
    return set(kept)


_NARROW_LETTERS, _WIDE_LETTERS = "fijlrtI .,-–()'", "mwMWÅÄÖ%"


def text_width(text: str, bold: bool = False) -> float:
    """About how wide a text of 14 px is, in pixels (Source Sans 3: 6.9 px for most letters, a little more if bold)."""
    plain = sum(4.0 if c in _NARROW_LETTERS else 10.5 if c in _WIDE_LETTERS else 7.0 for c in text)
    return plain * (1.06 if bold else 1.0)


def pushed_apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places as near the wanted ones as can be, at least `gap` apart, in the same order, within [low, high].

    Least squares under order: neighbours that clash share their mean (pool adjacent violators). Where the labels do
    not fit between low and high they run over the lower end.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    pools: list[tuple[float, int]] = []
    for rank, i in enumerate(order):
        total, size = wanted[i] - rank * gap, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / size:
            before, many = pools.pop()
            total, size = total + before, size + many
        pools.append((total, size))
    flat = [total / size for total, size in pools for _ in range(size)]
    last = (len(order) - 1) * gap
    places = [0.0] * len(wanted)
    for rank, i in enumerate(order):
        places[i] = min(max(flat[rank], low), high - last) + rank * gap
    return places


def path(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """A polyline in the stretched layer from (per cent, pixels)."""
    parts = [f"{x * STRETCH / 100:.1f} {y:.1f}" for x, y in points]
    return "M" + "L".join(parts) + ("Z" if closed else "") if parts else ""
