"""Register numbers, our own and quoted ones."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.site.cases.register import RegisterNumber, gaps, quoted
from likvard.site.cases.states import CaseError

FUZZ = settings(deadline=None, derandomize=True)

own = st.builds(
    RegisterNumber,
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=4),
    st.integers(1990, 2099),
    st.integers(1, 999_999_999),
)


@FUZZ
@given(own)
def test_a_number_is_read_as_it_was_written(number):
    assert RegisterNumber.parse(str(number)) == number
    assert RegisterNumber.parse(f"  {str(number).lower()} ") == number
    assert RegisterNumber.from_slug(number.slug) == number


@FUZZ
@given(st.text(max_size=8))
def test_anything_else_is_refused_with_a_remedy(text):
    with pytest.raises(CaseError, match="not a register number") as error:
        RegisterNumber.parse(text)
    assert "SI 2026:4573" in error.value.remedy


@pytest.mark.parametrize(
    "text", ["SI 2026:0", "SI 2026:01", "SI 26:1", "S 2026:1", "SI 2026:1x", "SI-2026:1", "SI 2026:１"]
)
def test_what_is_nearly_a_number_is_refused(text):
    with pytest.raises(CaseError, match="not a register number"):
        RegisterNumber.parse(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Skolinspektionens dnr SI 2022:4573.", ["SI 2022:4573"]),
        ("beslut 400-2011:6497 och 40-2019:9815", ["400-2011:6497", "40-2019:9815"]),
        ("(dnr 2018:7409)", ["2018:7409"]),
        ("SYN 2025:0417, SI 2022:1", ["SYN 2025:417", "SI 2022:1"]),
        ("SI 2022:1 igen SI 2022:1", ["SI 2022:1"]),
        ("skollagen (2010:800) och förvaltningslagen (2017:900)", []),
        ("lag (2018:1937) om tillgänglighet, SFS 2018:49, SKOLFS 2011:144", []),
        ("förordningen 2011:556, RiR 2019:6 och SOU 2020:28", []),
        ("skollagen, 2010:800", []),
        ("kl. 2012:15:30 eller 12012:1", []),
        ("v. 2025:46.2", []),
    ],
)
def test_numbers_in_a_text(text, found):
    assert [str(number) for number in quoted(text)] == found


@FUZZ
@given(st.text("SI 2022:45-400(skolagen)."))
def test_any_text_can_be_searched(text):
    assert len(quoted(text)) == len(set(quoted(text)))


def test_a_series_without_gaps_has_none():
    assert gaps([3, 1, 2]) == []
    assert gaps([]) == []
    assert gaps([2, 4]) == [1, 3]
