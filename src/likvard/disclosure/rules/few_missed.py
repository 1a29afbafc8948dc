"""Where all but a few reached the goal, those few could be recognised: "~100" and a range."""

from __future__ import annotations

from likvard.disclosure.cells import Cell, CellKind
from likvard.disclosure.reasons import reason
from likvard.disclosure.thresholds import Limits, Thresholds
from likvard.disclosure.verdicts import Rule, Verdict
from likvard.terms import Missing, Words


def judge(cell: Cell, limits: Limits, thresholds: Thresholds) -> Verdict | None:
    """Show "~100" where one to `min_complement - 1` missed: (n-4)/n to (n-1)/n for shares, n-4 to n-1 for counts.

    A count without n has no complement.
    """
    reached = cell.reached
    if reached is None or cell.n is None or cell.kind is CellKind.OPTION:
        return None
    if not 0 < cell.n - reached < limits.min_complement:
        return None
    span = (max(cell.n - limits.min_complement + 1.0, 0.0), cell.n - 1.0)
    base = 1.0 if cell.kind is CellKind.COUNT else float(cell.n)
    return Verdict(Missing.NEAR_ALL, reason(Missing.NEAR_ALL), span=span, range=(span[0] / base, span[1] / base))


RULE = Rule(
    "few_missed",
    Words(
        "När en till fyra elever inte nådde målet visas ”~100” och ett spann i stället för andelen.",
        "Where one to four pupils did not reach the goal, “~100” and a range stand instead of the share.",
    ),
    judge,
)
