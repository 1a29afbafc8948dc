"""From cells and sums to a system of equations."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from likvard.disclosure.cells import Cell, CellKind, Key, Relation
from likvard.disclosure.protection.system import Bounds, State, States, System
from likvard.disclosure.verdicts import SUPPRESSED, Verdict
from likvard.terms import DisclosureError, Missing

PERSONS = 3.0
"""A hidden number of pupils keeps an interval at least this wide: four possible numbers, as many as "~100" leaves."""

PERSONS_COVERED = 1.0
"""A number hidden for the sake of others keeps at least two possible numbers."""

SCALE = 0.1
"""A hidden mean keeps an interval of a tenth of its scale (34 points of merit, 1 of an index from 0 to 10). The
sampling error of a mean of nine pupils with SD 64 is 21 points, so 34 is no sharper than chance leaves it."""

SCALE_COVERED = 0.01
"""A mean hidden for the sake of others keeps a hundredth of its scale."""

PEOPLE = frozenset({CellKind.COUNT, CellKind.SHARE, CellKind.OPTION})
POINTS = frozenset({CellKind.MEAN, CellKind.INDEX})


@dataclass(frozen=True, slots=True)
class Unknown:
    """One cell as a reader can calculate with it. Ranges are (low, high); `value` is None if the source hid it."""

    value: float | None
    shown: tuple[float, float]
    own: tuple[float, float]
    covered: tuple[float, float]
    need: float
    need_covered: float
    weight: float
    state: State


def unknown(
    cell: Cell,
    verdict: Verdict | None,
    *,
    out: bool = False,
    may_hide: bool = True,
    known_range: tuple[float, float] | None = None,
) -> Unknown:
    """Return what a reader knows of a cell in each state: counts as they are, shares by numerator, means by sum.

    `out` says that this very value has been released before, so that hiding it is of no use; `known_range` is what
    another release of the same cell tells about it. Raises `DisclosureError` for a cell that does not add up with
    others: an estimate, or a share or mean without n.
    """
    value, slack = _quantity(cell)
    span = _narrower(_range(cell), known_range)
    if value is not None and (out or cell.missing is Missing.NOT_APPLICABLE):
        at = (value - slack, value + slack)
        return Unknown(value, at, at, at, 0.0, 0.0, math.inf, State.SHOWN)
    own = _narrower(span, None if verdict is None else verdict.span)
    if cell.value is None:
        span = own
    sensitive = verdict is not None and verdict.missing in SUPPRESSED
    need, need_covered = _needs(cell, span)
    state = State.SHOWN if verdict is None else State.OWN
    weight = _weight(cell, value) if may_hide else math.inf
    if not cell.shown:
        state, own, weight = State.OWN, span, math.inf
    if state is State.OWN and not sensitive:
        need_covered = 0.0
    shown = (0.0, 0.0) if value is None else (value - slack, value + slack)
    return Unknown(value, shown, own, span, need if sensitive else 0.0, need_covered, weight, state)


def _quantity(cell: Cell) -> tuple[float | None, float]:
    """Return what adds up, and how far it may be off because the value is rounded."""
    if cell.kind is CellKind.ESTIMATE:
        raise DisclosureError(f"The estimate {'/'.join(cell.key)} stands in a sum.", "Estimates do not add up.")
    if cell.value is None:
        return (0.0, 0.0) if cell.missing is Missing.NOT_APPLICABLE else (None, 0.0)
    rounded = max(cell.precision, 5.0) if cell.missing is Missing.APPROXIMATE else cell.precision
    if cell.kind is CellKind.COUNT:
        return cell.value, rounded
    if cell.n is None or cell.value < 0:
        raise DisclosureError(
            f"The cell {'/'.join(cell.key)} stands in a sum, but its n is unknown or its value negative.",
            "Give `n`, or leave the cell out of the sum.",
        )
    if cell.kind in POINTS:
        return cell.value * cell.n, rounded * cell.n
    return cell.reached, 0.0 if cell.numerator is not None else rounded * cell.n


def _range(cell: Cell) -> tuple[float, float]:
    """Return the values that the quantity could have if nothing were known but n and the scale."""
    if cell.n is None:
        return 0.0, math.inf
    if cell.kind in POINTS:
        return 0.0, math.inf if cell.ceiling is None else cell.ceiling * cell.n
    return 0.0, float(cell.n)


def _narrower(span: tuple[float, float], known: tuple[float, float] | None) -> tuple[float, float]:
    return span if known is None else (max(span[0], known[0]), min(span[1], known[1]))


def _needs(cell: Cell, span: tuple[float, float]) -> tuple[float, float]:
    room = span[1] - span[0]
    if cell.kind in PEOPLE:
        return min(PERSONS, room), min(PERSONS_COVERED, room)
    scale = cell.ceiling if cell.ceiling is not None else 2.0 * (cell.value or 0.0)
    points = scale * (cell.n or 0)
    return min(SCALE * points, room), min(SCALE_COVERED * points, room)


def _weight(cell: Cell, value: float | None) -> float:
    """Return the cost of hiding: the number of pupils whose figure it is. A count of zero is no use as cover."""
    if value is None:
        return math.inf
    persons = value if cell.kind is CellKind.COUNT else float(cell.n or 0)
    return persons if persons > 0 else math.inf


@dataclass(frozen=True, slots=True)
class Built:
    """A system and the state each cell starts in; row i of `keys` is column i of the system."""

    keys: tuple[Key, ...]
    system: System
    states: States


def build(unknowns: Mapping[Key, Unknown], sums: Iterable[Relation], constants: Mapping[Key, float]) -> Built:
    """Return the system. A sum whose total is named in `constants` adds up to that number instead of to a cell.

    The values of cells that the source hid are left at nan; `settle` finds values that fit.
    """
    keys = tuple(sorted(unknowns))
    place = {key: number for number, key in enumerate(keys)}
    rows: list[int] = []
    columns: list[int] = []
    signs: list[float] = []
    constant: list[float] = []
    for relation in sorted(set(sums), key=lambda r: (r.total, sorted(r.parts))):
        cells = [(part, 1.0) for part in relation.parts]
        if relation.total not in constants:
            cells.append((relation.total, -1.0))
        rows.extend([len(constant)] * len(cells))
        columns.extend(place[key] for key, _ in cells)
        signs.extend(sign for _, sign in cells)
        constant.append(constants.get(relation.total, 0.0))
    matrix = csr_array((signs, (rows, columns)), shape=(len(constant), len(keys)), dtype=np.float64)
    matrix.sort_indices()
    return Built(keys, _system(matrix, np.array(constant), [unknowns[key] for key in keys]), _states(unknowns, keys))


def _states(unknowns: Mapping[Key, Unknown], keys: tuple[Key, ...]) -> States:
    return np.array([unknowns[key].state for key in keys], dtype=np.int8)


def _system(matrix: csr_array, constant: np.ndarray, cells: list[Unknown]) -> System:
    def column(values: Iterable[float | None]) -> np.ndarray:
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)

    def bounds(ranges: list[tuple[float, float]]) -> Bounds:
        return Bounds(column(low for low, _ in ranges), column(high for _, high in ranges))

    return System(
        matrix,
        constant,
        value=column(c.value for c in cells),
        shown=bounds([c.shown for c in cells]),
        own=bounds([c.own for c in cells]),
        covered=bounds([c.covered for c in cells]),
        need=column(c.need for c in cells),
        need_covered=column(c.need_covered for c in cells),
        weight=column(c.weight for c in cells),
    )


def people_or_points(cells: Iterable[Cell]) -> None:
    """Raise `DisclosureError` if a sum mixes numbers of pupils with sums of points."""
    kinds = {cell.kind in PEOPLE: cell.key for cell in cells}
    if len(kinds) > 1:
        raise DisclosureError(
            f"The sum of {'/'.join(kinds[True])} and {'/'.join(kinds[False])} adds pupils to points.",
            "Add up one kind at a time.",
        )
