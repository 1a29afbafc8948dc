"""The only way from an estimate to a figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from likvard.disclosure.cells import _SEAL, SHOWN, Cell, Key, Relation, Release, Released
from likvard.disclosure.ledger import Ledger
from likvard.disclosure.rules import PRIMARY, lone_takes_next, other_sex, protected, revised
from likvard.disclosure.rules.strictest import strictest
from likvard.disclosure.thresholds import Limits, limits
from likvard.disclosure.verdicts import Verdict, Verdicts
from likvard.terms import Audience, DisclosureError

NOTHING_OUT = Ledger()


def release(
    cells: Iterable[Cell],
    *,
    audience: Audience,
    on: date,
    relations: Iterable[Relation] = (),
    ledger: Ledger = NOTHING_OUT,
) -> Release:
    """Decide what `audience` may see on the day `on` of every cell.

    `relations` are the sums that a reader can do, `ledger` what is already out. Returns each cell under its key:
    its value, or the range or reason that stands in its place. A figure from several sources is the strictest of
    them. The result does not depend on the order of the input, and an audience with more access sees all that one
    with less sees. Raises `DisclosureError` on a cell that cannot be judged or a sum that does not add up.
    """
    asked, sums = _by_key(cells), _sorted(relations)
    outside = _decide(asked, sums, Audience.PUBLIC, on, ledger, None)
    decided = outside if audience is Audience.PUBLIC else _decide(asked, sums, audience, on, ledger, outside.verdicts)
    return _made(asked, decided, audience, on)


def releases(
    cells: Iterable[Cell], *, on: date, relations: Iterable[Relation] = (), ledger: Ledger = NOTHING_OUT
) -> tuple[Release, ...]:
    """Decide for every audience at once: the same as `release` for each, with what the public sees decided once."""
    asked, sums = _by_key(cells), _sorted(relations)
    outside = _decide(asked, sums, Audience.PUBLIC, on, ledger, None)
    others = (audience for audience in Audience if audience is not Audience.PUBLIC)
    inside = ((audience, _decide(asked, sums, audience, on, ledger, outside.verdicts)) for audience in others)
    return tuple(_made(asked, decided, audience, on) for audience, decided in ((Audience.PUBLIC, outside), *inside))


def _sorted(relations: Iterable[Relation]) -> tuple[Relation, ...]:
    return tuple(sorted(set(relations), key=lambda r: (r.total, r.parts)))


def _made(asked: Mapping[Key, Cell], decided: protected.Covered, audience: Audience, on: date) -> Release:
    shown = {key: _released(cell, decided.verdicts.get(key)) for key, cell in asked.items() if cell.shown}
    return Release(audience, on, shown, decided.exposed, decided.programs, seal=_SEAL)


def _decide(
    cells: Mapping[Key, Cell],
    sums: tuple[Relation, ...],
    audience: Audience,
    on: date,
    ledger: Ledger,
    within: Verdicts | None,
) -> protected.Covered:
    asked = {key: _limits(cell, audience, on) for key, cell in cells.items()}
    verdicts: dict[Key, Verdict] = {}
    for key, cell in cells.items():
        verdict = judge(cell, asked[key])
        if verdict is not None and (within is None or key in within):
            verdicts[key] = verdict
    seen = ledger.seen_by(audience)
    for further in (
        revised.judge(cells, verdicts, seen, asked),
        other_sex.judge(cells, verdicts, asked),
        lone_takes_next.judge(cells, verdicts, lone_takes_next.rows(cells, sums), asked),
    ):
        verdicts |= {key: verdict for key, verdict in further.items() if within is None or key in within}
    return protected.judge(cells, verdicts, sums, seen, within)


def judge(cell: Cell, limits: Limits) -> Verdict | None:
    """Return what the first primary rule that objects says, or None if the cell may be shown as it is."""
    for rule in PRIMARY:
        verdict = rule(cell, limits)
        if verdict is not None:
            return verdict
    return None


def _limits(cell: Cell, audience: Audience, on: date) -> Limits:
    day = cell.period if cell.period is not None else on
    return limits(cell.source, audience, day, cell.kind, cell.level, cell.key[0])


def _by_key(cells: Iterable[Cell]) -> Mapping[Key, Cell]:
    found: dict[Key, list[Cell]] = defaultdict(list)
    for cell in cells:
        found[cell.key].append(cell)
    for key, same in found.items():
        if len({cell.source for cell in same}) < len(same):
            raise DisclosureError(f"The cell {'/'.join(key)} comes twice from one source.", "Hand it in once.")
    return {key: same[0] if len(same) == 1 else strictest(same) for key, same in sorted(found.items())}


def _released(cell: Cell, verdict: Verdict | None) -> Released:
    if verdict is None:
        value, low, high, n, missing, words, rule = cell.value, cell.low, cell.high, cell.n, cell.missing, SHOWN, ""
    else:
        low, high = verdict.range or (None, None)
        n = cell.n if verdict.tells_n else None
        value, missing, words, rule = None, verdict.missing, verdict.reason, verdict.rule
    return Released(cell.key, cell.kind, value, low, high, n, missing, words, rule, cell.source, seal=_SEAL)
