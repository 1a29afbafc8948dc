"""From primary cells to a release in which nothing hidden can be told too narrowly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import csr_array

from likvard.disclosure.protection.attack import short_cells
from likvard.disclosure.protection.cover import Equations, cover_rows, cover_symbols
from likvard.disclosure.protection.repair import widen
from likvard.disclosure.protection.system import TOLERANCE, Flags, State, States, System, Whole, components


@dataclass(frozen=True, slots=True)
class Protected:
    """The state of every cell. `exposed` are cells that stay narrower than they need, and how wide they are: the
    source or earlier releases have told too much. `programs` is how many linear programs were solved."""

    states: States
    exposed: Mapping[int, float]
    programs: int


SMALL = 200
"""Systems of up to this many cells are also tried without the step for single equations, and the lighter pattern kept:
one more audit and a few programs, for 1 to 2 per cent less hidden."""


def protect(system: System, states: States) -> Protected:
    """Hide further cells until every hidden cell keeps the interval it needs, and audit that it does.

    1. Every hidden cell counts as "×", which tells least. Single equations are satisfied, cheapest cell first;
    2. the audit names what is still too narrow, and a program widens each, until none is left;
    3. what turned out not to be needed is shown again, dearest first;
    4. primary cells get their own symbols back ("..", "~100"), except where these tell a neighbour too much.
    """
    bound = (system.own.low == system.covered.low) & (system.own.high == system.covered.high)
    covered = np.where((states == State.OWN) & ~bound, State.COVERED, states).astype(np.int8)
    work = _Work(system, cover_rows(system, covered))
    work.repair()
    work.prune()
    work = _lighter(work, _without_cover(system, covered, np.flatnonzero(work.extra())))
    work.restore_symbols(states)
    return Protected(work.states, work.exposed, work.programs)


def _without_cover(system: System, covered: States, extra: Whole) -> _Work:
    """Return the pattern by programs alone, for small components in which the other way hid something extra."""
    labels = components(system.matrix)
    worth = (np.bincount(labels)[labels] <= SMALL) & np.isin(labels, labels[extra])
    work = _Work(system, np.where(worth, covered, State.SHOWN).astype(np.int8))
    work.repair()
    work.prune()
    return work


def _lighter(first: _Work, second: _Work) -> _Work:
    """Return the lighter of two patterns in every component; the first where both weigh the same."""
    labels = components(first.system.matrix)
    weight = np.where(np.isfinite(first.system.weight), first.system.weight, 0.0)
    tried = np.bincount(labels, second.states != State.SHOWN) > 0
    one, two = (np.bincount(labels, weight * (work.states != State.SHOWN), len(tried)) for work in (first, second))
    better = (tried & (two < one - TOLERANCE))[labels]
    merged = _Work(
        first.system, np.where(better, second.states, first.states), programs=first.programs + second.programs
    )
    for work, chosen in ((first, ~better), (second, better)):
        for target, width in work.exposed.items():
            if chosen[target]:
                merged.expose(target, width)
    return merged


@dataclass
class _Work:
    """A pattern on its way. Hiding more never narrows another cell, so what has passed the audit stays passed."""

    system: System
    states: States
    exposed: dict[int, float] = field(default_factory=dict)
    programs: int = 0

    def audit(self, states: States, targets: Whole) -> Whole:
        attack = short_cells(self.system, states, targets)
        self.programs += attack.programs
        return attack.short

    def repair(self) -> None:
        short = self.audit(self.states, np.flatnonzero(self.states != State.SHOWN))
        labels = components(self.system.matrix)
        while len(short):
            widening = widen(self.system, self.states, _one_of_each(labels, short))
            self.programs += widening.programs
            for target, width in widening.exposed.items():
                self.expose(target, width)
            self.states[widening.cells] = State.COVERED
            short = self.audit(self.states, np.union1d(short, widening.cells))

    def expose(self, target: int, width: float) -> None:
        """Nothing that can still be hidden helps: ask for no more than there is, and say so."""
        need, covered = self.system.need.copy(), self.system.need_covered.copy()
        self.exposed[target] = width
        need[target] = covered[target] = max(width - 2 * TOLERANCE, 0.0)
        self.system = replace(self.system, need=need, need_covered=covered)

    def prune(self) -> None:
        """Show again what is hidden without need: one cell of each component at a time, audited."""
        left = self._spare(np.flatnonzero(self.extra()))
        while len(left):
            labels = self._hidden_components()
            tried = _one_of_each(labels, left)
            trial = self.states.copy()
            trial[tried] = State.SHOWN
            near = np.isin(labels, labels[tried]) & (trial != State.SHOWN)
            failed = np.unique(labels[self.audit(trial, np.flatnonzero(near))])
            kept = tried[~np.isin(labels[tried], failed)]
            self.states[kept] = State.SHOWN
            left = self._spare(left[~np.isin(left, tried)])

    def extra(self) -> Flags:
        extra: Flags = (self.states == State.COVERED) & (self.system.need == 0) & np.isfinite(self.system.weight)
        return extra

    def _spare(self, cells: Whole) -> Whole:
        """Return those of the cells that no single equation needs, dearest first."""
        equations = Equations(self.system, self.states.copy())
        spare = np.array([cell for cell in cells.tolist() if equations.can_spare(cell)], dtype=np.int64)
        return spare[np.lexsort((spare, -self.system.weight[spare]))]

    def _hidden_components(self) -> Whole:
        labels = np.arange(len(self.states)) + len(self.states)
        hidden = np.flatnonzero(self.states != State.SHOWN)
        labels[hidden] = components(csr_array(self.system.columns[:, hidden]))
        return labels

    def restore_symbols(self, wanted: States) -> None:
        """Give primary cells their own symbols, then take back those near a cell that is told too narrowly by them."""
        trial = np.where((wanted == State.OWN) & (self.states != State.SHOWN), State.OWN, self.states).astype(np.int8)
        trial = cover_symbols(self.system, trial)
        short = self.audit(trial, np.flatnonzero(trial != State.SHOWN))
        labels = self._hidden_components()
        wide = False
        while len(short):
            near = np.isin(labels, labels[short]) if wide else self._beside(short)
            trial[near] = self.states[near]
            short = self.audit(trial, short)
            wide = True
        self.states = trial

    def _beside(self, cells: Whole) -> Flags:
        """Flag the cells that share an equation with one of `cells`."""
        flags = np.zeros(len(self.states))
        flags[cells] = 1.0
        touching = np.abs(self.system.matrix) @ flags > 0
        beside: Flags = (np.abs(self.system.matrix).T @ touching.astype(float) > 0) | (flags > 0)
        return beside


def _one_of_each(labels: Whole, cells: Whole) -> Whole:
    """Return the first of the cells in each component, in the order given."""
    first = np.sort(np.unique(labels[cells], return_index=True)[1])
    return cells[first]
