"""The organiser answers: drafts, evidence, handing in, and more time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from likvard.rulebook.clocks import legal_force_from
from likvard.rulebook.kinds.supervision import EvidenceKind
from likvard.site.cases import files
from likvard.site.cases.actions import met
from likvard.site.cases.actions.holding import tell
from likvard.site.cases.actions.party import advance, begin, bring
from likvard.site.cases.models import Case, Clock, Document
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.supervision import standing
from likvard.site.supervision.actions.appeals import may_be_appealed
from likvard.site.supervision.actions.stating import What, held, stand, write_to, write_to_responsible
from likvard.site.supervision.models import Answer, Decision, Evidence, Extension, Finding, ReportBack
from likvard.site.supervision.permissions import after as permissions
from likvard.site.supervision.rules import findings as table


@transaction.atomic
def save_answer(
    *,
    finding: Finding,
    by: User,
    at: datetime,
    measure: str = "",
    expected_effect: str = "",
    expected_by: date | None = None,
    responsible: str = "",
) -> Answer:
    """Save the organiser's answer to a finding as a draft, whole or not. What was handed in before stays as it is."""
    finding = held(finding)
    membership = permissions.check_can_draft(by, finding, on=day_of(at))
    answer = _draft(finding, by, at)
    answer.measure, answer.expected_effect = measure.strip(), expected_effect.strip()
    answer.expected_by, answer.responsible = expected_by, responsible.strip()
    answer.changed_at, answer.changed_by = at, by
    answer.save()
    case = standing.case_of(finding)
    data = {"finding": finding.number, "answer": answer.number}
    tell("supervision.answer_saved", case, by=by, role=membership.role, at=at, data=data)
    return answer


def _draft(finding: Finding, by: User, at: datetime) -> Answer:
    """The draft, begun now if there is none."""
    number = (finding.answers.aggregate(last=Max("number"))["last"] or 0) + 1
    return standing.draft_of(finding) or Answer.objects.create(
        finding=finding, number=number, began_at=at, changed_at=at, changed_by=by
    )


def add_evidence(
    *,
    finding: Finding,
    kind: str,
    title: str,
    dated: date,
    shows: str,
    name: str,
    chunks: Iterable[bytes],
    sensitive: bool,
    by: User,
    at: datetime,
    folder: Path,
    scanner: str,
    place: str = "",
) -> Evidence:
    """Put a file as evidence into the organiser's draft. `dated` is the file's own day, never later than today.

    The file is checked, scanned and kept before the transaction, as in `cases.actions.attach`.
    """
    permissions.check_can_draft(by, finding, on=day_of(at))
    check_evidence(kind, title, shows, dated, day_of(at))
    stored = files.take_in(folder, name, chunks, scanner=scanner)
    with transaction.atomic():
        finding = held(finding)
        membership = permissions.check_can_draft(by, finding, on=day_of(at))
        case, answer = standing.case_of(finding), _draft(finding, by, at)
        version = bring(
            case=case, stored=stored, title=title, dated=dated, sensitive=sensitive, by=by, role=membership.role, at=at
        )
        made = keep_evidence(finding, answer, kind, title, dated, shows, place, version.document, by, at)
        data = {"finding": finding.number, "title": made.title, "kind": kind, "dated": dated}
        tell("supervision.evidence_added", case, by=by, role=membership.role, at=at, data=data)
    return made


def check_evidence(kind: str, title: str, shows: str, dated: date, today: date) -> None:
    """Evidence has a kind, a title, what it shows, and a day of its own that has come."""
    if kind not in set(EvidenceKind) or not title.strip() or not shows.strip():
        raise CaseError(_("Evidence needs a kind, a title and what it shows."), _("Fill in all three."))
    if dated > today:
        raise CaseError(_("What is evidence has happened: its day cannot be later than today."), _("Check the day."))


def keep_evidence(
    finding: Finding,
    answer: Answer | None,
    kind: str,
    title: str,
    dated: date,
    shows: str,
    place: str,
    document: Document | None,
    by: User,
    at: datetime,
) -> Evidence:
    """The row of a piece of evidence."""
    return Evidence.objects.create(
        finding=finding, answer=answer, kind=kind, title=title.strip(), dated=dated, shows=shows.strip(),
        place=place.strip(), document=document, added_at=at, added_by=by,
    )  # fmt: skip


@transaction.atomic
def withdraw_evidence(*, evidence: Evidence, by: User, at: datetime) -> Evidence:
    """Take a piece of evidence out of a draft. What has been handed in stays."""
    finding = held(evidence.finding)
    membership = permissions.check_can_draft(by, finding, on=day_of(at))
    evidence = Evidence.objects.select_related("answer").get(pk=evidence.pk)
    if evidence.answer is None or not evidence.answer.is_draft or evidence.withdrawn_at is not None:
        raise CaseError(_("What has been handed in stays."), _("Write in your next answer what has changed."))
    evidence.withdrawn_at, evidence.withdrawn_by = at, by
    evidence.save(update_fields=["withdrawn_at", "withdrawn_by"])
    data = {"finding": finding.number, "title": evidence.title}
    tell("supervision.evidence_withdrawn", standing.case_of(finding), by=by, role=membership.role, at=at, data=data)
    return evidence


def lacking(answer: Answer) -> tuple[str, ...]:
    """What an answer still lacks before it can be handed in, in words; empty if it is whole."""
    asked = (
        (answer.measure, _("the measure")),
        (answer.expected_effect, _("the expected effect")),
        (answer.expected_by, _("the day for it")),
        (answer.responsible, _("who is responsible")),
    )
    return tuple(words for value, words in asked if not value)


def ready(decision: Decision) -> list[Answer]:
    """The drafts that are whole, of findings that are not settled, in order."""
    drafts = Answer.objects.filter(finding__decision=decision, report_back=None).select_related("finding")
    whole = [one for one in drafts.order_by("finding__number") if not lacking(one)]
    return [one for one in whole if not table.is_settled(one.finding.state)]


def left_after(decision: Decision, handed_in: Iterable[Answer]) -> list[Finding]:
    """The findings that still await an answer when these have been handed in."""
    done = {answer.finding_id for answer in handed_in}
    return [one for one in decision.findings.all() if one.pk not in done and standing.awaits_answer(one)]


@transaction.atomic
def submit(*, decision: Decision, by: User, at: datetime, receipt: str = "", page: str = "") -> ReportBack:
    """Hand in every answer that is whole. When nothing is left to answer the duty is done and the follow-up begins.

    `receipt` and `page` are addresses for the letters: `%(number)s` in the first is the number of the report-back.
    """
    case = Case.objects.select_for_update().get(pk=decision.inspection_id)
    membership = permissions.check_can_submit(by, decision, on=day_of(at))
    answers = ready(decision)
    if not answers:
        raise CaseError(
            _("No answer is whole yet."), _("Answer at least one finding: what, which effect, by when and who.")
        )
    made = ReportBack.objects.create(
        decision=decision, number=decision.report_backs.count() + 1, sha256=seal(answers),
        complete=not left_after(decision, answers), at=at, by=by,
    )  # fmt: skip
    for answer in answers:
        answer.report_back = made
        answer.save(update_fields=["report_back"])
        finding = held(answer.finding)
        stand(finding, "report", what=What.REPORTED, by=by, role=membership.role, at=at)
    _meet(case, by, membership.role, at)
    if made.complete:
        _begin_follow_up(case, by, membership.role, at)
    data = {"report_back": made.number, "count": len(answers), "sha256": made.sha256, "complete": made.complete}
    tell("supervision.reported", case, by=by, role=membership.role, at=at, data=data)
    write_to(by, "receipt", case, at, receipt % {"number": made.number} if receipt else "")
    write_to_responsible("reported", case, at, page)
    return made


def seal(answers: Iterable[Answer]) -> str:
    """SHA-256 over what the answers say and over the files in their evidence, so that nobody can change them unseen."""
    said = [
        {
            "finding": answer.finding.number, "answer": answer.number, "measure": answer.measure,
            "expected_effect": answer.expected_effect, "expected_by": str(answer.expected_by),
            "responsible": answer.responsible,
            "evidence": [
                [one.kind, one.title, str(one.dated), one.shows, one.place, _file(one)]
                for one in answer.evidence.filter(withdrawn_at=None).order_by("pk")
            ],
        }
        for answer in answers
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _file(evidence: Evidence) -> str:
    newest = evidence.document.newest if evidence.document else None
    return newest.sha256 if newest else ""


def _meet(case: Case, by: User, role: str, at: datetime) -> None:
    """Meet each clock of the report-back that nothing is left to answer of; a request for more time about it falls."""
    for clock in standing.report_clocks(case):
        if any(standing.awaits_answer(finding) for finding in standing.findings_of(clock)):
            continue
        met(clock=clock, by=by, role=role, at=at)
        for waiting in Extension.objects.filter(clock=clock, state=Extension.State.ASKED):
            waiting.state, waiting.answered_at, waiting.answered_by = Extension.State.OVERTAKEN, at, by
            waiting.answer = _("The report-back came before the request was answered.")
            waiting.save()


def _begin_follow_up(case: Case, by: User, role: str, at: datetime) -> None:
    """The follow-up's clock starts, and a case that waited for the report-back moves on, unless nobody is responsible for it."""
    if not case.clocks.all().going().filter(duty="follow_up").exists():
        begin(case=case, duty="follow_up", by=by, role=role, at=at)
    if case.state_code == "awaiting" and case.responsible_id is not None and not standing.report_clocks(case):
        advance(case=case, code="reported", by=by, role=role, at=at)


@transaction.atomic
def ask_for_time(
    *, decision: Decision, wanted: date, reason: str, by: User, at: datetime, clock: Clock | None = None, page: str = ""
) -> Extension:
    """Ask for more time to report back, until a day later than the one that holds: of the clock, or of the one that is due first."""
    case = Case.objects.select_for_update().get(pk=decision.inspection_id)
    membership = permissions.check_can_ask_for_time(by, decision, on=day_of(at))
    going = standing.report_clocks(case)
    clock = next((one for one in going if clock is None or one.pk == clock.pk), None)
    if clock is None:
        raise CaseError(_("No report-back is waited for."), _("Nothing needs to be done."))
    due = clock.value.due(day_of(at))
    if wanted <= max(due or day_of(at), day_of(at)):
        raise CaseError(_("Ask for a day later than the one that holds."), _("Check the day."))
    if not reason.strip():
        raise CaseError(_("Say why you need more time."), _("The inspector reads it."))
    made = Extension.objects.create(
        decision=decision, clock=clock, wanted=wanted, reason=reason.strip(), asked_at=at, asked_by=by
    )
    data = {"due": wanted}
    tell("supervision.time_asked", case, by=by, role=membership.role, at=at, reason=reason, data=data)
    write_to_responsible("time_asked", case, at, page)
    return made


@transaction.atomic
def confirm_received(*, decision: Decision, by: User, at: datetime) -> Decision:
    """The organiser confirms that it has the decision: the time to appeal runs from the first such day (44 § förvaltningslagen)."""
    case = Case.objects.select_for_update().get(pk=decision.inspection_id)
    membership = permissions.check_can_submit(by, decision, on=day_of(at))
    decision = Decision.objects.get(pk=decision.pk)
    if decision.received_on is None:
        decision.received_on = day_of(at)
        decision.save(update_fields=["received_on"])
        if decision.decided_on and may_be_appealed(decision):
            due = legal_force_from(decision.decided_on, decision.received_on)
            begin(case=case, duty="legal_force", due=due, by=by, role=membership.role, at=at)
        tell("supervision.received", case, by=by, role=membership.role, at=at, data={"decision": decision.number})
    return decision
