"""Widen what is still too narrow, as cheaply as a linear program can.

Two tables that both fit what is released must differ in the target by what it needs. Every other cell is a cost: free
where it is hidden already, its weight for each unit where it is shown and would have to be hidden too. The cells
that move in the cheapest pair are hidden (after Robertson 1993 and Kelly, Golden & Assad 1992, for any sums).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_array, csr_array, eye_array, hstack

from likvard.disclosure.protection.program import Program
from likvard.disclosure.protection.system import (
    TOLERANCE,
    Bounds,
    Flags,
    Floats,
    State,
    States,
    System,
    Whole,
    components,
)

NONE = np.array([], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Widening:
    """The cells to hide, and how wide the interval of a target can become where that is less than it needs."""

    cells: Whole
    exposed: Mapping[int, float]
    programs: int


def widen(system: System, states: States, targets: Whole) -> Widening:
    """Return the cheapest further cells to hide so that every target has the interval it needs.

    No two targets may hang together by sums. Looks near the targets first and farther away only if that is not
    enough. If no further hiding can give a target what it needs (the source or an earlier release has told too
    much), it gets the widest there is.
    """
    near = _region(system, states, targets, 1)
    cells = _Pair(system, states, targets, *near).cheapest(system.needs(states)[targets])
    if cells is not None:
        return Widening(cells, {}, 1)
    if len(targets) == 1:
        return _widen_alone(system, states, int(targets[0]))
    # One target that cannot be helped near by makes all of them infeasible: halves find it in few programs, where
    # solving each alone took half the time of a publication.
    halves = [widen(system, states, part) for part in np.array_split(targets, 2)]
    return Widening(
        np.unique(np.concatenate([half.cells for half in halves])),
        {target: width for half in halves for target, width in half.exposed.items()},
        1 + sum(half.programs for half in halves),
    )


def _widen_alone(system: System, states: States, target: int) -> Widening:
    alone = np.array([target])
    need = system.needs(states)[alone]
    programs, width, size, hops = 0, 0.0, -1, 1
    while True:
        rows, movers = _region(system, states, alone, hops)
        if len(movers) == size:
            break
        size, hops = len(movers), hops + 1
        pair = _Pair(system, states, alone, rows, movers)
        cells = pair.cheapest(need)
        programs += 1
        if cells is not None:
            return Widening(cells, {}, programs)
        width, programs = max(width, pair.widest()), programs + 1
    best = pair.cheapest(np.array([width - TOLERANCE])) if width > TOLERANCE else None
    return Widening(NONE if best is None else best, {target: width}, programs + 1)


def _region(system: System, states: States, targets: Whole, hops: int) -> tuple[Whole, Whole]:
    """Return the equations within reach of the targets, and the cells that none but these equations hold."""
    touch = abs(system.matrix)
    inside = _hidden_with(system, states, targets)
    rows = touch @ inside.astype(float) > 0
    for _ in range(hops):
        inside = touch.T @ rows.astype(float) > 0
        rows = touch @ inside.astype(float) > 0
    held = (touch.T @ rows.astype(float) > 0) & ~(touch.T @ (~rows).astype(float) > 0)
    loose = (states != State.SHOWN) | np.isfinite(system.weight) | (system.shown.high > system.shown.low)
    return np.flatnonzero(rows), np.flatnonzero(held & loose)


def _hidden_with(system: System, states: States, targets: Whole) -> Flags:
    """Flag the hidden cells that hang together with a target."""
    hidden = np.flatnonzero(states != State.SHOWN)
    labels = components(csr_array(system.columns[:, hidden]))
    flags = np.zeros(len(states), dtype=bool)
    flags[hidden] = np.isin(labels, labels[np.isin(hidden, targets)])
    return flags


class _Pair:
    """Two tables, as moves away from the true one: y = free move + extra - less, where extra and less cost."""

    def __init__(self, system: System, states: States, targets: Whole, rows: Whole, movers: Whole) -> None:
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
        gain = csr_array(spread[np.searchsorted(movers, targets)])
        self.matrix = csr_array(block_array([[inside, None], [None, inside], [gain, -gain]]))
        self.gain, self.equations = gain, 2 * len(rows)
        low = np.concatenate([now.low - value, np.zeros(2 * len(may))])
        high = np.concatenate([now.high - value, more, less])
        self.columns = Bounds(np.tile(low, 2), np.tile(high, 2))

    def _program(self, needs: Floats) -> Program:
        zeros = np.zeros(self.equations)
        rows = Bounds(np.concatenate([zeros, needs]), np.concatenate([zeros, np.full(len(needs), np.inf)]))
        return Program(self.matrix, rows, self.columns)

    def cheapest(self, needs: Floats) -> Whole | None:
        """Return the cells that must be hidden so that the targets differ by `needs`; None if they cannot."""
        once = np.concatenate([np.zeros(len(self.movers)), self.price, self.price])
        point = self._program(needs).minimise(np.tile(once, 2))
        if point is None:
            return None
        both = point.reshape(2, self.size)[:, len(self.movers) :]
        extra = both[:, : len(self.may)] + both[:, len(self.may) :]
        moved: Whole = self.movers[self.may[extra.max(axis=0) > TOLERANCE]]
        return moved

    def widest(self) -> float:
        """Return by how much the one target can differ if everything that may be hidden is."""
        gain = self.gain.toarray().ravel()
        cost = np.concatenate([-gain, gain])
        point = self._program(np.zeros(1)).minimise(cost)
        return 0.0 if point is None else float(-(cost @ point))
