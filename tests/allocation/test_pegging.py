"""Whole numbers within bounds, on examples small enough to do by hand."""

from __future__ import annotations

from likvard.allocation.pegging import Wish, rounded, settle


def wish(numerator: int, low: int = 0, high: int = 100, weight: int = 1, code: str = "a") -> Wish:
    return Wish(numerator, weight, low, high, code)


def test_a_unit_below_its_fewest_is_not_held_if_what_the_others_give_up_lifts_it() -> None:
    # At first the wishes sum to 20 and the second lacks 1; but the first gives up 6, 3 for each of the others.
    found = settle([wish(10, high=4), wish(1, low=2), wish(9)], 1, 20)
    assert (found.given, found.held, found.shift) == ((4, 4, 12), (1, 0, 0), 3)


def test_a_unit_above_its_most_is_not_held_if_what_the_others_need_brings_it_down() -> None:
    found = settle([wish(2, low=8), wish(11, high=10), wish(7)], 1, 20)
    assert (found.given, found.held, found.shift) == ((8, 8, 4), (-1, 0, 0), -3)


def test_equal_excess_and_lack_settle_at_once() -> None:
    found = settle([wish(10, high=6), wish(0, low=4), wish(10)], 1, 20)
    assert (found.given, found.held, found.shift) == ((6, 4, 10), (1, -1, 0), 0)


def test_what_is_left_is_spread_by_weight() -> None:
    found = settle([wish(10, high=4), wish(5, weight=1), wish(5, weight=2)], 1, 20)
    assert found.given == (4, 7, 9)


def test_everybody_may_be_held() -> None:
    found = settle([wish(10, high=5), wish(10, low=15)], 1, 20)
    assert (found.given, found.held, found.shift) == ((5, 15), (1, -1), 0)


def test_ties_go_to_the_lower_code_and_to_no_one_else() -> None:
    assert rounded([1, 1, 1], 3, 1, ["c", "a", "b"]) == [0, 1, 0]
