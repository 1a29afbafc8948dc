"""The index of need: 100 for the whole, additive, and with an interval that says how sure it is."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from likvard.models import need
from likvard.models.need import Pupils, fit_need
from likvard.terms import ModelError

VARIABLES = (("sex", ("boy", "girl")), ("education", ("high", "low", "unknown")))
UNKNOWN = (-2, 2)


def world(seed=0, pupils=6_000, units=20, unknown=0.02):
    """Pupils one by one and who missed: low education adds, girls miss less, units differ in whom they take."""
    rng = np.random.default_rng(seed)
    unit = rng.integers(0, units, pupils)
    low = rng.random(pupils) < np.linspace(0.1, 0.8, units)[unit]
    education = np.where(rng.random(pupils) < unknown, 2, low)
    levels = np.column_stack([rng.integers(0, 2, pupils), education])
    share = 1 - np.bincount(unit, low) / np.bincount(unit)
    p = expit(-1.5 + 1.2 * low - 0.4 * levels[:, 0])
    made = Pupils(levels, share[unit], np.ones(pupils), unit)
    return made, (rng.random(pupils) < p).astype(float), p


@pytest.fixture(scope="module")
def made():
    return world()


@pytest.fixture(scope="module")
def model(made):
    return fit_need(VARIABLES, made[0], made[1])


def index(model, pupils, places=20):
    added = need.sums(model, pupils, places, UNKNOWN)
    return added, need.index(added, added.together(), model.vcov)


def test_what_was_planted_is_found(model):
    beta = dict(zip(model.names, model.beta, strict=True))
    error = dict(zip(model.names, model.se, strict=True))
    for name, true in (("sex=girl", -0.4), ("education=low", 1.2), (need.SURROUNDINGS, 0.0)):
        assert abs(beta[name] - true) < 3 * error[name]


def test_the_whole_is_a_hundred_and_units_lie_around_it(model, made):
    _, told = index(model, made[0])
    n = np.bincount(made[0].unit)
    assert (told.value @ n) / n.sum() == pytest.approx(100)
    assert told.value[-1] > 120 > 80 > told.value[0]


def test_the_interval_holds_the_true_index(model, made):
    pupils, _, p = made
    _, told = index(model, pupils)
    n = np.bincount(pupils.unit)
    truth = 100 * np.bincount(pupils.unit, p) / n / p.mean()
    assert ((told.low <= truth) & (truth <= told.high)).all()


def test_places_taken_together_are_one_place_with_all_their_pupils(model, made):
    pupils = made[0]
    added, _ = index(model, pupils)
    merged = Pupils(pupils.levels, pupils.around, pupils.n, np.minimum(pupils.unit, 17))
    other, told = index(model, merged, 18)
    both = need.index(added.together(np.array([17, 18, 19])), other.together(), model.vcov)
    assert both.value[0] == pytest.approx(told.value[17])
    assert both.low[0] == pytest.approx(told.low[17])


def test_patterns_give_the_same_index_as_pupils_one_by_one(model, made):
    pupils = made[0]
    key = np.column_stack([pupils.unit, pupils.levels])
    kept, at, place = np.unique(key, axis=0, return_index=True, return_inverse=True)
    grouped = Pupils(kept[:, 1:], pupils.around[at], np.bincount(place).astype(float), kept[:, 0])
    one, two = index(model, pupils)[1], index(model, grouped)[1]
    for part in ("value", "low", "high"):
        np.testing.assert_allclose(getattr(one, part), getattr(two, part), rtol=1e-10)


def test_the_interval_is_the_delta_method_done_by_differences(model, made):
    pupils = made[0]
    root, draws = np.linalg.cholesky(model.vcov), np.random.default_rng(1).normal(size=(400, len(model.beta)))
    values = []
    for draw in draws:
        moved = need.NeedModel(VARIABLES, model.names, model.beta + root @ draw, model.vcov, 0, 0, 0, 0, 0)
        values.append(index(moved, pupils)[1].value)
    np.testing.assert_allclose(np.std(values, axis=0), index(model, pupils)[1].se_model, rtol=0.25, atol=0.1)


def test_those_of_whom_nothing_is_known_have_no_chance_and_are_counted_as_unseen(model):
    pupils = Pupils(np.array([[0, 0], [-1, -1], [1, 2]]), np.full(3, 0.5), np.array([6.0, 3.0, 1.0]), np.zeros(3, int))
    added = need.sums(model, pupils, 1, UNKNOWN)
    assert np.isnan(model.chance(pupils)).tolist() == [False, True, False]
    assert (added.n[0], added.unseen[0]) == (7, 4)
    assert need.pupils_behind(added, pupils).tolist() == [10]


def test_a_level_that_hardly_anybody_has_gets_no_coefficient():
    pupils, missed, _ = world(unknown=0.001)
    found = fit_need(VARIABLES, pupils, missed)
    assert "education=unknown" not in found.names
    assert not found.sees(Pupils(np.array([[0, 2]]), np.array([0.5]), np.ones(1), np.zeros(1, int)))[0]


def test_with_a_unit_effect_the_chances_are_averaged_over_units():
    rng = np.random.default_rng(3)
    pupils, _, p = world(3)
    own = rng.normal(0, 1.0, 20)[pupils.unit]
    missed = (rng.random(len(p)) < expit(np.log(p / (1 - p)) + own)).astype(float)
    within = fit_need(VARIABLES, pupils, missed, unit_effect=True)
    across = fit_need(VARIABLES, pupils, missed)
    assert within.sd == pytest.approx(1.0, abs=0.4)
    assert within.chance(pupils).mean() == pytest.approx(missed.mean(), abs=0.03)
    assert abs(dict(zip(within.names, within.beta, strict=True))["education=low"]) > abs(
        dict(zip(across.names, across.beta, strict=True))["education=low"]
    )


def test_nobody_with_results_is_refused(made):
    pupils = made[0]
    with pytest.raises(ModelError, match="no pupils"):
        fit_need(VARIABLES, Pupils(pupils.levels, pupils.around, 0 * pupils.n, pupils.unit), 0 * made[1])


def test_the_spread_between_units_that_the_model_does_not_see_is_told(model, made):
    assert need.between_units(model, made[0], made[1]) < 0.25


def test_a_later_cohort_of_the_same_world_is_calibrated(model):
    pupils, missed, _ = world(7)
    told = need.check(model, pupils, missed)
    assert told.low < 1 < told.high
    assert told.intercept_low < 0 < told.intercept_high
