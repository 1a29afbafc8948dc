"""How much units differ."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.models.spread import (
    between_sd,
    between_sd_of_population,
    correlation,
    distribution,
    gini,
    lorenz,
    organiser_shares,
    share_below,
)
from likvard.terms import ModelError

WITHIN = 64.0


def schools(seed, units=40, spread=20.0):
    rng = np.random.default_rng(seed)
    n = rng.integers(20, 140, units).astype(float)
    truth = rng.normal(225, spread, units)
    return truth + WITHIN / np.sqrt(n) * rng.normal(size=units), n, truth


def test_half_of_the_pupils_go_to_schools_at_or_below_the_median():
    found = distribution([200, 220, 240], [10, 30, 60], percentiles=(10, 40, 41, 50, 100))
    assert found.values.tolist() == [200, 220, 240, 240, 240]
    assert (found.units, found.pupils, found.mean) == (3, 100, 230)


def test_one_school_has_a_distribution_without_spread():
    found = distribution([211.0], [40])
    assert (found.mean, found.sd) == (211.0, 0.0)


def test_chance_makes_schools_look_more_different_than_they_are():
    found = between_sd(*schools(1)[:2], WITHIN)
    assert found.true < found.observed
    assert found.low < found.true < found.high
    assert found.reliability == pytest.approx((found.true / found.observed) ** 2)


def test_schools_that_differ_by_chance_alone_have_an_interval_from_zero():
    found = [between_sd(*schools(seed, spread=0.0)[:2], WITHIN) for seed in range(40)]
    assert np.mean([f.low == 0 for f in found]) > 0.9
    assert all(f.se > 0 for f in found)


def test_schools_that_are_exactly_alike_differ_by_nothing():
    found = between_sd([225.0] * 5, [50.0] * 5, WITHIN)
    assert (found.observed, found.true, found.low, found.reliability) == (0, 0, 0, 0)
    assert 0 < found.high < 20  # five schools of fifty pupils cannot show that they are alike to the point


def test_asking_for_schools_such_as_these_gives_a_wider_interval():
    y, n, _ = schools(2, units=60)
    these, such = between_sd(y, n, WITHIN), between_sd_of_population(y, n, WITHIN, np.random.default_rng(1))
    assert such.high - such.low > 1.3 * (these.high - these.low)
    assert such.value == these.true


def test_the_wider_interval_covers_the_spread_of_the_population():
    found = []
    for seed in range(150):
        y, n, _ = schools(seed, units=150)
        found.append(between_sd_of_population(y, n, WITHIN, np.random.default_rng(seed), replicates=300))
    assert 0.9 <= np.mean([f.low <= 20 <= f.high for f in found]) <= 0.98


def test_a_correlation_keeps_its_sign_and_its_bounds():
    rng = np.random.default_rng(1)
    x, n = rng.normal(size=20), rng.integers(10, 90, 20)
    found = correlation(x, -x + 0.3 * rng.normal(size=20), n)
    assert -1 < found.low < found.value < found.high < 0


def test_a_perfect_line_has_a_correlation_of_one():
    found = correlation([1, 2, 3, 4], [2, 4, 6, 8], [1, 1, 1, 1])
    assert (found.value, found.low, found.high) == pytest.approx((1, 1, 1))


def test_a_value_that_is_the_same_everywhere_has_no_correlation():
    with pytest.raises(ModelError, match="the same everywhere"):
        correlation([1, 2, 3, 4], [5, 5, 5, 5], [1, 1, 1, 1])


def test_the_part_between_organisers_is_found():
    rng = np.random.default_rng(4)
    organiser = np.repeat(np.arange(200), 5)
    n = rng.integers(20, 140, 1000)
    truth = 10 * rng.normal(size=200)[organiser] + 15 * rng.normal(size=1000)
    found = organiser_shares(225 + truth + WITHIN / np.sqrt(n) * rng.normal(size=1000), n, organiser, WITHIN)
    assert (found.organisers, found.units) == (200, 1000)
    assert found.between_sd.low < 10 < found.between_sd.high
    assert found.within_sd.low < 15 < found.within_sd.high
    assert found.share.low < 100 / 325 < found.share.high


def test_organisers_with_one_school_each_cannot_be_told_from_their_schools():
    y, n, _ = schools(1)
    with pytest.raises(ModelError, match="one row only"):
        organiser_shares(y, n, np.arange(40), WITHIN)


def test_organisers_that_do_not_differ_have_a_share_from_zero():
    y, n, _ = schools(3, units=120)
    assert organiser_shares(y, n, np.repeat(np.arange(30), 4), WITHIN).share.low == 0


def test_pupils_below_a_line_are_counted_with_and_without_chance():
    y, n, truth = schools(6, units=800)
    found = share_below(y, n, 190.0, WITHIN)
    assert found.observed == pytest.approx(n[y < 190].sum() / n.sum())
    assert found.true.low < n[truth < 190].sum() / n.sum() < found.true.high


def test_equal_shares_have_no_inequality_and_one_owner_has_nearly_all():
    assert gini([3, 3, 3], [1, 5, 2]) == pytest.approx(0)
    assert gini([0] * 99 + [1]) == pytest.approx(0.99)


def test_the_lorenz_curve_begins_at_nothing_and_ends_at_all():
    share, held = lorenz([5, 1, 4], [2, 3, 1])
    assert (share[0], held[0], share[-1], held[-1]) == pytest.approx((0, 0, 1, 1))
    assert (held <= share + 1e-12).all()


@pytest.mark.parametrize("amounts", [[1.0, -2.0], [0.0, 0.0]])
def test_amounts_that_cannot_be_shared_out_are_refused(amounts):
    with pytest.raises(ModelError, match="not negative"):
        gini(amounts)


@pytest.mark.parametrize(
    ("result", "pupils", "words"),
    [
        ([200.0, np.nan], [10, 10], "missing"),
        ([200.0, 210.0], [10, 10, 10], "equal length"),
        ([200.0], [10], "too few"),
        ([200.0, 210.0], [-1, 10], "negative"),
    ],
)
def test_values_that_do_not_hold_together_are_refused(result, pupils, words):
    with pytest.raises(ModelError, match=words):
        between_sd(result, pupils, WITHIN)
