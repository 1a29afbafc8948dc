from __future__ import annotations

import numpy as np
import pytest

from likvard.moments.columns import ONE, number
from likvard.moments.moments import Moments, add_up, marginalise, number_keys
from likvard.terms import ModelError, UsageError


def moments(**changed) -> Moments:
    parts = {
        "groups": ("school",),
        "keys": (np.array(["a", "b"]),),
        "columns": (ONE, number("y", 3.0)),
        "rows": (0,),
        "n": np.array([2, 1]),
        "products": np.array([[[2.0, 5.0]], [[1.0, 1.0]]]),
        "total": np.array([[3.0, 6.0], [6.0, 14.0]]),
    }
    return Moments(**{**parts, **changed})


def test_arrays_that_do_not_fit_together_are_refused():
    with pytest.raises(ModelError, match="do not fit together"):
        moments(n=np.array([1, 1, 1]))


def test_the_constant_must_come_first():
    with pytest.raises(ModelError, match="must be the constant"):
        moments(columns=(number("y"), ONE))


def test_they_tell_their_names_sums_and_shifts():
    m = moments()
    assert (m.names, m.nobs, m.shift.tolist()) == (("(Intercept)", "y"), 3, [0.0, 3.0])
    assert m.s.tolist() == [[2.0, 5.0], [1.0, 1.0]]


def test_a_grouping_that_is_not_there_is_named():
    with pytest.raises(UsageError, match="not grouped by 'class'"):
        marginalise(moments(), ("class",))


def test_a_column_is_found_by_its_name():
    assert moments().index("y") == 1
    with pytest.raises(UsageError, match="no column 'x'"):
        moments().index("x")


def test_keys_are_numbered_in_sorted_order_of_their_combinations():
    code, keys = number_keys([np.array(["b", "a", "b", "a"]), np.array([1, 2, 0, 2])], 4)
    assert code.tolist() == [2, 0, 1, 0]
    assert [k.tolist() for k in keys] == [["a", "b", "b"], [2, 0, 1]]


def test_adding_up_keeps_the_order_of_codes():
    assert add_up(np.array([1, 2, 4, 8]), np.array([1, 0, 1, 2]), 3).tolist() == [2, 5, 8]
