"""Inspections of the cast, in each stage, by the same actions as the pages use; in English unless a test asks for Swedish.

Ines works in an inspection of Björkskolan that Lea has shared out to her, and Lea signs. `stage("drafting")` takes it as far as
that state; `signed_decision` is decided: two findings at Björkskolan, an injunction and a remark, to be reported by 16 February.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from tests.site.remembered import put_back_or_make

from likvard.site.cases import actions as of_cases
from likvard.site.supervision import standing
from likvard.site.supervision.actions import answers, assessing, drafting, gathering, opening, signing
from likvard.site.supervision.models import Decision, Finding, Inspection

STAGES = (
    "planned",
    "assigned",
    "noticed",
    "basis",
    "visiting",
    "drafting",
    "fact_check",
    "checked",
    "proposed",
    "awaiting",
)
REPORT_DUE = date(2026, 2, 16)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Texts in the language that the code is written in."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _one_factor(settings: Any, tmp_path: Path) -> None:
    """People enter without a second factor; documents lie in a folder of the test."""
    settings.SECOND_FACTOR = False
    settings.DOCUMENTS = tmp_path / "documents"


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Where documents are kept."""
    return tmp_path / "documents"


@pytest.fixture
def opened(cast: Any, places: Any, now: datetime) -> Callable[..., Inspection]:
    """Open an inspection: planned supervision of Björkskolan by the lead inspector, unless told otherwise."""

    def make(**more: Any) -> Inspection:
        known = {
            "type": "planned", "level": "unit", "place": places.björk, "by": cast.lea, "at": now,
            "areas": ("unit.support", "unit.safety"),
        }  # fmt: skip
        return opening.open_inspection(**{**known, **more})

    return make


@pytest.fixture
def stage(cast: Any, now: datetime, opened: Any, papers: Path) -> Callable[..., Inspection]:
    """Take an inspection as far as a stage, by the actions of its people, all on the day of the tests."""

    def take(to: str, inspection: Inspection | None = None, **more: Any) -> Inspection:
        inspection = inspection or opened(**more)
        for step in STAGES[1 : STAGES.index(to) + 1]:
            STEPS[step](inspection, cast, now, papers)
        return Inspection.objects.select_related("case").get(pk=inspection.pk)

    return take


@pytest.fixture
def inspection(stage: Any) -> Inspection:
    """An inspection of Björkskolan that is shared out to Ines, its risk judged; the organiser has not been told."""
    return stage("assigned")


@pytest.fixture
def draft(stage: Any) -> Decision:
    """A draft with an injunction and a remark, whole enough to be sent for a check of facts."""
    return stage("drafting").decisions.get()


@pytest.fixture
def signed_decision(stage: Any, papers: Path, keep: Path) -> Decision:
    """A decision that Lea has signed: finding 1 an injunction on support, finding 2 a remark on safety."""
    made = put_back_or_make(
        "signed decision", lambda: stage("awaiting").decisions.get().pk, files=papers, keep=keep / "signed"
    )
    return Decision.objects.get(pk=made)


def _assigned(inspection: Inspection, cast: Any, now: datetime, papers: Path) -> None:
    inspection.case = of_cases.share_out(case=inspection.case, to=cast.ines, by=cast.lea, at=now)
    opening.judge_risk(
        inspection=inspection, risk="high", rationale="Elever väntar på utredning av stöd.", direction="better",
        numbers="Från 47 till 22 dagar i median", lowered_when="Högst 15 dagar två månader i rad", by=cast.ines, at=now,
    )  # fmt: skip


def _noticed(inspection: Inspection, cast: Any, now: datetime, papers: Path) -> None:
    opening.notify(inspection=inspection, text="Vi har öppnat tillsyn av Björkskolan.", by=cast.ines, at=now)


def _basis(inspection: Inspection, cast: Any, now: datetime, papers: Path) -> None:
    due = now.date() + timedelta(days=21)
    item = gathering.ask_for(inspection=inspection, what="Rutin för särskilt stöd", due=due, by=cast.ines, at=now)
    inspection.case = of_cases.move(case=inspection.case, code="gather", by=cast.ines, at=now)
    gathering.receive(item=item, by=cast.ines, at=now)


def _visiting(inspection: Inspection, cast: Any, now: datetime, papers: Path) -> None:
    visit = gathering.plan_visit(
        inspection=inspection, first_day=now.date(), last_day=now.date(), team=[cast.ines, cast.lea],
        plan="Intervju med rektor, lärare och elever i årskurs 8.", by=cast.ines, at=now,
    )  # fmt: skip
    inspection.case = of_cases.move(case=inspection.case, code="visit", by=cast.ines, at=now)
    for area, text in (("unit.support", "Utredningen väntar i två månader."), ("unit.safety", "Anmälningar dröjer.")):
        gathering.observe(
            inspection=inspection, area=area, how="interview", source="Lärare i årskurs 7–9", text=text,
            seen_on=now.date(), visit=visit, by=cast.ines, at=now,
        )  # fmt: skip
    gathering.finish_visit(visit=visit, by=cast.ines, at=now)


def _drafting(inspection: Inspection, cast: Any, now: datetime, papers: Path) -> None:
    inspection.case = of_cases.move(case=inspection.case, code="write", by=cast.ines, at=now)
    decision = drafting.start_decision(inspection=inspection, by=cast.ines, at=now)
    drafting.write_decision(
        decision=decision, background="Skolinspektionen besökte skolan och talade med elever och lärare.",
        in_short="Elever får vänta för länge på stöd.", report_due=REPORT_DUE, by=cast.ines, at=now,
    )  # fmt: skip
    seen = {row.area: row for row in inspection.observations.all()}
    texts = {"observed": "Tre elever saknade utredning.", "assessment": "Det räcker inte.", "event_on": now.date()}
    drafting.write_finding(
        decision=decision, area="unit.support", instrument="injunction", provisions=["skollagen 3:7"],
        measures=["elevers behov av särskilt stöd skyndsamt utreds"], observations=[seen["unit.support"]],
        by=cast.ines, at=now, **texts,
    )  # fmt: skip
    drafting.write_finding(
        decision=decision, area="unit.safety", instrument="remark", provisions=["skollagen 6:10"],
        observations=[seen["unit.safety"]], by=cast.ines, at=now, **texts,
    )  # fmt: skip


def _sent(inspection: Inspection, cast: Any, now: datetime, papers: Path) -> None:
    due = now.date() + timedelta(days=14)
    drafting.send_draft(decision=inspection.decisions.get(), due=due, by=cast.ines, at=now)


def _checked(inspection: Inspection, cast: Any, now: datetime, papers: Path) -> None:
    check = inspection.decisions.get().checks.get()
    drafting.answer_check(check=check, by=cast.harald, at=now)
    drafting.end_check(check=check, by=cast.ines, at=now)


def _proposed(inspection: Inspection, cast: Any, now: datetime, papers: Path) -> None:
    inspection.case = of_cases.move(case=inspection.case, code="propose", by=cast.ines, at=now)


def _decided(inspection: Inspection, cast: Any, now: datetime, papers: Path) -> None:
    signing.sign(decision=inspection.decisions.get(), by=cast.lea, at=now, folder=papers)


STEPS: dict[str, Callable[[Inspection, Any, datetime, Path], None]] = {
    "assigned": _assigned,
    "noticed": _noticed,
    "basis": _basis,
    "visiting": _visiting,
    "drafting": _drafting,
    "fact_check": _sent,
    "checked": _checked,
    "proposed": _proposed,
    "awaiting": _decided,
}


@pytest.fixture
def finding() -> Callable[[Decision, int], Finding]:
    """A finding of a decision by its number."""
    return lambda decision, number: decision.findings.get(number=number)


PDF = b"%PDF-1.7 uppfoljning av elevernas stod"


@pytest.fixture
def answer(cast: Any, now: datetime, papers: Path) -> Callable[..., None]:
    """Write the organiser's whole answer to a finding as a draft, with a file of a kind as evidence."""

    def write(finding: Finding, kind: str = "record", **more: Any) -> None:
        by, at = more.get("by", cast.kim), more.get("at", now)
        answers.save_answer(
            finding=finding, measure="En specialpedagog till.", expected_effect="Högst 15 dagar till utredning.",
            expected_by=date(2026, 1, 31), responsible="Skolchefen", by=by, at=at,
        )  # fmt: skip
        answers.add_evidence(
            finding=finding, kind=kind, title="Utredningar i höst", dated=date(2025, 11, 3), shows="Alla är utredda.",
            name="utredningar.pdf", chunks=[PDF], sensitive=False, by=by, at=at, folder=papers, scanner="",
        )  # fmt: skip

    return write


@pytest.fixture
def answered(signed_decision: Decision, answer: Any, cast: Any, now: datetime, papers: Path, keep: Path) -> Decision:
    """The signed decision, with whole answers to both findings handed in by the head of education."""

    def hand_in() -> None:
        answer(signed_decision.findings.get(number=1))
        answer(signed_decision.findings.get(number=2), "survey")
        answers.submit(decision=signed_decision, by=cast.harald, at=now)

    put_back_or_make("answers handed in", hand_in, files=papers, keep=keep / "answered")
    return Decision.objects.get(pk=signed_decision.pk)


@pytest.fixture
def assessed(cast: Any, now: datetime) -> Callable[..., Any]:
    """Assess a finding: remedied, seen on a visit, resting on all its evidence, unless told otherwise."""

    def judge(finding: Finding, outcome: str = "remedied", **more: Any) -> Any:
        known = {
            "reasons": "Tio utredningar lästa, alla klara inom 15 dagar.", "seen": "visit", "seen_on": now.date(),
            "missing": "" if outcome == "remedied" else "Alla elever ska ha fått stöd.",
            "rests_on": standing.evidence_of(finding), "by": cast.ines, "at": now,
        }  # fmt: skip
        return assessing.assess(finding=finding, outcome=outcome, **{**known, **more})

    return judge
