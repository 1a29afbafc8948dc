"""Counts and shares on an even scale: as large a step of the rate counts for as much in a small unit as in a large."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.models.panel_counts import LARGE, MANY, rates, shares
from likvard.terms import ModelError


def _drawn_rates(size, factor=1.0, units=40_000):
    """Counts of units of one size whose rate is 0.015 times a factor, beside a unit so large that it is the common rate."""
    rng = np.random.default_rng(2)
    pupils = np.repeat([float(size), 1e12], [units, 1])
    counts = rng.poisson(0.015 * pupils * np.where(pupils < 1e12, factor, 1.0)).astype(float)
    value, error = rates(counts, pupils)
    return value[:units], error[:units]


@pytest.mark.parametrize("size", [60, 200, 1000, 8000])
def test_a_rate_at_the_common_one_lies_at_zero_with_the_error_that_is_stated(size):
    value, error = _drawn_rates(size)
    assert value.mean() == pytest.approx(0, abs=4 * (error[0] / len(value)) ** 0.5 + 0.001)
    assert value.var() == pytest.approx(error[0], rel=0.03)


@pytest.mark.parametrize("size", [60, 200, 1000, 8000])
def test_a_step_of_the_rate_is_as_large_in_a_small_unit_as_in_a_large(size):
    more, less = (_drawn_rates(size, factor)[0].mean() for factor in (1.1, 1 / 1.1))
    assert (more - less) / (2 * np.log(1.1)) == pytest.approx(1, rel=0.06)


def test_large_counts_go_on_where_small_ones_end():
    expected = np.array([LARGE * 0.999, LARGE * 1.001])
    value, error = rates(expected, expected)
    assert value[0] == pytest.approx(value[1], abs=1e-4)
    assert error[0] == pytest.approx(error[1], rel=0.02)
    assert error[1] == pytest.approx(1 / LARGE, rel=0.01)


@pytest.mark.parametrize("of", [2, 6, 40])
def test_a_share_at_the_common_one_lies_at_zero_and_steps_with_its_odds(of):
    rng = np.random.default_rng(3)
    n = np.repeat([float(of), 1e4], [40_000, 2000])

    def seen(chance):
        counts = rng.binomial(n.astype(int), np.where(n == of, chance, 0.2)).astype(float)
        counts[n != of] = 0.2 * n[n != of]
        value, error = shares(counts, n)
        return value[n == of], error[0]

    value, error = seen(0.2)
    assert value.mean() == pytest.approx(0, abs=0.03)
    assert value.var() == pytest.approx(error, rel=0.04)
    apart = np.log(0.22 / 0.78) - np.log(0.18 / 0.82)
    assert (seen(0.22)[0].mean() - seen(0.18)[0].mean()) / apart == pytest.approx(1, rel=0.12)


def test_large_shares_go_on_where_small_ones_end():
    value, error = shares(np.array([210.0, 210.0]), np.array([MANY, MANY + 1]))
    assert value[0] == pytest.approx(value[1], abs=0.01)
    assert error[0] == pytest.approx(error[1], rel=0.02)


def test_what_is_not_known_stays_unknown():
    value, error = rates(np.array([[3.0, np.nan]]), np.array([[200.0, 200.0]]))
    assert np.isfinite([value[0, 0], error[0, 0]]).all()
    assert np.isnan(value[0, 1])
    value, error = shares(np.array([1.0, np.nan]), np.array([3.0, np.nan]))
    assert np.isfinite([value[0], error[0]]).all()
    assert np.isnan([value[1], error[1]]).all()


def test_nothing_counted_is_refused_in_words():
    with pytest.raises(ModelError, match="no rate"):
        rates(np.zeros(3), np.full(3, 100.0))
    with pytest.raises(ModelError, match="no share"):
        shares(np.full(3, 6.0), np.full(3, 6.0))
