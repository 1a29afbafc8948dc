"""When a delivery is due, and which are late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.flow.schedule import ENDED_AFTER, SCHEDULE, late, period_of, rule_of

ON = date(2026, 11, 22)
GRADES = "organiser-grades"


def periods(found):
    return [one.period for one in found]


@pytest.mark.parametrize(
    ("scope", "period", "whose"),
    [
        ("2023/24", "2023/24", ""),
        ("2023/24 2120002882", "2023/24", "2120002882"),
        ("2021/22–2023/24 12345678", "2023/24", "12345678"),
        ("2023/24 HT", "2023/24 HT", ""),
        ("2022 pupils-GR-8", "2022", "pupils-GR-8"),
        ("2022", "2022", ""),
        ("", "", ""),
        ("kpis", "", "kpis"),
    ],
)
def test_a_scope_tells_its_period_and_whose_it_is(scope, period, whose):
    assert period_of(scope) == (period, whose)


def test_grades_that_have_not_come_by_the_end_of_july_are_late():
    came = [(GRADES, "2023/24"), (GRADES, "2024/25")]
    assert late(came, on=date(2026, 7, 31)) == ()
    (one,) = late(came, on=date(2026, 8, 2))
    assert (one.period, one.due, one.days) == ("2025/26", date(2026, 7, 31), 2)
    assert "31 juli" in one.rule.sv


def test_a_gap_in_a_series_is_late_too():
    assert periods(late([(GRADES, "2022/23"), (GRADES, "2024/25")], on=date(2025, 12, 1))) == ["2023/24"]


def test_each_organiser_has_a_series_of_its_own():
    came = [(GRADES, "2024/25 2120000001"), (GRADES, "2025/26 2120000002")]
    assert [(one.whose, one.period) for one in late(came, on=ON)] == [("2120000001", "2025/26")]


def test_absence_is_due_after_each_term():
    came = [("synthetic-attendance", "2024/25 HT"), ("synthetic-attendance", "2024/25 VT")]
    assert periods(late(came, on=date(2026, 2, 1))) == ["2025/26 HT"]
    assert periods(late(came, on=ON)) == ["2025/26 HT", "2025/26 VT"]


def test_a_source_that_writes_calendar_years_is_expected_in_calendar_years():
    assert periods(late([("organiser-money", "2024")], on=ON)) == ["2025"]


def test_national_tests_that_were_called_off_are_not_late():
    came = [("synthetic-tests", f"{year}/{(year + 1) % 100}") for year in (2018, 2021, 2022, 2023, 2024)]
    assert late(came, on=date(2025, 12, 1)) == ()


def test_a_series_without_deliveries_for_three_years_has_ended():
    assert late([(GRADES, f"{ON.year - ENDED_AFTER - 1}/22")], on=ON) == ()


def test_a_source_without_a_period_or_a_rule_is_never_late():
    assert late([("kolada-values", ""), ("municipality-shapes", ""), ("unknown", "2020/21")], on=ON) == ()


def test_every_kind_of_delivery_of_the_simulated_country_has_a_rule():
    kinds = ("register", "pupils", "grades", "tests", "attendance", "survey", "money", "matters", "statistics")
    assert all(rule_of(f"synthetic-{kind}") for kind in kinds)
    assert rule_of("skolverket-siris-pupils")
    assert rule_of("skolinspektionen-skolenkaten")


@given(st.sampled_from(SCHEDULE), st.lists(st.integers(2015, 2025), min_size=1, unique=True), st.integers(0, 900))
def test_nothing_is_late_before_its_day_or_when_it_has_come(due, years, days):
    on = date(2025, 1, 1) + timedelta(days=days)
    source = due.source.replace(".*", "x").replace("(register|units)", "units").partition("|")[0].replace("(", "")
    came = [(source, f"{year}/{(year + 1) % 100:02d}") for year in years]
    for one in late(came, on=on):
        assert one.due < on
        assert one.days == (on - one.due).days
        assert (one.source, one.period) not in came
