"""The pages after the decision: the organiser's portal, the finding with its gate, the follow-up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from likvard.site.audit import events
from likvard.site.cases.models import Case, Outgoing
from likvard.site.supervision import shown_after, standing
from likvard.site.supervision.actions import answers, closing
from likvard.site.supervision.models import Extension, Finding, Rung

pytestmark = pytest.mark.django_db
REASON = "Alla elever som behöver det har utretts inom femton dagar sedan i höstas."
PDF = b"%PDF-1.7 nagot annat"


@pytest.fixture(autouse=True)
def _here(settings, papers, monkeypatch, now):
    settings.SECOND_FACTOR, settings.DOCUMENTS, settings.SCANNER = False, papers, ""
    settings.LANGUAGE_CODE = "en"
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def svar(signed_decision):
    """The address of the decision in the portal."""
    return shown_after.portal_address(signed_decision)


@pytest.fixture
def brist(signed_decision):
    """The address of the inspector's page of finding 1."""
    return shown_after.finding_address(signed_decision.findings.get(number=1))


def page(client, address, **more):
    response = client.get(address, headers={"accept-language": "en"}, **more)
    return response.status_code, response.content.decode()


WHOLE = {
    "measure": "En specialpedagog till.",
    "expected_effect": "Högst 15 dagar till utredning.",
    "expected_by": "2026-01-31",
    "responsible": "Skolchefen",
}


def test_the_list_says_how_many_decisions_wait(enter, cast, svar):
    status, text = page(enter(cast.harald), "/svar/")
    assert status == 200
    assert "<b>One decision waits for your answer.</b>" in text
    assert svar in text


@pytest.mark.parametrize(
    "who", ["anna", "adam", "sten", "elsa", "olle", "ines", "lea", "petra", "nils", "other_harald", "other_rut"]
)
def test_nobody_else_reaches_the_organisers_page_nor_learns_that_it_is_there(enter, cast, svar, who):
    client = enter(getattr(cast, who))
    there, missing = client.get(svar), client.get("/svar/SI-2025-999/1/")
    assert (there.status_code, missing.status_code) == (403, 403)


def test_the_public_is_asked_to_sign_in(enter, svar):
    assert "/konto/logga-in/" in enter(None).get(svar)["Location"]


@pytest.mark.parametrize("who", ["harald", "kim", "rut"])
def test_the_organisers_people_do_not_reach_the_case(enter, cast, signed_decision, brist, svar, who):
    client = enter(getattr(cast, who))
    assert client.get(svar).status_code == 200
    assert client.get(brist).status_code == 403
    assert client.get(f"/tillsyn/{signed_decision.inspection.case.slug}/").status_code == 403


def test_half_an_answer_is_saved_and_stands_there_again(enter, cast, svar):
    client = enter(cast.rut)
    client.post(svar + "brist/1/", {"measure": "En specialpedagog till."})
    status, text = page(client, svar + "brist/1/")
    assert status == 200
    assert "En specialpedagog till." in text
    assert "it lacks: the expected effect, the day for it, who is responsible" in text


def test_from_answer_to_receipt(enter, cast, svar, signed_decision):
    client = enter(cast.harald)
    for number in (1, 2):
        client.post(f"{svar}brist/{number}/", {**WHOLE, "back": "1"})
    file = SimpleUploadedFile("uppfoljning.pdf", PDF)
    client.post(
        svar + "brist/1/underlag/",
        {"file": file, "kind": "record", "title": "Utredningar", "dated": "2025-11-03", "shows": "Alla är utredda."},
    )
    assert "Utredningar" in page(client, svar + "lamna-in/")[1]
    response = client.post(svar + "lamna-in/")
    assert response["Location"] == svar + "kvitto/1/"
    status, text = page(client, svar + "kvitto/1/")
    assert status == 200
    assert "What happens next" in text
    assert "14\xa0January\xa02026" in text
    assert Case.objects.get(pk=signed_decision.inspection_id).state_code == "follow_up"


def test_the_principal_finds_no_button_to_hand_in_and_is_refused(enter, cast, svar, answer, signed_decision):
    answer(signed_decision.findings.get(number=1))
    client = enter(cast.rut)
    assert "lamna-in" not in page(client, svar)[1]
    assert client.post(svar + "lamna-in/").status_code == 403


def test_the_earlier_answer_stands_beside_the_new_one_and_can_be_copied(enter, cast, answered, assessed, now, svar):
    assessed(answered.findings.get(number=1), "partly")
    client = enter(cast.kim)
    _status, text = page(client, svar + "brist/1/")
    assert "Alla elever ska ha fått stöd." in text
    assert "kopiera=1" in text
    assert text.count("En specialpedagog till.") == 1
    assert page(client, svar + "brist/1/?kopiera=1")[1].count("En specialpedagog till.") == 2


def test_the_signed_decision_and_the_own_file_are_fetched_as_something_to_save(enter, cast, answered, svar):
    client = enter(cast.kim)
    pdf = client.get(svar + "beslut.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert "attachment" in pdf["Content-Disposition"]
    evidence = answered.findings.get(number=1).evidence.get()
    assert client.get(f"{svar}fil/{evidence.document_id}/").content.startswith(b"%PDF-1.7 uppfoljning")


def test_what_holds_personal_data_goes_back_only_to_whoever_brought_it_and_the_principal(enter, cast, answered, svar):
    evidence = answered.findings.get(number=1).evidence.get()
    evidence.document.sensitive = True
    evidence.document.save()
    address = f"{svar}fil/{evidence.document_id}/"
    assert {who: enter(getattr(cast, who)).get(address).status_code for who in ("kim", "rut", "harald")} == {
        "kim": 200, "rut": 200, "harald": 403,
    }  # fmt: skip


def test_a_document_of_the_case_that_is_no_evidence_is_not_fetched_in_the_portal(enter, cast, answered, svar):
    assert enter(cast.kim).get(f"{svar}fil/{answered.issued.document_id}/").status_code == 404


def test_more_time_is_asked_for_and_granted(enter, cast, svar, signed_decision):
    enter(cast.kim).post(svar + "mer-tid/", {"wanted": "2026-03-16", "reason": "Enkäten görs i februari."})
    asked = Extension.objects.get()
    client = enter(cast.ines)
    follow = f"/tillsyn/{signed_decision.inspection.case.slug}/uppfoljning/1/"
    assert "Enkäten görs i februari." in page(client, follow)[1]
    missing = client.post(f"{follow}mer-tid/{asked.pk}/", {"verdict": "yes", "answer": "Rimligt."})
    assert "Give the day." in missing.content.decode()
    client.post(f"{follow}mer-tid/{asked.pk}/", {"verdict": "yes", "granted": "2026-03-16", "answer": "Rimligt."})
    assert standing.report_clocks(signed_decision.inspection.case)[0].due == date(2026, 3, 16)
    assert "Rimligt." in page(enter(cast.kim), svar)[1]


def test_the_gate_says_what_is_missing_and_leads_to_it(enter, cast, answered, brist):
    _status, text = page(enter(cast.ines), brist)
    assert "Not yet." in text
    assert "None of the three conditions is met." in text
    for deed in ("bedom", "skal"):
        assert f"{brist}{deed}/" in text


def test_a_finding_is_assessed_proposed_and_closed_by_two_people_on_the_pages(enter, cast, answered, brist, now):
    finding = answered.findings.get(number=1)
    ines, lea = enter(cast.ines), enter(cast.lea)
    ines.post(
        brist + "bedom/",
        {
            "outcome": "remedied", "seen": "papers", "seen_on": "2025-11-14", "reasons": "Tio akter lästa.",
            "rests_on": [one.pk for one in standing.evidence_of(finding)],
        },
    )  # fmt: skip
    ines.post(brist + "skal/", {"reason": REASON})
    assert f'action="{brist}stang/"' not in page(ines, brist)[1]
    ines.post(brist + "stang/")
    assert Finding.objects.get(pk=finding.pk).state == "reported"
    assert f'action="{brist}stang/"' in page(lea, brist)[1]
    lea.post(brist + "stang/")
    assert Finding.objects.get(pk=finding.pk).state == "remedied"
    assert REASON in page(ines, brist)[1]


def test_a_step_that_the_law_does_not_allow_is_refused_on_the_page_with_why(enter, cast, answered, brist):
    client = enter(cast.lea)
    response = client.post(brist + "stegen/court/", {"reason": "Nu", "conditions": "Då"})
    assert response.status_code == 200
    assert not Rung.objects.exists()
    client.post(brist + "stegen/considered/", {"reason": "Nu", "conditions": "Då"})
    assert Rung.objects.get().conditions == "Då"


def test_recurrence_and_reopening_are_counted_on_the_page(enter, cast, answered, assessed, brist, now):
    finding = answered.findings.get(number=1)
    assessed(finding)
    made = closing.propose_closing(finding=finding, reason=REASON, by=cast.ines, at=now)
    closing.close_finding(closing=made, by=cast.lea, at=now)
    enter(cast.ines).post(brist + "oppna/", {"reason": "Väntetiden är lång igen."})
    _status, text = page(enter(cast.ines), brist)
    assert "Opened again" in text
    assert "1 time" in text


def test_a_finding_that_is_not_there_gives_the_same_as_one_of_a_draft(enter, cast, draft):
    client, start = enter(cast.lea), f"/tillsyn/{draft.inspection.case.slug}/brist/"
    assert {client.get(f"{start}{n}/").status_code for n in ("1", "9", "1-1", "x", "1-x")} == {404}


def test_each_deed_of_the_portal_leaves_an_event(enter, cast, svar, signed_decision):
    client = enter(cast.harald)
    client.post(svar + "mottaget/")
    client.post(svar + "brist/1/", WHOLE)
    client.post(svar + "lamna-in/")
    done = [event.what for event in events.about(signed_decision.inspection.case.subject)]
    for what in ("supervision.received", "supervision.answer_saved", "supervision.reported", "case.happened"):
        assert what in done


def test_the_draft_of_the_organiser_is_nowhere_on_the_inspectors_pages(enter, cast, signed_decision, brist, now):
    finding = signed_decision.findings.get(number=1)
    answers.save_answer(finding=finding, measure="KANARIEFAGEL", by=cast.kim, at=now)
    client = enter(cast.ines)
    follow = f"/tillsyn/{signed_decision.inspection.case.slug}/uppfoljning/1/"
    for address in (brist, follow, f"/tillsyn/{signed_decision.inspection.case.slug}/"):
        status, text = page(client, address)
        assert status == 200
        assert "KANARIEFAGEL" not in text


def test_a_case_with_open_findings_cannot_be_closed_and_says_which(enter, cast, answered):
    case = Case.objects.get(pk=answered.inspection_id)
    for clock in case.clocks.all().going():
        clock.met_at, clock.met_on, clock.met_by = clock.case.opened_at, clock.started, cast.ines
        clock.save()
    _status, text = page(enter(cast.ines), f"/arenden/{case.slug}/")
    assert "Findings are not settled: 1 (reported back), 2 (reported back)" in text


def test_the_letters_tell_where_to_read(enter, cast, svar, answer, signed_decision):
    answer(signed_decision.findings.get(number=1))
    enter(cast.harald).post(svar + "lamna-in/")
    letter = Outgoing.objects.filter(to="harald@example.se").last()
    assert svar + "kvitto/1/" in letter.body


def test_the_days_are_counted_by_the_clock_and_not_by_who_looks(enter, cast, svar, signed_decision, now):
    before = standing.report_clocks(signed_decision.inspection.case)[0].value.due(now.date())
    page(enter(cast.harald), svar)
    after = standing.report_clocks(signed_decision.inspection.case)[0].value.due((now + timedelta(days=9)).date())
    assert before == after == date(2026, 2, 16)
