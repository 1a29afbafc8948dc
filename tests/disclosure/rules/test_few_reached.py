"""Few who are counted or reached: truth tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from likvard.disclosure import Released
from likvard.terms import Audience, Missing

FEW, NEAR = Missing.FEW, Missing.NEAR_ALL

SHARES = [
    # audience, level, n, numerator, what stands in place of the value
    ("public", "unit", 30, 0, FEW),
    ("public", "unit", 30, 9, FEW),
    ("public", "unit", 30, 10, None),
    ("public", "unit", 17, 8, FEW),
    ("public", "municipality", 30, 4, FEW),
    ("public", "municipality", 30, 5, None),
    ("public", "nation", 30, 5, None),
    ("organiser", "unit", 30, 4, FEW),
    ("organiser", "unit", 30, 5, None),
    ("organiser", "unit", 30, 9, None),
]

COUNTS = [
    ("public", "unit", 0, None),
    ("public", "unit", 1, FEW),
    ("public", "unit", 9, FEW),
    ("public", "unit", 10, None),
    ("public", "municipality", 4, FEW),
    ("public", "municipality", 5, None),
    ("organiser", "unit", 0, None),
    ("organiser", "unit", 4, FEW),
    ("organiser", "unit", 5, None),
]


@pytest.mark.parametrize(("audience", "level", "n", "numerator", "expected"), SHARES)
def test_shares_of_own_records(
    shown: Callable[..., Released], audience: str, level: str, n: int, numerator: int, expected: Missing | None
) -> None:
    seen = shown("share", numerator / n, n, numerator=float(numerator), level=level, audience=Audience(audience))
    assert seen.missing is expected


@pytest.mark.parametrize(("audience", "level", "count", "expected"), COUNTS)
def test_counts_of_own_records(
    shown: Callable[..., Released], audience: str, level: str, count: int, expected: Missing | None
) -> None:
    assert shown("count", float(count), level=level, audience=Audience(audience)).missing is expected


def test_numbers_of_pupils_that_the_source_never_hides_are_shown(shown: Callable[..., Released]) -> None:
    assert shown("count", 3.0, source="siris_pupils").value == 3.0


def test_a_published_share_is_not_judged_by_a_numerator_that_nobody_gave(shown: Callable[..., Released]) -> None:
    """38 % of 25 is 9.5: rounded, it would look like fewer than the ten that the source demands."""
    assert shown("share", 0.38, 25, source="siris_pupils").value == 0.38


def test_without_a_numerator_an_own_share_is_judged_by_share_times_n(shown: Callable[..., Released]) -> None:
    assert shown("share", 9 / 30, 30).missing is FEW
