"""What an event of the chain is, and how it is sealed: pure functions over texts."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol
from uuid import UUID

from likvard.terms import LikvardError

BEFORE_THE_FIRST = "0" * 64
"""What the first event names as the hash of the one before."""

LONGEST = {"actor": 40, "actor_name": 200, "role": 40, "what": 60, "subject": 200, "unit": 20, "reason": 2000}
"""Longest text of each field, in characters: the same on every database (SQLite does not look)."""

_WHAT = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


class AuditError(LikvardError):
    """An event that cannot be recorded, or an anchor that cannot be read. Nothing was written."""

    exit_code = 7


class Actor(Protocol):
    """Whoever does something: a user under one of its memberships."""

    @property
    def audit_id(self) -> str:
        """What stays the same for this actor for ever."""

    @property
    def audit_name(self) -> str:
        """The name at the time; it outlives the account."""

    @property
    def audit_role(self) -> str:
        """The role that was used."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, before it is sealed. `at` is aware; `data` is canonical JSON. Raises `AuditError` if a field is wrong."""

    seq: int
    at: datetime
    actor: str
    actor_name: str
    role: str
    what: str
    subject: str
    unit: str
    reason: str
    data: str

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise AuditError(f"The time {self.at} of an event has no time zone.", "Pass request.now.")
        if _WHAT.fullmatch(self.what) is None:
            raise AuditError(f"{self.what!r} is not the code of an event.", "Write it as case.opened.")
        for field, longest in LONGEST.items():
            _check_text(field, getattr(self, field), longest)


def _check_text(field: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise AuditError(f"The {field} of an event has {len(text)} characters, at most {longest} fit.", "Shorten it.")
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise AuditError(f"The {field} of an event holds a character that no text has.", "Take it away.")


def canonical(value: object) -> str:
    """One and the same JSON text for the same value: sorted keys, no spaces, ASCII only. Dates and UUIDs become texts.

    Raises `AuditError` for what JSON does not know, also for NaN and infinity.
    """
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain)
    except (TypeError, ValueError) as error:
        raise AuditError(
            f"The data of an event cannot be written down: {error}.", "Use texts, numbers, dates."
        ) from None


def _plain(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not a text, a number or a date")


def digest(entry: Entry, previous: str) -> str:
    """The seal of an event, 64 hexadecimal digits: SHA-256 over all its fields and the seal of the one before."""
    fields: dict[str, Any] = asdict(entry)
    fields["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(canonical({**fields, "previous": previous}).encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: number and seal of its last event; `Head(0, "000…")` for an empty chain.

    Kept outside the database it is an anchor: nothing up to it can be changed or cut off unseen.
    """

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"

    def line(self, at: datetime) -> str:
        """The anchor as one line of JSON, with the time at which it was taken."""
        return canonical({"at": at.astimezone(UTC), "seq": self.seq, "hash": self.hash})

    @classmethod
    def parse(cls, line: str) -> Head:
        """Read an anchor's line. Raises `AuditError` if it is anything else."""
        try:
            fields: Mapping[str, Any] = json.loads(line)
            text = f"{fields['seq']}:{fields['hash']}"
        except (ValueError, KeyError, TypeError):
            text = line
        return cls.of(text)

    @classmethod
    def of(cls, text: str) -> Head:
        """Read `42:9f…`, as `str` writes it. Raises `AuditError` if it is anything else."""
        match = re.fullmatch("([0-9]{1,18}):([0-9a-f]{64})", text.strip())
        if match is None:
            raise AuditError(
                f"{text[:80]!r} is not a head of the audit chain.", "Write number:seal, as verify-audit prints it."
            )
        return cls(int(match[1]), match[2])


EMPTY = Head(0, BEFORE_THE_FIRST)
