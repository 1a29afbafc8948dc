"""What changed since last time: the changes that survive a stated false-alarm budget over all tests of the lake."""

from __future__ import annotations

from dataclasses import dataclass

from likvard.disclosure.cells import Released
from likvard.figures.insight.scope import UnitInfo
from likvard.figures.measures import Period, Scale
from likvard.terms import Words


@dataclass(frozen=True, slots=True)
class Change:
    """One change that is clear of chance: newest minus the year before, and the two values where they may be shown."""

    unit: UnitInfo
    what: Words
    scale: Scale
    period: Period
    change: Released
    now: Released | None
    before: Released | None
    text: Words


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes by area and name, with the sentence that says how many tests there were and how many false alarms.

    `items` is empty where nothing survived; then `verdict` says so.
    """

    items: tuple[Change, ...]
    tests: int
    rate: float
    verdict: tuple[Words, ...]
