"""Cells as published: numbers read exactly, symbols kept apart, ranges right at the edges."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.records.readers import symbols
from likvard.records.readers.symbols import OPEN_API, OWN, SIRIS, SURVEY_OPTION, number, parse, parse_one
from likvard.terms import Missing

TABLES = (SIRIS, OPEN_API, SURVEY_OPTION, OWN)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 241", 1241.0),
        ("1\u00a0241", 1241.0),
        ("1\u202f241", 1241.0),
        ("12 345 678,5", 12345678.5),
        ("205,1", 205.1),
        ("205.1", 205.1),
        ("0", 0.0),
        ("-17", -17.0),
        ("\u221217,5", -17.5),
        ("0.77100000000000002", 0.771),
    ],
)
def test_numbers_are_read_as_swedes_write_them(text, value):
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["", "12 41", "1 2", "1,2,3", "1e5", "0x1F", "nan", "inf", "١٢", "--1", "1,", ",5", "1 241 ", "9" * 40]
)
def test_what_is_no_number_is_none(text):
    assert number(text) is None


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=3),
    st.sampled_from([" ", "\u00a0", ""]),
    st.sampled_from([",", "."]),
)
def test_a_number_comes_back_exactly_whatever_parts_it(value, space, point):
    text = f"{value:,}".replace(",", " ").replace(".", point).replace(" ", space)
    assert number(text) == float(value)
    assert number(text, -2) == float(value / Decimal(100))


@given(st.text(max_size=12))
def test_any_text_is_a_number_a_symbol_or_unreadable(text):
    for table in TABLES:
        found = parse_one(text, table)
        assert found is None or (found[0] is None) == (found[1] not in ("", Missing.APPROXIMATE))


@given(
    st.lists(st.sampled_from(["..", ".", "~100", "~0", "-", "", "5", "99,5", "cirka 40", "x", "*"]), max_size=30),
    st.data(),
)
def test_a_column_is_parsed_as_its_cells_one_by_one(cells, data):
    base = np.array(
        data.draw(st.lists(st.sampled_from([np.nan, 0.0, 3.0, 50.0]), min_size=len(cells), max_size=len(cells))),
        dtype=float,
    )
    found = parse(cells, OPEN_API, scale=-2, base=base)
    for at, cell in enumerate(cells):
        one = parse_one(cell, OPEN_API, -2)
        assert (at in found.unreadable) == (one is None)
        value, status = one if one else (None, Missing.UNAVAILABLE)
        assert (found.value[at].as_py(), found.status[at].as_py(), found.raw[at].as_py()) == (value, status, cell)
        assert (found.low[at].as_py(), found.high[at].as_py()) == expected_range(status, base[at])


def expected_range(status: str, n: float) -> tuple[float | None, float | None]:
    known = n >= 1
    if status == Missing.NEAR_ALL:
        return (max(n - 4, 0) / n, (n - 1) / n) if known else (None, 1.0)
    if status == Missing.NEAR_NONE:
        return (1 / n, min(4 / n, 1)) if known else (0.0, None)
    return None, None


def test_a_star_means_what_its_source_means():
    assert parse_one("*", OPEN_API) == (None, "excluded")
    assert parse_one("*", SURVEY_OPTION) == (None, "masked_under_10")
    assert parse_one("*", SIRIS) is None


def test_about_450_is_a_number_that_is_not_exact():
    assert parse_one("cirka 1 450", OPEN_API) == (1450.0, "approximate")
    assert parse_one("cirka många", OPEN_API) is None


def test_near_all_of_an_unscaled_per_cent_is_at_most_100():
    assert parse(["~100"], SIRIS).high.to_pylist() == [100.0]


def test_no_symbol_is_ever_a_number():
    assert all(number(symbol) is None for table in TABLES for symbol in table)
    assert symbols.FEWEST < symbols.MOST
