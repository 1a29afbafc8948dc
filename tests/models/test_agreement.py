"""Agreement beyond chance: what must hold of any marks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from likvard.models.agreement import (
    MISSING,
    Metric,
    Weights,
    cohen,
    coincidences,
    counted,
    fleiss,
    krippendorff,
    pair_table,
    paired_kappa,
)
from likvard.terms import ModelError

MARKS = arrays(np.int64, (12, 3), elements=st.integers(MISSING, 2))


def test_full_agreement_is_one_and_marks_that_never_agree_are_below_chance():
    assert krippendorff([[0, 0], [1, 1], [2, 2]], 3, rounds=20).value == 1.0
    assert krippendorff([[0, 2], [2, 0], [0, 2]], 3, rounds=20).value < 0


def test_nothing_is_said_where_nobody_is_marked_by_two_or_all_marks_are_alike():
    assert krippendorff([[0, MISSING], [1, MISSING]], 3).n == 0
    assert np.isnan(krippendorff([[1, 1], [1, 1]], 3, rounds=20).value)
    assert np.isnan(cohen([[5, 0], [0, 0]]).value)
    assert np.isnan(cohen(np.zeros((3, 3))).value)
    assert np.isnan(paired_kappa(np.zeros((0, 2)), 3).value)
    assert np.isnan(fleiss([[2, 0], [2, 0]]).value)


@given(MARKS)
def test_alpha_does_not_depend_on_the_order_of_organisers_or_markers(marks):
    turned = krippendorff(marks[::-1, ::-1], 3, rounds=2).value
    assert krippendorff(marks, 3, rounds=2).value == pytest.approx(turned, nan_ok=True)


@given(MARKS)
def test_a_unit_with_one_mark_changes_nothing(marks):
    more = np.vstack([marks, [2, MISSING, MISSING]])
    assert krippendorff(more, 3, rounds=2).value == pytest.approx(krippendorff(marks, 3, rounds=2).value, nan_ok=True)


@given(MARKS)
def test_coincidences_count_each_unit_with_pairs_as_many_times_as_it_has_marks(marks):
    counts = counted(marks, 3)
    number = counts.sum(axis=1)
    assert coincidences(counts).sum() == pytest.approx(number[number > 1].sum())


@given(MARKS)
def test_the_table_of_pairs_is_symmetric_and_has_every_pair(marks):
    table = pair_table(marks, 3)
    number = (marks >= 0).sum(axis=1)
    assert (table == table.T).all()
    assert table.sum() == pytest.approx((number * (number - 1) / 2).sum())


@given(arrays(np.int64, (20, 2), elements=st.integers(0, 2)))
def test_with_two_markers_alpha_of_steps_is_weighted_kappa_but_for_its_correction_of_size(marks):
    """Krippendorff 2011: alpha is Scott's pi with one mark in n taken off; so is kappa over unordered pairs."""
    alpha = krippendorff(marks, 3, metric=Metric.INTERVAL, rounds=2).value
    kappa = paired_kappa(marks, 3, rounds=2).value
    assert 1 - alpha == pytest.approx((1 - kappa) * (1 - 1 / 40), nan_ok=True)


def test_drawing_organisers_whole_widens_the_interval_when_their_criteria_go_together():
    random = np.random.default_rng(1)
    easy = np.repeat(random.random(40) < 0.5, 6)
    first = random.integers(0, 3, 240)
    marks = np.stack([first, np.where(easy, first, random.integers(0, 3, 240))], axis=1)
    who = [str(i) for i in np.repeat(np.arange(40), 6)]
    alone, whole = krippendorff(marks, 3, seed=2), krippendorff(marks, 3, seed=2, cluster=who)
    assert alone.value == whole.value
    assert whole.se > 1.3 * alone.se
    assert (alone.n, whole.n) == (240, 40)


def test_the_same_seed_gives_the_same_interval():
    marks = np.random.default_rng(3).integers(0, 3, (30, 2))
    assert krippendorff(marks, 3, seed=5) == krippendorff(marks, 3, seed=5)
    assert krippendorff(marks, 3, seed=5) != krippendorff(marks, 3, seed=6)


def test_linear_weights_forgive_less_than_quadratic():
    table = [[20, 5, 1], [4, 20, 6], [2, 5, 20]]
    plain, linear, quadratic = (cohen(table, one).value for one in Weights)
    assert plain < linear < quadratic


def test_marks_outside_the_scale_and_uneven_tables_are_refused():
    with pytest.raises(ModelError, match="from 0 to 2"):
        krippendorff([[0, 3]], 3)
    with pytest.raises(ModelError, match="square"):
        cohen([[1, 2, 3], [1, 2, 3]])
    with pytest.raises(ModelError, match="same number of marks"):
        fleiss([[2, 0], [1, 0]])
