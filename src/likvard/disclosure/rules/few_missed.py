"""Where all but a few reached the goal, those few could be recognised: "~100" and a range."""

from __future__ import annotations

from likvard.disclosure.cells import Cell, CellKind
from likvard.disclosure.reasons import reason
from likvard.disclosure.thresholds import Limits
from likvard.disclosure.verdicts import Rule, Verdict
from likvard.terms import Missing, Words

RULE = Rule(
    "few_missed",
    Words(
        "När en till fyra elever inte nådde målet visas ”~100” och ett spann i stället för värdet.",
        "Where one to four pupils did not reach the goal, “~100” and a range stand instead of the value.",
    ),
)


def judge(cell: Cell, limits: Limits) -> Verdict | None:
    """Show "~100" where one to `min_missed - 1` did not reach: (n-4)/n to (n-1)/n for shares, n-4 to n-1 for counts.

    A count without n has no complement. What a source has published is judged only by a numerator that it gives.
    """
    if cell.n is None or cell.kind is CellKind.OPTION or (limits.checked and cell.numerator is None):
        return None
    reached = cell.reached
    if reached is None or not 0 < cell.n - reached < limits.min_missed:
        return None
    low, high = max(cell.n - limits.min_missed + 1.0, 0.0), cell.n - 1.0
    base = 1.0 if cell.kind is CellKind.COUNT else float(cell.n)
    return Verdict(
        Missing.NEAR_ALL, reason(Missing.NEAR_ALL), RULE.name, span=(low, high), range=(low / base, high / base)
    )
