"""Time up to a horizon where some are still waiting: against the plain mean, a naive jackknife, and a known truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.models.restricted_mean import pseudo_values, restricted_mean
from likvard.terms import ModelError

ROWS = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=2, max_size=25)


def _naive(days: list[int], happened: list[bool], horizon: int) -> float:
    """Kaplan and Meier's curve by the book, one day at a time."""
    left, area = 1.0, 0.0
    for day in range(horizon):
        waiting = sum(d >= day for d in days)
        left *= 1 - sum(d == day and h for d, h in zip(days, happened, strict=True)) / waiting if waiting else 1
        area += left
    return area


@given(ROWS, st.integers(1, 50))
def test_the_mean_is_that_of_a_curve_drawn_day_by_day(rows: list[tuple[int, bool]], horizon: int) -> None:
    days, happened = [d for d, _ in rows], [h for _, h in rows]
    assert restricted_mean(days, happened, horizon) == pytest.approx(_naive(days, happened, horizon), abs=1e-9)


@settings(max_examples=40)
@given(ROWS, st.integers(1, 50))
def test_pseudo_values_are_those_of_leaving_each_one_out(rows: list[tuple[int, bool]], horizon: int) -> None:
    days, happened = [d for d, _ in rows], [h for _, h in rows]
    n, whole = len(rows), _naive(days, happened, horizon)
    rest = [(days[:i] + days[i + 1 :], happened[:i] + happened[i + 1 :]) for i in range(n)]
    wanted = [n * whole - (n - 1) * _naive(d, h, horizon) for d, h in rest]
    assert pseudo_values(days, happened, horizon) == pytest.approx(wanted, abs=1e-8)


@given(st.lists(st.integers(0, 400), min_size=2), st.integers(1, 300))
def test_where_nobody_waits_each_pseudo_value_is_its_own_days(days: list[int], horizon: int) -> None:
    assert pseudo_values(days, [True] * len(days), horizon) == pytest.approx(np.minimum(days, horizon), abs=1e-7)


def test_the_truth_is_found_although_half_are_still_waiting() -> None:
    random = np.random.default_rng(7)
    true, followed = random.exponential(150, 4000), random.uniform(0, 300, 4000)
    days, happened = np.floor(np.minimum(true, followed)), true <= followed
    found = pseudo_values(days, happened, 200).mean()
    assert found == pytest.approx(np.minimum(true, 200).mean(), abs=3)
    assert days[happened].mean() < found - 20  # the mean of those that are done is far too short


@pytest.mark.parametrize(
    ("days", "happened", "horizon"),
    [
        ([1], [True], 10),
        ([1, 2], [True], 10),
        ([1, -1], [True, True], 10),
        ([1, 2.5], [True, True], 10),
        ([1, 2], [True, True], 0),
    ],
)
def test_what_makes_no_sense_is_refused(days: list[float], happened: list[bool], horizon: int) -> None:
    with pytest.raises(ModelError):
        pseudo_values(days, happened, horizon)
