"""Area-level models against a dense second implementation: the whole covariance matrix, and nothing clever."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import optimize, stats

from likvard.models.fay_herriot import (
    GROUP,
    ROW,
    arrange,
    between_variances,
    component_interval,
    evaluate,
    fit_area_level,
    group_share,
)
from likvard.models.shrinkage import expected_means, group_effects, row_effects, row_means

SEEDS = range(8)


@dataclass(frozen=True, eq=False)
class Dense:
    """One random data set, with its whole covariance matrix at hand."""

    y: np.ndarray
    X: np.ndarray
    d: np.ndarray
    group: np.ndarray

    @property
    def Z(self):
        return (self.group[:, None] == np.unique(self.group)).astype(float)

    def V(self, theta):
        return theta[0] * self.Z @ self.Z.T + np.diag(theta[1] + self.d)

    def parts(self, theta):
        inverse = np.linalg.inv(self.V(theta))
        Q = np.linalg.inv(self.X.T @ inverse @ self.X)
        beta = Q @ self.X.T @ inverse @ self.y
        return inverse, Q, beta, self.y - self.X @ beta

    def criterion(self, theta):
        inverse, Q, _, r = self.parts(theta)
        n, p = self.X.shape
        log_dets = np.linalg.slogdet(self.V(theta))[1] - np.linalg.slogdet(Q)[1]
        return log_dets + r @ inverse @ r + (n - p) * np.log(2 * np.pi)

    def best(self, free):
        """The lowest criterion that a simplex search finds from several starts, both variances at least 0."""

        def of(theta):
            return self.criterion(np.where(free, theta**2, 0.0))

        starts = [np.array(start) for start in ([1.0, 1.0], [3.0, 0.1], [0.1, 3.0], [0.01, 0.01])]
        options = {"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000, "maxfev": 4000}
        return min(optimize.minimize(of, s, method="Nelder-Mead", options=options).fun for s in starts)


def random_case(seed: int, groups: int = 14) -> Dense:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 6, groups)
    group = rng.permutation(np.repeat(np.arange(groups), sizes))
    n = len(group)
    X = np.column_stack([np.ones(n), rng.normal(50, 10, n), rng.uniform(0, 1, n)])
    d = rng.uniform(0.3, 6, n)
    sd_group, sd_row = rng.choice([0.0, 0.5, 2.0], 2)
    noise = sd_group * rng.normal(size=groups)[group] + sd_row * rng.normal(size=n) + np.sqrt(d) * rng.normal(size=n)
    return Dense(200 + X[:, 1:] @ [0.3, -2.0] + noise, X, d, group)


@pytest.mark.parametrize("seed", SEEDS)
def test_criterion_gradient_and_hessian_equal_those_of_the_dense_matrix(seed):
    case, theta, step = random_case(seed), np.array([1.3, 0.7]), 1e-4
    point = evaluate(arrange(case.y, case.X, case.d, case.group), theta)
    assert point.criterion == pytest.approx(case.criterion(theta), rel=1e-11)
    directions = step * np.eye(2)
    slope = [(case.criterion(theta + e) - case.criterion(theta - e)) / (2 * step) for e in directions]
    assert point.gradient == pytest.approx(slope, rel=1e-4, abs=1e-5)
    means = arrange(case.y, case.X, case.d, case.group)
    bend = [
        (evaluate(means, theta + e).gradient - evaluate(means, theta - e).gradient) / (2 * step) for e in directions
    ]
    assert point.hessian == pytest.approx(np.array(bend), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_search_finds_a_better_fit_than_ours(seed):
    case = random_case(seed)
    grouped = fit_area_level(case.y, case.X, case.d, case.group)
    alone = fit_area_level(case.y, case.X, case.d)
    assert grouped.criterion <= case.best(np.array([True, True])) + 1e-7
    assert alone.criterion <= case.best(np.array([False, True])) + 1e-7
    assert grouped.criterion == pytest.approx(case.criterion(grouped.components), rel=1e-11)
    assert max(grouped.gradient, alone.gradient) < 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_coefficients_are_generalised_least_squares(seed):
    case = random_case(seed)
    fit = fit_area_level(case.y, case.X, case.d, case.group)
    _, Q, beta, _ = case.parts(fit.components)
    assert fit.beta == pytest.approx(beta, rel=1e-8)
    assert fit.beta_cov == pytest.approx(Q, rel=1e-7, abs=1e-12)


def predictor(case: Dense, theta: np.ndarray, prior: np.ndarray, C: np.ndarray, M: np.ndarray):
    """Best linear unbiased prediction of targets with covariance `C` to y, mean part `M` beta, and g1 + g2."""
    inverse, Q, beta, r = case.parts(theta)
    weights = C @ inverse
    left = M - weights @ case.X
    error = prior - np.sum(weights * C, axis=1) + np.einsum("ip,pq,iq->i", left, Q, left)
    return weights, M @ beta + weights @ r, error


def targets(case: Dense, theta: np.ndarray, kind: str):
    between = theta[0] * case.Z @ case.Z.T + theta[1] * np.eye(len(case.y))
    nothing = np.zeros_like(case.X)
    if kind == "group":
        groups = case.Z.shape[1]
        return np.full(groups, theta[0]), theta[0] * case.Z.T, np.zeros((groups, case.X.shape[1]))
    return np.full(len(case.y), theta.sum()), between, case.X if kind == "mean" else nothing


@pytest.mark.parametrize("kind", ["group", "row", "mean"])
@pytest.mark.parametrize("seed", SEEDS)
def test_shrunken_values_and_errors_equal_the_dense_predictor(seed, kind):
    case = random_case(seed)
    fit = fit_area_level(case.y, case.X, case.d, case.group)
    ours = {"group": group_effects, "row": row_effects, "mean": row_means}[kind](fit)
    theta = fit.components
    _, value, error = predictor(case, theta, *targets(case, theta, kind))
    step = 1e-5
    slopes = []  # how the weights turn with each variance: Prasad and Rao's g3
    for e in step * np.eye(2):
        up, down = (predictor(case, t, *targets(case, t, kind))[0] for t in (theta + e, theta - e))
        slopes.append((up - down) / (2 * step))
    g3 = sum(
        fit.components_cov[a, b] * np.einsum("in,nm,im->i", slopes[a], case.V(theta), slopes[b])
        for a in (GROUP, ROW) for b in (GROUP, ROW)
    )  # fmt: skip
    assert ours.value == pytest.approx(value, abs=1e-7)
    assert ours.se**2 == pytest.approx(error + 2 * g3, rel=1e-4, abs=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_information_of_the_variances_is_half_the_trace_of_pvpv(seed):
    case = random_case(seed)
    fit = fit_area_level(case.y, case.X, case.d, case.group)
    inverse, Q, _, _ = case.parts(fit.components)
    P = inverse - inverse @ case.X @ Q @ case.X.T @ inverse
    moves = [case.Z @ case.Z.T, np.eye(len(case.y))]
    information = [[np.trace(P @ a @ P @ b) / 2 for b in moves] for a in moves]
    assert fit.components_cov == pytest.approx(np.linalg.inv(np.array(information)), rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_leaving_out_equals_fitting_the_coefficients_without_the_group(seed):
    case = random_case(seed)
    fit = fit_area_level(case.y, case.X, case.d, case.group)
    expected = expected_means(fit, leave_one_out=True)
    for group in np.unique(case.group):
        others, own = case.group != group, case.group == group
        rest = Dense(case.y[others], case.X[others], case.d[others], case.group[others])
        _, Q, beta, _ = rest.parts(fit.components)
        assert expected.value[own] == pytest.approx(case.X[own] @ beta, rel=1e-8)
        assert expected.se[own] ** 2 == pytest.approx(np.diag(case.X[own] @ Q @ case.X[own].T), rel=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_left_out_effect_is_shrunk_from_the_left_out_residual(seed):
    case = random_case(seed)
    fit = fit_area_level(case.y, case.X, case.d, case.group)
    residual = case.y - expected_means(fit, leave_one_out=True).value
    inverse = np.linalg.inv(case.V(fit.components))
    effects = fit.components[0] * case.Z.T @ inverse @ residual
    assert group_effects(fit, leave_one_out=True).value == pytest.approx(effects, abs=1e-8)


@pytest.mark.parametrize("seed", [0, 3, 5])
def test_at_the_ends_of_a_profile_interval_the_criterion_has_risen_by_the_quantile(seed):
    case = random_case(seed, groups=20)
    fit = fit_area_level(case.y, case.X, case.d, case.group)
    for which in (GROUP, ROW):
        found = component_interval(fit, which)
        for end in (end for end in (found.low, found.high) if end > 0):

            def held(other, end=end, which=which):
                return case.criterion(np.array([end, other] if which == GROUP else [other, end]))

            best = optimize.minimize_scalar(held, bounds=(0, 60), method="bounded", options={"xatol": 1e-9}).fun
            assert min(best, held(0.0)) - fit.criterion == pytest.approx(stats.chi2.ppf(0.95, 1), abs=2e-4)


@pytest.mark.parametrize("seed", [2, 4, 6])
def test_at_the_ends_of_the_share_the_criterion_has_risen_by_the_quantile(seed):
    case = random_case(seed, groups=25)
    fit = fit_area_level(case.y, case.X, case.d, case.group)
    found = group_share(fit)
    for end in (end for end in (found.low, found.high) if 0 < end < 1):

        def held(total, end=end):
            return case.criterion(np.array([end, 1 - end]) * total)

        best = optimize.minimize_scalar(held, bounds=(0, 60), method="bounded", options={"xatol": 1e-9}).fun
        assert best - fit.criterion == pytest.approx(stats.chi2.ppf(0.95, 1), abs=2e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bootstrap_solver_equals_fits_of_repeated_rows(seed):
    case, rng = random_case(seed), np.random.default_rng(seed)
    n = len(case.y)
    counts = rng.multinomial(n, np.full(n, 1 / n), size=6).astype(float)
    found = between_variances(case.y, case.X, case.d, counts)
    for count, value in zip(counts, found, strict=True):
        rows = np.repeat(np.arange(n), count.astype(int))
        one = fit_area_level(case.y[rows], case.X[rows], case.d[rows])
        assert value == pytest.approx(one.components[ROW], rel=1e-5, abs=1e-5)
