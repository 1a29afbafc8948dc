"""Rounds of sums end where a fit of the pooled moments ends."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.models import federated, federated_logistic, logistic
from likvard.models.multilevel import Effect, Fit, Model, fit
from likvard.models.multilevel_effects import effects
from likvard.models.packed import pack, unpack
from likvard.moments.columns import ONE, flag, number
from likvard.moments.gather import gather
from likvard.terms import ModelError

Y = number("y", 3.0)
X = (ONE, flag("girl"), number("x", 1.0))
UNIT, YEAR, ORGANISER = (
    Effect("unit", ("unit",)),
    Effect("unit:year", ("unit", "year")),
    Effect("organiser", ("organiser",)),
)
GROUPS = ("organiser", "unit", "year")


def pupils(seed: int = 1, between: float = 0.5, organisers: float = 0.3) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    unit = np.repeat(np.arange(40), random.integers(5, 40, 40))
    organiser, n = unit // 4, len(unit)
    year, girl, x = random.integers(0, 3, n), random.integers(0, 2, n), random.normal(1, 2, n)
    y = 3 + girl + 0.5 * x + between * random.normal(size=40)[unit] + organisers * random.normal(size=10)[organiser]
    return {"organiser": organiser, "unit": unit, "year": year, "girl": girl, "x": x, "y": y + random.normal(size=n)}


def moments_of(rows, organiser=None):
    con = duckdb.connect()
    con.register("pupil", pa.table(rows))
    where = "pupil" if organiser is None else f"(select * from pupil where organiser = {organiser})"
    return gather(con, where, GROUPS, (*X, Y))


@pytest.fixture(scope="module")
def whole():
    return moments_of(pupils())


@pytest.fixture(scope="module")
def each():
    """The moments of every organiser by itself."""
    return [moments_of(pupils(), o) for o in range(10)]


def in_rounds(each, model, *, leave=()):
    """Answer until there is a fit; and in how many rounds."""
    shape = federated.shape_of(each[0].columns, model)
    opened = federated.read_opening(np.sum([federated.opening(m, model) for m in each], axis=0), shape)
    rounds = list(leave)
    for _ in range(30):
        found = federated.proceed(each[0].columns, model, opened, rounds)
        if isinstance(found, Fit):
            return found, len(rounds)
        total = np.sum([federated.answer(m, model, found) for m in each], axis=0)
        rounds.append((found, federated.read_answer(total, shape)))
    raise AssertionError("no end")


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("terms", [(UNIT,), (UNIT, ORGANISER), (YEAR, UNIT), (YEAR, UNIT, ORGANISER)], ids=len)
def test_rounds_end_at_the_pooled_fit(whole, each, terms, reml):
    model = Model(Y, X, terms, reml)
    found, asked = in_rounds(each, model)
    one = fit(whole, model)
    assert asked <= 12
    np.testing.assert_allclose(found.beta, one.beta, rtol=1e-8)
    np.testing.assert_allclose(found.vcov, one.vcov, rtol=1e-8, atol=1e-14)
    assert found.criterion == pytest.approx(one.criterion, abs=1e-8)
    for name, covariance in one.varcomp.items():
        assert found.varcomp[name][0, 0] == pytest.approx(covariance[0, 0], rel=1e-7, abs=1e-12)


def test_a_variance_of_nothing_is_found_to_be_nothing():
    rows, model = pupils(7, organisers=0.0), Model(Y, X, (UNIT, ORGANISER))
    one = fit(moments_of(rows), model)
    found, _ = in_rounds([moments_of(rows, o) for o in range(10)], model)
    assert found.varcomp["organiser"][0, 0] == one.varcomp["organiser"][0, 0] == 0
    assert found.criterion == pytest.approx(one.criterion, abs=1e-8)


def test_the_search_goes_on_from_points_asked_when_others_took_part(each):
    rows, model = pupils(), Model(Y, X, (UNIT,))
    shape = federated.shape_of(each[0].columns, model)
    before = [np.array([0.3]), np.array([0.42])]
    few = each[:7]
    held = [
        (at, federated.read_answer(np.sum([federated.answer(m, model, at) for m in few], axis=0), shape))
        for at in before
    ]
    found, asked = in_rounds(few, model, leave=held)
    kept = {k: v[np.isin(rows["organiser"], range(7))] for k, v in rows.items()}
    assert found.criterion == pytest.approx(fit(moments_of(kept), model).criterion, abs=1e-8)
    assert asked <= 8


def test_everyone_can_place_its_own_groups_in_the_common_fit(whole, each):
    model = Model(Y, X, (YEAR, UNIT, ORGANISER))
    common = federated.common(in_rounds(each, model)[0])
    mine = {level.name: level for level in federated.own_effects(each[6], model, common)}
    for term in effects(fit(whole, model)):
        level = mine[term.name]
        keys = list(zip(*(k.tolist() for k in term.keys), strict=True))
        at = [keys.index(key) for key in zip(*(k.tolist() for k in level.keys), strict=True)]
        np.testing.assert_allclose(level.mode, term.mode[at, 0], atol=1e-7)
        np.testing.assert_allclose(level.sd, term.comparison_sd[at, 0], rtol=1e-6)


def test_groups_effects_are_not_known_where_only_sums_came(each):
    found, _ = in_rounds(each, Model(Y, X, (UNIT,)))
    with pytest.raises(ModelError, match="stayed with their organisers"):
        effects(found)


def test_what_cannot_be_asked_in_rounds_is_refused(whole):
    slope = Effect("unit", ("unit",), (ONE, flag("girl")))
    with pytest.raises(ModelError, match="intercepts"):
        federated.shape_of(whole.columns, Model(Y, X, (slope,)))
    with pytest.raises(ModelError, match="do not nest"):
        federated.answer(whole, Model(Y, X, (Effect("year", ("year",)), UNIT)), np.array([0.3, 0.3]))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(0, 3), min_size=40, max_size=40))
def test_however_pupils_are_split_logistic_rounds_end_at_the_pooled_fit(seed, parts):
    random = np.random.default_rng(seed)
    x = np.column_stack([np.ones(40), np.tile([0.0, 1.0], 20), random.integers(0, 2, 40)])
    n = random.integers(5, 60, 40).astype(float)
    reached = random.binomial(n.astype(int), 0.5).astype(float)
    names, part = ("(Intercept)", "a", "b"), np.array(parts)
    each = [logistic.Patterns(x[part == i], n[part == i], reached[part == i], names) for i in np.unique(part)]
    counted = federated_logistic.read_opening(np.sum([federated_logistic.opening(p, 1) for p in each], axis=0), 3)
    rounds, found = [], None
    while not isinstance(found := federated_logistic.proceed(names, counted, rounds), logistic.Logistic):
        total = np.sum([federated_logistic.answer(p, found) for p in each], axis=0)
        rounds.append((found, federated_logistic.read_answer(total, 3)))
    one = logistic.fit(logistic.Patterns(x, n, reached, names))
    assert (found.names, found.aliased) == (one.names, one.aliased)
    np.testing.assert_allclose(found.beta, one.beta, atol=1e-9)
    np.testing.assert_allclose(found.vcov, one.vcov, rtol=1e-7)


def test_all_reached_is_nothing_to_explain():
    counted = federated_logistic.Counted(10, 2, np.full((1, 1), 10.0), np.array([10.0]))
    with pytest.raises(ModelError, match="nothing to explain"):
        federated_logistic.proceed(("(Intercept)",), counted, [])


def test_a_mark_that_decides_all_is_refused():
    patterns = logistic.Patterns.of([[1, 0], [1, 1]], [10, 10], [5, 10], ("(Intercept)", "a"))
    counted = federated_logistic.read_opening(federated_logistic.opening(patterns, 1), 2)
    with pytest.raises(ModelError, match="with a, or without it"):
        federated_logistic.proceed(patterns.names, counted, [])


@settings(deadline=None)
@given(st.integers(1, 6), st.integers(0, 99))
def test_a_packed_matrix_comes_back(m, seed):
    x = np.random.default_rng(seed).normal(size=(m, m))
    assert (unpack(pack(x + x.T), m) == x + x.T).all()
