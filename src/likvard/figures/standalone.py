"""A figure as one SVG that looks the same outside the page: sentence, chart, key, notes and source, in fixed pixels.

Or its chart alone, for a document that says the rest in its own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from markupsafe import escape

from likvard.figures.drawing.axes import text_width
from likvard.figures.drawing.circle import BOX, CircleDrawing
from likvard.figures.drawing.outlines import MapDrawing
from likvard.figures.drawing.rows import BAR, PANEL, ROW
from likvard.figures.drawing.shapes import STRETCH, WIDE, Drawing, Mark, Rule, Shape
from likvard.figures.figure import Figure
from likvard.figures.interface import TEXTS
from likvard.figures.measures import FigureError
from likvard.figures.panes import Key, PanelPicture, Picture, RowPicture
from likvard.figures.picture_style import face, style
from likvard.figures.rendering import FigureView, figure_view, pixels
from likvard.figures.views import CellView
from likvard.terms import Language

WIDTH, MARGIN = 1000.0, 40.0
INNER = WIDTH - 2 * MARGIN
PAPER = 640.0
"""On a column of 140 mm a text of 14 units is then set in 9 points."""
_FOLLOWS = frozenset({"svg", "shares", "circle", "dots"})
"""Kinds of picture that are drawn for the width there is; panels, cells and maps have widths of their own."""
_PANELS, _PANEL_WIDTH, _PANEL_GAP = 4, 209.0, 28.0
_HEAT_HEAD, _HEAT_ROW = 200.0, 32.0
_SIGN = 44.0
_TRIANGLE = {"below": "M0 1h10L5 9z", "above": "M0 9h10L5 1z"}
_WORN = re.compile(r"\bwhen\b")


def drawable(figure: Figure) -> bool:
    """Whether the figure has a drawing; a table alone is no picture."""
    return figure.chart is not None


def svg(figure: Figure, language: Language, *, synthetic: bool, fonts: bool = True) -> str:
    """The figure as SVG, 1000 pixels wide and as high as it needs, with its own light colours and its typeface.

    `fonts` False leaves out the typeface, for a renderer that brings its own. Raises `FigureError` for a figure
    without a chart.
    """
    view = figure_view(figure, language, table=False)
    drawn = _drawn(figure, view)
    sheet = _Sheet()
    _head(sheet, view, language, synthetic)
    _body(sheet, drawn, language)
    _foot(sheet, view)
    return _svg(sheet, WIDTH, sheet.y + MARGIN - 12, _Said(view.question, view.desc, language), face() if fonts else "")


@dataclass(frozen=True, slots=True)
class Alone:
    """A chart without the words around it, and what it shows in a name and a sentence."""

    svg: str
    name: str
    desc: str


def charts_alone(figure: Figure, language: Language) -> tuple[Alone, ...]:
    """The figure's chart with its key and the signs that stand in it, as SVG without a typeface: for paper, whose own words say
    the rest. 640 units wide where the chart follows its width, else 920. Bars of shares are one each: a page may end between them.

    Raises `FigureError` for a figure without a chart.
    """
    view = figure_view(figure, language, table=False)
    whole = _drawn(figure, view)
    parts = [(replace(whole, bars=(bar,)), bar.label, bar.desc) for bar in whole.bars]
    return tuple(_alone(*part, language) for part in parts or [(whole, view.question, view.desc)])


def _alone(drawn: Picture, name: str, desc: str, language: Language) -> Alone:
    inner = PAPER if drawn.kind in _FOLLOWS else INNER
    sheet = _Sheet(y=2.0, left=0.0, inner=inner)
    _body(sheet, drawn, language)
    _signs(sheet, drawn)
    return Alone(_svg(sheet, inner, sheet.y, _Said(name, desc, language), ""), name, desc)


def _drawn(figure: Figure, view: FigureView) -> Picture:
    if view.picture is None:
        raise FigureError(f"The figure {figure.id} has no chart.", "Take its table as CSV, XLSX or JSON.")
    return view.picture


@dataclass(frozen=True, slots=True)
class _Said:
    """What a picture says to those who do not see it."""

    title: str
    desc: str
    language: Language


def _svg(sheet: _Sheet, width: float, height: float, said: _Said, typeface: str) -> str:
    wide, high = pixels(width), pixels(round(height))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" lang="{said.language}" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}" role="img"><title>{escape(said.title)}</title><desc>{escape(said.desc)}</desc>'
        f'<style>{typeface}{style()}</style><rect width="100%" height="100%" class="sheet"/>{"".join(sheet.parts)}</svg>\n'
    )


@dataclass(slots=True)
class _Sheet:
    """Parts of the picture, written downwards from `y`."""

    y: float = MARGIN
    parts: list[str] = field(default_factory=list)
    left: float = MARGIN
    inner: float = INNER

    def text(self, x: float, y: float, text: str, look: str = "") -> None:
        """A text whose baseline is at (x, y)."""
        worn = f' class="{look}"' if look else ""
        self.parts.append(f'<text x="{pixels(self.left + x)}" y="{pixels(y)}"{worn}>{escape(text)}</text>')

    def lines(self, text: str, size: float, look: str, leading: float, width: float = 0.0, x: float = 0.0) -> None:
        """A text in as many lines as it needs, and the place moved below them."""
        for line in wrapped(text, width or self.inner, size):
            self.y += leading
            self.text(x, self.y, line, look)

    def draw(self, drawing: Drawing, x: float, y: float, width: float) -> None:
        """A drawing of a given width with its upper left corner at (x, y)."""
        near = "at-w" if self.inner >= WIDE else "at-m"
        self.parts.append(f'<g class="c">{"".join(_shapes(drawing, self.left + x, y, width, near))}</g>')


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The text in lines that fit `width` pixels at a letter size, broken at blanks only."""
    lines: list[str] = []
    for word in text.split(" "):
        together = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(together) * size / 14 <= width:
            lines[-1] = together
        else:
            lines.append(word)
    return lines


def _head(sheet: _Sheet, view: FigureView, language: Language, synthetic: bool) -> None:
    if synthetic:
        sheet.parts.append(f'<rect width="{pixels(WIDTH)}" height="34" class="synthetic"/>')
        sheet.text(0, 22, f"{TEXTS['synthetic'][language]} {TEXTS['synthetic_text'][language]}", "b note")
        sheet.y += 18
    sheet.lines(view.question, 25, "question", 30)
    sheet.y += 4
    sheet.lines(view.subtitle, 16, "soft", 20)
    sheet.y += 6
    sheet.lines(view.sentences.striptags().replace("\u2060", ""), 19, "verdict", 26, width=860)
    sheet.y += 14


def _foot(sheet: _Sheet, view: FigureView) -> None:
    if view.picture is not None:
        _signs(sheet, view.picture)
    for text in view.notes:
        sheet.lines(text, 15, "soft", 20)
    sheet.y += 10
    sheet.parts.append(
        f'<line x1="{pixels(MARGIN)}" x2="{pixels(WIDTH - MARGIN)}" y1="{pixels(sheet.y)}" y2="{pixels(sheet.y)}" '
        'class="edge"/>'
    )
    sheet.y += 4
    sheet.lines(view.source, 15, "soft", 20)


def _signs(sheet: _Sheet, picture: Picture) -> None:
    for sign, text in picture.symbols:
        _signed(sheet, sign, text)
    for note in picture.marks:
        _signed(sheet, note.sign, f"{note.name}, {note.text}" if note.name else note.text)


def _signed(sheet: _Sheet, sign: str, text: str) -> None:
    """A sign and, beside it, what it stands for."""
    sheet.text(0, sheet.y + 20, sign, "b small")
    sheet.lines(text, 15, "soft small", 20, sheet.inner - _SIGN, _SIGN)


def _body(sheet: _Sheet, picture: Picture, language: Language) -> None:
    _key(sheet, picture.key)
    if picture.kind == "svg":
        for heading, drawing in picture.drawings:
            _titled(sheet, heading)
            sheet.draw(drawing, 0, sheet.y, sheet.inner)
            sheet.y += drawing.height + 16
    elif picture.kind == "shares":
        for bar in picture.bars:
            _titled(sheet, bar.label)
            sheet.draw(bar.drawing, 0, sheet.y, sheet.inner)
            sheet.y += BAR + 8
            _key(sheet, bar.key)
    elif picture.kind == "dots":
        _dots(sheet, picture, language)
    elif picture.kind == "multiples":
        _multiples(sheet, picture)
    elif picture.kind == "heat":
        _heat(sheet, picture)
    elif picture.kind == "circle":
        _circle(sheet, picture.circles[0])
    elif picture.map is not None:
        _map(sheet, picture.map)


def _circle(sheet: _Sheet, drawn: CircleDrawing) -> None:
    """The wide drawing, in the middle of the sheet."""
    parts = []
    for one in drawn.arrows:
        ends = " ".join(f'{name}="{pixels(getattr(one, name))}"' for name in ("x1", "y1", "x2", "y2"))
        parts.append(f'<line {ends} stroke-width="{pixels(one.width)}" class="{one.look}"/>')
        parts.append(f'<polygon points="{one.head}" class="{one.fill}"/>')
    for box in drawn.boxes:
        at = f'x="{pixels(box.x)}" y="{pixels(box.y)}" width="{pixels(box.width)}" height="{pixels(BOX)}"'
        x, y = box.middle
        parts.append(f'<rect {at} rx="4" class="{box.look}"/>')
        parts.append(f'<text x="{pixels(x)}" y="{pixels(y)}" class="m b">{escape(box.text)}</text>')
    for one in drawn.arrows:
        look = "m halo b" if one.fill == "f-d1" else "m halo"
        parts.append(f'<text x="{pixels(one.x)}" y="{pixels(one.y)}" class="{look}">{escape(one.text)}</text>')
    size = min(1.0, sheet.inner / drawn.width)
    left = sheet.left + (sheet.inner - drawn.width * size) / 2
    scaled = f" scale({size:.4f})" if size < 1 else ""
    sheet.parts.append(
        f'<g class="c circle" transform="translate({pixels(left)} {pixels(sheet.y)}){scaled}">{"".join(parts)}</g>'
    )
    sheet.y += drawn.height * size + 16


def _titled(sheet: _Sheet, heading: str) -> None:
    if heading:
        sheet.y += 18
        sheet.text(0, sheet.y, heading, "b")
        sheet.y += 10


# The key ---------------------------------------------------------------------------------------------------


def _key(sheet: _Sheet, key: Sequence[Key]) -> None:
    x = 0.0
    for one in key:
        wide = (34 if one.line else 22) + text_width(one.text) * 16 / 14 + 22
        if x and x + wide > sheet.inner:
            x, sheet.y = 0.0, sheet.y + 24
        sheet.parts.append(_sample(one, sheet.left + x, sheet.y + 8))
        sheet.text(x + (34 if one.line else 22), sheet.y + 13, one.text, "soft")
        x += wide
    if key:
        sheet.y += 30


def _sample(key: Key, x: float, y: float) -> str:
    parts = []
    if key.line == "band":
        parts.append(f'<rect x="{pixels(x)}" y="{pixels(y - 6)}" width="28" height="12" class="{key.look}"/>')
    elif key.line:
        parts.append(
            f'<g class="c"><line x1="{pixels(x)}" x2="{pixels(x + 28)}" y1="{pixels(y)}" y2="{pixels(y)}" class="{key.line}"/></g>'
        )
    middle = x + (14 if key.line else 8)
    if key.shape == "square-swatch":
        parts.append(f'<rect x="{pixels(x + 1)}" y="{pixels(y - 7)}" width="14" height="14" class="{key.look}"/>')
    elif key.shape:
        at = f'transform="translate({pixels(middle)} {pixels(y)})"'
        parts.append(
            f'<path d="{key.d}" class="{key.look}" {at}/>' if key.d else f'<circle r="4.5" class="{key.look}" {at}/>'
        )
    return "".join(parts)


# Drawings --------------------------------------------------------------------------------------------------


def _shapes(drawing: Drawing, left: float, top: float, width: float, near: str) -> Iterable[str]:
    """The drawing's shapes in pixels; labels for a card of another width than `near` are left out."""

    def at(x: float) -> str:
        return pixels(left + x * width / 100)

    for block in drawing.blocks:
        wide = pixels(block.width * width / 100)
        yield f'<rect x="{at(block.x)}" y="{pixels(top + block.y)}" width="{wide}" height="{pixels(block.height)}" class="{block.look}"/>'
    yield from (_rule(rule, at, top) for rule in drawing.rules)
    for curve in drawing.curves:
        yield f'<path d="{_moved(curve.d, left, top, width)}" class="{curve.look}"/>'
    yield from (_rule(rule, at, top) for rule in drawing.over)
    yield from (_mark(mark, left + mark.x * width / 100 + mark.dx, top + mark.y) for mark in drawing.marks)
    for text in drawing.texts:
        if _WORN.search(text.look) and near not in text.look:
            continue
        look = " ".join(name for name in text.look.split() if name not in ("when", "at-n", "at-m", "at-w"))
        worn = f' class="{look}"' if look else ""
        x = pixels(left + text.x * width / 100 + text.dx)
        yield f'<text x="{x}" y="{pixels(top + text.y)}"{worn}>{escape(text.text)}</text>'


def _rule(rule: Rule, at: Callable[[float], str], top: float) -> str:
    x1, x2 = at(rule.x1), at(rule.x2)
    return f'<line x1="{x1}" y1="{pixels(top + rule.y1)}" x2="{x2}" y2="{pixels(top + rule.y2)}" class="{rule.look}"/>'


def _mark(mark: Mark, x: float, y: float) -> str:
    if mark.shape in (Shape.CIRCLE, Shape.RING):
        return f'<circle cx="{pixels(x)}" cy="{pixels(y)}" r="{pixels(mark.radius)}" class="{mark.look}"/>'
    return f'<path d="{mark.d}" class="{mark.look}" transform="translate({pixels(x)} {pixels(y)})"/>'


_POINT = re.compile(r"(-?[\d.]+) (-?[\d.]+)")


def _moved(d: str, left: float, top: float, width: float) -> str:
    """A path of the stretched layer in pixels."""

    def point(found: re.Match[str]) -> str:
        return f"{pixels(left + float(found[1]) * width / STRETCH)} {pixels(top + float(found[2]))}"

    return _POINT.sub(point, d)


# Rows, panels, cells ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Lanes:
    """Widths of names, plot and each column of an interval dot plot, and where the columns end."""

    names: float
    plot: float
    column: float
    ends: tuple[float, float, float]


_WIDE_LANES = _Lanes(250.0, 430.0, 85.0, (742.0, 834.0, INNER))
_NARROW_LANES = _Lanes(186.0, 196.0, 86.0, (450.0, 548.0, PAPER))


def _dots(sheet: _Sheet, picture: Picture, language: Language) -> None:
    lanes = _WIDE_LANES if sheet.inner >= WIDE else _NARROW_LANES
    words = [
        own or TEXTS[name][language]
        for own, name in zip(picture.heads, ("distance", "result", "expected"), strict=True)
    ]
    heads = [wrapped(text, lanes.column - 8, 16) for text in words[: 3 if picture.beside else 1]]
    sheet.y += 14 + 19 * max(0, max(map(len, heads)) - 2)
    sheet.text(lanes.names, sheet.y, picture.axis_name, "b")
    for x, lines in zip(lanes.ends, heads, strict=False):
        for k, line in enumerate(reversed(lines)):
            sheet.text(x, sheet.y + 22 - 19 * k, line, "b e")
    if picture.header is not None:
        sheet.draw(picture.header, lanes.names, sheet.y + 7, lanes.plot)
    sheet.y += 34
    for area, rows in picture.groups:
        if area:
            sheet.y += 26
            sheet.text(0, sheet.y, area, "b")
            sheet.y += 8
        for row in rows:
            _dots_row(sheet, row, lanes)
    sheet.y += 10


def _dots_row(sheet: _Sheet, row: RowPicture, lanes: _Lanes) -> None:
    names = wrapped(row.name, lanes.names - 16, 16)
    high = max(ROW, 19.0 * len(names) + 8)
    middle = sheet.y + high / 2
    for i, line in enumerate(names):
        sheet.text(0, middle + 5 + 19 * (i - (len(names) - 1) / 2), line, "cell")
    if row.drawing is None:
        sheet.text(lanes.names, middle + 5, row.instead, "soft")
    else:
        sheet.draw(row.drawing, lanes.names, middle - ROW / 2, lanes.plot)
        for x, text in zip(lanes.ends, (row.distance, row.result, row.expected), strict=True):
            sheet.text(x, middle + 5, text, "cell e")
    sheet.y += high


def _multiples(sheet: _Sheet, picture: Picture) -> None:
    sheet.lines(picture.axes, 15, "soft", 20)
    for area, panels in picture.panels:
        if area:
            sheet.y += 28
            sheet.text(0, sheet.y, area, "b")
        sheet.y += 10
        for first in range(0, len(panels), _PANELS):
            _panels(sheet, panels[first : first + _PANELS])
    sheet.y += 6


def _panels(sheet: _Sheet, row: Sequence[PanelPicture]) -> None:
    names = [wrapped(panel.name, _PANEL_WIDTH, 16) for panel in row]
    tall = max(len(lines) for lines in names) * 19.0
    deepest = 0
    for i, (panel, lines) in enumerate(zip(row, names, strict=True)):
        x = i * (_PANEL_WIDTH + _PANEL_GAP)
        for k, line in enumerate(lines):
            sheet.text(x, sheet.y + 17 + 19 * k, line, "b")
        below = wrapped(panel.instead or f"{panel.last}{panel.rest}", _PANEL_WIDTH, 15)
        start = sheet.y + tall + (22 if panel.drawing is None else PANEL + 24)
        if panel.drawing is not None:
            sheet.draw(panel.drawing, x, sheet.y + tall + 6, _PANEL_WIDTH)
        for k, line in enumerate(below):
            sheet.text(x, start + 18 * k, line, "soft small")
        deepest = max(deepest, len(below))
    sheet.y += tall + PANEL + 24 + 18 * deepest + 8


def _heat(sheet: _Sheet, picture: Picture) -> None:
    table = picture.table
    if table is None:
        return
    wide = (INNER - _HEAT_HEAD) / max(len(table.headings), 1)
    sheet.y += 14
    for i, heading in enumerate(table.headings):
        sheet.text(_HEAT_HEAD + (i + 0.5) * wide, sheet.y, heading.short or heading.text, "b m small")
    sheet.y += 8
    for area, rows in table.groups:
        if area:
            sheet.y += 24
            sheet.text(0, sheet.y, area, "b")
            sheet.y += 8
        for row in rows:
            for k, line in enumerate(wrapped(row.head, _HEAT_HEAD - 12, 15)):
                sheet.text(0, sheet.y + 20 + 16 * k, line, "small cell")
            for i, cell in enumerate(row.cells):
                _heat_cell(sheet, cell, _HEAT_HEAD + i * wide, wide)
            sheet.y += max(_HEAT_ROW, 16.0 * len(wrapped(row.head, _HEAT_HEAD - 12, 15)) + 10)
    sheet.y += 10
    for sign, text in table.symbols:
        _signed(sheet, sign, text)


def _heat_cell(sheet: _Sheet, cell: CellView, x: float, wide: float) -> None:
    looks = set(cell.look.split())
    if "say" in looks:
        sheet.text(x + 6, sheet.y + 20, cell.text, "soft small")
        return
    tint = "low" if "lo" in looks else "high" if "hi" in looks else "none" if "na" in looks else "plain"
    sheet.parts.append(
        f'<rect x="{pixels(sheet.left + x + 1)}" y="{pixels(sheet.y + 1)}" width="{pixels(wide - 2)}" '
        f'height="{pixels(_HEAT_ROW - 2)}" class="tint-{tint}"/>'
    )
    if cell.sign:
        at = f"translate({pixels(sheet.left + x + 4)} {pixels(sheet.y + 12)}) scale(.8)"
        sheet.parts.append(f'<path d="{_TRIANGLE[cell.sign]}" class="f-{tint}" transform="{at}"/>')
    nudge = 5 if cell.sign else 0
    sheet.text(x + wide / 2 + nudge, sheet.y + 20, cell.text, f"m small cell on-{tint}")


def _map(sheet: _Sheet, drawn: MapDrawing) -> None:
    lands = "".join(f'<path d="{land.d}" class="{land.look}"/>' for land in drawn.lands)
    ring = ""
    if drawn.ring is not None:
        x, y, radius = drawn.ring
        ring = f'<circle cx="{x}" cy="{y}" r="{radius}" class="here"/>'
    sheet.parts.append(
        f'<g class="map" transform="translate({pixels(sheet.left)} {pixels(sheet.y)})">{lands}{ring}</g>'
    )
    sheet.y += drawn.height + 12
