"""To sign is to decide: who may, what is kept, which clocks start, whom it is told, and what it closes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.site.supervision.conftest import STEPS

from likvard.site.audit import events
from likvard.site.cases import files
from likvard.site.cases.models import Outgoing, Scan
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.people.models import User
from likvard.site.people.roles import Place, Role
from likvard.site.supervision.actions import drafting, signing
from likvard.site.supervision.models import Decision


def test_a_signed_decision_waits_for_the_report_back_with_its_points_open(signed_decision, cast, today):
    assert signed_decision.inspection.case.state_code == "awaiting"
    assert (signed_decision.decided_on, signed_decision.decided_by) == (today, cast.lea)
    points = [(point.number, point.instrument, point.state) for point in signed_decision.issued.points.all()]
    assert points == [(1, "injunction", "open"), (2, "remark", "open")]


def test_the_hash_of_the_signed_file_stands_in_the_chain(signed_decision, papers):
    issued = signed_decision.issued
    content = files.read(papers, issued.sha256, Scan.UNSCANNED)
    told = [event.values["sha256"] for event in events.about(issued.case.subject) if event.what == "case.issued"]
    assert content.startswith(b"%PDF")
    assert told == [issued.sha256]


def test_an_inspector_does_not_sign(stage, cast, now, papers):
    decision = stage("proposed").decisions.get()
    with pytest.raises(Denied):
        signing.sign(decision=decision, by=cast.ines, at=now, folder=papers)


def test_whoever_presents_the_case_does_not_decide_it(stage, cast, now, papers):
    decision = stage("proposed").decisions.get()
    Decision.objects.filter(pk=decision.pk).update(presenter=cast.lea)
    with pytest.raises(CaseError, match="does not decide it"):
        signing.sign(decision=decision, by=cast.lea, at=now, folder=papers)


def test_nothing_is_signed_before_it_is_put_forward(draft, cast, now, papers):
    with pytest.raises(CaseError, match="not been put forward"):
        signing.sign(decision=draft, by=cast.lea, at=now, folder=papers)


def test_a_signed_decision_is_not_changed_any_more(signed_decision, cast, now):
    with pytest.raises(CaseError, match="nothing in it is changed"):
        drafting.write_decision(decision=signed_decision, in_short="Nytt", by=cast.ines, at=now)


def test_what_is_put_forward_is_not_changed_either(stage, cast, now):
    with pytest.raises(CaseError, match="Send it back"):
        drafting.write_decision(decision=stage("proposed").decisions.get(), in_short="Nytt", by=cast.ines, at=now)


def test_the_clock_of_the_report_back_starts_and_none_of_an_appeal_that_there_is_not(signed_decision):
    going = [(clock.duty, clock.due) for clock in signed_decision.inspection.case.clocks.all().going()]
    assert going == [("report_back", date(2026, 2, 16))]


def test_with_a_fine_the_clock_of_the_appeal_runs_from_the_decision_and_that_of_legal_force_from_when_it_was_received(
    stage, cast, now, papers, today
):
    inspection = stage("drafting")
    decision = inspection.decisions.get()
    drafting.write_finding(
        decision=decision,
        finding=decision.findings.get(number=1),
        fine=400_000,
        hinders_goals=True,
        by=cast.ines,
        at=now,
    )
    for step in ("fact_check", "checked", "proposed", "awaiting"):
        _step(step, inspection, cast, now, papers)
    decision = Decision.objects.get(pk=decision.pk)
    later = now + timedelta(days=3)
    signing.was_received(decision=decision, on=later.date(), by=cast.ines, at=later)
    clocks = {clock.duty: clock.due for clock in inspection.case.clocks.all().going()}
    assert clocks["appeal"] == today + timedelta(weeks=3)
    assert clocks["legal_force"] > later.date() + timedelta(weeks=3)
    assert decision.issued.content["facts"]["appeal"] == {"can": True, "until": "2025-12-05"}


def _step(name, inspection, cast, now, papers):
    STEPS[name](inspection, cast, now, papers)


def test_a_decision_is_received_after_it_was_made(signed_decision, cast, now):
    with pytest.raises(CaseError, match="between the decision and today"):
        signing.was_received(decision=signed_decision, on=now.date() - timedelta(days=1), by=cast.ines, at=now)


def test_the_organisers_people_are_told_where_the_decision_is_read_and_not_what_it_says(signed_decision, cast):
    case = signed_decision.inspection.case
    letters = Outgoing.objects.filter(case=case, subject__contains="beslut")
    assert {letter.to for letter in letters} == {cast.harald.email, cast.kim.email, cast.rut.email}
    assert all(f"/svar/{case.slug}/1/" in letter.body and "Elever" not in letter.body for letter in letters)


def test_with_nothing_to_follow_up_the_case_is_closed_with_the_decision(stage, cast, now, papers):
    inspection = stage("drafting")
    decision = inspection.decisions.get()
    for number in (2, 1):
        drafting.drop_finding(finding=decision.findings.get(number=number), reason="Rättat", by=cast.ines, at=now)
    for step in ("fact_check", "checked", "proposed", "awaiting"):
        _step(step, inspection, cast, now, papers)
    inspection.case.refresh_from_db()
    assert (inspection.case.state_code, inspection.case.closing_reason) == (
        "closed",
        "Beslutet kräver ingen uppföljning.",
    )


def test_a_decision_about_one_child_is_never_published(stage, cast, places):
    inspection = stage("awaiting", type="individual", level="unit", areas=("unit.support", "unit.safety"))
    assert inspection.case.secrecy == "pupil"
    assert not inspection.decisions.get().issued.publishable


def test_a_second_lead_signs_what_the_first_one_presents(stage, cast, member, now, papers):
    decision = stage("proposed").decisions.get()
    other = User.objects.create_user("lo@example.se", "x", name="Lo Ledare")
    member(other, Role.LEAD_INSPECTOR, Place())
    Decision.objects.filter(pk=decision.pk).update(presenter=cast.lea)
    assert signing.sign(decision=decision, by=other, at=now, folder=papers).signed_by == "Lo Ledare"
