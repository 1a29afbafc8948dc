"""What a reader can calculate with: cells as unknowns, sums as equations, and what each symbol tells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, csr_array
from scipy.sparse.csgraph import connected_components

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

TOLERANCE = 1e-6
"""Differences below this are rounding in the solver (feasibility 1e-7), not knowledge."""


class State(IntEnum):
    """How a cell stands in the release: as it is, under its own symbol, or as "×", which tells nothing of its size."""

    SHOWN = 0
    OWN = 1
    COVERED = 2


States = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Lowest and highest value of every cell that a reader holds possible."""

    low: Floats
    high: Floats

    def __getitem__(self, cells: Whole | Flags) -> Bounds:
        return Bounds(self.low[cells], self.high[cells])


@dataclass(frozen=True)
class System:
    """m cells in k equations `matrix @ x = constant`, with what a reader knows of each cell in each state.

    Cells count persons, or are sums of points (mean times n). `value` (m) is the true value, or, for cells that the
    source hid from us too, any value that fits. `shown`, `own` and `covered` are the bounds in the three states.
    `need` is how wide a primary cell's interval must stay, 0 for cells that are not; `need_covered` the same for
    a cell hidden for the sake of others. `weight` is the cost of hiding: infinite where that is of no use.
    """

    matrix: csr_array
    constant: Floats
    value: Floats
    shown: Bounds
    own: Bounds
    covered: Bounds
    need: Floats
    need_covered: Floats
    weight: Floats

    @cached_property
    def columns(self) -> csc_array:
        """The same matrix by column."""
        return csc_array(self.matrix)

    @cached_property
    def reach(self) -> float:
        """How far any cell may move in an attack: finite so that programs are bounded, and far beyond every need."""
        return 20.0 * max(1.0, float(self.need.max(initial=0.0)), float(self.need_covered.max(initial=0.0)))

    def bounds(self, states: States) -> Bounds:
        """Return what a reader holds possible, no further than `reach` from the true value (narrower is safer)."""
        low = np.select([states == State.SHOWN, states == State.OWN], [self.shown.low, self.own.low], self.covered.low)
        high = np.select(
            [states == State.SHOWN, states == State.OWN], [self.shown.high, self.own.high], self.covered.high
        )
        return Bounds(np.maximum(low, self.value - self.reach), np.minimum(high, self.value + self.reach))

    def needs(self, states: States) -> Floats:
        """Return how wide each cell's interval must stay: nothing for shown cells."""
        hidden = states != State.SHOWN
        return np.where(hidden & (self.need > 0), self.need, np.where(hidden, self.need_covered, 0.0))


def components(matrix: csr_array) -> Whole:
    """Return for every column which component it belongs to: columns that share a row hang together."""
    rows, columns = matrix.shape
    entries = matrix.tocoo()
    graph = csr_array(
        (np.ones(len(entries.data)), (entries.row, rows + entries.col)), shape=(rows + columns, rows + columns)
    )
    labels: Whole = connected_components(graph, directed=False)[1][rows:]
    return np.unique(labels, return_inverse=True)[1] if columns else labels
