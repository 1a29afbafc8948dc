"""A gap between two groups, with the doubt that comes from pupils sharing schools."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.models.gaps import group_gap
from likvard.terms import ModelError


def test_the_gap_is_the_difference_of_the_groups_means() -> None:
    found = group_gap([30.0, 50.0], [3, 4], [10.0, 30.0], [2, 3])
    assert found.gap == pytest.approx(80 / 7 - 40 / 5)
    assert (found.first_n, found.second_n) == (7, 5)


def test_the_clustered_error_equals_a_regression_with_clustered_errors() -> None:
    rng = np.random.default_rng(3)
    unit = np.repeat(np.arange(12), 20)
    member = rng.integers(0, 2, len(unit))
    y = rng.normal(size=12)[unit] + 0.5 * member + rng.normal(size=len(unit))
    X = np.column_stack([np.ones(len(unit)), member])
    bread = np.linalg.inv(X.T @ X)
    beta = bread @ X.T @ y
    scores = np.array([X[unit == u].T @ (y - X @ beta)[unit == u] for u in range(12)])
    cov = bread @ scores.T @ scores @ bread * 12 / 11
    sums = [[y[(unit == u) & (member == m)].sum() for u in range(12)] for m in (1, 0)]
    counts = [[((unit == u) & (member == m)).sum() for u in range(12)] for m in (1, 0)]
    found = group_gap(sums[0], counts[0], sums[1], counts[1])
    assert found.gap == pytest.approx(beta[1], rel=1e-12)
    assert found.gap_se == pytest.approx(np.sqrt(cov[1, 1]), rel=1e-12)


def test_the_interval_covers_the_true_gap_about_19_times_in_20() -> None:
    rng = np.random.default_rng(11)
    inside = 0
    for _ in range(400):
        luck = rng.normal(0, 1, 40)
        n = rng.integers(5, 40, (2, 40))
        sums = [n[m] * luck + n[m] * 0.3 * (m == 0) + rng.normal(0, np.sqrt(n[m])) for m in (0, 1)]
        low, high = group_gap(sums[0], n[0], sums[1], n[1]).interval()
        inside += low <= 0.3 <= high
    assert 0.91 <= inside / 400 <= 0.98


def test_one_school_has_no_gap() -> None:
    with pytest.raises(ModelError, match="at least two schools"):
        group_gap([30.0], [3], [10.0], [2])


def test_an_empty_group_has_no_gap() -> None:
    with pytest.raises(ModelError, match="two groups"):
        group_gap([30.0, 4.0], [3, 1], [0.0, 0.0], [0, 0])
