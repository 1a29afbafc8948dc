"""Which further cells to hide, as far as single equations tell."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from itertools import pairwise

import numpy as np

from likvard.disclosure.protection.system import TOLERANCE, State, States, System


def cover_rows(system: System, states: States) -> States:
    """Hide cells until no equation alone tells a hidden cell too narrowly. Returns the new states.

    An equation starves a cell when the others in it cannot move far enough to let it move: alone it would be the
    difference between what is shown. Of the cells that could be hidden, the cheapest is taken: weight, times one
    more for every equation in which it would stand alone, divided by the number of starved equations it helps.
    A necessary step, not a sufficient one: programs find what several equations tell together.
    """
    return _feed(Equations(system, states.copy(), State.SHOWN))


def cover_symbols(system: System, states: States) -> States:
    """Put "×" in place of own symbols until no equation alone tells a hidden cell too narrowly. Hides no figure."""
    own = states == State.OWN
    return _feed(Equations(replace(system, weight=np.where(own, 1.0, np.inf)), states.copy(), State.OWN))


def _feed(work: Equations) -> States:
    queue = deque(sorted(np.flatnonzero(work.starved).tolist(), key=lambda row: (len(work.cells[row]), row)))
    while queue:
        row = queue.popleft()
        best = work.cheapest(row) if work.starved[row] else None
        if best is not None:
            queue.extend(work.hide(best))
    return work.states


class Equations:
    """The equations of a system while cells are being hidden: who is in each, how far each can move, who starves."""

    def __init__(self, system: System, states: States, candidates: State = State.SHOWN) -> None:
        self.system, self.states, self.candidates = system, states, candidates
        matrix, columns = system.matrix, system.columns
        bounds = system.bounds(states)
        self.up, self.down = bounds.high - system.value, system.value - bounds.low
        self.need = system.needs(states)
        self.cells = [matrix.indices[a:b] for a, b in pairwise(matrix.indptr.tolist())]
        self.plus = [matrix.data[a:b] > 0 for a, b in pairwise(matrix.indptr.tolist())]
        every = columns.indices.tolist()
        self.rows: list[list[int]] = [every[a:b] for a, b in pairwise(columns.indptr.tolist())]
        self.hidden: list[int] = (abs(matrix) @ (states != State.SHOWN).astype(float)).astype(int).tolist()
        self.starved = self._starved()

    def _starved(self) -> list[bool]:
        """Return which equations starve, all at once."""
        matrix = self.system.matrix
        size = matrix.shape[0]
        row = np.repeat(np.arange(size), np.diff(matrix.indptr))
        up, down = self.up[matrix.indices], self.down[matrix.indices]
        more, less = np.where(matrix.data > 0, up, down), np.where(matrix.data > 0, down, up)
        all_more, all_less = np.bincount(row, more, size)[row], np.bincount(row, less, size)[row]
        width = np.minimum(more, all_less - less) + np.minimum(less, all_more - more)
        short = width < self.need[matrix.indices] - TOLERANCE
        return [bool(flag) for flag in np.bincount(row, short, size) > 0]

    def starves(self, row: int) -> bool:
        """Whether the equation alone leaves one of its hidden cells less than it needs."""
        if not self.hidden[row]:
            return False
        cells, plus = self.cells[row], self.plus[row]
        up, down = self.up[cells], self.down[cells]
        more, less = np.where(plus, up, down), np.where(plus, down, up)
        width = np.minimum(more, less.sum() - less) + np.minimum(less, more.sum() - more)
        return bool((width < self.need[cells] - TOLERANCE).any())

    def cheapest(self, row: int) -> int | None:
        """Return the cell of the equation that is best hidden, or None if none can be."""
        cells = self.cells[row]
        open_cells = cells[(self.states[cells] == self.candidates) & np.isfinite(self.system.weight[cells])]
        return min(open_cells.tolist(), key=lambda cell: (self._cost(cell), cell), default=None)

    def _cost(self, cell: int) -> float:
        alone = sum(not self.hidden[row] for row in self.rows[cell])
        helped: int = sum(self.starved[row] for row in self.rows[cell])
        weight = float(self.system.weight[cell])
        return weight * (1 + alone) / helped

    def hide(self, cell: int) -> list[int]:
        """Hide a cell; return the equations that starve because of it, or still."""
        system = self.system
        self.states[cell] = State.COVERED
        self.up[cell] = min(system.covered.high[cell], system.value[cell] + system.reach) - system.value[cell]
        self.down[cell] = system.value[cell] - max(system.covered.low[cell], system.value[cell] - system.reach)
        self.need[cell] = system.need[cell] or system.need_covered[cell]
        new = int(self.candidates == State.SHOWN)
        for row in self.rows[cell]:
            self.hidden[row] += new
            self.starved[row] = self.starves(row)
        return [row for row in self.rows[cell] if self.starved[row]]

    def can_spare(self, cell: int) -> bool:
        """Whether the cell could be shown again without any equation starving."""
        before = self.up[cell], self.down[cell], self.need[cell]
        self.up[cell] = self.down[cell] = self.need[cell] = 0.0
        spare = not any(self.starves(row) for row in self.rows[cell])
        self.up[cell], self.down[cell], self.need[cell] = before
        return spare


def extra_weight(system: System, states: States) -> float:
    """Return what the release hides beyond its primary cells, by weight."""
    extra = (states != State.SHOWN) & (system.need == 0) & np.isfinite(system.weight)
    return float(system.weight[extra].sum())
