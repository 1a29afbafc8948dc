"""Floors, ceilings and the yearly cap as whole crowns per unit, and what is said when they cannot all hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from likvard.allocation import saying
from likvard.allocation.errors import AllocationError
from likvard.allocation.round import Rule, Unit
from likvard.allocation.saying import EN, SV
from likvard.terms import Words

Limit = Literal["", "floor", "ceiling", "cap_up", "cap_down"]

MILLION = 1_000_000
"""Shares are read to the millionth, pupils and indices to the thousandth: what follows is exact in whole numbers."""

THOUSAND = 1_000
MOST_CAP = 10 * MILLION


def thousandths(value: float) -> int:
    """A number of pupils or an index, in thousandths."""
    return round(value * THOUSAND)


def millionths(value: float) -> int:
    """A share, in millionths."""
    return round(value * MILLION)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The fewest and most crowns of a unit, to the nearest crown, and which limit sets them."""

    low: int
    high: int
    why_low: Limit
    why_high: Limit


def bounds(unit: Unit, rule: Rule, frame: int) -> Bounds:
    """What the rule's limits are for the unit. `low` above `high` says that they contradict each other."""
    pupils = thousandths(unit.pupils)
    low = 0 if rule.floor is None else _nearest(rule.floor * pupils, THOUSAND)
    high = frame if rule.ceiling is None else _nearest(rule.ceiling * pupils, THOUSAND)
    if rule.cap is None or unit.last is None or unit.last_pupils is None:
        return Bounds(low, high, "floor", "ceiling")
    same, parts = unit.last * pupils, thousandths(unit.last_pupils) * MILLION
    down = _nearest(same * max(MILLION - millionths(rule.cap), 0), parts)
    up = _nearest(same * (MILLION + millionths(rule.cap)), parts)
    return Bounds(
        max(low, down), min(high, up), "cap_down" if down > low else "floor", "cap_up" if up < high else "ceiling"
    )


def _nearest(numerator: int, denominator: int) -> int:
    """The nearest whole number, halves up."""
    return (2 * numerator + denominator) // (2 * denominator)


def check(units: Sequence[Unit], rule: Rule, frame: int, found: Sequence[Bounds]) -> None:
    """Raise `AllocationError` if no sharing of the frame keeps all limits: what, by how much, and what to do."""
    against = [(u, b) for u, b in zip(units, found, strict=True) if b.low > b.high]
    least, most = sum(b.low for b in found), sum(b.high for b in found)
    if against:
        raise AllocationError(_contradiction(against, rule), _remedy(units, rule, frame, None))
    if least > frame:
        raise AllocationError(_too_little(least, frame), _remedy(units, rule, frame, least))
    if most < frame:
        raise AllocationError(_too_much(most, frame), _remedy(units, rule, frame, most))


def _contradiction(against: Sequence[tuple[Unit, Bounds]], rule: Rule) -> Words:
    names = [u.name for u, _ in against]
    unit, worst = max(against, key=lambda pair: (pair[1].low - pair[1].high, pair[0].code))
    gap = (worst.low - worst.high) / unit.pupils
    up = worst.why_low == "floor"
    limit = rule.floor if up else rule.ceiling
    last = unit.last_per_pupil or 0.0
    sv, en = ("Golvet", "floor") if up else ("Taket", "ceiling")
    return Words(
        f"{sv} på {saying.crowns(limit or 0, SV)} per elev och den högsta ändringen på {saying.share(rule.cap or 0, SV)} går inte ihop "
        f"för {saying.names(names, SV)}. {unit.name} hade {saying.crowns(last, SV)} per elev; det skiljer {saying.crowns(gap, SV)}.",
        f"The {en} of {saying.crowns(limit or 0, EN)} a pupil and the highest change of {saying.share(rule.cap or 0, EN)} contradict "
        f"each other for {saying.names(names, EN)}. {unit.name} had {saying.crowns(last, EN)} a pupil; they differ by "
        f"{saying.crowns(gap, EN)}.",
    )


def _too_little(least: int, frame: int) -> Words:
    return Words(
        f"Gränserna kräver minst {saying.crowns(least, SV)} men ramen är {saying.crowns(frame, SV)}. "
        f"Det fattas {saying.crowns(least - frame, SV)}.",
        f"The limits take at least {saying.crowns(least, EN)} but the frame is {saying.crowns(frame, EN)}. "
        f"{saying.crowns(least - frame, EN)} are missing.",
    )


def _too_much(most: int, frame: int) -> Words:
    return Words(
        f"Gränserna tillåter högst {saying.crowns(most, SV)} men ramen är {saying.crowns(frame, SV)}. "
        f"{saying.crowns(frame - most, SV)} går inte att dela ut.",
        f"The limits allow at most {saying.crowns(most, EN)} but the frame is {saying.crowns(frame, EN)}. "
        f"{saying.crowns(frame - most, EN)} cannot be shared out.",
    )


def _remedy(units: Sequence[Unit], rule: Rule, frame: int, instead: int | None) -> Words:
    """What to change, each way enough by itself: the cap, the floor, the ceiling, or the frame to `instead`."""
    ways = []
    if rule.cap is not None and possible(units, replace(rule, cap=None), frame):
        ways.append(_cap_remedy(least_cap(units, rule, frame)))
    ways += _amount_remedies(units, rule, frame)
    if instead is not None:
        ways.append(_frame_remedy(units, rule, frame, instead))
    if not ways:
        return Words("Ta bort en av gränserna.", "Take one of the limits away.")
    return Words(
        f"{' eller '.join(w.sv for w in ways)}.".capitalize(), f"{', or '.join(w.en for w in ways)}.".capitalize()
    )


def _amount_remedies(units: Sequence[Unit], rule: Rule, frame: int) -> list[Words]:
    """The highest floor and the lowest ceiling that work with everything else as it is, where one does."""
    ways = []
    floor = None if rule.floor is None else _nearest_that_works(units, rule, frame, "floor", rule.floor, 0)
    if floor is not None:
        ways.append(
            Words(
                f"sänk golvet till högst {saying.crowns(floor, SV)} per elev",
                f"lower the floor to at most {saying.crowns(floor, EN)} a pupil",
            )
        )
    highest = frame * THOUSAND // min(thousandths(u.pupils) for u in units) + 1
    ceiling = (
        None if rule.ceiling is None else _nearest_that_works(units, rule, frame, "ceiling", rule.ceiling, highest)
    )
    if ceiling is not None:
        ways.append(
            Words(
                f"höj taket till minst {saying.crowns(ceiling, SV)} per elev",
                f"raise the ceiling to at least {saying.crowns(ceiling, EN)} a pupil",
            )
        )
    return ways


def _nearest_that_works(
    units: Sequence[Unit], rule: Rule, frame: int, limit: Literal["floor", "ceiling"], fails: int, end: int
) -> int | None:
    """The amount nearest to one that fails, towards `end`, at which the limit works; None if it does not at the end either.

    A lower floor and a higher ceiling only widen every unit's limits, so the answer is found by halving.
    """

    def works(amount: int) -> bool:
        tried = replace(rule, floor=amount) if limit == "floor" else replace(rule, ceiling=amount)
        return possible(units, tried, frame)

    if fails == end or (end > fails and limit == "floor") or not works(end):
        return None
    while abs(end - fails) > 1:
        middle = (end + fails) // 2
        end, fails = (middle, fails) if works(middle) else (end, middle)
    return end


def _cap_remedy(cap: float | None) -> Words:
    if cap is None:
        return Words("ta bort den högsta ändringen per år", "take away the highest change a year")
    return Words(
        f"höj den högsta ändringen per år till minst {saying.share(cap, SV)}",
        f"raise the highest change a year to at least {saying.share(cap, EN)}",
    )


def _frame_remedy(units: Sequence[Unit], rule: Rule, frame: int, needed: int) -> Words:
    more = needed > frame
    sv, en = ("minst", "at least") if more else ("högst", "at most")
    if rule.frame is not None:
        what, amount = Words("ramen", "frame"), needed
    else:
        what = Words("grundbeloppet", "base amount")
        apart = sum(u.set_apart for u in units)
        numerator = (needed - apart) * (MILLION - millionths(rule.share)) * THOUSAND
        denominator = sum(thousandths(u.pupils) for u in units) * MILLION
        amount = -(-numerator // denominator) if more else numerator // denominator
    return Words(
        f"{'höj' if more else 'sänk'} {what.sv} till {sv} {saying.crowns(amount, SV)}",
        f"{'raise' if more else 'lower'} the {what.en} to {en} {saying.crowns(amount, EN)}",
    )


def possible(units: Sequence[Unit], rule: Rule, frame: int) -> bool:
    """Whether any sharing of the frame keeps all limits."""
    found = [bounds(unit, rule, frame) for unit in units]
    within = sum(b.low for b in found) <= frame <= sum(b.high for b in found)
    return within and all(b.low <= b.high for b in found)


def least_cap(units: Sequence[Unit], rule: Rule, frame: int) -> float | None:
    """The smallest yearly change that makes the wish possible, in whole thousandths; None if none does.

    A larger cap only widens every unit's limits, so the answer is found by halving.
    """
    low, high = -1, MOST_CAP // THOUSAND
    if not possible(units, replace(rule, cap=high / THOUSAND), frame):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        works = possible(units, replace(rule, cap=middle / THOUSAND), frame)
        low, high = (low, middle) if works else (middle, high)
    return high / THOUSAND
