"""How old are the inputs, does the model still fit, have the pupils changed, and what would a refresh change?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from typing import Literal

from likvard.allocation import saying
from likvard.allocation.errors import AllocationError
from likvard.allocation.round import Input, Rule, Unit, need_of
from likvard.allocation.saying import EN, SV
from likvard.allocation.share import Outcome, allocate, frame_of
from likvard.figures.formats import number
from likvard.terms import Words

OLD, TOO_OLD = 12, 24
"""Months after which an input is near its limit, and past it."""

_MONTH = 365.25 / 12

State = Literal["fresh", "old", "too_old", "never"]


@dataclass(frozen=True, slots=True)
class Age:
    """How old an input is on a day: months begun, None if it was never done."""

    input: Input
    months: int | None
    state: State
    says: Words


@dataclass(frozen=True, slots=True)
class Calibration:
    """Does the model still fit? The slope of results on what it expects, 1 if it fits, with its 95 per cent interval."""

    slope: float
    low: float
    high: float

    @property
    def fits(self) -> bool:
        """Whether one lies within the interval."""
        return self.low <= 1 <= self.high

    @property
    def says(self) -> Words:
        """In words, with the numbers."""
        sv, en = (
            f"{number(self.slope, 2, language)} ({number(self.low, 2, language)}–{number(self.high, 2, language)})"
            for language in (SV, EN)
        )
        if self.fits:
            return Words(
                f"Modellen stämmer fortfarande: lutningen är {sv}.", f"The model still fits: its slope is {en}."
            )
        more = self.slope < 1
        return Words(
            f"Modellen har glidit: lutningen är {sv}. Den ser {'större' if more else 'mindre'} skillnader i behov än resultaten visar.",
            f"The model has drifted: its slope is {en}. It sees {'larger' if more else 'smaller'} differences in need than results show.",
        )


@dataclass(frozen=True, slots=True)
class Shift:
    """How the pupils have moved between two times.

    `moved` is the share of pupils that would have to change school to make the schools' sizes as they were; `in_new` the share
    in schools that were not there; `index` the mean absolute change of the index (100 is the mean) over pupils of schools
    that were there both times.
    """

    moved: float
    in_new: float
    index: float | None
    pupils_then: float
    pupils_now: float


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What fresh inputs change for a unit: crowns before and after, and how much of it comes from pupils and from need.

    A unit that is gone has 0 after, one that is new has 0 before.
    """

    code: str
    name: str
    then: int
    now: int
    by_pupils: int
    by_need: int

    @property
    def change(self) -> int:
        """Crowns that a refresh gives or takes."""
        return self.now - self.then


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh: per unit in order of code, and the crowns that change school by it. The changes sum to zero."""

    rows: tuple[Refreshed, ...]
    frame: int
    moved: int

    @property
    def says(self) -> Words:
        """In words: how much money it moves."""
        return Words(
            f"En uppdatering flyttar {saying.about(self.moved, SV)} av {saying.about(self.frame, SV)}.",
            f"A refresh moves {saying.about(self.moved, EN)} of {saying.about(self.frame, EN)}.",
        )


def age(one: Input, on: date) -> Age:
    """How old an input is. A year counts from its last day. An input of a day to come is new."""
    if one.of is None:
        return Age(one, None, "never", Words("aldrig", "never"))
    of = one.of if isinstance(one.of, date) else date(one.of, 12, 31)
    months = max(0, ceil((on - of).days / _MONTH))
    state: State = "too_old" if months > TOO_OLD else "old" if months > OLD else "fresh"
    return Age(one, months, state, Words(f"{months} {'månad' if months == 1 else 'månader'}", _months(months)))


def _months(months: int) -> str:
    return f"{months} {'month' if months == 1 else 'months'}"


def ages(inputs: Sequence[Input], on: date) -> tuple[Age, ...]:
    """How old every input is, in the order given."""
    return tuple(age(one, on) for one in inputs)


def warning(found: Sequence[Age]) -> Words | None:
    """One sentence on the inputs that are past the limit, or None if none is."""
    late = [a for a in found if a.state in ("too_old", "never")]
    oldest = max((a.months for a in late if a.months is not None), default=None)
    if not late:
        return None
    sv, en = (saying.names([a.input.name[language] for a in late], language) for language in (SV, EN))
    if oldest is None:
        return Words(f"Har aldrig gjorts: {sv}.", f"Has never been done: {en}.")
    return Words(
        f"För gammalt eller aldrig gjort: {sv}. Det äldsta är {oldest} månader gammalt. Gränsen är {TOO_OLD}.",
        f"Too old or never done: {en}. The oldest is {_months(oldest)} old. The limit is {TOO_OLD}.",
    )


def shift(then: Sequence[Unit], now: Sequence[Unit], rule: Rule) -> Shift:
    """How the pupils have moved between schools, and their schools' need changed. Raises `AllocationError` if either is empty."""
    if not then or not now:
        raise AllocationError(
            Words("Det finns inga skolor att jämföra.", "There are no units to compare."),
            Words("Ange skolorna vid båda tillfällena.", "Give the units at both times."),
        )
    before, after = ({u.code: u for u in units} for units in (then, now))
    total_then, total_now = (sum(u.pupils for u in units) for units in (then, now))
    sizes = {code: (_pupils(before, code) / total_then, _pupils(after, code) / total_now) for code in before | after}
    return Shift(
        moved=sum(abs(a - b) for a, b in sizes.values()) / 2,
        in_new=sum(u.pupils for u in now if u.code not in before) / total_now,
        index=_index_change(before, after, rule),
        pupils_then=total_then,
        pupils_now=total_now,
    )


def _pupils(units: Mapping[str, Unit], code: str) -> float:
    return units[code].pupils if code in units else 0.0


def _index_change(before: Mapping[str, Unit], after: Mapping[str, Unit], rule: Rule) -> float | None:
    """The mean absolute change of the index over pupils, both indices with their mean at 100 over the schools in common."""
    triples = [
        (after[code].pupils, old, new)
        for code in sorted(before.keys() & after.keys())
        if (old := need_of(before[code], rule)) is not None and (new := need_of(after[code], rule)) is not None
    ]
    pupils = sum(n for n, _, _ in triples)
    mean_old, mean_new = (sum(t[0] * t[i] for t in triples) / pupils if pupils else 0.0 for i in (1, 2))
    if not (mean_old and mean_new):
        return None
    return 100 * sum(n * abs(old / mean_old - new / mean_new) for n, old, new in triples) / pupils


def refresh(then: Sequence[Unit], now: Sequence[Unit], rule: Rule) -> Refresh:
    """What the rule gives with the inputs of `now` against those of `then`, in the frame of `now`.

    The change is split into two steps that sum to it: first the pupils of now with the need of then, then the need of now.
    Raises `AllocationError` where the limits cannot be kept with either.
    """
    fixed = replace(rule, frame=frame_of(now, rule), base=None)
    known = {u.code: u for u in then}
    middle = [_with_need_of(known.get(u.code), u) for u in now]
    before, between, after = (_crowns(allocate(units, fixed)) for units in (then, middle, now))
    names = {u.code: u.name for u in (*then, *now)}
    rows = []
    for code in sorted(names):
        first, second, last = before.get(code, 0), between.get(code, 0), after.get(code, 0)
        rows.append(Refreshed(code, names[code], first, last, second - first, last - second))
    return Refresh(tuple(rows), fixed.frame or 0, sum(abs(row.change) for row in rows) // 2)


def _with_need_of(old: Unit | None, new: Unit) -> Unit:
    """The new unit with the old need; a unit that was not there has its new one."""
    if old is None:
        return new
    return replace(new, need=old.need, need_low=old.need_low, need_high=old.need_high, stated=old.stated)


def _crowns(outcome: Outcome) -> dict[str, int]:
    return {row.unit.code: row.crowns for row in outcome.rows}
