"""A figure that rests on too few pupils is not shown."""

from __future__ import annotations

from likvard.disclosure.cells import Cell, CellKind
from likvard.disclosure.reasons import reason
from likvard.disclosure.thresholds import Limits, Thresholds
from likvard.disclosure.verdicts import Rule, Verdict
from likvard.terms import DisclosureError, Missing, Words

SURVEY = frozenset({CellKind.INDEX, CellKind.OPTION})


def judge(cell: Cell, limits: Limits, thresholds: Thresholds) -> Verdict | None:
    """Hide a share, mean, estimate, index or option that rests on fewer than `min_n`; n is not told either.

    A count has no n of its own that could be too small: the count itself is judged by how many it counts.
    Raises `DisclosureError` where n is unknown and the source has not already applied a rule of its own.
    """
    if cell.n is None:
        if limits.checked or cell.kind is CellKind.COUNT or limits.min_n <= 1:
            return None
        raise DisclosureError(
            f"The cell {'/'.join(cell.key)} does not say how many pupils it rests on.", "Give `n`, or its source."
        )
    if cell.n >= limits.min_n or (cell.kind is CellKind.COUNT and not cell.n):
        return None
    missing = Missing.RULE_NOT_MET if cell.kind in SURVEY else Missing.FEW
    return Verdict(missing, reason(missing), tells_n=False)


RULE = Rule(
    "too_few_pupils",
    Words(
        "En siffra som bygger på för få elever eller svar visas inte.",
        "A figure that rests on too few pupils or answers is not shown.",
    ),
    judge,
)
