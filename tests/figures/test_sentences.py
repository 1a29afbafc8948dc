"""Sentences by rule: each one fires, none judges, none claims more than its interval carries."""

from __future__ import annotations

import re

import pytest

from likvard.figures.facts import KINDS, WITHOUT_CHART, facts_of
from likvard.figures.measures import FigureError, Scale, Unit
from likvard.figures.sentences import _condition, _filled, marked, rules, spoken, verdict
from likvard.terms import Language, Missing, SchoolYear, Words

MERIT = Scale(Words("Meritvärde", "Merit value"), Unit.MERIT)
COUNTS = {
    "expected": ("schools", "below", "within", "above", "hidden", "without"),
    "funnel": ("schools", "outside", "below", "above", "by_chance", "hidden"),
    "heat": ("shown", "kept", "below", "above", "tests", "one_in", "without"),
    "multiples": ("schools", "hidden"),
}
FORBIDDEN = re.compile(
    r"\b(bra|dålig\w*|bäst\w*|sämst\w*|svag\w*|signifikan\w*|residual\w*|topp\w*|rank\w*|misslyck\w*|"
    r"good|bad|best|worst|poor\w*|significan\w*|fail\w*|weak\w*|strong\w*)\b",
    re.IGNORECASE,
)
CHANGE = re.compile(r"vuxit|minskat|ökat|grown|shrunk|risen|fallen", re.IGNORECASE)
DIFFERENCE = re.compile(r"säkerställd|clear of chance", re.IGNORECASE)


@pytest.fixture
def cases(demo):
    """For each rule, facts in which it should be the one that speaks in its group."""
    gate = demo.Gate()
    when = {"period": SchoolYear(2024), "first_period": SchoolYear(2014), "scale": MERIT}
    up, down, flat = gate(9.0, 4.0), gate(-9.0, 4.0), gate(1.0, 4.0)
    hidden, bare = gate(None, missing=Missing.FEW), gate(7.0)

    def counts(kind, *values):
        texts = {"names_below": "A; B", "names_above": "C; D; E"}
        return {**when, **texts, **dict(zip(COUNTS[kind], values, strict=True))}

    def spread(schools, hidden=0, **more):
        mean = {"mean": bare, "mean_label": Words("landet", "the country")}
        return {**when, **mean, "schools": schools, "hidden": hidden, "lowest": down, "highest": up, **more}

    def gap(last, **more):
        sides = {
            "what": Words("Meritvärde", "Merit value"),
            "one": Words("flickor", "girls"),
            "other": Words("pojkar", "boys"),
            "breaks": 0,
            "first": bare,
        }
        return {**when, **sides, "last": last, **more}

    given = {"given": Words("med förslaget", "with the proposal")}
    more = {
        "slope_now": Words("+300 kronor", "+300 crowns"),
        "slope_then": Words("+450 kronor", "+450 crowns"),
        **given,
    }
    money = {
        "empty": {"schools": 0, "hidden": 2},
        "both": {"schools": 9, "hidden": 0, "before": Words("i dag", "now"), **more},
        "proposal": {"schools": 9, "hidden": 0, "slope_then": more["slope_then"], **given},
        "now": {"schools": 9, "hidden": 0, "slope_now": more["slope_now"]},
        "few": {"schools": 2, "hidden": 0},
        "full": {"schools": 9, "hidden": 0, "slope_full": more["slope_then"]},
        "some-hidden": {"schools": 9, "hidden": 1},
    }

    ratio = {"scale": Scale(Words("Styrka", "Size"), Unit.RATIO)}
    drawn = {**ratio, "links": 36, "sure": 0, "turned": 0, "turned_tests": 36}
    link = Words("styrning till undervisning", "steering to teaching")
    first = {"first": up, "first_link": link}
    gain = {**ratio, "gain": gate(0.6, 0.1), "alone": gate(0.4, 0.1), "ways": 1}
    broken = {**ratio, "links": 9, "after": 3, "outcome": Words("resultat", "results")}
    profile = {"domains": 6, "outside": 0, "which": Words("studiero", "calm")}
    every = {
        **when,
        "schools": 9,
        "hidden": 0,
        "lowest": down,
        "highest": up,
        "above": 0,
        "paid": 0,
        "less": 0,
        "unseen": 0,
        "everybody": Words("riket", "the country"),
    }
    need = {
        "need-hidden": {"schools": 0},
        "need-one-doubt": every | {"schools": 1},
        "need-one": every | {"schools": 1, "lowest": bare},
        "need-range": every,
        "need-above-none": every,
        "need-above": every | {"above": 2},
        "need-less-named": every | {"above": 2, "paid": 2, "less": 1, "names_less": "Albyskolan"},
        "need-less": every | {"above": 20, "paid": 20, "less": 12},
        "need-paid": every | {"above": 2, "paid": 2},
        "need-unseen": every | {"unseen": 2},
        "need-some-hidden": every | {"hidden": 1},
    }
    circle = {
        "circle-none": drawn | {"links": 0},
        "circle-chance": drawn,
        "circle-one": drawn | first | {"sure": 1},
        "circle-some": drawn | first | {"sure": 2, "second": flat, "second_link": link},
        "circle-turned-none": drawn,
        "circle-turned-some": drawn | {"turned": 2},
        "circle-caution": drawn,
        "lead-circle-none": drawn,
        "lead-circle-some": drawn | {"sure": 6},
        "lead-circle-caution": drawn,
        "gain-links": gain,
        "gain-hidden": {"ways": 0},
        "gain-ways": gain,
        "gain-no-way": gain | {"ways": 0},
        "broken-clear": broken | {"most": up, "most_link": link},
        "broken-none": broken,
        "broken-caution": broken,
        "profile-hidden": profile | {"domains": 0},
        "profile-none": profile,
        "profile-one": profile | {"outside": 1},
        "profile-some": profile | {"outside": 2},
    }

    def trend(last, **more):
        return {**when, "label": Words("skolan", "the school"), "breaks": 0, "last": last, **more}

    def unit(changes=0, **more):
        return {**when, "changes": changes, **more}

    def moved(shown, tests):
        within = Words("i hela landet", "in the whole country")
        return {"shown": shown, "tests": tests, "one_in": 20, "within": within}

    def judged(compared, below, above, hidden):
        return {**moved(0, 108), "compared": compared, "below": below, "above": above, "hidden": hidden}

    alike = {
        "empty": judged(0, 0, 0, 2),
        "none": judged(6, 0, 0, 0),
        "below": judged(6, 1, 0, 0),
        "above": judged(6, 0, 2, 0),
        "both": judged(6, 1, 2, 0),
        "alarms": judged(6, 1, 2, 0),
        "hidden": judged(6, 0, 0, 1),
    }
    beside = {**when, "name": "Albyskolan", "others": 14, "lowest": down, "highest": up}
    one = {**when, "what": Words("Trygghet", "Safety"), "since": 2024}
    compared = {"comparison": Words("landet", "the country"), "comparison_last": bare}
    shares = {**when, "level": Words("skolor", "schools"), "before": up, "after": flat}
    degrees = {"top_name": Words("i hög utsträckning", "to a high degree"), "bottom_name": Words("lite", "little")}
    national = {**when, **degrees, "top": gate(0.2, 0.05), "bottom": gate(0.25, 0.05)}
    return {
        "distribution-empty": spread(0),
        "distribution-hidden": spread(0, 4),
        "distribution-one": spread(1),
        "distribution-range": spread(9),
        "distribution-mean": spread(9),
        "distribution-wider": spread(9, spread_change=up),
        "distribution-narrower": spread(9, spread_change=down),
        "distribution-unchanged": spread(9, spread_change=flat),
        "distribution-explained": spread(9, explained=gate(0.6, 0.1)),
        "distribution-some-hidden": spread(9, 2),
        "expected-hidden": counts("expected", 0, 0, 0, 0, 3, 0),
        "expected-empty": counts("expected", 0, 0, 0, 0, 0, 0),
        "expected-one-below": counts("expected", 1, 1, 0, 0, 0, 0),
        "expected-one-above": counts("expected", 1, 0, 0, 1, 0, 0),
        "expected-one-within": counts("expected", 1, 0, 1, 0, 0, 0),
        "expected-none": counts("expected", 9, 0, 9, 0, 0, 0),
        "expected-below": counts("expected", 9, 2, 7, 0, 0, 0),
        "expected-above": counts("expected", 9, 0, 8, 1, 0, 0),
        "expected-both": counts("expected", 9, 2, 6, 1, 0, 0),
        "expected-rest": counts("expected", 9, 2, 6, 1, 0, 0),
        "expected-explained": counts("expected", 9, 2, 6, 1, 0, 0) | {"explained": gate(0.6, 0.1)},
        "expected-some-hidden": counts("expected", 9, 2, 6, 1, 1, 0),
        "expected-own-criteria": counts("expected", 9, 2, 6, 1, 1, 2),
        "funnel-empty": counts("funnel", 0, 0, 0, 0, 0, 3),
        "funnel-none": counts("funnel", 9, 0, 0, 0, 0, 0),
        "funnel-some": counts("funnel", 9, 5, 2, 3, 0, 0),
        "funnel-chance-none": counts("funnel", 9, 5, 2, 3, 0, 0),
        "funnel-chance-some": counts("funnel", 9, 5, 2, 3, 2, 0),
        "funnel-below": counts("funnel", 9, 5, 2, 3, 0, 0),
        "funnel-above": counts("funnel", 9, 5, 2, 3, 0, 0),
        "funnel-many": {k: v for k, v in counts("funnel", 30, 12, 5, 7, 0, 0).items() if "names" not in k},
        "funnel-some-hidden": counts("funnel", 9, 5, 2, 3, 0, 1),
        "gap-hidden": gap(hidden),
        "gap-one-higher": gap(up),
        "gap-other-higher": gap(down),
        "gap-none": gap(flat),
        "gap-bare": gap(bare),
        "gap-grown": gap(up, change=up),
        "gap-shrunk": gap(up, change=down),
        "gap-grown-reversed": gap(down, change=down),
        "gap-shrunk-reversed": gap(down, change=up),
        "gap-unchanged": gap(up, change=flat),
        "gap-break": gap(up, breaks=1),
        "trend-hidden": trend(hidden),
        "trend-value": trend(up),
        "trend-bare": trend(bare),
        "trend-second-hidden": trend(up, second_label=Words("studiero", "calm"), second_last=hidden),
        "trend-second": trend(up, second_label=Words("studiero", "calm"), second_last=flat),
        "trend-second-bare": trend(up, second_label=Words("studiero", "calm"), second_last=bare),
        "trend-above": trend(up, **compared, difference=up),
        "trend-below": trend(up, **compared, difference=down),
        "trend-as-comparison": trend(up, **compared, difference=flat),
        "trend-comparison": trend(up, **compared),
        "trend-up": trend(up, change=up),
        "trend-down": trend(up, change=down),
        "trend-unchanged": trend(up, change=flat),
        "trend-moved-up": trend(up, recent_change=up, since=SchoolYear(2023)),
        "trend-moved-down": trend(up, recent_change=down, since=SchoolYear(2023)),
        "trend-unmoved": trend(up, recent_unclear=flat, since=SchoolYear(2023)),
        "trend-break": trend(up, breaks=1, first=bare),
        "heat-hidden": counts("heat", 0, 0, 0, 0, 0, 20, 0),
        "heat-none": counts("heat", 40, 0, 0, 0, 400, 20, 0),
        "heat-below": counts("heat", 40, 3, 3, 0, 400, 20, 0),
        "heat-above": counts("heat", 40, 3, 0, 3, 400, 20, 0),
        "heat-both": counts("heat", 40, 3, 1, 2, 400, 20, 0),
        "heat-false-alarms": counts("heat", 40, 3, 1, 2, 400, 20, 0),
        "heat-own-criteria": counts("heat", 40, 3, 1, 2, 400, 20, 1),
        "multiples-empty": counts("multiples", 0, 4),
        "multiples-some": counts("multiples", 9, 0),
        "multiples-some-hidden": counts("multiples", 9, 1),
        "map-place": {"name": "Ekvik", "municipalities": 26},
        "organiser-classes-shares": national,
        "organiser-classes-hidden": national | {"top": hidden},
        "told-says": {"says": Words("Alfa är **0,72**.", "Alpha is **0.72**.")},
        "shares-hidden": shares | {"before": hidden},
        "shares-explained": shares,
        "shares-level": shares | {"before": bare},
        "table-empty": {"schools": 0, "hidden": 0},
        "table-schools": {"schools": 9, "hidden": 0},
        "table-schools-hidden": {"schools": 9, "hidden": 2},
        "lead-expected-one-within": counts("expected", 1, 0, 1, 0, 0, 0),
        "lead-expected-one-below": counts("expected", 1, 1, 0, 0, 0, 0),
        "lead-expected-one-above": counts("expected", 1, 0, 0, 1, 0, 0),
        "lead-expected-none": counts("expected", 9, 0, 9, 0, 0, 0),
        "lead-expected-below": counts("expected", 9, 2, 7, 0, 0, 0),
        "lead-expected-above": counts("expected", 9, 0, 8, 1, 0, 0),
        "lead-expected-some": counts("expected", 9, 2, 6, 1, 0, 0),
        "lead-explained-whose": counts("expected", 9, 2, 6, 1, 0, 0)
        | {"explained": gate(0.6, 0.1), "whose": Words("landets skolor", "the country's schools")},
        "lead-explained": counts("expected", 9, 2, 6, 1, 0, 0) | {"explained": gate(0.6, 0.1)},
        "lead-spread-within": {
            **when,
            "place": Words("Ekvik", "Ekvik"),
            "last": up,
            "nation_last": bare,
            "within": Words("i hela landet", "in the whole country"),
        },
        "lead-spread": {**when, "place": Words("Ekvik", "Ekvik"), "last": up, "nation_last": bare},
        "lead-spread-grown": {**when, "place": Words("Ekvik", "Ekvik"), "last": up, "nation_last": bare, "change": up},
        "lead-spread-shrunk": {
            **when,
            "place": Words("Ekvik", "Ekvik"),
            "last": up,
            "nation_last": bare,
            "change": down,
        },
        "lead-spread-unchanged": {
            **when,
            "place": Words("Ekvik", "Ekvik"),
            "last": up,
            "nation_last": bare,
            "change": flat,
        },
        "lead-gap-some": gap(up),
        "lead-gap-none": gap(flat),
        "lead-gap-grown": gap(up, change=up),
        "lead-gap-shrunk": gap(up, change=down),
        "lead-gap-unchanged": gap(up, change=flat),
        "lead-funnel-none": {**counts("funnel", 9, 0, 0, 0, 0, 0), "centre_label": Words("Ekvik", "Ekvik")},
        "lead-funnel-some": {**counts("funnel", 9, 2, 1, 1, 0, 0), "centre_label": Words("Ekvik", "Ekvik")},
        "lead-unit-own": unit(instead=Words("Följs med egna kriterier", "Followed by criteria of its own")),
        "lead-unit-hidden": unit(difference=hidden),
        "lead-unit-below": unit(difference=down),
        "lead-unit-above": unit(difference=up),
        "lead-unit-within": unit(difference=flat),
        "lead-unit-nothing": unit(),
        "lead-unit-changed": unit(changes=2),
        "programmes-all": {"programmes": 4, "hidden": 0},
        "programmes-hidden": {"programmes": 4, "hidden": 1},
        "compared-value": beside | {"own": up},
        "compared-hidden": beside | {"own": hidden},
        "compared-range": beside,
        "compared-one": beside | {"others": 1},
        "needs-read": counts("expected", 9, 2, 6, 1, 0, 0),
        "needs-hidden": counts("expected", 0, 0, 0, 0, 3, 0),
        "needs-none": counts("expected", 0, 0, 0, 0, 0, 0),
        "needs-some-hidden": counts("expected", 9, 2, 6, 1, 2, 0),
        "needs-without": counts("expected", 9, 2, 6, 1, 2, 3),
        "changes-none": moved(0, 400),
        "changes-untested": moved(0, 0),
        "changes-some": moved(3, 400),
        "changes-false-alarms": moved(3, 400),
        "changes-tested": moved(0, 400),
        "one-change-up": one | {"change": up},
        "one-change-down": one | {"change": down},
        **{f"money-{name}": told for name, told in money.items()},
        **circle,
        **need,
        **{f"departments-{name}": told for name, told in alike.items()},
        **{f"inspectors-{name}": told for name, told in alike.items()},
    }


def test_every_rule_has_a_case_and_no_case_lacks_its_rule(cases):
    assert sorted(cases) == sorted(rule.id for rule in rules())


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_the_rule_speaks_when_it_should_and_leaves_no_slot_open(rule, cases):
    assert rule in spoken(rule.kind, cases[rule.id])
    for language in Language:
        text = _filled(rule, cases[rule.id], language)
        assert re.fullmatch(r"(\*\*)?[A-ZÅÄÖ0-9][^{}]+\.(\*\*)?", text), text


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_no_rule_judges_or_ranks(rule):
    assert FORBIDDEN.findall(rule.text.sv + " " + rule.text.en) == []


@pytest.mark.parametrize("rule", [r for r in rules() if CHANGE.search(r.text.sv + r.text.en)], ids=lambda r: r.id)
def test_a_rule_that_speaks_of_change_asks_for_an_interval_clear_of_zero(rule):
    bounds = {(c.left.partition(".")[2], c.operator, c.right) for c in rule.when if "change" in c.left}
    assert bounds <= {("low", ">", "0"), ("high", "<", "0")}
    assert bounds


@pytest.mark.parametrize(
    "rule", [r for r in rules() if r.kind == "trend" and DIFFERENCE.search(r.text.sv)], ids=lambda r: r.id
)
def test_a_rule_that_calls_a_difference_certain_asks_for_its_interval(rule):
    assert any(str(c.left).startswith("difference.") for c in rule.when)


def test_every_rule_is_of_a_known_kind_and_has_its_own_id():
    assert {rule.kind for rule in rules()} == {*KINDS.values(), *WITHOUT_CHART}
    assert len({rule.id for rule in rules()}) == len(rules())


def test_the_verdict_is_plain_and_the_marked_one_holds_the_fact(cases):
    facts = cases["gap-one-higher"]
    assert "**9,0\u00a0meritpoäng**" in marked("gap", facts)[0].sv
    assert all("*" not in words.sv + words.en for words in verdict("gap", facts))


def test_a_change_that_its_interval_does_not_carry_is_never_claimed(cases):
    said = " ".join(words.en for words in verdict("gap", cases["gap-unchanged"]))
    assert CHANGE.search(said) is None
    assert "cannot say" in said


def test_a_kind_without_rules_says_nothing():
    assert verdict("", {}) == ()


def test_a_condition_that_cannot_be_read_is_refused_with_what_to_write():
    with pytest.raises(FigureError, match="known NAME"):
        _condition("gap-x", "last.low above 0")


def test_a_slot_whose_fact_is_of_another_kind_names_the_rule(cases):
    rule = next(r for r in rules() if r.id == "gap-one-higher")
    with pytest.raises(FigureError, match="gap-one-higher"):
        _filled(rule, {**cases["gap-one-higher"], "last": 3}, Language.SV)


def test_no_sentence_compares_across_a_break(demo):
    facts = facts_of(demo.gap(demo.Gate()))
    assert facts["first_period"] == SchoolYear(2021)


def test_a_school_name_stands_as_it_is_even_with_a_brace_or_an_asterisk(cases):
    facts = {**cases["funnel-below"], "names_below": "Skolan {x}; Skolan * två"}
    assert "Skolan {x} och Skolan * två" in " ".join(w.sv for w in verdict("funnel", facts))


def test_a_decrease_is_told_by_its_size_and_so_is_its_interval(cases):
    said = " ".join(words.sv for words in verdict("trend", cases["trend-down"]))
    assert "minskat med 9,0\u00a0meritpoäng" in said
    assert "(osäkerhet 5,0–13,0)" in said


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_size_without_sign_never_stands_beside_an_interval_with_one(rule):
    text = rule.text.sv + rule.text.en
    assert not [name for name in re.findall(r"\{([a-z_]+):size\}", text) if f"{{{name}:interval}}" in text]
    assert not any("size_interval" in text and c.operator == "known" for c in rule.when if "change" in c.left)
