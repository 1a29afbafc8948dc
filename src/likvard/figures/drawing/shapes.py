"""What a drawing is made of. x is in per cent of the width, y in pixels, so text keeps its size at every width."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

STRETCH = 1000.0
"""Width of the stretched inner layer, in which curves and ribbons lie."""

NARROW, MIDDLE, WIDE = 288, 544, 840
"""Widths of a card, in pixels, at which labels are placed: a phone, a column, the page."""


class Shape(StrEnum):
    """Marks, told apart without colour."""

    CIRCLE = "circle"
    SQUARE = "square"
    DIAMOND = "diamond"
    DOWN = "down"
    UP = "up"
    RING = "ring"
    SMALL_DIAMOND = "small-diamond"


PATHS = {
    Shape.SQUARE: "M-4.5-4.5h9v9h-9z",
    Shape.DIAMOND: "M0-5 5 0 0 5-5 0z",
    Shape.SMALL_DIAMOND: "M0-3.6 3.6 0 0 3.6-3.6 0z",
    Shape.DOWN: "M-6-4.5H6L0 6z",
    Shape.UP: "M-6 4.5H6L0-6z",
}
"""Outlines around the origin; circles and rings are drawn as circles."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text at (x per cent + dx pixels, y)."""

    x: float
    y: float
    text: str
    look: str = ""
    dx: float = 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    look: str


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    look: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A path in the stretched layer."""

    d: str
    look: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape at (x per cent + dx pixels, y), with a hover text."""

    x: float
    y: float
    shape: Shape
    look: str
    dx: float = 0.0
    title: str = ""
    radius: float = 4.0

    @property
    def d(self) -> str:
        """The outline of a shape that is no circle."""
        return PATHS.get(self.shape, "")


@dataclass(slots=True)
class Drawing:
    """Shapes in the order they are painted: blocks, rules, curves, lines over them, marks, texts."""

    height: float
    blocks: list[Block] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    over: list[Rule] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
