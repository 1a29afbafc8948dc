"""The line of a unit through its lineage: what it continues, what continues it, and which parts make one time series.

A line may branch: a merged unit continues several, a split one is continued by several. The hand-kept links may also, by
mistake, go in a ring; every unit is then met once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from likvard.site.people.models import Lineage, Unit

ONE_SERIES = frozenset({Lineage.Kind.RENAMED, Lineage.Kind.MOVED, Lineage.Kind.NEW_ORGANISER, Lineage.Kind.RECODED})
"""Kinds of lineage after which the unit is the same one, so that its years make one series."""


@dataclass(frozen=True, slots=True)
class Link:
    """A unit in a line, from its first day to its last where they are known; `how` it came from the one before it."""

    unit: Unit
    start: date | None
    end: date | None
    how: str = ""


def line_of(unit: Unit) -> tuple[Link, ...]:
    """Every unit that this one continues or is continued by, oldest first, itself included."""
    before = _walk(unit, _predecessors)
    after = _walk(unit, _successors)
    met = {step.pk: step for step in (*before, *after)}
    codes = {unit.code} | {s.predecessor_id for s in met.values()} | {s.successor_id for s in met.values()}
    units = Unit.objects.select_related("organiser").in_bulk(codes)
    links = [_link(units[code], met.values()) for code in codes]
    depth = _depths(met.values())
    return tuple(sorted(links, key=lambda link: (depth.get(link.unit.code, 0), link.start or date.min, link.unit.code)))


def series_of(unit: Unit) -> tuple[str, ...]:
    """The codes whose years make one series with this unit's, oldest first: no merger and no split in between."""
    line = line_of(unit)
    codes = [link.unit.code for link in line]
    steps = list(Lineage.objects.filter(predecessor_id__in=codes, successor_id__in=codes))
    same = {unit.code}
    while (
        grown := {code for step in steps if _is_one(step, steps) for code in _ends(step) if same & set(_ends(step))}
        - same
    ):
        same |= grown
    return tuple(code for code in codes if code in same)


def _ends(step: Lineage) -> tuple[str, str]:
    return step.predecessor_id, step.successor_id


def _is_one(step: Lineage, steps: Iterable[Lineage]) -> bool:
    shares = [s for s in steps if s.predecessor_id == step.predecessor_id or s.successor_id == step.successor_id]
    return step.kind in ONE_SERIES and len(shares) == 1


def _predecessors(codes: set[str]) -> list[Lineage]:
    return list(Lineage.objects.filter(successor_id__in=codes))


def _successors(codes: set[str]) -> list[Lineage]:
    return list(Lineage.objects.filter(predecessor_id__in=codes))


def _walk(unit: Unit, steps_from: Callable[[set[str]], list[Lineage]]) -> list[Lineage]:
    """Follow the links one generation at a time (one query each) until nothing new is met."""
    met, found, edge = {unit.code}, [], {unit.code}
    while edge:
        steps = steps_from(edge)
        found += steps
        edge = {code for step in steps for code in _ends(step)} - met
        met |= edge
    return found


def _link(unit: Unit, steps: Iterable[Lineage]) -> Link:
    into = [s for s in steps if s.successor_id == unit.code]
    out = [s.day for s in steps if s.predecessor_id == unit.code and s.day]
    start = min((s.day for s in into if s.day), default=_first_day(unit))
    return Link(unit, start, max(out) - timedelta(days=1) if out else _last_day(unit), into[0].kind if into else "")


def _first_day(unit: Unit) -> date | None:
    return date(unit.first_year, 7, 1) if unit.first_year else None


def _last_day(unit: Unit) -> date | None:
    if unit.status != Unit.Status.CLOSED or unit.last_year is None:
        return None
    return date(unit.last_year + 1, 6, 30)


def _depths(steps: Iterable[Lineage]) -> dict[str, int]:
    """How many links each unit lies after the oldest; in a ring the count stops at the number of links."""
    steps = list(steps)
    depth: dict[str, int] = {}
    for _ in steps:
        for before, after in map(_ends, steps):
            depth[after] = min(max(depth.get(after, 0), depth.get(before, 0) + 1), len(steps))
    return depth
