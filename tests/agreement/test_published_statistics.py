"""Spread, funnels, trends and alarm budgets against slow and obvious second implementations, or scipy's own."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from likvard.models.alarms import Control, q_values, two_sided_p
from likvard.models.funnel import overdispersion
from likvard.models.funnel_counts import count_limits, proportion_limits
from likvard.models.spread import between_sd, correlation, distribution, gini, lorenz
from likvard.models.trend import cochran_armitage, mann_kendall, theil_sen

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=40)
UNITS = st.lists(st.tuples(st.integers(0, 340), st.integers(1, 200)), min_size=2, max_size=30)


def pupils_of(units):
    """Every pupil by itself, carrying the mean of the unit."""
    return [float(value) for value, pupils in units for _ in range(pupils)]


@given(UNITS)
@settings(max_examples=50, deadline=None)
def test_weighted_figures_are_those_of_the_pupils_one_by_one(units):
    found = distribution([v for v, _ in units], [n for _, n in units])
    pupils = sorted(pupils_of(units))
    assert found.mean == pytest.approx(np.mean(pupils))
    assert found.sd == pytest.approx(np.std(pupils), abs=1e-6)
    exact = [pupils[math.ceil(share * len(pupils) / 100 - 1e-9) - 1] for share in found.percentiles]
    assert found.values == pytest.approx(exact)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=12).filter(
        lambda u: any(v for v, _ in u)
    )
)
@settings(max_examples=50, deadline=None)
def test_gini_is_half_the_relative_mean_difference_of_all_pairs(units):
    people = pupils_of(units)
    difference = sum(abs(a - b) for a in people for b in people) / len(people) ** 2
    amounts, weights = zip(*units, strict=True)
    assert gini(amounts, weights) == pytest.approx(difference / (2 * np.mean(people)), abs=1e-12)


def test_the_lorenz_curve_is_that_of_the_pupils_one_by_one():
    share, held = lorenz([3, 1, 2], [1, 2, 1])
    assert share == pytest.approx([0, 0.5, 0.75, 1])
    assert held == pytest.approx([0, 2 / 7, 4 / 7, 1])


@pytest.mark.parametrize("seed", range(4))
def test_the_weighted_correlation_is_that_of_numpy(seed):
    rng = np.random.default_rng(seed)
    x, n = rng.normal(size=30), rng.integers(1, 90, 30)
    y = x + rng.normal(size=30)
    cov = np.cov(x, y, aweights=n)
    assert correlation(x, y, n).value == pytest.approx(cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1]), rel=1e-12)


def test_the_interval_of_the_correlation_is_that_of_a_bootstrap_over_schools():
    rng = np.random.default_rng(3)
    x, n = rng.normal(size=600), rng.integers(10, 120, 600)
    y = 0.8 * x + 0.6 * rng.normal(size=600)
    found = correlation(x, y, n)
    draws = []
    for _ in range(500):
        rows = rng.integers(0, 600, 600)
        draws.append(correlation(x[rows], y[rows], n[rows]).value)
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(draws, [0.025, 0.975])), abs=0.01)


def test_the_spread_of_these_schools_has_the_interval_that_new_pupils_would_give():
    rng = np.random.default_rng(5)
    truth, n = rng.normal(225, 20, 40), rng.integers(20, 120, 40)
    target = np.sqrt(np.average((truth - np.average(truth, weights=n)) ** 2, weights=n))
    found = [between_sd(truth + rng.normal(size=40) * 64 / np.sqrt(n), n, 64.0) for _ in range(400)]
    assert 0.93 <= np.mean([f.low <= target <= f.high for f in found]) <= 0.97
    assert np.mean([f.true**2 for f in found]) == pytest.approx(target**2, rel=0.03)
    assert np.mean([f.se for f in found]) == pytest.approx(np.std([f.true for f in found]), rel=0.1)


@given(P_VALUES)
@settings(max_examples=100, deadline=None)
def test_q_values_are_those_of_scipy(p):
    for control in (Control.BENJAMINI_HOCHBERG, Control.BENJAMINI_YEKUTIELI):
        assert q_values(p, control) == pytest.approx(stats.false_discovery_control(p, method=control.value), abs=1e-12)


@given(P_VALUES)
@settings(max_examples=50, deadline=None)
def test_the_budget_is_the_step_up_rule_as_it_is_written(p):
    ordered = sorted(p)
    passing = [k for k in range(1, len(p) + 1) if ordered[k - 1] <= k / len(p) * 0.1]
    line = ordered[max(passing) - 1] if passing else -1.0
    assert (q_values(p) <= 0.1 + 1e-12).tolist() == [value <= line for value in p]


def test_the_margin_null_has_its_size_at_the_edge():
    rng = np.random.default_rng(8)
    p = two_sided_p(5.0 + 3.0 * rng.normal(size=200_000), np.full(200_000, 3.0), margin=5.0)
    assert np.mean(p < 0.05) == pytest.approx(0.05, abs=0.002)


def binomial_quantile(n, target, p):
    """Spiegelhalter's interpolated inverse, count by count."""
    reached = 0.0
    for r in range(n + 1):
        step = math.comb(n, r) * target**r * (1 - target) ** (n - r)
        if reached + step >= p:
            return r - (reached + step - p) / step
        reached += step
    raise ValueError(p)


@pytest.mark.parametrize("n", [5, 23, 80])
@pytest.mark.parametrize("target", [0.07, 0.5, 0.93])
def test_binomial_limits_count_by_count(n, target):
    found = proportion_limits(target, [n])
    low = max(binomial_quantile(n, target, 0.025), 0) / n
    high = 1 - max(binomial_quantile(n, 1 - target, 0.025), 0) / n
    assert (found.low[0], found.high[0]) == pytest.approx((low, high), rel=1e-9)
    inside = [r for r in range(n + 1) if low <= r / n <= high]
    chance = 1 - sum(math.comb(n, r) * target**r * (1 - target) ** (n - r) for r in inside)
    assert found.chance_outside[0] == pytest.approx(chance, abs=1e-12)


@pytest.mark.parametrize("expected", [0.5, 4.0, 31.0])
def test_poisson_limits_count_by_count(expected):
    found = count_limits([expected])
    inside = [r for r in range(200) if found.low[0] * expected <= r <= found.high[0] * expected]
    chance = 1 - sum(math.exp(-expected + r * math.log(expected) - math.lgamma(r + 1)) for r in inside)
    assert found.chance_outside[0] == pytest.approx(chance, abs=1e-12)
    assert found.low[0] < 1 < found.high[0]


def test_phi_is_the_mean_square_of_what_is_left_after_winsorising():
    z = np.array([-9.0, -2.0, -1.0, -0.5, 0.0, 0.3, 1.0, 1.5, 2.0, 3.0, 8.0])
    low, high = -2.0, 3.0  # the tenth and ninetieth percentiles of eleven values are the second and the tenth
    drawn = [min(max(value, low), high) for value in z]
    assert overdispersion(z, np.ones(11)).phi == pytest.approx(sum(value**2 for value in drawn) / 11)


@pytest.mark.parametrize("seed", range(5))
def test_kendalls_tau_and_sens_slope_are_those_of_scipy(seed):
    rng = np.random.default_rng(seed)
    t, y = np.arange(2010, 2030), np.round(rng.normal(size=20), 1)
    slope = stats.theilslopes(y, t)
    found = theil_sen(t, y)
    assert mann_kendall(y).tau == pytest.approx(stats.kendalltau(t, y).statistic, rel=1e-12)
    assert (found.value, found.low, found.high) == pytest.approx((slope.slope, slope.low_slope, slope.high_slope))


def test_cochran_armitage_is_the_squared_correlation_of_pupils_times_their_number():
    successes, trials = np.array([12, 20, 31]), np.array([60, 70, 80])
    score = np.repeat([1.0, 2.0, 3.0], trials)
    passed = np.concatenate([np.arange(n) < x for x, n in zip(successes, trials, strict=True)])
    r = np.corrcoef(score, passed)[0, 1]
    assert cochran_armitage(successes, trials).chi_square == pytest.approx(len(score) * r**2)
