"""What a rule says about a cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from likvard.disclosure.cells import Cell, Key
from likvard.disclosure.thresholds import Limits
from likvard.terms import Missing, Words


@dataclass(frozen=True, slots=True)
class Verdict:
    """A cell that may not be shown as it is: the state that stands in its place, and why.

    `span` is what the symbol tells a reader who knows the rule, in pupils: (1, 4) for "one to four". It is None
    where the symbol says nothing of the size. `range` is what is shown instead of the value, if anything. `tells_n`
    says whether n may stand beside it. `rule` is the name of the rule.
    """

    missing: Missing
    reason: Words
    rule: str
    span: tuple[float, float] | None = None
    range: tuple[float, float] | None = None
    tells_n: bool = True


SUPPRESSED = frozenset(
    {
        Missing.FEW,
        Missing.PROTECTED,
        Missing.MAJORITY,
        Missing.NEAR_ALL,
        Missing.NEAR_NONE,
        Missing.RULE_NOT_MET,
        Missing.MASKED_UNDER_10,
        Missing.MASKED_10_19,
        Missing.MASKED_OVER_19,
        Missing.PRIVACY,
    }
)
"""States in which there is a number that the source keeps to itself; in the others there is none to protect."""

Verdicts = Mapping[Key, Verdict]
"""The cells that may not be shown as they are."""

Judge = Callable[[Cell, Limits], Verdict | None]
"""A primary rule: what it says about a cell by itself, or None if it has nothing against showing it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the manual lists it: its name, which is that of its file, and what it does in plain words."""

    name: str
    about: Words
