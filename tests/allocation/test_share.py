"""The arithmetic on numbers that can be worked out by hand, what is said about it, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from likvard.allocation.errors import AllocationError
from likvard.allocation.round import Rule, Unit
from likvard.allocation.share import allocate

Make = Callable[..., Rule]
Three = tuple[Unit, ...]


def crowns(units: Three, rule: Rule) -> list[int]:
    return [row.crowns for row in allocate(units, rule).rows]


def test_a_tenth_goes_by_need_and_the_rest_alike(three: Three, rule: Make) -> None:
    # 63 000 a pupil alike; an index of 100 is worth 7 000 a pupil, so 50 is 3 500 and 150 is 10 500.
    assert crowns(three, rule()) == [6_650_000, 14_000_000, 7_350_000]


def test_a_base_amount_makes_the_frame(three: Three, rule: Make) -> None:
    outcome = allocate(three, rule(base=63_000))
    assert outcome.frame == 28_000_000
    assert [row.base for row in outcome.rows] == [6_300_000, 12_600_000, 6_300_000]


def test_the_index_may_be_on_any_scale(three: Three, rule: Make) -> None:
    doubled = tuple(replace(u, need=2 * (u.need or 0), need_low=None, need_high=None) for u in three)
    assert crowns(doubled, rule()) == crowns(three, rule())
    assert [row.need for row in allocate(doubled, rule()).rows] == [50, 100, 150]


def test_a_point_of_index_is_worth_what_the_outcome_says(three: Three, rule: Make) -> None:
    outcome = allocate(three, rule())
    assert outcome.per_point == pytest.approx(70)
    assert outcome.rows[2].per_pupil - outcome.rows[0].per_pupil == pytest.approx(100 * outcome.per_point)


def test_a_school_without_an_index_counts_as_the_mean_and_that_is_said(three: Three, rule: Make) -> None:
    unknown = (*three[:1], replace(three[1], need=None, need_low=None, need_high=None), *three[2:])
    outcome = allocate(unknown, rule())
    assert outcome.rows[1].per_pupil == 70_000
    assert "Bokskolan har inget behovsindex" in outcome.messages[0].sv


def test_what_is_set_apart_comes_first_and_is_no_compensation(three: Three, rule: Make) -> None:
    small = (replace(three[0], set_apart=1_000_000), *three[1:])
    rows = allocate(small, rule(frame=29_000_000)).rows
    assert [row.crowns for row in rows] == [7_650_000, 14_000_000, 7_350_000]
    assert (rows[0].base, rows[0].by_need, rows[0].set_apart) == (6_300_000, 350_000, 1_000_000)


def test_a_cap_holds_back_and_the_others_share_what_is_left_alike(three: Three, rule: Make) -> None:
    # Cedern had 80 000 a pupil: at most 5 per cent less is 76 000. 250 000 are taken from 300 pupils: 833.33 each.
    outcome = allocate(three, rule(cap=0.05, frame=27_500_000))
    assert outcome.rows[2].crowns == 7_600_000
    assert (outcome.rows[2].limit, outcome.bound) == ("cap_down", 1)
    gaps = [(row.crowns - row.full) / row.unit.pupils for row in outcome.rows[:2]]
    assert gaps == pytest.approx([outcome.shift] * 2, abs=0.01)
    assert "håller 1\u00a0skola" in outcome.messages[0].sv


def test_floor_and_ceiling_are_named_where_they_hold(three: Three, rule: Make) -> None:
    rows = allocate(three, rule(floor=68_000, ceiling=72_000)).rows
    assert [row.limit for row in rows] == ["floor", "", "ceiling"]
    assert [row.crowns for row in rows] == [6_800_000, 14_000_000, 7_200_000]


def test_a_new_school_has_no_cap_and_that_is_said(three: Three, rule: Make) -> None:
    new = (*three[:2], replace(three[2], last=None, last_pupils=None))
    outcome = allocate(new, rule(cap=0.1, frame=29_000_000))
    assert (outcome.rows[2].change, outcome.rows[2].change_per_pupil) == (None, None)
    assert "Friskolan Cedern saknar kronor" in outcome.messages[-1].sv


def test_the_last_crowns_go_to_the_largest_remainders_and_ties_to_the_lower_code(rule: Make) -> None:
    alike = tuple(Unit(code=f"9900000{i}", name=f"S{i}", pupils=1, need=100) for i in (3, 1, 2))
    assert crowns(alike, rule(frame=11)) == [3, 4, 4]


def test_the_stated_index_is_used_when_the_rule_says_so(three: Three, rule: Make) -> None:
    stated = tuple(replace(u, stated=s) for u, s in zip(three, (150, 100, 50), strict=True))
    assert crowns(stated, rule(source="stated")) == [7_350_000, 14_000_000, 6_650_000]


@pytest.mark.parametrize(
    ("other", "said", "instead"),
    [
        (
            {"floor": 80_000},
            "Det fattas 4 000 000 kronor",
            "Sänk golvet till högst 70 000 kronor per elev eller höj ramen till minst 32 000 000 kronor.",
        ),
        (
            {"ceiling": 60_000},
            "4 000 000 kronor går inte att dela ut",
            "Höj taket till minst 70 000 kronor per elev eller sänk ramen till högst 24 000 000 kronor.",
        ),
        (
            {"cap": 0.01, "frame": 30_000_000},
            "går inte att dela ut",
            "Höj den högsta ändringen per år till minst 8,7 %",
        ),
        ({"cap": 0.01, "base": 50_000}, "Det fattas", "höj grundbeloppet till minst 61 479 kronor."),
        (
            {"floor": 69_000, "cap": 0.01, "frame": 27_700_000},
            "går inte ihop",
            "ändringen per år till minst 12,5 % eller sänk golvet till högst 65 650 kronor per elev.",
        ),
    ],
)
def test_an_impossible_wish_says_by_how_much_and_what_to_do(
    three: Three, rule: Make, other: dict[str, object], said: str, instead: str
) -> None:
    with pytest.raises(AllocationError) as refused:
        allocate(three, rule(**other))
    assert said in refused.value.said.sv.replace("\u00a0", " ")
    assert instead in refused.value.instead.sv.replace("\u00a0", " ")
    assert refused.value.exit_code == 9


def test_the_amounts_that_are_advised_work_and_the_next_do_not(three: Three, rule: Make) -> None:
    held = {"cap": 0.01, "frame": 27_700_000}
    assert sum(row.crowns for row in allocate(three, rule(floor=65_650, **held)).rows) == 27_700_000
    for floor in (65_651, 69_000):
        with pytest.raises(AllocationError):
            allocate(three, rule(floor=floor, **held))
    assert sum(row.crowns for row in allocate(three, rule(ceiling=70_000)).rows) == 28_000_000
    with pytest.raises(AllocationError):
        allocate(three, rule(ceiling=69_999))


def test_money_set_apart_beyond_the_frame_is_refused(three: Three, rule: Make) -> None:
    with pytest.raises(AllocationError, match="are set apart but the frame"):
        allocate((replace(three[0], set_apart=29_000_000), *three[1:]), rule())


def test_nothing_can_go_by_need_when_no_need_is_known(three: Three, rule: Make) -> None:
    unknown = tuple(replace(u, need=None, need_low=None, need_high=None) for u in three)
    with pytest.raises(AllocationError, match="no unit has a need index"):
        allocate(unknown, rule())
    assert crowns(unknown, rule(share=0.0)) == [7_000_000, 14_000_000, 7_000_000]


def test_no_school_and_the_same_school_twice_are_refused(three: Three, rule: Make) -> None:
    with pytest.raises(AllocationError, match="no units"):
        allocate((), rule())
    with pytest.raises(AllocationError, match="comes twice: 99000001"):
        allocate((three[0], *three), rule())
