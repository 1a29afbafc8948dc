"""Totals, groups and earlier releases give nothing away."""

from __future__ import annotations

from datetime import date

import pytest

from likvard.disclosure import Cell, CellKind, Key, Ledger, Relation, Release, release
from likvard.terms import Audience, DisclosureError, Level, Missing

UNITS = ("a", "b", "c")
SUM = Relation(("x", "all"), tuple(("x", unit) for unit in UNITS))


def counts(*values: int, **rest: object) -> list[Cell]:
    """A municipality of three units with one count each."""
    names = [*UNITS, "all"]
    every = [*values, sum(values)]
    return [
        Cell(("x", name), CellKind.COUNT, float(v), level=Level.MUNICIPALITY, **rest)  # type: ignore[arg-type]
        for name, v in zip(names, every, strict=True)
    ]


def hidden(out: Release) -> set[Key]:
    return {key for key, cell in out.cells.items() if cell.value is None}


def test_the_cheapest_other_unit_goes_with_a_hidden_one(today: date) -> None:
    out = release(counts(3, 20, 9), audience=Audience.PUBLIC, on=today, relations=[SUM])
    assert [out["x", name].missing for name in (*UNITS, "all")] == [Missing.FEW, None, Missing.PROTECTED, None]
    assert out["x", "c"].reason.sv == "skyddad, annars kan en annan ruta räknas ut"


def test_without_the_sum_nothing_more_is_hidden(today: date) -> None:
    assert hidden(release(counts(3, 20, 9), audience=Audience.PUBLIC, on=today)) == {("x", "a")}


def test_symbols_that_would_tell_too_much_become_protected(today: date) -> None:
    """Two cells of one to four that add up to eight would be four each."""
    out = release(counts(4, 4, 30), audience=Audience.PUBLIC, on=today, relations=[SUM])
    assert hidden(out) == {("x", "a"), ("x", "b")}
    assert Missing.PROTECTED in {out["x", "a"].missing, out["x", "b"].missing}


def test_what_the_source_hid_is_not_worked_out_from_its_total(today: date) -> None:
    cells = counts(30, 20, 9, source="siris_grades")
    cells[0] = Cell(("x", "a"), CellKind.COUNT, None, missing=Missing.FEW, source="siris_grades")
    out = release(cells, audience=Audience.PUBLIC, on=today, relations=[SUM])
    assert out["x", "a"].reason.sv == "dold av Skolverket: för få elever"
    assert hidden(out) == {("x", "a"), ("x", "c")}


def test_a_mean_is_not_worked_out_from_the_municipalitys(today: date) -> None:
    sizes = {"a": 4, "b": 30, "c": 25}
    cells = [Cell(("x", u), CellKind.MEAN, 200.0, n, ceiling=340.0) for u, n in sizes.items()]
    cells.append(Cell(("x", "all"), CellKind.MEAN, 200.0, 59, ceiling=340.0, level=Level.MUNICIPALITY))
    out = release(cells, audience=Audience.PUBLIC, on=today, relations=[SUM])
    assert hidden(out) == {("x", "a"), ("x", "c")}


def test_a_group_that_no_figure_shows_is_protected_all_the_same(today: date) -> None:
    """All and girls of 40 and 37: the three boys would be what is left."""
    cells = [
        Cell(("merit", "all"), CellKind.MEAN, 210.0, 40, ceiling=340.0),
        Cell(("merit", "girls"), CellKind.MEAN, 215.0, 37, ceiling=340.0),
        Cell(("merit", "boys"), CellKind.MEAN, (8400.0 - 7955.0) / 3, 3, ceiling=340.0, shown=False),
    ]
    relation = Relation(("merit", "all"), (("merit", "girls"), ("merit", "boys")))
    out = release(cells, audience=Audience.PUBLIC, on=today, relations=[relation])
    assert ("merit", "boys") not in out.cells
    assert len(hidden(out)) >= 1


def test_what_is_out_already_is_no_cover(today: date) -> None:
    ledger = Ledger().after(release([counts(3, 20, 9)[2]], audience=Audience.PUBLIC, on=today))
    out = release(counts(3, 20, 9), audience=Audience.PUBLIC, on=today, relations=[SUM], ledger=ledger)
    assert hidden(out) == {("x", "a"), ("x", "b")}


def test_a_sum_may_reach_back_to_an_earlier_release(today: date) -> None:
    cells = counts(3, 20, 9)
    ledger = Ledger().after(release(cells[2:], audience=Audience.PUBLIC, on=today))
    out = release(cells[:2], audience=Audience.PUBLIC, on=today, relations=[SUM], ledger=ledger)
    assert hidden(out) == {("x", "a"), ("x", "b")}


def test_what_earlier_releases_have_told_already_is_reported(today: date) -> None:
    cells = counts(3, 20, 9)
    ledger = Ledger().after(release(cells[1:], audience=Audience.PUBLIC, on=today))
    out = release(cells, audience=Audience.PUBLIC, on=today, relations=[SUM], ledger=ledger)
    assert (hidden(out), out.exposed) == ({("x", "a")}, (("x", "a"),))


def test_questions_without_one_number_of_answers_are_no_sum(today: date) -> None:
    """Where options have different n, or several may be ticked, they do not add up and tell nothing together."""
    ticked = [
        Cell(("q", "1", option), CellKind.OPTION, c / 60, 60, numerator=float(c), source="skolenkaten")
        for option, c in {"a": 50, "b": 40, "c": 30}.items()
    ]
    out = release(ticked, audience=Audience.PUBLIC, on=today)
    assert (hidden(out), out.programs) == (set(), 0)


def test_a_sum_of_cells_that_are_not_there_is_refused(today: date) -> None:
    with pytest.raises(DisclosureError, match="not among the cells"):
        release(counts(3, 20, 9)[1:], audience=Audience.PUBLIC, on=today, relations=[SUM])


def test_a_sum_that_does_not_add_up_is_refused(today: date) -> None:
    cells = [*counts(3, 20, 9)[:3], Cell(("x", "all"), CellKind.COUNT, 35.0)]
    with pytest.raises(DisclosureError, match="does not add up"):
        release(cells, audience=Audience.PUBLIC, on=today, relations=[SUM])


def test_rounded_figures_may_be_off_by_their_rounding(today: date) -> None:
    cells = [*counts(30, 20, 9)[:3], Cell(("x", "all"), CellKind.COUNT, 60.0, precision=5.0)]
    assert hidden(release(cells, audience=Audience.PUBLIC, on=today, relations=[SUM])) == set()


@pytest.mark.parametrize("kind", [CellKind.ESTIMATE, CellKind.MEAN])
def test_pupils_and_points_or_estimates_do_not_add_up(kind: CellKind, today: date) -> None:
    cells = [*counts(3, 20, 9)[:3], Cell(("x", "all"), kind, 32.0, 32)]
    with pytest.raises(DisclosureError, match=r"pupils to points|do not add up"):
        release(cells, audience=Audience.PUBLIC, on=today, relations=[SUM])
