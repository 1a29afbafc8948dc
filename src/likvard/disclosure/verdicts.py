"""What one rule says about one cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from likvard.disclosure.cells import Cell
from likvard.disclosure.thresholds import Limits, Thresholds
from likvard.terms import Missing, Words


@dataclass(frozen=True, slots=True)
class Verdict:
    """A cell that may not be shown as it is: the state that stands in its place, and why.

    `span` is what the symbol tells a reader who knows the rule, in pupils: (1, 4) for "one to four". It is None
    where the symbol says nothing of the size. `range` is what is shown instead of the value, if anything. `tells_n`
    says whether n may stand beside it. `rule` is set by the list of rules.
    """

    missing: Missing
    reason: Words
    span: tuple[float, float] | None = None
    range: tuple[float, float] | None = None
    tells_n: bool = True
    rule: str = ""


Judge = Callable[[Cell, Limits, Thresholds], Verdict | None]
"""A primary rule: what it says about a cell, or None if it has nothing against showing it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One primary rule: its name, what it does in plain words, and the function that applies it."""

    name: str
    about: Words
    judge: Judge
