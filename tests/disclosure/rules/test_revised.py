"""Differences between releases."""

from __future__ import annotations

from datetime import date

import pytest

from likvard.disclosure import Cell, CellKind, Ledger, release
from likvard.terms import Audience, Missing

KEY = ("merit", "unit", "2023")

CASES = [
    # kind; value and n before and now; whether it is shown
    ("mean", (220.0, 40), (220.0, 40), True),
    ("mean", (220.0, 40), (221.0, 41), False),
    ("mean", (220.0, 40), (219.0, 31), False),
    ("mean", (220.0, 40), (219.0, 50), True),
    ("mean", (220.0, 40), (221.0, 40), True),
    ("count", (40.0, None), (43.0, None), False),
    ("count", (40.0, None), (50.0, None), True),
    ("share", (0.5, 40), (0.55, 40), False),
    ("share", (0.5, 40), (0.75, 40), True),
]


def _now_after(audience: Audience, kind: str, before: object, now: object, today: date) -> Missing | None:
    first, second = (Cell(KEY, CellKind(kind), v, n) for v, n in (before, now))  # type: ignore[misc]
    ledger = Ledger().after(release([first], audience=audience, on=today))
    return release([second], audience=Audience.PUBLIC, on=today, ledger=ledger)[KEY].missing


@pytest.mark.parametrize(("kind", "before", "now", "shown"), CASES)
def test_a_difference_of_few_pupils_is_not_shown(
    kind: str, before: tuple[float, int], now: tuple[float, int], shown: bool, today: date
) -> None:
    assert _now_after(Audience.PUBLIC, kind, before, now, today) is (None if shown else Missing.PROTECTED)


def test_what_only_the_organiser_saw_the_public_cannot_compare_with(today: date) -> None:
    assert _now_after(Audience.ORGANISER, "mean", (220.0, 40), (221.0, 41), today) is None


def test_a_source_that_revises_its_figures_has_revised_them_for_everybody(today: date) -> None:
    first, second = (Cell(KEY, CellKind.MEAN, v, n, source="siris_grades") for v, n in ((220.0, 40), (221.0, 41)))
    ledger = Ledger().after(release([first], audience=Audience.PUBLIC, on=today))
    assert release([second], audience=Audience.PUBLIC, on=today, ledger=ledger)[KEY].value == 221.0
