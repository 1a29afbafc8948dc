"""An attacker with every file of a study, the public numbers of pupils, and a good library of linear algebra."""

from __future__ import annotations

import base64
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.linalg import eig

from likvard.flow.federation import masks
from likvard.flow.federation.check import LEAST, RefusedShareError, exposed, leverage
from likvard.flow.federation.envelope import Kind, unseal
from likvard.flow.federation.once import pools
from likvard.flow.federation.rounds import next_round, read_round
from likvard.flow.federation.rows import Crowd, read_rows
from likvard.flow.federation.study import Way
from likvard.models import federated
from likvard.moments.moments import marginalise
from likvard.records.lake import Lake

KEY = bytes(32)
THETA = np.array([0.3])


@pytest.fixture(scope="module")
def one_level(study):
    return replace(study, levels=("unit",))


@pytest.fixture(scope="module")
def rows_of(lake, one_level):
    def read(organiser):
        with Lake.open(lake).connect() as con:
            return read_rows(con, one_level, organiser, KEY)

    return read


@pytest.fixture(scope="module")
def everyone(rows_of, company):
    """The moments of every organiser."""
    return [rows_of(card.organiser).moments for card in company]


def units_of(moments, count):
    """The moments of an organiser that has only its first units."""
    keep = slice(count)
    few = replace(
        moments, keys=tuple(k[keep] for k in moments.keys), n=moments.n[keep], products=moments.products[keep]
    )
    return marginalise(few, few.groups)


def solve_for_schools(swept):
    """Every school's sums from one answer: both derivatives are sums of s s', weighted otherwise (Harshman 1970).

    The ratio of the weights even tells how many pupils each school has.
    """
    psi = THETA[0] ** 2
    first = swept.Q1[0] / (2 * THETA[0])
    second = (swept.Q2[0, 0] - 2 * first) / (4 * psi)
    values, vectors = eig(second, first)
    ratio = -np.real(values)  # 2 n / (1 + psi n)
    n = ratio / (2 - psi * ratio)
    sums = first @ np.real(vectors)
    return np.column_stack([n, (sums * (n / sums[0])).T])


def nearest(found, truth):
    """By how much the best guess misses each school's sums, in pupils or points."""
    good = found[np.isfinite(found).all(axis=1)]
    return np.array([np.abs(good[:, 1:] - s).max(axis=1).min(initial=np.inf) for s in truth])


def test_a_clear_answer_of_few_schools_gives_every_schools_sums_away(everyone, one_level):
    mine = units_of(everyone[0], 4)
    swept = federated.read_answer(federated.answer(mine, one_level.model, THETA), one_level.shape)
    assert nearest(solve_for_schools(swept), mine.s).max() < 0.1  # the sums are whole numbers: this is all of them


def test_such_an_answer_is_refused_in_the_clear(nation, one_level, company):
    content = nation().open(replace(one_level, way=Way.CLEAR))
    with pytest.raises(RefusedShareError, match="fewer than 5 pupils"):
        nation().answer(content, company[0].organiser)


def test_the_same_attack_on_a_block_finds_no_school(everyone, one_level):
    swept = federated.read_answer(sum(federated.answer(m, one_level.model, THETA) for m in everyone), one_level.shape)
    misses = nearest(solve_for_schools(swept), np.concatenate([m.s for m in everyone]))
    assert misses.min() > 1  # never right, and as a rule as far off as a wild guess
    assert np.median(misses) > 500


def directions_left(groups, thetas):
    """How many directions the groups' sums of an outcome can move in without any number that is told moving.

    Told are the outcome's total and, at each theta, the value and both derivatives of two entries of the swept matrix:
    sums over groups of w s and w s^2, with weights w that follow from theta and the known numbers of pupils n.
    """
    random = np.random.default_rng(3)
    n, sums = random.integers(10, 120, groups).astype(float), random.normal(0, 40, groups)
    moved = [np.ones(groups)]
    for theta in thetas:
        r = 1 / (1 + theta**2 * n)
        moved += [part for w in (theta**2 * r, r**2, 2 * n * r**3) for part in (w * n, 2 * w * sums)]
    J = np.array([row / np.abs(row).max() for row in moved])
    return groups - int(np.linalg.matrix_rank(J)), len(J)


def test_what_all_rounds_tell_leaves_the_sums_of_enough_groups_free(one_level):
    thetas = np.linspace(0.1, 0.8, one_level.most_rounds)
    assert directions_left(6, thetas)[0] == 0
    left, told = directions_left(60, thetas)
    assert left >= 60 - told > 0
    assert one_level.least_groups() > told


def numbers_in(answer):
    return base64.b64decode(unseal(answer, Kind.ANSWER, "a").body["numbers"])


def test_a_masked_answer_alone_is_random_digits(nation, one_level, company):
    here = nation()
    content = numbers_in(here.answer(here.open(one_level), company[0].organiser))
    assert max(np.bincount(np.frombuffer(content, np.uint8), minlength=256)) < 10
    assert abs(np.unpackbits(np.frombuffer(content, np.uint8)).mean() - 0.5) < 0.1


def test_all_answers_but_one_are_still_random_digits(nation, one_level):
    here = nation()
    opening = here.open(one_level)
    parts = [masks.from_bytes(numbers_in(a)) for _, a in here.answers(opening)]
    whole = masks.from_whole(masks.add(parts))
    assert whole[0] == pytest.approx(3950, abs=400)
    assert np.abs(masks.from_whole(masks.add(parts[1:]))).min() > 1e9 > whole.max()


def test_the_same_sums_in_two_rounds_share_no_mask(nation, one_level, company):
    here = nation()
    organiser, first = company[0].organiser, here.open(one_level)
    here.answer(first, organiser)
    asked = read_round(first, "r")
    rounds = [
        next_round(replace(asked, number=i), THETA, here.keyring["node"], answer_by=asked.answer_by, left_out=())
        for i in (0, 1)
    ]
    a, b = (masks.from_bytes(numbers_in(here.answer(r, organiser))) for r in rounds)
    assert min(abs((x - y) % masks.MODULUS) for x, y in zip(a, b, strict=True)) > 2**64


def crowd(*groups, flags=None):
    """A crowd of patterns: (group, columns, pupils)."""
    nodes = np.array([g for g, _, _ in groups])
    x = np.array([c for _, c, _ in groups], dtype=float)
    marks = np.ones(x.shape[1], dtype=bool) if flags is None else np.array(flags)
    names = tuple(f"c{i}" for i in range(x.shape[1]))
    labels = tuple(f"u{i}" for i in range(nodes.max() + 1))
    return Crowd(nodes, labels, x, marks, names, np.array([float(n) for _, _, n in groups]), len(labels))


FINE = [(g, (a,), 12) for g in (0, 1) for a in (0, 1)]


def test_sums_of_many_in_every_cell_may_be_told():
    assert exposed(crowd(*FINE)) == ()


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        ([*FINE, (2, (0,), 9)], "fewer than 10 pupils"),
        ([(0, (0,), 40), (0, (1,), 1)], "fewer than 5"),
        ([(0, (1,), 40), (0, (0,), 2)], "fewer than 5"),
        ([(0, (1, 1), 30), (0, (1, 0), 1), (0, (0, 0), 30)], "together"),
    ],
    ids=["a small group", "a lone mark", "two without a mark", "two columns that differ by one pupil"],
)
def test_what_tells_of_few_may_not_be_told(groups, why):
    assert any(why in reason.en for reason in exposed(crowd(*groups)))


def test_a_combination_of_background_that_few_have_may_not_be_told_by_a_logistic_study():
    three = [(0, marks, 20) for marks in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 1, 1), (0, 0, 1), (0, 1, 0))]
    one = crowd(*three, (0, (1, 0, 0), 4))
    assert exposed(one) == ()
    assert "1 combinations of background" in exposed(replace(one, patterns_told=True))[0].en


def test_a_year_with_few_pupils_is_named_as_a_school_year():
    one = replace(crowd((0, (0,), 40), (0, (1,), 3)), names=("year2023",))
    assert any("the school year 2023/24" in reason.en and "läsåret 2023/24" in reason.sv for reason in exposed(one))


def test_a_units_share_tells_how_many_and_is_looked_at_too():
    one = replace(crowd((0, (25,), 80), (1, (500,), 80), flags=[False]), names=("share_foreign",))
    assert any("fewer than 5 pupils, for instance u0" in reason.en for reason in exposed(one))
    assert exposed(replace(one, x=np.array([[250.0], [500.0]]))) == ()


def test_a_pupil_whom_only_three_columns_together_single_out_is_found():
    """Three exclusive marks, and one pupil with none of them: each pair of marks looks innocent."""
    marks = [(0, (1, 0, 0), 20), (0, (0, 1, 0), 20), (0, (0, 0, 1), 20)]
    lone = crowd(*marks, (0, (0, 0, 0), 1))
    assert leverage(lone).max() == pytest.approx(1)
    assert [reason for reason in exposed(lone) if "100 per cent" in reason.en]
    assert exposed(crowd(*marks, (0, (0, 0, 0), 12))) == ()


patterns = st.tuples(st.integers(0, 1), st.tuples(st.integers(0, 1), st.integers(0, 1)), st.integers(1, 60))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.lists(patterns, min_size=1, max_size=14, unique_by=lambda p: p[:2]))
def test_no_combination_of_told_sums_is_about_fewer_than_five(groups):
    """A second attacker: the combination of sums that puts most on one pupil, by least squares over the pupils one by one."""
    one = crowd(*groups)
    assume(not exposed(one))
    each = np.repeat(np.arange(len(one.n)), one.n.astype(int))
    told = np.column_stack([one.nodes[each][:, None] == np.arange(len(one.labels)), one.x[each]]).astype(float)
    for pupil in np.unique(each, return_index=True)[1]:
        wish = np.zeros(len(each))
        wish[pupil] = 1.0
        best = told @ np.linalg.lstsq(told, wish, rcond=None)[0]
        assert best[pupil] ** 2 <= (1 / LEAST + 1e-9) * (best @ best)


@settings(max_examples=60, deadline=None)
@given(st.lists(patterns, min_size=4, max_size=14, unique_by=lambda p: p[:2]))
def test_pools_of_the_one_shot_form_tell_of_nobody_or_are_refused(groups):
    one = crowd(*groups)
    everybody = replace(one, nodes=one.nodes * 0, labels=("all",))
    if exposed(everybody):
        with pytest.raises(RefusedShareError):
            pools(one)
        return
    found = pools(one)
    assert exposed(replace(one, nodes=found.pool[one.nodes], labels=tuple(map(str, range(found.size))))) == ()
