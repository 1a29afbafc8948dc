"""Search the covariances that minimise the criterion, with care for variances that are zero."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from likvard.models.multilevel_covariance import factor
from likvard.models.multilevel_criterion import Solved, profiled, solve
from likvard.models.multilevel_problem import Problem
from likvard.models.newton import Minimum, Point, minimise
from likvard.terms import ModelError

Floats = NDArray[np.float64]

_STARTS = (1.0, 0.3, 0.1)
_ZERO = 1e-4  # a relative standard deviation below this is tried as zero
_ENDLESS = 1e5  # and one above this has no end
_GAIN = 1e-11  # of the criterion, relative: what rounding may hide


def solve_at(
    problem: Problem,
    theta: Floats,
    reml: bool,
    *,
    derivatives: bool = True,
    maps: Mapping[int, Floats] | None = None,
) -> Solved:
    """Generalised least squares at theta, in working units; `maps` as in `Layout.directions`."""
    directions = problem.layout.directions(theta, maps)
    swept = problem.structure.sweep(directions, problem.layout.size, derivatives=derivatives)
    return solve(swept, problem.nobs, reml)


def criterion_at(problem: Problem, theta: Floats) -> Point:
    """The criterion with gradient and Hessian at theta, in working units; infinite where it cannot be computed."""
    try:
        solved = solve_at(problem, theta, problem.model.reml)
    except np.linalg.LinAlgError:
        k = len(theta)
        return Point(theta, float("inf"), np.zeros(k), np.eye(k))
    return Point(theta, *profiled(solved), solved)


def search(problem: Problem, start: Floats | None = None) -> Minimum:
    """Search from the best of a few starts, then see whether variances are zero, or zero only by being stuck.

    Raises `ModelError` when the search does not end, which happens when nothing is left for the residual variance.
    """
    theta = (
        start
        if start is not None
        else min((problem.layout.start(scale) for scale in _STARTS), key=lambda t: _value_at(problem, t))
    )
    found = minimise(lambda x: criterion_at(problem, x), theta)
    for _ in range(2 * problem.layout.size):
        found = _without_dust(problem, found)
        escaped = _escape(problem, found)
        if escaped is None:
            break
        found = escaped
    if not found.converged or np.abs(found.point.x).max(initial=0.0) > _ENDLESS:
        raise ModelError(
            "The search for the variances does not end: the groups explain the outcome almost perfectly.",
            "Leave out a random term, or use an outcome that varies within the groups.",
        )
    return found


def _value_at(problem: Problem, theta: Floats) -> float:
    try:
        return profiled(solve_at(problem, theta, problem.model.reml, derivatives=False))[0]
    except np.linalg.LinAlgError:
        return float("inf")


def _without_dust(problem: Problem, found: Minimum) -> Minimum:
    """Put vanishing variances to exactly zero, unless that fits worse, and end the search from there."""
    layout, here = problem.layout, found.point
    theta = layout.theta([_clean(root) for root in layout.roots(here.x)])
    if np.array_equal(theta, here.x):
        return found
    there = criterion_at(problem, theta)
    if there.value > here.value + _GAIN * max(1.0, abs(here.value)):
        return found
    again = minimise(lambda x: criterion_at(problem, x), theta)
    return Minimum(again.point, found.evaluations + 1 + again.evaluations, again.converged)


def _clean(root: Floats) -> Floats:
    """A root without the directions whose standard deviation is next to nothing."""
    values, vectors = np.linalg.eigh(root @ root.T)
    if values[0] > _ZERO**2:
        return root
    return factor((vectors * np.where(values > _ZERO**2, values, 0.0)) @ vectors.T)


def _escape(problem: Problem, found: Minimum) -> Minimum | None:
    """Leave a zero variance if the criterion falls with it: in theta its slope is zero there whatever it does."""
    layout, here = problem.layout, found.point
    for e, root in enumerate(layout.roots(here.x)):
        values, vectors = np.linalg.eigh(root @ root.T)
        kernel = vectors[:, values <= _ZERO**2]
        if not kernel.shape[1]:
            continue
        slopes, turns = np.linalg.eigh(kernel.T @ _slope(problem, here.x, e) @ kernel)
        if slopes[0] >= 0:
            continue
        for step in (0.3, 0.1, 0.03, 0.01, 0.003):
            roots = list(layout.roots(here.x))
            away = step * (kernel @ turns[:, 0])
            roots[e] = factor(root @ root.T + np.outer(away, away))
            there = criterion_at(problem, layout.theta(roots))
            if there.value < here.value - _GAIN * max(1.0, abs(here.value)):
                again = minimise(lambda x: criterion_at(problem, x), there.x)
                return Minimum(again.point, again.evaluations + found.evaluations, again.converged)
    return None


def _slope(problem: Problem, theta: Floats, effect: int) -> Floats:
    """The derivative of the criterion in the elements of one effect's psi (q x q)."""
    directions = problem.layout.probe(theta, effect)
    q = problem.layout.blocks[effect][2]
    swept = problem.structure.sweep(directions, q * q)
    gradient = profiled(solve(swept, problem.nobs, problem.model.reml))[1]
    return gradient.reshape(q, q)
