"""A lone hidden share takes the next smallest of its row."""

from __future__ import annotations

from datetime import date

from likvard.disclosure import Cell, CellKind, Relation, release
from likvard.terms import Audience, Missing

GROUPS = ("compulsory", "upper_secondary", "tertiary")


def shares(*numerators: int, missing: Missing | None = None) -> tuple[list[Cell], Relation]:
    """Shares of all pupils of a unit by parents' education; the first may be hidden by the source."""
    n = sum(numerators)
    cells = [
        Cell(("share", group), CellKind.SHARE, c / n, n, numerator=float(c), source="siris_grades")
        for group, c in zip(GROUPS, numerators, strict=True)
    ]
    if missing:
        cells[0] = Cell(("share", GROUPS[0]), CellKind.SHARE, None, n, missing=missing, source="siris_grades")
    total = Cell(("share", "all"), CellKind.SHARE, 1.0, n, numerator=float(n), source="siris_grades")
    return [*cells, total], Relation(("share", "all"), tuple(("share", group) for group in GROUPS))


def test_the_next_smallest_goes_with_a_lone_hidden_share(today: date) -> None:
    cells, relation = shares(4, 30, 66)
    out = release(cells, audience=Audience.PUBLIC, on=today, relations=[relation])
    assert [out["share", g].missing for g in GROUPS] == [Missing.FEW, Missing.PROTECTED, None]
    assert out["share", "upper_secondary"].rule == "lone_takes_next"


def test_it_holds_for_what_the_source_hid_too(today: date) -> None:
    cells, relation = shares(4, 30, 66, missing=Missing.FEW)
    out = release(cells, audience=Audience.PUBLIC, on=today, relations=[relation])
    assert out["share", "compulsory"].rule == "hidden_by_source"
    assert out["share", "upper_secondary"].missing is Missing.PROTECTED


def test_two_hidden_shares_need_no_third(today: date) -> None:
    cells, relation = shares(5, 6, 89)
    out = release(cells, audience=Audience.PUBLIC, on=today, relations=[relation])
    assert out["share", "tertiary"].value == 0.89
