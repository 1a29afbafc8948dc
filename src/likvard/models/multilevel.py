"""Linear mixed models from moments alone: exact REML and ML for nested and crossed groups, without the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from likvard.models.multilevel_covariance import Layout
from likvard.models.multilevel_criterion import Solved, profiled
from likvard.models.multilevel_problem import Effect, Model, Problem, lay
from likvard.models.multilevel_search import search, solve_at
from likvard.models.newton import Minimum
from likvard.moments.moments import Moments

__all__ = ["Component", "Effect", "Fit", "Model", "fit", "report"]

Floats = NDArray[np.float64]


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
        found: Floats = np.sqrt(np.diag(self.covariance))
        return found

    @property
    def correlation(self) -> Floats:
        """Correlations of the effects; nan where a standard deviation is zero."""
        with np.errstate(invalid="ignore", divide="ignore"):
            found: Floats = self.covariance / np.outer(self.sd, self.sd)
        return found


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
    problem      the model laid over its moments, for effects and intervals
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
        found: Floats = np.sqrt(np.diag(self.vcov))
        return found

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
    """Fit a linear mixed model to moments: what `lme4::lmer` gives, at the optimum to machine precision.

    `start` is the theta of a similar fit. Raises `ModelError` in words for what cannot be fitted.
    """
    problem = lay(moments, model)
    return report(problem, search(problem, start), dropped)


def report(problem: Problem, found: Minimum, dropped: int = 0) -> Fit:
    """Bring the solution of a search back to the units of the data."""
    model, fixed = problem.model, problem.fixed
    theta, solved = _positive(problem.layout, found.point.x), found.point.detail
    if not isinstance(solved, Solved):
        solved = solve_at(problem, theta, model.reml)
    value, gradient, _ = profiled(solved)
    scale = solved.df * 2 * float(np.log(fixed.y_scale)) + (fixed.log_x2 if model.reml else 0.0)
    sigma2 = solved.r2 / solved.df * fixed.y_scale**2
    return Fit(
        names=fixed.names,
        aliased=fixed.aliased,
        beta=fixed.back @ solved.beta + fixed.offset,
        vcov=fixed.back @ solved.inverse @ fixed.back.T * (solved.r2 / solved.df),
        sigma2=sigma2,
        components=_components(problem, theta, sigma2),
        criterion=value + scale - problem.log_weight,
        gradient=float(np.abs(gradient).max(initial=0.0)),
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
            effect, root = problem.model.effects[e], back @ next(roots)
            columns = tuple(c.name for c in effect.columns)
            found[e] = Component(effect.name, effect.group, columns, root @ root.T * sigma2, grouping.size)
    return tuple(sorted((found[e] for e in sorted(found)), key=lambda c: -c.groups))
