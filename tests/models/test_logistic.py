"""What logistic models refuse, what they leave out, and what they must not depend on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.models.calibration import calibrate, stability
from likvard.models.logistic import Patterns, clustered, fit
from likvard.models.logistic_unit import fit_unit
from likvard.terms import ModelError

X = [[1, 0], [1, 1], [1, 2]]


def of(x=X, n=(20, 20, 20), reached=(4, 9, 13), names=("a", "b")):
    return Patterns.of(x, n, reached, names)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"names": ("a",)}, "do not fit"),
        ({"reached": (4, 21, 1)}, "More pupils reached"),
        ({"n": (20, np.nan, 20)}, "not finite"),
    ],
)
def test_patterns_that_cannot_be_are_refused(changed, words):
    with pytest.raises(ModelError, match=words):
        of(**changed)


@pytest.mark.parametrize(("reached", "words"), [((0, 0, 0), "None of 60"), ((20, 20, 20), "All of 60")])
def test_a_goal_that_all_or_none_reach_is_refused(reached, words):
    with pytest.raises(ModelError, match=words):
        fit(of(reached=reached))


def test_a_column_that_parts_the_pupils_is_named():
    with pytest.raises(ModelError, match="'b' parts"):
        fit(of(reached=(0, 20, 20)))


def test_no_pupils_are_refused():
    with pytest.raises(ModelError, match="no pupils"):
        fit(of(n=(0, 0, 0), reached=(0, 0, 0)))


def test_a_column_that_others_make_up_is_left_out_and_named():
    doubled = Patterns.of([[1, b, 3 * b - 1] for _, b in X], (20, 20, 20), (4, 9, 13), ("a", "b", "c"))
    assert fit(doubled).aliased == ("c",)
    np.testing.assert_allclose(fit(doubled).beta, fit(of()).beta, rtol=1e-9)


def test_one_unit_alone_has_no_spread_to_tell():
    with pytest.raises(ModelError, match="One unit"):
        fit_unit(of(), [0, 0, 0])
    with pytest.raises(ModelError, match="One unit"):
        clustered(of(), fit(of()), [0, 0, 0])


def test_an_integral_needs_a_point():
    with pytest.raises(ModelError, match="0 points"):
        fit_unit(of(), [0, 1, 2], points=0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(2, 60), st.floats(0.1, 0.9)), min_size=4, max_size=12),
    st.permutations(range(12)),
    st.floats(-1e4, 1e4),
)
def test_the_fit_depends_neither_on_order_nor_splits_nor_where_a_column_starts(rows, order, shift):
    x = np.array([[1.0, value] for value, _, _ in rows])
    n = np.array([float(n) for _, n, _ in rows])
    came = np.clip(np.round(n * [share for _, _, share in rows]), 1, n - 1)
    there = Patterns.of(x, n, came, ("a", "b"))
    at = [i for i in order if i < len(rows)]
    halves = Patterns.of(
        np.vstack([x[at], x[at]]) + np.array([0, shift]),
        np.append(n[at] / 2, n[at] / 2),
        np.append(came[at] / 2, came[at] / 2),
        ("a", "b"),
    )
    one, two = fit(there), fit(halves)
    assert one.loglik == pytest.approx(two.loglik, rel=1e-9)
    if len(one.beta) == 2 == len(two.beta):
        assert one.beta[1] == pytest.approx(two.beta[1], rel=1e-4, abs=1e-5)


def test_calibration_refuses_chances_that_are_none_and_predictions_that_are_all_alike():
    with pytest.raises(ModelError, match="not between"):
        calibrate([0.0, 0.5], [9, 9], [1, 2])
    with pytest.raises(ModelError, match="same prediction"):
        calibrate([0.5, 0.5], [9, 9], [1, 2])


def test_too_far_apart_predictions_have_a_slope_below_one_and_too_high_ones_an_intercept_below_nought():
    truth = np.array([0.2, 0.4, 0.6])
    logits = np.log(truth / (1 - truth))
    told = calibrate(1 / (1 + np.exp(-(2 * logits + 1))), [1e4] * 3, 1e4 * truth)
    assert told.slope == pytest.approx(0.5, abs=1e-6)
    assert told.intercept_high < 0
    assert told.ratio < 1


def test_a_population_that_has_not_moved_is_stable_and_one_that_has_is_not():
    assert stability([10, 20, 30], [100, 200, 300]) == pytest.approx(0)
    assert stability([10, 20, 70], [70, 20, 10]) > 0.25
    assert np.isfinite(stability([10, 0], [0, 10]))
