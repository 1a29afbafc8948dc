"""Where a municipality lies: outlines of places, one of them marked. Never coloured by result."""

from __future__ import annotations

from dataclasses import dataclass

from likvard.figures.measures import FigureError

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A municipality's outline: rings of (x, y). Degrees (longitude, latitude) or metres, as the map says."""

    code: str
    name: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class MunicipalityMap:
    """Where the municipality lies. The chosen one is marked; `compared` are hatched. Never coloured by result."""

    outlines: tuple[Outline, ...]
    chosen: str
    compared: frozenset[str] = frozenset()
    degrees: bool = True

    def __post_init__(self) -> None:
        if self.chosen not in {o.code for o in self.outlines}:
            raise FigureError(f"The map holds no outline of {self.chosen}.", "Give its rings, or leave out the map.")
