"""A gap between two groups, with the doubt that comes from few pupils and from years."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.models.gaps import group_gap, within_units
from likvard.terms import ModelError


def test_the_gap_is_the_difference_of_the_groups_means() -> None:
    found = group_gap([30.0, 50.0], [3, 4], [10.0, 30.0], [2, 3], within=(1.0, 1.0), luck=0.0)
    assert found.gap == pytest.approx(80 / 7 - 40 / 5)
    assert (found.first_n, found.second_n) == (7, 5)


def test_without_luck_the_error_is_that_of_two_means() -> None:
    found = group_gap([30.0, 50.0], [3, 4], [10.0, 30.0], [2, 3], within=(2.0, 3.0), luck=0.0)
    assert found.gap_se == pytest.approx(np.sqrt(4 / 7 + 9 / 5))
    assert found.first_se == pytest.approx(2 / np.sqrt(7))


def test_luck_that_both_groups_share_alike_does_not_move_the_gap() -> None:
    found = group_gap([30.0, 50.0], [3, 6], [10.0, 30.0], [2, 4], within=(1.0, 1.0), luck=5.0)
    assert found.gap_se == pytest.approx(np.sqrt(1 / 9 + 1 / 6))
    assert found.first_se > 3


def test_groups_in_different_schools_carry_all_of_their_schools_luck() -> None:
    found = group_gap([30.0, 0.0], [3, 0], [0.0, 30.0], [0, 4], within=(0.0, 0.0), luck=5.0)
    assert found.gap_se == pytest.approx(5 * np.sqrt(2))


@pytest.mark.parametrize("schools", [2, 40])
def test_the_interval_covers_the_true_gap_about_19_times_in_20_with_few_schools_too(schools: int) -> None:
    rng = np.random.default_rng(11)
    inside = 0
    for _ in range(1000):
        n = rng.integers(5, 40, (2, schools))
        luck, kept = rng.normal(0, 0.5, schools), rng.normal(0, 1, schools)
        sums = [n[m] * (luck + kept + 0.3 * (m == 0)) + rng.normal(0, np.sqrt(n[m])) for m in (0, 1)]
        true = [float((n[m] * (kept + 0.3 * (m == 0))).sum() / n[m].sum()) for m in (0, 1)]
        low, high = group_gap(sums[0], n[0], sums[1], n[1], within=(1.0, 1.0), luck=0.5).interval()
        inside += low <= true[0] - true[1] <= high
    assert 0.93 <= inside / 1000 <= 0.97  # three Monte Carlo errors


def test_the_spread_within_schools_is_that_of_their_pupils() -> None:
    merit = [np.array([200.0, 220.0, 240.0]), np.array([100.0, 130.0])]
    sums = [[f(m) for m in merit] for f in (np.sum, lambda m: np.sum(m**2), len)]
    assert within_units(*sums) == pytest.approx(np.sqrt((800 + 450) / 3))


def test_schools_of_one_pupil_say_nothing_of_the_spread() -> None:
    with pytest.raises(ModelError, match="two pupils"):
        within_units([200.0, 210.0], [40000.0, 44100.0], [1, 1])


def test_an_empty_group_has_no_gap() -> None:
    with pytest.raises(ModelError, match="two groups"):
        group_gap([30.0, 4.0], [3, 1], [0.0, 0.0], [0, 0], within=(1.0, 1.0), luck=0.0)
