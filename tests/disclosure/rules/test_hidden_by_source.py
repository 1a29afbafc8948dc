"""What the source hid stays hidden."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from likvard.disclosure import Cell, CellKind, Released
from likvard.disclosure.rules import hidden_by_source
from likvard.disclosure.thresholds import limits
from likvard.terms import Audience, Language, Level, Missing

HIDDEN = [Missing.FEW, Missing.MAJORITY, Missing.PRIVACY, Missing.RULE_NOT_MET, Missing.MASKED_UNDER_10]
ABSENT = [Missing.UNAVAILABLE, Missing.NOT_APPLICABLE, Missing.NOT_REPORTED, Missing.EMPTY, Missing.NOT_YET]


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("missing", HIDDEN + ABSENT)
def test_the_sources_state_is_kept_for_every_audience(
    shown: Callable[..., Released], missing: Missing, audience: Audience
) -> None:
    seen = shown("share", None, missing=missing, source="siris_grades", audience=audience)
    assert (seen.value, seen.missing, seen.rule) == (None, missing, "hidden_by_source")


def test_the_reason_names_who_hid_it(shown: Callable[..., Released]) -> None:
    seen = shown("mean", None, missing=Missing.FEW, source="siris_grades")
    assert seen.reason[Language.SV] == "dold av Skolverket: för få elever"
    assert seen.reason[Language.EN] == "hidden by the National Agency for Education: too few pupils"


def test_what_is_absent_is_not_said_to_be_hidden(shown: Callable[..., Released]) -> None:
    assert shown("mean", None, missing=Missing.NOT_APPLICABLE, source="siris_grades").reason.sv == "gäller inte"


def test_a_range_of_the_source_is_kept(shown: Callable[..., Released]) -> None:
    seen = shown("share", None, 50, missing=Missing.NEAR_ALL, low=0.92, high=0.98, source="siris_grades")
    assert (seen.value, seen.low, seen.high) == (None, 0.92, 0.98)


def test_a_rounded_number_of_the_source_is_shown_as_rounded(shown: Callable[..., Released]) -> None:
    seen = shown("count", 450.0, missing=Missing.APPROXIMATE, source="siris_pupils")
    assert (seen.value, seen.missing) == (450.0, Missing.APPROXIMATE)


@pytest.mark.parametrize(("missing", "n", "span"), [(Missing.NEAR_ALL, 40, (36, 39)), (Missing.NEAR_NONE, 40, (1, 4))])
def test_a_symbol_with_n_tells_how_many(missing: Missing, n: int, span: tuple[int, int], today: date) -> None:
    cell = Cell(("share_x", "1"), CellKind.SHARE, None, n, missing=missing, source="siris_grades")
    limit = limits("siris_grades", Audience.PUBLIC, today, CellKind.SHARE, Level.UNIT, "share_x")
    verdict = hidden_by_source.judge(cell, limit)
    assert verdict is not None
    assert verdict.span == span
