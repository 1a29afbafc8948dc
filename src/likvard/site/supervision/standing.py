"""How a finding stands after the decision: from rows to the facts that the rules judge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from likvard.rulebook import rule
from likvard.rulebook.kinds.supervision import Closure, EvidenceKind
from likvard.site.cases.models import SETTLED, Case, Clock
from likvard.site.cases.timing import day_of
from likvard.site.people.access import memberships
from likvard.site.people.models import Lineage, User
from likvard.site.people.roles import Role
from likvard.site.supervision.facts import organiser_kind, organiser_of
from likvard.site.supervision.models import Answer, Assessment, Closing, Decision, Evidence, Extension, Finding
from likvard.site.supervision.party import ANSWERS
from likvard.site.supervision.rules import findings as table
from likvard.site.supervision.rules import gate as closing
from likvard.site.supervision.rules import ladder, recurrence
from likvard.site.supervision.rules.ladder import Position, Rung, Step


def case_of(finding: Finding) -> Case:
    """The case that a finding belongs to."""
    return finding.decision.inspection.case


def closure_of(finding: Finding) -> Closure:
    """What it takes to close the finding: the rulebook's, as of the day of the event that it is judged by."""
    found: Closure = rule(f"closure:{finding.area}", finding.event_on).value
    return found


def area_name(finding: Finding, language: str) -> str:
    """The area of the finding, under the heading of its time."""
    return str(rule(f"assessment_areas:{finding.area}", finding.event_on).value.name[language])


def opened_again(finding: Finding) -> datetime | None:
    """When the finding was last opened again: what was assessed and proposed before then no longer counts."""
    return max((closing.reopened_at for closing in finding.closings.all() if closing.reopened_at), default=None)


def newest_assessment(finding: Finding) -> Assessment | None:
    """The assessment that holds: the newest since the finding was last opened again."""
    again = opened_again(finding)
    made = [one for one in finding.assessments.all() if again is None or one.at > again]
    return max(made, key=lambda one: (one.at, one.pk), default=None)


def proposal(finding: Finding) -> Closing | None:
    """The proposal to close that waits, if any."""
    return next((one for one in finding.closings.all() if one.state == Closing.State.PROPOSED), None)


def evidence_of(finding: Finding) -> list[Evidence]:
    """The evidence that has been handed in or was added by an inspector; what stands in the organiser's draft is not seen."""
    found = finding.evidence.filter(withdrawn_at=None).select_related("answer__report_back", "document", "added_by")
    return [one for one in found if one.answer is None or not one.answer.is_draft]


def gate_facts(finding: Finding, *, approver: User | None = None) -> closing.Facts:
    """What is known for the closure gate; with an `approver` as if that person now agreed to the proposal."""
    assessed, proposed = newest_assessment(finding), proposal(finding)
    kept = finding.state in SETTLED
    last = proposed or (finding.closings.filter(state=Closing.State.CLOSED).last() if kept else None)
    agreed = approver or (last.decided_by if last else None)
    return closing.Facts(
        offered=_kinds(evidence_of(finding)),
        rests_on=_kinds(assessed.rests_on.all()) if assessed else frozenset(),
        outcome=assessed.outcome if assessed else "",
        seen=assessed.seen if assessed else "",
        seen_on=assessed.seen_on if assessed else None,
        reason=last.reason if last else "",
        proposed_by=str(last.proposed_by_id) if last else "",
        approved_by=str(agreed.pk) if agreed else "",
    )


def _kinds(evidence: Iterable[Evidence]) -> frozenset[EvidenceKind]:
    return frozenset(EvidenceKind(one.kind) for one in evidence)


def gate_of(finding: Finding, *, approver: User | None = None) -> closing.Gate:
    """The closure gate of a finding now."""
    return closing.gate(gate_facts(finding, approver=approver), closure_of(finding))


def is_followed_up(finding: Finding) -> bool:
    """Whether the organiser must do something about the finding."""
    return table.is_followed_up(finding.instrument, finding.judgement, rule("instruments", finding.event_on).value)


def last_handed_in(finding: Finding) -> Answer | None:
    """The newest answer that has been handed in."""
    return finding.answers.filter(report_back__isnull=False).select_related("report_back__by").last()


def is_judged(finding: Finding) -> bool:
    """Whether the finding has been assessed since the organiser last answered."""
    answered, assessed = last_handed_in(finding), newest_assessment(finding)
    return assessed is not None and (answered is None or assessed.at >= _report_at(answered))


def draft_of(finding: Finding) -> Answer | None:
    """The organiser's draft, if one has been begun."""
    return finding.answers.filter(report_back__isnull=True).first()


def awaits_answer(finding: Finding) -> bool:
    """Whether the organiser is to answer now: it has not since the decision, or since it was told what is missing."""
    answered, assessed, again = last_handed_in(finding), newest_assessment(finding), opened_again(finding)
    told = max((moment for moment in (assessed.at if assessed else None, again) if moment), default=None)
    since = answered is not None and (told is None or _report_at(answered) > told)
    return is_followed_up(finding) and table.awaits_answer(finding.state, answered_since_assessed=since)


def _report_at(answer: Answer) -> datetime:
    return answer.report_back.at if answer.report_back else answer.changed_at


def report_clocks(case: Case) -> list[Clock]:
    """The clocks of report-backs that run or are paused, the one that is due first before the others."""
    found = case.clocks.all().going().filter(duty="report_back").prefetch_related("pauses")
    return sorted(found, key=lambda clock: (clock.due or date.max, clock.pk))


def findings_of(clock: Clock) -> list[Finding]:
    """The findings that a clock of the report-back is about: those of its day in a decision of its day, or all in the case.

    More time starts a new clock in the place of the old: it is about the same findings. One that was started because the
    organiser was asked again is about everything that is left.
    """
    first = clock
    while (before := Extension.objects.filter(granted_clock=first).select_related("clock").first()) is not None:
        first = before.clock
    every = Finding.objects.filter(decision__inspection__case_id=clock.case_id, decision__issued__isnull=False)
    known = list(every.select_related("decision__inspection__case"))
    same = [one for one in known if (one.decision.decided_on, due_of(one)) == (first.started, first.first_due)]
    return same or known


def due_of(finding: Finding) -> date | None:
    """The day by which the decision says that the finding is to be remedied and reported back."""
    return finding.due or finding.decision.report_due


def clock_of(finding: Finding) -> Clock | None:
    """The clock of the report-back that is about the finding, if one goes."""
    return next((c for c in report_clocks(case_of(finding)) if finding.pk in {f.pk for f in findings_of(c)}), None)


def asked_extension(decision: Decision) -> Extension | None:
    """The request for more time that waits for an answer."""
    return decision.extensions.filter(state=Extension.State.ASKED).select_related("clock", "asked_by").first()


def position(finding: Finding, on: date) -> Position:
    """Where the finding stands on the ladder on a day."""
    inspection = finding.decision.inspection
    rungs = [_rung(row) for row in finding.rungs.standing().select_related("decision")]
    first = first_rung(finding)
    begun = begins_the_ladder(finding)
    ordered = max((rung for rung in (first, *rungs) if rung and rung.due), key=lambda rung: rung.since, default=None)
    assessed = newest_assessment(finding)
    failed = assessed is not None and assessed.outcome != Assessment.Outcome.REMEDIED
    late = failed and (ordered is None or ordered.due is None or day_of(assessed.at) > ordered.due)  # type: ignore[union-attr]
    return Position(
        on=on, organiser_kind=organiser_kind(inspection.case), type=inspection.type, serious=finding.serious,
        settled=table.is_settled(finding.state), not_followed=bool(late),
        standing=(*((first,) if begun and first else ()), *rungs),
    )  # fmt: skip


def begins_the_ladder(finding: Finding) -> bool:
    """Whether the finding still stands on the step that it began with: no decision has taken it further."""
    return not finding.rungs.filter(step__in=sorted(ladder.BY_DECISION)).exists()


def first_rung(finding: Finding) -> Rung | None:
    """The step on which the finding began by its own instrument."""
    decided = finding.decision.decided_on
    if decided is None:
        return None
    known, due = is_followed_up(finding), due_of(finding)
    found = ladder.base(finding.instrument, fine=finding.fine, decided=decided, due=due, followed_up=known)
    return found and Rung(found.step, found.since, found.due, found.fine, appealed=is_appealed(finding.decision))


def _rung(row: object) -> Rung:
    step = Step(row.step)  # type: ignore[attr-defined]
    decision = row.decision  # type: ignore[attr-defined]
    appealed = decision is not None and is_appealed(decision)
    return Rung(step, row.since, row.due, row.fine, appealed)  # type: ignore[attr-defined]


def is_appealed(decision: Decision) -> bool:
    """Whether an appeal waits for the court."""
    return decision.appeals.filter(ended_on=None).exists()


def carried_by(finding: Finding) -> Finding | None:
    """The finding of a signed follow-up decision in the same case that goes on with this one."""
    later = finding.recurred_as.filter(decision__inspection=finding.decision.inspection, decision__issued__isnull=False)
    return later.select_related("decision").first()


def earlier_findings(finding: Finding) -> list[Finding]:
    """The findings that this one repeats, the oldest first: in the same area at the same unit, or one that it continues."""
    case = case_of(finding)
    known = Finding.objects.filter(area=finding.area, decision__issued__isnull=False).exclude(
        decision__inspection=finding.decision.inspection
    )
    if case.unit_id:
        lineage = list(Lineage.objects.values_list("predecessor_id", "successor_id"))
        units = recurrence.predecessors(case.unit_id, lineage)
        known = known.filter(decision__inspection__case__unit_id__in=units)
    else:
        lineage = []
        known = known.filter(
            decision__inspection__case__unit=None, decision__inspection__case__organiser=case.organiser
        )
    rows = {row.pk: row for row in known.select_related("decision__inspection__case__unit")}
    repeated = recurrence.earlier(_found(finding), [_found(row) for row in rows.values()], lineage)
    return [rows[one.key] for one in repeated]


def _found(finding: Finding) -> recurrence.Found:
    case = case_of(finding)
    organiser = organiser_of(case)
    return recurrence.Found(
        key=finding.pk, case=case.pk, area=finding.area, organiser=organiser.number if organiser else "",
        unit=case.unit_id or "", decided=finding.decision.decided_on or finding.event_on,
    )  # fmt: skip


def unsettled(case: Case) -> list[Finding]:
    """The findings of the case's signed decisions that are neither remedied nor ended."""
    found = Finding.objects.filter(decision__inspection__case=case, decision__issued__isnull=False)
    return list(found.exclude(state__in=SETTLED).select_related("decision"))


def decisions_for(user: User, on: date) -> list[Decision]:
    """The signed decisions that went to the organisers that a person answers for, and those on the units of a principal, the
    newest first."""
    held = memberships(user, on)
    organisers = [one.organiser_id for one in held if one.role in ANSWERS and one.organiser_id]
    units = [one.unit_id for one in held if one.role == Role.PRINCIPAL and one.unit_id]
    case = "inspection__case__"
    theirs = Q(**{f"{case}organiser__in": organisers}) | Q(**{f"{case}unit__organiser__in": organisers})
    found = Decision.objects.filter(theirs | Q(**{f"{case}unit__in": units}), issued__isnull=False)
    joined = ("inspection__case__unit__organiser", "inspection__case__organiser", "issued")
    return list(found.select_related(*joined).prefetch_related("findings").order_by("-decided_on", "-pk"))
