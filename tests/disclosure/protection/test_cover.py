"""Single equations: who starves, and the cheapest help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from likvard.disclosure.protection.build import Built
from likvard.disclosure.protection.cover import Equations, cover_rows, cover_symbols
from likvard.disclosure.protection.system import State

Tables = Any


@pytest.mark.parametrize("seed", range(10))
def test_no_equation_starves_afterwards(seed: int, tables: Callable[..., Tables], built: Callable[..., Built]) -> None:
    raw = built(tables("counts", np.random.default_rng(seed).poisson(7, (6, 4))))
    covered = cover_rows(raw.system, raw.states)
    assert not any(Equations(raw.system, covered).starved)
    assert (covered[raw.states != State.SHOWN] != State.SHOWN).all()


@pytest.mark.parametrize("seed", range(10))
def test_all_equations_at_once_and_one_by_one_agree(
    seed: int, tables: Callable[..., Tables], built: Callable[..., Built]
) -> None:
    raw = built(tables("counts", np.random.default_rng(seed).poisson(7, (6, 4))))
    equations = Equations(raw.system, raw.states)
    assert equations.starved == [equations.starves(row) for row in range(len(equations.cells))]


def test_the_cheapest_cell_is_taken(tables: Callable[..., Tables], built: Callable[..., Built]) -> None:
    raw = built(tables("counts", np.array([3, 20, 9, 14])))
    covered = cover_rows(raw.system, raw.states)
    assert [raw.keys[c] for c in np.flatnonzero(covered == State.COVERED)] == [("m", "u2")]


def test_a_zero_is_no_cover(tables: Callable[..., Tables], built: Callable[..., Built]) -> None:
    raw = built(tables("counts", np.array([3, 0, 9])))
    covered = cover_rows(raw.system, raw.states)
    assert [raw.keys[c] for c in np.flatnonzero(covered == State.COVERED)] == [("m", "u2")]


def test_symbols_are_taken_back_without_hiding_a_figure(
    tables: Callable[..., Tables], built: Callable[..., Built]
) -> None:
    raw = built(tables("counts", np.array([4, 4, 30])))
    changed = cover_symbols(raw.system, raw.states)
    assert (changed != raw.states).sum() == 1
    assert ((changed != State.SHOWN) == (raw.states != State.SHOWN)).all()


def test_a_cell_can_be_spared_when_the_others_move_enough(
    tables: Callable[..., Tables], built: Callable[..., Built]
) -> None:
    raw = built(tables("counts", np.array([3, 20, 9, 14])))
    twenty, nine = (raw.keys.index(("m", unit)) for unit in ("u1", "u2"))
    one, both = raw.states.copy(), raw.states.copy()
    one[nine] = both[nine] = both[twenty] = State.COVERED
    assert Equations(raw.system, both).can_spare(twenty)
    assert not Equations(raw.system, one).can_spare(nine)
