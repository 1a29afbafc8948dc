"""The cheapest way to widen one interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from likvard.disclosure import Cell, CellKind, Relation
from likvard.disclosure.protection.attack import intervals, short_cells
from likvard.disclosure.protection.build import Built
from likvard.disclosure.protection.repair import widen
from likvard.disclosure.protection.system import State
from likvard.terms import Level

Tables = Any


def test_the_cheapest_circle_of_cells_is_hidden(tables: Callable[..., Tables], built: Callable[..., Built]) -> None:
    raw = built(tables("counts", np.array([[3, 30, 8], [40, 60, 50], [9, 70, 7]])))
    target = raw.keys.index(("m", "u0", "g0"))
    found = widen(raw.system, np.where(raw.states, State.COVERED, State.SHOWN).astype(np.int8), np.array([target]))
    assert sorted(raw.system.value[found.cells]) == [7, 8, 9]
    assert not found.exposed


def test_after_widening_the_target_passes_the_audit(tables: Callable[..., Tables], built: Callable[..., Built]) -> None:
    raw = built(tables("counts", np.random.default_rng(5).poisson(9, (4, 3, 2))))
    states = np.where(raw.states, State.COVERED, State.SHOWN).astype(np.int8)
    target = short_cells(raw.system, states, np.flatnonzero(states)).short[:1]
    states[widen(raw.system, states, target).cells] = State.COVERED
    assert len(short_cells(raw.system, states, target).short) == 0


def test_far_cells_are_reached_when_the_near_ones_are_not_enough(built: Callable[..., Built]) -> None:
    """A chain of sums whose totals cannot be hidden: each link that moves needs the next to move."""
    values = {"x": 3, "y1": 20, "y2": 21, "y3": 22, "t1": 23, "t2": 41, "t3": 43}
    cells = tuple(Cell((name,), CellKind.COUNT, float(v), level=Level.MUNICIPALITY) for name, v in values.items())
    links = (("t1", "x", "y1"), ("t2", "y1", "y2"), ("t3", "y2", "y3"))
    sums = tuple(Relation((total,), ((one,), (two,))) for total, one, two in links)
    raw = built(SimpleNamespace(cells=cells, relations=sums))
    weight = np.array([np.inf if key[0].startswith("t") else 1.0 for key in raw.keys])
    found = widen(replace(raw.system, weight=weight), raw.states, np.array([raw.keys.index(("x",))]))
    assert [raw.keys[cell][0] for cell in found.cells] == ["y1", "y2", "y3"]


def test_nothing_to_hide_gives_the_widest_there_is(tables: Callable[..., Tables], built: Callable[..., Built]) -> None:
    raw = built(tables("counts", np.array([1, 1, 30])))
    system = replace(raw.system, weight=np.full(len(raw.keys), np.inf))
    states = np.where(raw.states == State.OWN, State.COVERED, raw.states).astype(np.int8)
    target = raw.keys.index(("m", "u0"))
    found = widen(system, states, np.array([target]))
    interval, _ = intervals(system, states, np.array([target]))
    assert found.exposed == {target: interval.high[0] - interval.low[0]} == {target: 2.0}
