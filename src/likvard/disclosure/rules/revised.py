"""A figure that changes a little from one release to the next tells about those few who made the change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from likvard.disclosure.cells import Cell, Key
from likvard.disclosure.ledger import Entry
from likvard.disclosure.thresholds import Limits
from likvard.disclosure.verdicts import Rule, Verdict, Verdicts
from likvard.terms import Missing, Words

RULE = Rule(
    "revised",
    Words(
        "En siffra som har ändrats med bara några få elever sedan en tidigare utgåva visas inte i den nya.",
        "A figure that has changed by only a few pupils since an earlier release is not shown in the new one.",
    ),
)

REASON = Words(
    "skyddad, skiljer sig med bara några få elever från en tidigare utgåva",
    "protected, differs by only a few pupils from an earlier release",
)


def judge(
    cells: Mapping[Key, Cell],
    verdicts: Verdicts,
    seen: Mapping[Key, Sequence[Entry]],
    limits: Mapping[Key, Limits],
) -> Verdicts:
    """Return the further verdicts: own figures that differ from one seen before by fewer pupils than may be shown.

    What a source revises it has revised for everybody: its figures pass. A mean that changes on the same number of
    pupils passes too: nothing tells whose points changed.
    """
    found: dict[Key, Verdict] = {}
    for key, entries in seen.items():
        cell = cells.get(key)
        if cell is None or key in verdicts or cell.value is None or limits[key].checked:
            continue
        if any(not entry.same_as(cell) and _few_differ(cell, entry, limits[key]) for entry in entries):
            found[key] = Verdict(Missing.PROTECTED, REASON, RULE.name)
    return found


def _few_differ(cell: Cell, entry: Entry, limits: Limits) -> bool:
    fewest = max(limits.min_n, limits.min_reached)
    if cell.n is not None and entry.n is not None and 0 < abs(cell.n - entry.n) < fewest:
        return True
    now, before = cell.reached, entry.persons
    return now is not None and before is not None and 0 < abs(now - before) < fewest
