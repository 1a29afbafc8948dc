"""Linear mixed models from moments alone: exact REML and ML for nested and crossed groups, without the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from likvard.models.multilevel_covariance import Layout, factor
from likvard.models.multilevel_criterion import Solved, profiled, solve
from likvard.models.multilevel_problem import Effect, Model, Problem, lay
from likvard.models.newton import Minimum, Point, minimise
from likvard.moments.moments import Moments
from likvard.terms import ModelError

__all__ = ["Component", "Effect", "Fit", "Model", "fit"]

Floats = NDArray[np.float64]

_STARTS = (1.0, 0.3, 0.1)
_ZERO = 1e-4


@dataclass(frozen=True, eq=False)
class Component:
    """The random effects of one term: their covariance in the outcome's units.

    `columns` are lme4's names of the effects, `groups` the number of groups.
    """

    name: str
    group: tuple[str, ...]
    columns: tuple[str, ...]
    covariance: Floats
    groups: int

    @property
    def sd(self) -> Floats:
        """Standard deviation of each effect."""
        return np.sqrt(np.diag(self.covariance))


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted linear mixed model, in the units of the data.

    names        the fixed effects that were kept; `aliased` were left out as combinations of earlier ones
    beta, vcov   estimates, and their covariance given the variance components
    sigma2       residual variance
    components   per random term, the one with most groups first
    criterion    REML criterion, or -2 log likelihood under ML, as lme4's
    gradient     largest absolute derivative of the criterion in theta at the solution
    theta        Cholesky factors of the working relative covariances; a start for a similar fit
    dropped      rows left out for a missing value, if whoever gathered the moments knows
    method       "REML" or "ML"; `structure` "nested" or "crossed"; `evaluations` of the criterion
    """

    names: tuple[str, ...]
    aliased: tuple[str, ...]
    beta: Floats
    vcov: Floats
    sigma2: float
    components: tuple[Component, ...]
    criterion: float
    gradient: float
    theta: Floats
    nobs: int
    method: str
    structure: str
    evaluations: int
    problem: Problem = field(repr=False)
    dropped: int = 0

    @property
    def se(self) -> Floats:
        """Standard errors of the fixed effects."""
        return np.sqrt(np.diag(self.vcov))

    @property
    def loglik(self) -> float:
        """Log likelihood, restricted under REML."""
        return -self.criterion / 2

    @property
    def fixef(self) -> Mapping[str, float]:
        """Fixed effects by name."""
        return MappingProxyType(dict(zip(self.names, self.beta.tolist(), strict=True)))

    @property
    def ngroups(self) -> Mapping[str, int]:
        """Number of groups by the name of the grouping; terms that share one are counted once."""
        seen: dict[tuple[str, ...], tuple[str, int]] = {}
        for c in self.components:
            seen.setdefault(c.group, (c.name, c.groups))
        return MappingProxyType(dict(seen.values()))

    @property
    def varcomp(self) -> Mapping[str, Floats]:
        """Covariance of the random effects by term."""
        return MappingProxyType({c.name: c.covariance for c in self.components})


def fit(moments: Moments, model: Model, *, start: Floats | None = None, dropped: int = 0) -> Fit:
    """Fit a linear mixed model to moments.

    Gives what `lme4::lmer` gives at its optimum, polished. `start` is the theta of a similar fit. Raises `ModelError`
    in words for what cannot be fitted, and when the search does not end.
    """
    problem = lay(moments, model)
    found = _search(problem, start)
    if not found.converged:
        raise ModelError(
            f"The search for the variances did not end ({found.evaluations} evaluations).",
            "Try a simpler model: fewer random slopes.",
        )
    return _report(problem, found, dropped)


def solve_at(problem: Problem, theta: Floats, reml: bool, *, derivatives: bool = True) -> Solved:
    """Generalised least squares at theta, in working units."""
    directions = problem.layout.directions(theta)
    swept = problem.structure.sweep(directions, problem.layout.size, derivatives=derivatives)
    return solve(swept, problem.nobs, reml)


def value_at(problem: Problem, theta: Floats) -> float:
    """The criterion alone at theta, in working units."""
    return profiled(solve_at(problem, theta, problem.model.reml, derivatives=False))[0]


def criterion_at(problem: Problem, theta: Floats) -> Point:
    """The criterion with gradient and Hessian at theta, in working units."""
    value, gradient, hessian = profiled(solve_at(problem, theta, problem.model.reml))
    return Point(theta, value, gradient, hessian)


def _search(problem: Problem, start: Floats | None) -> Minimum:
    """Search from the best of a few starts, then try what lies across the boundary of singular covariances."""

    def at(theta: Floats) -> Point:
        return criterion_at(problem, theta)

    starts = [problem.layout.start(s) for s in _STARTS] if start is None else [start]
    best = starts[0] if len(starts) == 1 else min(starts, key=lambda theta: value_at(problem, theta))
    found = minimise(at, best)
    for _ in range(problem.layout.size):
        found, moved = _settle(problem, found)
        if not moved:
            break
    return found


def _settle(problem: Problem, found: Minimum) -> tuple[Minimum, bool]:
    """Put vanishing variances to exactly zero, or leave zero where a larger variance fits better."""
    layout, theta = problem.layout, found.point.x
    roots = list(layout.roots(theta))
    zeroed = layout.theta([_without_dust(root) for root in roots])
    if not np.array_equal(zeroed, theta):
        there = criterion_at(problem, zeroed)
        if there.value <= found.point.value + 1e-9 * max(1.0, abs(found.point.value)) * 1e-2:
            found = Minimum(there, found.evaluations + 1, found.converged)
    for e, root in enumerate(layout.roots(found.point.x)):
        values, vectors = np.linalg.eigh(root @ root.T)
        for value, vector in zip(values, vectors.T, strict=True):
            if value > _ZERO**2:
                continue
            for step in (0.3, 0.1, 0.03, 0.01):
                tried = list(layout.roots(found.point.x))
                tried[e] = factor(root @ root.T + step**2 * np.outer(vector, vector))
                there = criterion_at(problem, layout.theta(tried))
                if there.value < found.point.value - 1e-9 * max(1.0, abs(found.point.value)):
                    again = minimise(lambda x: criterion_at(problem, x), there.x)
                    return Minimum(again.point, again.evaluations + found.evaluations, again.converged), True
    return found, False


def _without_dust(root: Floats) -> Floats:
    """A root without the directions whose standard deviation is below `_ZERO`; canonical when singular."""
    values, vectors = np.linalg.eigh(root @ root.T)
    if values[0] > _ZERO**2:
        return root
    return factor((vectors * np.where(values > _ZERO**2, values, 0.0)) @ vectors.T)


def _report(problem: Problem, found: Minimum, dropped: int) -> Fit:
    """Bring the solution back to the units of the data."""
    model, fixed = problem.model, problem.fixed
    theta = _positive(problem.layout, found.point.x)
    point = criterion_at(problem, theta)
    solved = solve_at(problem, theta, model.reml)
    sigma2 = solved.r2 / solved.df * fixed.y_scale**2
    scale = solved.df * 2 * float(np.log(fixed.y_scale)) + (fixed.log_x2 if model.reml else 0.0)
    free = np.ones(len(theta), dtype=bool)
    return Fit(
        names=fixed.names,
        aliased=fixed.aliased,
        beta=fixed.back @ solved.beta + fixed.offset,
        vcov=fixed.back @ solved.inverse @ fixed.back.T * (solved.r2 / solved.df),
        sigma2=sigma2,
        components=_components(problem, theta, sigma2),
        criterion=point.value + scale - problem.log_weight,
        gradient=float(np.abs(point.gradient[free]).max(initial=0.0)),
        theta=theta,
        nobs=problem.nobs,
        method="REML" if model.reml else "ML",
        structure=problem.structure.kind,
        evaluations=found.evaluations,
        problem=problem,
        dropped=dropped,
    )


def _positive(layout: Layout, theta: Floats) -> Floats:
    """The same covariances with nonnegative diagonals in their roots."""
    return layout.theta([root * np.where(np.diag(root) < 0, -1.0, 1.0) for root in layout.roots(theta)])


def _components(problem: Problem, theta: Floats, sigma2: float) -> tuple[Component, ...]:
    roots = iter(problem.layout.roots(theta))
    found: dict[int, Component] = {}
    for grouping in problem.groupings:
        for e, back in zip(grouping.effects, grouping.back, strict=True):
            effect, root = problem.model.effects[e], next(roots)
            covariance = (back @ root) @ (back @ root).T * sigma2
            columns = tuple(c.name for c in effect.columns)
            found[e] = Component(effect.name, effect.group, columns, covariance, grouping.size)
    return tuple(sorted((found[e] for e in sorted(found)), key=lambda c: -c.groups))
