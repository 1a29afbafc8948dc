"""From the organiser's answer on a phone to a closed finding, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import follow
from tests.site.supervision.conftest import answer, assessed, opened, papers, signed_decision, stage

from likvard.site.supervision import shown_after
from likvard.site.supervision.actions import answers, closing
from likvard.site.supervision.models import Finding

__all__ = ["answer", "assessed", "opened", "papers", "signed_decision", "stage"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _documents(settings: Any, papers: Path) -> None:
    settings.DOCUMENTS = papers


def test_a_principal_answers_on_a_phone_without_script(
    visit: Any, cast: Any, signed_decision: Any, faults: Any
) -> None:
    address = shown_after.portal_address(signed_decision, "portal_answer", m=1)
    page = visit(address, reader=cast.rut, language="en", width=390, script=False)
    page.fill("textarea[name=measure]", "En specialpedagog till.")
    follow(page.get_by_role("button", name="Save the draft"))
    assert "Your draft is saved" in page.inner_text("main")
    assert page.input_value("textarea[name=measure]") == "En specialpedagog till."
    page = visit(address, reader=cast.rut, width=390)
    assert faults(page) == []


def test_the_receipt_says_what_happens_next(
    visit: Any, cast: Any, signed_decision: Any, answer: Any, faults: Any
) -> None:
    for finding in signed_decision.findings.all():
        answer(finding)
    page = visit(shown_after.portal_address(signed_decision, "portal_submit"), reader=cast.harald, language="en")
    follow(page.get_by_role("button", name="Hand in"))
    assert "What happens next" in page.inner_text("main")
    assert faults(page) == []


def test_a_second_person_closes_the_finding_by_the_gate(
    visit: Any, cast: Any, signed_decision: Any, answer: Any, assessed: Any, now: Any, faults: Any
) -> None:
    finding = signed_decision.findings.get(number=1)
    answer(finding)
    answers.submit(decision=signed_decision, by=cast.harald, at=now)
    assessed(finding)
    reason = "Alla elever som behöver det har utretts inom femton dagar sedan i höstas."
    closing.propose_closing(finding=finding, reason=reason, by=cast.ines, at=now)
    page = visit(shown_after.finding_address(finding), reader=cast.lea, language="sv", width=390)
    assert "Inte än. Två av tre krav är uppfyllda." in page.inner_text(".gate")
    assert faults(page) == []
    follow(page.get_by_role("button", name="Jag har läst: stäng bristen"))
    assert Finding.objects.get(pk=finding.pk).state == "remedied"
    assert reason in page.inner_text("main")
