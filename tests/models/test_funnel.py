"""Funnel limits and overdispersion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.models.funnel import mean_limits, outside, overdispersion
from likvard.models.funnel_counts import count_limits, count_limits_chi_square, proportion_limits
from likvard.terms import ModelError


def test_limits_for_means_narrow_with_the_root_of_the_pupils():
    found = mean_limits(225, 64**2 / np.array([16.0, 64.0]))
    assert found.high - 225 == pytest.approx([1.959964 * 16, 1.959964 * 8], rel=1e-6)
    assert found.low == pytest.approx(450 - found.high)


def test_overdispersion_widens_limits_by_a_factor_or_by_a_sum():
    variance = np.array([4.0, 16.0])
    factor = mean_limits(0, variance, phi=4.0).high / mean_limits(0, variance).high
    added = mean_limits(0, variance, tau2=9.0).high
    assert factor == pytest.approx([2, 2])
    assert added == pytest.approx(1.959964 * np.sqrt([13, 25]), rel=1e-6)


def test_both_adjustments_at_once_are_refused():
    with pytest.raises(ModelError, match="multiplied or added"):
        mean_limits(0, [1.0], phi=2.0, tau2=1.0)


def test_the_outer_limits_lie_outside_the_inner_ones():
    for limits in (lambda level: proportion_limits(0.6, [12, 40, 90], level=level),
                   lambda level: count_limits([3.0, 20.0], level=level),
                   lambda level: count_limits_chi_square([3.0, 20.0], level=level)):  # fmt: skip
        inner, outer = limits(0.95), limits(0.998)
        assert (outer.low <= inner.low).all()
        assert (outer.high > inner.high).all()


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_a_target_of_none_or_all_leaves_nothing_to_chance(target):
    found = proportion_limits(target, [20])
    assert found.chance_outside[0] == pytest.approx(0)
    assert found.low[0] <= target <= found.high[0]


@given(st.floats(0.02, 0.98), st.integers(1, 200), st.sampled_from([0.95, 0.998]))
@settings(max_examples=100, deadline=None)
def test_chance_never_passes_the_limits_more_often_than_stated(target, n, level):
    for found in (proportion_limits(target, [n], level=level), count_limits([n * target], level=level)):
        assert 0 <= found.chance_outside[0] <= 1 - level + 1e-12


def test_limits_for_proportions_stay_between_none_and_all():
    found = proportion_limits(0.98, [3, 10, 25], level=0.998)
    assert (found.low >= 0).all()
    assert (found.high <= 1).all()


def test_the_number_expected_outside_by_chance_is_what_simulation_gives():
    rng = np.random.default_rng(2)
    n = rng.integers(10, 120, 300)
    limits = proportion_limits(0.6, n)
    found = [outside(rng.binomial(n, 0.6) / n, limits).found for _ in range(200)]
    assert np.mean(found) == pytest.approx(outside(np.full(300, 0.6), limits).expected, rel=0.06)


def test_units_outside_are_told_apart_by_side():
    found = outside([100.0, 225.0, 400.0], mean_limits(225, [64.0, 64.0, 64.0]))
    assert found.low.tolist() == [True, False, False]
    assert found.high.tolist() == [False, False, True]
    assert found.found == 2
    assert found.expected == pytest.approx(0.15)


def test_chance_alone_is_not_overdispersed():
    z = np.random.default_rng(1).normal(size=5000)
    found = overdispersion(z, np.full(5000, 2.0), winsorised=0.0)
    assert found.phi == pytest.approx(1, abs=0.05)
    assert found.tau2 < 0.1


def test_winsorising_keeps_two_outliers_from_widening_the_limits_for_all():
    z = np.r_[np.random.default_rng(1).normal(size=100), 40, -40]
    assert overdispersion(z, np.ones(102)).phi < 1.2 < overdispersion(z, np.ones(102), winsorised=0.0).phi


def test_added_variance_is_found_where_units_differ():
    rng = np.random.default_rng(3)
    se = 64 / np.sqrt(rng.integers(20, 140, 2000))
    z = (13 * rng.normal(size=2000) + se * rng.normal(size=2000)) / se
    assert np.sqrt(overdispersion(z, se, winsorised=0.0).tau2) == pytest.approx(13, rel=0.06)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: proportion_limits(61, [30]), "between 0 and 1"),
        (lambda: proportion_limits(0.6, [0]), "positive number"),
        (lambda: mean_limits(0, [1.0], level=95), "level"),
        (lambda: overdispersion([1.0], [1.0]), "at least two"),
        (lambda: overdispersion([1.0, 2.0], [1.0, 1.0], winsorised=0.5), "winsorised"),
        (lambda: outside([1.0, np.nan], mean_limits(0, [1.0, 1.0])), "needs a value"),
    ],
)
def test_a_funnel_that_makes_no_sense_is_refused(call, words):
    with pytest.raises(ModelError, match=words):
        call()
