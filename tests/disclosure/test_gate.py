"""The gate as a whole: order, audiences, determinism."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.disclosure import Cell, CellKind, Key, Relation, Release, release
from likvard.disclosure.gate import releases
from likvard.terms import Audience, Level, Missing

Tables = Any


def hidden(out: Release) -> set[Key]:
    return {key for key, cell in out.cells.items() if cell.value is None}


def shapes() -> st.SearchStrategy[tuple[int, ...]]:
    return st.sampled_from([(5,), (3, 3), (2, 4), (4, 2), (2, 3, 2)])


@st.composite
def random_counts(draw: st.DrawFn) -> np.ndarray:
    shape = draw(shapes())
    size = int(np.prod(shape))
    numbers = st.one_of(st.integers(0, 6), st.integers(0, 40))
    return np.array(draw(st.lists(numbers, min_size=size, max_size=size))).reshape(shape)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(counts=random_counts())
def test_no_count_can_be_narrowed_by_the_naive_attacker(
    counts: np.ndarray, tables: Callable[..., Tables], attack: Callable[..., dict[Key, tuple[float, float]]]
) -> None:
    tb = tables("counts", counts)
    out = release(tb.cells, audience=Audience.PUBLIC, on=date(2026, 11, 1), relations=tb.relations)
    small = {cell.key for cell in tb.cells if 0 < (cell.value or 0) < 5}
    for key, (low, high) in attack(out, tb).items():
        assert high - low > (3 if key in small else 1) - 1e-4
    assert (small <= hidden(out), out.exposed) == (True, ())


@settings(max_examples=40, deadline=None, derandomize=True)
@given(counts=random_counts(), data=st.data())
def test_the_order_of_the_input_does_not_matter(
    counts: np.ndarray, data: st.DataObject, tables: Callable[..., Tables]
) -> None:
    tb = tables("counts", counts)
    cells, relations = (data.draw(st.permutations(x)) for x in (tb.cells, tb.relations))
    one, two = (
        release(c, audience=Audience.PUBLIC, on=date(2026, 11, 1), relations=r)
        for c, r in ((tb.cells, tb.relations), (cells, relations))
    )
    assert dict(one.cells) == dict(two.cells)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(n=random_counts(), data=st.data())
def test_the_public_never_sees_what_the_organiser_does_not(
    n: np.ndarray, data: st.DataObject, tables: Callable[..., Tables]
) -> None:
    reached = np.array([data.draw(st.integers(0, int(top))) for top in n.ravel()]).reshape(n.shape)
    tb = tables("shares", reached, n)
    public, organiser = (
        release(tb.cells, audience=a, on=date(2026, 11, 1), relations=tb.relations)
        for a in (Audience.PUBLIC, Audience.ORGANISER)
    )
    assert hidden(organiser) <= hidden(public)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(counts=random_counts(), keep=st.integers(0, 3))
def test_more_sums_never_show_a_primary_cell(counts: np.ndarray, keep: int, tables: Callable[..., Tables]) -> None:
    tb = tables("counts", counts)
    few, all_ = (
        release(tb.cells, audience=Audience.PUBLIC, on=date(2026, 11, 1), relations=sums)
        for sums in (tb.relations[:keep], tb.relations)
    )
    none = release(tb.cells, audience=Audience.PUBLIC, on=date(2026, 11, 1))
    assert hidden(none) <= hidden(few) & hidden(all_)


@pytest.mark.parametrize("audience", list(Audience))
def test_twenty_thousand_cells_without_sums_come_out_as_they_should(audience: Audience, today: date) -> None:
    cells = [Cell(("merit_value", str(i)), CellKind.MEAN, 200.0, i % 40) for i in range(20_000)]
    out = release(cells, audience=audience, on=today)
    assert out.hidden == 500 * (10 if audience is Audience.PUBLIC else 5)
    assert out.programs == 0


def test_a_hidden_cell_does_not_carry_its_interval(today: date) -> None:
    cell = Cell(("effect", "1"), CellKind.ESTIMATE, -12.0, 7, low=-30.0, high=6.0)
    seen = release([cell], audience=Audience.PUBLIC, on=today)[cell.key]
    assert (seen.value, seen.low, seen.high, seen.n) == (None, None, None, None)


def test_a_shown_cell_keeps_its_interval_and_has_no_reason(today: date) -> None:
    cell = Cell(("effect", "1"), CellKind.ESTIMATE, -12.0, 70, low=-30.0, high=6.0)
    seen = release([cell], audience=Audience.PUBLIC, on=today)[cell.key]
    assert (seen.value, seen.low, seen.high, seen.n, seen.reason.sv, seen.rule) == (-12.0, -30.0, 6.0, 70, "", "")


def test_two_levels_of_sums_are_protected_together(today: date) -> None:
    """The third unit's share is hidden; so are a neighbour's and whatever else the nation's total would tell."""
    units: Sequence[Cell] = [
        Cell(("x", town, unit), CellKind.COUNT, float(v), level=Level.MUNICIPALITY)
        for town, values in {"north": (3, 8, 30), "south": (12, 9, 20)}.items()
        for unit, v in zip("abc", values, strict=True)
    ]
    towns = [
        Cell(("x", t, "all"), CellKind.COUNT, float(v), level=Level.MUNICIPALITY)
        for t, v in (("north", 41), ("south", 41))
    ]
    nation = Cell(("x", "all", "all"), CellKind.COUNT, 82.0, level=Level.NATION)
    out = release([*units, *towns, nation], audience=Audience.PUBLIC, on=today, relations=_sums())
    assert hidden(out) == {("x", "north", "a"), ("x", "north", "b")}
    assert out["x", "north", "b"].missing is Missing.PROTECTED


def _sums() -> list[Relation]:
    towns = [Relation(("x", t, "all"), tuple(("x", t, u) for u in "abc")) for t in ("north", "south")]
    return [*towns, Relation(("x", "all", "all"), (("x", "north", "all"), ("x", "south", "all")))]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(counts=random_counts())
def test_all_audiences_at_once_see_what_each_sees_by_itself(counts: np.ndarray, tables: Callable[..., Tables]) -> None:
    tb = tables("counts", counts)
    on = date(2026, 11, 1)
    for made in releases(tb.cells, on=on, relations=tb.relations):
        alone = release(tb.cells, audience=made.audience, on=on, relations=tb.relations)
        assert (dict(made.cells), made.exposed) == (dict(alone.cells), alone.exposed)


def test_no_symbol_tells_of_a_group_that_no_figure_shows() -> None:
    """Three of 207 missed the goal, and so did two of five whom no figure names: neither is told too narrowly."""

    def share(group: str, reached: int, n: int, *, shown: bool = True) -> Cell:
        value = reached / n
        return Cell(("share", group), CellKind.SHARE, value, n, float(reached), level=Level.ORGANISER, shown=shown)

    cells = [share("all", 340, 354), share("not", 132, 142), share("has", 205, 207), share("?", 3, 5, shown=False)]
    tie = Relation(("share", "all"), (("share", "not"), ("share", "has"), ("share", "?")))
    for made in releases(cells, on=date(2026, 11, 1), relations=[tie]):
        assert made.exposed == ()
        assert made["share", "has"].value is None
