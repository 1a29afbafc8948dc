"""What must be in place before an inspection moves on, besides what the state table asks (`Kind.gate`).

One function for each move that has a gate: what is missing as sentences, the first thing first; nothing if the way is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from django.utils.translation import gettext as _

from likvard.site.cases.models import Case
from likvard.site.cases.states import CaseError, Move
from likvard.site.supervision import standing
from likvard.site.supervision.facts import current_decision, draft_facts
from likvard.site.supervision.models import Inspection, ReportBack, Rung
from likvard.site.supervision.rules.drafting import draft_faults, proposal_faults

Gate = Callable[[Inspection], Iterator[str]]


def check(case: Case, move: Move) -> None:
    """Raise `CaseError` if the step cannot be taken yet, with what is missing."""
    missing = lacking(case, move)
    if missing:
        raise CaseError(missing[0], " ".join(missing[1:]))


def lacking(case: Case, move: Move) -> tuple[str, ...]:
    """What is missing before a move, the first thing first; empty if the way is open."""
    inspection = Inspection.objects.filter(pk=case.pk).select_related("case").first()
    if inspection is None:
        return (_("Say first what kind of inspection it is."),)
    gate = GATES.get(move.code)
    return tuple(gate(inspection)) if gate else ()


def _notify(inspection: Inspection) -> Iterator[str]:
    if not inspection.areas.exists():
        yield _("Say which areas are examined.")
    if not inspection.judgements.exists():
        yield _("Judge the risk first, with reasons.")
    if not inspection.notices.exists():
        yield _("Write the notice to the organiser.")


def _gather(inspection: Inspection) -> Iterator[str]:
    if not inspection.notices.exists():
        yield _("Write the notice to the organiser.")
    if not inspection.basis.exists():
        yield _("Say which documents are asked for.")


def _waiting(inspection: Inspection) -> Iterator[str]:
    waited = sum(not item.is_settled for item in inspection.basis.all())
    if waited:
        yield _("Documents are still waited for: %(count)s. Receive them, or say why they are not needed.") % {
            "count": waited
        }


def _visit(inspection: Inspection) -> Iterator[str]:
    yield from _waiting(inspection)
    if not inspection.visits.filter(cancelled="").exists():
        yield _("Plan a visit: when, who goes and who is met.")


def _write(inspection: Inspection) -> Iterator[str]:
    yield from _waiting(inspection)
    left = sum(not visit.is_settled for visit in inspection.visits.all())
    if left:
        yield _("A visit is planned that has not been done: finish it, or cancel it with a reason.")
    seen = set(inspection.observations.filter(withdrawn="").values_list("area", flat=True))
    bare = [area for area in inspection.areas.values_list("area", flat=True) if area not in seen]
    if bare:
        yield _("Areas without any observation: %(count)s. Write down what was seen.") % {"count": len(bare)}


def _send_draft(inspection: Inspection) -> Iterator[str]:
    decision = current_decision(inspection)
    if decision is None or decision.is_signed:
        yield _("Begin a decision first.")
        return
    yield from draft_faults(draft_facts(decision))
    if not decision.checks.filter(ended_at=None).exists():
        yield _("Send the draft, with the day by which the organiser answers.")


def _back(inspection: Inspection) -> Iterator[str]:
    decision = current_decision(inspection)
    if decision is not None and decision.checks.filter(ended_at=None).exists():
        yield _("The organiser is still checking the facts.")
        yield _("End the check when the answer has come, or with a reason.")


def _propose(inspection: Inspection) -> Iterator[str]:
    decision = current_decision(inspection)
    if decision is None or decision.is_signed:
        yield _("Begin a decision first.")
        return
    yield from proposal_faults(draft_facts(decision))


def _signed(inspection: Inspection) -> Iterator[str]:
    decision = current_decision(inspection)
    if decision is None or not decision.is_signed:
        yield _("Sign the decision: that takes the case on by itself.")


def _decide(inspection: Inspection) -> Iterator[str]:
    yield from _signed(inspection)
    decision = current_decision(inspection)
    if decision is not None and not draft_facts(decision).is_followed_up:
        yield _("There is nothing to follow up: the case is closed with the decision.")


def _decide_and_close(inspection: Inspection) -> Iterator[str]:
    yield from _signed(inspection)
    decision = current_decision(inspection)
    if decision is not None and draft_facts(decision).is_followed_up:
        yield _("Something is left to follow up: the case stays open.")


def _reported(inspection: Inspection) -> Iterator[str]:
    if not ReportBack.objects.filter(decision__inspection=inspection).exists():
        yield _("The organiser has not reported back. Go on without it, with a reason.")


def _ask_again(inspection: Inspection) -> Iterator[str]:
    if not standing.report_clocks(inspection.case):
        yield _("Ask on the page of the follow-up: the organiser needs a day.")


def _close(inspection: Inspection) -> Iterator[str]:
    left = ", ".join(f"{one.number} ({one.get_state_display()})" for one in standing.unsettled(inspection.case))
    if left:
        yield _("Findings are not settled: %(findings)s. Close each through its gate, or end it with a reason.") % {
            "findings": left
        }
    if Rung.objects.standing().filter(finding__decision__inspection=inspection).exists():
        yield _("A step of the ladder stands: lift or end it first.")


GATES: Mapping[str, Gate] = {
    "notify": _notify,
    "gather": _gather,
    "visit": _visit,
    "write": _write,
    "send_draft": _send_draft,
    "back": _back,
    "propose": _propose,
    "decide": _decide,
    "decide_and_close": _decide_and_close,
    "reported": _reported,
    "ask_again": _ask_again,
    "close": _close,
}
"""The gate of each move that has one."""
