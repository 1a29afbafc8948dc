"""A figure that rests on too few pupils is not shown."""

from __future__ import annotations

from likvard.disclosure.cells import Cell, CellKind
from likvard.disclosure.reasons import reason
from likvard.disclosure.thresholds import Limits
from likvard.disclosure.verdicts import Rule, Verdict
from likvard.terms import DisclosureError, Missing, Words

RULE = Rule(
    "too_few_pupils",
    Words(
        "En siffra som bygger på för få elever eller svar visas inte, och inte heller hur få de är.",
        "A figure that rests on too few pupils or answers is not shown, nor how few they are.",
    ),
)

SURVEY = frozenset({CellKind.INDEX, CellKind.OPTION})


def judge(cell: Cell, limits: Limits) -> Verdict | None:
    """Hide a share, mean, estimate, index or option that rests on fewer than `min_n`; n is not told either.

    A count rests on what it counts: `few_reached` judges it. Raises `DisclosureError` where n is unknown and the
    source has not applied a rule of its own.
    """
    if cell.kind is CellKind.COUNT or limits.min_n <= 1:
        return None
    if cell.n is None:
        if limits.checked:
            return None
        raise DisclosureError(
            f"The cell {'/'.join(cell.key)} does not say how many pupils it rests on.", "Give `n`, or its source."
        )
    if cell.n >= limits.min_n:
        return None
    missing = Missing.RULE_NOT_MET if cell.kind in SURVEY else Missing.FEW
    return Verdict(missing, reason(missing), RULE.name, tells_n=False)
