"""Where only a few are counted or reached the goal, they could be recognised."""

from __future__ import annotations

from likvard.disclosure.cells import Cell, CellKind
from likvard.disclosure.reasons import reason
from likvard.disclosure.thresholds import Limits
from likvard.disclosure.verdicts import Rule, Verdict
from likvard.terms import Missing, Words

RULE = Rule(
    "few_reached",
    Words(
        "Ett antal eller en andel som står för för få elever visas inte. Ett antal som är noll visas som noll.",
        "A count or share that stands for too few pupils is not shown. A count of zero is shown as zero.",
    ),
)


def judge(cell: Cell, limits: Limits) -> Verdict | None:
    """Hide a count or share that stands for fewer than `min_reached` pupils.

    A zero is a true zero for counts. A share of zero says of everybody that they did not reach, so it is hidden
    with the others. What a source has published as a share is judged only by a numerator that it gives.
    """
    if cell.kind is CellKind.OPTION or (limits.checked and cell.kind is CellKind.SHARE and cell.numerator is None):
        return None
    reached = cell.reached
    if reached is None or reached >= limits.min_reached or (limits.zeros and reached == 0):
        return None
    return Verdict(Missing.FEW, reason(Missing.FEW), RULE.name, span=(float(limits.zeros), limits.min_reached - 1.0))
