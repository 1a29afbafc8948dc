"""What must hold of any sharing, whoever the units are and whatever the rule: found out on thousands of invented frames."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from benchmarks.allocation import more_need, naive
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from likvard.allocation.errors import AllocationError
from likvard.allocation.limits import bounds, least_cap, possible
from likvard.allocation.pegging import rounded
from likvard.allocation.round import Rule, Unit
from likvard.allocation.share import Outcome, allocate
from likvard.terms import OrganiserKind

some = settings(max_examples=60, deadline=None, derandomize=True)

needs = st.one_of(st.none(), st.integers(0, 300_000).map(lambda i: i / 1000))
heads = st.integers(1, 900_000).map(lambda i: i / 1000)


@st.composite
def units(draw: st.DrawFn) -> tuple[Unit, ...]:
    """One to nine schools, large and tiny, known and unknown, old and new, municipal and independent."""
    made = []
    for i in range(draw(st.integers(1, 9))):
        last_pupils = draw(st.one_of(st.none(), heads))
        per_pupil = draw(st.integers(45_000, 75_000))
        made.append(
            Unit(
                code=f"{99000000 + i}",
                name=f"Skola {i}",
                pupils=draw(heads),
                need=draw(needs),
                organiser_kind=draw(st.sampled_from(OrganiserKind)),
                last=None if last_pupils is None else round(per_pupil * last_pupils),
                last_pupils=last_pupils,
                set_apart=draw(st.sampled_from([0, 0, 0, 12_345])),
            )
        )
    return tuple(made)


@st.composite
def rounds(draw: st.DrawFn) -> tuple[tuple[Unit, ...], Rule]:
    """Units with a rule that can be kept: limits that do not contradict, and a frame between what they take and allow."""
    made = draw(units())
    rule = Rule(
        frame=1,
        share=draw(st.integers(0, 400)) / 1000,
        floor=draw(st.one_of(st.none(), st.integers(0, 40_000))),
        ceiling=draw(st.one_of(st.none(), st.integers(80_000, 150_000))),
        cap=draw(st.one_of(st.none(), st.integers(0, 300).map(lambda i: i / 1000))),
    )
    most_asked = round(100_000 * sum(u.pupils for u in made)) + 1
    found = [bounds(unit, rule, most_asked) for unit in made]
    assume(all(b.low <= b.high for b in found))
    low, high = sum(b.low for b in found), min(most_asked, sum(b.high for b in found))
    least = max(low, sum(u.set_apart for u in made), 1)
    assume(least <= high)
    rule = replace(rule, frame=draw(st.integers(least, high)))
    if not any(u.need for u in made):
        rule = replace(rule, share=0.0)
    return made, rule


def crowns(outcome: Outcome) -> dict[str, int]:
    return {row.unit.code: row.crowns for row in outcome.rows}


@some
@given(rounds())
def test_no_crown_is_lost(drawn: tuple[tuple[Unit, ...], Rule]) -> None:
    made, rule = drawn
    outcome = allocate(made, rule)
    assert sum(row.crowns for row in outcome.rows) == rule.frame == outcome.frame
    assert sum(row.full for row in outcome.rows) == rule.frame
    assert [row.unit for row in outcome.rows] == list(made)


@some
@given(rounds())
def test_a_row_is_the_sum_of_its_parts_and_only_limits_take(drawn: tuple[tuple[Unit, ...], Rule]) -> None:
    for row in allocate(*drawn).rows:
        assert row.crowns == row.base + row.by_need + row.set_apart + row.by_limits
        assert min(row.crowns, row.base, row.by_need) >= 0


@some
@given(rounds())
def test_floor_ceiling_and_cap_hold_to_the_nearest_crown(drawn: tuple[tuple[Unit, ...], Rule]) -> None:
    made, rule = drawn
    for row in allocate(made, rule).rows:
        slack = 0.5 + 1e-9 * row.crowns
        if rule.floor is not None:
            assert row.crowns >= rule.floor * row.unit.pupils - slack
        if rule.ceiling is not None:
            assert row.crowns <= rule.ceiling * row.unit.pupils + slack
        if rule.cap is not None and row.unit.last_per_pupil is not None:
            assert (
                abs(row.change_per_pupil or 0) * row.unit.pupils
                <= rule.cap * row.unit.last_per_pupil * row.unit.pupils + slack
            )


@some
@given(rounds(), st.data())
def test_more_need_never_gives_less_money(drawn: tuple[tuple[Unit, ...], Rule], data: st.DataObject) -> None:
    made, rule = drawn
    i = data.draw(st.integers(0, len(made) - 1))
    assume(made[i].need is not None and any(u.need for u in made))
    more = replace(made[i], need=(made[i].need or 0) + data.draw(st.integers(1, 200_000)) / 1000)
    after = allocate((*made[:i], more, *made[i + 1 :]), rule)
    assert after.rows[i].crowns >= allocate(made, rule).rows[i].crowns


@some
@given(rounds())
def test_between_schools_with_the_same_limits_more_need_never_gives_less_a_pupil(
    drawn: tuple[tuple[Unit, ...], Rule],
) -> None:
    made, rule = drawn
    alike = tuple(replace(u, last=None, last_pupils=None, set_apart=0) for u in made)
    assume(possible(alike, rule, rule.frame or 0))
    rows = sorted((r for r in allocate(alike, rule).rows if r.need is not None), key=lambda r: r.need or 0)
    for less, more in pairwise(rows):
        assert (more.crowns + 1) / more.unit.pupils >= (less.crowns - 1) / less.unit.pupils


@some
@given(rounds())
def test_a_crown_more_to_share_moves_no_school_by_more_than_two(drawn: tuple[tuple[Unit, ...], Rule]) -> None:
    made, rule = drawn
    more = replace(rule, frame=(rule.frame or 0) + 1)
    assume(possible(made, more, more.frame or 0))
    before, after = crowns(allocate(made, rule)), crowns(allocate(made, more))
    assert all(abs(after[code] - before[code]) <= 2 for code in before)


@some
@given(rounds(), st.data())
def test_a_small_step_of_need_moves_nobody_by_more_than_it_moves_the_school_s_wish(
    drawn: tuple[tuple[Unit, ...], Rule], data: st.DataObject
) -> None:
    made, rule = drawn
    i = data.draw(st.integers(0, len(made) - 1))
    assume(made[i].need is not None and any(u.need for u in made))
    more = replace(made[i], need=(made[i].need or 0) + 0.001)
    before, after = allocate(made, rule), allocate((*made[:i], more, *made[i + 1 :]), rule)
    wish = after.rows[i].full - before.rows[i].full
    assert all(abs(a.crowns - b.crowns) <= wish + 3 for a, b in zip(after.rows, before.rows, strict=True))


@some
@given(rounds(), st.randoms(use_true_random=False))
def test_neither_the_order_nor_who_runs_a_school_matters(drawn: tuple[tuple[Unit, ...], Rule], random: object) -> None:
    made, rule = drawn
    other = [replace(u, organiser_kind=OrganiserKind.INDEPENDENT) for u in made]
    random.shuffle(other)  # type: ignore[attr-defined]
    assert crowns(allocate(made, rule)) == crowns(allocate(other, rule))


@some
@given(rounds())
def test_a_slow_and_obvious_implementation_finds_the_same_crowns(drawn: tuple[tuple[Unit, ...], Rule]) -> None:
    assert crowns(allocate(*drawn)) == naive(*drawn)


@some
@given(units(), st.integers(0, 100_000), st.integers(0, 300).map(lambda i: i / 1000), st.integers(1, 10**9))
def test_a_wish_is_refused_when_and_only_when_it_is_impossible(
    made: tuple[Unit, ...], least: int, cap: float, frame: int
) -> None:
    rule = Rule(frame=frame + sum(u.set_apart for u in made), share=0.0, floor=least, cap=cap)
    if possible(made, rule, rule.frame or 0):
        assert sum(crowns(allocate(made, rule)).values()) == rule.frame
    else:
        with pytest.raises(AllocationError) as refused:
            allocate(made, rule)
        assert refused.value.said.sv != refused.value.said.en
        assert refused.value.instead.sv


@settings(some, max_examples=20)
@given(units(), st.integers(1, 10**8))
def test_the_smallest_cap_that_works_works_and_none_below_it_does(made: tuple[Unit, ...], frame: int) -> None:
    rule = Rule(frame=frame, share=0.0, cap=0.0)
    cap = least_cap(made, rule, frame)
    assume(cap is not None and cap > 0)
    assert possible(made, replace(rule, cap=cap), frame)
    assert not possible(made, replace(rule, cap=(cap or 0) - 0.001), frame)


@some
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=20), st.integers(0, 10**6))
def test_rounding_gives_everybody_the_whole_number_below_or_above(parts: list[int], total: int) -> None:
    assume(sum(parts))
    given_out = rounded([p * total for p in parts], sum(parts), total, [f"{i:02}" for i in range(len(parts))])
    assert sum(given_out) == total
    assert all(0 <= x - p * total // sum(parts) <= 1 for x, p in zip(given_out, parts, strict=True))


def test_in_tiny_rounds_where_every_crown_counts_more_need_never_gives_less() -> None:
    found = more_need(300)
    assert found.less == 0
    assert min(found.limited, found.more) > 50
