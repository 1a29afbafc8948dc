"""The Gini coefficient on cases that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.models.spread import gini

amounts = st.lists(st.floats(0.1, 1000), min_size=2, max_size=30)


def test_all_having_the_same_is_no_inequality() -> None:
    assert gini([7.0, 7.0, 7.0]) == pytest.approx(0)


def test_one_having_all_of_four_gives_three_quarters() -> None:
    assert gini([0.0, 0, 0, 8]) == pytest.approx(0.75)


def test_a_school_of_three_pupils_is_three_pupils() -> None:
    assert gini([1.0, 5.0], [3, 1]) == pytest.approx(gini([1.0, 1, 1, 5]))


@given(amounts, st.floats(0.5, 20))
def test_it_does_not_depend_on_the_unit_of_money(values: list[float], times: float) -> None:
    assert gini([v * times for v in values]) == pytest.approx(gini(values), abs=1e-9)


@given(amounts)
def test_giving_from_the_most_to_the_least_makes_it_smaller(values: list[float]) -> None:
    value = np.sort(np.array(values))
    step = (value[-1] - value[0]) / 4
    fairer = np.concatenate([[value[0] + step], value[1:-1], [value[-1] - step]])
    assert gini(fairer) <= gini(value) + 1e-12
