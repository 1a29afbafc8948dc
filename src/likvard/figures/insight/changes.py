"""What changed since last time: the changes that survive a stated false-alarm budget over all tests of the lake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from likvard.disclosure.cells import Released
from likvard.disclosure.publication import Publication, Published
from likvard.figures.facts import Fact
from likvard.figures.insight import measured as m
from likvard.figures.insight.measured import Measured
from likvard.figures.insight.reach import reach
from likvard.figures.insight.reading import Found, Place, alarms
from likvard.figures.insight.scope import Scope, UnitInfo
from likvard.figures.measures import Period, Scale
from likvard.figures.sentences import marked
from likvard.terms import UsageError, Words


@dataclass(frozen=True, slots=True)
class Change:
    """One change that is clear of chance: newest minus the year before, and the sentence that tells it."""

    unit: UnitInfo
    what: Words
    scale: Scale
    period: Period
    change: Released
    text: Words


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes by area and name, with the sentences that say how many tests there were and how many false alarms.

    `items` is empty where nothing survived; then `verdict` says so.
    """

    items: tuple[Change, ...]
    tests: int
    rate: float
    verdict: tuple[Words, ...]


def changes(pub: Publication, scope: Scope, found: Found) -> Changes:
    """The units' changes that survive the budget, in the order of area, name, measure and subject.

    A publication holds the newest change of each measure only: what changed before that was told before.
    """
    kept = [(place, p) for place, p in found.places() if _counts(scope, place, p)]
    kept.sort(key=lambda pair: (scope.units[pair[0].area].school.order, pair[0]))
    items = tuple(_items(scope, kept))
    tests, rate = alarms(pub, "changes")
    facts: dict[str, Fact] = {
        "shown": len(items),
        "tests": tests,
        "one_in": round(1 / rate) if rate else 0,
        "within": reach(pub).within,
    }
    return Changes(items, tests, rate, marked("changes", facts))


def _counts(scope: Scope, place: Place, published: Published) -> bool:
    told = place.aspect == "change" and published.kept and published.cell.value is not None
    return told and place.area in scope.units


def _items(scope: Scope, kept: list[tuple[Place, Published]]) -> Iterator[Change]:
    for place, published in kept:
        what = _measured(place)
        if what is None:
            continue
        scale, about = m.change_scale(what), _about(what, place)
        since = what.period(place.year - 1)
        sentences = marked("one-change", {"scale": scale, "what": about, "since": since, "change": published.cell})
        for text in sentences:
            yield Change(scope.units[place.area], about, scale, what.period(place.year), published.cell, text)


def _measured(place: Place) -> Measured | None:
    """The measure, or None for one that no indicator defines: it has no name to be told by."""
    try:
        return m.measured(place.measure, place.subject)
    except UsageError:
        return None


def _about(what: Measured, place: Place) -> Words:
    """The measure and, where it is not about all pupils, the group."""
    name = what.name if what.subject else what.short
    if place.group == "all":
        return name
    group = m.group_name(place.group)
    return Words(f"{name.sv}, {group.sv},", f"{name.en}, {group.en}")
