"""The same deficiency once more: at the same unit or one that it continues, in the same area. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as far as recurrence goes. `unit` is empty for one of the organiser as a whole."""

    key: int
    case: int
    area: str
    organiser: str
    unit: str
    decided: date


def predecessors(unit: str, lineage: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The unit and every unit that it continues, however far back. `lineage` are pairs of predecessor and successor."""
    before: dict[str, set[str]] = {}
    for predecessor, successor in lineage:
        before.setdefault(successor, set()).add(predecessor)
    seen, waiting = set(), [unit]
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            waiting += before.get(at, ())
    return frozenset(seen)


def earlier(finding: Found, known: Iterable[Found], lineage: Iterable[tuple[str, str]]) -> tuple[Found, ...]:
    """Those of the known findings that this one repeats, the oldest first: decided before it, in the same area, and at the
    same unit or one that it continues; for a finding of the organiser as a whole, at the same organiser.

    A unit that has changed hands keeps its history: the pupils are the same. A finding of a follow-up decision in the same case
    goes on with the earlier one; that is no recurrence.
    """
    units = predecessors(finding.unit, lineage) if finding.unit else frozenset()
    found = [
        one
        for one in known
        if one.case != finding.case
        and one.area == finding.area
        and (one.decided, one.key) < (finding.decided, finding.key)
        and (one.unit in units if finding.unit else not one.unit and one.organiser == finding.organiser)
    ]
    return tuple(sorted(found, key=lambda one: (one.decided, one.key)))
