"""Theil's index on cases that can be worked out by hand, beside the Gini where both speak."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.models.inequality import theil, theil_parts
from likvard.models.spread import gini
from likvard.terms import ModelError

amounts = st.lists(st.floats(0.1, 1000), min_size=2, max_size=30)


def test_all_having_the_same_is_no_inequality() -> None:
    assert gini([7.0, 7.0, 7.0]) == pytest.approx(0)
    assert theil([7.0, 7.0, 7.0]) == pytest.approx(0)


def test_one_having_all_of_four_gives_three_quarters_and_log_four() -> None:
    assert gini([0.0, 0, 0, 8]) == pytest.approx(0.75)
    assert theil([0.0, 0, 0, 8]) == pytest.approx(np.log(4))


def test_a_school_of_three_pupils_is_three_pupils() -> None:
    assert gini([1.0, 5.0], [3, 1]) == pytest.approx(gini([1.0, 1, 1, 5]))
    assert theil([1.0, 5.0], [3, 1]) == pytest.approx(theil([1.0, 1, 1, 5]))


def test_theil_between_and_within_groups_add_up() -> None:
    values, group, weight = np.array([1.0, 2, 6, 8]), ["a", "a", "b", "b"], np.array([5.0, 1, 2, 2])
    parts = theil_parts(values, group, weight)
    inside = [theil(values[at], weight[at]) for at in (slice(0, 2), slice(2, 4))]
    share = [float((values * weight)[at].sum() / (values * weight).sum()) for at in (slice(0, 2), slice(2, 4))]
    assert parts.within == pytest.approx(float(np.dot(inside, share)))
    assert parts.between + parts.within == pytest.approx(theil(values, weight))


@given(amounts, st.floats(0.5, 20))
def test_neither_index_depends_on_the_unit_of_money(values: list[float], times: float) -> None:
    scaled = [v * times for v in values]
    assert gini(scaled) == pytest.approx(gini(values), abs=1e-9)
    assert theil(scaled) == pytest.approx(theil(values), abs=1e-9)


@given(amounts)
def test_giving_from_the_most_to_the_least_makes_both_smaller(values: list[float]) -> None:
    value = np.sort(np.array(values))
    step = (value[-1] - value[0]) / 4
    fairer = np.concatenate([[value[0] + step], value[1:-1], [value[-1] - step]])
    assert gini(fairer) <= gini(value) + 1e-12
    assert theil(fairer) <= theil(value) + 1e-12


@pytest.mark.parametrize("values", [[-1.0, 2.0], [0.0, 0.0], [np.nan, 1.0]])
def test_what_cannot_be_shared_is_refused(values: list[float]) -> None:
    with pytest.raises(ModelError):
        theil(values)
