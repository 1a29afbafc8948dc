"""Steps about a finding that remains: taken, replaced, lifted, each with reason, day and person; what cannot be is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from likvard.site.cases.models import IssuedHappening
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.supervision import standing
from likvard.site.supervision.actions import closing, drafting, ladder, signing
from likvard.site.supervision.models import Finding, Rung
from likvard.site.supervision.permissions import after as permissions
from likvard.site.supervision.rules.ladder import Ending, Step

pytestmark = pytest.mark.django_db
WHY = {"reason": "Väntetiden är fortfarande två månader.", "conditions": "Högst 15 dagar två månader i rad."}


@pytest.fixture
def remaining(answered, assessed):
    """Finding 1, an injunction, assessed as remaining."""
    finding = answered.findings.get(number=1)
    assessed(finding, "remains")
    return Finding.objects.get(pk=finding.pk)


@pytest.fixture
def later(now):
    """A day on which the day in the injunction has passed."""
    return now + timedelta(days=120)


@pytest.fixture
def follow_up(remaining, cast, later, papers):
    """A signed follow-up decision with the same finding once more, now with a fine."""

    def make(*, recurs=True):
        decision = drafting.start_decision(
            inspection=remaining.decision.inspection, kind="follow_up", by=cast.ines, at=later
        )
        drafting.write_decision(
            decision=decision, background="Vi har läst redovisningen.", in_short="Bristen finns kvar.",
            report_due=(later + timedelta(days=90)).date(), by=cast.ines, at=later,
        )  # fmt: skip
        drafting.write_finding(
            decision=decision, area="unit.support", instrument="injunction", provisions=["skollagen 3:7"],
            measures=["elevers behov av särskilt stöd skyndsamt utreds"], fine=500_000, by=cast.ines, at=later,
            observed="Väntetiden är två månader.", assessment="Bristen kvarstår.", event_on=later.date(),
            observations=remaining.observations.all(), recurs=remaining if recurs else None,
        )  # fmt: skip
        signing.sign(decision=decision, by=cast.lea, at=later, folder=papers)
        decision.refresh_from_db()
        return decision

    return make


def take(cast, finding, step, at, **more):
    return ladder.escalate(finding=finding, step=step, **{**WHY, "by": cast.lea, "at": at, **more})


def test_an_injunction_is_the_first_step_without_a_row(remaining, today):
    assert standing.position(remaining, today).top == Step.INJUNCTION
    assert not Rung.objects.exists()


def test_that_the_next_step_is_considered_is_a_note_that_is_not_published(cast, remaining, now):
    made = take(cast, remaining, Step.CONSIDERED, now, by=cast.ines)
    assert (made.reason, made.conditions, made.since, made.by) == (*WHY.values(), now.date(), cast.ines)
    assert not IssuedHappening.objects.filter(what="escalated").exists()


@pytest.mark.parametrize("missing", WHY)
def test_a_step_needs_reasons_and_conditions(cast, remaining, now, missing):
    with pytest.raises(CaseError, match="needs its reasons"):
        take(cast, remaining, Step.CONSIDERED, now, **{missing: " "})


def test_only_whoever_leads_goes_further_than_to_consider(cast, remaining, now, today):
    with pytest.raises(Denied):
        take(cast, remaining, Step.COURT, now, by=cast.ines)
    allowed = [permissions.can_escalate(cast.ines, remaining, step, on=today) for step in Step]
    assert allowed == [True, False, False, False, False]


def test_a_fine_takes_a_signed_follow_up_decision(cast, remaining, later):
    with pytest.raises(CaseError, match="signed follow-up decision"):
        take(cast, remaining, Step.FINE, later, fine=500_000, due=later.date() + timedelta(days=90))
    with pytest.raises(CaseError, match="signed follow-up decision"):
        take(cast, remaining, Step.FINE, later, fine=500_000, decision=remaining.decision)


def test_a_fine_takes_the_place_of_what_was_considered(cast, remaining, follow_up, later, now):
    noted = take(cast, remaining, Step.CONSIDERED, now)
    due = later.date() + timedelta(days=90)
    made = take(cast, remaining, Step.FINE, later, fine=500_000, due=due, decision=follow_up(recurs=False))
    noted.refresh_from_db()
    assert (noted.ending, noted.ended_on, noted.ended_by) == ("replaced", later.date(), cast.lea)
    assert (made.since, made.fine) == (later.date(), 500_000)
    told = IssuedHappening.objects.get(what="escalated")
    assert (told.point, told.text, told.day) == (remaining.point, WHY["reason"], later.date())


def test_the_court_is_asked_only_after_the_day_of_the_fine_and_an_assessment(
    cast, remaining, follow_up, later, assessed
):
    due = later.date() + timedelta(days=90)
    take(cast, remaining, Step.FINE, later, fine=500_000, due=due, decision=follow_up(recurs=False))
    after = later + timedelta(days=91)
    with pytest.raises(CaseError, match="has not passed"):
        take(cast, remaining, Step.COURT, later)
    with pytest.raises(CaseError, match="assessment, after that day"):
        take(cast, remaining, Step.COURT, after)
    assessed(remaining, "remains", at=after, seen_on=after.date())
    made = take(cast, remaining, Step.COURT, after)
    assert {rung.step for rung in remaining.rungs.standing()} == {"fine", "court"}
    ended = ladder.end_rung(
        rung=made, ending=Ending.CARRIED_OUT, on=after.date(), by=cast.lea, at=after, reason="Utdömt."
    )
    assert (ended.ending, ended.ended_by) == ("carried_out", cast.lea)


def test_a_step_is_lifted_with_reason_day_and_person_and_everybody_may_know(cast, remaining, follow_up, later):
    due = later.date() + timedelta(days=90)
    made = take(cast, remaining, Step.FINE, later, fine=1, due=due, decision=follow_up(recurs=False))
    end = {"rung": made, "ending": "lifted", "by": cast.lea, "at": later}
    with pytest.raises(CaseError, match="Say how"):
        ladder.end_rung(reason="", on=later.date(), **end)
    with pytest.raises(CaseError, match="first day of the step"):
        ladder.end_rung(reason="Villkoren håller.", on=later.date() - timedelta(days=1), **end)
    ladder.end_rung(reason="Villkoren håller.", on=later.date(), **end)
    assert IssuedHappening.objects.get(what="lifted").text == "Villkoren håller."
    with pytest.raises(CaseError, match="ended already"):
        ladder.end_rung(reason="En gång till.", on=later.date(), **end)


def test_a_revocation_against_a_municipality_is_refused_with_why(cast, remaining, follow_up, later):
    with pytest.raises(CaseError, match="kind of organiser"):
        take(cast, remaining, Step.SANCTION, later, instrument="revocation", decision=follow_up(recurs=False))


def test_a_finding_that_a_follow_up_decision_goes_on_with_ends_and_the_new_one_begins_with_a_fine(
    remaining, follow_up, later
):
    decision = follow_up()
    remaining.refresh_from_db()
    remaining.point.refresh_from_db()
    (new,) = decision.findings.all()
    assert (remaining.state, remaining.point.state, new.state) == ("ended", "ended", "open")
    assert standing.carried_by(remaining) == new
    assert standing.position(new, later.date()).top == Step.FINE
    assert standing.earlier_findings(new) == []  # it goes on with the old one: that is no recurrence


def test_closing_a_finding_ends_its_steps_as_met(cast, remaining, assessed, now):
    take(cast, remaining, Step.CONSIDERED, now)
    later = now + timedelta(hours=1)
    assessed(remaining, at=later)
    made = closing.propose_closing(
        finding=remaining,
        reason="Alla elever som behöver det har nu utretts inom femton dagar.",
        by=cast.ines,
        at=later,
    )
    closing.close_finding(closing=made, by=cast.lea, at=later)
    assert list(remaining.rungs.values_list("ending", flat=True)) == ["met"]


def test_the_database_keeps_no_fine_without_a_decision_or_a_sum(cast, remaining, now):
    made = take(cast, remaining, Step.CONSIDERED, now)
    for changes, name in (({"step": "fine", "fine": 1}, "rung_by_signed_decision"), ({"fine": 1}, "rung_only_a_fine")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Rung.objects.filter(pk=made.pk).update(**changes)


def test_the_day_of_a_fine_is_that_of_its_decision(cast, remaining, follow_up, later):
    decision = follow_up(recurs=False)
    made = take(
        cast,
        remaining,
        Step.FINE,
        later + timedelta(days=5),
        fine=1,
        due=later.date() + timedelta(days=90),
        decision=decision,
    )
    assert made.since == decision.decided_on == date(2026, 3, 14)
