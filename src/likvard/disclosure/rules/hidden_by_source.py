"""What the source hid stays hidden, with the source's reason. What it does not have is not there here either."""

from __future__ import annotations

from likvard.disclosure.cells import Cell
from likvard.disclosure.reasons import hidden_by, reason
from likvard.disclosure.thresholds import Limits
from likvard.disclosure.verdicts import SUPPRESSED, Rule, Verdict
from likvard.terms import Missing, Words

RULE = Rule(
    "hidden_by_source",
    Words(
        "Det som källan har dolt förblir dolt, med källans skäl. Det räknas aldrig fram ur summor eller andra källor.",
        "What the source hid stays hidden, with the source's reason. It is never worked out from totals or elsewhere.",
    ),
)

MASKS = {
    Missing.MASKED_UNDER_10: (1.0, 9.0),
    Missing.MASKED_10_19: (10.0, 19.0),
    Missing.MASKED_OVER_19: (20.0, float("inf")),
}
"""How many respondents a mask of Skolenkäten stands for, by its explanation sheet."""


def judge(cell: Cell, limits: Limits) -> Verdict | None:
    """Return the source's own state for a cell without a value. A range that the source gives is kept."""
    if cell.missing is None or cell.value is not None:
        return None
    words = hidden_by(limits.whose, cell.missing) if cell.missing in SUPPRESSED else reason(cell.missing)
    shown = None if cell.low is None or cell.high is None else (cell.low, cell.high)
    return Verdict(cell.missing, words, RULE.name, span=_span(cell), range=shown)


def _span(cell: Cell) -> tuple[float, float] | None:
    if cell.missing is Missing.NEAR_ALL and cell.n:
        return max(cell.n - 4.0, 0.0), cell.n - 1.0
    if cell.missing is Missing.NEAR_NONE and cell.n:
        return 1.0, min(4.0, cell.n)
    return MASKS.get(cell.missing) if cell.missing is not None else None
