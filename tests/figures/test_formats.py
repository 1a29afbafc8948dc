"""Numbers as a reader of Swedish or English expects them."""

from __future__ import annotations

from datetime import date

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from likvard.figures import formats
from likvard.figures.measures import Scale, Unit, position, position_of_day, swedish_order
from likvard.terms import Language, Missing, SchoolYear, Words

SV, EN = Language.SV, Language.EN
NAME = Words("Mått", "Measure")
SHARE, MERIT, RATIO = (Scale(NAME, u) for u in (Unit.SHARE, Unit.MERIT, Unit.RATIO))
POINTS = Scale(NAME, Unit.SHARE_POINTS, signed=True)


@pytest.mark.parametrize(
    ("value", "places", "sv", "en"),
    [
        (1234.5, 1, "1\u00a0234,5", "1,234.5"),
        (-1234.5, 1, "−1\u00a0234,5", "−1,234.5"),
        (-0.04, 1, "0,0", "0.0"),
        (-0.4, 0, "0", "0"),
        (1041.0, 0, "1\u00a0041", "1,041"),
    ],
)
def test_numbers_have_comma_or_point_no_break_space_and_a_real_minus(value, places, sv, en):
    assert (formats.number(value, places, SV), formats.number(value, places, EN)) == (sv, en)


def test_a_share_is_written_in_per_cent_without_decimals():
    assert formats.with_unit(0.614, SHARE, SV) == "61\u00a0%"
    assert formats.with_unit(0.614, SHARE, EN) == "61%"


def test_a_difference_of_shares_has_a_sign_and_its_own_word():
    assert formats.with_unit(0.03, POINTS, SV) == "+3\u00a0procentenheter"
    assert formats.with_unit(-0.01, POINTS, EN) == "−1\u00a0percentage point"


def test_an_interval_is_a_range_or_goes_from_minus_to_plus():
    assert formats.interval(0.52, 0.70, SHARE, SV) == "52–70"
    assert formats.interval(-0.07, 0.03, POINTS, SV) == "−7\u00a0till\u00a0+3"
    assert formats.interval(-0.07, 0.03, POINTS, EN) == "−7\u00a0to\u00a0+3"
    assert formats.interval(-0.0004, 0.0003, SHARE, SV) == "0–0"  # what rounds to nought has no minus


def test_an_end_that_clears_zero_is_not_rounded_to_zero():
    assert formats.interval(0.003, 0.06, POINTS, EN) == "+0.3\u00a0to\u00a0+6.0"
    assert formats.interval(-0.003, 0.06, POINTS, EN) == "0\u00a0to\u00a0+6"


def test_a_hidden_cell_is_its_symbol_and_a_rounded_one_says_about(demo):
    gate = demo.Gate()
    assert formats.cell(gate(None, missing=Missing.PROTECTED), SHARE, SV) == "×"
    assert formats.cell(gate(450.0, missing=Missing.APPROXIMATE), Scale(NAME, Unit.PUPILS), EN) == "about\u00a0450"
    assert formats.cell(gate(0.0), SHARE, SV) == "0\u00a0%"


def test_counts_are_words_up_to_twelve():
    assert [formats.count(n, SV) for n in (0, 1, 12, 13)] == ["noll", "en", "tolv", "13"]
    assert formats.count(1204, EN) == "1,204"


def test_lists_end_in_and():
    assert formats.listed((), SV) == ""
    assert formats.listed(("A", "B", "C"), SV) == "A, B och C"
    assert formats.listed(("A", "B"), EN) == "A and B"


def test_years_and_days_are_written_in_full_where_it_matters():
    assert formats.period_in_full(SchoolYear(2024), SV) == "läsåret\u00a02024/25"
    assert formats.period_in_full(2024, EN) == "2024"
    assert formats.day(date(2025, 11, 14), SV) == "14\u00a0november\u00a02025"
    assert formats.month(date(2025, 11, 14), EN) == "Nov\u00a02025"


def test_a_school_year_stands_at_its_spring_and_a_day_on_the_same_axis():
    assert position(SchoolYear(2023)) == pytest.approx(2024.45)
    assert position(2023) < position(SchoolYear(2023)) < position_of_day(date(2024, 7, 1))


def test_swedish_letters_come_after_z():
    names = ["Örby", "Zinkskolan", "Älvskolan", "Åsskolan", "Anderslöv", "anders"]
    assert sorted(names, key=swedish_order) == ["anders", "Anderslöv", "Zinkskolan", "Åsskolan", "Älvskolan", "Örby"]


@given(st.floats(-1e9, 1e9), st.integers(0, 3), st.sampled_from(list(Language)))
def test_a_number_can_be_read_back(value, places, language):
    text = formats.number(value, places, language).replace("\u00a0", "").replace("−", "-")
    text = text.replace(",", ".") if language is SV else text.replace(",", "")
    assert float(text) == pytest.approx(round(value, places), abs=10**-places / 2)
    assert not text.startswith("-0") or float(text) != 0


@given(st.floats(-1e17, 1e17), st.integers(0, 3), st.sampled_from([SV, EN]))
def test_a_number_is_grouped_as_babel_groups_it(value: float, places: int, language: Language) -> None:
    rounded = abs(round(value, places))
    pattern = "#,##0" + ("." + "0" * places if places else "")
    expected = format_decimal(rounded, format=pattern, locale=formats.LOCALES[language]).replace("\u202f", "\u00a0")
    assert formats.number(value, places, language).lstrip("−") == expected
