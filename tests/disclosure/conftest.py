"""Random hierarchies, and a second attacker that shares no code with the first."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from likvard.disclosure import Cell, CellKind, Key, Relation, Release
from likvard.terms import Audience, Level, Missing

Span = tuple[float, float]
FAR = 1e5


@dataclass(frozen=True)
class Tables:
    """Cells with the sums that tie them together."""

    cells: tuple[Cell, ...]
    relations: tuple[Relation, ...]

    def __add__(self, other: Tables) -> Tables:
        return Tables(self.cells + other.cells, self.relations + other.relations)


def _margins(
    axes: Sequence[Sequence[str]], measure: str
) -> tuple[list[tuple[Key, tuple[slice | int, ...]]], list[Relation]]:
    """Every margin's key with its place in the array, and every sum over one axis."""
    places, relations = [], []
    for names in itertools.product(*[("all", *axis) for axis in axes]):
        index = tuple(slice(None) if n == "all" else axis.index(n) for n, axis in zip(names, axes, strict=True))
        places.append(((measure, *names), index))
        for at, name in enumerate(names):
            if name == "all":
                parts = tuple((measure, *names[:at], part, *names[at + 1 :]) for part in axes[at])
                relations.append(Relation((measure, *names), parts))
    return places, relations


def _level(key: Key) -> Level:
    return Level.MUNICIPALITY if key[1] == "all" else Level.UNIT


def count_tables(counts: np.ndarray, axes: Sequence[Sequence[str]], measure: str = "grades") -> Tables:
    """Counts by places (first axis) and whatever else, with all margins. All at the level of municipalities: below 5."""
    places, relations = _margins(axes, measure)
    cells = [Cell(key, CellKind.COUNT, float(counts[index].sum()), level=Level.MUNICIPALITY) for key, index in places]
    return Tables(tuple(cells), tuple(relations))


def share_tables(
    reached: np.ndarray, n: np.ndarray, axes: Sequence[Sequence[str]], measure: str = "eligible"
) -> Tables:
    """Shares by places and whatever else: numerators add up, and so do the numbers of pupils."""
    places, relations = _margins(axes, measure)
    cells = []
    for key, index in places:
        top, all_ = float(reached[index].sum()), int(n[index].sum())
        if all_ == 0:
            cells.append(Cell(key, CellKind.SHARE, None, 0, missing=Missing.NOT_APPLICABLE, level=_level(key)))
        else:
            cells.append(Cell(key, CellKind.SHARE, top / all_, all_, numerator=top, level=_level(key)))
    return Tables(tuple(cells), tuple(relations))


def mean_tables(points: np.ndarray, n: np.ndarray, axes: Sequence[Sequence[str]], measure: str = "merit") -> Tables:
    """Means by places and whatever else: mean times n adds up. `points` holds sums, up to 340 a pupil."""
    places, relations = _margins(axes, measure)
    cells = []
    for key, index in places:
        mean, all_ = points[index].sum(), int(n[index].sum())
        cells.append(Cell(key, CellKind.MEAN, float(mean / all_), all_, ceiling=340.0, level=_level(key)))
    return Tables(tuple(cells), tuple(relations))


def known(release: Release, cell: Cell, fewest: float) -> Span:
    """What a reader knows of what one cell stands for, from its symbol, its n and the published rule alone."""
    seen = release[cell.key]
    n = math.inf if cell.n is None else float(cell.n)
    base = 1.0 if cell.kind is CellKind.COUNT else n
    if seen.missing is Missing.NOT_APPLICABLE:
        return 0.0, 0.0
    if seen.value is not None:
        exact = round(seen.value * n) if cell.kind is CellKind.SHARE else seen.value * base
        return exact, exact
    if seen.low is not None and seen.high is not None:
        return round(seen.low * base), round(seen.high * base)
    if cell.kind is CellKind.MEAN:
        return 0.0, 340.0 * n
    if seen.missing is Missing.FEW and seen.rule == "few_reached":
        return float(cell.kind is CellKind.COUNT), min(n, fewest - 1)
    return 0.0, min(n, FAR)


def naive_intervals(
    bounds: Mapping[Key, Span], relations: Iterable[Relation], targets: Sequence[Key]
) -> Mapping[Key, Span]:
    """Least and greatest value of every target over all tables that fit: two copies of the table for each, no tricks."""
    keys = sorted(bounds)
    place = {key: number for number, key in enumerate(keys)}
    relations = list(relations)
    table = sparse.lil_array((len(relations), len(keys)))
    for row, relation in enumerate(relations):
        table[row, place[relation.total]] = -1.0
        for part in relation.parts:
            table[row, place[part]] = 1.0
    copies = 2 * len(targets)
    cost = np.zeros((copies, len(keys)))
    for number, target in enumerate(targets):
        cost[2 * number, place[target]], cost[2 * number + 1, place[target]] = 1.0, -1.0
    found = linprog(
        cost.ravel(),
        A_eq=sparse.kron(sparse.eye_array(copies), table.tocsr(), format="csr"),
        b_eq=np.zeros(copies * len(relations)),
        bounds=[(bounds[key][0], min(bounds[key][1], FAR)) for key in keys] * copies,
        method="highs",
    )
    if found.status != 0:
        raise ValueError(found.message)
    points = found.x.reshape(copies, len(keys))
    return {t: (points[2 * i, place[t]], points[2 * i + 1, place[t]]) for i, t in enumerate(targets)}


def naive_attack(
    release: Release, tables: Tables, fewest: Mapping[Level, float], before: Release | None
) -> Mapping[Key, Span]:
    """The interval of every hidden cell of a release, as the naive attacker finds it who also kept the one before."""
    bounds = {cell.key: known(release, cell, fewest[cell.level]) for cell in tables.cells}
    for cell in tables.cells if before is not None else ():
        if before is not None and cell.key in before.cells and before[cell.key].value is not None:
            bounds[cell.key] = known(before, cell, fewest[cell.level])
    hidden = [
        cell.key
        for cell in tables.cells
        if release[cell.key].missing is not Missing.NOT_APPLICABLE
        and release[cell.key].value is None
        and not (before is not None and cell.key in before.cells and before[cell.key].value is not None)
    ]
    return naive_intervals(bounds, tables.relations, hidden) if hidden else {}


@pytest.fixture(scope="session")
def today() -> date:
    return date(2026, 11, 1)


@pytest.fixture(scope="session")
def tables() -> Callable[..., Tables]:
    """Tables of counts, shares or means, by name."""
    makers = {"counts": count_tables, "shares": share_tables, "means": mean_tables}

    def make(kind: str, *arrays: np.ndarray, measure: str = "m") -> Tables:
        axes = [[f"{letter}{i}" for i in range(size)] for letter, size in zip("ugs", arrays[0].shape, strict=False)]
        return makers[kind](*arrays, axes, measure=measure)

    return make


@pytest.fixture(scope="session")
def attack() -> Callable[[Release, Tables], Mapping[Key, Span]]:
    """The naive attacker. Fewest shown in public: 10 at a unit, 5 above (records_public in the rulebook)."""

    def run(release: Release, tables: Tables, before: Release | None = None) -> Mapping[Key, Span]:
        own = {level: 10.0 if level is Level.UNIT else 5.0 for level in Level}
        fewest = own if release.audience is Audience.PUBLIC else dict.fromkeys(Level, 5.0)
        return naive_attack(release, tables, fewest, before)

    return run
