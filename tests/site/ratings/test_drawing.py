"""Who is drawn: known probabilities, the same draw for everybody who has the seed, nobody without a chance."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.site.cases.states import CaseError
from likvard.site.ratings.drawing import LEAST, Candidate, Rule, audit_sample, draw

RISKS = st.one_of(st.none(), st.integers(-5, 5).map(float))
CANDIDATES = st.lists(st.tuples(st.sampled_from(["municipal", "independent"]), RISKS), max_size=40).map(
    lambda rows: [Candidate(f"{n:010}", kind, risk) for n, (kind, risk) in enumerate(rows)]
)
RULES = st.builds(Rule, st.integers(0, 99).map(str), *[st.integers(1, 100)] * 4)


@given(CANDIDATES, RULES)
def test_the_probability_of_a_stratum_is_the_share_of_it_that_is_drawn(candidates, rule):
    found = draw(candidates, rule)
    assert [one.organiser for one in found] == sorted(one.organiser for one in candidates)
    for stratum in {one.stratum for one in found}:
        inside = [one for one in found if one.stratum == stratum]
        assert {one.probability for one in inside} == {sum(one.selected for one in inside) / len(inside)}
        assert sum(one.selected for one in inside) >= min(LEAST, len(inside))


@given(CANDIDATES, RULES, st.randoms())
def test_the_order_of_the_register_does_not_matter(candidates, rule, random):
    mixed = list(candidates)
    random.shuffle(mixed)
    assert draw(mixed, rule) == draw(candidates, rule)


def test_those_with_most_reason_to_look_are_a_stratum_of_their_own():
    candidates = [Candidate(f"{n:010}", "municipal", float(n)) for n in range(9)] + [Candidate("x", "municipal", None)]
    strata = {one.organiser: one.stratum for one in draw(candidates, Rule("7", highest=33))}
    assert [n for n in range(9) if strata[f"{n:010}"] == "municipal.high"] == [6, 7, 8]
    assert strata["x"] == "municipal.unknown"


def test_every_organiser_is_drawn_about_as_often_as_its_probability_says():
    candidates = [Candidate(f"{n:010}", "municipal", None) for n in range(10)]
    drawn = [
        one.organiser for seed in range(2000) for one in draw(candidates, Rule(str(seed), unknown=30)) if one.selected
    ]
    expected, spread = 600, 4 * math.sqrt(2000 * 0.3 * 0.7)
    assert all(abs(drawn.count(one.organiser) - expected) < spread for one in candidates)


@pytest.mark.parametrize("wrong", [{"seed": " "}, {"seed": "1", "high": 0}, {"seed": "1", "rest": 101}])
def test_nobody_may_have_no_chance_and_every_draw_has_a_seed(wrong):
    with pytest.raises(CaseError):
        Rule(**wrong)


def test_the_sample_for_audit_follows_from_the_seed_and_is_at_least_one():
    organisers = [f"{n:010}" for n in range(20)]
    assert len(audit_sample("7", organisers, 15)) == 3
    assert audit_sample("7", organisers, 15) == audit_sample("7", organisers[::-1], 15)
    assert audit_sample("8", organisers, 15) != audit_sample("7", organisers, 15)
    assert len(audit_sample("7", organisers[:2], 1)) == 1
