"""What the source hid stays hidden, with the source's reason. What it does not have is not there here either."""

from __future__ import annotations

from likvard.disclosure.cells import Cell
from likvard.disclosure.reasons import hidden_by, reason
from likvard.disclosure.thresholds import Limits, Thresholds
from likvard.disclosure.verdicts import Rule, Verdict
from likvard.terms import Missing, Words

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
"""States in which there is a number that the source keeps to itself; the others have no number to protect."""

MASKS = {Missing.MASKED_UNDER_10: (1.0, 9.0), Missing.MASKED_10_19: (10.0, 19.0)}


def judge(cell: Cell, limits: Limits, thresholds: Thresholds) -> Verdict | None:
    """Return the source's own state for a cell without a value. A range that the source gives is kept."""
    if cell.missing is None or cell.value is not None:
        return None
    words = reason(cell.missing)
    if cell.missing in SUPPRESSED and cell.source:
        words = hidden_by(thresholds.name, cell.missing)
    shown = None if cell.low is None or cell.high is None else (cell.low, cell.high)
    return Verdict(cell.missing, words, span=span(cell, limits), range=shown)


def span(cell: Cell, limits: Limits) -> tuple[float, float] | None:
    """Return what the source's symbol says about how many reached, in pupils; None if it says nothing."""
    few = min(limits.min_numerator - 1.0, 4.0)
    if cell.missing in (Missing.NEAR_ALL, Missing.NEAR_NONE):
        if cell.n is None:
            return None
        return (max(cell.n - 4.0, 0.0), cell.n - 1.0) if cell.missing is Missing.NEAR_ALL else (1.0, few)
    return MASKS.get(cell.missing) if cell.missing is not None else None


RULE = Rule(
    "hidden_by_source",
    Words(
        "Det som källan har dolt förblir dolt, med källans skäl. Det räknas aldrig fram ur summor eller andra källor.",
        "What the source hid stays hidden, with the source's reason. It is never worked out from totals or elsewhere.",
    ),
    judge,
)
