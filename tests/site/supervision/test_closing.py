"""A finding closes through the gate, is opened again, ends, comes back; its public point always stands the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from likvard.site.cases.models import Case, IssuedHappening
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.supervision import standing
from likvard.site.supervision.actions import assessing, closing
from likvard.site.supervision.models import Closing, Finding
from likvard.site.supervision.permissions import after as permissions
from likvard.site.supervision.rules.gate import Met

pytestmark = pytest.mark.django_db
REASON = "Alla elever som behöver det har utretts inom femton dagar sedan i höstas."


@pytest.fixture
def support(answered):
    """Finding 1: on support; two pairs of eyes, no visit needed."""
    return answered.findings.get(number=1)


@pytest.fixture
def safety(answered):
    """Finding 2: on safety; a visit and two pairs of eyes."""
    return answered.findings.get(number=2)


@pytest.fixture
def propose(cast, now):
    def write(finding, **more):
        return closing.propose_closing(finding=finding, **{"reason": REASON, "by": cast.ines, "at": now, **more})

    return write


@pytest.fixture
def closed(support, assessed, propose, cast, now):
    assessed(support)
    return closing.close_finding(closing=propose(support), by=cast.lea, at=now)


def same(finding):
    """The state of a finding and of its point, which are always the same."""
    found = Finding.objects.select_related("point").get(pk=finding.pk)
    assert found.state == found.point.state
    assert found.state_since == found.point.state_since
    return found.state


def test_a_finding_closes_when_the_result_shows_it_somebody_has_seen_it_and_everybody_can_read_why(closed, cast, now):
    assert same(closed) == "remedied"
    assert (closed.closed_by, closed.closing_reason, closed.seen) == (cast.lea, REASON, "visit")
    told = IssuedHappening.objects.get(point=closed.point, what="closed")
    assert (told.text, told.seen, told.day) == (REASON, "visit", now.date())


def test_the_gate_tells_how_far_it_has_come(support, assessed, propose, cast):
    def met():
        return [line.met for line in standing.gate_of(Finding.objects.get(pk=support.pk)).lines]

    assert met() == [Met.PARTLY, Met.NO, Met.NO]
    assessed(support, seen="papers")
    assert met() == [Met.YES, Met.YES, Met.NO]
    propose(support)
    assert met() == [Met.YES, Met.YES, Met.PARTLY]
    assert standing.gate_of(support, approver=cast.lea).open
    assert not standing.gate_of(support, approver=cast.ines).open


def test_without_an_assessment_nothing_closes(support, propose, cast, now):
    with pytest.raises(CaseError, match="cannot be closed yet") as error:
        closing.close_finding(closing=propose(support), by=cast.lea, at=now)
    assert "Somebody has seen it" in str(error.value.remedy)
    assert same(support) == "reported"


def test_on_safety_papers_are_not_enough(safety, assessed, propose, cast, now):
    assessed(safety, seen="papers")
    with pytest.raises(CaseError):
        closing.close_finding(closing=propose(safety), by=cast.lea, at=now)
    assessed(safety, at=now + timedelta(minutes=1))
    assert (
        closing.close_finding(closing=standing.proposal(safety), by=cast.lea, at=now + timedelta(hours=1)).seen
        == "visit"
    )


def test_a_plan_is_no_evidence_that_the_deficiency_is_gone(signed_decision, answer, assessed, propose, cast, now):
    finding = signed_decision.findings.get(number=1)
    made = assessing.note_evidence(
        finding=finding, kind="plan", title="Plan", dated=now.date(), shows="Vad som ska göras", by=cast.ines, at=now
    )
    assessed(finding, rests_on=[made])
    with pytest.raises(CaseError):
        closing.close_finding(closing=propose(finding), by=cast.lea, at=now)


def test_whoever_wrote_the_proposal_does_not_close_it_where_two_must_agree(support, assessed, propose, cast, now):
    assessed(support)
    with pytest.raises(CaseError, match="second person"):
        closing.close_finding(closing=propose(support), by=cast.ines, at=now)


def test_the_database_holds_two_pairs_of_eyes(closed):
    made = Closing.objects.get(finding=closed)
    with pytest.raises(IntegrityError, match="two_pairs_of_eyes"), transaction.atomic():
        Closing.objects.filter(pk=made.pk).update(decided_by=made.proposed_by)


@pytest.mark.parametrize(
    ("who", "follows", "decides"),
    [
        ("ines", True, False),
        ("lea", True, True),
        ("harald", False, False),
        ("kim", False, False),
        ("rut", False, False),
        ("petra", False, False),
        ("bea", False, False),
        ("nils", False, False),
        ("olle", False, False),
        ("other_harald", False, False),
    ],
)
def test_who_assesses_and_who_closes(support, propose, cast, today, who, follows, decides):
    made, user = propose(support), getattr(cast, who)
    assert permissions.can_assess(user, support, on=today) is follows
    assert permissions.can_decide_closing(user, made, on=today) is decides


def test_a_proposal_is_rewritten_by_whoever_wrote_it_and_by_nobody_else(support, propose, cast):
    first = propose(support)
    assert propose(support, reason="En bättre text som säger varför den kan stängas.").pk == first.pk
    with pytest.raises(CaseError, match="has proposed"):
        propose(support, by=cast.lea)


def test_a_proposal_is_sent_back_with_why_and_a_new_one_can_be_written(support, propose, cast, now):
    first = propose(support)
    closing.send_back(closing=first, answer="Skriv vad eleverna säger.", by=cast.lea, at=now)
    second = propose(support)
    assert (Closing.objects.get(pk=first.pk).state, second.state) == ("sent_back", "proposed")


def test_a_finding_that_is_opened_again_is_counted_and_keeps_how_it_had_been_closed(closed, cast, now):
    later = now + timedelta(days=40)
    closing.reopen(finding=closed, reason="Väntetiden är lång igen.", by=cast.ines, at=later)
    found = Finding.objects.get(pk=closed.pk)
    assert (same(found), found.reopened, found.closed_at) == ("remains", 1, None)
    made = found.closings.get()
    assert (made.state, made.reason, made.reopening_reason) == ("reopened", REASON, "Väntetiden är lång igen.")


def test_what_was_assessed_before_a_finding_was_opened_again_no_longer_counts(closed, propose, cast, now):
    later = now + timedelta(days=40)
    closing.reopen(finding=closed, reason="Väntetiden är lång igen.", by=cast.ines, at=later)
    with pytest.raises(CaseError):
        closing.close_finding(closing=propose(closed, at=later), by=cast.lea, at=later)
    assert standing.awaits_answer(Finding.objects.get(pk=closed.pk))


def test_a_settled_finding_is_not_assessed(closed, assessed):
    with pytest.raises(CaseError, match="settled"):
        assessed(closed)


def test_an_assessment_says_what_is_missing_and_was_seen_after_the_decision(support, assessed, now):
    with pytest.raises(CaseError, match="what is missing"):
        assessed(support, "remains", missing=" ")
    for day in (now.date() - timedelta(days=1), now.date() + timedelta(days=1)):
        with pytest.raises(CaseError, match="after the decision"):
            assessed(support, seen_on=day)


def test_an_assessment_rests_on_evidence_of_its_own_finding(support, safety, assessed):
    with pytest.raises(CaseError, match="another finding"):
        assessed(support, rests_on=standing.evidence_of(safety))


def test_a_finding_ends_by_the_lead_alone_and_with_a_reason(support, cast, now):
    with pytest.raises(Denied):
        closing.end_finding(finding=support, reason="Skolan är nedlagd.", by=cast.ines, at=now)
    with pytest.raises(CaseError, match="Say why"):
        closing.end_finding(finding=support, reason="", by=cast.lea, at=now)
    closing.end_finding(finding=support, reason="Skolan är nedlagd.", by=cast.lea, at=now)
    assert same(support) == "ended"


def test_the_case_closes_only_when_every_finding_is_settled(support, safety, closed, cast, now):
    case = Case.objects.get(pk=support.decision.inspection_id)
    assert standing.unsettled(case) == [safety]
    closing.end_finding(finding=safety, reason="Skolan är nedlagd.", by=cast.lea, at=now)
    assert standing.unsettled(case) == []


def test_the_same_deficiency_at_the_unit_that_continues_the_old_one_recurs(closed, stage, places, now):
    old = Case.objects.get(pk=closed.decision.inspection_id)
    Case.objects.filter(pk=old.pk).update(unit=places.gammal)  # as if it had been there
    new = stage("awaiting").decisions.get().findings.get(number=1)
    assert [one.pk for one in standing.earlier_findings(new)] == [closed.pk]
    assert standing.earlier_findings(closed) == []


DEEDS = ("partly", "remains", "remedied", "propose", "close", "reopen", "end")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(DEEDS), min_size=1, max_size=7))
def test_whatever_is_done_finding_and_point_stand_the_same_and_closed_has_a_public_reason(
    support, assessed, propose, cast, now, deeds
):
    with transaction.atomic():
        at = now
        for deed in deeds:
            at += timedelta(minutes=1)
            finding = Finding.objects.get(pk=support.pk)
            try:
                match deed:
                    case "propose":
                        propose(finding, at=at)
                    case "close":
                        closing.close_finding(
                            closing=standing.proposal(finding) or Closing(finding=finding), by=cast.lea, at=at
                        )
                    case "reopen":
                        closing.reopen(finding=finding, reason="Igen", by=cast.ines, at=at)
                    case "end":
                        closing.end_finding(finding=finding, reason="Slut", by=cast.lea, at=at)
                    case outcome:
                        assessed(finding, outcome, at=at)
            except (CaseError, Closing.DoesNotExist):
                continue
            if same(support) == "remedied":
                told = IssuedHappening.objects.filter(point=support.point, what="closed").last()
                assert told.text == REASON
        transaction.set_rollback(True)


def test_a_closing_reason_stands_in_the_timeline_with_who_and_when(closed):
    told = closed.decision.inspection.case.issued.get().happenings.filter(what="closed").get()
    assert (told.by.name, told.day) == ("Lea Ledare", date(2025, 11, 14))


def test_a_visit_before_the_decision_shows_nothing_of_what_has_been_remedied(support, assessed, now):
    (visit,) = support.decision.inspection.visits.all()
    type(visit).objects.filter(pk=visit.pk).update(done_on=now.date() - timedelta(days=3))
    visit.refresh_from_db()
    with pytest.raises(CaseError, match="after the decision"):
        assessed(support, visit=visit)
