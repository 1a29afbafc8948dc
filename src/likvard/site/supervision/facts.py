"""Drafts as the rules see them: from rows to facts."""

from __future__ import annotations

from datetime import date

from likvard.rulebook.legality import Use
from likvard.site.cases.models import Case
from likvard.site.people.models import Organiser
from likvard.site.supervision.models import Decision, Finding, Inspection
from likvard.site.supervision.rules.drafting import DraftFacts, FindingFacts
from likvard.terms import OrganiserKind


def organiser_of(case: Case) -> Organiser | None:
    """The addressee: always the organiser, also of a decision about a unit (26 kap. 10 § skollagen)."""
    return case.organiser or (case.unit.organiser if case.unit else None)


def organiser_kind(case: Case) -> OrganiserKind:
    """What kind of organiser the addressee is; a unit without an organiser counts as municipal."""
    organiser = organiser_of(case)
    return OrganiserKind(organiser.kind) if organiser else OrganiserKind.MUNICIPAL


def finding_facts(finding: Finding, inspection: Inspection, on: date | None = None) -> FindingFacts:
    """A finding as the rules see it. `on` is the day of the decision: today for a draft; the day of the event if not given."""
    earlier = finding.recurs
    decided = earlier.decision.decided_on if earlier else None
    use = Use(
        instrument=finding.instrument, on=finding.event_on, organiser_kind=organiser_kind(inspection.case),
        inspection_type=inspection.type, fine=finding.fine, no_fine_reason=finding.no_fine_reason,
        hinders_goals=finding.hinders_goals, serious=finding.serious, measures=finding.measures.count(),
        due=finding.due or finding.decision.report_due, until=finding.until, decided=on or finding.event_on,
        refrain=finding.refrain, judgement=finding.judgement,
        earlier_injunction_on=decided if earlier and earlier.instrument == "injunction" else None,
        earlier_serious=bool(earlier and earlier.serious),
        earlier_not_followed=bool(earlier and earlier.state in ("partly", "remains")),
    )  # fmt: skip
    return FindingFacts(
        number=finding.number, area=finding.area, use=use, provisions=tuple(finding.provisions),
        observed=bool(finding.observed.strip()), assessed=bool(finding.assessment.strip()),
        observations=finding.observations.filter(withdrawn="").count(),
    )  # fmt: skip


def draft_facts(decision: Decision, on: date | None = None) -> DraftFacts:
    """A decision as the rules see it, on the day it would be made."""
    inspection, checks = decision.inspection, list(decision.checks.all())
    return DraftFacts(
        findings=tuple(finding_facts(finding, inspection, on) for finding in decision.findings.all()),
        areas=tuple(inspection.areas.values_list("area", flat=True)),
        background=bool(decision.background.strip()),
        in_short=bool(decision.in_short.strip()),
        presenter=decision.presenter_id is not None,
        report_due=decision.report_due,
        fact_checked=sum(check.ended_at is not None for check in checks),
        check_is_open=any(check.ended_at is None for check in checks),
        needs_check=decision.kind == Decision.Kind.FIRST,
        open_remarks=sum(check.remarks.filter(outcome="").count() for check in checks),
    )


def current_decision(inspection: Inspection) -> Decision | None:
    """The decision that is being written or was written last."""
    return inspection.decisions.order_by("-number").first()
