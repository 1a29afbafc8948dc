"""What the others would give away is hidden too: the sums, checked by an attacker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from likvard.disclosure.cells import Cell, CellKind, Key, Relation
from likvard.disclosure.ledger import Entry
from likvard.disclosure.protection.build import Built, Unknown, build, people_or_points, unknown
from likvard.disclosure.protection.protect import Protected, protect
from likvard.disclosure.protection.settle import settle
from likvard.disclosure.protection.system import State
from likvard.disclosure.reasons import reason
from likvard.disclosure.verdicts import Rule, Verdict, Verdicts
from likvard.terms import DisclosureError, Missing, Words

RULE = Rule(
    "protected",
    Words(
        "Det som annars skulle gå att räkna ut ur summor, andra grupper eller tidigare utgåvor döljs också. En "
        "granskning visar att inget dolt går att ringa in.",
        "What could be worked out from totals, other groups or earlier releases is hidden too. An audit shows that "
        "nothing hidden can be narrowed down.",
    ),
)

COVERED = Verdict(Missing.PROTECTED, reason(Missing.PROTECTED), RULE.name)


@dataclass(frozen=True, slots=True)
class Covered:
    """The verdicts after the sums have been looked at; `exposed` are cells that cannot be helped any more."""

    verdicts: Verdicts
    exposed: tuple[Key, ...]
    programs: int


def judge(
    cells: Mapping[Key, Cell],
    verdicts: Verdicts,
    relations: Sequence[Relation],
    seen: Mapping[Key, Sequence[Entry]],
    within: Verdicts | None = None,
) -> Covered:
    """Return the verdicts that leave nothing to be worked out from `relations` and what has been `seen` before.

    `within` are the verdicts for an audience that sees less: only what is hidden there may be hidden here, so that
    nobody with more access sees less. Raises `DisclosureError` where a sum names a cell that is not there.
    """
    sums, constants = [*relations, *_questions(cells)], _answers(cells)
    if not sums:
        return Covered(verdicts, (), 0)
    unknowns = _unknowns(cells, verdicts, sums, constants, seen, within)
    built = build(unknowns, sums, constants)
    system, states = settle(built.system, built.states, built.keys)
    return _translate(built, protect(system, states), verdicts)


def _unknowns(
    cells: Mapping[Key, Cell],
    verdicts: Verdicts,
    sums: Sequence[Relation],
    constants: Mapping[Key, float],
    seen: Mapping[Key, Sequence[Entry]],
    within: Verdicts | None,
) -> Mapping[Key, Unknown]:
    found: dict[Key, Unknown] = {}
    earlier: dict[Key, Cell] = {}
    for relation in sums:
        named = [key for key in (relation.total, *relation.parts) if key not in constants]
        for key in named:
            if key not in cells and key not in earlier:
                earlier[key] = _from_ledger(key, relation, seen)
        people_or_points(cells.get(key) or earlier[key] for key in named)
    for key in sorted({key for relation in sums for key in (relation.total, *relation.parts)} - set(constants)):
        out = key in earlier or any(entry.same_as(cells[key]) for entry in seen.get(key, ()))
        hidden_there = None if within is None else within.get(key)
        cell = cells[key] if key in cells else earlier[key]
        found[key] = unknown(
            cell,
            verdicts.get(key),
            out=out,
            may_hide=within is None or hidden_there is not None,
            known_range=hidden_there.span if hidden_there is not None and cell.shown else None,  # no symbol tells it
        )
    return found


def _from_ledger(key: Key, relation: Relation, seen: Mapping[Key, Sequence[Entry]]) -> Cell:
    if key not in seen:
        raise DisclosureError(
            f"The sum {'/'.join(relation.total)} has the part {'/'.join(key)}, which is not among the cells.",
            "Hand it in too, with shown=False if no figure has it.",
        )
    entry = seen[key][-1]
    return Cell(key, entry.kind, entry.value, entry.n)


def _questions(cells: Mapping[Key, Cell]) -> list[Relation]:
    """Return a sum for every question whose options add up to its number of answers, which stands beside them."""
    families: dict[Key, list[Cell]] = {}
    for cell in cells.values():
        if cell.kind is CellKind.OPTION:
            families.setdefault(cell.key[:-1], []).append(cell)
    return [
        Relation(question, tuple(cell.key for cell in options))
        for question, options in families.items()
        if _adds_up(options)
    ]


def _adds_up(options: list[Cell]) -> bool:
    reached = [cell.reached for cell in options]
    if options[0].n is None or any(cell.n != options[0].n for cell in options):
        return False
    return None in reached or abs(sum(r for r in reached if r is not None) - options[0].n) < 0.5


def _answers(cells: Mapping[Key, Cell]) -> Mapping[Key, float]:
    return {
        cell.key[:-1]: float(cell.n) for cell in cells.values() if cell.kind is CellKind.OPTION and cell.n is not None
    }


def _translate(built: Built, result: Protected, before: Verdicts) -> Covered:
    verdicts = dict(before)
    for number in np.flatnonzero(result.states == State.COVERED).tolist():
        key = built.keys[number]
        old = verdicts.get(key)
        verdicts[key] = COVERED if old is None else replace(COVERED, tells_n=old.tells_n)
    exposed = tuple(built.keys[number] for number in sorted(result.exposed))
    return Covered(verdicts, exposed, result.programs)
