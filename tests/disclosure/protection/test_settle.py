"""Values that fit where the source hid or rounded them."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.disclosure import Cell, CellKind, Relation
from likvard.disclosure.protection.build import Built, build, unknown
from likvard.disclosure.protection.settle import settle
from likvard.disclosure.protection.system import State
from likvard.disclosure.verdicts import Verdict
from likvard.terms import DisclosureError, Level, Missing, Words

SUM = Relation(("x", "all"), (("x", "a"), ("x", "b")))


def cell(name: str, value: float | None, **rest: object) -> Cell:
    missing = Missing.FEW if value is None else None
    return Cell(("x", name), CellKind.COUNT, value, missing=missing, level=Level.UNIT, **rest)  # type: ignore[arg-type]


def settled(*cells: Cell) -> Built:
    hidden = Verdict(Missing.FEW, Words("", ""), "hidden_by_source")
    raw = build({c.key: unknown(c, hidden if c.value is None else None) for c in cells}, [SUM], {})
    return Built(raw.keys, *settle(raw.system, raw.states, raw.keys))


def test_exact_values_are_left_alone() -> None:
    raw = settled(cell("a", 3.0), cell("b", 4.0), cell("all", 7.0))
    assert dict(zip(raw.keys, raw.system.value, strict=True)) == {("x", "a"): 3, ("x", "b"): 4, ("x", "all"): 7}


def test_a_hidden_value_gets_one_that_fits() -> None:
    raw = settled(cell("a", None), cell("b", 4.0), cell("all", 7.0))
    assert raw.system.value[raw.keys.index(("x", "a"))] == pytest.approx(3.0)


def test_rounded_values_are_moved_within_their_rounding() -> None:
    raw = settled(cell("a", 30.0, precision=5.0), cell("b", 40.0, precision=5.0), cell("all", 76.0))
    assert raw.system.matrix @ raw.system.value == pytest.approx([0.0])
    assert not raw.states.any()


def test_a_shown_total_that_no_hidden_value_fits_is_covered() -> None:
    raw = settled(cell("a", None), cell("b", 4.0), cell("all", 3.0))
    assert raw.states[raw.keys.index(("x", "all"))] == State.COVERED
    assert raw.system.matrix @ raw.system.value == pytest.approx([0.0])


def test_exact_values_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(DisclosureError, match="does not add up; it is 1 off"):
        settled(cell("a", 3.0), cell("b", 4.0), cell("all", 8.0))


def test_the_true_table_fits_to_the_last_bit() -> None:
    raw = settled(cell("a", 0.1), cell("b", 0.2), cell("all", 0.3))
    assert np.array_equal(raw.system.matrix @ raw.system.value, raw.system.constant)


def test_figures_that_nothing_fits_are_refused() -> None:
    """Both parts and the total are out of reach: zero is no cover, and the source's range leaves no room."""
    near = Verdict(Missing.NEAR_ALL, Words("", ""), "hidden_by_source", span=(36.0, 39.0))
    cells = [Cell(("x", "a"), CellKind.COUNT, None, 40, missing=Missing.NEAR_ALL), cell("b", 0.0), cell("all", 0.0)]
    unknowns = {c.key: unknown(c, near if c.value is None else None) for c in cells}
    raw = build(unknowns, [SUM], {})
    with pytest.raises(DisclosureError, match="contradict"):
        settle(raw.system, raw.states, raw.keys)
