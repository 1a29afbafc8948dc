"""The source that shows least decides."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from likvard.disclosure import Cell, CellKind, release, strictest
from likvard.terms import Audience, DisclosureError, Missing

KEY = ("share_eligible_vocational", "40631085")
HIDDEN = Cell(KEY, CellKind.SHARE, None, missing=Missing.MAJORITY, source="kolada")
RANGE = Cell(KEY, CellKind.SHARE, None, 70, low=66 / 70, high=69 / 70, missing=Missing.NEAR_ALL, source="siris_staff")
EXACT = Cell(KEY, CellKind.SHARE, 0.857, source="siris_grades")
ABSENT = Cell(KEY, CellKind.SHARE, None, missing=Missing.UNAVAILABLE, source="siris_pupils")


@pytest.mark.parametrize("cells", list(itertools.permutations([HIDDEN, RANGE, EXACT, ABSENT])))
def test_hidden_goes_before_everything_in_any_order(cells: tuple[Cell, ...]) -> None:
    assert strictest(cells) is HIDDEN


def test_a_range_goes_before_a_value_and_a_value_before_nothing() -> None:
    assert strictest([EXACT, RANGE, ABSENT]) is RANGE
    assert strictest([ABSENT, EXACT]) is EXACT


def test_the_gate_takes_the_strictest_of_several_sources(today: date) -> None:
    """Björkhaga, year 9, 2024/25: 85.7 in one source and hidden in another."""
    assert release([EXACT, HIDDEN], audience=Audience.ORGANISER, on=today)[KEY].missing is Missing.MAJORITY


def test_the_same_source_twice_is_an_error(today: date) -> None:
    with pytest.raises(DisclosureError, match="twice"):
        release([EXACT, EXACT], audience=Audience.PUBLIC, on=today)


def test_different_figures_cannot_be_compared() -> None:
    with pytest.raises(DisclosureError, match="same figure"):
        strictest([EXACT, Cell(("other",), CellKind.SHARE, 0.5)])
