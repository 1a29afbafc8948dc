"""Profile likelihood intervals of standard deviations and of shares of variance.

As lme4's confint: on the maximum likelihood deviance, also for a REML fit. An end is where the deviance, minimised
over everything else, has risen by the chi-squared quantile; it is found by Newton on the signed root of the rise,
whose slope is known exactly. A standard deviation is made a parameter of its own by turning the effect's Cholesky
factor so that its first element is that standard deviation over sigma.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from likvard.models.multilevel import Fit
from likvard.models.multilevel_covariance import Layout, factor
from likvard.models.multilevel_criterion import profiled
from likvard.models.multilevel_problem import Problem
from likvard.models.multilevel_search import search, solve_at
from likvard.models.newton import Minimum, Point, minimise
from likvard.terms import ModelError

Floats = NDArray[np.float64]

RESIDUAL = "Residual"
_TOLERANCE = 1e-9
_MOST_STEPS = 60
_ASLEEP = 0.03


@dataclass(frozen=True)
class Interval:
    """An estimate with the ends of its interval; `name` is the term, `column` the effect."""

    name: str
    column: str
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class _Profile:
    """A parameter's profile at one value: the minimised deviance, its slope there, and where it was attained."""

    value: float
    slope: float
    at: Floats


def intervals(fit: Fit, level: float = 0.95) -> tuple[Interval, ...]:
    """Intervals of every standard deviation, term by term, and of the residual one last, in the outcome's units.

    The estimates are the fit's; the intervals are of the ML deviance, as lme4's `confint(method = "profile")`.
    """
    problem, best, deviance = _by_ml(fit)
    rise = float(ndtri(0.5 + level / 2)) ** 2
    found = {}
    laid = [(effect, back) for g in problem.groupings for effect, back in zip(g.effects, g.back, strict=True)]
    for e, (effect, back) in enumerate(laid):
        for i in range(len(back)):
            found[problem.model.effects[effect].name, i] = _sd_ends(problem, best, deviance, rise, e, i, back)
    listed = [
        Interval(c.name, c.columns[i], float(c.sd[i]), *found[c.name, i])
        for c in fit.components
        for i in range(len(c.columns))
    ]
    low, high = _sigma_ends(problem, best, deviance, rise)
    return (*listed, Interval(RESIDUAL, "", float(np.sqrt(fit.sigma2)), low, high))


def shares(fit: Fit, level: float = 0.95) -> tuple[Interval, ...]:
    """Shares of the variance that lies between groups, term by term (intraclass correlations), with intervals.

    For models whose only random effects are intercepts; raises `ModelError` otherwise, because the share then depends
    on where along the slope one stands.
    """
    if not fit.problem.model.has_only_intercepts:
        raise ModelError("With random slopes the share of variance depends on the slope's column.", "Use intercepts.")
    problem, best, deviance = _by_ml(fit)
    rise = float(ndtri(0.5 + level / 2)) ** 2
    total = fit.sigma2 + sum(float(c.covariance[0, 0]) for c in fit.components)
    places = {problem.model.effects[g.effects[0]].name: f for f, g in enumerate(problem.groupings)}
    scales = np.array([float(g.back[0][0, 0]) for g in problem.groupings])
    found = []
    for c in fit.components:
        k = places[c.name]
        low, high = _share_ends(problem, best, deviance, rise, k, scales)
        found.append(Interval(c.name, c.columns[0], float(c.covariance[0, 0]) / total, low, high))
    return tuple(found)


def _awake(layout: Layout, theta: Floats) -> Floats:
    """A start from which vanished variances can come back: at zero their slope is zero, whatever the deviance does."""
    return np.where(layout.diagonal & (np.abs(theta) < _ASLEEP), _ASLEEP, theta)


def _by_ml(fit: Fit) -> tuple[Problem, Minimum, float]:
    """The model by ML: its problem, its optimum and its deviance, without constants."""
    problem = replace(fit.problem, model=replace(fit.problem.model, reml=False))
    best = search(problem, fit.theta)
    return problem, best, best.point.value


def _ends(
    profile: Callable[[float, Floats | None], _Profile], estimate: float, deviance: float, rise: float, top: float
) -> tuple[float, float]:
    """Both ends of an interval for a parameter that lies between 0 and `top`."""
    at_zero = profile(0.0, None) if estimate > 0 else None
    if at_zero is None or at_zero.value - deviance <= rise:
        low = 0.0
    else:
        low = _end(profile, estimate, deviance, rise, 0.0, below=True)
    return low, _end(profile, estimate, deviance, rise, top, below=False)


def _end(
    profile: Callable[[float, Floats | None], _Profile],
    estimate: float,
    deviance: float,
    rise: float,
    bound: float,
    *,
    below: bool,
) -> float:
    """Where the profile has risen by `rise` on one side: Newton on the root of the rise, kept within a bracket."""
    target, inner, outer = np.sqrt(rise), estimate, bound
    here = estimate * (0.95 if below else 1.05) if estimate > 0 else 0.1
    if not below and not np.isinf(bound):
        here = min(here, (estimate + bound) / 2)
    start: Floats | None = None
    for _ in range(_MOST_STEPS):
        now = profile(here, start)
        height = float(np.sqrt(max(now.value - deviance, 0.0)))
        if height < target:
            inner, start = here, now.at
        else:
            outer = here
        slope = now.slope / (2 * height) if height > 0 else 0.0
        there = here + (target - height) / slope if slope * (-1 if below else 1) > 0 else np.nan
        if not min(inner, outer) < there < max(inner, outer):
            there = 2 * here if np.isinf(outer) else (inner + outer) / 2
        if abs(there - here) <= _TOLERANCE * abs(here):
            return float(there)
        here = there
    raise ModelError("The profile of a standard deviation has no end.", "Use a simpler model.")


def _absolute(problem: Problem, rho: float, theta: Floats, maps: dict[int, Floats]) -> Point:
    """The ML deviance with log sigma = rho as a parameter before theta, less the constant n log(2 pi)."""
    n = problem.nobs
    s = solve_at(problem, theta, False, maps=maps)
    precision = float(np.exp(-2 * rho))
    value = 2 * n * rho + s.logdet + s.r2 * precision
    gradient = np.r_[2 * n - 2 * s.r2 * precision, s.dlogdet + s.dr2 * precision]
    cross = -2 * s.dr2 * precision
    hessian = np.block(
        [[np.array([[4 * s.r2 * precision]]), cross[None, :]], [cross[:, None], s.d2logdet + s.d2r2 * precision]]
    )
    return Point(np.r_[rho, theta], float(value), gradient, hessian)


def _constant(problem: Problem) -> float:
    return problem.nobs * float(np.log(2 * np.pi))


def _sigma_ends(problem: Problem, best: Minimum, deviance: float, rise: float) -> tuple[float, float]:
    """The interval of the residual standard deviation."""
    solved = solve_at(problem, best.point.x, False)
    estimate = float(np.sqrt(solved.r2 / solved.df))

    def profile(sigma: float, start: Floats | None) -> _Profile:
        if sigma == 0.0:
            return _Profile(np.inf, 0.0, best.point.x)

        def at(theta: Floats) -> Point:
            point = _absolute(problem, float(np.log(sigma)), theta, {})
            return Point(theta, point.value, point.gradient[1:], point.hessian[1:, 1:])

        found = minimise(at, _awake(problem.layout, best.point.x if start is None else start)).point
        whole = _absolute(problem, float(np.log(sigma)), found.x, {})
        return _Profile(whole.value + _constant(problem), float(whole.gradient[0]) / sigma, found.x)

    low, high = _ends(profile, estimate, deviance, rise, np.inf)
    return low * problem.fixed.y_scale, high * problem.fixed.y_scale


def _sd_ends(
    problem: Problem, best: Minimum, deviance: float, rise: float, effect: int, i: int, back: Floats
) -> tuple[float, float]:
    """The interval of one effect's standard deviation: theta turned so that its element at `place` is sd / sigma."""
    place = problem.layout.blocks[effect][3]
    order = np.r_[i, [j for j in range(len(back)) if j != i]].astype(int)
    turn = np.linalg.inv(back[order])
    maps = {effect: turn}
    roots = list(problem.layout.roots(best.point.x))
    own = np.linalg.solve(turn, roots[effect])
    roots[effect] = factor(own @ own.T)
    theta = problem.layout.theta(roots)
    solved = solve_at(problem, theta, False, maps=maps)
    rho = float(np.log(solved.r2 / solved.df)) / 2
    others = np.delete(np.arange(len(theta) + 1), place + 1)

    def profile(sd: float, start: Floats | None) -> _Profile:
        def whole(free: Floats) -> Point:
            full = np.insert(free[1:], place, sd * np.exp(-free[0]))
            return _absolute(problem, float(free[0]), full, maps)

        def at(free: Floats) -> Point:
            return _eliminated(whole(free), free, place + 1, others)

        begin = np.r_[rho, np.delete(theta, place)] if start is None else start
        begin[1:] = np.delete(_awake(problem.layout, np.insert(begin[1:], place, 1.0)), place)
        found = minimise(at, begin).point
        slope = float(whole(found.x).gradient[place + 1] * np.exp(-found.x[0]))
        return _Profile(found.value + _constant(problem), slope, found.x)

    low, high = _ends(profile, float(theta[place] * np.exp(rho)), deviance, rise, np.inf)
    return low * problem.fixed.y_scale, high * problem.fixed.y_scale


def _eliminated(point: Point, free: Floats, place: int, others: NDArray[np.int64]) -> Point:
    """A point of (rho, theta) as one of the free parameters, where theta[place] = sd exp(-rho)."""
    fixed = point.x[place]
    jacobian = np.zeros((len(point.x), len(free)))
    jacobian[others, range(len(free))] = 1.0
    jacobian[place, 0] = -fixed
    hessian = jacobian.T @ point.hessian @ jacobian
    hessian[0, 0] += point.gradient[place] * fixed
    return Point(free, point.value, jacobian.T @ point.gradient, hessian)


def _share_ends(
    problem: Problem, best: Minimum, deviance: float, rise: float, k: int, scales: Floats
) -> tuple[float, float]:
    """The interval of the share of grouping k, where sd = scale theta sigma: theta_k follows from the others."""
    theta = best.point.x
    weights = np.delete(scales**2, k)
    variance = (scales * theta) ** 2

    def profile(share: float, start: Floats | None) -> _Profile:
        odds = share / (1 - share)

        def full(free: Floats) -> Floats:
            whole = 1.0 + float(weights @ free**2)
            return np.insert(free, k, np.sqrt(odds * whole) / scales[k])

        def at(free: Floats) -> Point:
            value, gradient, hessian = profiled(solve_at(problem, full(free), False))
            return _follow(Point(full(free), value, gradient, hessian), free, k, odds / scales[k] ** 2 * weights)

        free = np.delete(_awake(problem.layout, theta), k) if start is None else start
        found = minimise(at, free).point if len(free) else at(free)
        point = full(found.x)
        gradient = profiled(solve_at(problem, point, False))[1]
        whole = 1.0 + float(weights @ found.x**2)
        slope = 0.0 if share == 0 else float(gradient[k]) * whole / scales[k] ** 2 / (2 * point[k] * (1 - share) ** 2)
        return _Profile(found.value, slope, found.x)

    return _ends(profile, float(variance[k] / (1 + variance.sum())), deviance, rise, 1.0)


def _follow(point: Point, free: Floats, k: int, pull: Floats) -> Point:
    """A point of theta as one of the other elements, where theta[k]^2 = c + the sum of pull * others^2."""
    own = point.x[k]
    slope = pull * free / own if own > 0 else np.zeros(len(free))
    jacobian = np.insert(np.eye(len(free)), k, slope, axis=0)
    bend = (np.diag(pull) - np.outer(slope, slope)) / own if own > 0 else np.zeros((len(free), len(free)))
    hessian = jacobian.T @ point.hessian @ jacobian + point.gradient[k] * bend
    return Point(free, point.value, jacobian.T @ point.gradient, hessian)
