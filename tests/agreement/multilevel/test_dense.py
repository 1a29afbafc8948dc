"""Fits from moments agree with a dense implementation that inverts the whole covariance matrix."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from likvard.models.multilevel_effects import effects
from likvard.models.multilevel_search import criterion_at

MODELS = {
    "two levels": [("b", "1")],
    "three levels": [("b", "1"), ("a", "1")],
    "four levels": [("b", "1"), ("a", "1"), ("d", "1")],
    "slopes at three levels": [("b", "1x"), ("a", "1x"), ("d", "1z")],
    "an interaction of groups": [("ac", "1"), ("a", "1")],
    "slopes": [("b", "1x")],
    "slopes at two levels": [("b", "1x"), ("a", "1x")],
    "independent slopes": [("b", "1"), ("b", "x")],
    "two slopes": [("b", "1xz")],
    "a slope alone": [("b", "x"), ("a", "1")],
    "crossed": [("b", "1"), ("c", "1")],
    "three crossed": [("b", "1"), ("c", "1"), ("a", "1")],
    "crossed with slopes": [("b", "1x"), ("c", "1z")],
    "crossed with independent slopes": [("b", "1"), ("b", "x"), ("c", "1")],
}
CASES = [(name, reml) for name in MODELS for reml in (True, False)]


def _covariances(found, terms):
    return [found.varcomp[f"{g}{i}"] for i, (g, _) in enumerate(terms)]


@pytest.mark.parametrize(("name", "reml"), CASES)
def test_the_criterion_and_the_fixed_effects_agree(rows, from_moments, dense, name, reml):
    data, terms = rows(sum(map(ord, name))), MODELS[name]
    found, slow = from_moments(data, terms, reml=reml), dense(data, terms, reml=reml)
    at = found.sigma2, _covariances(found, terms)
    beta, vcov = slow.estimates(*at)
    assert found.criterion == pytest.approx(slow.criterion(*at), abs=1e-9)
    assert found.beta == pytest.approx(beta, rel=1e-9)
    assert found.vcov == pytest.approx(vcov, rel=1e-8)
    assert found.gradient < 1e-6


@pytest.mark.parametrize("name", MODELS)
def test_without_an_intercept_they_agree_too(rows, from_moments, dense, name):
    data, terms = rows(21), MODELS[name]
    found, slow = (make(data, terms, reml=True, intercept=False) for make in (from_moments, dense))
    at = found.sigma2, _covariances(found, terms)
    assert found.names == ("x", "z")
    assert found.criterion == pytest.approx(slow.criterion(*at), abs=1e-9)
    assert found.beta == pytest.approx(slow.estimates(*at)[0], rel=1e-8)
    assert found.gradient < 1e-6


@pytest.mark.parametrize("name", MODELS)
def test_a_dense_search_from_the_solution_finds_nothing_better(rows, from_moments, dense, name):
    data, terms = rows(sum(map(ord, name)), size=90), MODELS[name]
    found, slow = (make(data, terms, reml=True) for make in (from_moments, dense))
    roots = [np.linalg.cholesky(S + 1e-6 * np.eye(len(S))) for S in _covariances(found, terms)]
    cut = np.cumsum([len(S) * (len(S) + 1) // 2 for S in roots])[:-1]

    def criterion(values):
        parts = [np.zeros_like(S) for S in roots]
        for part, own in zip(parts, np.split(values[1:], cut), strict=True):
            part[np.tril_indices(len(part))] = own
        return slow.criterion(np.exp(values[0]), [part @ part.T for part in parts])

    start = np.r_[np.log(found.sigma2), *(S[np.tril_indices(len(S))] for S in roots)]
    assert minimize(criterion, start, method="BFGS", options={"maxiter": 3}).fun > found.criterion - 1e-6


@pytest.mark.parametrize("name", MODELS)
def test_effects_and_their_spread_agree(rows, from_moments, dense, name):
    data, terms = rows(sum(map(ord, name))), MODELS[name]
    found, slow = from_moments(data, terms, reml=True), dense(data, terms, reml=True)
    by_name = {e.name: e for e in effects(found)}
    for i, (group, _) in enumerate(terms):
        e = by_name[f"{group}{i}"]
        mode, known, error = slow.effects(i, found.sigma2, _covariances(found, terms))
        assert e.mode.ravel() == pytest.approx(mode, rel=1e-7, abs=1e-9)
        assert e.sd.ravel() ** 2 == pytest.approx(np.diag(known), rel=1e-7, abs=1e-9)
        assert e.comparison_sd.ravel() ** 2 == pytest.approx(np.diag(error), rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("name", MODELS)
def test_gradient_and_hessian_are_those_of_the_criterion(rows, from_moments, name):
    problem = from_moments(rows(3), MODELS[name], reml=True).problem
    theta = np.random.default_rng(5).normal(size=problem.layout.size) * 0.3 + 0.5
    here, h = criterion_at(problem, theta), 1e-5
    for i in range(len(theta)):
        step = np.eye(len(theta))[i] * h
        ahead, behind = criterion_at(problem, theta + step), criterion_at(problem, theta - step)
        assert here.gradient[i] == pytest.approx((ahead.value - behind.value) / (2 * h), rel=1e-6, abs=1e-5)
        assert here.hessian[i] == pytest.approx((ahead.gradient - behind.gradient) / (2 * h), rel=1e-6, abs=1e-5)


@pytest.mark.parametrize("name", ["two levels", "slopes", "crossed", "slopes at two levels"])
def test_large_offsets_cost_no_digits(rows, from_moments, name):
    plain = from_moments(rows(11), MODELS[name], reml=True)
    moved = from_moments(rows(11, shift=1e5), MODELS[name], reml=True, shift=1e5)
    assert moved.criterion == pytest.approx(plain.criterion, abs=1e-7)
    assert moved.sigma2 == pytest.approx(plain.sigma2, rel=1e-8)
    assert moved.beta[1:] == pytest.approx(plain.beta[1:], rel=1e-8)
    assert moved.se[1:] == pytest.approx(plain.se[1:], rel=1e-8)
