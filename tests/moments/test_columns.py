from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.moments.columns import Column, Factor, Number, flag, identifier, literal, number
from likvard.terms import UsageError

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@given(NAMES)
def test_any_name_survives_quoting(name):
    found = duckdb.sql(f"select 1 as {identifier(name)}").columns
    assert found == [name]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
def test_any_text_survives_as_a_literal(text):
    assert duckdb.sql(f"select {literal(text)}").fetchall() == [(text,)]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_survives_as_a_literal(value):
    assert duckdb.sql(f"select {literal(value)}").fetchall() == [(value,)]


@pytest.mark.parametrize("name", ["", "a\nb", "a\0", "x" * 256])
def test_a_name_that_no_file_can_mean_is_refused(name):
    with pytest.raises(UsageError):
        identifier(name)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_literal_must_be_finite(value):
    with pytest.raises(UsageError):
        literal(value)


def test_content_forgets_names_and_shifts():
    assert number("x", 3.0).content == Column("other", powers=((Number("x", '"x"'), 1),)).content
    assert number("x").content != number("z").content != flag("z").content


def test_a_flag_is_coded_by_a_cast_and_a_factor_by_cases():
    assert flag("girl").marks[0][0].code == 'CAST("girl" AS TINYINT)'
    assert Factor("f", '"f"', ("a", "b")).code == "CAST(CASE \"f\" WHEN 'a' THEN 0 WHEN 'b' THEN 1 END AS TINYINT)"
