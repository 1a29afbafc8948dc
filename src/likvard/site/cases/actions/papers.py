"""Attach and fetch documents, write and read messages, settle letters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from likvard.site.audit import events
from likvard.site.cases import files, outbox, permissions
from likvard.site.cases.access import CaseGrant
from likvard.site.cases.actions.holding import hold, tell
from likvard.site.cases.models import (
    Case,
    CaseLink,
    Document,
    DocumentVersion,
    LinkType,
    Message,
    Outgoing,
    Scan,
)
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User


def attach(
    *,
    case: Case,
    name: str,
    chunks: Iterable[bytes],
    by: User,
    at: datetime,
    folder: Path,
    scanner: str,
    title: str = "",
    dated: date | None = None,
    sensitive: bool = True,
    finished: bool = True,
    document: Document | None = None,
) -> DocumentVersion:
    """Attach a file to a case: a new document, or a new version of one that belongs to it.

    The file is checked, scanned and kept before the transaction: a file without a row harms nobody, a row without a file does.
    """
    permissions.check_can_work(by, case, on=day_of(at))
    stored = files.take_in(folder, name, chunks, scanner=scanner)
    with transaction.atomic():
        case = hold(case)
        grant = permissions.check_can_work(by, case, on=day_of(at))
        if document is None:
            document = Document.objects.create(
                title=title.strip() or stored.filename,
                dated=dated or day_of(at),
                sensitive=sensitive,
                finished=finished,
            )
            CaseLink.objects.create(case=case, type=LinkType.OWN, document=document, made_at=at, made_by=by)
        version = _add_version(case, document, stored, by, at)
        data = {
            "document": document.pk, "version": version.number, "sha256": stored.sha256, "scan": stored.scan,
            "title": document.title, "dated": document.dated,
        }  # fmt: skip
        tell("case.document_attached", case, by=by, role=grant.role, at=at, data=data)
    return version


def _add_version(case: Case, document: Document, stored: files.Stored, by: User, at: datetime) -> DocumentVersion:
    if not document.links.filter(case=case, type=LinkType.OWN).exists():
        raise CaseError(_("The document belongs to another matter."), _("Attach it to this one as a new document."))
    newest = document.newest
    if newest is not None and newest.sha256 == stored.sha256:
        raise CaseError(_("That is the file that is there already."), _("Choose the new one."))
    return DocumentVersion.objects.create(
        document=document,
        number=(newest.number if newest else 0) + 1,
        sha256=stored.sha256,
        size=stored.size,
        media_type=stored.media_type,
        filename=stored.filename,
        uploaded_at=at,
        uploaded_by=by,
        scan=stored.scan,
        scanned_at=None if stored.scan == Scan.UNSCANNED else at,
    )


def fetch(
    *, version: DocumentVersion, case: Case, grant: CaseGrant, by: User, at: datetime, folder: Path, reason: str = ""
) -> bytes:
    """The content of a document's version, for somebody who reached its case; the reading is recorded."""
    permissions.check_can_fetch(version, case, grant, reason)
    content = files.read(folder, version.sha256, Scan(version.scan))
    with transaction.atomic():
        data = {"document": version.document_id, "version": version.number}
        why = reason.strip() or grant.stated
        tell("case.document_read", case, by=by, role=grant.role, at=at, reason=why, data=data)
    return content


@transaction.atomic
def send_message(
    *, case: Case, to: Iterable[User], text: str, sensitive: bool, by: User, at: datetime, address: str = ""
) -> Message:
    """Write to people whom the case is open to. They get a letter that says that there is a message, not what it says."""
    case = hold(case)
    grant = permissions.check_can_work(by, case, on=day_of(at))
    receivers = list(dict.fromkeys(to))
    if not receivers or not text.strip():
        raise CaseError(_("A message needs a receiver and a text."), _("Fill in both."))
    for user in receivers:
        permissions.check_can_be_written_to(user, case, sensitive=sensitive, on=day_of(at))
    message = Message.objects.create(case=case, author=by, text=text.strip(), sensitive=sensitive, sent_at=at)
    message.to.set(receivers)
    for user in receivers:
        _write(case, user, at, address)
    data = {"message": message.pk, "to": [user.pk for user in receivers], "sensitive": sensitive}
    tell("case.message_sent", case, by=by, role=grant.role, at=at, data=data)
    return message


def _write(case: Case, to: User, at: datetime, address: str) -> None:
    with override(to.language):
        words = {"dnr": case.dnr, "address": address}
        subject = _("New message in %(dnr)s") % words
        body = _("There is a message for you in %(dnr)s.\n\nRead it here: %(address)s\n") % words
    outbox.post(to=to.email, subject=subject, body=body, at=at, case=case)


@transaction.atomic
def read_message(*, message: Message, grant: CaseGrant, by: User, at: datetime, reason: str = "") -> str:
    """The text of a message, for somebody who reached its case. The event is its receipt."""
    permissions.check_can_read_message(by, message, grant, reason)
    data = {"message": message.pk, "receiver": message.to.filter(pk=by.pk).exists()}
    why = reason.strip() or grant.stated
    tell("case.message_read", message.case, by=by, role=grant.role, at=at, reason=why, data=data)
    return message.text


@transaction.atomic
def settle_letter(*, letter: Outgoing, again: bool, by: User, at: datetime, reason: str) -> Outgoing:
    """Decide what becomes of a letter that perhaps was sent, or could not be: sent once more, or left."""
    letter = Outgoing.objects.select_for_update().get(pk=letter.pk)
    permissions.check_can_settle(by, letter, on=day_of(at))
    if not reason.strip():
        raise CaseError(_("Say why."), _("The reason is kept."))
    letter.state = Outgoing.State.QUEUED if again else Outgoing.State.DROPPED
    letter.due_at, letter.attempts = at, 0
    letter.save(update_fields=["state", "due_at", "attempts"])
    data = {"letter": letter.pk, "again": again, "message_id": letter.message_id}
    about = letter.case.subject if letter.case else f"letter:{letter.pk}"
    events.record(at=at, actor=by, what="letter.settled", subject=about, reason=reason.strip(), data=data)
    return letter
