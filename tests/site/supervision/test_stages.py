"""An inspection is taken through its stages by its people; each gate says what is missing, and lets through what is whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from likvard.site.cases import actions as of_cases
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.supervision.actions import drafting, gathering, opening
from likvard.site.supervision.gates import GATES, lacking
from likvard.site.supervision.kinds import TABLE

MISSING = {
    ("assigned", "notify"): "Write the notice to the organiser.",
    ("noticed", "gather"): "Say which documents are asked for.",
    ("basis", "visit"): "Plan a visit: when, who goes and who is met.",
    ("drafting", "send_draft"): "Send the draft, with the day by which the organiser answers.",
    ("drafting", "propose"): "Let the organiser check the facts first.",
    ("fact_check", "back"): "The organiser is still checking the facts.",
    ("proposed", "decide"): "Sign the decision: that takes the case on by itself.",
    ("proposed", "decide_and_close"): "Sign the decision: that takes the case on by itself.",
}


@pytest.mark.parametrize(("stage_at", "code"), MISSING)
def test_a_gate_says_first_what_is_missing_first(stage_at, code, stage, cast, now):
    inspection = stage(stage_at)
    by = cast.lea if stage_at == "proposed" else cast.ines
    with pytest.raises(CaseError, match=MISSING[stage_at, code].replace(".", r"\.")):
        of_cases.move(case=inspection.case, code=code, by=by, at=now, reason="Skäl")


def test_every_gate_stands_before_a_move_of_the_table():
    assert set(GATES) <= {move.code for move in TABLE.moves}


def test_a_case_that_is_no_inspection_yet_goes_nowhere(cast, places, now):
    case = of_cases.open_case(kind="supervision", title="Ärende", place=places.björk, by=cast.lea, at=now)
    assert lacking(case, TABLE.move("assigned", "notify")) == ("Say first what kind of inspection it is.",)


def test_an_inspection_takes_part_in_no_stage_before_it_is_shared_out(opened, cast, now):
    inspection = opened()
    with pytest.raises(CaseError, match="responsible"):
        of_cases.move(case=inspection.case, code="share_out", by=cast.lea, at=now)


def test_documents_that_are_waited_for_keep_the_visits_waiting(stage, cast, now):
    inspection = stage("basis")
    gathering.ask_for(inspection=inspection, what="Plan", due=now.date() + timedelta(days=3), by=cast.ines, at=now)
    with pytest.raises(CaseError, match="still waited for: 1"):
        of_cases.move(case=inspection.case, code="visit", by=cast.ines, at=now)


def test_a_document_that_is_waived_with_a_reason_is_not_waited_for(stage, cast, now):
    inspection = stage("basis")
    item = gathering.ask_for(inspection=inspection, what="Plan", due=now.date(), by=cast.ines, at=now)
    gathering.waive(item=item, reason="Finns redan", by=cast.ines, at=now)
    assert "waited" not in " ".join(lacking(inspection.case, TABLE.move("basis", "visit")))


def test_an_area_without_an_observation_keeps_the_draft_waiting(stage, cast, now):
    inspection = stage("visiting")
    for row in inspection.observations.filter(area="unit.safety"):
        gathering.withdraw(observation=row, reason="Fel", by=cast.ines, at=now)
    assert any(
        "Areas without any observation: 1" in text for text in lacking(inspection.case, TABLE.move("visiting", "write"))
    )


def test_an_observation_of_a_document_needs_its_page(stage, cast, now):
    with pytest.raises(CaseError, match="on which page"):
        gathering.observe(
            inspection=stage("visiting"), area="unit.support", how="document", source="Rutin", text="Saknar tider",
            seen_on=now.date(), by=cast.ines, at=now,
        )  # fmt: skip


def test_an_area_that_is_not_examined_takes_no_observation(stage, cast, now):
    with pytest.raises(CaseError, match="does not examine"):
        gathering.observe(
            inspection=stage("visiting"), area="unit.grading", how="lesson", source="Lektion", text="Text",
            seen_on=now.date(), by=cast.ines, at=now,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("type", "level", "place", "says"),
    [
        ("planned", "organiser", "björk", "level does not fit"),
        ("planned", "unit", "ekvik", "level does not fit"),
        ("first_year", "unit", "björk", "newly approved"),
        ("nothing", "unit", "björk", "no such inspection"),
    ],
)
def test_an_inspection_is_of_what_its_type_and_level_allow(type, level, place, says, opened, places):
    with pytest.raises(CaseError, match=says):
        opened(type=type, level=level, place=getattr(places, place), areas=())


def test_an_inspection_of_an_organiser_examines_the_areas_of_organisers(opened, places):
    made = opened(level="organiser", place=places.lärkan, areas=())
    assert list(made.areas.values_list("area", flat=True)) == [
        "organiser.conditions",
        "organiser.development",
        "organiser.suitability",
    ]


def test_a_risk_is_never_judged_without_reasons(inspection, cast, now):
    with pytest.raises(CaseError, match="never judged without reasons"):
        opening.judge_risk(inspection=inspection, risk="low", rationale=" ", by=cast.ines, at=now)


def test_the_organisers_people_get_the_notice_and_nobody_else(stage, mailoutbox):
    inspection = stage("noticed")
    names = inspection.notices.get().names
    assert names == ["Harald Huvudman", "Kim Kvalitet", "Rut Rektor"]


def test_an_inspector_steps_out_by_herself_and_sees_nothing_more(inspection, cast, now, enter):
    opening.step_out(inspection=inspection, reason="Min syster är rektor där.", by=cast.ines, at=now)
    inspection.case.refresh_from_db()
    assert inspection.case.responsible is None
    assert enter(cast.ines).get(f"/tillsyn/{inspection.case.slug}/").status_code == 403
    with pytest.raises(Denied):
        opening.judge_risk(inspection=inspection, risk="low", rationale="Skäl", by=cast.ines, at=now)


def test_whoever_is_excluded_does_not_go_on_a_visit(stage, cast, member, now, django_user_model):
    inspection = stage("basis")
    of_cases.exclude(case=inspection.case, user=cast.bea, reason="Jäv", by=cast.lea, at=now)
    with pytest.raises(CaseError, match="excluded"):
        gathering.plan_visit(
            inspection=inspection, first_day=now.date(), last_day=now.date(), team=[cast.bea], plan="Lektioner",
            by=cast.ines, at=now,
        )  # fmt: skip


def test_findings_are_numbered_in_the_order_of_the_areas(draft, cast, now):
    rows = [(row.number, row.area) for row in draft.findings.all()]
    assert rows == [(1, "unit.support"), (2, "unit.safety")]
    drafting.drop_finding(finding=draft.findings.get(number=1), reason="Rättat", by=cast.ines, at=now)
    drafting.write_finding(
        decision=draft,
        area="unit.support",
        instrument="refrain",
        refrain="minor",
        event_on=now.date(),
        by=cast.ines,
        at=now,
    )
    assert [(row.number, row.area) for row in draft.findings.all()] == rows


def test_a_remark_with_a_fine_is_refused_at_once(draft, cast, now):
    with pytest.raises(CaseError, match="a remark never does"):
        drafting.write_finding(decision=draft, finding=draft.findings.get(number=2), fine=100_000, by=cast.ines, at=now)
