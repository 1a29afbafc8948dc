"""Co-occurrence: a textbook value, what chance gives, and what is left when some have more of everything."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import contingency

from likvard.models.cooccurrence import common_odds, pairs, severity
from likvard.models.graded import NODES
from likvard.terms import ModelError

BERKELEY = np.array(
    [
        [[512, 313], [89, 19]], [[353, 207], [17, 8]], [[120, 205], [202, 391]],
        [[138, 279], [131, 244]], [[53, 138], [94, 299]], [[22, 351], [24, 317]],
    ]
)  # fmt: skip
"""Admissions by sex in six departments (R's UCBAdmissions): common odds ratio 0.9046968, MH chi-square 1.4269 (corrected), p 0.2323;
interval 0.7719074 to 1.0603298."""


def test_the_common_odds_ratio_of_the_berkeley_admissions_is_that_of_r():
    found = common_odds(BERKELEY)
    assert found.value == pytest.approx(0.9046968, abs=1e-7)
    assert (found.low, found.high) == (pytest.approx(0.7719074, abs=1e-7), pytest.approx(1.0603298, abs=1e-7))
    assert found.p == pytest.approx(0.2323, abs=5e-5)


def test_one_table_gives_the_plain_odds_ratio():
    table = np.array([[12, 5], [3, 20]])
    assert common_odds(table[None]).value == pytest.approx(contingency.odds_ratio(table, kind="sample").statistic)


def test_an_empty_corner_has_an_interval_and_a_margin_without_spread_has_nothing():
    found = common_odds([[[6, 0], [4, 10]]])
    assert 1 < found.low < found.value < found.high
    assert np.isnan(common_odds([[[6, 4], [0, 0]]]).value)
    assert np.isnan(common_odds(np.zeros((0, 2, 2))).p)


def planted(seed: int, together: bool, severity: float = 0.0, n: int = 300) -> np.ndarray:
    """Findings of five kinds; the first two go together where that is planted; some have more of everything."""
    random = np.random.default_rng(seed)
    base = -0.8 + severity * random.normal(size=(n, 1))
    there = random.random((n, 5)) < 1 / (1 + np.exp(-base))
    if together:
        there[:, 1] = np.where(random.random(n) < 0.6, there[:, 0], there[:, 1])
    return there


def test_a_planted_pair_is_found_and_is_the_only_one():
    found = pairs(planted(1, together=True))
    assert [(one.first, one.second) for one in found if one.survives] == [(0, 1)]
    assert len(found) == 10


def test_what_comes_of_some_having_more_of_everything_is_not_taken_for_a_pair():
    found = pairs(planted(2, together=False, severity=1.5, n=600))
    assert sum(one.survives for one in found) == 10
    assert sum(one.beyond_survives for one in found) == 0


def test_a_pair_that_belongs_together_is_found_beyond_severity():
    found = pairs(planted(4, together=True, severity=1.0))
    assert [(one.first, one.second) for one in found if one.beyond_survives] == [(0, 1)]


def test_severity_is_the_spread_that_was_planted():
    there = planted(5, together=False, severity=1.5, n=4000)
    chance = severity(there, np.ones_like(there))
    middle, above = chance[:, len(NODES) // 2], chance[:, np.searchsorted(NODES, 0.9)]
    assert middle == pytest.approx(np.full(5, 1 / (1 + np.exp(0.8))), abs=0.03)
    assert above == pytest.approx(np.full(5, 1 / (1 + np.exp(0.8 - 1.5 * 0.9))), abs=0.03)


def test_with_few_kinds_or_matters_severity_cannot_be_told_from_a_pair():
    assert np.isnan(pairs(planted(6, together=True)[:, :3])[0].beyond.p)
    assert np.isnan(pairs(planted(6, together=True, n=40))[0].beyond.p)


def test_false_alarms_are_as_few_as_the_budget_says():
    worlds = [any(one.survives for one in pairs(planted(seed, together=False, n=120))) for seed in range(15)]
    assert sum(worlds) <= 2


def test_chance_is_counted_within_strata():
    there = np.array([[True, True]] * 20 + [[False, False]] * 20)
    apart = pairs(there, stratum=["a"] * 20 + ["b"] * 20)
    assert pairs(there)[0].expected == 10.0
    assert apart[0].expected == 20.0
    assert np.isnan(apart[0].odds.value)


def test_rare_kinds_and_what_was_not_asked_are_left_out():
    there = planted(3, together=False)
    there[:, 4] = False
    assert {one.second for one in pairs(there)} == {1, 2, 3}
    asked = np.ones_like(there)
    asked[:, 0] = False
    assert {one.first for one in pairs(there, asked=asked)} == {1, 2}
    with pytest.raises(ModelError, match="differ in length"):
        pairs(there, stratum=["a"])
