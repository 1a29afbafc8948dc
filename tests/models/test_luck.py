"""A year's luck, told from how units move."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.models.luck import year_luck


def test_it_finds_the_luck_that_was_put_in() -> None:
    rng = np.random.default_rng(4)
    units, years, within, luck = 400, 8, 60.0, 7.0
    n = rng.integers(15, 120, (units, years)).astype(float)
    means = rng.normal(0, 15, (units, 1)) + rng.normal(0, luck, (units, years)) + rng.normal(0, within / np.sqrt(n))
    assert year_luck(means, n, within) == pytest.approx(luck, abs=0.8)


def test_a_move_that_all_make_together_is_no_luck() -> None:
    rng = np.random.default_rng(5)
    n = np.full((300, 5), 200.0)
    means = rng.normal(0, 30, (300, 1)) + np.array([0, 40, -20, 60, 10.0]) + rng.normal(0, 1 / np.sqrt(n))
    assert year_luck(means, n, 1.0) < 0.05


def test_missing_years_are_left_out_and_too_few_moves_give_nothing() -> None:
    means, n = np.array([[200.0, np.nan, 210.0], [np.nan, 190.0, 220.0]]), np.full((2, 3), 30.0)
    assert year_luck(means, n, 60.0) == 0.0
