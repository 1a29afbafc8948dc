"""What a party's deed sets going in a case that it does not work in. For subjects, whose own permissions have been checked before."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from likvard.site.cases import files, permissions, timing
from likvard.site.cases.actions.holding import hold, tell
from likvard.site.cases.models import Case, CaseLink, Clock, Document, DocumentVersion, LinkType, Scan
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User


@transaction.atomic
def begin(*, case: Case, duty: str, by: User, role: str, at: datetime, due: date | None = None) -> Clock:
    """Start the clock of a duty of the rulebook from today; due by the wording in force, unless a day is given.

    Raises `RuleError` for an unknown duty, `CaseError` for a day that has passed.
    """
    case, started = hold(case), day_of(at)
    due = due or timing.by_law(duty, started)
    if due is not None and due < started:
        raise CaseError(f"The clock {duty!r} cannot be due before it starts.", "Check the days.")
    clock = Clock.objects.create(case=case, duty=duty, started=started, first_due=due, due=due)
    data = {"clock": clock.pk, "name": "", "duty": duty, "started": started, "due": due}
    tell("case.clock_started", case, by=by, role=role, at=at, data=data)
    return clock


@transaction.atomic
def advance(*, case: Case, code: str, by: User, role: str, at: datetime) -> Case:
    """Take a case on to a state that is no end, past the gate of its kind. Raises `CaseError` if the step cannot be taken now."""
    case = hold(case)
    way = case.kind.table.move(case.state_code, code)
    target = case.kind.table.state(way.to)
    if target.end:
        raise CaseError("A party's deed closes no case.", "Let whoever works in it close it.")
    permissions.check_may_enter(case, way)
    before, case.state_code, case.state_since = case.state_code, target.code, at
    case.save(update_fields=["state_code", "state_since"])
    data = {"move": way.code, "from": before, "to": target.code}
    tell("case.moved", case, by=by, role=role, at=at, data=data)
    return case


@transaction.atomic
def bring(
    *, case: Case, stored: files.Stored, title: str, dated: date, sensitive: bool, by: User, role: str, at: datetime
) -> DocumentVersion:
    """Keep a file that a party hands in as a document of the case. It has been taken in (`files.take_in`) before the transaction."""
    case = hold(case)
    document = Document.objects.create(title=title.strip() or stored.filename, dated=dated, sensitive=sensitive)
    CaseLink.objects.create(case=case, type=LinkType.OWN, document=document, made_at=at, made_by=by)
    version = DocumentVersion.objects.create(
        document=document, number=1, sha256=stored.sha256, size=stored.size, media_type=stored.media_type,
        filename=stored.filename, uploaded_at=at, uploaded_by=by, scan=stored.scan,
        scanned_at=None if stored.scan == Scan.UNSCANNED else at,
    )  # fmt: skip
    data = {
        "document": document.pk, "version": 1, "sha256": stored.sha256, "scan": stored.scan, "title": document.title,
        "dated": dated,
    }  # fmt: skip
    tell("case.document_attached", case, by=by, role=role, at=at, data=data)
    return version
