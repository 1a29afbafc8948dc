"""The rule of selection: what must hold whatever the country looks like."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from likvard.site.cases.states import CaseError
from likvard.site.supervision import selection
from likvard.site.supervision.selection import Candidate, Route, Rule, compare, parts_of, select

RULE = Rule(seed="lotto 2025-11-14: 3 9 17", places=6, random=20, unknown=20, organisers=1)

units = st.builds(
    Candidate,
    code=st.integers(10000000, 99999999).map(str),
    organiser=st.sampled_from(["2120000001", "2120000002", "5560000003"]),
    form=st.sampled_from(["GR", "GY", "FSK"]),
    difference=st.none() | st.integers(-60, 60).map(float),
    complaints=st.none() | st.integers(0, 8),
    months=st.none() | st.integers(0, 200),
)
countries = st.lists(units, max_size=30, unique_by=lambda one: one.code)
rules = st.builds(
    Rule,
    seed=st.text(min_size=1).filter(str.strip),
    places=st.integers(0, 12),
    random=st.integers(0, 50),
    unknown=st.integers(0, 50),
    organisers=st.integers(0, 3),
    level=st.integers(1, 10),
)


def codes(outcome: selection.Outcome) -> list[str]:
    return [one.code for one in outcome.units]


@given(countries, rules)
@settings(max_examples=150, deadline=None)
def test_every_place_is_filled_once_and_no_more(country, rule):
    chosen = codes(select(country, rule))
    assert len(chosen) == len(set(chosen)) == min(rule.places, len(country))


@given(countries.filter(len), rules, st.integers(0, 100), st.integers(1, 40))
@settings(max_examples=300, deadline=None)
def test_a_unit_that_falls_further_below_is_never_selected_less(country, rule, which, fall):
    at = which % len(country)
    one = country[at]
    if one.difference is None:
        return
    worse = [*country[:at], one._replace(difference=one.difference - fall), *country[at + 1 :]]
    if one.code in codes(select(country, rule)):
        assert one.code in codes(select(worse, rule))
    assert parts_of(worse[at], rule).total >= parts_of(one, rule).total


@given(countries, rules)
@settings(max_examples=100, deadline=None)
def test_the_parts_sum_to_the_total(country, rule):
    for one in select(country, rule).units:
        if one.route is Route.LEVEL:
            told = one.parts
            assert told["total"] == sum(told[name] or 0 for name in ("level", "complaints", "time")) > 0


@given(countries, rules, st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_order_in_which_the_units_stand_changes_nothing(country, rule, random):
    shuffled = random.sample(country, len(country))
    assert select(shuffled, rule) == select(country, rule)


@given(countries, rules, st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_what_chance_draws_does_not_hang_on_the_results(country, rule, better):
    def drawn(units):
        chance, blind = rule.by_chance
        first = select(units, rule).units[: chance + blind]
        return {one.code for one in first if one.route in (Route.RANDOM, Route.UNKNOWN)}

    moved = [one if one.difference is None else one._replace(difference=one.difference + better) for one in country]
    scored = sum(one.difference is not None for one in country)
    if scored >= rule.by_chance[0] and len(country) - scored >= rule.by_chance[1]:
        assert drawn(country) == drawn(moved)


def test_ties_are_broken_by_the_draw_number_and_not_by_name():
    same = [Candidate(f"{n:08}", "2120000001", "GR", -10.0, 0, 12) for n in range(40)]
    rule = replace(RULE, places=5, random=0, unknown=0)
    lowest = sorted(same, key=lambda one: hashlib.sha256(f"{rule.seed}:{one.code}".encode()).hexdigest())
    assert codes(select(same, rule)) == [one.code for one in lowest[:5]]
    assert codes(select(same, rule)) != [one.code for one in same[:5]]


def test_chance_gives_every_unit_the_same_chance():
    """400 draws of 20 out of 100: chi-square over the units, bound at 99.9 per cent, for these stated seeds."""
    country = [Candidate(f"{n:08}", "2120000001", "GR", 0.0, 0, 0) for n in range(100)]
    drawn: Counter[str] = Counter()
    for n in range(400):
        rule = replace(RULE, seed=f"seed {n}", places=20, random=100, unknown=0, organisers=0)
        drawn.update(codes(select(country, rule)))
    statistic = sum((drawn[one.code] - 80) ** 2 / 80 for one in country) / (1 - 20 / 100)
    assert sum(drawn.values()) == 8_000
    assert statistic < chi2.ppf(0.999, 99)


def test_another_seed_draws_others_and_the_same_seed_the_same():
    country = [Candidate(f"{n:08}", "2120000001", "GR", 1.0, 0, 1) for n in range(500)]
    rule = replace(RULE, places=50, random=100, unknown=0)
    assert select(country, rule) == select(country, rule)
    other = compare(select(country, rule).units, select(country, replace(rule, seed="another")).units)
    assert other.came
    assert len(other.came) == len(other.went) == 50 - other.stayed


def test_a_unit_without_figures_is_neither_good_nor_bad():
    country = [Candidate(f"1{n:07}", "1", "GR", -20.0, 0, 0) for n in range(50)]
    country += [Candidate(f"2{n:07}", "1", "FSK", None, 0, 0) for n in range(50)]
    outcome = select(country, replace(RULE, places=20, random=20, unknown=30, organisers=0))
    assert outcome.routes == {"random": 4, "unknown": 6, "level": 10}
    assert {one.code[0] for one in outcome.units if one.route is Route.UNKNOWN} == {"2"}


def test_no_school_form_falls_out_of_the_draw():
    country = [Candidate(f"1{n:07}", "1", "FSK") for n in range(1000)]
    country += [Candidate(f"2{n:07}", "1", form) for n, form in enumerate(("SAM", "SP", "GYAN"))]
    outcome = select(country, replace(RULE, places=10, random=0, unknown=100))
    assert outcome.strata == {"FSK": (7, 1000), "GYAN": (1, 1), "SAM": (1, 1), "SP": (1, 1)}


def test_an_organiser_comes_in_by_spread_only_with_one_of_its_units_among_the_lowest():
    high = [Candidate(f"1{n:07}", "high", "GR", 20.0 + 15 * n) for n in range(4)]
    wide = [Candidate(f"2{n:07}", "wide", "GR", -20.0 + 12 * n) for n in range(4)]
    even = [Candidate(f"3{n:07}", "even", "GR", -19.0 - n) for n in range(4)]
    few = [Candidate(f"4{n:07}", "few", "GR", -40.0 + 60 * n) for n in range(2)]
    found = selection.by_spread([*high, *wide, *even, *few], replace(RULE, organisers=5, lowest=50))
    assert [one.code for one in found] == ["wide", "even"]
    assert found[0].parts["units"] == 4
    assert found[0].parts["spread"] > found[1].parts["spread"]


def test_a_unit_never_visited_has_all_points_for_time_and_unknown_complaints_none():
    parts = parts_of(Candidate("1", "1", "GR", 3.0, None, None), RULE)
    assert parts == (0, None, 2000)


@pytest.mark.parametrize(
    "wrong",
    [{"seed": " "}, {"level": 11}, {"random": 80, "unknown": 30}, {"places": -1}, {"units_needed": 1}, {"level_limit": 0}],
)  # fmt: skip
def test_a_rule_is_valid_from_birth(wrong):
    with pytest.raises(CaseError):
        Rule(**{"seed": "7", **wrong})


def test_a_rule_survives_being_written_down():
    assert Rule.from_data(RULE.as_data()) == RULE
    with pytest.raises(CaseError):
        Rule.from_data({"seed": "7", "luck": 3})


def test_a_whole_country_is_selected_from():
    country = [
        Candidate(f"{n:08}", f"{n % 1300:010}", ("GR", "FSK", "GY")[n % 3], float(n % 61 - 30) if n % 3 == 0 else None, n % 4, n % 90)
        for n in range(16_000)
    ]  # fmt: skip
    outcome = select(country, Rule(seed="7"))
    assert len(outcome.units) == 150
    assert len(outcome.organisers) == 10
