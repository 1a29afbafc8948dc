"""The only way from an estimate to a figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from likvard.disclosure.cells import _SEAL, SHOWN, Cell, Key, Relation, Release, Released
from likvard.disclosure.rules import PRIMARY
from likvard.disclosure.thresholds import Thresholds, thresholds
from likvard.disclosure.verdicts import Verdict
from likvard.terms import Audience, DisclosureError


def release(cells: Iterable[Cell], *, audience: Audience, on: date, relations: Iterable[Relation] = ()) -> Release:
    """Decide what `audience` may see on the day `on` of every cell, given the sums in `relations`.

    Returns each shown cell under its key: its value, or the range or reason that stands in its place. The result
    does not depend on the order of the input. Raises `DisclosureError` on a cell that cannot be judged.
    """
    asked = _by_key(cells)
    rules = {source: thresholds(source, audience, on) for source in {cell.source for cell in asked.values()}}
    verdicts = {key: verdict for key, cell in asked.items() if (verdict := judge(cell, rules[cell.source]))}
    shown = {key: _released(cell, verdicts.get(key)) for key, cell in asked.items() if cell.shown}
    return Release(audience, on, shown, seal=_SEAL)


def judge(cell: Cell, thresholds: Thresholds) -> Verdict | None:
    """Return what the first primary rule that objects says, or None if the cell may be shown as it is."""
    limits = thresholds[cell.kind, cell.level]
    for rule in PRIMARY:
        verdict = rule.judge(cell, limits, thresholds)
        if verdict is not None:
            return replace(verdict, rule=rule.name)
    return None


def _by_key(cells: Iterable[Cell]) -> Mapping[Key, Cell]:
    found: dict[Key, Cell] = {}
    for cell in sorted(cells, key=lambda c: c.key):
        if cell.key in found:
            raise DisclosureError(f"The cell {'/'.join(cell.key)} comes twice.", "Choose one with `strictest`.")
        found[cell.key] = cell
    return found


def _released(cell: Cell, verdict: Verdict | None) -> Released:
    make = partial(Released, cell.key, cell.kind, source=cell.source, seal=_SEAL)
    if verdict is None:
        return make(cell.value, cell.low, cell.high, cell.n, cell.missing, SHOWN)
    low, high = verdict.range or (None, None)
    n = cell.n if verdict.tells_n else None
    return make(None, low, high, n, verdict.missing, verdict.reason, verdict.rule)
