"""What a chart pane holds, ready for a template: drawings with their keys, rows, panels, bars, or a table that is itself the chart."""

from __future__ import annotations

from dataclasses import dataclass, field

from likvard.figures.drawing.circle import CircleDrawing
from likvard.figures.drawing.outlines import MapDrawing
from likvard.figures.drawing.shapes import PATHS, Drawing, Shape
from likvard.figures.views import TableView


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the key: a sample (line, shape, colour) and its words."""

    text: str
    look: str = ""
    shape: str = ""
    line: str = ""

    @property
    def d(self) -> str:
        """The outline of its shape; empty for a circle."""
        return PATHS.get(Shape(self.shape), "") if self.shape in list(Shape) else ""


@dataclass(frozen=True, slots=True)
class Note:
    """A number or letter drawn in the chart, and what it stands for."""

    sign: str
    text: str
    name: str = ""
    taken: bool = False


@dataclass(frozen=True, slots=True)
class RowPicture:
    """One school of an interval dot plot."""

    name: str
    distance: str = ""
    result: str = ""
    expected: str = ""
    spoken: str = ""
    instead: str = ""
    flagged: bool = False
    drawing: Drawing | None = None


@dataclass(frozen=True, slots=True)
class PanelPicture:
    """One school of the small multiples."""

    name: str
    drawing: Drawing | None = None
    last: str = ""
    rest: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True)
class BarPicture:
    """One bar of shares."""

    label: str
    drawing: Drawing
    desc: str
    key: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The chart pane, ready for the template; `kind` says which part of it is filled."""

    kind: str
    key: tuple[Key, ...] = ()
    drawings: tuple[tuple[str, Drawing], ...] = ()
    marks: tuple[Note, ...] = ()
    caption: str = ""
    axis_name: str = ""
    head: str = ""
    heads: tuple[str, str, str] = ("", "", "")
    beside: bool = True
    header: Drawing | None = None
    groups: tuple[tuple[str, tuple[RowPicture, ...]], ...] = ()
    table: TableView | None = None
    axes: str = ""
    panels: tuple[tuple[str, tuple[PanelPicture, ...]], ...] = ()
    symbols: tuple[tuple[str, str], ...] = ()
    map: MapDrawing | None = None
    bars: tuple[BarPicture, ...] = field(default=())
    circles: tuple[CircleDrawing, ...] = field(default=())
