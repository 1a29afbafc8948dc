"""The organiser answers: drafts, evidence with its own day, handing in, more time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from likvard.site.audit import chain, events
from likvard.site.cases import actions as of_cases
from likvard.site.cases import timing
from likvard.site.cases.models import Case, Clock, Issued, Outgoing
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.supervision import standing
from likvard.site.supervision.actions import answers, appeals, assessing
from likvard.site.supervision.models import Answer, Decision, Evidence, Extension
from likvard.site.supervision.permissions import after as permissions

pytestmark = pytest.mark.django_db
REPORT_DUE = date(2026, 2, 16)


def clocks(decision, duty):
    return list(decision.inspection.case.clocks.filter(duty=duty).order_by("pk"))


def write(cast, signed_decision, now, number=1, **more):
    return answers.save_answer(finding=signed_decision.findings.get(number=number), by=cast.kim, at=now, **more)


def test_a_partial_answer_is_saved_as_a_draft_and_can_be_changed(cast, signed_decision, now):
    write(cast, signed_decision, now, measure="En specialpedagog")
    made = write(cast, signed_decision, now + timedelta(hours=1), measure="Två specialpedagoger")
    assert Answer.objects.count() == 1
    assert made.is_draft
    assert answers.lacking(made) == ("the expected effect", "the day for it", "who is responsible")


def test_an_answer_that_is_not_whole_is_not_handed_in(cast, signed_decision, now):
    write(cast, signed_decision, now, measure="En specialpedagog")
    with pytest.raises(CaseError, match="No answer is whole"):
        answers.submit(decision=signed_decision, by=cast.harald, at=now)


def test_the_database_keeps_no_half_answer_as_handed_in(cast, signed_decision, answered, now):
    made = write(cast, signed_decision, now, measure="Mer")
    with pytest.raises(IntegrityError, match="answer_handed_in_is_whole"), transaction.atomic():
        Answer.objects.filter(pk=made.pk).update(report_back=answered.report_backs.get())


def test_handing_in_meets_the_clock_starts_the_follow_up_and_takes_the_case_on(answered, now):
    (report,) = clocks(answered, "report_back")
    (follow,) = clocks(answered, "follow_up")
    case = Case.objects.get(pk=answered.inspection_id)
    assert (report.met_on, follow.started, follow.due) == (now.date(), now.date(), date(2026, 1, 14))
    assert case.state_code == "follow_up"
    assert [finding.state for finding in answered.findings.all()] == ["reported", "reported"]


def test_everybody_may_know_that_it_was_reported_but_not_what_was_written(answered):
    told = answered.issued.happenings.filter(what="reported")
    assert [(one.point.number, one.text) for one in told] == [(1, ""), (2, "")]


def test_answers_to_some_findings_can_be_handed_in_and_the_clock_goes_on(cast, signed_decision, answer, now):
    answer(signed_decision.findings.get(number=1))
    made = answers.submit(decision=signed_decision, by=cast.harald, at=now)
    assert not made.complete
    assert clocks(signed_decision, "report_back")[0].is_going
    assert Case.objects.get(pk=signed_decision.inspection_id).state_code == "awaiting"


def test_the_receipt_is_sealed_in_the_chain_and_the_seal_tells_a_change(answered, cast):
    made = answered.report_backs.get()
    event = events.about(answered.inspection.case.subject).filter(what="supervision.reported").get()
    assert event.values["sha256"] == made.sha256 == answers.seal(made.answers.order_by("finding__number"))
    Evidence.objects.filter(answer__report_back=made).update(shows="Något annat")
    assert answers.seal(made.answers.order_by("finding__number")) != made.sha256
    assert chain.verify().broken is None


def test_whoever_hands_in_and_whoever_is_responsible_get_a_letter_that_tells_nothing_of_the_matter(
    cast, signed_decision, answer, now
):
    answer(signed_decision.findings.get(number=1))
    known = set(Outgoing.objects.values_list("pk", flat=True))
    answers.submit(decision=signed_decision, by=cast.harald, at=now, receipt="https://x/%(number)s/", page="https://y/")
    letters = Outgoing.objects.exclude(pk__in=known).order_by("pk")
    assert [letter.to for letter in letters] == ["harald@example.se", "ines@example.se"]
    assert "https://x/1/" in letters[0].body
    assert not any("special" in letter.body for letter in letters)


@pytest.mark.parametrize(
    ("who", "reads", "drafts", "submits"),
    [
        ("harald", True, True, True),
        ("kim", True, True, True),
        ("rut", True, True, False),
        ("other_harald", False, False, False),
        ("other_rut", False, False, False),
        ("anna", False, False, False),
        ("adam", False, False, False),
        ("sten", False, False, False),
        ("elsa", False, False, False),
        ("olle", False, False, False),
        ("ines", False, False, False),
        ("lea", False, False, False),
        ("petra", False, False, False),
        ("nils", False, False, False),
    ],
)
def test_who_reads_writes_and_hands_in_for_the_organiser(cast, signed_decision, today, who, reads, drafts, submits):
    user, finding = getattr(cast, who), signed_decision.findings.get(number=1)
    assert permissions.can_read(user, signed_decision, on=today) is reads
    assert permissions.can_draft(user, finding, on=today) is drafts
    assert permissions.can_submit(user, signed_decision, on=today) is submits
    assert permissions.can_ask_for_time(user, signed_decision, on=today) is submits


def test_a_draft_decision_is_not_there_for_the_organiser(cast, draft, today):
    assert not permissions.can_read(cast.harald, draft, on=today)


def test_whoever_is_excluded_from_the_case_reads_nothing_for_the_organiser(cast, signed_decision, now, today):
    of_cases.exclude(case=signed_decision.inspection.case, user=cast.kim, reason="Närstående", by=cast.lea, at=now)
    assert not permissions.can_read(cast.kim, signed_decision, on=today)


def test_a_membership_that_has_ended_opens_nothing(cast, signed_decision, today):
    cast.harald.memberships.update(end=today - timedelta(days=1))
    assert not permissions.can_read(cast.harald, signed_decision, on=today)


def test_what_is_not_followed_up_or_is_settled_is_not_answered(cast, signed_decision, now, today):
    finding = signed_decision.findings.get(number=1)
    type(finding).objects.filter(pk=finding.pk).update(state="ended")
    finding.refresh_from_db()
    with pytest.raises(CaseError, match="settled"):
        permissions.check_can_draft(cast.kim, finding, on=today)


def test_evidence_has_a_day_of_its_own_that_has_come(cast, signed_decision, now, papers):
    finding = signed_decision.findings.get(number=1)
    known = {"kind": "record", "title": "T", "shows": "S", "name": "a.pdf", "chunks": [b"%PDF-1.7"], "sensitive": True}
    made = answers.add_evidence(
        finding=finding, dated=date(2025, 9, 1), by=cast.rut, at=now, folder=papers, scanner="", **known
    )
    assert (made.dated, made.document.newest.uploaded_at) == (date(2025, 9, 1), now)
    with pytest.raises(CaseError, match="cannot be later than today"):
        answers.add_evidence(
            finding=finding, dated=date(2025, 11, 15), by=cast.rut, at=now, folder=papers, scanner="", **known
        )


def test_evidence_leaves_a_draft_but_not_what_was_handed_in(cast, signed_decision, answer, now):
    finding = signed_decision.findings.get(number=1)
    answer(finding)
    (draft,) = finding.evidence.all()
    assert standing.evidence_of(finding) == []  # an inspector does not see the draft
    answers.submit(decision=signed_decision, by=cast.harald, at=now)
    assert standing.evidence_of(finding) == [draft]
    with pytest.raises(CaseError, match="stays"):
        answers.withdraw_evidence(evidence=draft, by=cast.kim, at=now)


def test_an_infected_file_is_evidence_that_nobody_can_fetch(cast, signed_decision, now, papers):
    made = answers.add_evidence(
        finding=signed_decision.findings.get(number=1), kind="record", title="T", dated=now.date(), shows="S",
        name="a.pdf", chunks=[b"%PDF-1.7"], sensitive=False, by=cast.rut, at=now, folder=papers, scanner="false",
    )  # fmt: skip
    assert not made.document.newest.may_be_fetched


def ask(cast, decision, now, wanted=date(2026, 3, 16), **more):
    known = {"reason": "Vi väntar på skolans enkät.", "by": cast.kim, "at": now}
    return answers.ask_for_time(decision=decision, wanted=wanted, **{**known, **more})


def test_more_time_stops_the_old_clock_with_the_reason_and_starts_one_with_the_new_day(cast, signed_decision, now):
    asked = ask(cast, signed_decision, now)
    assessing.answer_extension(
        extension=asked, granted=date(2026, 3, 16), answer="Skälen räcker.", by=cast.ines, at=now
    )
    old, new = clocks(signed_decision, "report_back")
    assert (old.is_going, old.stopping_reason) == (False, "More time: Skälen räcker.")
    assert (new.is_going, new.due) == (True, date(2026, 3, 16))
    assert signed_decision.issued.happenings.filter(what="extended").exists()


def test_refused_more_time_has_a_reason_and_the_clock_goes_on(cast, signed_decision, now):
    asked = ask(cast, signed_decision, now)
    with pytest.raises(CaseError, match="Say why"):
        assessing.answer_extension(extension=asked, granted=None, answer=" ", by=cast.ines, at=now)
    made = assessing.answer_extension(extension=asked, granted=None, answer="Eleverna väntar.", by=cast.ines, at=now)
    assert made.state == "refused"
    assert [clock.due for clock in clocks(signed_decision, "report_back") if clock.is_going] == [REPORT_DUE]


@pytest.mark.parametrize("wanted", [REPORT_DUE, date(2026, 2, 1)])
def test_more_time_is_asked_for_beyond_the_day_that_holds(cast, signed_decision, now, wanted):
    with pytest.raises(CaseError, match="later than the one that holds"):
        ask(cast, signed_decision, now, wanted)


def test_more_time_is_asked_for_once_at_a_time_and_never_when_nothing_is_waited_for(
    cast, signed_decision, answered, now
):
    with pytest.raises(CaseError, match="No report-back is waited for"):
        ask(cast, signed_decision, now)


def test_a_second_request_waits_for_the_answer_to_the_first(cast, signed_decision, now):
    ask(cast, signed_decision, now)
    with pytest.raises(CaseError, match="asked for more time already"):
        ask(cast, signed_decision, now)


def test_a_request_falls_when_the_report_back_comes(cast, signed_decision, answer, now):
    asked = ask(cast, signed_decision, now)
    answer(signed_decision.findings.get(number=1))
    answer(signed_decision.findings.get(number=2))
    answers.submit(decision=signed_decision, by=cast.harald, at=now)
    assert Extension.objects.get(pk=asked.pk).state == "overtaken"
    with pytest.raises(CaseError, match="has been answered"):
        assessing.answer_extension(extension=asked, granted=date(2026, 3, 16), answer="Ja", by=cast.ines, at=now)


def test_more_time_granted_in_a_pause_loses_none_of_its_days(cast, signed_decision, now):
    (clock,) = clocks(signed_decision, "report_back")
    of_cases.pause_clock(clock=clock, reason="Vi väntar på en dom", by=cast.ines, at=now)
    later = now + timedelta(days=30)
    asked = ask(cast, signed_decision, later, date(2026, 4, 1))
    with pytest.raises(CaseError, match="More time cannot be less"):
        assessing.answer_extension(extension=asked, granted=REPORT_DUE, answer="Ja", by=cast.ines, at=later)
    assessing.answer_extension(extension=asked, granted=date(2026, 4, 1), answer="Ja", by=cast.ines, at=later)
    old, new = clocks(signed_decision, "report_back")
    assert (old.due, new.due) == (REPORT_DUE + timedelta(days=30), date(2026, 4, 1))
    assert [one.number for one in standing.findings_of(new)] == [1, 2]


def test_the_organiser_is_asked_again_about_what_remains(cast, answered, assessed, now):
    finding = answered.findings.get(number=1)
    with pytest.raises(CaseError, match="No finding is assessed"):
        assessing.ask_again(decision=answered, due=date(2026, 3, 1), reason="Mer behövs", by=cast.ines, at=now)
    later = now + timedelta(days=10)
    assessed(finding, "partly", at=later)
    assessing.ask_again(decision=answered, due=date(2026, 3, 1), reason="Mer behövs", by=cast.ines, at=later)
    case = Case.objects.get(pk=answered.inspection_id)
    assert (case.state_code, standing.report_clocks(case)[0].due) == ("awaiting", date(2026, 3, 1))
    assert not any(clock.is_going for clock in clocks(answered, "follow_up"))


def test_a_second_answer_is_a_new_version_and_the_first_stays_beside_it(cast, answered, assessed, answer, now):
    finding, later = answered.findings.get(number=1), now + timedelta(days=10)
    assessed(finding, "partly", at=later)
    answer(finding, at=later + timedelta(days=1))
    answers.submit(decision=answered, by=cast.kim, at=later + timedelta(days=1))
    finding.refresh_from_db()
    assert [one.number for one in finding.answers.all()] == [1, 2]
    assert (finding.state, finding.point.state) == ("reported", "reported")
    assert answered.report_backs.count() == 2


def test_the_organiser_confirms_that_it_has_the_decision_once(cast, signed_decision, now):
    answers.confirm_received(decision=signed_decision, by=cast.harald, at=now)
    answers.confirm_received(decision=signed_decision, by=cast.kim, at=now + timedelta(days=3))
    assert Decision.objects.get(pk=signed_decision.pk).received_on == now.date()


def test_the_principal_does_not_confirm_for_the_organiser(cast, signed_decision, now):
    with pytest.raises(Denied):
        answers.confirm_received(decision=signed_decision, by=cast.rut, at=now)


def test_a_decision_without_a_fine_is_not_appealed(cast, signed_decision, now):
    with pytest.raises(CaseError, match="cannot be appealed"):
        appeals.note_appeal(
            decision=signed_decision, came_on=now.date(), court="Förvaltningsrätten", by=cast.ines, at=now
        )


@pytest.fixture
def fined(signed_decision):
    """The decision as if its injunction carried a fine."""
    signed_decision.findings.filter(number=1).update(fine=500_000)
    return signed_decision


def test_an_appeal_stops_the_clock_of_legal_force_until_the_court_has_spoken(cast, fined, now):
    answers.confirm_received(decision=fined, by=cast.harald, at=now)
    (clock,) = clocks(fined, "legal_force")
    later = now + timedelta(days=7)
    made = appeals.note_appeal(decision=fined, came_on=later.date(), court="Förvaltningsrätten", by=cast.ines, at=later)
    assert not Clock.objects.get(pk=clock.pk).is_going
    with pytest.raises(CaseError, match="waits for the court"):
        appeals.note_legal_force(decision=fined, since=later.date(), by=cast.ines, at=later)
    end = later + timedelta(days=60)
    appeals.end_appeal(appeal=made, outcome="stands", ended_on=end.date(), note="", by=cast.ines, at=end)
    appeals.note_legal_force(decision=fined, since=end.date(), by=cast.ines, at=end)
    assert [one.what for one in Issued.objects.get(pk=fined.issued_id).happenings.all()] == ["appealed", "force"]


def test_without_an_appeal_a_decision_gains_legal_force_when_its_time_has_run_out(cast, fined, now):
    answers.confirm_received(decision=fined, by=cast.harald, at=now)
    fined.refresh_from_db()
    first = appeals.force_from(fined)
    assert first == date(2025, 12, 6)  # three weeks from 14 November, and the day after
    for days, refused in ((0, True), (21, True), (22, False)):
        day = now + timedelta(days=days)
        if refused:
            with pytest.raises(CaseError, match="at the earliest"):
                appeals.note_legal_force(decision=fined, since=day.date(), by=cast.ines, at=day)
        else:
            assert appeals.note_legal_force(decision=fined, since=day.date(), by=cast.ines, at=day).since == first


def test_the_follow_up_is_done_when_every_finding_has_been_judged(answered, assessed):
    (clock,) = clocks(answered, "follow_up")
    assessed(answered.findings.get(number=1))
    assert Clock.objects.get(pk=clock.pk).is_going
    assessed(answered.findings.get(number=2), "remains")
    assert not Clock.objects.get(pk=clock.pk).is_going


def test_the_case_waits_for_a_new_report_back_only_when_one_has_been_asked_for(cast, answered, now):
    case = Case.objects.get(pk=answered.inspection_id)
    with pytest.raises(CaseError, match="the organiser needs a day"):
        of_cases.move(case=case, code="ask_again", by=cast.ines, at=now, reason="Mer")


def test_a_report_back_that_has_not_come_is_not_said_to_have_come(cast, signed_decision, now):
    case = Case.objects.get(pk=signed_decision.inspection_id)
    with pytest.raises(CaseError, match="has not reported back"):
        of_cases.move(case=case, code="reported", by=cast.ines, at=now)
    assert of_cases.move(case=case, code="go_on", by=cast.ines, at=now, reason="Tiden är ute").state_code == "follow_up"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["pause", "resume", "extend", "wait"]), st.integers(1, 40)), max_size=8))
@example([("pause", 30), ("extend", 5), ("pause", 10), ("resume", 1)])
def test_whatever_is_paused_and_granted_the_organiser_never_loses_a_day(cast, signed_decision, now, deeds):
    with transaction.atomic():
        case, at = signed_decision.inspection.case, now
        held = REPORT_DUE
        for deed, days in deeds:
            clock = standing.report_clocks(case)[0]
            due = clock.value.due(at.date())
            try:
                match deed:
                    case "pause":
                        of_cases.pause_clock(clock=clock, reason="Väntar", by=cast.ines, at=at)
                    case "resume":
                        of_cases.resume_clock(clock=clock, by=cast.ines, at=at)
                    case "extend":
                        asked = ask(cast, signed_decision, at, due + timedelta(days=days))
                        granted = {"granted": asked.wanted, "answer": "Ja", "by": cast.ines, "at": at}
                        assessing.answer_extension(extension=asked, **granted)
                    case _:
                        at += timedelta(days=days)
            except CaseError:
                continue
            assert len(standing.report_clocks(case)) == 1
            newest = standing.report_clocks(case)[0].value.due(at.date())
            assert newest >= held
            held = newest
        transaction.set_rollback(True)


@pytest.mark.parametrize("start", [date(2028, 2, 1), date(2026, 3, 28), date(2026, 10, 24), date(2025, 12, 23)])
@pytest.mark.parametrize("paused", [0, 1, 29, 30])
def test_a_pause_before_more_time_moves_the_day_over_leap_day_summer_time_and_holidays(start, paused):
    clock = timing.Clock(started=start, first_due=start + timedelta(days=60))
    stood = timing.Clock(
        started=start, first_due=clock.first_due, pauses=(timing.Pause(start, start + timedelta(days=paused)),)
    )
    assert stood.due(start + timedelta(days=90)) == clock.first_due + timedelta(days=paused)
