"""Nothing hidden can be narrowed down, and little more is hidden than must be."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from likvard.disclosure import Cell, CellKind, release
from likvard.disclosure.protection.attack import intervals, short_cells
from likvard.disclosure.protection.build import Built
from likvard.disclosure.protection.cover import extra_weight
from likvard.disclosure.protection.protect import protect
from likvard.disclosure.protection.system import State, States, System
from likvard.terms import Audience

Tables = Any
SHAPES = [(3, 4), (4, 3), (3, 2, 2), (6,), (2, 4, 2), (5, 2), (12,)]
HIERARCHIES = 1000
AT_A_TIME = 10

FACTOR = 1.5
"""Stated in docs/disclosure.md: on small tables never more than this times the least possible weight."""


def random_table(random: np.random.Generator, number: int, tables: Callable[..., Tables]) -> Tables:
    shape = SHAPES[random.integers(len(SHAPES))]
    name = f"m{number}"
    kind = ("counts", "shares", "means")[random.integers(3)]
    if kind == "counts":
        return tables(kind, random.poisson(random.choice([2, 4, 8, 15]), shape), measure=name)
    n = 1 + random.poisson(random.choice([6, 12, 25]), shape)
    if kind == "shares":
        return tables(kind, random.binomial(n, random.choice([0.5, 0.85, 0.95])), n, measure=name)
    return tables(kind, np.round(n * random.normal(220, 40, shape)).clip(0), n, measure=name)


def needed(cell: Cell, primary: bool) -> float:
    if cell.kind is CellKind.MEAN:
        return (0.1 if primary else 0.01) * 340 * (cell.n or 0)
    return min(3.0 if primary else 1.0, float("inf") if cell.n is None else cell.n)


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_random_hierarchies_hold_against_the_naive_attacker(
    seed: int, audience: Audience, tables: Callable[..., Tables], attack: Callable[..., Any], today: date
) -> None:
    random = np.random.default_rng(seed)
    share = 1 if audience is Audience.PUBLIC else 5
    for _ in range(HIERARCHIES // 10 // AT_A_TIME // share):
        several = [random_table(random, i, tables) for i in range(AT_A_TIME)]
        cells, relations = (
            [x for tb in several for x in part(tb)] for part in (lambda t: t.cells, lambda t: t.relations)
        )
        out = release(cells, audience=audience, on=today, relations=relations)
        alone = release(cells, audience=audience, on=today)
        assert out.exposed == ()
        for tb in several:
            of = {cell.key: cell for cell in tb.cells}
            for key, (low, high) in attack(out, tb).items():
                assert high - low >= needed(of[key], alone[key].value is None) - 1e-3, (key, low, high)


def fischetti_salazar(tables: Callable[..., Tables], built: Callable[..., Built]) -> tuple[System, States, int]:
    """The 3 x 3 table of Fischetti & Salazar (2000) with its margins: 22 is sensitive, and all that readers know is
    that nothing is below zero."""
    raw = built(tables("counts", np.array([[20, 50, 10], [8, 19, 22], [17, 32, 12]])))
    target = raw.keys.index(("m", "u1", "g2"))
    need = np.zeros(len(raw.keys))
    need[target] = 5.0
    states = np.zeros(len(raw.keys), dtype=np.int8)
    states[target] = State.OWN
    return replace(raw.system, need=need, own=raw.system.covered), states, target


def test_fischetti_and_salazars_table_hides_as_little_as_they_do(
    tables: Callable[..., Tables], built: Callable[..., Built]
) -> None:
    system, states, target = fischetti_salazar(tables, built)
    hidden = protect(system, states).states != State.SHOWN
    assert sorted(system.value[hidden]) == [8, 12, 17, 22]
    assert system.value[hidden].sum() == 59
    found, programs = intervals(system, protect(system, states).states, np.array([target]))
    assert (found.low[0], found.high[0], programs) == (5, 30, 2)


def lighter_patterns(system: System, states: States, than: float) -> Iterator[States]:
    """Every set of further cells that weighs less than `than`, lightest first."""
    open_cells = np.flatnonzero((states == State.SHOWN) & np.isfinite(system.weight) & (system.weight < than - 1e-9))
    sets = (s for size in range(len(open_cells) + 1) for s in itertools.combinations(open_cells.tolist(), size))
    light = [(system.weight[list(s)].sum(), s) for s in sets if system.weight[list(s)].sum() < than - 1e-9]
    for _, chosen in sorted(light):
        trial = np.where(states == State.OWN, State.COVERED, states).astype(np.int8)
        trial[list(chosen)] = State.COVERED
        yield trial


def least_weight(system: System, states: States, ours: float) -> float:
    """The least possible weight, by trying every set lighter than ours."""
    for trial in lighter_patterns(system, states, ours):
        if not len(short_cells(system, trial, np.flatnonzero(trial)).short):
            return extra_weight(system, trial)
    return ours


@pytest.mark.parametrize("seed", range(30))
def test_on_small_tables_little_more_is_hidden_than_must_be(
    seed: int, tables: Callable[..., Tables], built: Callable[..., Built]
) -> None:
    random = np.random.default_rng(seed)
    raw = built(tables("counts", random.poisson(random.choice([5, 7, 9]), (3, 3) if seed % 2 else (2, 3))))
    ours = extra_weight(raw.system, protect(raw.system, raw.states).states)
    assert ours <= FACTOR * least_weight(raw.system, raw.states, ours) + 1e-9


def test_a_pattern_is_pruned_of_what_it_does_not_need(
    tables: Callable[..., Tables], built: Callable[..., Built]
) -> None:
    random = np.random.default_rng(3)
    raw = built(tables("counts", random.poisson(7, (5, 4))))
    result = protect(raw.system, raw.states)
    extra = np.flatnonzero((result.states == State.COVERED) & (raw.system.need == 0))
    wide = np.where(result.states == State.OWN, State.COVERED, result.states).astype(np.int8)
    for cell in extra:
        trial = wide.copy()
        trial[cell] = State.SHOWN
        assert len(short_cells(raw.system, trial, np.flatnonzero(trial)).short) > 0


def test_what_cannot_be_helped_is_reported_with_its_width(
    tables: Callable[..., Tables], built: Callable[..., Built]
) -> None:
    raw = built(tables("counts", np.array([3, 20, 9])))
    lost = replace(raw.system, weight=np.full(len(raw.keys), np.inf))
    result = protect(lost, raw.states)
    assert dict(result.exposed) == {raw.keys.index(("m", "u0")): 0.0}
