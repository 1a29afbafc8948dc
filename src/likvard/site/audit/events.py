"""Record what was done or read, in the transaction that does it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from likvard.site.audit import chain
from likvard.site.audit.models import Event, Events
from likvard.site.audit.rules import Actor, AuditError, Entry, canonical, digest

_LOCK = 0x6C696B76  # one number for the chain among PostgreSQL's advisory locks: "likv"


def record(
    *,
    at: datetime,
    actor: Actor | None,
    what: str,
    subject: str = "",
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    unit: str = "",
) -> Event:
    """Add one event at the end of the chain, in the caller's transaction; without an actor it is the system's own deed.

    Lock the rows that the deed changes first and record last: from here to the commit no one else can record.
    Raises `AuditError` outside a transaction, and for an event that is not in order.
    """
    if not connection.in_atomic_block:
        raise AuditError("An event was recorded outside a transaction.", "Put the deed and its event into atomic().")
    _hold_the_end()
    end = chain.head()
    entry = Entry(
        seq=end.seq + 1,
        at=at.astimezone(UTC) if at.tzinfo else at,
        actor=actor.audit_id if actor else "",
        actor_name=actor.audit_name if actor else "",
        role=actor.audit_role if actor else "",
        what=what,
        subject=subject,
        unit=unit,
        reason=reason,
        data=canonical(dict(data or {})),
    )
    names = Entry.__dataclass_fields__
    fields = {name: getattr(entry, name) for name in names}
    return Event.objects.create(**fields, previous=end.hash, hash=digest(entry, end.hash))


def _hold_the_end() -> None:
    """Make writers wait for one another: SQLite's IMMEDIATE transaction does already, PostgreSQL takes a lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])


def about(subject: str) -> Events:
    """Every event about one thing (`case:SI 2026:1`, `unit:12345678`, `user:<uuid>`), oldest first."""
    return Event.objects.about(subject)
