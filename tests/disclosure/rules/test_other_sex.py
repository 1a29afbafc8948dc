"""One sex hidden, both hidden."""

from __future__ import annotations

from datetime import date

import pytest

from likvard.disclosure import Cell, CellKind, release
from likvard.terms import Audience, Missing

FEW, NEAR, SAFE = Missing.FEW, Missing.NEAR_ALL, Missing.PROTECTED

CASES = [
    # girls (reached, n), boys, expected girls, expected boys
    ((20, 40), (20, 40), None, None),
    ((3, 40), (20, 40), FEW, SAFE),
    ((20, 40), (2, 5), SAFE, FEW),
    ((38, 40), (20, 40), NEAR, SAFE),
    ((38, 40), (39, 40), NEAR, NEAR),
    ((38, 40), (3, 40), SAFE, FEW),
]


@pytest.mark.parametrize(("girls", "boys", "for_girls", "for_boys"), CASES)
def test_the_other_sex_in_public(
    girls: tuple[int, int], boys: tuple[int, int], for_girls: Missing | None, for_boys: Missing | None, today: date
) -> None:
    cells = [
        Cell(("eligible", sex, "1"), CellKind.SHARE, reached / n, n, numerator=float(reached))
        for sex, (reached, n) in {"girls": girls, "boys": boys}.items()
    ]
    out = release(cells, audience=Audience.PUBLIC, on=today)
    assert (out["eligible", "girls", "1"].missing, out["eligible", "boys", "1"].missing) == (for_girls, for_boys)


def test_the_organisers_own_staff_see_the_other_sex(today: date) -> None:
    cells = [
        Cell(("merit", "girls"), CellKind.MEAN, 230.0, 4),
        Cell(("merit", "boys"), CellKind.MEAN, 210.0, 40),
    ]
    out = release(cells, audience=Audience.ORGANISER, on=today)
    assert (out["merit", "girls"].missing, out["merit", "boys"].value) == (FEW, 210.0)


def test_another_unit_is_not_the_other_sex(today: date) -> None:
    cells = [
        Cell(("merit", "girls", "1"), CellKind.MEAN, 230.0, 4),
        Cell(("merit", "boys", "2"), CellKind.MEAN, 210.0, 40),
    ]
    assert release(cells, audience=Audience.PUBLIC, on=today)["merit", "boys", "2"].value == 210.0
