"""Who may do what up to the signed decision: a truth table of every person of the cast by deed."""

from __future__ import annotations

from dataclasses import fields

import pytest

from likvard.site.cases import actions as of_cases
from likvard.site.cases.access import candidates
from likvard.site.cases.permissions import asks
from likvard.site.cases.states import CaseError
from likvard.site.supervision.permissions import before

EVERYBODY = [
    "sten",
    "rut",
    "elsa",
    "harald",
    "kim",
    "anna",
    "adam",
    "olle",
    "ines",
    "lea",
    "bea",
    "lis",
    "petra",
    "nils",
    "other_rut",
    "other_harald",
    "other_adam",
]
MAY = {
    "open": {"ines", "lea"},
    "work": {"ines", "lea"},
    "gather": {"ines", "lea"},
    "write": {"ines", "lea"},
    "sign": set(),  # nothing has been put forward
    "see the draft that was sent": {"harald", "kim", "rut"},
    "answer for the organiser": {"harald", "kim"},
}
MAY_LATER = {"sign": {"lea"}, "write": set(), "gather": set(), "work": {"ines", "lea"}}


def _deeds(decision, places, on):
    inspection, check = decision.inspection, decision.checks.first()
    return {
        "open": lambda who: before.check_can_open(who, places.björk, on=on),
        "work": lambda who: before.check_can_work(who, inspection, on=on),
        "gather": lambda who: before.check_can_gather(who, inspection, on=on),
        "write": lambda who: before.check_can_write(who, decision, on=on),
        "sign": lambda who: before.check_can_sign(who, decision, on=on),
        "see the draft that was sent": lambda who: before.check_can_see_check(who, check, on=on),
        "answer for the organiser": lambda who: before.check_can_answer(who, check, on=on),
    }


def test_the_table_is_about_everybody(cast):
    assert set(EVERYBODY) == {field.name for field in fields(cast)}


@pytest.mark.parametrize("deed", MAY)
def test_who_may_do_what_while_the_draft_is_written_or_checked(deed, stage, cast, places, today):
    to = "fact_check" if "draft that" in deed or "answer" in deed else "drafting"
    act = _deeds(stage(to).decisions.get(), places, today)[deed]
    assert {name for name in EVERYBODY if asks(lambda name=name: act(getattr(cast, name)))} == MAY[deed]


@pytest.mark.parametrize("deed", MAY_LATER)
def test_who_may_do_what_when_the_draft_is_put_forward(deed, stage, cast, places, today):
    act = _deeds(stage("proposed").decisions.get(), places, today)[deed]
    assert {name for name in EVERYBODY if asks(lambda name=name: act(getattr(cast, name)))} == MAY_LATER[deed]


@pytest.mark.parametrize("who", [name for name in EVERYBODY if name not in ("ines", "lea")])
def test_nobody_but_the_inspectors_opens_a_page_of_the_case(who, draft, cast, enter):
    slug, client = draft.inspection.case.slug, enter(getattr(cast, who))
    for page in ("", "underlag/", "iakttagelser/", "beslut/1/", "beslut/1/beslut.pdf", "faktagranskning/"):
        answer = client.get(f"/tillsyn/{slug}/{page}")
        assert answer.status_code in (302, 403)
        assert "Utredningen" not in answer.content.decode()


@pytest.mark.parametrize("who", ["rut", "harald", "kim", "sten"])
def test_an_inspection_is_never_handed_to_those_whom_it_is_about(who, inspection, cast, now, today):
    with pytest.raises(CaseError, match="no role"):
        of_cases.let_in(case=inspection.case, user=getattr(cast, who), part="reader", reason="-", by=cast.lea, at=now)
    assert getattr(cast, who) not in candidates(inspection.case, today)


def test_the_list_of_inspections_is_the_authorities_own(cast, enter):
    seen = {name for name in EVERYBODY if enter(getattr(cast, name)).get("/tillsyn/").status_code == 200}
    assert seen == {"ines", "lea", "bea", "lis", "petra"}
