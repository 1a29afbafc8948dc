"""The map of tiles: each county in its place among its neighbours, as one square. Colour tells how far, never a result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from likvard.site.supervision.coverage import Area
from likvard.site.ui.components import State

GRID: Mapping[str, tuple[int, int]] = {
    "25": (1, 4), "24": (2, 4), "23": (2, 3), "22": (3, 4),
    "20": (4, 3), "21": (4, 4), "17": (5, 2), "18": (5, 3), "03": (5, 4),
    "19": (6, 3), "01": (6, 4), "14": (6, 2), "05": (7, 3), "04": (7, 4),
    "13": (7, 1), "06": (7, 2), "08": (8, 3), "09": (8, 4), "12": (9, 1), "07": (8, 2), "10": (9, 2),
}  # fmt: skip
"""Row and column of each county, as near to the map as squares allow: the north above, the west to the left."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of the map: its name, how far it has come, what to read out, where it leads and its place in the grid."""

    name: str
    badge: State
    kind: str
    reached: int
    units: int
    href: str
    place: str


def tiles(areas: Iterable[Area], *, county: str, of: int) -> list[Tile]:
    """The areas as tiles. Counties stand in the grid, from the north; municipalities of one county follow one another."""
    made = [_tile(area, county, of) for area in areas]
    return made if county else sorted(made, key=lambda tile: tile.place or "z")


def _tile(area: Area, county: str, of: int) -> Tile:
    here = reverse("supervision_programme_list", args=[of])
    href = f"{here}?visa=enheter&kommun={area.code}" if county else f"?lan={area.code}"
    place = GRID.get(area.code, (0, 0)) if not county else (0, 0)
    name = area.name.removesuffix(" län").removesuffix(" County")
    at = f"r{place[0]} c{place[1]}" if place[0] else ""
    return Tile(name, area.badge, area.state.value, area.reached, area.units, href, at)
