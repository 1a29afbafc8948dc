"""When does a school that the yearly cap holds reach what the rest of the rule gives it, if nothing else changes?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from likvard.allocation.round import Rule, Unit
from likvard.allocation.share import Outcome, allocate, frame_of

MOST = 20
"""Rounds that are looked at. A cap so tight that it takes longer is told as such."""


@dataclass(frozen=True, slots=True)
class Held:
    """A unit that the cap holds in this round, and the first year in which it does not; None if that is beyond `MOST` rounds."""

    code: str
    name: str
    free_in: int | None


def held_until(units: Sequence[Unit], rule: Rule, calendar_year: int) -> tuple[Held, ...]:
    """Repeat the round with the same frame, pupils and need, each year's crowns the next year's start; in order of code.

    Raises `AllocationError` as `allocate` does. A unit that is not held by the cap in this round is not told of.
    """
    fixed = replace(rule, frame=frame_of(units, rule), base=None)
    outcome = allocate(units, fixed)
    waiting = _held(outcome)
    names = {unit.code: unit.name for unit in units if unit.code in waiting}
    free: dict[str, int] = {}
    for year in range(calendar_year + 1, calendar_year + MOST + 1):
        if not waiting:
            break
        outcome = allocate([_a_year_on(row.unit, row.crowns) for row in outcome.rows], fixed)
        free |= dict.fromkeys(waiting - _held(outcome), year)
        waiting &= _held(outcome)
    return tuple(Held(code, names[code], free.get(code)) for code in sorted(names))


def _held(outcome: Outcome) -> set[str]:
    return {row.unit.code for row in outcome.rows if row.limit in ("cap_up", "cap_down")}


def _a_year_on(unit: Unit, crowns: int) -> Unit:
    return replace(unit, last=crowns, last_pupils=unit.pupils)
