"""The rules after the decision: how a finding stands, when it can be closed, what can follow, and what comes back."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.rulebook import rule, rules
from likvard.rulebook.kinds.supervision import Closure, EvidenceKind
from likvard.site.cases.models import PointState
from likvard.site.cases.states import CaseError
from likvard.site.supervision.rules import findings, gate, ladder, recurrence
from likvard.site.supervision.rules.gate import Facts, Met, Missing
from likvard.site.supervision.rules.ladder import Asked, Position, Rung, Step
from likvard.terms import OrganiserKind, Words

DAY = date(2025, 11, 14)
LONG = "Väntetiden till utredning är nu högst femton dagar för alla elever."
WHY = Words("därför", "because")


def reached(start, ways):
    seen, waiting = set(), [start]
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            waiting += [way.to for way in ways if way.start == at]
    return seen


@pytest.mark.parametrize("state", PointState)
def test_every_state_of_a_finding_has_a_way_out(state):
    assert findings.ways_from(state)


@pytest.mark.parametrize("state", PointState)
def test_every_state_can_be_reached_from_the_first_and_be_settled_in_the_end(state):
    assert state in reached(PointState.OPEN, findings.WAYS)
    assert reached(state, findings.WAYS) & findings.SETTLED


def test_a_settled_finding_is_only_opened_again():
    assert {way.code for state in findings.SETTLED for way in findings.ways_from(state)} == {"reopen"}


def test_no_state_has_two_ways_of_one_name():
    named = [(way.start, way.code) for way in findings.WAYS]
    assert len(named) == len(set(named))


@given(st.lists(st.sampled_from(sorted({way.code for way in findings.WAYS})), max_size=12))
def test_whatever_is_done_a_finding_is_remedied_only_by_remedy_and_never_leaves_the_table(codes):
    state = PointState.OPEN
    for code in codes:
        try:
            way = findings.way(state, code)
        except CaseError:
            continue
        assert (way.to is PointState.REMEDIED) == (code == "remedy")
        state = way.to
    assert state in PointState


@pytest.mark.parametrize(
    ("instrument", "judgement", "expected"),
    [
        ("injunction", None, True),
        ("remark", None, True),
        ("refrain", None, False),
        ("no_action", None, False),
        ("information_order", None, False),
        ("temporary_prohibition", None, True),
        ("", 0, False),
        ("", 2, True),
    ],
)
def test_what_is_followed_up(instrument, judgement, expected):
    assert findings.is_followed_up(instrument, judgement, rule("instruments", DAY).value) is expected


KINDS = [frozenset(), frozenset({EvidenceKind.PLAN}), frozenset({EvidenceKind.SURVEY}), frozenset(EvidenceKind)]
FACTS = [
    Facts(offered, rests_on, outcome, seen, DAY if seen else None, reason, proposed_by, approved_by)
    for offered, rests_on, outcome, seen, reason, (proposed_by, approved_by) in product(
        KINDS, KINDS, ("", "remedied", "partly", "remains"), ("", "visit", "papers"), ("", "Klart nu.", LONG),
        (("a", ""), ("a", "a"), ("a", "b")),
    )
]  # fmt: skip
CLOSURES = [
    Closure((EvidenceKind.SURVEY, EvidenceKind.RESULT), WHY, visit, second)
    for visit, second in product((False, True), repeat=2)
]


@pytest.mark.parametrize("needs", CLOSURES)
def test_the_gate_is_open_exactly_when_all_three_conditions_are_met(needs):
    for facts in FACTS:
        result = facts.outcome == "remedied" and bool(facts.rests_on & set(needs.evidence))
        seen = bool(facts.seen) and (facts.seen == "visit" or not needs.visit)
        reason = facts.reason == LONG and (not needs.second_reader or facts.approved_by == "b")
        found = gate.gate(facts, needs)
        assert [line.met is Met.YES for line in found.lines] == [result, seen, reason]
        assert found.open == (result and seen and reason)
        assert found.met == result + seen + reason


@pytest.mark.parametrize("needs", CLOSURES)
def test_each_condition_that_is_not_met_says_what_to_do_next(needs):
    for facts in FACTS:
        for line in gate.gate(facts, needs).lines:
            assert (line.missing is None) == (line.met is Met.YES)
            assert line.what
            assert line.note


def test_a_plan_closes_nothing_and_the_gate_says_what_it_takes():
    facts = Facts(offered=frozenset({EvidenceKind.PLAN}), outcome="remedied", rests_on=frozenset({EvidenceKind.PLAN}))
    line = gate.gate(facts, CLOSURES[0]).lines[0]
    assert (line.met, line.missing) == (Met.NO, Missing.EVIDENCE)
    assert "plan" in line.note


def test_the_gate_is_said_in_one_sentence():
    assert (
        gate.gate(Facts(seen="papers", seen_on=DAY), CLOSURES[0]).said == "**Not yet.** One of three conditions is met."
    )


def test_every_area_has_something_that_closes_it_on_every_day_of_its_time():
    for area in rule("assessment_areas", DAY).value:
        for wording in rules(f"assessment_areas:{area}"):
            assert rule(f"closure:{area}", wording.valid_from).value.evidence


def place(*standing, **more):
    known = {"on": DAY, "organiser_kind": OrganiserKind.MUNICIPAL, "type": "planned"}
    return Position(standing=standing, **{**known, **more})


FINED = Rung(Step.FINE, DAY - timedelta(days=200), DAY - timedelta(days=100), 500_000)
ORDERED = Rung(Step.INJUNCTION, DAY - timedelta(days=200), DAY - timedelta(days=100))
DUE = DAY + timedelta(days=90)


def test_a_remark_is_followed_by_an_injunction():
    assert ladder.refusals(place(), Asked(Step.INJUNCTION, measures=1, due=DUE)) == ()


def test_an_injunction_is_followed_by_one_with_a_fine():
    assert ladder.refusals(place(ORDERED), Asked(Step.FINE, fine=500_000, measures=1, due=DUE)) == ()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked(Step.FINE, measures=1, due=DUE), "whole crowns"),
        (Asked(Step.FINE, fine=1, due=DUE), "measures"),
        (Asked(Step.FINE, fine=1, measures=1), "by when"),
        (Asked(Step.COURT), "does not lead"),
        (Asked(Step.INJUNCTION, measures=1, due=DUE), "does not lead"),
        (Asked(Step.SANCTION), "Choose which"),
    ],
)
def test_what_the_law_does_not_allow_after_an_injunction_is_refused_with_why(asked, said):
    assert any(said in why for why in ladder.refusals(place(ORDERED), asked))


def test_an_audit_leads_to_no_injunction():
    found = ladder.refusals(place(type="audit"), Asked(Step.INJUNCTION, measures=1, due=DUE))
    assert any("does not judge legality" in why for why in found)


@pytest.mark.parametrize(
    ("rung", "not_followed", "refused"),
    [
        (FINED, True, False),
        (FINED, False, True),
        (Rung(Step.FINE, DAY, DUE, 1), True, True),
        (Rung(Step.FINE, FINED.since, FINED.due, 1, appealed=True), True, True),
    ],
)
def test_a_fine_is_applied_for_when_its_day_has_passed_the_deficiency_remains_and_no_appeal_waits(
    rung, not_followed, refused
):
    assert bool(ladder.refusals(place(rung, not_followed=not_followed), Asked(Step.COURT))) is refused


@pytest.mark.parametrize(
    ("instrument", "kind", "serious", "not_followed", "refused"),
    [
        ("revocation", OrganiserKind.INDEPENDENT, True, True, False),
        ("revocation", OrganiserKind.INDEPENDENT, False, True, True),
        ("revocation", OrganiserKind.INDEPENDENT, True, False, True),
        ("revocation", OrganiserKind.MUNICIPAL, True, True, True),
        ("prohibition", OrganiserKind.MUNICIPAL, True, True, False),
        ("prohibition", OrganiserKind.INDEPENDENT, True, True, True),
        ("rectification", OrganiserKind.MUNICIPAL, True, True, False),
    ],
)
def test_a_sanction_takes_what_its_section_says(instrument, kind, serious, not_followed, refused):
    here = place(ORDERED, organiser_kind=kind, serious=serious, not_followed=not_followed)
    assert bool(ladder.refusals(here, Asked(Step.SANCTION, instrument=instrument))) is refused


@pytest.mark.parametrize(("days", "refused"), [(181, False), (182, True), (0, False), (-1, True)])
def test_a_temporary_prohibition_lasts_six_months_at_most(days, refused):
    asked = Asked(Step.SANCTION, instrument="temporary_prohibition", until=DAY + timedelta(days=days))
    assert bool(ladder.refusals(place(ORDERED), asked)) is refused


@pytest.mark.parametrize("step", Step)
def test_nothing_is_taken_further_about_a_settled_finding(step):
    assert ladder.refusals(place(ORDERED, settled=True), Asked(step, fine=1, measures=1, due=DUE))


def test_from_every_step_something_can_follow():
    assert all(ladder.NEXT[step] for step in ("", *Step))


def test_what_is_considered_is_not_considered_twice():
    assert Step.CONSIDERED not in ladder.steps_from(place(ORDERED, Rung(Step.CONSIDERED, DAY)))


def found(key, **more):
    known = {"case": key, "area": "unit.support", "organiser": "1", "unit": "b", "decided": DAY + timedelta(days=key)}
    return recurrence.Found(key, **{**known, **more})


def test_a_finding_recurs_at_the_unit_that_continues_the_old_one():
    old, new = found(1, unit="a"), found(9, unit="c")
    assert recurrence.earlier(new, [old, new], [("a", "b"), ("b", "c")]) == (old,)


@pytest.mark.parametrize(
    "other",
    [found(1, unit="x"), found(1, area="unit.safety"), found(10), found(1, case=9), found(1, unit="", organiser="1")],
)
def test_elsewhere_in_another_area_later_or_in_the_same_case_is_no_recurrence(other):
    assert recurrence.earlier(found(9), [other], [("a", "b")]) == ()


def test_findings_of_an_organiser_recur_at_the_organiser():
    first, second, other = (found(n, unit="", organiser=who) for n, who in ((1, "1"), (2, "1"), (3, "2")))
    assert recurrence.earlier(second, [first, other], []) == (first,)


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=12), st.sampled_from("abcdef")
)
def test_lineage_ends_even_in_a_circle_and_always_holds_the_unit_itself(lineage, unit):
    assert unit in recurrence.predecessors(unit, lineage)
