"""The attacker: how narrowly can a hidden cell be told from everything released?

The interval of a cell is the least and the greatest value over all tables that fit the equations and the bounds
(Fischetti & Salazar 2000, "Models and algorithms for optimizing cell suppression in tabular data"). Whole numbers
are let go: an interval over whole numbers is never wider in trees and two-way tables, where the corner points of
the program are whole, and in linked tables the check is on real numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from likvard.disclosure.protection.program import Program
from likvard.disclosure.protection.system import (
    TOLERANCE,
    Bounds,
    Flags,
    Floats,
    States,
    System,
    Whole,
    components,
)

BATCH = 300
"""Columns per program. Components are put together so that one solve serves many: 100 to 500 took the same time,
2,000 half as long again (28,000 cells in 290 tables)."""


@dataclass(frozen=True, slots=True)
class Attack:
    """What came of an audit: which targets are told too narrowly, and how many programs it took."""

    short: Whole
    programs: int


@dataclass(frozen=True, slots=True)
class _Unknowns:
    """The part of a system that a release leaves open: its columns, equations and bounds."""

    cells: Whole
    matrix: csr_array
    constant: Floats
    bounds: Bounds
    labels: Whole


def short_cells(system: System, states: States, targets: Whole, *, seed: int = 0) -> Attack:
    """Return those of `targets` whose interval is narrower than they need. Exact, with few programs.

    Three steps, from cheap to dear. Bounds passed on through the equations enclose every interval: too narrow there
    is too narrow. Then each program maximises a random sum over the targets not yet settled, and every cell's extent
    over the points found is a part of its interval: wide enough there is wide enough ("harvesting"). What neither
    settles gets a minimum and a maximum of its own.
    """
    needs = system.needs(states)
    unknown = _unknowns(system, states, targets)
    bounds = passed_on(unknown.matrix, unknown.constant, unknown.bounds)
    wanted = np.zeros(len(system.value), dtype=bool)
    wanted[targets] = True
    asked = wanted[unknown.cells] & (needs[unknown.cells] > 0)
    need = needs[unknown.cells] - TOLERANCE
    short = asked & (bounds.high - bounds.low < need)
    programs = 0
    harvest = _Harvest(np.random.default_rng(seed))
    for columns in _batches(unknown.labels, asked & ~short):
        left, solved = harvest(unknown, bounds, system.value[unknown.cells], columns, asked & ~short, need)
        short[left] = True
        programs += solved
    fixed = wanted & (needs > 0)
    fixed[unknown.cells] = False
    return Attack(np.sort(np.concatenate([unknown.cells[short], np.flatnonzero(fixed)])), programs)


def intervals(system: System, states: States, targets: Whole) -> tuple[Bounds, int]:
    """Return the exact interval of every target, and the number of programs: two for each. Slow and plain."""
    unknown = _unknowns(system, states, targets)
    place = np.full(len(system.value), -1)
    place[unknown.cells] = np.arange(len(unknown.cells))
    low, high = system.value[targets].copy(), system.value[targets].copy()
    programs = 0
    for label in np.unique(unknown.labels):
        columns = np.flatnonzero(unknown.labels == label)
        program = _program(unknown, unknown.bounds, columns)
        for number in np.flatnonzero(np.isin(place[targets], columns)):
            cost = (columns == place[targets[number]]).astype(float)
            low[number], high[number] = _extent(program, cost)
        programs += program.solved
    return Bounds(low, high), programs


def _extent(program: Program, cost: Floats) -> tuple[float, float]:
    low, high = program.minimise(cost), program.minimise(-cost)
    return (0.0, 0.0) if low is None or high is None else (float(cost @ low), float(cost @ high))


def _unknowns(system: System, states: States, targets: Whole) -> _Unknowns:
    bounds = system.bounds(states)
    open_cells = bounds.high > bounds.low
    cells = np.flatnonzero(open_cells)
    labels = components(csr_array(system.columns[:, cells]))
    touched = np.zeros(len(system.value), dtype=bool)
    touched[targets] = True
    cells = cells[np.isin(labels, labels[touched[cells]])]
    inside = csr_array(system.columns[:, cells])
    rows = np.flatnonzero(np.diff(inside.indptr))
    fixed = np.where(open_cells, 0.0, bounds.low)
    constant = (system.constant - system.matrix @ fixed)[rows]
    matrix = csr_array(inside[rows])
    return _Unknowns(cells, matrix, constant, bounds[cells], components(matrix))


def passed_on(matrix: csr_array, constant: Floats, bounds: Bounds, *, rounds: int = 6) -> Bounds:
    """Return bounds that hold in every table that fits: what each equation leaves a cell, given the others' bounds.

    Six rounds settle nearly all that this way can settle; more only cost time, since programs follow.
    """
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    columns, signs = matrix.indices, matrix.data
    low, high = bounds.low.copy(), bounds.high.copy()
    for _ in range(rounds):
        least = np.where(signs > 0, signs * low[columns], signs * high[columns])
        most = np.where(signs > 0, signs * high[columns], signs * low[columns])
        most_left = constant[rows] - np.bincount(rows, least, matrix.shape[0])[rows] + least
        least_left = constant[rows] - np.bincount(rows, most, matrix.shape[0])[rows] + most
        before = high - low
        np.maximum.at(low, columns, np.where(signs > 0, least_left, most_left) / signs)
        np.minimum.at(high, columns, np.where(signs > 0, most_left, least_left) / signs)
        if np.allclose(before, high - low, atol=TOLERANCE):
            break
    return Bounds(low, np.maximum(high, low))


def _batches(labels: Whole, asked: Flags) -> Iterator[Whole]:
    """Yield columns of whole components that hold something asked, about `BATCH` at a time."""
    order = np.argsort(labels, kind="stable")
    has = np.isin(labels[order], np.unique(labels[asked]))
    order = order[has]
    starts = np.flatnonzero(np.diff(labels[order], prepend=-1))
    begin = 0
    for start in [*starts[1:], len(order)]:
        if start - begin >= BATCH or start == len(order):
            if start > begin:
                yield order[begin:start]
            begin = start


def _program(unknown: _Unknowns, bounds: Bounds, columns: Whole) -> Program:
    inside = csr_array(unknown.matrix[:, columns])
    rows = np.flatnonzero(np.diff(inside.indptr))
    return Program(csr_array(inside[rows]), Bounds(unknown.constant[rows], unknown.constant[rows]), bounds[columns])


@dataclass(frozen=True, slots=True)
class _Harvest:
    """Settle what bounds did not: random sums first, then one cell of each component at a time."""

    random: np.random.Generator

    def __call__(
        self, unknown: _Unknowns, bounds: Bounds, value: Floats, columns: Whole, asked: Flags, need: Floats
    ) -> tuple[Whole, int]:
        """Return which columns are too narrow, and the number of programs solved."""
        program = _program(unknown, bounds, columns)
        extent = _Extent(program, value[columns].copy(), value[columns].copy())
        wanted, need = asked[columns], need[columns]
        self._together(extent, wanted, need)
        _one_by_one(extent, wanted, need, unknown.labels[columns])
        return columns[extent.open(wanted, need)], program.solved

    def _together(self, extent: _Extent, wanted: Flags, need: Floats) -> None:
        """Maximise and minimise random sums while each pair settles at least three of ten that are open."""
        open_cells, stalled = extent.open(wanted, need), 0
        while stalled < 2 and open_cells.any():
            size = len(need)
            signs = np.where(self.random.random(size) < 0.5, -1.0, 1.0)
            cost = np.where(open_cells, signs * self.random.uniform(0.5, 1.5, size), 0.0)
            extent.stretch(cost)
            extent.stretch(-cost)
            left = extent.open(wanted, need)
            stalled = stalled + 1 if left.sum() > 0.7 * open_cells.sum() else 0
            open_cells = left


def _one_by_one(extent: _Extent, wanted: Flags, need: Floats, labels: Whole) -> None:
    done = np.zeros(len(need), dtype=bool)
    while (open_cells := extent.open(wanted & ~done, need)).any():
        left = np.flatnonzero(open_cells)
        first = left[np.unique(labels[left], return_index=True)[1]]
        cost = np.zeros(len(need))
        cost[first] = 1.0
        extent.stretch(cost)
        if extent.open(wanted, need)[first].any():
            extent.stretch(-cost)
        done[first] = True


@dataclass(frozen=True, slots=True)
class _Extent:
    """The least and greatest value of every column over the points found so far; grows in place."""

    program: Program
    low: Floats
    high: Floats

    def stretch(self, cost: Floats) -> None:
        point = self.program.minimise(cost)
        if point is not None:
            np.minimum(self.low, point, out=self.low)
            np.maximum(self.high, point, out=self.high)

    def open(self, wanted: Flags, need: Floats) -> Flags:
        flags: Flags = wanted & (self.high - self.low < need)
        return flags
