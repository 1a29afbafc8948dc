"""What a reader knows of a cell in each state."""

from __future__ import annotations

import math

import pytest

from likvard.disclosure import Cell, CellKind
from likvard.disclosure.protection.build import unknown
from likvard.disclosure.protection.system import State
from likvard.disclosure.verdicts import Verdict
from likvard.terms import DisclosureError, Missing, Words

FEW = Verdict(Missing.FEW, Words("", ""), "few_reached", span=(1.0, 4.0))
NEAR = Verdict(Missing.NEAR_ALL, Words("", ""), "few_missed", span=(36.0, 39.0))
SMALL = Verdict(Missing.FEW, Words("", ""), "too_few_pupils")


def count(value: float, **rest: object) -> Cell:
    return Cell(("x",), CellKind.COUNT, value, **rest)  # type: ignore[arg-type]


def test_a_few_is_one_to_four_by_its_symbol_and_anything_under_a_cross() -> None:
    found = unknown(count(3.0), FEW)
    assert (found.own, found.covered, found.state) == ((1.0, 4.0), (0.0, math.inf), State.OWN)
    assert (found.need, found.need_covered, found.weight) == (3.0, 1.0, 3.0)


def test_nobody_counts_more_than_there_are() -> None:
    assert unknown(count(3.0, n=30), FEW).covered == (0.0, 30.0)
    assert unknown(count(2.0, n=2), FEW).need == 2.0


def test_nearly_all_is_its_range() -> None:
    cell = Cell(("x",), CellKind.SHARE, 37 / 40, 40, numerator=37.0)
    found = unknown(cell, NEAR)
    assert (found.value, found.own, found.covered, found.weight) == (37.0, (36.0, 39.0), (0.0, 40.0), 40.0)


def test_a_mean_counts_points_up_to_the_top_of_its_scale() -> None:
    found = unknown(Cell(("x",), CellKind.MEAN, 200.0, 4, ceiling=340.0), SMALL)
    assert (found.value, found.own, found.covered) == (800.0, (0.0, 1360.0), (0.0, 1360.0))
    assert (found.need, found.need_covered) == pytest.approx((136.0, 13.6))


def test_a_mean_without_a_scale_is_measured_by_itself() -> None:
    assert unknown(Cell(("x",), CellKind.MEAN, 200.0, 4), SMALL).need == pytest.approx(160.0)


def test_what_is_out_can_neither_be_hidden_nor_protected() -> None:
    found = unknown(count(3.0), FEW, out=True)
    assert (found.own, found.need, found.weight) == ((3.0, 3.0), 0.0, math.inf)


def test_what_another_release_tells_is_known() -> None:
    assert unknown(count(3.0), FEW, known_range=(1.0, 9.0)).covered == (1.0, 9.0)


def test_rounding_is_not_knowledge() -> None:
    assert unknown(count(450.0, missing=Missing.APPROXIMATE), None).shown == (445.0, 455.0)
    share = Cell(("x",), CellKind.SHARE, 0.38, 25, precision=0.005)
    assert unknown(share, None).shown == pytest.approx((9.375, 9.625))


def test_a_cell_for_no_figure_is_hidden_and_tells_nothing() -> None:
    found = unknown(count(3.0, shown=False), FEW)
    assert (found.state, found.own == found.covered, found.need, found.weight) == (State.OWN, True, 3.0, math.inf)


def test_what_does_not_apply_counts_nothing() -> None:
    absent = Verdict(Missing.NOT_APPLICABLE, Words("", ""), "hidden_by_source")
    found = unknown(Cell(("x",), CellKind.COUNT, None, missing=Missing.NOT_APPLICABLE), absent)
    assert (found.value, found.shown) == (0.0, (0.0, 0.0))


def test_a_missing_number_that_nobody_hides_needs_no_protection() -> None:
    absent = Verdict(Missing.NOT_REPORTED, Words("", ""), "hidden_by_source")
    found = unknown(Cell(("x",), CellKind.COUNT, None, missing=Missing.NOT_REPORTED), absent)
    assert (found.value, found.need, found.need_covered) == (None, 0.0, 0.0)


@pytest.mark.parametrize(
    "cell",
    [
        Cell(("x",), CellKind.ESTIMATE, 1.0, 30),
        Cell(("x",), CellKind.MEAN, 1.0),
        Cell(("x",), CellKind.MEAN, -1.0, 30),
        Cell(("x",), CellKind.SHARE, 0.5),
    ],
)
def test_what_does_not_add_up_is_refused(cell: Cell) -> None:
    with pytest.raises(DisclosureError, match=r"in a sum"):
        unknown(cell, None)
