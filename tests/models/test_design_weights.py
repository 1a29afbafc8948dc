"""Design weights: what must hold of any sample, beside R's numbers in tests/authority."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.models.design_weights import (
    calibrated,
    covariance,
    design,
    interval_of_share,
    mean,
    poststratified,
    raked,
    ratio,
    total,
    trimmed,
)
from likvard.terms import ModelError

Y = np.array([1.0, 4.0, 2.0, 8.0, 5.0, 7.0])
W = np.array([2.0, 2.0, 3.0, 3.0, 4.0, 4.0])
STRATA = ["a", "a", "b", "b", "c", "c"]


def test_with_everybody_in_the_sample_nothing_of_the_sample_is_uncertain():
    whole = design(np.ones(6), stratum=STRATA, population=np.full(6, 2))
    assert mean(whole, Y).value == pytest.approx([Y.mean()])
    assert mean(whole, Y).se == pytest.approx([0.0])


def test_equal_weights_give_the_error_of_the_mean_in_any_textbook():
    assert mean(design(np.full(6, 7.0)), Y).se[0] == pytest.approx(Y.std(ddof=1) / np.sqrt(6))


def test_a_mean_is_the_ratio_of_a_total_to_the_size_and_scale_of_weights_is_nothing_to_it():
    made = design(W, stratum=STRATA)
    assert mean(made, Y).value == pytest.approx(total(made, Y).value / W.sum())
    assert mean(design(10 * W, stratum=STRATA), Y).se == pytest.approx(mean(made, Y).se)


def test_the_known_total_of_what_was_calibrated_on_has_no_uncertainty():
    made = calibrated(design(W, stratum=STRATA), np.stack([np.ones(6), Y], axis=1), [20.0, 100.0])
    assert total(made, Y).value == pytest.approx([100.0])
    assert total(made, Y).se == pytest.approx([0.0], abs=1e-9)


def test_poststratifying_is_calibrating_on_groups_and_raking_to_one_margin():
    groups = ["x", "y", "x", "y", "x", "y"]
    known = {"x": 10.0, "y": 8.0}
    one, other = poststratified(design(W), groups, known), raked(design(W), [(groups, known)])
    assert one.weights == pytest.approx(other.weights)
    assert mean(one, Y).se == pytest.approx(mean(other, Y).se)


def test_a_stratum_with_one_unit_is_held_against_all_not_taken_for_certain():
    alone = design(W, stratum=["a", "a", "b", "b", "c", "d"])
    assert covariance(alone, np.eye(6)[:, 4])[0, 0] > 0


def test_a_stratum_whose_few_are_alike_borrows_spread_and_one_that_has_its_own_keeps_it():
    made = design(np.ones(6), stratum=["a"] * 3 + ["b"] * 3)
    alike = np.array([0.0, 0.0, 0.0, 1.0, 2.0, 3.0])
    own, lent = covariance(made, alike)[0, 0], covariance(made, alike, borrowed=2.0)[0, 0]
    assert own < lent < 2 * own
    assert covariance(made, alike[3:].repeat(2), borrowed=2.0) == pytest.approx(covariance(made, alike[3:].repeat(2)))


def test_trimming_keeps_the_sum_and_lowers_only_the_largest():
    weights = np.array([1.0, 1.0, 1.0, 1.5, 30.0])
    cut = trimmed(weights)
    assert cut.sum() == pytest.approx(weights.sum())
    assert cut[-1] == 2.0
    assert (cut[:-1] > weights[:-1]).all()


@given(st.floats(0.001, 0.999), st.floats(1e-4, 0.3), st.integers(1, 200))
def test_an_interval_of_a_share_holds_it_and_stays_a_share(value, se, degrees):
    low, high = interval_of_share(value, se, degrees)
    assert 0 <= low < value < high <= 1


def test_an_interval_without_error_is_the_value_itself():
    assert interval_of_share(0.4, 0.0, 10) == (0.4, 0.4)
    assert interval_of_share(0.0, 0.0, 10) == (0.0, 0.0)


def test_nobody_of_thirty_does_not_mean_nobody_and_an_even_sample_gives_wilsons_interval():
    """Wilson 1927 for 0 of 30 and for 7 of 20, with a normal quantile."""
    assert interval_of_share(0.0, 0.0, 10**6, units=30) == (0.0, pytest.approx(0.1135, abs=1e-4))
    se = np.sqrt(0.35 * 0.65 / 20)
    assert interval_of_share(0.35, se, 10**6) == (pytest.approx(0.1812, abs=1e-4), pytest.approx(0.5671, abs=1e-4))


def test_uneven_weights_are_worth_fewer_units():
    assert design(np.ones(6)).effective == pytest.approx(6)
    assert design(W).effective < 6


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: design([1.0, 0.0]), "above 0"),
        (lambda: design([]), "above 0"),
        (lambda: design([1.0, 1.0], population=[1, 1]), "fewer units in the population"),
        (lambda: design([1.0, 1.0], stratum=["a"]), "1 values are given for 2"),
        (lambda: ratio(design(W), Y, np.zeros(6)), "adds up to nothing"),
        (lambda: calibrated(design(W), np.ones(6), [-5.0]), "below 0"),
        (lambda: calibrated(design(W), np.stack([Y, Y], axis=1), [10.0, 90.0]), "No weights"),
        (lambda: poststratified(design(W), ["x"] * 6, {"x": 9.0, "y": 3.0}), "do not match: y"),
        (lambda: raked(design(W), [(["x"] * 6, {"x": 9.0}), (["z"] * 6, {"z": 4.0})]), "cannot all hold"),
    ],
)
def test_what_cannot_be_weighed_is_refused_in_words(wrong, said):
    with pytest.raises(ModelError, match=said):
        wrong()
