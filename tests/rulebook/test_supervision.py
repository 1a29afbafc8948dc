"""What the instruments may and may not, and when duties are due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.rulebook import rule
from likvard.rulebook.clocks import after, appeal_until, due, legal_force_from
from likvard.rulebook.kinds.supervision import Appeal, Instrument, Kind, Limit, Span
from likvard.terms import RuleError

ON = date(2026, 11, 21)


def _instrument(key: str) -> Instrument:
    found: Instrument = rule(f"instruments:{key}", ON).value
    return found


def test_a_remark_can_never_carry_a_fine() -> None:
    assert not _instrument("remark").may_carry_fine


def test_to_refrain_is_a_finding() -> None:
    assert _instrument("refrain").kind is Kind.FINDING
    assert _instrument("no_action").kind is Kind.NONE


def test_an_injunction_states_measures_and_is_appealable_only_with_a_fine() -> None:
    found = _instrument("injunction")
    assert found.needs_measures
    assert found.immediate
    assert found.appeal is Appeal.WITH_FINE


def test_a_temporary_prohibition_is_not_a_prohibition_and_lasts_six_months_at_most() -> None:
    assert _instrument("temporary_prohibition").max_months == 6
    assert _instrument("prohibition").max_months is None
    assert due("temporary_prohibition", date(2026, 8, 31)) == date(2027, 2, 28)


def test_a_public_organiser_is_never_met_with_revocation_nor_an_independent_one_with_prohibition() -> None:
    assert _instrument("revocation").organisers == ("independent",)
    assert "independent" not in _instrument("prohibition").organisers


def test_prohibition_did_not_exist_before_july_2022() -> None:
    with pytest.raises(RuleError):
        rule("instruments:prohibition", date(2022, 6, 30))


def test_rectification_reaches_independent_organisers_from_july_2027() -> None:
    before, later = (rule("instruments:rectification", day).value for day in (date(2027, 6, 30), date(2027, 7, 1)))
    assert "independent" not in before.organisers
    assert "independent" in later.organisers


@pytest.mark.parametrize(
    ("clock", "start", "last"),
    [
        ("absence_told_guardian", "2026-11-20", "2026-11-20"),
        ("newcomer_assessed", "2026-12-31", "2027-02-28"),
        ("appeal", "2026-11-21", "2026-12-12"),
        ("principal_programme", "2024-02-29", "2028-02-29"),
        ("legal_force", "2026-11-21", "2026-12-12"),
        ("follow_up", "2026-12-31", "2027-02-28"),
        ("absence_inquiry", "2026-11-20", None),
        ("report_back", "2026-11-20", None),
    ],
)
def test_a_duty_is_due_when_the_law_says(clock: str, start: str, last: str | None) -> None:
    assert due(clock, date.fromisoformat(start)) == (last and date.fromisoformat(last))


@given(st.dates(date(2018, 7, 1), date(2060, 1, 1)), st.integers(0, 30))
def test_the_earlier_day_to_appeal_is_never_later_than_either(decided: date, days: int) -> None:
    received = decided + timedelta(days=days)
    assert appeal_until(decided, received) == decided + timedelta(days=21)


@pytest.mark.parametrize(
    ("decided", "received", "force"),
    [
        ("2026-11-03", "2026-11-03", "2026-11-25"),  # 24 November is a Tuesday
        ("2026-11-03", "2026-11-06", "2026-11-28"),  # received later: 27 November is a Friday
        ("2026-11-20", "2026-11-21", "2026-12-15"),  # 12 December is a Saturday, so the 14th is the last day
        ("2026-12-04", "2026-12-04", "2026-12-29"),  # Christmas Day is a Friday, so the 28th is the last day
    ],
)
def test_a_decision_has_legal_force_the_day_after_the_last_day_to_appeal(
    decided: str, received: str, force: str
) -> None:
    assert legal_force_from(date.fromisoformat(decided), date.fromisoformat(received)) == date.fromisoformat(force)


@given(st.dates(date(2018, 7, 1), date(2060, 1, 1)), st.integers(0, 30))
def test_legal_force_never_comes_before_the_warning_for_an_appeal_has_passed(decided: date, days: int) -> None:
    received = decided + timedelta(days=days)
    assert legal_force_from(decided, received) > appeal_until(decided, received)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 60))
def test_months_end_on_the_same_day_or_on_the_last_of_a_shorter_month(start: date, length: int) -> None:
    end = after(start, Limit(length, Span.MONTHS))
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == length
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 20))
def test_a_year_is_twelve_months_and_a_week_seven_days(start: date, length: int) -> None:
    assert after(start, Limit(length, Span.YEARS)) == after(start, Limit(12 * length, Span.MONTHS))
    assert after(start, Limit(length, Span.WEEKS)) == after(start, Limit(7 * length, Span.DAYS))
