"""The statistics office's index: found by its words, filed as it stands, and refused where it cannot be what it says."""

from __future__ import annotations

from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from likvard.terms import InputError, Missing

HEAD = "Skolenhetskod;Socioekonomiskt index"


def rows(made):
    return made.tables["statistic"].to_pylist()


def rules(made):
    return [finding.rule for finding in made.findings]


def test_a_file_of_the_office_becomes_statistics_with_year_form_and_pupils(read, small):
    first, second = rows(read("index.csv", small["index.csv"]))
    assert (first["area_code"], first["level"], first["value"], first["n"]) == ("10000001", "unit", 187.4, 412)
    assert (first["year"], first["school_form"], first["measure"]) == (2024, "GR", "need_index_stated")
    assert (second["value"], second["status"], second["school_form"]) == (None, Missing.FEW.value, "FKLASS")


def test_totals_without_a_code_are_left_out_and_told(read, small):
    assert "index.no_place" in rules(read("index.csv", small["index.csv"]))


def test_an_index_around_one_is_read_times_a_hundred(read):
    made = read("index 2024-25.csv", f"{HEAD}\n10000001;1,5\n10000002;0,62\n")
    assert [row["value"] for row in rows(made)] == [150.0, 62.0]
    assert "index.scale" in rules(made)


def test_the_year_may_stand_in_the_name_and_the_form_is_then_compulsory_school(read):
    made = read("socioekonomiskt_2023-24.csv", f"{HEAD}\n10000001;120\n")
    assert (rows(made)[0]["year"], rows(made)[0]["school_form"]) == (2023, "GR")
    assert "index.form" in rules(made)


def test_a_calendar_year_is_the_school_year_that_begins_in_it(read):
    made = read("a.csv", "Skolenhetskod;Socioekonomiskt index;År\n10000001;120;2025\n")
    assert rows(made)[0]["year"] == 2025
    assert "index.year" in rules(made)


def test_a_file_that_tells_no_year_is_refused(read):
    with pytest.raises(InputError, match="which school year"):
        read("a.csv", f"{HEAD}\n10000001;120\n")


def test_organisers_and_municipalities_have_their_own_level(read):
    text = (
        "Organisationsnummer;Kommunkod;Socioekonomiskt index;Läsår\n212000-2882;0127;140;2024/25\n;0127;130;2024/25\n"
    )
    assert [(r["level"], r["area_code"]) for r in rows(read("a.csv", text))] == [
        ("organiser", "2120002882"),
        ("municipality", "0127"),
    ]


def test_a_code_that_lost_its_zero_stops_the_import(read):
    made = read("a 2024-25.csv", f"{HEAD}\n1000001;120\n10000002;90\n")
    assert [finding.rule for finding in made.errors] == ["code.lost_zero"]


def test_a_number_that_can_be_no_index_stops_the_import(read):
    made = read("a 2024-25.csv", f"{HEAD}\n10000001;99 000\n10000002;90\n")
    assert [finding.rule for finding in made.errors] == ["cell.range"]


def test_a_workbook_is_read_like_a_text_file(read):
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("Index")
        for at, row in enumerate([["Läsår 2024/25"], ["Skolenhetskod", "SES-index"], ["10000001", 87.5]]):
            sheet.write_row(at, 0, row)
    made = read("index.xlsx", content.getvalue())
    assert [(r["area_code"], r["year"], r["value"]) for r in rows(made)] == [("10000001", 2024, 87.5)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(10_000_000, 99_999_999), st.floats(25, 400)),
        min_size=1,
        max_size=8,
        unique_by=lambda r: r[0],
    )
)
def test_every_number_comes_out_as_it_was_written(read, given_rows):
    text = "\n".join([HEAD, *(f"{code};{str(round(value, 2)).replace('.', ',')}" for code, value in given_rows)])
    made = rows(read("a 2024-25.csv", text + "\n"))
    assert [(r["area_code"], r["value"]) for r in made] == [(str(c), round(v, 2)) for c, v in given_rows]
