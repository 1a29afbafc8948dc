"""Area-level models: what they refuse, and what they say at the edges."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.models import fay_herriot
from likvard.models.fay_herriot import (
    GROUP,
    ROW,
    arrange,
    between_variances,
    component_interval,
    fit_area_level,
    group_share,
    inverse,
)
from likvard.models.shrinkage import expected_means, group_effects, row_effects
from likvard.terms import ModelError

ONES = np.ones((12, 1))
PAIRS = np.repeat(np.arange(6), 2)


def test_means_that_differ_by_chance_alone_have_no_variance_of_their_own():
    y = 225 + np.tile([0.1, -0.1], 6)
    fit = fit_area_level(y, ONES, np.full(12, 50.0), PAIRS)
    assert fit.components.tolist() == [0.0, 0.0]
    assert row_effects(fit).value == pytest.approx(np.zeros(12))
    assert (group_effects(fit).se > 0).all()
    assert component_interval(fit, GROUP).low == 0
    with pytest.raises(ModelError, match="Nothing differs"):
        group_share(fit)


def test_groups_that_are_alike_leave_all_variance_to_the_rows():
    y = 225 + np.tile([9.0, -9.0], 6)
    fit = fit_area_level(y, ONES, np.full(12, 1.0), PAIRS)
    assert fit.components[GROUP] == 0
    assert fit.components[ROW] > 50
    found = group_share(fit)
    assert (found.value, found.low) == (0, 0)
    assert found.high < 1


def test_rows_that_are_alike_leave_all_variance_to_the_groups():
    y = 225 + 9 * PAIRS.astype(float)
    fit = fit_area_level(y, ONES, np.full(12, 1.0), PAIRS)
    assert fit.components[ROW] == 0
    assert group_share(fit).high == pytest.approx(1)


def test_scale_makes_no_difference():
    rng = np.random.default_rng(1)
    y, d = rng.normal(size=12) * 3, rng.uniform(1, 3, 12)
    one, other = fit_area_level(y, ONES, d, PAIRS), fit_area_level(y / 1000, ONES, d / 1e6, PAIRS)
    assert other.components * 1e6 == pytest.approx(one.components, rel=1e-6, abs=1e-9)
    assert group_effects(other).se * 1000 == pytest.approx(group_effects(one).se, rel=1e-6)


def test_group_effects_stand_in_the_order_of_the_labels_and_rows_as_given():
    labels = np.array(["c", "a", "b", "a", "c", "b"] * 2)
    level = {"a": 200.0, "b": 225.0, "c": 250.0}
    y = np.array([level[label] for label in labels])
    fit = fit_area_level(y, ONES, np.full(12, 1.0), labels)
    assert np.argsort(group_effects(fit).value).tolist() == [0, 1, 2]
    assert np.argsort(row_effects(fit).value, kind="stable").tolist() == np.argsort(y, kind="stable").tolist()


def test_a_coefficient_that_rests_on_one_group_cannot_be_left_out():
    X = np.column_stack([np.ones(12), PAIRS == 3]).astype(float)
    fit = fit_area_level(np.arange(12.0), X, np.full(12, 1.0), PAIRS)
    with pytest.raises(ModelError, match="rests on one school"):
        expected_means(fit, leave_one_out=True)


def test_a_matrix_without_an_inverse_is_refused_in_words():
    with pytest.raises(ModelError, match="rests on one school"):
        inverse(np.zeros((2, 2)))


def test_variances_that_do_not_settle_are_refused_in_words(monkeypatch):
    monkeypatch.setattr(fay_herriot, "STEPS", 0)
    with pytest.raises(ModelError, match="did not settle"):
        fit_area_level(np.arange(12.0), ONES, np.ones(12))


def test_every_step_of_the_bootstrap_solver_brings_it_nearer(monkeypatch):
    y, d, counts = np.arange(12.0) ** 2, np.linspace(1, 400, 12), np.ones((1, 12))
    settled = between_variances(y, ONES, d, counts)[0]
    distance = []
    for steps in (1, 2, 3):
        monkeypatch.setattr(fay_herriot, "STEPS", steps)
        distance.append(abs(between_variances(y, ONES, d, counts)[0] - settled))
    assert distance[0] > distance[1] > distance[2]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: arrange(np.ones(12), np.ones(12), np.ones(12)), "shapes"),
        (lambda: arrange(np.ones(12), ONES, np.ones(11)), "shapes"),
        (lambda: arrange(np.full(12, np.nan), ONES, np.ones(12)), "missing or not positive"),
        (lambda: arrange(np.ones(12), ONES, np.zeros(12)), "missing or not positive"),
        (lambda: arrange(np.ones(2), np.ones((2, 1)), np.ones(2)), "too few"),
        (lambda: arrange(np.ones(12), np.ones((12, 2)), np.ones(12)), "say the same thing"),
        (lambda: arrange(np.ones(12), ONES, np.ones(12), np.arange(12)), "one row only"),
        (lambda: arrange(np.ones(12), ONES, np.ones(12), np.arange(11)), "group labels"),
        (lambda: component_interval(fit_area_level(np.arange(12.0), ONES, np.ones(12)), ROW, 95), "level"),
    ],
)
def test_a_model_that_cannot_be_fitted_is_refused_in_words(call, words):
    with pytest.raises(ModelError, match=words):
        call()
