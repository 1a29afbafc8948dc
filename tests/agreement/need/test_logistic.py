"""A second, plain implementation on pupils one by one, and brute integration, must agree with the models on patterns."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import norm

from likvard.models.calibration import calibrate, discrimination
from likvard.models.logistic import Patterns, clustered, fit, score
from likvard.models.logistic_unit import averaged, fit_unit

SEEDS = range(4)


def world(seed, units=9, pupils=400):
    """Pupils one by one: design, result, unit."""
    rng = np.random.default_rng(seed)
    unit = rng.integers(0, units, pupils)
    x = np.column_stack([np.ones(pupils), rng.integers(0, 2, pupils), rng.integers(0, 3, pupils)])
    y = rng.random(pupils) < expit(x @ [-0.8, 0.7, -0.4] + rng.normal(0, 0.8, units)[unit])
    return x, y.astype(float), unit


def patterns(x, y, unit):
    """The same by unit and pattern, in another order."""
    kept, place = np.unique(np.column_stack([unit, x]), axis=0, return_inverse=True)
    order = np.random.default_rng(9).permutation(len(kept))
    n, came = np.bincount(place)[order], np.bincount(place, y)[order]
    return Patterns.of(kept[order, 1:], n, came, ("a", "b", "c")), kept[order, 0].astype(int)


def loss(beta, x, y):
    """Minus the log-likelihood, pupil by pupil, by its definition."""
    p = 1 / (1 + np.exp(-(x @ beta)))
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_fit_on_patterns_is_the_fit_on_pupils(seed):
    x, y, unit = world(seed)
    found = fit(patterns(x, y, unit)[0])
    plain = minimize(loss, np.zeros(3), args=(x, y), method="BFGS", options={"gtol": 1e-8})
    np.testing.assert_allclose(found.beta, plain.x, atol=1e-6)
    assert found.loglik == pytest.approx(-loss(found.beta, x, y), abs=1e-9)


def information(x, beta):
    p = expit(x @ beta)
    return sum(w * np.outer(row, row) for w, row in zip(p * (1 - p), x, strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_covariance_by_units_is_the_one_step_jackknife_written_out(seed):
    x, y, unit = world(seed)
    grouped, of = patterns(x, y, unit)
    found = fit(grouped)
    total, count = np.zeros((3, 3)), len(np.unique(unit))
    for u in np.unique(unit):
        mine, rest = unit == u, unit != u
        score_ = sum((y[i] - expit(x[i] @ found.beta)) * x[i] for i in np.flatnonzero(mine))
        d = np.linalg.solve(information(x[rest], found.beta), score_)
        total += np.outer(d, d)
    np.testing.assert_allclose(clustered(grouped, found, of), total * (count - 1) / count, rtol=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_covariance_by_units_is_close_to_leaving_each_unit_out_for_real(seed):
    x, y, unit = world(seed)
    grouped, of = patterns(x, y, unit)
    left = np.array([fit(patterns(x[unit != u], y[unit != u], unit[unit != u])[0]).beta for u in np.unique(unit)])
    real = (left - left.mean(axis=0)).T @ (left - left.mean(axis=0)) * (len(left) - 1) / len(left)
    np.testing.assert_allclose(np.diag(clustered(grouped, fit(grouped), of)), np.diag(real), rtol=0.2)


def test_the_score_is_the_slope_of_the_likelihood():
    x, y, unit = world(1)
    beta, step = np.array([-0.3, 0.2, 0.1]), 1e-6
    found = score(patterns(x, y, unit)[0], beta)
    for i in range(3):
        moved = np.eye(3)[i] * step
        slope = (loss(beta - moved, x, y) - loss(beta + moved, x, y)) / (2 * step)
        assert found.score[i] == pytest.approx(slope, abs=1e-5)


def test_two_parties_scores_add_up_to_the_pooled_ones():
    x, y, unit = world(2)
    beta, first = np.array([0.1, -0.2, 0.3]), unit < 4
    both = score(patterns(x[first], y[first], unit[first])[0], beta) + score(
        patterns(x[~first], y[~first], unit[~first])[0], beta
    )
    whole = score(patterns(x, y, unit)[0], beta)
    np.testing.assert_allclose(both.information, whole.information, rtol=1e-12)
    np.testing.assert_allclose(both.score, whole.score, rtol=0, atol=1e-10)


def integrated(x, y, unit, beta, sd):
    """The log-likelihood with each unit's effect integrated out by adaptive quadrature over the line."""
    total = 0.0
    for u in np.unique(unit):
        xs, ys = x[unit == u], y[unit == u]

        def density(z, xs=xs, ys=ys):
            return np.exp(-loss(np.append(beta, 1.0), np.column_stack([xs, np.full(len(ys), sd * z)]), ys)) * norm.pdf(
                z
            )

        total += np.log(quad(density, -8, 8, epsabs=0, epsrel=1e-10, limit=200)[0])
    return total


def test_the_likelihood_with_a_unit_effect_is_that_of_brute_integration():
    x, y, unit = world(3, units=6, pupils=120)
    found = fit_unit(*patterns(x, y, unit), points=25)
    assert found.sd > 0.3
    assert found.loglik == pytest.approx(integrated(x, y, unit, found.beta, found.sd), abs=1e-7)


def test_no_other_place_near_by_is_more_likely():
    x, y, unit = world(3, units=6, pupils=120)
    found = fit_unit(*patterns(x, y, unit), points=25)
    for i in range(4):
        moved = np.append(found.beta, found.sd)
        moved[i] += 0.05
        assert integrated(x, y, unit, moved[:3], moved[3]) < found.loglik


def test_units_that_are_alike_have_no_spread():
    x = np.tile([[1.0, 0.0], [1.0, 1.0]], (8, 1))
    grouped = Patterns.of(x, np.full(16, 50.0), np.tile([10.0, 25.0], 8), ("a", "b"))
    found = fit_unit(grouped, np.repeat(np.arange(8), 2))
    assert found.sd == 0
    np.testing.assert_allclose(found.beta, fit(grouped).beta)


def test_a_chance_averaged_over_units_is_the_integral():
    p, by_eta, by_sd = averaged([-1.3], 0.9)
    exact = quad(lambda z: expit(-1.3 + 0.9 * z) * norm.pdf(z), -12, 12, epsabs=1e-13)[0]
    assert p[0] == pytest.approx(exact, abs=1e-9)
    assert by_eta[0] == pytest.approx(
        (averaged([-1.3 + 1e-5], 0.9)[0] - averaged([-1.3 - 1e-5], 0.9)[0])[0] / 2e-5, abs=1e-8
    )
    assert by_sd[0] == pytest.approx(
        (averaged([-1.3], 0.9 + 1e-5)[0] - averaged([-1.3], 0.9 - 1e-5)[0])[0] / 2e-5, abs=1e-8
    )


def test_discrimination_counts_every_pair():
    rng = np.random.default_rng(5)
    p, y = rng.choice([0.1, 0.2, 0.5, 0.7], 80), rng.random(80) < 0.4
    pairs = [(a > b) + (a == b) / 2 for a in p[y] for b in p[~y]]
    assert discrimination(p, np.ones(80), y) == pytest.approx(np.mean(pairs))


def test_calibration_of_a_models_own_pupils_is_one_and_nought():
    x, y, unit = world(4)
    grouped, of = patterns(x, y, unit)
    p = expit(grouped.x @ fit(grouped).beta)
    told = calibrate(p, grouped.n, grouped.reached, of)
    assert told.slope == pytest.approx(1, abs=1e-9)
    assert told.intercept == pytest.approx(0, abs=1e-9)
    assert told.observed == pytest.approx(told.expected)
