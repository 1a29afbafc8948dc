"""The municipality map: outlines in a neutral tint, the chosen one marked by shape, never coloured by result."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from likvard.figures.charts_map import MunicipalityMap, Outline, Ring

Place = Callable[[float, float], tuple[float, float]]

_WIDTH = 360.0
_GRID = 2.0
"""Corners are drawn to half a pixel: neighbours that share a border go on sharing it."""


@dataclass(frozen=True, slots=True)
class Land:
    """One municipality as a path."""

    d: str
    look: str
    name: str


@dataclass(frozen=True, slots=True)
class MapDrawing:
    """Width and height of the picture, its land, and where a ring marks a municipality too small to see."""

    width: float
    height: float
    lands: tuple[Land, ...]
    ring: tuple[float, float, float] | None


def municipality_map(chart: MunicipalityMap) -> MapDrawing:
    """All outlines fitted to the width; degrees are shortened by latitude so that shapes are true in the middle."""
    corners = [corner for o in chart.outlines for ring in o.rings for corner in ring]
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    south, north = min(y for _, y in corners), max(y for _, y in corners)
    narrowing = math.cos(math.radians((south + north) / 2)) if chart.degrees else 1.0
    width = max((east - west) * narrowing, 1e-9)
    factor = min((_WIDTH - 8) / width, 1.3 * _WIDTH / max(north - south, 1e-9))

    def place(x: float, y: float) -> tuple[float, float]:
        return 4 + (x - west) * narrowing * factor, 4 + (north - y) * factor

    lands = [
        Land(_outline_path(o, place), _look(chart, o), o.name)
        for o in sorted(chart.outlines, key=lambda o: (o.code == chart.chosen, o.code in chart.compared, o.code))
    ]
    chosen = next(o for o in chart.outlines if o.code == chart.chosen)
    drawn_width, drawn_height = 8 + width * factor, 8 + (north - south) * factor
    return MapDrawing(round(drawn_width, 1), round(drawn_height, 1), tuple(lands), _ring(chosen, place))


def _look(chart: MunicipalityMap, outline: Outline) -> str:
    if outline.code == chart.chosen:
        return "land chosen"
    return "land compared" if outline.code in chart.compared else "land"


def _outline_path(outline: Outline, place: Place) -> str:
    return "".join(_ring_path(ring, place) for ring in outline.rings)


def _ring_path(ring: Ring, place: Place) -> str:
    corners: list[tuple[float, float]] = []
    for x, y in ring:
        px, py = place(x, y)
        corner = (round(px * _GRID) / _GRID, round(py * _GRID) / _GRID)
        if not corners or corners[-1] != corner:
            corners.append(corner)
    if len(corners) < 3:
        return ""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in corners) + "Z"


def _ring(chosen: Outline, place: Place) -> tuple[float, float, float] | None:
    drawn = [place(x, y) for ring in chosen.rings for x, y in ring]
    left, right = min(x for x, _ in drawn), max(x for x, _ in drawn)
    top, bottom = min(y for _, y in drawn), max(y for _, y in drawn)
    if max(right - left, bottom - top) >= 24:
        return None
    return round((left + right) / 2, 1), round((top + bottom) / 2, 1), 16.0
