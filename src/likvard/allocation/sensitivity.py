"""How much money moves when the model, the years or the weights change, and when the index is as unsure as it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from likvard.allocation import saying
from likvard.allocation.errors import AllocationError
from likvard.allocation.round import MOST_BY_NEED, Rule, Unit, need_of
from likvard.allocation.saying import EN, SV
from likvard.allocation.share import Outcome, allocate
from likvard.terms import Words

STEP = 0.05
"""How far the share by need is turned up and down: as much as many municipalities share by need in all."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The same round in another way: other units (another year or model), another rule, or both."""

    name: Words
    units: tuple[Unit, ...]
    rule: Rule


@dataclass(frozen=True, slots=True)
class Moved:
    """What a variant changes: crowns that change school, their share of the frame, and the unit that changes most a pupil.

    `instead` says why there is no answer: then the variant is impossible, and the numbers are zero.
    """

    name: Words
    moved: int
    share: float
    most: str = ""
    most_per_pupil: float = 0.0
    instead: Words | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """The fewest and most crowns a unit gets, and what it gets as proposed."""

    code: str
    name: str
    crowns: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Every variant against the proposal, and every unit's range over those that are possible."""

    variants: tuple[Moved, ...]
    ranges: tuple[Range, ...]


def with_need(units: Sequence[Unit], need: Mapping[str, float]) -> tuple[Unit, ...]:
    """The units with another model's or year's index, by code; a unit that it does not know has none."""
    return tuple(replace(u, need=need.get(u.code), need_low=None, need_high=None) for u in units)


def of_earlier_years(
    units: Sequence[Unit], rule: Rule, earlier: Mapping[int, Mapping[str, float]]
) -> tuple[Variant, ...]:
    """The same round with the model's index of earlier years, the latest first; `earlier` is that index by year and unit code."""
    model = replace(rule, source="model")
    return tuple(
        Variant(
            Words(f"indexet från {year}", f"the index of {year}"), with_need(units, need), replace(model, of_year=year)
        )
        for year, need in sorted(earlier.items(), reverse=True)
        if need
    )


def of_other_model(units: Sequence[Unit], rule: Rule, need: Mapping[str, float]) -> tuple[Variant, ...]:
    """The same round with the index by another model of the same year, by unit code; nothing where there is none.

    A unit that the other model does not know keeps its own: it is the model that is changed here, not who has an index.
    """
    if not any(unit.code in need for unit in units):
        return ()
    known = {unit.code: unit.need for unit in units if unit.need is not None}
    return (Variant(_WITHIN, with_need(units, {**known, **need}), replace(rule, source="model")),)


def usual(units: Sequence[Unit], rule: Rule) -> tuple[Variant, ...]:
    """The variants that every round is tried in: the other index, the share turned up and down, no limits."""
    every = tuple(units)
    up, down = min(rule.share + STEP, MOST_BY_NEED), max(rule.share - STEP, 0.0)
    found = [
        Variant(_share_words(share), every, replace(rule, share=round(share, 6)))
        for share in (down, up)
        if share != rule.share
    ]
    other = replace(rule, source="stated" if rule.source == "model" else "model")
    if any(need_of(unit, other) for unit in every):
        found.append(Variant(_OTHER[other.source], every, other))
    if (rule.floor, rule.ceiling, rule.cap) != (None, None, None):
        found.append(Variant(_NO_LIMITS, every, replace(rule, floor=None, ceiling=None, cap=None)))
    return tuple(found)


_OTHER = {
    "stated": Words("statistikmyndighetens index", "the statistics office's index"),
    "model": Words("modellens index", "the model's index"),
}
_WITHIN = Words("indexet där elever jämförs inom samma skola", "the index that compares pupils within the same school")
_NO_LIMITS = Words("inga gränser", "no limits")


def _share_words(share: float) -> Words:
    return Words(f"{saying.share(share, SV)} efter behov", f"{saying.share(share, EN)} by need")


def sensitivity(proposed: Outcome, variants: Sequence[Variant]) -> Sensitivity:
    """Share the same frame in every variant, and say what moves. An impossible variant says why instead."""
    own = {row.unit.code: row.crowns for row in proposed.rows}
    told, outcomes = [], []
    for variant in variants:
        try:
            outcome = allocate(variant.units, replace(variant.rule, frame=proposed.frame, base=None))
        except AllocationError as error:
            told.append(Moved(variant.name, 0, 0.0, instead=error.said))
            continue
        told.append(_moved(variant.name, proposed, outcome))
        outcomes.append({row.unit.code: row.crowns for row in outcome.rows})
    ranges = []
    for row in sorted(proposed.rows, key=lambda row: row.unit.code):
        code = row.unit.code
        every = [own[code], *(found[code] for found in outcomes if code in found)]
        ranges.append(Range(code, row.unit.name, own[code], min(every), max(every)))
    return Sensitivity(tuple(told), tuple(ranges))


def _moved(name: Words, proposed: Outcome, other: Outcome) -> Moved:
    crowns = {row.unit.code: row.crowns for row in other.rows}
    changes = [(crowns.get(row.unit.code, 0) - row.crowns, row.unit) for row in proposed.rows]
    appeared = sum(crowns.values()) - sum(crowns.get(unit.code, 0) for _, unit in changes)
    moved = (sum(abs(change) for change, _ in changes) + appeared) // 2
    change, most = max(changes, key=lambda pair: (abs(pair[0]) / pair[1].pupils, pair[1].code))
    return Moved(name, moved, moved / proposed.frame, most.name, change / most.pupils)


def by_doubt(units: Sequence[Unit], rule: Rule) -> tuple[Range, ...]:
    """What each unit would get if its own index stood at either end of its interval, the others' as they are; by code.

    More need never gives less, so the two ends hold all that lies between. A unit without an interval has one amount, and so
    has every unit when the rule uses the stated index, which has none.
    """
    every = list(units)
    proposed = allocate(every, rule)
    ranges = []
    for i, row in enumerate(proposed.rows):
        unit = row.unit
        ends = (unit.need_low, unit.need_high) if rule.source == "model" and unit.need is not None else (None, None)
        low, high = (_with_own(every, i, end, rule, row.crowns) for end in ends)
        ranges.append(Range(unit.code, unit.name, row.crowns, low, high))
    return tuple(sorted(ranges, key=lambda found: found.code))


def _with_own(units: list[Unit], i: int, need: float | None, rule: Rule, otherwise: int) -> int:
    if need is None:
        return otherwise
    changed = replace(units[i], need=need, need_low=None, need_high=None)
    return allocate([*units[:i], changed, *units[i + 1 :]], rule).rows[i].crowns
