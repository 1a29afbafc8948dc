"""A figure on too few pupils is not shown: truth tables by audience, source, kind and level."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from likvard.disclosure import Released
from likvard.terms import Audience, DisclosureError, Missing, RuleError

FEW, RULE = Missing.FEW, Missing.RULE_NOT_MET

OWN = [
    # audience, kind, level, n, what stands in place of the value
    ("public", "mean", "unit", 9, FEW),
    ("public", "mean", "unit", 10, None),
    ("public", "estimate", "unit", 9, FEW),
    ("public", "estimate", "unit", 10, None),
    ("public", "index", "unit", 9, RULE),
    ("public", "index", "unit", 10, None),
    ("public", "mean", "municipality", 4, FEW),
    ("public", "mean", "municipality", 5, None),
    ("public", "mean", "nation", 4, FEW),
    ("organiser", "mean", "unit", 4, FEW),
    ("organiser", "mean", "unit", 5, None),
    ("organiser", "estimate", "organiser", 4, FEW),
    ("organiser", "estimate", "organiser", 5, None),
]

PUBLISHED = [
    ("siris_grades", "mean", "unit", 9, FEW),
    ("siris_grades", "mean", "unit", 10, None),
    ("siris_grades", "mean", "municipality", 4, FEW),
    ("siris_grades", "mean", "municipality", 5, None),
    ("siris_pupils", "mean", "unit", 3, None),
    ("siris_staff", "mean", "unit", 2, FEW),
    ("skolenkaten", "index", "unit", 4, RULE),
    ("skolenkaten", "index", "unit", 5, None),
    ("skolenkaten", "mean", "unit", 9, FEW),
    ("skolenkaten", "mean", "unit", 10, None),
    ("skolenkaten", "option", "unit", 19, RULE),
    ("skolenkaten", "option", "unit", 20, None),
    ("kolada", "mean", "unit", 2, None),
    ("synthetic", "mean", "unit", 9, FEW),
]


@pytest.mark.parametrize(("audience", "kind", "level", "n", "expected"), OWN)
def test_own_records(
    shown: Callable[..., Released], audience: str, kind: str, level: str, n: int, expected: Missing | None
) -> None:
    seen = shown(kind, 0.5, n, level=level, audience=Audience(audience))
    assert (seen.missing, seen.value, seen.n) == (expected, None if expected else 0.5, None if expected else n)


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize(("source", "kind", "level", "n", "expected"), PUBLISHED)
def test_published_figures_follow_their_source_for_every_audience(
    shown: Callable[..., Released],
    audience: Audience,
    source: str,
    kind: str,
    level: str,
    n: int,
    expected: Missing | None,
) -> None:
    assert shown(kind, 0.5, n, level=level, source=source, audience=audience).missing is expected


def test_before_2023_a_municipality_too_needed_ten(shown: Callable[..., Released]) -> None:
    before, after = (
        shown("mean", 200.0, 7, level="municipality", source="siris_grades", period=date(year, 7, 1))
        for year in (2022, 2023)
    )
    assert (before.missing, after.missing) == (FEW, None)


def test_a_published_figure_may_leave_its_n_unsaid(shown: Callable[..., Released]) -> None:
    assert shown("mean", 205.1, source="siris_grades").value == 205.1


def test_an_own_figure_may_not(shown: Callable[..., Released]) -> None:
    with pytest.raises(DisclosureError, match="how many pupils"):
        shown("mean", 205.1)


def test_a_source_without_a_rule_is_refused(shown: Callable[..., Released]) -> None:
    with pytest.raises(RuleError, match="disclosure"):
        shown("mean", 205.1, source="hearsay")
