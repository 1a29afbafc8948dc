"""Limits come from the rulebook, by source, audience, day, kind and level."""

from __future__ import annotations

from datetime import date

import pytest

from likvard.disclosure import CellKind
from likvard.disclosure.thresholds import OWN, SIMULATED, limits
from likvard.terms import Audience, Level, RuleError

PUBLIC, STAFF = Audience.PUBLIC, Audience.ORGANISER
SOURCES = ["siris_pupils", "siris_grades", "siris_staff", "skolenkaten", "kolada", OWN, SIMULATED]


@pytest.mark.parametrize("kind", list(CellKind))
@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("source", SOURCES)
def test_the_organiser_is_never_judged_stricter_than_the_public(
    source: str, level: Level, kind: CellKind, today: date
) -> None:
    public, staff = (limits(source, audience, today, kind, level, "share_x") for audience in (PUBLIC, STAFF))
    assert (staff.min_n, staff.min_reached, staff.min_missed) <= (public.min_n, public.min_reached, public.min_missed)
    assert staff.min_reached <= public.min_reached
    assert staff.min_missed <= public.min_missed


def test_near_all_is_for_the_measures_that_the_source_names(today: date) -> None:
    eligible, merit = (
        limits("siris_grades", PUBLIC, today, CellKind.SHARE, Level.UNIT, measure)
        for measure in ("share_eligible_vocational", "share_all_subjects_year_9")
    )
    assert (eligible.min_missed, merit.min_missed) == (5, 0)


@pytest.mark.parametrize(
    ("kind", "min_n", "min_reached"),
    [(CellKind.INDEX, 5, 0), (CellKind.MEAN, 10, 0), (CellKind.OPTION, 20, 5), (CellKind.COUNT, 5, 0)],
)
def test_a_survey_has_limits_by_kind(kind: CellKind, min_n: int, min_reached: int, today: date) -> None:
    found = limits("skolenkaten", PUBLIC, today, kind, Level.UNIT, "survey_index_trygghet")
    assert (found.min_n, found.min_reached, found.checked) == (min_n, min_reached, True)


def test_simulated_records_are_judged_as_real_ones(today: date) -> None:
    own, simulated = (limits(s, PUBLIC, today, CellKind.SHARE, Level.UNIT, "share_x") for s in (OWN, SIMULATED))
    assert own == simulated


def test_a_day_without_a_rule_is_an_error() -> None:
    with pytest.raises(RuleError, match="disclosure"):
        limits("siris_grades", PUBLIC, date(1999, 1, 1), CellKind.MEAN, Level.UNIT, "merit_value")
