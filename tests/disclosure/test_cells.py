"""Cells are valid from birth, and nothing but the gate makes a released one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from likvard.disclosure import Cell, CellKind, Relation, Release, Released, release
from likvard.terms import Audience, DisclosureError, Missing, Words

TODAY = date(2026, 11, 1)


def test_a_released_cell_cannot_be_made_outside_the_gate() -> None:
    with pytest.raises(DisclosureError, match="gate"):
        Released(("merit",), CellKind.MEAN, 200.0, None, None, 30, None, Words("", ""))


def test_a_release_cannot_be_made_outside_the_gate() -> None:
    with pytest.raises(DisclosureError, match="gate"):
        Release(Audience.PUBLIC, TODAY, {})


def test_a_released_cell_cannot_be_altered_into_another() -> None:
    out = release([Cell(("merit",), CellKind.MEAN, 200.0, 3)], audience=Audience.PUBLIC, on=TODAY)
    with pytest.raises(DisclosureError, match="gate"):
        replace(out["merit",], value=200.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": float("nan")},
        {"value": None},
        {"value": 0.5, "missing": Missing.FEW},
        {"value": 61.0},
        {"value": 0.5, "n": -1},
        {"value": 0.5, "n": 10, "numerator": 11.0},
        {"value": 0.5, "low": 0.7, "high": 0.2},
        {"value": 0.5, "key": ()},
    ],
    ids=lambda w: "-".join(w),
)
def test_a_cell_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(DisclosureError):
        Cell(**({"key": ("share",), "kind": CellKind.SHARE} | wrong))  # type: ignore[arg-type]


def test_a_count_below_zero_is_refused() -> None:
    with pytest.raises(DisclosureError, match="the count -1"):
        Cell(("x",), CellKind.COUNT, -1.0)


@pytest.mark.parametrize("parts", [(), (("a",), ("a",)), (("all",), ("a",))])
def test_a_sum_has_parts_each_once_and_none_is_the_total(parts: tuple[tuple[str, ...], ...]) -> None:
    with pytest.raises(DisclosureError, match="no parts, or one of them twice"):
        Relation(("all",), parts)


@pytest.mark.parametrize(
    ("cell", "reached"),
    [
        (Cell(("x",), CellKind.SHARE, 0.38, 25), 9.5),
        (Cell(("x",), CellKind.SHARE, 0.38, 25, precision=0.05), 10.0),
        (Cell(("x",), CellKind.SHARE, 0.5, 25, numerator=12.0), 12.0),
        (Cell(("x",), CellKind.SHARE, 1 / 3, 30), 10.0),
        (Cell(("x",), CellKind.COUNT, 7.0), 7.0),
        (Cell(("x",), CellKind.MEAN, 7.0, 20), None),
        (Cell(("x",), CellKind.SHARE, 0.5), None),
    ],
)
def test_how_many_a_cell_stands_for(cell: Cell, reached: float | None) -> None:
    assert cell.reached == reached


def test_asking_for_a_figure_that_never_met_the_gate_is_an_error() -> None:
    with pytest.raises(DisclosureError, match="not put through"):
        release([], audience=Audience.PUBLIC, on=TODAY)["merit",]
