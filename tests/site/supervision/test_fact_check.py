"""The organiser checks the facts at its portal; the inspectors see nothing of it before the answer, then all of it beside the draft."""

from __future__ import annotations

from datetime import timedelta

import pytest

from likvard.site.cases.models import Outgoing
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.supervision.actions import drafting
from likvard.site.supervision.models import FactCheck

BARRED = (
    "olle",
    "sten",
    "elsa",
    "anna",
    "adam",
    "other_harald",
    "other_rut",
    "bea",
    "lis",
    "petra",
    "nils",
    "ines",
    "lea",
)


@pytest.fixture
def check(stage):
    """A draft that has been sent to Ekvik."""
    return stage("fact_check").decisions.get().checks.get()


@pytest.fixture
def address(check):
    """Where the organiser reads it."""
    return f"/svar/{check.decision.inspection.case.slug}/faktagranskning/"


def _place(check: FactCheck) -> int:
    """A part of the draft that is a paragraph."""
    return next(n for n, block in enumerate(check.content["blocks"]) if block["kind"] == "paragraph" and n > 3)


@pytest.mark.parametrize("who", ["harald", "kim", "rut"])
def test_the_organisers_people_read_the_draft_as_it_was_sent(who, check, address, cast, enter):
    page = enter(getattr(cast, who)).get(address)
    assert page.status_code == 200
    assert "förelägger" in page.content.decode()


@pytest.mark.parametrize("who", BARRED)
def test_nobody_else_reads_it_not_even_the_inspectors_there(who, check, address, cast, enter):
    assert enter(getattr(cast, who)).get(address).status_code in (302, 403, 404)


def test_the_public_is_asked_to_sign_in(check, address, enter):
    assert enter(None).get(address).status_code in (302, 401, 403)


def test_a_draft_that_was_not_sent_is_refused_in_the_same_words_as_one_that_is_not_there(draft, cast, enter):
    client = enter(cast.harald)
    there = client.get(f"/svar/{draft.inspection.case.slug}/faktagranskning/")
    none = client.get("/svar/SI-1999-1/faktagranskning/")
    assert there.status_code == none.status_code == 403


def test_what_was_sent_stays_as_it_was_sent(check, cast, now, address, enter):
    drafting.answer_check(check=check, by=cast.kim, at=now)
    drafting.end_check(check=check, by=cast.ines, at=now)
    drafting.write_decision(decision=check.decision, background="Nya ord som ingen har sett.", by=cast.ines, at=now)
    assert "Nya ord" not in enter(cast.harald).get(address).content.decode()


def test_remarks_are_kept_and_changed_until_the_answer_is_given(check, cast, now, address, enter):
    place, client = _place(check), enter(cast.rut)
    for text in ("Först", "Sedan"):
        client.post(address, {f"block-{place}": text, "keep": "1"})
    assert [row.text for row in check.remarks.all()] == ["Sedan"]
    client.post(address, {f"block-{place}": "", "keep": "1"})
    assert not check.remarks.exists()


def test_the_principal_remarks_but_does_not_answer_for_the_organiser(check, cast, now, address, enter):
    answer = enter(cast.rut).post(address, {"answer": "1"})
    check.refresh_from_db()
    assert answer.status_code == 403
    assert check.answered_at is None
    with pytest.raises(Denied):
        drafting.answer_check(check=check, by=cast.rut, at=now)


def test_the_inspectors_do_not_read_over_the_organisers_shoulder(check, cast, now, enter):
    drafting.remark(check=check, place=_place(check), text="Kanariefågel", by=cast.rut, at=now)
    page = f"/tillsyn/{check.decision.inspection.case.slug}/faktagranskning/"
    assert "Kanariefågel" not in enter(cast.ines).get(page).content.decode()
    drafting.answer_check(check=check, by=cast.harald, at=now)
    assert "Kanariefågel" in enter(cast.ines).get(page).content.decode()


def test_no_remark_is_an_answer_too_and_the_inspector_is_told(check, cast, now, address, enter):
    enter(cast.harald).post(address, {"answer": "1"})
    check.refresh_from_db()
    assert check.nothing
    assert check.answered_by == cast.harald
    assert Outgoing.objects.filter(to=cast.ines.email, subject__contains="granskat fakta").exists()


def test_an_answer_is_not_changed(check, cast, now):
    drafting.answer_check(check=check, by=cast.harald, at=now)
    with pytest.raises(CaseError, match="answer has been given"):
        drafting.remark(check=check, place=1, text="Nej", by=cast.rut, at=now)


def test_the_draft_is_not_changed_while_the_organiser_reads_it(check, cast, now):
    with pytest.raises(CaseError, match="checking the draft"):
        drafting.write_decision(decision=check.decision, in_short="Nytt", by=cast.ines, at=now)


def test_an_answer_is_waited_for_until_its_day_unless_there_is_a_reason(check, cast, now):
    with pytest.raises(CaseError, match="has time until"):
        drafting.end_check(check=check, by=cast.ines, at=now)
    late = drafting.end_check(check=check, by=cast.ines, at=now + timedelta(days=15))
    assert late.decision.inspection.case.state_code == "fact_check"
    late.decision.inspection.case.refresh_from_db()
    assert late.decision.inspection.case.state_code == "drafting"
    assert late.clock.stopped_at is None
    late.clock.refresh_from_db()
    assert late.clock.stopped_at is not None


def test_each_remark_is_judged_and_a_text_that_stands_needs_a_reason(check, cast, now):
    row = drafting.remark(check=check, place=_place(check), text="Fel", by=cast.kim, at=now)
    drafting.answer_check(check=check, by=cast.kim, at=now)
    with pytest.raises(CaseError, match="why if the text stands"):
        drafting.judge_remark(remark=row, outcome="kept", by=cast.ines, at=now)
    drafting.judge_remark(remark=row, outcome="taken", by=cast.ines, at=now)
    row.refresh_from_db()
    assert (row.outcome, row.judged_by) == ("taken", cast.ines)


def test_a_remark_on_a_part_that_is_not_there_is_refused(check, cast, now):
    with pytest.raises(CaseError, match="no such part"):
        drafting.remark(check=check, place=999, text="Nej", by=cast.kim, at=now)


def test_a_draft_that_is_not_whole_is_not_sent(draft, cast, now):
    drafting.write_finding(decision=draft, finding=draft.findings.get(number=1), measures=[], by=cast.ines, at=now)
    with pytest.raises(CaseError, match="Finding 1: State the measures"):
        drafting.send_draft(decision=draft, due=now.date() + timedelta(days=9), by=cast.ines, at=now)
