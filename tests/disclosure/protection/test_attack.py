"""The audit: cheap steps that decide, and the plain one that they must agree with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from likvard.disclosure.protection.attack import intervals, passed_on, short_cells
from likvard.disclosure.protection.build import Built
from likvard.disclosure.protection.system import Bounds, State

Tables = Any


@pytest.mark.parametrize("seed", range(25))
def test_harvesting_gives_the_verdicts_of_two_programs_for_each_cell(
    seed: int, tables: Callable[..., Tables], built: Callable[..., Built]
) -> None:
    random = np.random.default_rng(seed)
    raw = built(tables("counts", random.poisson(6, (6, 4) if seed % 2 else (3, 2, 3))))
    states = np.where(random.random(len(raw.keys)) < 0.2, State.COVERED, raw.states).astype(np.int8)
    hidden = np.flatnonzero(states)
    found, _ = intervals(raw.system, states, hidden)
    too_narrow = hidden[found.high - found.low < raw.system.needs(states)[hidden] - 1e-6]
    assert short_cells(raw.system, states, hidden).short.tolist() == too_narrow.tolist()


@pytest.mark.parametrize("seed", range(10))
def test_bounds_passed_on_enclose_every_interval(
    seed: int, tables: Callable[..., Tables], built: Callable[..., Built]
) -> None:
    random = np.random.default_rng(seed)
    raw = built(tables("counts", random.poisson(6, (5, 4))))
    outer = passed_on(raw.system.matrix, raw.system.constant, raw.system.bounds(raw.states))
    hidden = np.flatnonzero(raw.states)
    found, _ = intervals(raw.system, raw.states, hidden)
    assert (outer.low[hidden] <= found.low + 1e-6).all()
    assert (outer.high[hidden] >= found.high - 1e-6).all()


def test_a_cell_alone_in_its_sum_is_found_without_any_program(
    tables: Callable[..., Tables], built: Callable[..., Built]
) -> None:
    raw = built(tables("counts", np.array([3, 20, 9])))
    attack = short_cells(raw.system, raw.states, np.flatnonzero(raw.states))
    assert ([raw.keys[cell] for cell in attack.short], attack.programs) == ([("m", "u0")], 0)


def test_bounds_that_contradict_leave_no_room() -> None:
    one = csr_array(np.array([[1.0, 1.0]]))
    narrow = passed_on(one, np.array([10.0]), Bounds(np.array([0.0, 0.0]), np.array([2.0, 3.0])))
    assert (narrow.high - narrow.low).max() == 0


def test_the_same_attack_twice_takes_the_same_programs(
    tables: Callable[..., Tables], built: Callable[..., Built]
) -> None:
    raw = built(tables("counts", np.random.default_rng(1).poisson(6, (8, 5))))
    states = np.where(raw.states == State.OWN, State.COVERED, raw.states).astype(np.int8)
    one, two = (short_cells(raw.system, states, np.flatnonzero(states)) for _ in range(2))
    assert (one.short.tolist(), one.programs) == (two.short.tolist(), two.programs)
