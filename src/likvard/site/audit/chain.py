"""Is the chain whole? And its head, to be kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from django.db import connection

from likvard.site.audit import guard
from likvard.site.audit.models import Event
from likvard.site.audit.rules import EMPTY, AuditError, Head, digest


class Fault(StrEnum):
    """What is wrong with a row of the chain."""

    GAP = "gap"  # a row before it is missing
    ORDER = "order"  # it does not name the one before
    CONTENT = "content"  # its fields are not what was sealed
    ANCHOR = "anchor"  # an anchor kept elsewhere says otherwise: the chain was rewritten
    CUT = "cut"  # an anchor kept elsewhere names a later row: the end was cut off


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row that is wrong, and why. The row may be missing (`GAP`, `CUT`)."""

    seq: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain found: rows that hold, where it ends, the first fault, and whether the guard stands."""

    count: int
    head: Head
    broken: Broken | None
    guarded: bool

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.broken is None and self.guarded


def head() -> Head:
    """The end of the chain now."""
    last = Event.objects.order_by("-seq").values_list("seq", "hash").first()
    return EMPTY if last is None else Head(*last)


def verify(anchors: Iterable[Head] = ()) -> Verdict:
    """Walk the whole chain, one row at a time, and hold it against the anchors.

    Some 60 000 rows in a second; memory does not grow with the chain. The chain is read as it is at one moment,
    while others may go on writing.
    """
    known = {anchor.seq: anchor.hash for anchor in anchors}
    at, broken = EMPTY, None
    for event in Event.objects.order_by("seq").iterator(chunk_size=2000):
        fault = _fault(event, at, known)
        if fault is not None:
            broken = Broken(at.seq + 1 if fault is Fault.GAP else event.seq, fault)
            break
        at = Head(event.seq, event.hash)
    if broken is None and max(known, default=0) > at.seq:
        broken = Broken(at.seq + 1, Fault.CUT)
    return Verdict(at.seq, at, broken, guard.stands(connection))


def _fault(event: Event, before: Head, known: dict[int, str]) -> Fault | None:
    if event.seq != before.seq + 1:
        return Fault.GAP
    if event.previous != before.hash:
        return Fault.ORDER
    if _seal(event) != event.hash:
        return Fault.CONTENT
    return Fault.ANCHOR if known.get(event.seq, event.hash) != event.hash else None


def _seal(event: Event) -> str:
    try:
        return digest(event.entry, event.previous)
    except AuditError:  # a field that could not have been recorded
        return ""


def anchor(file: Path, *, at: datetime) -> Head:
    """Add the chain's head as one line to a file, to be kept where the database's keeper cannot write. Return the head."""
    end = head()
    with file.open("a", encoding="ascii") as lines:
        lines.write(end.line(at) + "\n")
    return end


def anchors(file: Path) -> tuple[Head, ...]:
    """The anchors of a file, oldest first. Raises `AuditError` if a line is not an anchor."""
    return tuple(Head.parse(line) for line in file.read_text("ascii", "replace").splitlines() if line.strip())
