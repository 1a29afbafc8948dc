"""Shares of all variance from published means."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.models.shares import of_total


def _country(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    organiser = np.repeat(np.arange(300), 5)
    pupils = rng.integers(30, 150, 1500).astype(float)
    y = (
        230
        + 12 * rng.normal(size=300)[organiser]
        + 20 * rng.normal(size=1500)
        + 64 / np.sqrt(pupils) * rng.normal(size=1500)
    )
    return y, pupils, organiser


def test_planted_shares_lie_within_their_intervals() -> None:
    y, pupils, organiser = _country(np.random.default_rng(5))
    found = of_total(y, np.ones((1500, 1)), pupils, organiser, noise=64, within=64)
    planted = np.array([144, 400, 4096]) / 4640
    assert (found.low <= planted).all()
    assert (planted <= found.high).all()


def test_the_shares_sum_to_one() -> None:
    y, pupils, organiser = _country(np.random.default_rng(6))
    found = of_total(y, np.ones((1500, 1)), pupils, organiser, noise=64, within=64)
    assert found.value.sum() == pytest.approx(1)


def test_a_larger_spread_between_pupils_leaves_less_to_schools() -> None:
    y, pupils, organiser = _country(np.random.default_rng(7))
    small, large = (of_total(y, np.ones((1500, 1)), pupils, organiser, noise=64, within=w) for w in (60, 70))
    assert (large.value[:2] < small.value[:2]).all()
