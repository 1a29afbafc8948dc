"""Examples of the addresses after the decision: signed ones about Björkskolan and Lärkskolan, and none."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings

from likvard.site.cases import actions as of_cases
from likvard.site.cases.actions import Point
from likvard.site.people.roles import Role
from likvard.site.supervision.actions import answers, appeals, ladder, opening
from likvard.site.supervision.models import Decision, Finding
from likvard.site.supervision.rules.ladder import Step

Variants = Mapping[str, Mapping[str, Any]]
AT = datetime(2025, 11, 14, 9, 30, tzinfo=UTC)
DAY, DUE = AT.date(), date(2026, 2, 16)
TITLE = "Beslut efter uppföljning"


def _signed(cast: Any, unit: Any, head: Any) -> Decision:
    """A signed decision with a finding that is answered in a draft, more time asked for, and an appeal."""
    known = Decision.objects.filter(issued__title=TITLE, inspection__case__unit=unit).first()
    if known is not None:
        return known
    made = opening.open_inspection(
        type="planned", level="unit", place=unit, by=cast.lea, at=AT, areas=("unit.support",)
    )
    made.case = of_cases.share_out(case=made.case, to=cast.ines, by=cast.lea, at=AT)
    issued = of_cases.issue(
        case=made.case, kind="decision", title=TITLE, dated=DAY, signed_by="Lea Ledare", content={}, pdf=b"%PDF-1.7",
        points=[Point(1, "Stöd", area="unit.support", instrument="injunction", fine=500_000, due=DUE)],
        filename="beslut.pdf", by=cast.lea, role=Role.LEAD_INSPECTOR, at=AT, folder=settings.DOCUMENTS,
    )  # fmt: skip
    decision = Decision.objects.create(
        inspection=made, number=1, report_due=DUE, decided_on=DAY, decided_by=cast.lea, issued=issued, made_at=AT,
        made_by=cast.ines,
    )  # fmt: skip
    finding = Finding.objects.create(
        decision=decision, number=1, area="unit.support", instrument="injunction", fine=500_000, event_on=DAY, due=DUE,
        observed="De väntar", assessment="För länge", point=issued.points.get(), state_since=DAY,
    )  # fmt: skip
    of_cases.start_clock(case=made.case, duty="report_back", due=DUE, by=cast.ines, at=AT)
    answers.add_evidence(
        finding=finding, kind="record", title="Akter", dated=DAY, shows="Klart", name="akter.txt", chunks=[b"Klart"],
        sensitive=False, by=head, at=AT, folder=settings.DOCUMENTS, scanner="",
    )  # fmt: skip
    answers.ask_for_time(decision=decision, wanted=date(2026, 3, 16), reason="Enkäten", by=head, at=AT)
    appeals.note_appeal(decision=decision, came_on=DAY, court="Förvaltningsrätten", by=cast.ines, at=AT)
    ladder.escalate(
        finding=finding, step=Step.CONSIDERED, reason="Länge", conditions="Kort", by=cast.ines, at=AT
    )  # fmt: skip
    return decision


def _both(cast: Any, places: Any) -> Mapping[str, Decision]:
    return {
        "own": _signed(cast, places.björk, cast.harald),
        "other": _signed(cast, places.lärkskolan, cast.other_harald),
    }


def a_decision(**more: Any) -> Callable[[Any, Any], Variants]:
    """A signed decision in the organiser's portal, another's, and none."""

    def make(cast: Any, places: Any) -> Variants:
        both = _both(cast, places)
        found = {name: {"slug": one.inspection.case.slug, "n": 1, **more} for name, one in both.items()}
        return {**found, "none": {"slug": "SI-1999-1", "n": 1, **more}}

    return make


def a_finding(**more: Any) -> Callable[[Any, Any], Variants]:
    """A finding of a signed decision, and none."""

    def make(cast: Any, places: Any) -> Variants:
        slug = _both(cast, places)["own"].inspection.case.slug
        return {"own": {"slug": slug, "n": "1", **more}, "none": {"slug": slug, "n": "7", **more}}

    return make


def evidence(key: str, **more: Any) -> Callable[[Any, Any], Variants]:
    """The evidence in a draft, by one of its keys; another's; and none."""

    def make(cast: Any, places: Any) -> Variants:
        both = _both(cast, places)
        found = {}
        for name, one in both.items():
            row = one.findings.get().evidence.get()
            found[name] = {"slug": one.inspection.case.slug, "n": 1, "pk": getattr(row, key), **more}
        nothing = uuid.UUID(int=7) if key == "document_id" else 0
        return {**found, "none": {**found["own"], "pk": nothing}}

    return make


def its(pick: Callable[[Decision], Any], n: Any = 1) -> Callable[[Any, Any], Variants]:
    """Something of the own decision, by its key."""

    def make(cast: Any, places: Any) -> Variants:
        one = _both(cast, places)["own"]
        return {"": {"slug": one.inspection.case.slug, "n": n, "pk": pick(one).pk}}

    return make


def follow_up(cast: Any, places: Any) -> Variants:
    """The follow-up of a signed decision, and none."""
    slug = _both(cast, places)["own"].inspection.case.slug
    return {"own": {"slug": slug, "n": 1}, "none": {"slug": slug, "n": 7}}


_DEEDS = ("assess", "evidence", "propose", "second", "close", "reopen", "end")

EXAMPLES: Mapping[str, Callable[[Any, Any], Variants]] = {
    "portal_list": lambda _cast, _places: {"": {}},
    **{f"portal_{name}": a_decision() for name in ("decision", "received", "pdf", "more_time", "submit")},
    **{f"portal_{name}": a_decision(m=1) for name in ("answer", "attach")},
    "portal_receipt": a_decision(k=1),
    "portal_file": evidence("document_id"),
    "portal_withdraw": evidence("pk", m=1),
    "supervision_finding": a_finding(),
    **{f"finding_{name}": a_finding() for name in _DEEDS},
    "finding_step": a_finding(step="fine"),
    "finding_step_end": its(lambda decision: decision.findings.get().rungs.get(), "1"),
    "supervision_follow_up": follow_up,
    **{f"follow_up_{name}": follow_up for name in ("ask_again", "appealed", "court_said", "force")},
    "follow_up_more_time": its(lambda decision: decision.extensions.get()),
}
