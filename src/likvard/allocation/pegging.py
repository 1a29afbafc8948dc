"""Whole numbers that sum to a total: by largest remainder, and within bounds. Exact: integers only.

Each unit wishes for a rational number, given as a numerator over a denominator that all share. Within bounds, what is left is
spread evenly over the weights of the units that no bound holds: the point nearest to the wishes by weighted least squares.
Units are pegged at their bounds until none is outside (Bitran & Hax 1981, Management Science 27: 431).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Wish:
    """What a unit wishes for (numerator), its weight, its fewest and most, and its code, which settles ties."""

    numerator: int
    weight: int
    low: int
    high: int
    code: str


@dataclass(frozen=True, slots=True)
class Settled:
    """Whole numbers in the order of the wishes, at which bound each unit is held (-1 low, 1 high, 0 none), and what each unit
    that none holds got beyond its wish, per weight."""

    given: tuple[int, ...]
    held: tuple[int, ...]
    shift: Fraction


def rounded(numerators: Sequence[int], denominator: int, total: int, codes: Sequence[str]) -> list[int]:
    """Whole numbers that sum to `total`, by largest remainder; ties go to the lower code.

    The numerators over the denominator must sum to `total`, which must be whole.
    """
    whole = [numerator // denominator for numerator in numerators]
    left = total - sum(whole)
    order = sorted(range(len(whole)), key=lambda i: (-(numerators[i] % denominator), codes[i]))
    for i in order[:left]:
        whole[i] += 1
    return whole


def settle(wishes: Sequence[Wish], denominator: int, total: int) -> Settled:
    """Whole numbers within the bounds that sum to `total`. The bounds must leave room for that: `limits.check`."""
    given, held = [0] * len(wishes), [0] * len(wishes)
    free, left, shift = list(range(len(wishes))), total, Fraction(0)
    while free:
        weights = sum(wishes[i].weight for i in free)
        over = left * denominator - sum(wishes[i].numerator for i in free)
        parts = denominator * weights
        wanted = {i: wishes[i].numerator * weights + wishes[i].weight * over for i in free}
        pegged = _outside(wishes, wanted, parts)
        if not pegged:
            shift = Fraction(over, parts)
            whole = rounded([wanted[i] for i in free], parts, left, [wishes[i].code for i in free])
            for i, number in zip(free, whole, strict=True):
                given[i] = number
            break
        for i, side in pegged.items():
            given[i], held[i] = (wishes[i].high if side > 0 else wishes[i].low), side
            left -= given[i]
        free = [i for i in free if i not in pegged]
    return Settled(tuple(given), tuple(held), shift)


def _outside(wishes: Sequence[Wish], wanted: dict[int, int], parts: int) -> dict[int, int]:
    """Those above their most, or those below their fewest: the side that is further off, for it stays outside whatever the
    other does. Both if they are equally far off: then all others have what they get."""
    above = {i: want - wishes[i].high * parts for i, want in wanted.items() if want > wishes[i].high * parts}
    below = {i: wishes[i].low * parts - want for i, want in wanted.items() if want < wishes[i].low * parts}
    excess, lack = sum(above.values()), sum(below.values())
    high = {} if excess < lack else dict.fromkeys(above, 1)
    low = {} if lack < excess else dict.fromkeys(below, -1)
    return high | low
