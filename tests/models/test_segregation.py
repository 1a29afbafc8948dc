"""Segregation on tables that can be worked out by hand, and against slow, obvious second ways of counting."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from likvard.models import segregation_chance as chance
from likvard.models import segregation_doubt as doubt
from likvard.models.segregation import Counts, exposure, indices, local, mutual_information, pairwise, parts
from likvard.models.segregation_change import change, fitted
from likvard.terms import ModelError

tables = arrays(np.int64, st.tuples(st.integers(2, 6), st.integers(2, 4)), elements=st.integers(1, 30))


def counts(pupils: np.ndarray | list[list[int]], places: list[list[int]] | None = None) -> Counts:
    table = np.asarray(pupils, dtype=float)
    where = np.asarray(places, dtype=np.intp).reshape(len(table), -1) if places else np.zeros((len(table), 0), np.intp)
    levels = tuple(f"level {i}" for i in range(where.shape[1]))
    return Counts(
        table, np.array([f"u{i}" for i in range(len(table))]), np.array(list("abcd"[: table.shape[1]])), where, levels
    )


def test_schools_with_one_group_each_are_wholly_segregated() -> None:
    found = indices(counts([[10, 0], [0, 30]]))
    assert (found.h, found.d) == pytest.approx((1, 1))


def test_schools_that_are_like_the_whole_are_not_segregated() -> None:
    found = indices(counts([[10, 30], [20, 60]]))
    assert (found.m, found.h, found.d) == pytest.approx((0, 0, 0))


def test_two_groups_have_the_d_that_duncan_and_duncan_gave() -> None:
    table = counts([[10, 30], [30, 10], [20, 40]])
    assert indices(table).d == pytest.approx(pairwise(table, "a", "b"))
    assert pairwise(table, "a", "b") == pytest.approx(
        (abs(1 / 6 - 3 / 8) + abs(1 / 2 - 1 / 8) + abs(1 / 3 - 1 / 2)) / 2
    )


def test_isolation_is_the_groups_own_share_in_its_mean_pupils_school() -> None:
    found = exposure(counts([[10, 30], [30, 10]]))
    assert found[0, 0] == pytest.approx(0.25 * 0.25 + 0.75 * 0.75)
    assert found.sum(axis=1) == pytest.approx(1)


@given(tables)
def test_local_segregation_weighted_by_pupils_is_m(pupils: np.ndarray) -> None:
    table = counts(pupils)
    group, unit = local(table)
    m = indices(table).m
    assert np.average(group, weights=table.pupils.sum(axis=0)) == pytest.approx(m, abs=1e-12)
    assert np.average(unit, weights=table.pupils.sum(axis=1)) == pytest.approx(m, abs=1e-12)


@given(tables)
def test_parts_by_level_add_up_and_none_is_below_zero(pupils: np.ndarray) -> None:
    table = counts(pupils, [[i // 4, i // 2] for i in range(len(pupils))])
    found = parts(table)
    assert sum(part.m for part in found) == pytest.approx(indices(table).m, abs=1e-12)
    assert min(part.m for part in found) >= -1e-12


def test_what_lies_within_is_the_mean_of_the_places_own_m() -> None:
    table = counts([[10, 30], [30, 10], [5, 5], [1, 9]], [[0], [0], [1], [1]])
    own = [mutual_information(table.pupils[at]) for at in (slice(0, 2), slice(2, 4))]
    assert parts(table)[1].m == pytest.approx((80 * own[0] + 20 * own[1]) / 100)


def test_schools_of_the_same_name_in_two_districts_are_two() -> None:
    table = Counts.of(["North", "North"], ["a", "b"], [5, 5], [("district", ["x", "y"])])
    assert table.pupils.shape == (2, 2)
    assert indices(table).h == pytest.approx(1)


def test_equal_rows_are_added() -> None:
    table = Counts.of(["s", "s", "t"], ["a", "a", "b"], [2, 3, 4])
    assert table.pupils.tolist() == [[5, 0], [0, 4]]


@pytest.mark.parametrize("pupils", [[[1, -1], [1, 2]], [[1, np.nan], [1, 2]], [[1, 0], [2, 0]]])
def test_what_is_no_table_of_two_groups_is_refused(pupils: list[list[float]]) -> None:
    with pytest.raises(ModelError):
        counts(np.array(pupils))


def test_expected_by_chance_is_the_mean_over_all_ways_to_place_the_pupils() -> None:
    """Five pupils, two of the group, in schools of two and three: ten ways, all as likely."""
    m, d = [], []
    for chosen in combinations(range(5), 2):
        table = np.array([[sum(i < 2 for i in chosen), 2 - sum(i < 2 for i in chosen)], [0, 0]], dtype=float)
        table[1] = [2 - table[0, 0], 3 - table[0, 1]]
        one = counts(table)
        m.append(indices(one).m)
        d.append(indices(one).d)
    found = chance.expected(counts([[1, 1], [1, 2]]))
    assert (found.m, found.d) == pytest.approx((np.mean(m), np.mean(d)))


def test_expected_by_chance_is_what_placing_by_lot_gives() -> None:
    table = counts([[8, 12], [3, 27], [9, 1], [0, 15]] * 10)
    mean, sd = chance.expected_simulated(table, replicates=400, seed=5)
    found = chance.expected(table)
    for name in ("m", "h", "d"):
        assert getattr(mean, name) == pytest.approx(getattr(found, name), abs=4 * getattr(sd, name) / 20)
    assert chance.expected_closed(table) == pytest.approx(found.m, rel=0.1)


def test_pupils_placed_by_lot_have_no_segregation_when_chance_is_taken_out() -> None:
    random = np.random.default_rng(4)
    found = [chance.corrected(counts(random.multinomial(25, [0.3, 0.7], size=200))) for _ in range(40)]
    plain = chance.expected(counts(random.multinomial(25, [0.3, 0.7], size=200)))
    assert np.mean([one.h for one in found]) == pytest.approx(0, abs=0.002)
    assert plain.h > 0.03


def test_small_schools_are_measured_as_if_they_were_large_when_chance_is_taken_out() -> None:
    random = np.random.default_rng(9)
    share = random.beta(2, 4, size=400)
    true = indices(counts(np.stack([share, 1 - share], axis=1) * 1e6))
    drawn = [random.binomial(20, share) for _ in range(20)]
    found = [chance.corrected(counts(np.stack([x, 20 - x], axis=1))) for x in drawn]
    assert np.mean([one.h for one in found]) == pytest.approx(true.h, abs=0.005)
    assert np.mean([one.d for one in found]) == pytest.approx(true.d, abs=0.01)


def test_the_interval_covers_the_truth_about_19_times_in_20() -> None:
    random = np.random.default_rng(2)
    share = random.beta(3, 5, size=60)
    true = indices(counts(np.stack([share, 1 - share], axis=1) * 1e6)).h
    inside = 0
    for seed in range(150):
        x = random.binomial(60, share)
        table = counts(np.stack([x, 60 - x], axis=1))
        value = chance.corrected(table)
        draws = chance.bootstrap(table, replicates=100, seed=seed)
        low, high = draws.interval("h", value.h, doubt.of_counts(table, value).h)
        inside += low <= true <= high
    assert 0.88 <= inside / 150 <= 0.99


def test_the_interval_of_a_group_of_a_hundredth_holds_the_truth_and_a_school_without_it_has_its_doubt() -> None:
    """200 schools of 30-400 with 1 %: it held 82 % of 3 % when pupils were only drawn anew from what was seen."""
    random = np.random.default_rng(8)
    inside, wide, errors = 0, [], []
    for _ in range(120):
        size, share = random.integers(30, 401, 200), random.beta(0.2, 19.8, 200)
        true = indices(counts(np.stack([size * share, size * (1 - share)], axis=1))).h
        x = random.binomial(size, share)
        table = counts(np.stack([x, size - x], axis=1))
        found = chance.corrected(table)
        errors.append(found.h - true)
        wide.append(doubt.of_counts(table, found).h)
        inside += abs(errors[-1]) <= wide[-1]
    assert 0.90 <= inside / 120 <= 0.99
    assert abs(np.mean(errors)) < np.std(errors) / 2
    assert np.mean(wide) / 1.96 == pytest.approx(np.std(errors), rel=0.2)


def test_half_an_interval_is_shared_by_levels_as_their_values_are() -> None:
    """Where every organiser has one school, nothing lies between schools inside organisers, and nothing is in doubt."""
    pupils = np.random.default_rng(3).integers(5, 60, size=(12, 2))
    table = counts(pupils, [[i, i] for i in range(12)])
    found = doubt.of_counts(table, chance.corrected(table))
    assert found.parts == pytest.approx((found.m, 0, 0), abs=1e-12)
    assert found.chain[0] == pytest.approx(found.chain[2])


def likeliest(pupils: np.ndarray) -> float:
    """D of two groups, every distance that under which the one seen is the likeliest: by trying."""
    size, mix = pupils.sum(axis=1), pupils[:, 0].sum() / pupils.sum()
    smooth = (pupils[:, 0] + mix) / (size + 1)
    tried = np.linspace(0, 40, 400_001)
    kept = 0.0
    for x, n, sd in zip(pupils[:, 0], size, np.sqrt(size * smooth * (1 - smooth)), strict=True):
        away = abs(x - n * mix) / sd
        likely = np.exp(-((away - tried) ** 2) / 2) + np.exp(-((away + tried) ** 2) / 2)
        kept += 2 * sd * tried[likely.argmax()]
    return float(kept / (4 * pupils.sum() * mix * (1 - mix)))


def test_the_influence_of_a_pupil_on_d_is_what_leaving_one_out_changes() -> None:
    """Of the likeliest distances, whose width the interval of D takes."""
    pupils = np.array([[80, 120], [30, 270], [90, 10], [40, 40]], dtype=float)
    found = chance.distance_influence(pupils, np.zeros(4, dtype=np.intp))
    less, other = pupils.copy(), pupils.copy()
    less[1, 0] -= 1
    other[1, 1] -= 1
    apart = likeliest(other) - likeliest(less)
    assert found[1, 0] - found[1, 1] == pytest.approx(apart, rel=0.05)
    assert apart < 0


def test_the_same_seed_gives_the_same_replicates_and_their_parts_add_up() -> None:
    table = counts([[8, 12], [3, 27], [9, 1], [0, 15]], [[0], [1], [0], [1]])
    first, second = (chance.bootstrap(table, replicates=40, seed=3) for _ in range(2))
    assert first.m.tolist() == second.m.tolist()
    assert first.parts.sum(axis=1) == pytest.approx(first.m)
    assert first.error("m") > 0


def test_replicates_measure_what_the_slow_way_measures() -> None:
    table = counts([[80, 120], [3, 270], [90, 10]])
    draws = chance.bootstrap(table, replicates=16, seed=8)
    pupils = np.random.default_rng(8).poisson(table.pupils, size=(16, 3, 2)).astype(float)
    again = [indices(counts(one)) for one in pupils]
    assert draws.m == pytest.approx([one.m for one in again])
    assert draws.h == pytest.approx([one.h for one in again])
    assert draws.d == pytest.approx([one.d for one in again])


@pytest.mark.parametrize("ask", [chance.expected, chance.corrected])
def test_what_chance_gives_is_not_said_of_parts_of_pupils(ask: object) -> None:
    with pytest.raises(ModelError, match="whole"):
        ask(counts(np.array([[1.5, 2], [3, 4]])))


def test_two_pupils_alone_have_an_index_but_no_interval() -> None:
    """Most draws leave one group or none."""
    low, high = chance.bootstrap(counts([[1, 0], [0, 1]]), replicates=60, seed=2).interval("h", 1.0, 0.1)
    assert np.isnan([low, high]).all()


def test_counts_that_do_not_fit_their_names_are_refused() -> None:
    with pytest.raises(ModelError, match="fit"):
        Counts(np.ones((2, 2)), np.array(["u"]), np.array(["a", "b"]), np.zeros((2, 0), np.intp))


def test_a_group_that_is_not_there_has_no_d() -> None:
    with pytest.raises(ModelError, match="a, b"):
        pairwise(counts([[1, 2], [3, 4]]), "a", "x")


def test_one_replicate_gives_no_interval() -> None:
    with pytest.raises(ModelError):
        chance.bootstrap(counts([[1, 2], [3, 4]]), replicates=1)


@settings(deadline=None)
@given(tables, st.integers(0, 100))
def test_the_parts_of_a_change_add_up(pupils: np.ndarray, seed: int) -> None:
    after = np.random.default_rng(seed).integers(1, 30, size=pupils.shape)
    found = change(counts(pupils), counts(after))
    five = (found.additions, found.removals, found.group_marginal, found.unit_marginal, found.structural)
    assert sum(five) == pytest.approx(found.difference, abs=1e-9)
    assert (found.additions, found.removals) == pytest.approx((0, 0))


def test_twice_as_many_of_one_group_everywhere_changes_who_there_is_and_not_how_they_are_mixed() -> None:
    before = np.array([[10, 30], [30, 10], [5, 40]])
    found = change(counts(before), counts(before * [2, 1]))
    assert found.structural == pytest.approx(0, abs=1e-10)
    assert abs(found.group_marginal) > 0.001


def test_a_school_that_opens_is_an_addition() -> None:
    found = change(counts([[10, 30], [30, 10]]), counts([[10, 30], [30, 10], [50, 0]]))
    assert found.additions == pytest.approx(found.difference)
    assert found.structural == pytest.approx(0, abs=1e-12)


def test_fitting_keeps_the_odds_and_meets_the_sums() -> None:
    table = fitted(np.array([[0.1, 0.3], [0.4, 0.2]]), np.array([0.5, 0.5]), np.array([0.3, 0.7]))
    assert table.sum(axis=0) == pytest.approx([0.3, 0.7])
    assert table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0]) == pytest.approx(0.1 * 0.2 / (0.3 * 0.4))


def test_sums_that_no_table_has_are_refused() -> None:
    with pytest.raises(ModelError):
        fitted(np.array([[0.5, 0.0], [0.0, 0.5]]), np.array([0.2, 0.8]), np.array([0.5, 0.5]))


def test_years_without_the_same_groups_or_units_are_not_compared() -> None:
    one = counts([[1, 2], [3, 4]])
    with pytest.raises(ModelError, match="groups"):
        change(one, counts([[1, 2, 3], [3, 4, 5]]))
    other = Counts(one.pupils, np.array(["x", "y"]), one.groups, one.places)
    with pytest.raises(ModelError, match="units"):
        change(one, other)
