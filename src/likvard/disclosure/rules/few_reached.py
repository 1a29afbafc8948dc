"""Where only a few are counted or reached the goal, they could be recognised."""

from __future__ import annotations

from likvard.disclosure.cells import Cell, CellKind
from likvard.disclosure.reasons import reason
from likvard.disclosure.thresholds import Limits, Thresholds
from likvard.disclosure.verdicts import Rule, Verdict
from likvard.terms import Missing, Words


def judge(cell: Cell, limits: Limits, thresholds: Thresholds) -> Verdict | None:
    """Hide a count or share that stands for one to `min_numerator - 1` pupils; a zero too, where zeros are not open.

    With `near_none` a share shows "~0" and its range instead.
    """
    reached = cell.reached
    if reached is None or reached >= limits.min_numerator or cell.kind is CellKind.OPTION:
        return None
    if reached == 0 and limits.zeros:
        return None
    least = 1.0 if limits.zeros else 0.0
    span = (least, max(least, limits.min_numerator - 1.0))
    if limits.near_none and cell.kind is CellKind.SHARE and cell.n and 0 < reached <= 4:
        return Verdict(
            Missing.NEAR_NONE, reason(Missing.NEAR_NONE), span=(1.0, 4.0), range=(1 / cell.n, min(4 / cell.n, 1.0))
        )
    return Verdict(Missing.FEW, reason(Missing.FEW), span=span)


RULE = Rule(
    "few_reached",
    Words(
        "Ett antal eller en andel som står för en handfull elever visas inte. Noll visas bara där noll får visas.",
        "A count or share that stands for a handful of pupils is not shown. Zero is shown only where zeros may be.",
    ),
    judge,
)
