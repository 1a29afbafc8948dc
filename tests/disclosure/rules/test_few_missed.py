"""Few who missed: "~100" with a range."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from likvard.disclosure import Released
from likvard.terms import Audience, Missing

CASES = [
    # audience, n, numerator, expected state, range
    ("public", 40, 40, None, (None, None)),
    ("public", 40, 39, Missing.NEAR_ALL, (36 / 40, 39 / 40)),
    ("public", 40, 36, Missing.NEAR_ALL, (36 / 40, 39 / 40)),
    ("public", 40, 35, None, (None, None)),
    ("public", 12, 9, Missing.FEW, (None, None)),
    ("organiser", 40, 39, Missing.NEAR_ALL, (36 / 40, 39 / 40)),
    ("organiser", 40, 35, None, (None, None)),
]


@pytest.mark.parametrize(("audience", "n", "numerator", "expected", "span"), CASES)
def test_one_to_four_who_missed_are_a_range(
    shown: Callable[..., Released],
    audience: str,
    n: int,
    numerator: int,
    expected: Missing | None,
    span: tuple[float | None, float | None],
) -> None:
    seen = shown("share", numerator / n, n, numerator=float(numerator), audience=Audience(audience))
    assert (seen.missing, (seen.low, seen.high), seen.n) == (expected, span, n)


def test_a_count_of_nearly_all_is_a_range_of_counts(shown: Callable[..., Released]) -> None:
    seen = shown("count", 38.0, 40)
    assert (seen.missing, seen.low, seen.high) == (Missing.NEAR_ALL, 36.0, 39.0)


def test_a_published_share_near_all_passes_as_the_source_shows_it(shown: Callable[..., Released]) -> None:
    assert shown("share", 0.97, 100, source="siris_grades", key=("share_all_subjects_year_9", "1")).value == 0.97
