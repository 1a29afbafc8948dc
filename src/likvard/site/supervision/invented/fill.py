"""Take the invented inspections through their steps: told, gathered, visited, written, checked, signed, answered, judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from likvard.site.cases import actions as of_cases
from likvard.site.cases.models import Case, Issued, Outgoing
from likvard.site.cases.timing import day_of
from likvard.site.people.models import Organiser, Unit, User
from likvard.site.supervision.actions import answers, assessing, closing, drafting, gathering, ladder, opening, signing
from likvard.site.supervision.invented.stories import INDEPENDENT, NOTHING_FOUND, ORGANISER, UNIT, Story, Told
from likvard.site.supervision.models import Decision, Department, Finding, Inspection, Observation, Post
from likvard.site.supervision.rules.ladder import Step

DAY = timedelta(days=1)
NOTICE = (
    "Vi inleder planerad tillsyn. Ni får en lista över handlingar, sedan besöker vi er. Allt i det här är påhittat."
)


@dataclass(frozen=True, slots=True)
class Crew:
    """Who is in the invented inspections: each holds the role of the name."""

    inspector: User
    lead_inspector: User
    organiser_head: User


@dataclass(frozen=True, slots=True)
class Telling:
    """One story on its way: when it began, who is in it, and where its files lie."""

    story: Story
    crew: Crew
    start: datetime
    folder: Path

    def on(self, days: int) -> datetime:
        """So many days after the inspection was opened."""
        return self.start + days * DAY


def fill(crew: Crew, *, organiser: Organiser, unit: Unit, independent: Sequence[Unit], at: datetime) -> list[Issued]:
    """Make the inspections of an organiser, of one of its units and of independent schools; nothing if there are any.

    Return what was issued, the oldest first. Two more are on their way: one waits to be signed, one has just been told of.
    """
    if Inspection.objects.exists():
        return []
    with transaction.atomic():
        since = day_of(at) - 3 * 365 * DAY
        department = Department.objects.create(name="Avdelning Mitt")
        for user in (crew.inspector, crew.lead_inspector):
            Post.objects.create(user=user, department=department, start=since)
        stories: list[tuple[Story, Unit | Organiser]] = [(ORGANISER, organiser), (UNIT, unit)]
        stories += [
            (replace(story, days=story.days - 12 * n), place)
            for n, place in enumerate(independent)
            for story in [INDEPENDENT if n % 3 == 1 else NOTHING_FOUND]
        ]
        made = [told(story, place, crew, department, at) for story, place in stories]
        _on_their_way(crew, unit, department, at)
        Outgoing.objects.filter(case__in=Case.objects.filter(kind_code="supervision")).update(
            state=Outgoing.State.DROPPED  # invented people have no letter boxes
        )
    return [issued for issued in made if issued is not None]


def told(story: Story, place: Unit | Organiser, crew: Crew, department: Department, at: datetime) -> Issued | None:
    """Tell a story to its end."""
    telling = Telling(story, crew, at - story.days * DAY, settings.DOCUMENTS)
    inspection = opened(telling, place, department)
    gathered(telling, inspection)
    decision = written(telling, inspection)
    checked(telling, decision)
    issued = signing.sign(decision=decision, by=crew.lead_inspector, at=telling.on(100), folder=telling.folder)
    decision.refresh_from_db()
    if story.answers:
        answered(telling, decision)
        judged(telling, decision)
    return issued


def opened(telling: Telling, place: Unit | Organiser, department: Department) -> Inspection:
    """Opened by the lead, shared out, the risk judged, the organiser told."""
    crew, story = telling.crew, telling.story
    made = opening.open_inspection(
        type=story.type, level=story.level, place=place, department=department, by=crew.lead_inspector,
        at=telling.on(0), take=False,
    )  # fmt: skip
    of_cases.share_out(case=made.case, to=crew.inspector, by=crew.lead_inspector, at=telling.on(1))
    made = Inspection.objects.select_related("case").get(pk=made.pk)
    opening.judge_risk(
        inspection=made, risk=story.risk, rationale=story.rationale, lowered_when=story.lowered_when, by=crew.inspector,
        at=telling.on(2),
    )  # fmt: skip
    opening.notify(inspection=made, text=NOTICE, by=crew.inspector, at=telling.on(3))
    return made


def gathered(telling: Telling, inspection: Inspection) -> None:
    """Documents asked for and received, a visit of two days, what was seen."""
    by = telling.crew.inspector
    asked = [
        gathering.ask_for(inspection=inspection, what=what, due=day_of(telling.on(25)), by=by, at=telling.on(5))
        for what in ("Den senaste kvalitetsrapporten", "Plan mot kränkande behandling")
    ]
    inspection.case = of_cases.move(case=inspection.case, code="gather", by=by, at=telling.on(5))
    for item in asked:
        gathering.receive(item=item, by=by, at=telling.on(22))
    visit = gathering.plan_visit(
        inspection=inspection, first_day=day_of(telling.on(40)), last_day=day_of(telling.on(41)), team=[by],
        plan="Intervjuer med elever, lärare, elevhälsa och ledning. Lektionsbesök.", by=by, at=telling.on(23),
    )  # fmt: skip
    inspection.case = of_cases.move(case=inspection.case, code="visit", by=by, at=telling.on(24))
    gathering.finish_visit(visit=visit, by=by, at=telling.on(41))
    for area, how, source, text in telling.story.seen:
        gathering.observe(
            inspection=inspection, area=area, how=how, source=source, text=text, seen_on=day_of(telling.on(41)),
            page="2" if how == "document" else "", visit=visit, by=by, at=telling.on(42),
        )  # fmt: skip
    inspection.case = of_cases.move(case=inspection.case, code="write", by=by, at=telling.on(45))


def written(telling: Telling, inspection: Inspection) -> Decision:
    """The draft with its findings."""
    by, at, story = telling.crew.inspector, telling.on(50), telling.story
    decision = drafting.start_decision(inspection=inspection, by=by, at=at)
    due = {"report_due": day_of(telling.on(190))} if story.findings else {}
    drafting.write_decision(
        decision=decision, background=story.background, in_short=story.in_short, presenter=by, by=by, at=at, **due
    )
    for finding in story.findings:
        _write(decision, finding, inspection, by, at)
    return decision


def _write(decision: Decision, told: Told, inspection: Inspection, by: User, at: datetime) -> Finding:
    rests_on: list[Observation] = list(inspection.observations.filter(area=told.area))
    return drafting.write_finding(
        decision=decision, by=by, at=at, area=told.area, instrument=told.instrument, provisions=list(told.provisions),
        event_on=day_of(at), observed=told.observed, assessment=told.assessment, measures=told.measures,
        observations=rests_on, **told.more,
    )  # fmt: skip


def checked(telling: Telling, decision: Decision) -> None:
    """The facts checked by the organiser, where it has an account, and the draft put forward."""
    by = telling.crew.inspector
    check = drafting.send_draft(decision=decision, due=day_of(telling.on(75)), by=by, at=telling.on(60))
    own = check.decision.inspection.case.organiser_id in {
        held.organiser_id for held in telling.crew.organiser_head.memberships.all()
    }
    if own:
        check = drafting.answer_check(check=check, by=telling.crew.organiser_head, at=telling.on(70))
    drafting.end_check(check=check, by=by, at=telling.on(80))
    case = Case.objects.get(pk=decision.inspection_id)
    of_cases.move(case=case, code="propose", by=by, at=telling.on(90))


def answered(telling: Telling, decision: Decision) -> None:
    """The organiser has got the decision, and hands in its answers with evidence."""
    head, open_ones = telling.crew.organiser_head, decision.findings.exclude(state="ended").order_by("number")
    answers.confirm_received(decision=decision, by=head, at=telling.on(101))
    for finding, answer in zip(open_ones, telling.story.answers, strict=True):
        answers.save_answer(
            finding=finding, by=head, at=telling.on(180), measure=answer.measure, expected_effect=answer.effect,
            expected_by=day_of(telling.on(230)), responsible=answer.responsible,
        )  # fmt: skip
        text = f"{answer.title}\n\n{answer.shows}\n\nAllt i det här är påhittat.\n".encode()
        answers.add_evidence(
            finding=finding, kind=answer.kind, title=answer.title, dated=day_of(telling.on(175)), shows=answer.shows,
            name="underlag.txt", chunks=[text], sensitive=False, by=head, at=telling.on(181), folder=telling.folder,
            scanner="",
        )  # fmt: skip
    answers.submit(decision=decision, by=head, at=telling.on(185))


def judged(telling: Telling, decision: Decision) -> None:
    """What is remedied is closed by two; what remains is considered for the next step."""
    by, lead = telling.crew.inspector, telling.crew.lead_inspector
    for finding, verdict in zip(decision.findings.order_by("number"), telling.story.judged, strict=False):
        assessing.assess(
            finding=finding, outcome=verdict.outcome, reasons=verdict.reasons, missing=verdict.missing, seen="papers",
            seen_on=day_of(telling.on(188)), rests_on=list(finding.evidence.all()), by=by, at=telling.on(188),
        )  # fmt: skip
        if verdict.closing:
            proposed = closing.propose_closing(finding=finding, reason=verdict.closing, by=by, at=telling.on(190))
            closing.close_finding(closing=proposed, by=lead, at=telling.on(192))
        if verdict.outcome == "remains":
            ladder.escalate(
                finding=finding, step=Step.CONSIDERED, reason=verdict.reasons, conditions=verdict.missing, by=by,
                at=telling.on(193),
            )  # fmt: skip


def _on_their_way(crew: Crew, unit: Unit, department: Department, at: datetime) -> None:
    """One inspection whose decision waits to be signed, and one of which the organiser has just been told."""
    others = list(Unit.objects.active().filter(organiser=unit.organiser).exclude(pk=unit.pk).with_form("GR")[:2])
    for place, story, days in zip(others, (UNIT, NOTHING_FOUND), (95, 12), strict=False):
        telling = Telling(story, crew, at - days * DAY, settings.DOCUMENTS)
        inspection = opened(telling, place, department)
        if story.findings:
            gathered(telling, inspection)
            checked(telling, written(telling, inspection))
