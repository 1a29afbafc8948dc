"""Minimise a smooth function with its exact gradient and Hessian by damped Newton steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MOST_STEPS = 80
_MOST_HALVINGS = 40
_NOISE = 1e-12  # relative rounding noise of a criterion that is a sum over many rows
_SHARE = 1e-4  # of the promised decrease, which a step must give (Armijo)
_CLOSE = 1e-7  # a relative step so short that the value no longer tells up from down
_FLAT = 1e-9  # a gradient to end with


@dataclass(frozen=True, eq=False)
class Point:
    """A function's value, gradient and Hessian at x; the value is infinite where there is none.

    `detail` is whatever the function wants to be asked about the minimum afterwards.
    """

    x: Floats
    value: float
    gradient: Floats
    hessian: Floats
    detail: object = None


@dataclass(frozen=True, eq=False)
class Minimum:
    """Where Newton's method ended. `evaluations` counts the points tried."""

    point: Point
    evaluations: int
    converged: bool


def minimise(function: Callable[[Floats], Point], start: Floats) -> Minimum:
    """Walk downhill from `start` until the steps no longer matter.

    Eigenvalues of the Hessian are taken by absolute value, so that a step leaves a saddle, and steps are halved
    until they give a share of what they promise. Close to the minimum the value is flat to rounding: there steps go
    on only as long as the gradient shrinks.
    """
    here, tried = function(start), 1
    for _ in range(_MOST_STEPS):
        there, cost = _descend(function, here, newton_step(here))
        tried += cost
        if there is None:
            return Minimum(here, tried, _is_flat(here))
        steepness = np.abs(there.gradient).max(initial=0.0)
        close = _distance(here, there) < _CLOSE
        if close and steepness >= np.abs(here.gradient).max(initial=0.0):
            return Minimum(here, tried, True)
        here = there
        if close and steepness < _FLAT:
            return Minimum(here, tried, True)
    return Minimum(here, tried, False)


def _distance(here: Point, there: Point) -> float:
    length = np.abs(there.x - here.x).max(initial=0.0)
    return float(length / (1 + np.abs(here.x).max(initial=0.0)))


def newton_step(here: Point) -> Floats:
    """Return the step that would end in the minimum if the function were a bowl of the Hessian's absolute shape."""
    if not here.x.size:
        return np.zeros(0)
    values, vectors = np.linalg.eigh(here.hessian)
    floor = max(1e-10 * float(np.abs(values).max()), 1e-12)
    step: Floats = -(vectors @ ((vectors.T @ here.gradient) / np.maximum(np.abs(values), floor)))
    longest = float(np.abs(step).max())
    return step * min(1.0, 2.0 * (1 + float(np.abs(here.x).max())) / longest) if longest > 0 else step


def _is_flat(here: Point) -> bool:
    """Whether a Newton step promises no more than rounding hides."""
    return abs(float(here.gradient @ newton_step(here))) <= 10 * _NOISE * max(1.0, abs(here.value))


def _descend(function: Callable[[Floats], Point], here: Point, step: Floats) -> tuple[Point | None, int]:
    """Try the step, then halves of it, until the value falls enough; None if it never does."""
    slack = _NOISE * max(1.0, abs(here.value))
    promised = _SHARE * float(here.gradient @ step)
    for halving in range(_MOST_HALVINGS):
        share = 0.5**halving
        there = function(here.x + share * step)
        if np.isfinite(there.value) and there.value <= here.value + share * promised + slack:
            return there, halving + 1
    return None, _MOST_HALVINGS
