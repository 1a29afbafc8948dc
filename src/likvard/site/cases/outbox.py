"""Letters, each sent at most once.

A letter is a row, written in the transaction of the deed that it tells of: no deed without its letter, no letter without its
deed. A worker claims one row at a time in a short transaction (`queued` to `sending`), talks to the mail server outside any
transaction, and settles the row in another.

Mail has no way to take both steps as one: if a worker dies, or the line breaks, between the server's taking of the letter and
its answer, nobody knows whether it was sent. Then one must choose between perhaps twice and perhaps never. A letter about a
child that comes twice is worse than one that a person looks after, so: only a *known* failure (no connection, or the server said
no) puts a row back into the queue. Everything else becomes `unknown`, is never sent again by itself, and is listed for a person,
who settles it (`actions.settle_letter`). Each row has one Message-ID for ever, so that a letter sent again by a person is
recognised as the same by the receiving servers.
"""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from likvard.site.cases.models import Case, Outgoing
from likvard.site.cases.states import CaseError

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
ATTEMPTS = 12  # with doubling waits: some two and a half days
ABANDONED = timedelta(
    minutes=10
)  # a worker that has said nothing for so long (the mail's own time limit is 30 s) is dead

RECEIVER_REFUSED = "the receiver was refused"
"""How the error of a letter begins whose receiver the server does not take."""

State = Outgoing.State


class RefusedError(Exception):
    """The server did not take the letter, for sure. `for_good` if it never will."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.for_good = for_good


def post(
    *,
    to: str,
    subject: str,
    body: str,
    at: datetime,
    case: Case | None = None,
    headers: Mapping[str, str] | None = None,
) -> Outgoing:
    """Put a letter into the outbox, in the caller's transaction. Raises `CaseError` outside one."""
    if not connection.in_atomic_block:
        raise CaseError("A letter was written outside a transaction.", "Write it in the action that it tells of.")
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    return Outgoing.objects.create(
        message_id=f"<{uuid4()}@{host}>",
        to=to,
        subject=" ".join(subject.split())[:200],
        body=body,
        headers=dict(headers or {}),
        case=case,
        made_at=at,
        due_at=at,
    )


def send_due(at: datetime, *, limit: int = 100) -> int:
    """Send what is due, at most `limit` letters; return how many were sent. Several workers may do this at once."""
    give_up_abandoned(at)
    server: BaseEmailBackend | None = None
    sent = 0
    try:
        for _ in range(limit):
            letter = _claim(at)
            if letter is None:
                break
            try:
                server = server or _open()
                _hand_over(server, letter)
            except RefusedError as no:
                _back(letter, no, at)
            except (smtplib.SMTPException, OSError) as error:
                _settle(letter, State.UNKNOWN, error=f"{type(error).__name__}: {error}")
                server = None
            else:
                sent += 1
                _settle(letter, State.SENT, sent_at=at)
    finally:
        if server is not None:
            server.close()
    return sent


def give_up_abandoned(at: datetime) -> int:
    """Mark letters whose worker is dead as perhaps sent; return how many."""
    left = Outgoing.objects.filter(state=State.SENDING, claimed_at__lt=at - ABANDONED)
    return left.update(state=State.UNKNOWN, error="the worker ended while it sent the letter")


@transaction.atomic
def _claim(at: datetime) -> Outgoing | None:
    """The next letter that is due, marked as being sent: no other worker takes it."""
    waiting = Outgoing.objects.due(at).select_for_update(
        skip_locked=connection.features.has_select_for_update_skip_locked
    )
    letter = waiting.first()
    if letter is not None:
        letter.state, letter.claimed_at, letter.attempts = State.SENDING, at, letter.attempts + 1
        letter.save(update_fields=["state", "claimed_at", "attempts"])
    return letter


def _open() -> BaseEmailBackend:
    """A line to the mail server. Raises `RefusedError` if there is none: nothing was sent."""
    server = get_connection()
    try:
        server.open()
    except (smtplib.SMTPException, OSError) as error:
        raise RefusedError(f"no connection: {error}") from None
    return server


def _hand_over(server: BaseEmailBackend, letter: Outgoing) -> None:
    """Give the letter to the server. Raises `RefusedError` if it said no; any other error leaves it unknown."""
    message = EmailMessage(
        letter.subject, letter.body, to=[letter.to], headers={**letter.headers, "Message-ID": letter.message_id}
    )
    try:
        taken = server.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise RefusedError(f"{RECEIVER_REFUSED}: {error}", for_good=500 <= code < 600) from None
    except smtplib.SMTPResponseException as error:  # sender refused, or the letter itself after it was read
        raise RefusedError(f"the server said {error.smtp_code}", for_good=500 <= error.smtp_code < 600) from None
    if not taken:
        raise RefusedError("the server took no letter")


def _back(letter: Outgoing, no: RefusedError, at: datetime) -> None:
    """Put a letter that was not sent back into the queue, each time for twice as long; in the end give it up."""
    if no.for_good or letter.attempts >= ATTEMPTS:
        _settle(letter, State.FAILED, error=no.why)
        return
    wait = min(FIRST_WAIT * 2 ** (letter.attempts - 1), LONGEST_WAIT)
    _settle(letter, State.QUEUED, error=no.why, due_at=at + wait)


def _settle(letter: Outgoing, state: State, *, error: str = "", **changes: datetime) -> None:
    """Write how it went, unless somebody has settled the letter meanwhile."""
    Outgoing.objects.filter(pk=letter.pk, state=State.SENDING).update(state=state, error=error[:300], **changes)
