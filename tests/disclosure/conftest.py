"""Random hierarchies, and a second attacker that shares no code with the first."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest
from scipy.optimize import linprog

from likvard.disclosure import Cell, CellKind, Key, Relation, Release
from likvard.terms import Level, Missing

TODAY = date(2026, 11, 1)
Span = tuple[float, float]


@dataclass(frozen=True)
class Tables:
    """Cells with the sums that tie them together."""

    cells: tuple[Cell, ...]
    relations: tuple[Relation, ...]


def count_tables(
    counts: np.ndarray, axes: Sequence[Sequence[str]], levels: Sequence[Level] | None = None, measure: str = "grades"
) -> Tables:
    """Every margin of an array of counts as a cell, and every sum over one axis as a relation.

    `levels[i]` is the level of cells that name i places (the first axis is places; 'all' names none).
    """
    levels = levels or (Level.MUNICIPALITY, Level.MUNICIPALITY)
    cells: dict[Key, Cell] = {}
    relations: list[Relation] = []
    for names in itertools.product(*[("all", *axis) for axis in axes]):
        index = tuple(slice(None) if name == "all" else axis.index(name) for name, axis in zip(names, axes, strict=True))
        key = (measure, *names)
        level = levels[int(names[0] != "all")]
        cells[key] = Cell(key, CellKind.COUNT, float(counts[index].sum()), level=level)
        for place, name in enumerate(names):
            if name == "all":
                parts = tuple((measure, *names[:place], part, *names[place + 1 :]) for part in axes[place])
                relations.append(Relation(key, parts))
    return Tables(tuple(cells.values()), tuple(relations))


def naive_bounds(release: Release, cell: Cell, limit: float) -> Span:
    """What a reader knows of one released count, from its symbol and the published rule alone."""
    seen = release[cell.key]
    if seen.value is not None:
        return seen.value, seen.value
    if seen.missing is Missing.FEW:
        return 1.0, limit - 1
    if seen.low is not None and seen.high is not None:
        return seen.low, seen.high
    return 0.0, math.inf


def naive_interval(bounds: Mapping[Key, Span], relations: Iterable[Relation], target: Key) -> Span:
    """Least and greatest value of one cell over all tables that fit: one dense program each, nothing clever."""
    keys = list(bounds)
    rows = [
        [float(key in relation.parts) - float(key == relation.total) for key in keys] for relation in relations
    ]
    cost = np.array([float(key == target) for key in keys])
    ends = []
    for sign in (1, -1):
        found = linprog(
            sign * cost, A_eq=np.array(rows), b_eq=np.zeros(len(rows)), bounds=[bounds[k] for k in keys], method="highs"
        )
        ends.append(sign * found.fun if found.status == 0 else sign * -math.inf)
        if found.status not in (0, 3):
            raise ValueError(found.message)
    return ends[0], ends[1]


@pytest.fixture(scope="session")
def tables() -> Callable[..., Tables]:
    return count_tables


@pytest.fixture(scope="session")
def attack() -> Callable[[Release, Tables], Mapping[Key, Span]]:
    """The intervals of every hidden count of a release, by the naive attacker. `limit` is the fewest shown."""

    def run(release: Release, tables: Tables, limits: Mapping[Key, float] | float = 5) -> Mapping[Key, Span]:
        def limit(cell: Cell) -> float:
            return limits if isinstance(limits, int | float) else limits[cell.key]

        bounds = {cell.key: naive_bounds(release, cell, limit(cell)) for cell in tables.cells}
        hidden = [cell.key for cell in tables.cells if release[cell.key].value is None]
        return {key: naive_interval(bounds, tables.relations, key) for key in hidden}

    return run
