"""The circle: domains as boxes, links as arrows whose width is their strength; solid where clear of chance, else dashed.

Drawn twice, for a wide card and for a phone, each in its own pixels: the boxes are laid out by hand.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import hypot

from likvard.figures import formats
from likvard.figures.charts_circle import CircleArrow, CircleDiagram
from likvard.terms import Language

BOX = 40.0
HEAD = 13.0
"""Length of an arrow's head."""

APART = 8.0
"""How far a link and the one back lie from the line between their boxes."""

_HIGH = 7.0
"""Half the height of a number."""

_LETTER = 3.6
"""Half the width of a digit, at 14 pixels."""

_AIR = 4.5
"""How near an arrow's middle a number may stand; the thickest is 8 pixels wide."""

_THIN, _THICK, _PER_STRENGTH = 1.5, 8.0, 20.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A layout: its size, the width of a box, and where the middle of each domain's box lies.

    `beside` is how far a number stands from its line, sideways and up or down.
    """

    look: str
    width: float
    height: float
    box: float
    places: Mapping[str, tuple[float, float]]
    beside: tuple[float, float] = (24.0, 15.0)

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the ring."""
        (x, top), (_, bottom) = self.places["steering"], self.places["support"]
        return x, (top + bottom) / 2


WIDE = Frame(
    "wide",
    700,
    400,
    138,
    {
        "steering": (270, 28),
        "teaching": (430, 128),
        "calm": (430, 272),
        "support": (270, 372),
        "health": (110, 272),
        "turnover": (110, 128),
        "results": (618, 200),
    },
)
NARROW = Frame(
    "narrow",
    332,
    390,
    92,
    {
        "steering": (122, 24),
        "teaching": (197, 124),
        "calm": (197, 264),
        "support": (122, 364),
        "health": (48, 264),
        "turnover": (48, 124),
        "results": (285, 194),
    },
    (19.0, 13.0),
)
FRAMES = (WIDE, NARROW)


@dataclass(frozen=True, slots=True)
class Arrow:
    """A shaft, a head as points of a polygon, and the number at it."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    head: str
    look: str
    fill: str
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """A domain."""

    x: float
    y: float
    width: float
    text: str
    look: str

    @property
    def middle(self) -> tuple[float, float]:
        """Where its name stands."""
        return self.x + self.width / 2, self.y + BOX / 2 + 5


@dataclass(frozen=True, slots=True)
class CircleDrawing:
    """One of the two drawings, in its own pixels."""

    look: str
    width: float
    height: float
    arrows: tuple[Arrow, ...]
    boxes: tuple[Box, ...]


def circle_diagram(chart: CircleDiagram, language: Language) -> tuple[CircleDrawing, ...]:
    """The wide and the narrow drawing. Links without a value, and domains without a place, are in the table only."""
    return tuple(_drawn(chart, frame, language) for frame in FRAMES)


def _drawn(chart: CircleDiagram, frame: Frame, language: Language) -> CircleDrawing:
    known = {domain.code for domain in chart.domains} & frame.places.keys()
    shown = [one for one in chart.drawn if {one.source, one.target} <= known and one.strength.value is not None]
    pairs = {(one.source, one.target) for one in shown}
    shafts = {one: _shaft(one, frame, APART if (one.target, one.source) in pairs else 0.0) for one in shown}
    texts = {one: formats.bare(one.strength.value or 0.0, chart.scale, language) for one in shown}
    numbers = _numbers(shafts, frame, texts)
    arrows = [_arrow(one, shafts[one], numbers[one], texts[one]) for one in shown]
    boxes = [
        Box(
            frame.places[domain.code][0] - frame.box / 2,
            frame.places[domain.code][1] - BOX / 2,
            frame.box,
            domain.name[language],
            "node" if domain.inside else "node out",
        )
        for domain in chart.domains
        if domain.code in known
    ]
    return CircleDrawing(frame.look, frame.width, frame.height, tuple(arrows), tuple(boxes))


_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Shaft:
    """An arrow's line from where it leaves its box to its tip and to the base of its head; `aside` from the middle line."""

    start: _Point
    tip: _Point
    way: _Point
    aside: float

    @property
    def base(self) -> _Point:
        return self.tip[0] - self.way[0] * HEAD, self.tip[1] - self.way[1] * HEAD

    def distance(self, at: _Point) -> float:
        """How far a point lies from the arrow."""
        (x, y), (ux, uy) = self.start, self.way
        length = hypot(self.tip[0] - x, self.tip[1] - y)
        along = min(max((at[0] - x) * ux + (at[1] - y) * uy, 0.0), length)
        return hypot(at[0] - x - along * ux, at[1] - y - along * uy)


def _shaft(one: CircleArrow, frame: Frame, aside: float) -> _Shaft:
    (ax, ay), (bx, by) = frame.places[one.source], frame.places[one.target]
    length = hypot(bx - ax, by - ay)
    ux, uy = (bx - ax) / length, (by - ay) / length
    nx, ny = -uy * aside, ux * aside
    start = _edge((ax + nx, ay + ny), (ux, uy), (ax, ay), frame.box, 4)
    tip = _edge((bx + nx, by + ny), (-ux, -uy), (bx, by), frame.box, 4)
    return _Shaft(start, tip, (ux, uy), aside)


def _numbers(
    shafts: Mapping[CircleArrow, _Shaft], frame: Frame, texts: Mapping[CircleArrow, str]
) -> dict[CircleArrow, _Point]:
    """Where each arrow's number stands: on no box, no other number and no other arrow, if it can; sure ones choose first."""
    found: dict[CircleArrow, tuple[_Point, float]] = {}
    for one in sorted(shafts, key=lambda one: not one.sure):
        wide = _LETTER * len(texts[one])
        others = [other for link, other in shafts.items() if link != one]
        crowds = [(_crowded(at, wide, frame, found.values(), others), at) for at in _beside(shafts[one], frame, wide)]
        found[one] = min(crowds, key=lambda crowd: crowd[0])[1], wide
    return {one: at for one, (at, _) in found.items()}


def _arrow(one: CircleArrow, shaft: _Shaft, number: _Point, text: str) -> Arrow:
    (ux, uy), tip, base = shaft.way, shaft.tip, shaft.base
    strength = one.strength.value or 0.0
    width = min(_THICK, _THIN + _PER_STRENGTH * abs(strength))
    half = width / 2 + 4
    corners = (tip, (base[0] - uy * half, base[1] + ux * half), (base[0] + uy * half, base[1] - ux * half))
    return Arrow(
        *shaft.start,
        *base,
        round(width, 1),
        " ".join(f"{x:.1f},{y:.1f}" for x, y in corners),
        "k-d1" if one.sure else "k-dx dash",
        "f-d1" if one.sure else "f-dx",
        number[0],
        number[1] + 5,
        text,
    )


def _beside(shaft: _Shaft, frame: Frame, wide: float) -> list[_Point]:
    """Where a number may stand, the best first: beside its own arrow, on the outer side of one that has another back."""
    (ux, uy), (start, base) = shaft.way, (shaft.start, shaft.base)
    dx, dy = -uy * max(frame.beside[0], wide + 6), ux * frame.beside[1]
    found = []
    for along in (0.5, 0.42, 0.6, 0.32, 0.7, 0.22, 0.8, 0.14, 0.9):
        x, y = (start[i] + (base[i] - start[i]) * along for i in (0, 1))
        sides = [(x + dx, y + dy), (x - dx, y - dy)]
        sides.sort(key=lambda at: -hypot(at[0] - frame.middle[0], at[1] - frame.middle[1]))
        found += [(x + dx, y + dy)] if shaft.aside else sides
    return found


def _crowded(
    at: _Point, wide: float, frame: Frame, taken: Collection[tuple[_Point, float]], others: Collection[_Shaft]
) -> int:
    """How much a number would lie on there: a box is worst, then another number, then an arrow."""
    on_box = any(
        abs(at[0] - x) < frame.box / 2 + wide and abs(at[1] - y) < BOX / 2 + _HIGH for x, y in frame.places.values()
    )
    on_number = any(abs(at[0] - x) < wide + room + 2 and abs(at[1] - y) < 2 * _HIGH + 1 for (x, y), room in taken)
    spots = [(at[0] + wide * along, at[1] + _HIGH * up) for along in (-1.0, -0.5, 0.0, 0.5, 1.0) for up in (-1, 0, 1)]
    on_arrow = sum(shaft.distance(spot) < _AIR for shaft in others for spot in spots)
    outside = not (wide <= at[0] <= frame.width - wide and _HIGH <= at[1] <= frame.height - _HIGH)
    return 1000 * (on_box or outside) + 100 * on_number + on_arrow


def _edge(
    at: tuple[float, float], way: tuple[float, float], middle: tuple[float, float], box: float, air: float
) -> tuple[float, float]:
    """Where a line from `at` in direction `way` leaves the box around `middle`, with some air."""
    steps = []
    for p, w, m, half in ((at[0], way[0], middle[0], box / 2), (at[1], way[1], middle[1], BOX / 2)):
        if abs(w) > 1e-9:
            steps.append(((half if w > 0 else -half) - (p - m)) / w)
    far = min(steps) + air
    return at[0] + way[0] * far, at[1] + way[1] * far
