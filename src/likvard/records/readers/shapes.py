"""Outlines of the municipalities (GeoJSON), for maps only: heavily simplified, so no areas, distances or point tests.

Coordinates are longitude before latitude; the property `geo_point_2d` is the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from likvard.records.readers import sayings, tables
from likvard.records.readers.codes import bad_code, is_code
from likvard.records.readers.findings import Findings
from likvard.records.readers.json_file import number, objects, read_json, text
from likvard.records.reading import ReadContext, Reading
from likvard.terms import InputError

# A box around Sweden with a margin, in degrees: what lies outside has its axes swapped or is another country.
WEST, EAST, SOUTH, NORTH = 9.0, 26.0, 54.0, 70.5

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """A municipality's outline: its code and name, a point inside (longitude, latitude), and its outer rings."""

    code: str
    name: str
    inside: Point
    rings: list[list[float]]


@dataclass(frozen=True, slots=True)
class Shapes:
    """Reader of municipality outlines in GeoJSON."""

    name: str = "municipality-shapes"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the ending, or by a GeoJSON collection."""
        return path.suffix.lower() == ".geojson" or (
            path.suffix.lower() == ".json" and b'"FeatureCollection"' in head[:2_000]
        )

    def read(self, path: Path, context: ReadContext) -> Reading:
        """One row per municipality, with the outer ring of each of its polygons; holes are left out."""
        file = read_json(path)
        features = objects(file.content.get("features")) if isinstance(file.content, dict) else []
        if not features:
            raise InputError(f"{path.name} has no features.", "It must be a GeoJSON FeatureCollection.")
        findings = Findings()
        shapes = list(_shapes(features, findings))
        context.progress(1, 1)
        return Reading(
            source="municipality-shapes",
            scope="",
            vintage="",
            file=path.name,
            reader=self.name,
            sha256=file.sha256,
            tables={"area_shape": _table(shapes)},
            findings=findings.done(),
        )


def _shapes(features: list[dict[str, Any]], findings: Findings) -> Iterator[Shape]:
    for row, feature in enumerate(features, start=1):
        known = feature.get("properties")
        properties = known if isinstance(known, dict) else {}
        code = text(properties.get("id"))
        if not is_code(code, 4):
            findings.add(bad_code(code, 4, row, "id"))
            continue
        rings = outer_rings(feature.get("geometry"))
        inside = _point_inside(properties.get("geo_point_2d"))
        if not rings or inside is None:
            findings.add(sayings.BAD_SHAPE.at(row, code))
            continue
        yield Shape(code, text(properties.get("kom_namn")) or code, inside, rings)


def _point_inside(latitude_first: object) -> Point | None:
    if not isinstance(latitude_first, list) or len(latitude_first) != 2:
        return None
    return _in_sweden([latitude_first[1], latitude_first[0]])


def outer_rings(geometry: object) -> list[list[float]]:
    """The outer ring of each polygon as x1 y1 x2 y2 …; an empty list if any point is not a point in Sweden."""
    if not isinstance(geometry, dict):
        return []
    parts = geometry.get("coordinates")
    polygons = [parts] if geometry.get("type") == "Polygon" else parts
    if geometry.get("type") not in ("Polygon", "MultiPolygon") or not isinstance(polygons, list):
        return []
    rings = [_ring(polygon[0]) if isinstance(polygon, list) and polygon else [] for polygon in polygons]
    return rings if all(rings) else []


def _ring(points: object) -> list[float]:
    """One closed ring of at least four points; empty if it is none."""
    if not isinstance(points, list) or len(points) < 4 or points[0] != points[-1]:
        return []
    found = [_in_sweden(point) for point in points]
    if any(point is None for point in found):
        return []
    return [axis for point in found if point is not None for axis in point]


def _in_sweden(point: object) -> Point | None:
    """A point [longitude, latitude] within the box around Sweden; None otherwise."""
    if not isinstance(point, list) or len(point) < 2:
        return None
    x, y = number(point[0]), number(point[1])
    if x is None or y is None or not (WEST <= x <= EAST and SOUTH <= y <= NORTH):
        return None
    return x, y


def _table(shapes: list[Shape]) -> pa.Table:
    columns: dict[str, tables.Cells] = {
        "municipality_code": [shape.code for shape in shapes],
        "name": [shape.name for shape in shapes],
        "longitude": [shape.inside[0] for shape in shapes],
        "latitude": [shape.inside[1] for shape in shapes],
        "rings": [shape.rings for shape in shapes],
    }
    return tables.fill("area_shape", len(shapes), columns)
