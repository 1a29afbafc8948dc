"""D with chance taken out and its interval, against planted truth and against slower ways."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from likvard.models import segregation_chance as chance
from likvard.models.segregation import Counts, indices
from likvard.models.segregation_distance import Distances, _distance, distances, widened


def counts(pupils: np.ndarray) -> Counts:
    table = np.asarray(pupils, dtype=float)
    u, g = table.shape
    return Counts(table, np.arange(u).astype(str), np.arange(g).astype(str), np.zeros((u, 0), dtype=np.intp))


def of(pupils: np.ndarray) -> Distances:
    return distances(np.asarray(pupils, dtype=float), np.zeros(len(pupils), dtype=np.intp))


def drawn(random: np.random.Generator, share: np.ndarray) -> tuple[np.ndarray, float]:
    """Pupils of schools with 30-400 pupils, and the true D."""
    size = random.integers(30, 401, len(share))
    members = random.binomial(size, share)
    true = indices(counts(np.stack([size * share, size * (1 - share)], axis=1))).d
    return np.stack([members, size - members], axis=1).astype(float), true


@pytest.mark.parametrize("group", [0.03, 0.3])
def test_schools_that_are_alike_are_hardly_ever_told_apart_and_the_estimate_is_near_none(group: float) -> None:
    """The density correction alone left 0.03-0.08 and its interval never held nought in 500 schools."""
    random = np.random.default_rng(5)
    found = [of(drawn(random, np.full(60, group))[0]) for _ in range(80)]
    lowest = np.array([one.low[0] for one in found])
    assert (lowest == 0).mean() >= 0.93
    assert np.mean([one.corrected[0] for one in found]) < {0.03: 0.04, 0.3: 0.015}[group]
    assert np.mean([one.high[0] for one in found]) < {0.03: 0.15, 0.3: 0.06}[group]


@pytest.mark.parametrize("mixed", [100, 10])
def test_the_interval_holds_weak_and_middling_segregation(mixed: float) -> None:
    random = np.random.default_rng(6)
    inside, errors = 0, []
    for _ in range(100):
        pupils, true = drawn(random, random.beta(mixed * 0.1, mixed * 0.9, 60))
        everywhere = np.zeros(60, dtype=np.intp)
        found = distances(pupils, everywhere)
        half = chance_half(pupils)
        ends = widened(found, half)
        inside += ends.low[0] <= true <= ends.high[0]
        errors.append(found.corrected[0] - true)
    assert inside >= 92
    assert abs(np.mean(errors)) < 0.006


def chance_half(pupils: np.ndarray) -> np.ndarray:
    influence = chance.distance_influence(pupils, np.zeros(len(pupils), dtype=np.intp))
    mean = (pupils * influence).sum(axis=1, keepdims=True) / pupils.sum(axis=1, keepdims=True)
    return np.array([1.96 * np.sqrt((pupils * (influence - mean) ** 2).sum())])


def test_nothing_is_known_to_lie_beyond_chance_where_chance_gives_what_is_seen() -> None:
    table = counts(np.random.default_rng(1).multinomial(40, [0.2, 0.8], size=30))
    found = of(table.pupils)
    assert indices(table).d == pytest.approx(chance.expected(table).d, rel=0.15)
    assert (found.low[0], found.corrected[0] < 0.06) == (0, True)
    assert found.low[0] <= found.corrected[0] <= found.high[0]


def test_no_school_with_two_groups_is_one_and_all_the_same_is_nought() -> None:
    assert of(np.array([[50, 0], [60, 0], [0, 90]])).corrected[0] == pytest.approx(1)
    assert of(np.array([[50, 50], [60, 60], [90, 90]])).corrected[0] == 0


def test_places_are_measured_each_by_itself_and_one_without_two_groups_is_not() -> None:
    random = np.random.default_rng(2)
    first, second = random.multinomial(80, [0.3, 0.7], size=8), random.multinomial(50, [0.6, 0.4], size=5)
    none = np.array([[0, 30], [0, 40]])
    place = np.repeat([0, 1, 2], [8, 5, 2])
    found = distances(np.concatenate([first, second, none]).astype(float), place)
    for name in ("corrected", "low", "high"):
        each = getattr(found, name)
        assert each[:2] == pytest.approx([getattr(of(first), name)[0], getattr(of(second), name)[0]], abs=1e-12)
        assert np.isnan(each[2])


def test_the_mean_size_of_a_binomial_difference_is_exact() -> None:
    size, share, other = np.array([7.0, 40, 40, 300]), np.array([0.3, 0.02, 0.0, 0.5]), np.array([0.2, 0.05, 0.1, 0.45])
    for n, q, p, mean, signed, square in zip(size, share, other, *_distance(size, share, other), strict=True):
        x = np.arange(n + 1)
        y, likely = x - n * p, binom.pmf(x, n, q)
        assert (mean, signed, square) == pytest.approx(
            (likely @ abs(y), likely @ (y * abs(y)), likely @ y**2), abs=1e-8
        )


def test_three_groups_have_no_wider_an_interval_than_if_their_distances_went_together() -> None:
    pupils = (
        np.random.default_rng(3).multinomial(100, [0.2, 0.3, 0.5], size=20).astype(float) + [[0, 6, 0], [6, 0, 0]] * 10
    )
    everywhere = np.zeros(20, dtype=np.intp)
    alone = distances(pupils, everywhere)
    told = distances(pupils, everywhere, np.array([chance.bootstrap(counts(pupils), replicates=200).error("d")]))
    assert told.corrected == pytest.approx(alone.corrected)
    assert alone.low[0] <= told.low[0] < told.high[0] < alone.high[0]


def test_an_interval_of_which_nothing_is_known_stays_unknown() -> None:
    found = widened(of(np.array([[50, 20], [20, 50]])), np.array([np.nan]))
    assert np.isnan([found.low[0], found.high[0]]).all()
