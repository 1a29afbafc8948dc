"""An answer chosen by a few respondents is masked."""

from __future__ import annotations

from likvard.disclosure.cells import Cell, CellKind
from likvard.disclosure.reasons import reason
from likvard.disclosure.rules.hidden_by_source import MASKS
from likvard.disclosure.thresholds import Limits
from likvard.disclosure.verdicts import Rule, Verdict
from likvard.terms import Words

RULE = Rule(
    "few_chose",
    Words(
        "Ett svarsalternativ som färre än fem har valt döljs bakom en stjärna. Noll visas som noll.",
        "An answer chosen by fewer than five is masked by a star. Zero is shown as zero.",
    ),
)


def judge(cell: Cell, limits: Limits) -> Verdict | None:
    """Mask an option that one to `min_reached - 1` respondents chose."""
    if cell.kind is not CellKind.OPTION:
        return None
    reached = cell.reached
    return None if reached is None or not 0 < reached < limits.min_reached else masked(reached, RULE.name)


def masked(reached: float, rule: str) -> Verdict:
    """Return the mask for an option by its number of respondents: * to 9, ** to 19, *** from 20."""
    missing = next(mask for mask, (low, high) in MASKS.items() if low <= max(reached, 1.0) <= high)
    return Verdict(missing, reason(missing), rule, span=MASKS[missing])
