"""What links make together: gain, ways round and broken links, against arithmetic by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from likvard.models.circle import AHEAD, circle
from likvard.models.panel import PanelFit, Scores
from likvard.terms import ModelError

NAMES = ("a", "b", "c", "result")
LINKS = np.array(
    [
        [0.4, 0.0, 0.3, 0.0],
        [0.5, 0.3, 0.0, 0.0],
        [0.0, 0.4, 0.2, 0.0],
        [0.2, 0.1, 0.0, 0.1],
    ]
)


def _found(links=LINKS, se=0.02):
    size = len(links)
    free = np.ones((size, size), dtype=bool)
    free[:-1, -1] = False
    covariance = np.diag(np.where(free.ravel(), se**2, 0.0))
    nothing = np.zeros((size, size))
    seen = Scores(np.zeros((1, 1, size)), np.ones((1, 1, size)), np.array([1.0, 1.0, 1.0, 20.0]), ())
    placebo_se = np.where(np.eye(size, dtype=bool), np.nan, 0.05)
    return PanelFit(
        NAMES, links, covariance, nothing, placebo_se, nothing, nothing, nothing, seen.value, seen.value, seen, 0.0, 0.0, 1
    )  # fmt: skip


def _told(**how):
    return circle(_found(**how), outcomes=["result"])


def test_the_gain_is_the_spectral_radius_of_the_circle_alone():
    assert _told().gain.value == pytest.approx(np.abs(np.linalg.eigvals(LINKS[:3, :3])).max())
    assert _told().alone.value == 0.4


def test_the_gains_interval_is_that_of_drawn_links():
    rng = np.random.default_rng(1)
    drawn = LINKS[:3, :3] + 0.02 * rng.normal(size=(4000, 3, 3))
    radius = np.abs(np.linalg.eigvals(drawn)).max(axis=1)
    told = _told().gain
    assert (told.high - told.low) / (2 * 1.96) == pytest.approx(radius.std(), rel=0.05)


def test_the_only_way_round_of_links_clear_of_chance_is_found_with_its_product():
    (way,) = _told().cycles
    assert way.through == ("a", "b", "c")
    assert way.product.value == pytest.approx(0.5 * 0.4 * 0.3)
    assert way.product.low < way.product.value < way.product.high


def test_a_named_way_is_told_though_a_link_of_it_is_nothing():
    told = circle(_found(), outcomes=["result"], named=[("a", "c", "b")])
    assert [way.through for way in told.cycles] == [("a", "c", "b"), ("a", "b", "c")]
    assert told.cycles[0].product.value == 0


def test_a_way_round_that_works_against_itself_is_not_among_those_that_feed_themselves():
    against = LINKS.copy()
    against[0, 2] = -0.3
    assert circle(_found(links=against), outcomes=["result"]).cycles == ()


def test_what_a_broken_link_changes_is_the_difference_of_two_worlds_year_by_year():
    told = next(one for one in _told().broken if (one.source, one.target) == ("a", "b"))
    whole, broken = np.array([-1.0, -1.0, -1.0, 0.0]), np.array([-1.0, -1.0, -1.0, 0.0])
    without = LINKS.copy()
    without[1, 0] = 0
    assert len(told.years) == AHEAD
    for year in told.years:
        whole, broken = LINKS @ whole, without @ broken
        assert year.value == pytest.approx(20 * (broken[3] - whole[3]))
    assert told.years[0].value == 0
    assert told.years[1].low > 0


def test_a_broken_links_interval_is_that_of_drawn_links_run_year_by_year():
    told = next(one for one in _told().broken if (one.source, one.target) == ("a", "b"))
    rng = np.random.default_rng(8)
    whole = LINKS + 0.02 * rng.normal(size=(20_000, 4, 4)) * (np.arange(4) < 3)
    without = whole.copy()
    without[:, 1, 0] = 0
    one, other = (np.tile([-1.0, -1.0, -1.0, 0.0], (20_000, 1)) for _ in range(2))
    for year in told.years[:4]:
        one, other = (np.einsum("nij,nj->ni", links, state) for links, state in ((whole, one), (without, other)))
        apart = 20 * (other - one)[:, 3]
        assert year.value == pytest.approx(apart.mean(), abs=0.03)
        assert (year.high - year.low) / (2 * 1.96) == pytest.approx(apart.std(), rel=0.05, abs=1e-9)


def test_the_strongest_ways_round_are_those_of_a_search_through_every_order_of_every_choice():
    rng = np.random.default_rng(4)
    links = np.where(rng.random((4, 4)) < 0.8, rng.uniform(-0.5, 0.5, (4, 4)), 0.0)
    told = circle(_found(links=links, se=1e-4), outcomes=["result"]).cycles
    naive = {}
    for many in (2, 3):
        for way in permutations(range(3), many):
            product = np.prod([links[way[(k + 1) % many], way[k]] for k in range(many)])
            alive = all(abs(links[way[(k + 1) % many], way[k]]) > 1e-3 for k in range(many))
            if product > 0 and alive:
                naive[frozenset(zip(way, (*way[1:], way[0]), strict=True))] = product
    assert [one.product.value for one in told] == pytest.approx(sorted(naive.values(), reverse=True))
    assert len(told) > 0


def test_links_from_an_outcome_are_neither_told_nor_followed():
    assert {one.source for one in _told().links} == {"a", "b", "c"}
    assert len(_told().links) == 9


def test_only_links_that_survive_one_budget_over_all_are_called_clear():
    told = _told(se=0.1)
    clear = {(one.source, one.target) for one in told.links if one.survives}
    assert ("a", "b") in clear
    assert ("b", "result") not in clear
    assert told.budget.tests == 9


def test_the_links_turned_round_in_time_have_a_budget_of_their_own():
    found = _found()
    odd = np.zeros((4, 4))
    odd[1, 0] = 0.4
    told = circle(replace(found, placebo=odd), outcomes=["result"])
    assert (told.placebo_alarms, told.placebo_tests) == (1, 9)
    assert (_told().placebo_alarms, _told().placebo_tests) == (0, 9)


def test_a_name_that_is_no_variable_is_refused_with_what_there_is():
    with pytest.raises(ModelError, match="Choose among a, b, c, result"):
        circle(_found(), outcomes=["grades"])
