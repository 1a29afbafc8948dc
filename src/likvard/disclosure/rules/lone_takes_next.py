"""A single hidden answer or share in a row would be what the others leave: the next smallest goes with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from likvard.disclosure.cells import Cell, CellKind, Key, Relation
from likvard.disclosure.reasons import reason
from likvard.disclosure.rules.few_chose import masked
from likvard.disclosure.thresholds import Limits
from likvard.disclosure.verdicts import SUPPRESSED, Rule, Verdict, Verdicts
from likvard.terms import Missing, Words

RULE = Rule(
    "lone_takes_next",
    Words(
        "Är bara ett svarsalternativ eller en andel i en rad dold döljs också den näst minsta.",
        "If only one answer or share of a row is hidden, the next smallest is hidden too.",
    ),
)


def judge(
    cells: Mapping[Key, Cell], verdicts: Verdicts, rows: Iterable[tuple[Key, ...]], limits: Mapping[Key, Limits]
) -> Verdicts:
    """Return the further verdicts. A row is the options of a question, or the shares of one place that add up."""
    found: dict[Key, Verdict] = {}
    for row in rows:
        here = [cells[key] for key in row if key in cells]
        hidden = [c for c in here if c.key in verdicts and verdicts[c.key].missing in SUPPRESSED]
        if len(hidden) != 1 or not limits[hidden[0].key].lone_takes_next:
            continue
        open_cells = [(c.reached, c.key) for c in here if c.key not in verdicts and c.reached]
        if open_cells:
            reached, key = min((r, k) for r, k in open_cells if r is not None)
            found[key] = _verdict(cells[key], reached)
    return found


def _verdict(cell: Cell, reached: float) -> Verdict:
    if cell.kind is CellKind.OPTION:
        return masked(reached, RULE.name)
    return Verdict(Missing.PROTECTED, reason(Missing.PROTECTED), RULE.name)


def rows(cells: Mapping[Key, Cell], relations: Iterable[Relation]) -> tuple[tuple[Key, ...], ...]:
    """Return the rows: options that differ only in the last part of the key, and shares that add up in one place."""
    options: dict[Key, list[Key]] = defaultdict(list)
    for cell in cells.values():
        if cell.kind is CellKind.OPTION:
            options[cell.key[:-1]].append(cell.key)
    shares = [r.parts for r in relations if _in_one_place([cells[k] for k in (r.total, *r.parts) if k in cells])]
    return tuple(tuple(keys) for keys in options.values()) + tuple(shares)


def _in_one_place(cells: list[Cell]) -> bool:
    return all(c.kind is CellKind.SHARE for c in cells) and len({c.level for c in cells}) == 1
