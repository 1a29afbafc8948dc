"""The rubric: which version when, who is asked what, and how a class follows from levels."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.rulebook import rule, rules
from likvard.rulebook.kinds.rubric import Rubric
from likvard.terms import RuleError

NOW: Rubric = rule("rubric", date(2026, 11, 22)).value
LEVELS = st.lists(st.integers(0, 2), min_size=4, max_size=6)


def test_a_round_of_2021_is_marked_by_the_questions_of_2014_and_one_of_2023_by_those_of_2022():
    assert rule("rubric", date(2021, 10, 1)).value.version == "2014"
    assert rule("rubric", date(2023, 10, 1)).value.version == NOW.version == "2022"
    with pytest.raises(RuleError):
        rule("rubric", date(2009, 1, 1))


def test_the_six_criteria_stand_in_the_order_of_the_work():
    assert list(NOW.criteria) == ["overview", "analysis", "measures", "allocation", "support", "follow_up"]


def test_every_version_says_that_it_is_no_authoritys_list():
    assert all("not the Schools Inspectorate's criteria" in wording.value.standing.en for wording in rules("rubric"))


def test_an_organiser_with_one_school_is_not_asked_how_it_shares_money_among_schools():
    asked = NOW.criteria["allocation"]
    assert asked.asked_of(["independent", "single_unit"]) == ()
    assert "single unit" in asked.excepts(["single_unit"]).en
    assert NOW.applies("allocation", ["municipal"])


def test_some_questions_are_for_one_kind_of_organiser():
    asked = NOW.criteria["allocation"]
    only = set(asked.asked_of(["municipal"])) - set(asked.asked_of(["independent"]))
    assert [words.en for words in only] == ["Do independent schools get grants on the same grounds?"]


@pytest.mark.parametrize(
    ("levels", "cls"),
    [
        ([2, 2, 2, 2, 2, 2], "high"),
        ([2, 2, 2, 2, 1, 1], "high"),
        ([2, 2, 2, 1, 1, 1], "several"),
        ([2, 2, 2, 2, 2, 0], "several"),
        ([0, 0, 0, 2, 2, 2], "low"),
        ([0, 0, 1, 1, 2], "several"),
        ([2, 2, 2, 1, 1], "high"),
        ([1, 1, 1], None),
    ],
)
def test_the_class_that_levels_lead_to(levels, cls):
    assert NOW.of_levels(levels) == cls


@given(LEVELS, st.data())
def test_a_higher_level_never_leads_to_a_weaker_class(levels, data):
    k = data.draw(st.integers(0, len(levels) - 1))
    better = [min(level + 1, 2) if i == k else level for i, level in enumerate(levels)]
    order = {key: place for place, key in enumerate(NOW.order)}
    assert order[NOW.of_levels(better)] <= order[NOW.of_levels(levels)]


@given(st.permutations([0, 0, 1, 1, 2, 2]))
def test_the_order_of_criteria_is_nothing_to_the_class(levels):
    assert NOW.of_levels(levels) == NOW.of_levels(sorted(levels))


def test_a_rubric_that_contradicts_itself_is_refused():
    asked = NOW.criteria["support"]
    with pytest.raises(ValueError, match="one anchor for each level"):
        replace(NOW, criteria={"support": replace(asked, anchors=asked.anchors[:2])})
    with pytest.raises(ValueError, match="kind of organiser is not in the list"):
        replace(NOW, kinds={})
    with pytest.raises(ValueError, match="tried once"):
        replace(NOW, tried=("low", "high"))
    with pytest.raises(ValueError, match="ask for nothing"):
        replace(NOW, tried=("several", "low", "high"), classes=tuple(replace(c, least_top=0.9) for c in NOW.classes))
    with pytest.raises(ValueError, match="least number"):
        replace(NOW, least_criteria=9)
