"""Expected results given intake."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.models.expected import (
    design,
    expected_over_years,
    expected_results,
    residual_sd,
    share_explained,
)
from likvard.models.published import PublishedMeans
from likvard.terms import ModelError

WITHIN = 64.0


def country(seed, units=300, years=4, persistent=13.0, yearly=4.0, first=2020):
    """Published means from the model itself, and the true deviations: persistent (units,) and yearly (units, years)."""
    rng = np.random.default_rng(seed)
    u, v = persistent * rng.normal(size=units), yearly * rng.normal(size=(units, years))
    pupils = rng.integers(15, 150, (units, years)).astype(float)
    parents = np.clip(rng.normal(60, 18, (units, 1)) + rng.normal(0, 2, (units, years)), 5, 100)
    noise = WITHIN / np.sqrt(pupils) * rng.normal(size=pupils.shape)
    result = 155 + 1.2 * parents + u[:, None] + v + noise
    codes = np.repeat([f"{10_000_000 + i}" for i in range(units)], years)
    when = np.tile(np.arange(first, first + years), units)
    means = PublishedMeans(codes, when, result.ravel(), pupils.ravel(), parents.reshape(-1, 1), ("parents",))
    return means, u, v


@pytest.fixture(scope="module")
def small():
    return country(1)


def test_every_year_has_its_own_coefficients(small):
    X, names = design(small[0])
    assert names == tuple(f"{year}{tail}" for year in range(2020, 2024) for tail in ("", " parents"))
    assert X.shape == (1200, 8)
    assert (np.count_nonzero(X, axis=1) == 2).all()


def test_several_years_recover_what_units_keep_and_what_a_year_brings(small):
    found = expected_over_years(small[0], WITHIN)
    assert found.persistent_sd == pytest.approx(13, abs=1.5)
    assert found.yearly_sd == pytest.approx(4, abs=2)
    assert np.corrcoef(found.persistent.value, small[1])[0, 1] > 0.9


def test_a_small_unit_is_drawn_further_towards_the_expected_than_a_large_one(small):
    found = expected_results(small[0].of_year(2020), WITHIN)
    kept = found.deviation.value / found.residual
    tiny, large = small[0].of_year(2020).pupils < 20, small[0].of_year(2020).pupils > 130
    assert kept[tiny].max() < kept[large].min() < 1


def test_several_years_tell_more_about_a_unit_than_one(small):
    one = expected_results(small[0].of_year(2023), WITHIN).deviation
    many = expected_over_years(small[0], WITHIN).persistent
    assert np.median(many.se) < 0.75 * np.median(one.se)


def test_result_equals_expected_plus_residual_and_the_band_holds_most_results(small):
    found = expected_results(small[0].of_year(2021), WITHIN)
    assert found.expected + found.residual == pytest.approx(found.means.result)
    inside = (found.band_low <= found.means.result) & (found.means.result <= found.band_high)
    assert 0.92 < inside.mean() < 0.98


def test_left_out_a_unit_no_longer_pulls_its_own_expectation(small):
    means = small[0].of_year(2020)
    pulled = PublishedMeans(
        means.unit,
        means.year,
        means.result + 80 * (means.unit == means.unit[0]),
        means.pupils,
        means.intake,
        means.names,
    )
    with_own, without = (expected_results(pulled, WITHIN, leave_one_out=leave) for leave in (False, True))
    moved = [found.expected[0] - expected_results(means, WITHIN).expected[0] for found in (with_own, without)]
    assert abs(moved[1]) < abs(moved[0])
    assert without.residual[0] > with_own.residual[0]


def test_the_probability_of_lying_below_a_line_rises_with_the_line(small):
    deviation = expected_over_years(small[0], WITHIN).persistent
    chances = [deviation.probability_below(line) for line in (-10.0, 0.0, 10.0)]
    assert (chances[0] <= chances[1]).all()
    assert np.mean(chances[2]) > np.mean(chances[0]) + 0.3
    assert (chances[1] <= chances[2]).all()
    assert deviation.probability_below(deviation.value[0])[0] == pytest.approx(0.5)


def test_the_latest_deviation_is_that_of_each_units_last_year(small):
    means = small[0].where(~((small[0].unit == "10000000") & (small[0].year == 2023)))
    found = expected_over_years(means, WITHIN)
    assert found.latest.year[:2].tolist() == [2022, 2023]
    assert found.persistent.years[:2].tolist() == [3, 4]
    row = np.flatnonzero((means.unit == "10000000") & (means.year == 2022))
    assert found.latest.value[0] == found.rows.deviation.value[row][0]


def test_the_order_of_the_rows_makes_no_difference(small):
    means, rng = small[0], np.random.default_rng(0)
    mixed = rng.permutation(len(means.unit))
    again = PublishedMeans(
        means.unit[mixed], means.year[mixed], means.result[mixed], means.pupils[mixed], means.intake[mixed], means.names
    )
    one, other = expected_over_years(means, WITHIN), expected_over_years(again, WITHIN)
    assert other.persistent.value == pytest.approx(one.persistent.value, abs=1e-6)
    assert other.rows.expected == pytest.approx(one.rows.expected[mixed], abs=1e-6)


def test_intake_explains_the_share_that_was_put_in():
    # parents vary with nearly 18 x 1.2 points (cut at 100 %), what is left with 13.6: 0.7134
    rng = np.random.default_rng(1)
    found = [share_explained(country(seed, years=1)[0], WITHIN, rng, replicates=200) for seed in range(20)]
    assert np.mean([f.value for f in found]) == pytest.approx(0.7134, abs=0.02)
    assert sum(f.low <= 0.7134 <= f.high for f in found) >= 16


def test_intake_that_has_nothing_to_do_with_results_explains_nothing():
    means = country(4, units=400)[0].of_year(2020)
    noise = np.random.default_rng(2).normal(size=(len(means.unit), 1))
    idle = PublishedMeans(means.unit, means.year, means.result, means.pupils, noise, ("noise",))
    found = share_explained(idle, WITHIN, np.random.default_rng(1), replicates=200)
    assert found.value < 0.03
    assert found.low == pytest.approx(0, abs=0.01)


def test_intake_that_may_explain_all_has_an_interval_up_to_one():
    found = [share_explained(country(seed, 40, 1, 3.0, 0.0)[0], WITHIN, np.random.default_rng(1)) for seed in range(6)]
    assert all(0 <= f.low <= f.value <= f.high <= 1 for f in found)
    assert max(f.high for f in found) == 1


def test_the_same_seed_gives_the_same_share(small):
    means = small[0].of_year(2020)
    one, other = (share_explained(means, WITHIN, np.random.default_rng(7), replicates=50) for _ in range(2))
    assert one == other


def test_units_that_do_not_differ_beyond_chance_have_nothing_to_explain():
    n = np.full(60, 50.0)
    result = 225 + 0.1 * np.sin(np.arange(60.0))
    units = np.array([f"{i}" for i in range(60)])
    means = PublishedMeans(units, np.full(60, 2024), result, n, np.arange(60.0).reshape(-1, 1), ("parents",))
    with pytest.raises(ModelError, match="do not differ beyond chance"):
        share_explained(means, WITHIN, np.random.default_rng(1))
    assert residual_sd(expected_results(means, WITHIN)).value == 0


def test_shrunken_deviations_and_expectations_cover_the_truth():
    # benchmarks/coverage.py is the heavier version
    hits: dict[str, list[float]] = {"persistent": [], "yearly": [], "expected": [], "band": []}
    for seed in range(60):
        means, u, v = country(1000 + seed, units=120)
        found = expected_over_years(means, WITHIN)
        hits["persistent"].append(np.mean((found.persistent.low <= u) & (u <= found.persistent.high)))
        truth, rows = (u[:, None] + v).ravel(), found.rows
        hits["yearly"].append(np.mean((rows.deviation.low <= truth) & (truth <= rows.deviation.high)))
        line = 155 + 1.2 * means.intake[:, 0]
        hits["expected"].append(np.mean((rows.expected_low <= line) & (line <= rows.expected_high)))
        hits["band"].append(np.mean((rows.band_low <= means.result) & (means.result <= rows.band_high)))
    coverage = {name: float(np.mean(values)) for name, values in hits.items()}
    assert all(0.93 <= value <= 0.97 for value in coverage.values()), coverage


def test_two_years_in_a_model_of_one_are_refused(small):
    with pytest.raises(ModelError, match="One year is expected"):
        expected_results(small[0], WITHIN)


def test_one_year_in_a_model_of_several_is_refused(small):
    with pytest.raises(ModelError, match="one row only"):
        expected_over_years(small[0].of_year(2020), WITHIN)


@pytest.mark.parametrize("within", [0.0, -1.0, np.nan, np.inf])
def test_a_standard_deviation_that_is_none_is_refused(small, within):
    with pytest.raises(ModelError, match="not above 0"):
        expected_over_years(small[0], within)


def test_two_intake_measures_that_say_the_same_are_refused(small):
    means = small[0].of_year(2020)
    twice = np.column_stack([means.intake, 2 * means.intake])
    doubled = PublishedMeans(means.unit, means.year, means.result, means.pupils, twice, ("parents", "again"))
    with pytest.raises(ModelError, match="say the same thing"):
        expected_results(doubled, WITHIN)


def test_too_few_schools_for_a_model_are_refused(small):
    with pytest.raises(ModelError, match="too few"):
        expected_results(small[0].of_year(2020).where(np.arange(300) < 3), WITHIN)
