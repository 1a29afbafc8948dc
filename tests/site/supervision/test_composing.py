"""The decision as a document: its sections, the law as it was worded, how to appeal only where one can, and its plain twin."""

from __future__ import annotations

from datetime import date

import pytest

from likvard.site.supervision.actions import drafting
from likvard.site.supervision.composing import Parts, decision_text, facts, plain_text
from likvard.site.supervision.models import Decision
from likvard.site.writing.pdf import pdf
from likvard.site.writing.text import Heading
from likvard.site.writing.text import plain_text as words_of

DECIDED = date(2025, 11, 14)


def _text(decision: Decision, **more) -> str:
    return words_of(decision_text(decision, **more))


def _headings(decision: Decision) -> list[str]:
    return [block.text for block in decision_text(decision).blocks if isinstance(block, Heading) and block.level == 2]


@pytest.fixture
def changed(draft, cast, now):
    """The draft with a finding written otherwise."""

    def change(number: int = 1, **fields):
        drafting.write_finding(
            decision=draft, finding=draft.findings.get(number=number), by=cast.ines, at=now, **fields
        )
        return Decision.objects.get(pk=draft.pk)

    return change


def test_it_has_the_sections_of_a_decision(signed_decision):
    assert _headings(signed_decision) == [
        "Skolinspektionens beslut",
        "Skäl för beslutet",
        "Bakgrund och hur tillsynen har gjorts",
        "Uppföljning",
        "Beslutsfattare",
    ]


def test_the_addressee_is_the_organiser_also_of_a_decision_about_a_school(signed_decision):
    written = decision_text(signed_decision)
    assert written.addressee == ("Ekviks kommun", "Org.nr 212000-9991", "Björkskolan, skolenhetskod 90000001")
    assert "förelägger med stöd av 26 kap. 10 § skollagen Ekviks kommun" in words_of(written)


def test_it_says_who_decided_who_presented_and_who_took_part(draft, cast, now, stage):
    drafting.write_decision(decision=draft, took_part="Åsa Chef", by=cast.ines, at=now)
    written = decision_text(
        draft, parts=Parts.of(Decision.objects.get(pk=draft.pk), decided=DECIDED, signer="Lea Ledare")
    )
    assert written.signatures == (("Beslutsfattare", "Lea Ledare"), ("Föredragande", "Ines Inspektör"))
    assert "också deltagit Åsa Chef" in words_of(written)


def test_a_plain_injunction_cannot_be_appealed_and_says_nothing_of_how(signed_decision):
    assert "Beslutet kan inte överklagas (28 kap. 18 § skollagen)." in _text(signed_decision)
    assert "Hur man överklagar" not in _headings(signed_decision)


def test_an_injunction_with_a_fine_says_how_it_is_appealed(changed):
    decision = changed(fine=500_000, hinders_goals=True)
    text = _text(decision)
    assert "26 kap. 10 och 27 §§ skollagen Ekviks kommun att, vid vite om 500\N{NO-BREAK SPACE}000 kronor" in text
    assert "Beslutet kan överklagas i den del som gäller brist 1." in text
    assert _headings(decision)[-1] == "Hur man överklagar"


def test_a_draft_for_the_check_of_facts_is_neither_signed_nor_appealed(changed):
    written = decision_text(changed(fine=500_000), draft=True)
    assert written.draft
    assert not written.signatures
    assert "överklagas" not in words_of(written)


def test_why_there_is_no_fine_stands_in_the_reasons(changed):
    decision = changed(hinders_goals=True, no_fine_reason="Huvudmannen har redan börjat.")
    assert "Särskilda skäl finns: Huvudmannen har redan börjat." in _text(decision)


@pytest.mark.parametrize(
    ("event_on", "says", "not_yet"),
    [
        (date(2026, 7, 31), "Personal anmäler till rektor", "All personal ska aktivt"),
        (date(2026, 8, 1), "All personal ska aktivt uppmärksamma", "Personal anmäler till rektor"),
    ],
)
def test_a_finding_is_judged_by_the_law_as_it_was_worded_on_the_day(event_on, says, not_yet, draft):
    draft.findings.filter(number=2).update(event_on=event_on)
    text = _text(Decision.objects.get(pk=draft.pk))
    assert says in text
    assert not_yet not in text


def test_a_heading_is_that_of_the_day_of_the_event(draft):
    draft.findings.filter(number=1).update(event_on=date(2028, 7, 1))
    assert "Stödundervisning och särskilt stöd" in _text(Decision.objects.get(pk=draft.pk))


def test_an_area_without_a_finding_is_said_to_have_none(draft, cast, now):
    drafting.drop_finding(finding=draft.findings.get(number=2), reason="Rättat", by=cast.ines, at=now)
    text = _text(Decision.objects.get(pk=draft.pk))
    assert "Trygghet, studiero och åtgärder mot kränkande behandling\nInga brister har framkommit." in text


def test_to_refrain_is_written_with_its_point_and_is_a_finding(changed):
    decision = changed(instrument="refrain", refrain="rectified", measures=[])
    assert "26 kap. 12 § 2 skollagen från att ingripa" in _text(decision)
    assert facts(Parts.of(decision))["points"][0]["instrument"] == "refrain"
    assert "unit.support" not in facts(Parts.of(decision))["areas_without_findings"]


def test_an_audit_judges_on_its_scale_and_orders_nothing(opened, stage, places, cast, now):
    inspection = opened(type="audit", level="organiser", place=places.ekvik, areas=("audit.compensation",))
    decision = Decision.objects.create(
        inspection=inspection, number=1, presenter=cast.ines, made_at=now, made_by=cast.ines
    )
    finding = decision.findings.create(
        number=1, area="audit.compensation", judgement=1, event_on=DECIDED, observed="Så", assessment="Därför"
    )
    drafting.set_measures(finding, ["följa upp effekten av sina insatser"])
    text = _text(decision)
    assert "håller hög kvalitet i flera delar." in text
    assert "Utvecklingsområde" in text
    assert "förelägger" not in text
    assert "överklagas" not in text
    assert "Rättslig reglering" not in text


def test_the_plain_twin_says_what_is_wrong_what_happens_and_what_the_words_mean(signed_decision):
    text = words_of(plain_text(Parts.of(signed_decision)))
    assert "Elever får vänta för länge på stöd." in text
    assert "Ekviks kommun måste rätta till det senast den 16\N{NO-BREAK SPACE}februari\N{NO-BREAK SPACE}2026." in text
    assert "Nej. Ett sådant beslut kan inte överklagas" in text
    assert "Föreläggande: Bristen ska avhjälpas." in text


def test_the_facts_hold_no_free_text(draft, cast, now, changed):
    canary = "Kanariefågel"
    drafting.write_decision(
        decision=draft, background=canary, in_short=canary, took_part=canary, report_due=date(2026, 2, 1),
        by=cast.ines, at=now,
    )  # fmt: skip
    decision = changed(observed=canary, assessment=canary, measures=[canary], no_fine_reason=canary)
    assert canary in _text(decision)
    assert canary not in str(facts(Parts.of(decision)))


def test_the_facts_are_those_of_the_contract(signed_decision):
    found = signed_decision.issued.content["facts"]
    assert found["organiser"] == {"number": "2120009991", "name": "Ekviks kommun", "kind": "municipal"}
    assert found["unit"] == {"code": "90000001", "name": "Björkskolan"}
    assert found["appeal"] == {"can": False, "until": None}
    assert [(point["instrument"], point["section"], point["due"]) for point in found["points"]] == [
        ("injunction", "26 kap. 10 §", "2026-02-16"),
        ("remark", "26 kap. 11 §", "2026-02-16"),
    ]
    assert found["points"][0]["provisions"] == [{"key": "skollagen 3:7", "place": "3 kap. 7 §", "statute": "skollagen"}]


def test_the_same_decision_gives_the_same_bytes(signed_decision):
    assert pdf(decision_text(signed_decision)) == pdf(decision_text(signed_decision))


def test_a_decision_after_follow_up_says_how_each_finding_stands_and_nothing_of_other_areas(signed_decision, cast, now):
    signed_decision.findings.filter(number=1).update(state="partly")
    follow_up = drafting.start_decision(inspection=signed_decision.inspection, kind="follow_up", by=cast.ines, at=now)
    text = _text(follow_up, draft=True)
    assert "Uppföljningsbeslut för grundskola" in text
    assert (
        "Brist 1. Extra anpassningar och särskilt stöd. Skolinspektionen bedömer att bristen delvis är avhjälpt."
        in text
    )
    assert "Inga brister har framkommit" not in text
