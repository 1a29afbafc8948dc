"""Values that fit: the numbers as they are, and any number that could be where the source hid it or rounded it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack

from likvard.disclosure.cells import Key
from likvard.disclosure.protection.program import Program
from likvard.disclosure.protection.system import TOLERANCE, Bounds, Floats, State, States, System, components
from likvard.terms import DisclosureError


def settle(system: System, states: States, keys: tuple[Key, ...]) -> tuple[System, States]:
    """Return the system with every value known, and the states.

    Where the source hid or rounded numbers, those are taken that fit all sums; a shown number that the sums
    contradict is covered. Raises `DisclosureError` if exact numbers do not add up, or if nothing fits.
    """
    _check_sums(system, keys)
    loose = np.isnan(system.value) | (system.shown.high > system.shown.low)
    value, states = system.value.copy(), states.copy()
    if loose.any():
        labels = components(system.matrix)
        for label in np.unique(labels[loose]):
            cells = np.flatnonzero(labels == label)
            value[cells] = _fit(system, states, cells, keys)
        outside = (value < system.shown.low - TOLERANCE) | (value > system.shown.high + TOLERANCE)
        states[outside & (states == State.SHOWN)] = State.COVERED
    # The true table then fits exactly, and no rounding in the last digit can make a program infeasible.
    return replace(system, value=value, constant=system.matrix @ value), states


def _check_sums(system: System, keys: tuple[Key, ...]) -> None:
    known = np.where(np.isnan(system.value), 0.0, system.value)
    unknown_here = np.abs(system.matrix) @ np.isnan(system.value).astype(float) > 0
    slack = np.abs(system.matrix) @ ((system.shown.high - system.shown.low) / 2)
    size = np.abs(system.matrix) @ np.abs(known) + np.abs(system.constant)
    off = np.abs(system.matrix @ known - system.constant)
    wrong = np.flatnonzero((off > slack + TOLERANCE * (1.0 + size)) & ~unknown_here)
    if len(wrong):
        cells = system.matrix.indices[system.matrix.indptr[wrong[0]] : system.matrix.indptr[wrong[0] + 1]]
        named = ", ".join("/".join(keys[cell]) for cell in cells[:4])
        raise DisclosureError(
            f"A sum does not add up; it is {off[wrong[0]]:g} off: {named} …",
            "Give every part of it once, and `precision` for rounded numbers.",
        )


def _fit(system: System, states: States, cells: np.ndarray, keys: tuple[Key, ...]) -> Floats:
    """Return values of one component that fit its sums, off what is shown by as little as possible."""
    inside = csr_array(system.columns[:, cells])
    rows = np.flatnonzero(np.diff(inside.indptr))
    may = np.flatnonzero(np.isfinite(system.weight[cells]))
    spread = csr_array(hstack([eye_array(len(cells)), csr_array(eye_array(len(cells)))[:, may]]))
    matrix = csr_array(inside[rows] @ csr_array(hstack([spread, -spread[:, len(cells) :]])))
    low, high = _ranges(system, states)
    zeros, far = np.zeros(2 * len(may)), np.full(2 * len(may), np.inf)
    columns = Bounds(np.append(low[cells], zeros), np.append(high[cells], far))
    constant = system.constant[rows]
    cost = np.concatenate([np.zeros(len(cells)), np.tile(system.weight[cells][may], 2)])
    point = Program(matrix, Bounds(constant, constant), columns).minimise(cost)
    if point is None:
        raise DisclosureError(
            f"The figures around {'/'.join(keys[cells[0]])} contradict one another.",
            "Leave the sum out, or give `precision` for rounded numbers.",
        )
    extra = np.zeros(len(cells))
    extra[may] = point[len(cells) : len(cells) + len(may)] - point[len(cells) + len(may) :]
    return np.asarray(point[: len(cells)] + extra)


def _ranges(system: System, states: States) -> tuple[Floats, Floats]:
    shown, own = states == State.SHOWN, states == State.OWN
    low = np.select([shown, own], [system.shown.low, system.own.low], system.covered.low)
    return low, np.select([shown, own], [system.shown.high, system.own.high], system.covered.high)
