"""Crowns, shares and names of schools in running text, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from likvard.figures.formats import NBSP, listed, number, percent_sign
from likvard.figures.measures import swedish_order
from likvard.terms import Language, Words

SV: Final = Language.SV
EN: Final = Language.EN
MOST_NAMES = 4


def crowns(value: float, language: Language, *, signed: bool = False) -> str:
    """`1 234 kronor`, `1,234 crowns`."""
    text = number(value, 0, language, signed=signed)
    one = "krona" if language is SV else "crown"
    many = "kronor" if language is SV else "crowns"
    return f"{text}{NBSP}{one if abs(round(value)) == 1 else many}"


def about(value: float, language: Language) -> str:
    """An amount in words that are easy to hold: `67,4 miljoner kronor`, `975 tusen kronor`, `4 200 kronor`."""
    size = abs(value)
    if size >= 999_500:
        great = size >= 999_950_000
        text = number(value / (1e9 if great else 1e6), 1, language)
        if language is SV:
            return f"{text}{NBSP}{'miljarder' if great else 'miljoner'}{NBSP}kronor"
        return f"{text}{NBSP}{'billion' if great else 'million'}{NBSP}crowns"
    if size >= 9_950:
        thousand = "tusen kronor" if language is SV else "thousand crowns"
        return f"{number(value / 1_000, 0, language)}{NBSP}{thousand}".replace(" ", NBSP)
    return crowns(value, language)


def share(value: float, language: Language, places: int = 1) -> str:
    """A share as per cent, with a decimal only where it has one: `3 %`, `4,2 %`."""
    whole = abs(value * 100 - round(value * 100)) < 0.05
    return number(value * 100, 0 if whole else places, language) + percent_sign(language)


def schools(count: int, language: Language) -> str:
    """`1 skola`, `3 schools`."""
    if language is SV:
        return f"{number(count, 0, SV)}{NBSP}{'skola' if count == 1 else 'skolor'}"
    return f"{number(count, 0, EN)}{NBSP}{'school' if count == 1 else 'schools'}"


def names(every: Sequence[str], language: Language) -> str:
    """The names in Swedish order, at most four of them: `A, B, C, D och 3 till`. Never in the order of need or money."""
    every = sorted(every, key=swedish_order)
    rest = len(every) - MOST_NAMES
    more = (f"{rest} till" if language is SV else f"{rest} more",) if rest > 0 else ()
    return listed((*every[:MOST_NAMES], *more), language)


def joined(*parts: Words) -> Words:
    """Sentences in a row."""
    return Words(" ".join(p.sv for p in parts if p.sv), " ".join(p.en for p in parts if p.en))
