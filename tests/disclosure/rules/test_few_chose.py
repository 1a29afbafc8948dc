"""Answers chosen by few are masked."""

from __future__ import annotations

from datetime import date

import pytest

from likvard.disclosure import Cell, CellKind, Key, Release, release
from likvard.terms import Audience, Missing

ONE, TWO, THREE = Missing.MASKED_UNDER_10, Missing.MASKED_10_19, Missing.MASKED_OVER_19
QUESTION = ("survey_option", "10000001", "Jag känner mig trygg")


def answers(*counts: int) -> list[Cell]:
    n = sum(counts)
    return [
        Cell((*QUESTION, f"option {i}"), CellKind.OPTION, c / n, n, numerator=float(c), source="skolenkaten")
        for i, c in enumerate(counts)
    ]


def states(out: Release) -> list[Missing | None]:
    return [cell.missing for _, cell in sorted(out.cells.items())]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((30, 20, 10, 5), [None, None, None, None]),
        ((30, 20, 10, 0), [None, None, None, None]),
        ((30, 20, 4, 4), [None, None, ONE, ONE]),
        ((30, 20, 11, 4), [None, None, TWO, ONE]),
        ((40, 25, 22, 3), [None, None, THREE, ONE]),
        ((15, 8, 4, 3), [None, None, ONE, ONE]),
        ((10, 5, 4, 0), [Missing.RULE_NOT_MET] * 4),
    ],
)
def test_masks_follow_the_rules_of_skolenkaten(
    counts: tuple[int, ...], expected: list[Missing | None], today: date
) -> None:
    assert states(release(answers(*counts), audience=Audience.PUBLIC, on=today)) == expected


def test_two_masked_options_that_the_number_of_answers_would_tell_take_a_third(today: date) -> None:
    """1 + 1 of 52: the rest are shown, so that two masks of at least one each would be exactly one each."""
    out = release(answers(30, 20, 1, 1), audience=Audience.PUBLIC, on=today)
    hidden: list[Key] = [key for key, cell in out.cells.items() if cell.value is None]
    assert len(hidden) == 3
