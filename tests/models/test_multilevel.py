from __future__ import annotations

from collections.abc import Callable

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from likvard.models.multilevel import Effect, Fit, Model, fit
from likvard.models.multilevel_effects import effects
from likvard.models.multilevel_search import criterion_at
from likvard.models.profile import intervals, shares
from likvard.moments.columns import ONE, Column, flag, number
from likvard.moments.gather import gather, gather_each
from likvard.terms import ModelError, UsageError

Y, X = number("y"), number("x")
SCHOOL = Effect("school", ("school",))


@pytest.fixture
def table() -> dict[str, np.ndarray]:
    """300 pupils in 30 schools in 6 organisers; y depends on x and on the school."""
    random = np.random.default_rng(42)
    school = np.repeat(np.arange(30), 10)
    x = random.normal(size=300)
    y = 2 + x + random.normal(size=30)[school] + random.normal(size=300)
    return {"y": y, "x": x, "school": school, "organiser": school // 5, "girl": random.integers(0, 2, 300)}


@pytest.fixture
def fitted(table) -> Callable[..., Fit]:
    def run(fixed=(ONE, X), terms=(SCHOOL,), *, reml=True, weight=None, **changed) -> Fit:
        con = duckdb.connect()
        con.register("pupils", pa.table({**table, **changed}))
        groups = tuple(dict.fromkeys(g for e in terms for g in e.group))
        rows = tuple(c for e in terms for c in e.columns)
        moments = gather(con, "pupils", groups, (*fixed, Y), rows=rows, weight=weight)
        return fit(moments, Model(Y, fixed, terms, reml))

    return run


def test_what_is_true_is_near(fitted):
    found = fitted()
    assert found.fixef["x"] == pytest.approx(1, abs=3 * found.se[1])
    assert found.varcomp["school"][0, 0] == pytest.approx(1, abs=0.6)
    assert found.sigma2 == pytest.approx(1, abs=0.3)


def test_a_column_that_follows_from_others_is_left_out_and_told(fitted, table):
    twice, boy = number("twice"), flag("boy")
    found = fitted((ONE, X, twice, flag("girl"), boy), twice=2 * table["x"] + 3, boy=1 - table["girl"])
    assert found.names == ("(Intercept)", "x", "girl")
    assert found.aliased == ("twice", "boy")
    assert found.criterion == pytest.approx(fitted((ONE, X, flag("girl"))).criterion, abs=1e-8)


def test_without_an_intercept_nothing_is_shifted_away(fitted, table):
    found = fitted((X,), (SCHOOL,), x=table["x"] + 5)
    assert found.names == ("x",)


@pytest.mark.parametrize(
    ("said", "terms", "changed"),
    [
        ("only one group", (SCHOOL,), {"school": np.zeros(300, int)}),
        ("cannot be told from the residuals", (SCHOOL,), {"school": np.arange(300)}),
        ("same value in every row", (SCHOOL,), {"y": np.full(300, 0.0)}),
        ("0 in every row", (Effect("school", ("school",), (ONE, number("z"))),), {"z": np.zeros(300)}),
        ("no random effect", (), {}),
        ("perfectly", (SCHOOL,), {"y": np.arange(300.0), "x": np.arange(300.0)}),
        ("perfectly", (SCHOOL,), {"y": np.repeat(np.arange(30.0) ** 2, 10)}),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_words(fitted, said, terms, changed):
    with pytest.raises(ModelError, match=said):
        fitted(terms=terms, **changed)


def test_a_constant_outcome_that_is_not_zero_is_refused(fitted):
    with pytest.raises(ModelError, match=r"perfectly|same value"):
        fitted(y=np.full(300, 7.0))


def test_moments_without_the_slopes_rows_are_refused(fitted, table):
    con = duckdb.connect()
    con.register("pupils", pa.table(table))
    moments = gather(con, "pupils", ("school",), (ONE, X, Y))
    with pytest.raises(ModelError, match="lack rows"):
        fit(moments, Model(Y, (ONE, X), (Effect("school", ("school",), (ONE, X)),)))


def test_a_group_or_column_that_was_not_gathered_is_named(fitted, table):
    con = duckdb.connect()
    con.register("pupils", pa.table(table))
    moments = gather(con, "pupils", ("school",), (ONE, X, Y))
    with pytest.raises(UsageError, match="not grouped by 'class'"):
        fit(moments, Model(Y, (ONE,), (Effect("class", ("class",)),)))
    with pytest.raises(UsageError, match="no column 'z'"):
        fit(moments, Model(Y, (ONE, number("z")), (SCHOOL,)))


def test_an_effect_without_variance_becomes_exactly_zero(fitted, table):
    random = np.random.default_rng(3)
    found = fitted(y=random.normal(size=300), terms=(SCHOOL, Effect("organiser", ("organiser",))))
    assert min(v[0, 0] for v in found.varcomp.values()) == 0.0
    assert found.gradient < 1e-6


def test_effects_of_one_grouping_may_be_independent(fitted):
    apart = (SCHOOL, Effect("school.1", ("school",), (X,)))
    found = fitted(terms=apart)
    assert list(found.varcomp) == ["school", "school.1"]
    assert dict(found.ngroups) == {"school": 30}
    together = fitted(terms=(Effect("school", ("school",), (ONE, X)),))
    assert together.criterion <= found.criterion + 1e-9


def test_weights_are_those_of_lme4(fitted, table):
    """A row of weight 4 counts as the mean of four rows: twice the row's columns, and log 4 in the likelihood."""
    weight = np.where(table["girl"] == 1, 4.0, 1.0)
    found = fitted(weight="w", w=weight)
    root = np.sqrt(weight)
    columns = (number("r"), number("rx"))
    con = duckdb.connect()
    con.register("pupils", pa.table({**table, "y": root * table["y"], "r": root, "rx": root * table["x"]}))
    moments = gather(con, "pupils", ("school",), (*columns, Y), rows=(columns[0],))
    by_hand = fit(moments, Model(Y, columns, (Effect("school", ("school",), (columns[0],)),)))
    assert found.beta == pytest.approx(by_hand.beta, rel=1e-9)
    assert found.sigma2 == pytest.approx(by_hand.sigma2, rel=1e-8)
    assert found.criterion == pytest.approx(by_hand.criterion - np.log(weight).sum(), abs=1e-8)


def test_a_start_changes_the_way_but_not_the_end(fitted, table):
    found = fitted(terms=(SCHOOL, Effect("organiser", ("organiser",))))
    con = duckdb.connect()
    con.register("pupils", pa.table(table))
    moments = gather(con, "pupils", ("organiser", "school"), (ONE, X, Y))
    again = fit(moments, found.problem.model, start=found.theta)
    assert again.criterion == pytest.approx(found.criterion, abs=1e-10)
    assert again.evaluations <= found.evaluations


def test_strata_gathered_at_once_are_fitted_apart(table):
    con = duckdb.connect()
    con.register("pupils", pa.table(table))
    apart = gather_each(con, "pupils", ("girl",), ("school",), (ONE, X, Y))
    for (girl,), moments in apart.items():
        one = gather(con, f"(select * from pupils where girl = {girl})", ("school",), (ONE, X, Y))
        model = Model(Y, (ONE, X), (SCHOOL,))
        assert fit(moments, model).criterion == pytest.approx(fit(one, model).criterion, abs=1e-10)


def test_intervals_of_effects_hold_the_truth_as_often_as_they_say():
    random = np.random.default_rng(8)
    held = []
    for _ in range(20):
        truth = random.normal(size=40)
        school = np.repeat(np.arange(40), 12)
        y = truth[school] + 1.5 * random.normal(size=480)
        con = duckdb.connect()
        con.register("pupils", pa.table({"y": y, "school": school}))
        found = fit(gather(con, "pupils", ("school",), (Y,)), Model(Y, (ONE,), (SCHOOL,)))
        low, high = effects(found)[0].interval()
        centred = truth - found.beta[0]
        held.append(((low[:, 0] < centred) & (centred < high[:, 0])).mean())
    assert 0.93 < np.mean(held) < 0.97


def test_chances_below_a_line_are_those_of_the_normal_curve(fitted):
    (school,) = effects(fitted())
    chance = school.chance_below(-0.5)[:, 0]
    below = school.mode[:, 0] < -0.5
    assert ((chance > 0.5) == below).all()
    assert school.chance_below(school.mode[3, 0])[3, 0] == pytest.approx(0.5)


def test_shares_lie_within_their_intervals(fitted):
    found = fitted(terms=(SCHOOL, Effect("organiser", ("organiser",))))
    parts = shares(found)
    assert [p.name for p in parts] == ["school", "organiser"]
    assert all(p.low <= p.estimate <= p.high < 1 for p in parts)
    assert sum(p.estimate for p in parts) < 1


def test_a_share_alone_follows_the_profile_of_its_likelihood(fitted):
    found = fitted(reml=False)
    (share,) = shares(found)
    moments = found.problem
    ends = [np.sqrt(v / (1 - v)) for v in (share.low, share.high)]
    from_theta = [_deviance(moments, theta) for theta in ends]
    assert from_theta == pytest.approx([_deviance(moments, found.theta[0]) + 1.959963984540054**2] * 2, abs=1e-6)


def _deviance(problem, theta: float) -> float:
    return criterion_at(problem, np.array([theta])).value


def test_shares_with_slopes_are_refused(fitted):
    with pytest.raises(ModelError, match="depends on the slope"):
        shares(fitted(terms=(Effect("school", ("school",), (ONE, X)),)))


def test_intervals_widen_with_their_level(fitted):
    narrow, wide = (intervals(fitted(), level)[0] for level in (0.8, 0.99))
    assert wide.low < narrow.low < narrow.estimate < narrow.high < wide.high


def test_a_squared_column_may_have_a_large_offset(table):
    """Years about 2015 and their squares, as they stand: the shifted basis spans the same models."""
    con = duckdb.connect()
    year = 2010 + np.arange(300) % 11
    y = 0.01 * (year - 2015) ** 2 + table["y"]
    con.register("pupils", pa.table({**table, "y": y, "year": year}))
    found = []
    for shift in (2015.0, 2012.0):
        plain = number("year", shift)
        square = Column("I(year^2)", powers=((plain.powers[0][0], 2),))
        model = Model(Y, (ONE, plain, square), (SCHOOL,))
        found.append(fit(gather(con, "pupils", ("school",), (plain, square, Y)), model))
    assert found[0].criterion == pytest.approx(found[1].criterion, abs=1e-8)
    assert found[0].beta == pytest.approx(found[1].beta, rel=1e-6)


def test_columns_shifted_without_an_intercept_are_written_out_again(table):
    """The shifted columns do not span the model: it is fitted in the columns' own units, slope and outcome included."""
    con = duckdb.connect()
    con.register("pupils", pa.table(table))
    found = []
    for x, y in ((number("x"), Y), (number("x", 0.5), number("y", 2.0))):
        model = Model(y, (x,), (Effect("school", ("school",), (x,)),))
        found.append(fit(gather(con, "pupils", ("school",), (x, y), rows=(x,)), model))
    assert found[1].criterion == pytest.approx(found[0].criterion, abs=1e-8)
    assert found[1].beta == pytest.approx(found[0].beta, rel=1e-9)


def test_moments_that_cannot_span_the_model_are_refused(table):
    con = duckdb.connect()
    con.register("pupils", pa.table(table))
    plain = number("x", 0.5)
    square = Column("x2", powers=((plain.powers[0][0], 2),))
    moments = gather(con, "pupils", ("school",), (square, Y))
    with pytest.raises(ModelError, match="do not hold 'x2'"):
        fit(moments, Model(Y, (ONE, square), (SCHOOL,)))


def test_many_small_groups_are_folded_by_size(table):
    """600 groups of one to three rows in 30 schools: the same fit as with the groups one by one."""
    random = np.random.default_rng(6)
    pupil = np.repeat(np.arange(600), random.integers(1, 4, 600))
    school = pupil // 20
    y = random.normal(size=30)[school] + random.normal(size=600)[pupil] + random.normal(size=len(pupil))
    con = duckdb.connect()
    con.register("pupils", pa.table({"y": y, "x": random.normal(size=len(y)), "pupil": pupil, "school": school}))
    terms = (Effect("pupil", ("pupil",)), SCHOOL)
    model = Model(Y, (ONE, X), terms)
    folded = fit(gather(con, "pupils", ("pupil", "school"), (X, Y)), model)
    unfolded = fit(gather(con, "pupils", ("pupil", "school"), (X, Y), rows=(X,)), model)
    assert len(folded.problem.structure.sizes) == 3
    assert folded.criterion == pytest.approx(unfolded.criterion, abs=1e-8)
    assert folded.vcov == pytest.approx(unfolded.vcov, rel=1e-8)
    assert effects(folded)[0].mode == pytest.approx(effects(unfolded)[0].mode, rel=1e-7, abs=1e-10)
