"""What the jackknife leaves in cells of few pupils, on cases where it can be worked out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import xlogy
from scipy.stats import poisson

from likvard.models.segregation_rare import FAR, rest, weighed

ONE = np.zeros(400, dtype=np.intp)


def table(x: np.ndarray, size: int) -> np.ndarray:
    return np.stack([x, size - x], axis=1).astype(float)


@pytest.mark.parametrize("mean", [0.3, 0.6, 1.0, 3.0])
def test_the_bias_of_schools_that_are_alike_is_found_from_their_counts(mean: float) -> None:
    """Every school has 40 pupils, and `mean` of the group are expected in each."""
    random, at = np.random.default_rng(3), np.arange(60.0)
    true = poisson.pmf(at, mean) @ (weighed(at) - at) - xlogy(mean, mean)
    told = [rest(table(random.binomial(40, mean / 40, 400), 40), ONE).bias.mean() for _ in range(20)]
    assert np.mean(told) == pytest.approx(true, abs=0.035)


def test_large_cells_have_no_bias_and_half_a_square_too_much_for_each_group_but_one() -> None:
    found = rest(np.full((5, 3), 200.0), np.zeros(5, dtype=np.intp))
    assert found.bias.tolist() == [0] * 5
    assert found.excess == pytest.approx(np.ones(5))


def test_places_do_not_look_at_one_another() -> None:
    random = np.random.default_rng(4)
    first, second = table(random.binomial(40, 0.02, 30), 40), table(random.binomial(60, 0.3, 20), 60)
    both = rest(np.concatenate([first, second]), np.repeat([0, 1], [30, 20]))
    for alone, part in ((first, slice(0, 30)), (second, slice(30, 50))):
        found = rest(alone, np.zeros(len(alone), dtype=np.intp))
        assert both.bias[part] == pytest.approx(found.bias, abs=1e-9)
        assert both.excess[part] == pytest.approx(found.excess, abs=1e-9)


def test_units_without_pupils_have_nothing() -> None:
    found = rest(np.array([[0.0, 0.0], [3.0, 37.0], [1.0, 39.0]]), np.zeros(3, dtype=np.intp))
    assert (found.bias[0], found.excess[0]) == (0, 0)


def test_a_group_that_no_school_has_is_taken_to_be_nearly_nowhere() -> None:
    found = rest(np.array([[0.0, 90.0, FAR + 9.0]] * 6), np.zeros(6, dtype=np.intp))
    assert np.abs(found.bias).max() < 0.05


def test_x_psi_x_is_right_on_the_mean_where_many_are_expected() -> None:
    at = np.arange(400.0)
    assert poisson.pmf(at, 120) @ (weighed(at) - at) == pytest.approx(120 * np.log(120), abs=1e-2)
