"""When a draft is whole, whatever is in it: the limits of the law hold for every draft that the rules let through."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from likvard.rulebook import rule
from likvard.rulebook.kinds.supervision import Kind
from likvard.rulebook.legality import Use
from likvard.site.supervision.rules.drafting import (
    DraftFacts,
    FindingFacts,
    areas_without_findings,
    draft_faults,
    finding_faults,
    is_deficiency,
    proposal_faults,
)
from likvard.terms import OrganiserKind

ON = date(2025, 11, 14)
AREAS = ("unit.support", "unit.safety", "unit.grading")
TYPES = ("planned", "targeted", "establishment", "audit")

uses = st.builds(
    Use,
    instrument=st.sampled_from(["", *rule("instruments", ON).value]),
    on=st.just(ON),
    organiser_kind=st.sampled_from(OrganiserKind),
    inspection_type=st.sampled_from(TYPES),
    fine=st.none() | st.integers(1, 2_000_000),
    no_fine_reason=st.sampled_from(["", "Särskilda skäl"]),
    hinders_goals=st.booleans(),
    serious=st.booleans(),
    measures=st.integers(0, 2),
    due=st.none() | st.just(ON + timedelta(days=60)),
    until=st.none() | st.integers(1, 400).map(lambda n: ON + timedelta(days=n)),
    refrain=st.sampled_from(["", "minor", "rectified"]),
    judgement=st.none() | st.integers(0, 2),
)
findings = st.builds(
    FindingFacts,
    number=st.just(1),
    area=st.sampled_from([*AREAS, "audit.teaching"]),
    use=uses,
    provisions=st.sampled_from([(), ("skollagen 3:7",)]),
    observed=st.booleans(),
    assessed=st.booleans(),
    observations=st.integers(0, 2),
)
drafts = st.builds(
    DraftFacts,
    findings=st.lists(findings, max_size=3).map(tuple),
    areas=st.just(AREAS),
    background=st.booleans(),
    in_short=st.booleans(),
    presenter=st.booleans(),
    report_due=st.none() | st.just(ON),
    fact_checked=st.integers(0, 2),
    check_is_open=st.booleans(),
    open_remarks=st.integers(0, 2),
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first draw reads the rulebook
@given(findings)
def test_a_whole_finding_keeps_the_limits_of_the_law(finding):
    if finding_faults(finding):
        return
    use = finding.use
    if use.instrument == "remark":
        assert use.fine is None
        assert not use.serious
    if use.instrument == "temporary_prohibition":
        assert use.until is not None
        assert use.until <= date(2026, 5, 14)
    if use.instrument == "injunction":
        assert use.measures
        assert not use.hinders_goals or use.fine or use.no_fine_reason
    if finding.in_audit:
        assert not use.instrument
        assert use.judgement is not None
        assert not finding.provisions
    assert finding.observations
    assert finding.observed
    assert finding.assessed


@given(findings)
def test_only_what_the_law_says_can_be_appealed(finding):
    if finding.use.instrument in ("", "remark", "refrain", "no_action"):
        assert not finding.may_be_appealed
    if finding.use.instrument == "injunction":
        assert finding.may_be_appealed == (finding.use.fine is not None)


@given(drafts)
def test_what_cannot_be_sent_cannot_be_put_forward_either(draft):
    assert set(draft_faults(draft)) <= set(proposal_faults(draft))


@given(drafts)
def test_nothing_is_put_forward_before_the_organiser_has_checked_the_facts(draft):
    if not proposal_faults(draft):
        assert draft.fact_checked
        assert not draft.check_is_open
        assert not draft.open_remarks
        assert draft.presenter


@given(drafts)
def test_each_examined_area_has_a_deficiency_or_is_said_to_have_none(draft):
    clear = set(areas_without_findings(draft.areas, draft.findings))
    found = {one.area for one in draft.findings if is_deficiency(one)}
    assert clear == set(draft.areas) - found


def test_to_refrain_is_a_deficiency_and_no_action_is_none():
    def finding(instrument: str) -> FindingFacts:
        use = Use(instrument, ON, OrganiserKind.MUNICIPAL, "planned", refrain="minor")
        return FindingFacts(1, "unit.support", use)

    assert is_deficiency(finding("refrain"))
    assert not is_deficiency(finding("no_action"))
    assert rule("instruments:no_action", ON).value.kind is Kind.NONE
