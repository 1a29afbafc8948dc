"""Widen what is still too narrow, as cheaply as a linear program can.

Two tables that both fit what is released must differ in the target by what it needs. Every other cell is a cost: free
where it is hidden already, its weight for each unit where it is shown and would have to be hidden too. The cells
that move in the cheapest pair are hidden (after Robertson 1993 and Kelly, Golden & Assad 1992, for any sums).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_array, csr_array, eye_array, hstack

from likvard.disclosure.protection.program import Program
from likvard.disclosure.protection.system import TOLERANCE, Bounds, Floats, State, States, System, Whole


@dataclass(frozen=True, slots=True)
class Widening:
    """The cells to hide for one target, and how wide its interval can become: less than it needs if `exposed`."""

    cells: Whole
    width: float
    programs: int


def widen(system: System, states: States, target: int) -> Widening:
    """Return the cheapest further cells to hide so that `target` has the interval it needs.

    Looks near the target first and farther away only if that is not enough. If no further hiding can give it what it
    needs (the source or an earlier release has told too much), gives it the widest there is.
    """
    need = float(system.needs(states)[target])
    programs, width = 0, 0.0
    size = -1
    for hops in range(1, system.matrix.shape[0] + 2):
        rows, movers = _region(system, states, target, hops)
        if len(movers) == size:
            break
        size = len(movers)
        pair = _Pair(system, states, target, rows, movers)
        cells = pair.cheapest(need)
        programs += 1
        if cells is not None:
            return Widening(cells, need, programs)
        width, programs = max(width, pair.widest()), programs + 1
    cells = pair.cheapest(width - TOLERANCE) if width > TOLERANCE else None
    return Widening(np.array([], dtype=np.int64) if cells is None else cells, width, programs + 1)


def _region(system: System, states: States, target: int, hops: int) -> tuple[Whole, Whole]:
    """Return the equations within reach of the target, and the cells that none but these equations hold."""
    matrix, columns = system.matrix, system.columns
    inside: Sequence[int] | Whole = _hidden_component(system, states, target)
    for hop in range(hops + 1):
        rows = np.unique(np.concatenate([columns.indices[columns.indptr[c] : columns.indptr[c + 1]] for c in inside]))
        if hop < hops:
            inside = np.unique(np.concatenate([matrix.indices[matrix.indptr[r] : matrix.indptr[r + 1]] for r in rows]))
    counted = np.bincount(csr_array(matrix[rows]).indices, minlength=matrix.shape[1])
    loose = (states != State.SHOWN) | np.isfinite(system.weight) | (system.shown.high > system.shown.low)
    return rows, np.flatnonzero((counted > 0) & (counted == np.diff(columns.indptr)) & loose)


def _hidden_component(system: System, states: States, target: int) -> list[int]:
    matrix, columns = system.matrix, system.columns
    found, waiting, rows_seen = {target}, [target], set[int]()
    while waiting:
        cell = waiting.pop()
        for row in columns.indices[columns.indptr[cell] : columns.indptr[cell + 1]].tolist():
            if row in rows_seen:
                continue
            rows_seen.add(row)
            cells = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
            new = [c for c in cells[states[cells] != State.SHOWN].tolist() if c not in found]
            found.update(new)
            waiting.extend(new)
    return sorted(found)


class _Pair:
    """Two tables, as moves away from the true one: y = free move + extra - less, where extra and less cost."""

    def __init__(self, system: System, states: States, target: int, rows: Whole, movers: Whole) -> None:
        self.movers = movers
        value = system.value[movers]
        now, covered = system.bounds(states)[movers], system.covered[movers]
        hidden = states[movers] != State.SHOWN
        may = np.flatnonzero((~hidden & np.isfinite(system.weight[movers])) | (states[movers] == State.OWN))
        self.may = may
        reach = system.reach
        more = np.maximum(np.minimum(covered.high, value + reach) - now.high, 0.0)[may]
        less = np.maximum(now.low - np.maximum(covered.low, value - reach), 0.0)[may]
        # An own symbol that becomes "×" hides no figure: nearly free, and only not free so as not to be wasteful.
        self.price = np.where(hidden[may], 0.01, system.weight[movers][may])
        self.size = len(movers) + 2 * len(may)
        moves = csr_array(eye_array(len(movers)))
        extra = csr_array(moves[:, may])
        spread = csr_array(hstack([moves, extra, -extra]))
        inside = csr_array(csr_array(system.matrix[rows])[:, movers] @ spread)
        gain = csr_array(spread[np.flatnonzero(movers == target)])
        matrix = csr_array(block_array([[inside, None], [None, inside], [gain, -gain]]))
        low = np.concatenate([now.low - value, np.zeros(2 * len(may))])
        high = np.concatenate([now.high - value, more, less])
        self.columns = Bounds(np.tile(low, 2), np.tile(high, 2))
        self.matrix, self.equations, self.gain = matrix, 2 * len(rows), gain

    def _program(self, need: float) -> Program:
        zeros = np.zeros(self.equations)
        rows = Bounds(np.append(zeros, need), np.append(zeros, np.inf))
        return Program(self.matrix, rows, self.columns)

    def _cost(self) -> Floats:
        once = np.concatenate([np.zeros(len(self.movers)), self.price, self.price])
        return np.tile(once, 2)

    def cheapest(self, need: float) -> Whole | None:
        """Return the cells that must be hidden so that the target differs by `need`; None if it cannot."""
        point = self._program(need).minimise(self._cost())
        if point is None:
            return None
        both = point.reshape(2, self.size)
        count = len(self.may)
        extra = both[:, len(self.movers) : len(self.movers) + count] + both[:, len(self.movers) + count :]
        moved: Whole = self.movers[self.may[extra.max(axis=0) > TOLERANCE]]
        return moved

    def widest(self) -> float:
        """Return by how much the target can differ if everything that may be hidden is."""
        gain = self.gain.toarray().ravel()
        cost = np.concatenate([-gain, gain])
        point = self._program(0.0).minimise(cost)
        return 0.0 if point is None else float(-(cost @ point))
