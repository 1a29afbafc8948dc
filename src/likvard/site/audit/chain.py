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


WHY = {
    Fault.GAP: "the event is missing",
    Fault.ORDER: "it does not follow the event before it",
    Fault.CONTENT: "it is not what was sealed",
    Fault.ANCHOR: "a head noted earlier says otherwise: the chain was made anew",
    Fault.CUT: "a head noted earlier has it: the end of the chain was cut off",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain found.

    `count` events hold, and `head` is the last of them as `number:seal`. `broken` is the number of the first event that is
    wrong or missing, `fault` what is wrong with it. `guarded`: the database refuses changes.
    """

    count: int
    head: str
    broken: int | None = None
    fault: Fault | None = None
    guarded: bool = True

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.broken is None and self.guarded

    @property
    def why(self) -> str:
        """What is wrong, in words; empty if nothing is."""
        if self.fault is not None:
            return WHY[self.fault]
        return "" if self.guarded else "the database does not refuse changes: its guard is gone"


def head() -> Head:
    """The end of the chain now."""
    last = Event.objects.order_by("-seq").values_list("seq", "hash").first()
    return EMPTY if last is None else Head(*last)


def verify(head: str = "", anchors: Iterable[Head] = ()) -> Verdict:
    """Walk the whole chain, one row at a time, and hold it against heads noted earlier.

    Some 25 000 rows in a second; memory does not grow with the chain. The chain is read as it is at one moment,
    while others may go on writing. Raises `AuditError` if `head` is not one.
    """
    noted = [*anchors, *([Head.of(head)] if head else [])]
    known = {anchor.seq: anchor.hash for anchor in noted}
    at, broken, fault = EMPTY, None, None
    for event in Event.objects.order_by("seq").iterator(chunk_size=2000):
        fault = _fault(event, at, known)
        if fault is not None:
            broken = at.seq + 1
            break
        at = Head(event.seq, event.hash)
    if fault is None and max(known, default=0) > at.seq:
        broken, fault = at.seq + 1, Fault.CUT
    return Verdict(at.seq, str(at), broken, fault, guard.stands(connection))


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
