"""Minimise a smooth function with its exact gradient and Hessian by damped Newton steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MAX_STEPS = 80
_HALVINGS = 40
_NOISE = 1e-12  # relative rounding noise of a criterion that is a sum over many rows


@dataclass(frozen=True, eq=False)
class Point:
    """A function's value, gradient and Hessian at x."""

    x: Floats
    value: float
    gradient: Floats
    hessian: Floats


@dataclass(frozen=True, eq=False)
class Minimum:
    """Where Newton's method ended. `evaluations` counts the points tried."""

    point: Point
    evaluations: int
    converged: bool


def minimise(function: Callable[[Floats], Point], start: Floats) -> Minimum:
    """Walk downhill from `start` until the step no longer matters.

    Eigenvalues of the Hessian are taken by absolute value, so that a step leaves a saddle. Steps are halved until
    the value does not rise by more than its rounding noise. Near the minimum the value is flat to rounding, so the
    end is told by the gradient: the last steps are taken as long as it shrinks.
    """
    here, tried = function(start), 1
    for _ in range(_MAX_STEPS):
        step = _newton_step(here)
        if not step.size or np.max(np.abs(step)) <= 1e-15:
            return Minimum(here, tried, True)
        there, cost = _descend(function, here, step)
        tried += cost
        if there is None:
            return Minimum(here, tried, _is_flat(here, step))
        small = np.max(np.abs(there.x - here.x)) < 1e-7 * (1 + np.max(np.abs(here.x)))
        worse = np.abs(there.gradient).max() > np.abs(here.gradient).max()
        if small and worse:
            return Minimum(here, tried, True)
        here = there
        if small and _is_flat(here, _newton_step(here)) and np.abs(here.gradient).max() < 1e-9:
            return Minimum(here, tried, True)
    return Minimum(here, tried, False)


def _newton_step(here: Point) -> Floats:
    """Return the step that would end in the minimum if the function were a bowl of the Hessian's absolute shape."""
    if not here.x.size:
        return np.zeros(0)
    values, vectors = np.linalg.eigh(here.hessian)
    floor = max(1e-10 * float(np.abs(values).max()), 1e-12)
    step: Floats = -(vectors @ ((vectors.T @ here.gradient) / np.maximum(np.abs(values), floor)))
    longest = float(np.abs(step).max())
    return step * min(1.0, 2.0 * (1 + float(np.abs(here.x).max())) / longest) if longest > 0 else step


def _is_flat(here: Point, step: Floats) -> bool:
    return abs(float(here.gradient @ step)) <= 1e-9 * max(1.0, abs(here.value)) * 1e-2


def _descend(function: Callable[[Floats], Point], here: Point, step: Floats) -> tuple[Point | None, int]:
    """Try the step, then halves of it, until the value does not rise; None if it always does."""
    slack = _NOISE * max(1.0, abs(here.value))
    for halving in range(_HALVINGS):
        there = function(here.x + step * 0.5**halving)
        if np.isfinite(there.value) and there.value <= here.value + slack:
            return there, halving + 1
    return None, _HALVINGS
