"""Examples of the addresses of an inspection up to the signed decision: one of Björkskolan that Ines works in, and none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from likvard.site.cases import actions as of_cases
from likvard.site.supervision.actions import drafting, gathering, opening
from likvard.site.supervision.models import Decision, Inspection

Variants = Mapping[str, Mapping[str, Any]]
AT = datetime(2025, 11, 14, 9, 30, tzinfo=UTC)
DAY = AT.date()


def _basis(cast: Any, places: Any) -> Inspection:
    """An inspection whose basis is being gathered: a document is waited for, a visit planned, something seen."""
    made = opening.open_inspection(
        type="planned", level="unit", place=places.björk, by=cast.lea, at=AT, areas=("unit.support",)
    )
    made.case = of_cases.share_out(case=made.case, to=cast.ines, by=cast.lea, at=AT)
    own = {"by": cast.ines, "at": AT}
    opening.judge_risk(inspection=made, risk="high", rationale="Väntetiden", **own)
    opening.notify(inspection=made, text="Vi kommer", **own)
    gathering.ask_for(inspection=made, what="Rutin", due=date(2025, 12, 1), **own)
    made.case = of_cases.move(case=made.case, code="gather", **own)
    gathering.plan_visit(inspection=made, first_day=DAY, last_day=DAY, team=[cast.ines], plan="Lärare", **own)
    gathering.observe(
        inspection=made, area="unit.support", how="interview", source="Lärare", text="De väntar", seen_on=DAY, **own
    )
    return made


def _inspection(cast: Any, places: Any) -> Inspection:
    known = Inspection.objects.filter(case__unit=places.björk, decisions__isnull=True).select_related("case").first()
    return known or _basis(cast, places)


def _draft(cast: Any, places: Any) -> Decision:
    """A draft with a finding, sent for a check of facts, with a remark."""
    known = Decision.objects.filter(decided_on=None, checks__isnull=False).first()
    if known is not None:
        return known
    made, own = _basis(cast, places), {"by": cast.ines, "at": AT}
    gathering.waive(item=made.basis.get(), reason="Finns", **own)
    made.case = of_cases.move(case=made.case, code="visit", **own)
    gathering.cancel_visit(visit=made.visits.get(), reason="Snö", **own)
    made.case = of_cases.move(case=made.case, code="write", **own)
    decision = drafting.start_decision(inspection=made, **own)
    decision = drafting.write_decision(decision=decision, background="Så", report_due=date(2026, 2, 1), **own)
    drafting.write_finding(
        decision=decision, area="unit.support", instrument="injunction", provisions=["skollagen 3:7"], event_on=DAY,
        observed="De väntar", assessment="För länge", measures=["behovet utreds"],
        observations=list(made.observations.all()), **own,
    )  # fmt: skip
    check = drafting.send_draft(decision=decision, due=date(2025, 12, 1), **own)
    drafting.remark(check=check, place=1, text="Nej", by=cast.harald, at=AT)
    return decision


def an_inspection(cast: Any, places: Any) -> Variants:
    """An inspection that is under way, and none."""
    return {"own": {"slug": _inspection(cast, places).case.slug}, "none": {"slug": "SI-1999-1"}}


def its(**more: Any) -> Callable[[Any, Any], Variants]:
    """Something of the inspection that is under way, by its number."""
    return lambda cast, places: {"": {"slug": _inspection(cast, places).case.slug, **more}}


def a_draft(**more: Any) -> Callable[[Any, Any], Variants]:
    """Something of a draft that is being checked."""
    return lambda cast, places: {"": {"slug": _draft(cast, places).inspection.case.slug, **more}}


def a_remark(cast: Any, places: Any) -> Variants:
    """A remark of the organiser's."""
    made = _draft(cast, places)
    return {"": {"slug": made.inspection.case.slug, "pk": made.checks.get().remarks.get().pk}}


_CASE = ("case", "risk", "areas", "notice", "step_out", "basis", "keep_signals", "ask_for", "visits", "plan_visit")
_DRAFT = ("draft", "reading", "pdf", "new_finding", "send_draft", "propose", "sign", "received")

EXAMPLES: Mapping[str, Callable[[Any, Any], Variants]] = {
    **dict.fromkeys(
        [f"supervision_{name}" for name in ("mine", "open", "signals")], lambda _cast, _places: {"": {}}
    ),
    **{f"supervision_{name}": an_inspection for name in (*_CASE, "observations", "observe", "start")},
    **{f"supervision_{name}": its(number=1) for name in ("receive", "waive", "finish_visit", "cancel_visit", "withdraw")},
    **{f"supervision_{name}": a_draft(number=1) for name in _DRAFT},
    **{f"supervision_{name}": a_draft(number=1, finding=1) for name in ("draft_finding", "drop_finding")},
    **{f"supervision_{name}": a_draft() for name in ("checks", "end_check", "party_check")},
    "supervision_judge_remark": a_remark,
}  # fmt: skip
