"""When does a school that the yearly cap holds reach what the rest of the rule gives it, if nothing else changes?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from likvard.allocation import saying
from likvard.allocation.round import Rule, Unit
from likvard.allocation.saying import EN, SV
from likvard.allocation.share import Outcome, allocate, frame_of
from likvard.terms import Words

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


def says(found: Sequence[Held]) -> Words | None:
    """One sentence on how long the cap holds; None where it holds nobody."""
    if not found:
        return None
    sv, en = (saying.names([one.name for one in found], language) for language in (SV, EN))
    free = [one.free_in for one in found if one.free_in is not None]
    if len(free) < len(found):
        return Words(
            f"Den högsta ändringen per år håller {sv}. Alla når inte rätt nivå inom {MOST} år.",
            f"The highest yearly change holds {en}. Not all reach the right level within {MOST} years.",
        )
    last = max(free)
    return Words(
        f"Den högsta ändringen per år håller {sv}. År {last} har alla nått rätt nivå, om inget annat ändras.",
        f"The highest yearly change holds {en}. By {last} all have reached the right level, if nothing else changes.",
    )


def _held(outcome: Outcome) -> set[str]:
    return {row.unit.code for row in outcome.rows if row.limit in ("cap_up", "cap_down")}


def _a_year_on(unit: Unit, crowns: int) -> Unit:
    return replace(unit, last=crowns, last_pupils=unit.pupils)
