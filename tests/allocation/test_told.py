"""What is told of a sharing: against last year and need, how old it is, how sure it is, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from likvard.allocation import compare, memo, saying, sensitivity, staleness
from likvard.allocation.errors import AllocationError
from likvard.allocation.page import html
from likvard.allocation.reasons import reason
from likvard.allocation.round import Input, Round, Rule, Unit
from likvard.allocation.share import allocate
from likvard.allocation.years import Held, held_until, says
from likvard.terms import Language, Words

Make = Callable[..., Rule]
Three = tuple[Unit, ...]

ON = date(2025, 11, 14)
SINCE_2021, CHECKED = Words("Inkomst", "Income"), Words("Prövning mot resultat", "Check against results")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_slope_is_crowns_a_pupil_for_an_index_point(three: Three, rule: Make) -> None:
    found = compare.compare(allocate(three, rule()))
    assert (found.proposed.slope, found.proposed.rank) == (pytest.approx(70), pytest.approx(1))
    # Last year 66, 65 and 80 thousand at 50, 100 and 150, with 100, 200 and 80 pupils.
    # Sums of products about the weighted means: 58 421 (thousand crowns) to 447 368.
    assert found.now.slope == pytest.approx(130.59, abs=0.01)
    assert found.now.rank == pytest.approx(0.5)


def test_what_changes_school_leaves_out_what_the_frame_grows_by(three: Three, rule: Make) -> None:
    doubled = allocate(three, rule(frame=52_000_000, share=0.0))
    assert compare.compare(doubled).moved == 2 * 6_600_000 - 13_000_000
    assert compare.compare(doubled).frame_last == 26_000_000


def test_more_less_and_same_are_counted(three: Three, rule: Make) -> None:
    found = compare.compare(allocate(three, rule(frame=26_000_000, share=0.0)))
    assert (found.more, found.less, found.same) == (1, 1, 1)


def test_two_schools_have_no_slope(three: Three, rule: Make) -> None:
    found = compare.compare(allocate(three[:2], rule()))
    assert (found.proposed.slope, found.proposed.rank, found.proposed.units) == (None, None, 2)


def test_ties_share_their_mean_rank() -> None:
    assert compare._ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [3.5, 1, 3.5, 2]


def test_need_that_a_cap_holds_down_to_the_mean_comes_up_by_itself(three: Three, rule: Make) -> None:
    # Cedern had 64 000 a pupil; two per cent more is 65 280, and the frame's mean is 66 250.
    held = (*three[:2], replace(three[2], last=5_120_000, last_pupils=80.0))
    rows = allocate(held, rule(cap=0.02, frame=26_500_000)).rows
    assert compare.unseen_need(allocate(held, rule()).rows) == ()
    (found,) = compare.unseen_need(rows)
    assert found.unit.name == "Friskolan Cedern"
    assert found.per_pupil < found.mean
    assert "den högsta ändringen per år" in found.why.sv


def test_a_structural_grant_does_not_hide_that_need_gives_nothing(three: Three, rule: Make) -> None:
    # 28 million less 2 set apart is 65 000 a pupil on average. With nothing by need the third gets that and 20 000 set apart.
    small = (*three[:2], replace(three[2], set_apart=2_000_000))
    outcome = allocate(small, rule(share=0.0))
    assert outcome.rows[2].per_pupil == 85_000
    (found,) = compare.unseen_need(outcome.rows)
    assert (found.unit.code, found.per_pupil, found.mean) == ("99000003", 65_000, 65_000)


def test_need_that_only_the_other_index_sees_comes_up_too(three: Three, rule: Make) -> None:
    stated = tuple(replace(u, stated=s) for u, s in zip(three, (150, 100, 50), strict=True))
    (found,) = compare.unseen_need(allocate(stated, rule(source="stated")).rows)
    assert (found.unit.name, found.why.en) == ("Friskolan Cedern", "the rule uses another index")


def test_need_that_got_nothing_extra_last_year_comes_up(three: Three, rule: Make) -> None:
    before = (*three[:2], replace(three[2], last=4_800_000))
    (found,) = compare.unseen_need(allocate(before, rule()).rows, last=True)
    assert (found.unit.code, found.per_pupil) == ("99000003", 60_000)


def test_nothing_by_need_is_named_as_the_reason(three: Three, rule: Make) -> None:
    (found,) = compare.unseen_need(allocate(three, rule(share=0.0)).rows)
    assert found.why.sv == "inget fördelas efter behov"


def test_a_floor_for_others_that_takes_what_need_gives_is_named_as_the_reason(three: Three, rule: Make) -> None:
    # 500 crowns a pupil below the mean is the floor: the first takes 3 000 a pupil more than its own, and the second pays.
    units = (three[0], replace(three[1], need=102, need_low=None, need_high=None), three[2])
    (found,) = compare.unseen_need(allocate(units, rule(floor=69_500)).rows)
    assert (found.unit.name, found.why.en) == ("Bokskolan", "limits of other schools take more than need gives")


def test_everything_moves_when_there_was_nothing_the_year_before(three: Three, rule: Make) -> None:
    nothing = tuple(replace(u, last=0) for u in three)
    assert compare.compare(allocate(nothing, rule())).moved == 28_000_000


def test_an_index_whose_interval_holds_the_mean_is_no_plain_need(three: Three, rule: Make) -> None:
    unsure = (*three[:2], replace(three[2], need_low=90, need_high=210))
    assert compare.unseen_need(allocate(unsure, rule(share=0.0)).rows) == ()


def test_schools_that_the_index_hardly_sees_are_named(three: Three, rule: Make) -> None:
    blind = (replace(three[0], unseen=0.25), replace(three[1], need=None, need_low=None, need_high=None), three[2])
    first, second = compare.little_known(allocate(blind, rule()).rows)
    assert plain(first.why.sv) == "25 % av eleverna syns inte i indexet"
    assert second.why.en == "has no index and counts as the mean"


@pytest.mark.parametrize(
    ("of", "months", "state"),
    [
        (2021, 47, "too_old"),
        (2023, 23, "old"),
        (date(2025, 10, 15), 1, "fresh"),
        (date(2025, 12, 1), 0, "fresh"),
        (None, None, "never"),
    ],
)
def test_months_are_counted_as_they_begin(of: date | int | None, months: int | None, state: str) -> None:
    found = staleness.age(Input(SINCE_2021, of), ON)
    assert (found.months, found.state) == (months, state)


def test_old_inputs_and_what_was_never_done_are_warned_of() -> None:
    old, never = Input(SINCE_2021, 2021), Input(CHECKED, None)
    told = staleness.warning(staleness.ages((old, never), ON))
    assert told is not None
    assert told.sv.startswith("För gammalt eller aldrig gjort: Inkomst och Prövning mot resultat. Det äldsta är 47")
    only = staleness.warning(staleness.ages((never,), ON))
    assert only is not None
    assert only.en == "Has never been done: Check against results."
    assert staleness.warning(staleness.ages((Input(SINCE_2021, 2025),), ON)) is None


@pytest.mark.parametrize(
    ("slope", "said"),
    [
        (0.98, "Modellen stämmer fortfarande"),
        (0.7, "större skillnader i behov än resultaten"),
        (1.4, "mindre skillnader i behov än resultaten"),
    ],
)
def test_drift_is_said_with_its_interval(slope: float, said: str) -> None:
    found = staleness.Calibration(slope, slope - 0.1, slope + 0.1)
    assert said in found.says.sv
    assert found.fits is (slope == 0.98)


def test_a_refresh_sums_to_zero_and_splits_into_pupils_and_need(three: Three, rule: Make) -> None:
    now = (replace(three[0], pupils=120), three[1], replace(three[2], need=180, need_high=190))
    found = staleness.refresh(three, now, rule())
    assert sum(row.change for row in found.rows) == 0
    assert all(row.by_pupils + row.by_need == row.change for row in found.rows)
    assert found.rows[0].by_pupils > 0 > found.rows[0].by_need
    assert plain(found.says.sv).endswith("av 28,0 miljoner kronor.")


def test_schools_that_came_and_went_are_in_a_refresh(three: Three, rule: Make) -> None:
    found = staleness.refresh(three[:2], three[1:], rule(base=63_000))
    assert [row.code for row in found.rows] == ["99000001", "99000002", "99000003"]
    assert (found.rows[0].now, found.rows[2].then) == (0, 0)
    assert sum(row.change for row in found.rows) == 0


def test_the_shift_of_pupils_is_the_share_that_would_have_to_move(three: Three, rule: Make) -> None:
    now = (replace(three[0], pupils=200), *three[1:])
    found = staleness.shift(three, now, rule())
    assert found.moved == pytest.approx(0.15)
    assert (found.in_new, found.pupils_now) == (0, 500)
    assert found.index == pytest.approx(0, abs=12)
    assert staleness.shift(three, three, rule()).index == 0


def test_a_shift_needs_schools_at_both_times(three: Three, rule: Make) -> None:
    with pytest.raises(AllocationError, match="no units to compare"):
        staleness.shift((), three, rule())


def test_a_shift_without_any_index_in_common_has_no_change_of_index(three: Three, rule: Make) -> None:
    assert staleness.shift(three[:1], three[1:], rule()).index is None


def test_turning_the_share_moves_what_the_slope_says(three: Three, rule: Make) -> None:
    proposed = allocate(three, rule())
    found = sensitivity.sensitivity(proposed, sensitivity.usual(three, rule()))
    assert [plain(m.name.sv) for m in found.variants] == ["5 % efter behov", "15 % efter behov"]
    assert [m.moved for m in found.variants] == [175_000, 175_000]
    assert (found.ranges[0].low, found.ranges[0].high) == (6_475_000, 6_825_000)


def test_the_other_index_and_no_limits_are_tried(three: Three, rule: Make) -> None:
    stated = tuple(replace(u, stated=100.0) for u in three)
    given = rule(cap=0.2)
    names = [v.name.en for v in sensitivity.usual(stated, given)]
    assert names[-2:] == ["the statistics office's index", "no limits"]


def test_an_impossible_variant_says_why(three: Three, rule: Make) -> None:
    tight = sensitivity.Variant(Words("trångt", "tight"), three, rule(floor=90_000))
    (found,) = sensitivity.sensitivity(allocate(three, rule()), [tight]).variants
    assert found.instead is not None
    assert "Det fattas" in found.instead.sv


def test_another_year_s_index_may_lack_schools(three: Three) -> None:
    other = sensitivity.with_need(three, {"99000001": 80.0})
    assert [u.need for u in other] == [80.0, None, None]


def test_another_model_s_index_moves_crowns_as_by_hand(three: Three, rule: Make) -> None:
    proposed = allocate(three, rule())
    (other,) = sensitivity.of_other_model(three, rule(), {"99000001": 80.0, "99000003": 120.0})
    assert [u.need for u in other.units] == [
        80.0,
        100.0,
        120.0,
    ]  # the one that the other model does not know keeps its own
    (moved,) = sensitivity.sensitivity(proposed, [other]).variants
    # 70 crowns a pupil for a point, 100 pupils in each: 30 points more for the first, 30 fewer for the third.
    assert (moved.moved, moved.share) == (210_000, 210_000 / 28_000_000)


def test_where_no_other_model_is_known_none_is_tried(three: Three, rule: Make) -> None:
    assert sensitivity.of_other_model(three, rule(), {}) == ()
    assert sensitivity.of_other_model(three, rule(), {"88000001": 90.0}) == ()


def test_another_model_is_a_model_also_where_the_rule_takes_the_stated_index(three: Three, rule: Make) -> None:
    stated = tuple(replace(u, stated=100.0) for u in three)
    (other,) = sensitivity.of_other_model(stated, rule(source="stated"), {"99000001": 80.0})
    assert other.rule.source == "model"


def test_doubt_of_the_index_is_a_range_of_crowns_that_holds_the_proposal(three: Three, rule: Make) -> None:
    ranges = sensitivity.by_doubt(three, rule())
    assert all(r.low < r.crowns < r.high for r in ranges)
    stated = tuple(replace(u, stated=100.0) for u in three)
    assert all(r.low == r.crowns == r.high for r in sensitivity.by_doubt(stated, rule(source="stated")))


def test_a_reason_tells_money_change_need_and_pupils(three: Three, rule: Make) -> None:
    given = rule(of_year=2024)
    before = allocate((*three[:2], replace(three[2], need=120, need_low=None, need_high=None)), given).rows[2]
    words = reason(allocate(three, given).rows[2], given, before)
    assert plain(words.sv) == (
        "Ni får 7 350 000 kronor för 100 elever, 73 500 kronor per elev. Det är 950 tusen kronor mer än året före. "
        "6,3 miljoner kronor följer eleverna lika och 1,1 miljoner kronor ges efter behov. "
        "Ert behovsindex är 150 (uppgifter från 2024); snittet är 100. Det har ökat från 130 sedan förra omgången. "
        "Ni har 20 fler elever än året före."
    )
    assert "You get 7,350,000 crowns for 100 pupils" in plain(words.en)


@pytest.mark.parametrize(
    ("at", "other", "said"),
    [
        (0, {"floor": 68_000}, "Ingen skola får mindre än 68 000 kronor per elev. Ni får 150 tusen kronor mer än utan"),
        (2, {"ceiling": 72_000}, "Ingen skola får mer än 72 000 kronor per elev. Ni får 150 tusen kronor mindre"),
        (2, {"cap": 0.05, "frame": 27_500_000}, "Pengarna per elev får minska högst 5 % på ett år."),
        (1, {"floor": 68_000}, "Gränser för andra skolor påverkar er. Ni får 100 tusen kronor mindre än utan gränser."),
        (1, {"cap": 0.3}, "Ni har lika många elever som året före."),
    ],
)
def test_a_reason_tells_what_the_limits_do(
    three: Three, rule: Make, at: int, other: dict[str, object], said: str
) -> None:
    given = rule(**other)
    assert said in plain(reason(allocate(three, given).rows[at], given).sv)


def test_a_reason_says_what_is_not_known(three: Three, rule: Make) -> None:
    new = Unit(code="99000009", name="Ny", pupils=50, set_apart=500_000)
    words = reason(allocate((*three, new), rule()).rows[3], rule())
    assert "Det finns inget belopp för året före" in words.sv
    assert "har inget eget behovsindex" in words.sv
    assert "500 tusen kronor är avsatta för er skola." in plain(words.sv)


def test_a_reason_says_when_nothing_has_changed(three: Three, rule: Make) -> None:
    same = (replace(three[0], last=6_650_000), *three[1:])
    row = allocate(same, rule()).rows[0]
    words = reason(row, rule(), row).sv
    assert "Det är lika mycket som året före." in words
    assert "Det är oförändrat sedan förra omgången." in words


def test_a_school_that_the_cap_holds_is_told_when_it_is_free(three: Three, rule: Make) -> None:
    # Cedern had 80 000 a pupil and is to have 72 188: 5 per cent less a year is 76 000, 72 200 and then enough.
    assert held_until(three, rule(cap=0.05, frame=27_500_000), 2026) == (Held("99000003", "Friskolan Cedern", 2028),)
    assert held_until(three, rule(cap=0.3), 2026) == ()


def test_a_cap_so_tight_that_nobody_lives_to_see_the_end_is_told_as_such(three: Three, rule: Make) -> None:
    steady = tuple(replace(u, last_pupils=u.pupils, last=round(65_000 * u.pupils)) for u in three)
    found = held_until(steady, rule(cap=0.001, frame=26_000_000), 2026)
    assert [held.free_in for held in found] == [None, None]
    told = says(found)
    assert told is not None
    assert "Alla når inte rätt nivå inom 20 år." in told.sv


def test_how_long_the_cap_holds_is_said_in_the_memo(three: Three, rule: Make) -> None:
    given = rule(cap=0.05, frame=27_500_000)
    made = Round(name=Words("A", "A"), calendar_year=2026, organiser="2120000001", rule=given, units=three)
    sv = texts(memo.content(made, allocate(three, given), ON), Language.SV)
    assert "Den högsta ändringen per år håller Friskolan Cedern. År 2028 har alla nått rätt nivå" in sv


@pytest.fixture
def round_of_three(three: Three, rule: Make) -> Round:
    inputs = (Input(SINCE_2021, 2021), Input(CHECKED, None))
    given = rule(base=63_000, floor=60_000, ceiling=90_000, cap=0.2, source="model", of_year=2024)
    return Round(
        name=Words("Skola 2026", "School 2026"),
        calendar_year=2026,
        organiser="2120000001",
        rule=given,
        units=three,
        inputs=inputs,
    )


def texts(blocks: tuple[memo.Block, ...], language: Language) -> str:
    return plain("\n".join(b.text[language] for b in blocks if not isinstance(b, memo.Table)))


def test_a_decided_round_is_no_proposal_and_names_the_year_its_money_is_compared_with(round_of_three: Round) -> None:
    older = replace(round_of_three, last_year=2023)
    outcome = allocate(older.units, older.rule)
    said = texts(memo.content(older, outcome, ON, decided=True), Language.SV)
    assert "enligt beslutet" in said
    assert "förslaget" not in said
    assert "Beloppen att jämföra med är från 2023. Belopp för 2025 finns inte än." in said
    assert "Ni har 20 fler elever än 2023." in said
    with pytest.raises(AllocationError, match="is of 2026"):
        replace(round_of_three, last_year=2026)


def test_the_memo_tells_rule_age_need_and_every_school_by_name(round_of_three: Round) -> None:
    outcome = allocate(round_of_three.units, round_of_three.rule)
    tried = sensitivity.sensitivity(outcome, sensitivity.usual(round_of_three.units, round_of_three.rule))
    blocks = memo.content(round_of_three, outcome, ON, sensitivity=tried)
    sv = texts(blocks, Language.SV)
    assert "28 000 000 kronor fördelas till 3 skolor. 1 skola är fristående och räknas på samma grunder." in sv
    assert "Grundbeloppet är 63 000 kronor per elev" in sv
    assert "Det äldsta är 47 månader gammalt. Gränsen är 24." in sv
    assert "Tio steg högre behov motsvarar +700 kronor per elev med förslaget" in sv
    assert "kronor år 2025" in sv
    assert sv.index("Almskolan") < sv.index("Bokskolan") < sv.index("Friskolan Cedern")


def test_the_table_of_schools_sums_to_the_frame_and_leaves_out_empty_columns(three: Three, rule: Make) -> None:
    table = memo.schools(allocate(three, rule()))
    heads = [column.heading.en for column in table.columns]
    assert "Set apart" not in heads
    assert table.total[heads.index("Crowns")] == 28_000_000
    new = memo.schools(allocate((*three[:2], replace(three[2], last=None, last_pupils=None)), rule()))
    assert new.total[[c.heading.en for c in new.columns].index("Change")] is None


def test_the_memo_says_what_is_unseen_and_little_known(three: Three, rule: Make) -> None:
    blind = (replace(three[0], unseen=0.4), *three[1:])
    given = rule(share=0.0, source="model")
    made = Round(name=Words("A", "A"), calendar_year=2026, organiser="2120000001", rule=given, units=blind)
    en = texts(memo.content(made, allocate(blind, given), ON), Language.EN)
    assert "Have need above the mean but get nothing extra: Friskolan Cedern." in en
    assert "Need is unknown or known only in part: Almskolan." in en
    assert "How fresh are the inputs?" not in en


def test_the_stated_source_and_too_few_schools_are_said(three: Three, rule: Make) -> None:
    two = tuple(replace(u, stated=100.0) for u in three[:2])
    given = rule(source="stated")
    made = Round(name=Words("A", "A"), calendar_year=2026, organiser="2120000001", rule=given, units=two)
    sv = texts(memo.content(made, allocate(two, given), ON), Language.SV)
    assert "Behovet är statistikmyndighetens index." in sv
    assert "för få skolor med känt behov" in sv


def test_a_page_escapes_names_and_carries_its_own_policy(three: Three, rule: Make) -> None:
    sharp = (replace(three[0], name="<b>Alm</b>"), *three[1:])
    made = Round(name=Words("A", "A"), calendar_year=2026, organiser="2120000001", rule=rule(), units=sharp)
    blocks = memo.content(made, allocate(sharp, rule()), ON)
    page = html(made.name, Words("om", "about"), blocks, Language.SV, synthetic=True, twin="other.html")
    assert "&lt;b&gt;Alm&lt;/b&gt;" in page
    assert "<b>Alm" not in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert 'href="other.html" lang="en"' in page
    assert "Påhittade uppgifter" in page


@pytest.mark.parametrize(
    ("amount", "sv", "en"),
    [
        (1, "1 krona", "1 crown"),
        (-4_200, "−4 200 kronor", "−4,200 crowns"),
        (974_600, "975 tusen kronor", "975 thousand crowns"),
        (999_600, "1,0 miljoner kronor", "1.0 million crowns"),
        (67_360_000, "67,4 miljoner kronor", "67.4 million crowns"),
        (7_360_000_000, "7,4 miljarder kronor", "7.4 billion crowns"),
    ],
)
def test_amounts_in_running_text_are_easy_to_hold(amount: int, sv: str, en: str) -> None:
    assert plain(saying.about(amount, Language.SV)) == sv
    assert plain(saying.about(amount, Language.EN)) == en


def test_many_names_are_cut_after_the_fourth() -> None:
    assert saying.names(["A", "B", "C", "D", "E", "F"], Language.SV) == "A, B, C, D och 2 till"
    assert saying.names(["A", "B"], Language.EN) == "A and B"
