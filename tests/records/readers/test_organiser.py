"""The organiser's own files: what the template writes can be filled in, read, and read the same from CSV and XLSX."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from likvard.records import template
from likvard.records.reading import Severity
from likvard.records.schema import TABLES
from likvard.records.template_tables import templates
from likvard.terms import InputError, Language, UsageError


def as_xlsx(key: str, rows: list[list[object]]) -> bytes:
    own = next(t for t in templates() if t.key == key)
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("Uppgifter")
        for at, row in enumerate([template.header(own, Language.SV), template.example(own, Language.SV), *rows]):
            sheet.write_row(at, 0, row)
    return content.getvalue()


KEYS = ["units", "pupils", "grades", "attendance", "survey", "money", "matters", "principals"]


def severities(reading):
    return {finding.severity for finding in reading.findings}


@pytest.mark.parametrize("key", KEYS)
def test_what_is_filled_in_is_read_into_the_declared_tables(key, read, filled, as_csv):
    reading = read(f"likvard-{key}.csv", as_csv(key, filled[key]))
    assert reading.source == f"organiser-{key}"
    assert Severity.ERROR not in severities(reading)
    assert all(table.drop_columns(["_line"]).schema == TABLES[name].arrow for name, table in reading.tables.items())
    assert [f.rule for f in reading.findings if f.rule == "row.example"] == ["row.example"]


@pytest.mark.parametrize("key", KEYS)
def test_english_headers_without_our_file_name_are_read_the_same(key, read, filled, as_csv):
    swedish = read(f"likvard-{key}.csv", as_csv(key, filled[key]))
    english = read("own.csv", as_csv(key, filled[key], Language.EN))
    assert english.tables == swedish.tables


@pytest.mark.parametrize("key", KEYS)
def test_csv_and_workbook_give_the_same_tables(key, read, filled, as_csv):
    from_csv = read(f"likvard-{key}.csv", as_csv(key, filled[key]))
    from_xlsx = read(f"likvard-{key}.xlsx", as_xlsx(key, filled[key]))
    assert from_xlsx.tables == from_csv.tables


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_an_empty_template_is_refused_because_only_the_example_is_there(format, tmp_path, context):
    paths = template.write(tmp_path / "new", format)
    from likvard.records.readers import recognise  # noqa: PLC0415

    tables = [path for path in paths if "forklaring" not in path.name]
    assert len(tables) == 8
    for path in tables:
        with pytest.raises(InputError, match="no rows besides"):
            recognise(path).read(path, context)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_two_templates_are_the_same_to_the_byte(format, tmp_path):
    first, second = (template.write(tmp_path / name, format) for name in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_templates_are_not_written_over(tmp_path):
    template.write(tmp_path, "csv")
    with pytest.raises(UsageError, match="already"):
        template.write(tmp_path, "csv")


def test_a_template_in_another_format_is_refused(tmp_path):
    with pytest.raises(UsageError, match="csv, xlsx"):
        template.write(tmp_path, "ods")


def test_every_column_is_explained_in_both_languages():
    explained = {(row[0], row[1]) for row in template.explanation()}
    assert all((f"likvard-{t.key}", f.name.sv) in explained for t in templates() for f in t.fields)
    assert all(row[3] and row[4] for row in template.explanation())


def test_a_cell_that_a_spreadsheet_would_calculate_is_quoted_out():
    assert [template.harmless(cell) for cell in ("=1+1", "@A1", "+1", "C")] == ["'=1+1", "'@A1", "'+1", "C"]


def test_the_same_pupil_has_one_pseudonym_in_every_table_and_no_number_is_left(read, filled, as_csv):
    readings = [read(f"likvard-{key}.csv", as_csv(key, filled[key])) for key in ("pupils", "grades")]
    pupils, grades = readings[0].tables["pupil"], readings[1].tables["grade"]
    assert set(grades["pupil_id"].to_pylist()) == set(pupils["pupil_id"].to_pylist())
    assert "20100315" not in str([table.to_pylist() for r in readings for table in r.tables.values()])
    assert pupils.to_pylist()[0] | {"pupil_id": "", "_line": 0} == {
        "pupil_id": "", "school_year": 2025, "birth_year": 2010, "birth_month": 3, "sex": "boy", "_line": 0,
        "parents_education": "upper_secondary", "foreign_background": True, "years_in_sweden": 3,
        "municipality_code": "0127", "protected": False,
    }  # fmt: skip


def test_f_a_dash_and_no_grade_are_kept_apart(read, filled, as_csv):
    rows = [[*filled["grades"][0][:7], "Ma", "", "", cell] for cell in ("F", "–", "-", "9", "2", "3", "läser ej", "a")]
    made = read("likvard-grades.csv", as_csv("grades", rows)).tables["grade"]
    assert list(
        zip(made["grade"].to_pylist(), made["points"].to_pylist(), made["status"].to_pylist(), strict=True)
    ) == [
        ("F", 0.0, ""),
        *[(None, None, "no_basis")] * 3,
        (None, None, "not_graded"),
        *[(None, None, "not_taken")] * 2,
        ("A", 20.0, ""),
    ]


def test_adapted_school_has_no_f(read, filled, as_csv):
    row = [*filled["grades"][2][:10], "F"]
    assert [f.rule for f in read("likvard-grades.csv", as_csv("grades", [row])).errors] == ["grade.form"]


def test_months_belong_to_the_school_year_in_which_they_lie(read, as_csv):
    rows = [["elev-7", "10000001", "GR", month, "100", "0", "0", ""] for month in ("2025-06", "2025-07", "2026-01")]
    made = read("likvard-attendance.csv", as_csv("attendance", rows)).tables["attendance"]
    assert made["school_year"].to_pylist() == [2024, 2025, 2025]
    assert made["month"].to_pylist()[0] == date(2025, 6, 1)


def test_hidden_numbers_stay_hidden_and_zero_stays_zero(read, filled, as_csv):
    survey = read("likvard-survey.csv", as_csv("survey", filled["survey"])).tables["survey_answer"]
    matters = read("likvard-matters.csv", as_csv("matters", filled["matters"])).tables["matter_count"]
    assert (survey["n"].to_pylist(), survey["status"].to_pylist()) == ([None], ["few"])
    assert (matters["n"].to_pylist(), matters["status"].to_pylist()) == ([0], [""])


WRONG = [
    ("pupils", 0, "20100315123", "pupil.number"),
    ("pupils", 1, "1000001", "code.lost_zero"),
    ("pupils", 2, "grundis", "cell.form"),
    ("pupils", 3, "2025", "cell.form"),
    ("pupils", 7, "2099-08-18", "cell.form"),
    ("pupils", 8, "2024-01-01", "row.days"),
    ("pupils", 10, "flicka", "pupil.sex"),
    ("pupils", 12, "kanske", "cell.form"),
    ("pupils", 14, "127", "code.lost_zero"),
    ("pupils", 1, "", "cell.empty"),
    ("grades", 5, "sommar", "cell.form"),
    ("grades", 7, "trolleri", "subject.unknown"),
    ("grades", 10, "G", "grade.form"),
    ("grades", 10, "=A1", "cell.formula"),
    ("grades", 8, "@SUM(A1)", "cell.formula"),
    ("attendance", 5, "4 900", "row.absence"),
    ("attendance", 3, "2099-01", "cell.form"),
    ("money", 5, "12,5", "cell.form"),
    ("matters", 4, "några", "cell.form"),
    ("principals", 1, "19700101-1234", "cell.form"),
    ("units", 5, "212000", "cell.form"),
]


@pytest.mark.parametrize(("key", "place", "cell", "rule"), WRONG)
def test_a_wrong_cell_is_told_with_its_row_and_column(key, place, cell, rule, read, filled, as_csv):
    row = [*filled[key][0]]
    row[place] = cell
    errors = read(f"likvard-{key}.csv", as_csv(key, [row])).errors
    assert [(f.rule, f.row) for f in errors] == [(rule, 3)]
    assert cell not in str(errors[0].found) or not cell.startswith("1970")


def test_two_backgrounds_of_one_pupil_in_a_year_are_refused(read, filled, as_csv):
    rows = [filled["pupils"][0], [*filled["pupils"][0]]]
    rows[1][1], rows[1][11] = "10000002", "grundskola"
    assert [f.rule for f in read("likvard-pupils.csv", as_csv("pupils", rows)).errors] == ["pupil.differs"]


def test_two_schools_of_one_pupil_are_one_pupil_and_two_enrolments(read, filled, as_csv):
    rows = [filled["pupils"][0], [*filled["pupils"][0]]]
    rows[1][1] = "10000002"
    made = read("likvard-pupils.csv", as_csv("pupils", rows)).tables
    assert (made["pupil"].num_rows, made["enrolment"].num_rows) == (1, 2)


def test_an_unknown_column_is_named_and_not_read(read, filled, as_csv):
    content = as_csv("matters", filled["matters"]).replace(b"Antal", b"Antal;Kommentar", 1)
    found = read("likvard-matters.csv", content.replace(b";7;", b";7;;").replace(b";0;", b";0;hej;")).findings
    assert [f.column for f in found if f.rule == "column.left"] == ["Kommentar"]


def test_a_missing_column_is_named(read, filled, as_csv):
    content = as_csv("matters", filled["matters"]).replace(b"Skolform", b"Skolfrom", 1)
    with pytest.raises(InputError, match="Skolform"):
        read("likvard-matters.csv", content)


def test_a_second_header_row_is_an_error(read, filled, as_csv):
    content = as_csv("matters", filled["matters"])
    again = content.decode("utf-8-sig").splitlines()[0]
    errors = read("likvard-matters.csv", content + again.encode() + b"\n").errors
    assert [(f.rule, f.row) for f in errors] == [("row.second_header", 4)]


def test_codes_stored_as_numbers_in_a_workbook_are_read_and_lost_zeros_told(read, filled):
    row = [*filled["matters"][0]]
    assert not read("likvard-matters.xlsx", as_xlsx("matters", [[10000001, *row[1:4], 8]])).errors
    errors = read("likvard-matters.xlsx", as_xlsx("matters", [[1000001, *row[1:4], 8]])).errors
    assert [f.rule for f in errors] == ["code.lost_zero"]


def test_formulas_in_a_workbook_are_errors(read, filled):
    errors = read("likvard-matters.xlsx", as_xlsx("matters", [[*filled["matters"][0][:4], "=3+4"]])).errors
    assert "cell.formula" in [f.rule for f in errors]


def test_the_scope_is_the_year_and_the_organiser_in_the_file_name(read, filled, as_csv):
    content = as_csv("pupils", [filled["pupils"][0], [*filled["pupils"][1][:1], "10000002", *filled["pupils"][1][2:]]])
    assert read("likvard-pupils.csv", content).scope == "2025"
    assert read("likvard-pupils-2120002882.csv", content).scope == "2025 2120002882"
    assert read("likvard-pupils.csv", as_csv("pupils", filled["pupils"][:1])).scope == "2025 10000001"


def test_a_principal_is_a_pseudonym(read, filled, as_csv):
    made = read("likvard-principals.csv", as_csv("principals", filled["principals"])).tables["principal_spell"]
    assert "anst" not in made["principal_id"][0].as_py()


def test_every_file_of_the_template_is_recognised_by_one_reader_at_most(tmp_path: Path, context):
    for format in template.FORMATS:
        for path in template.write(tmp_path / format, format):
            assert path.stat().st_size > 0
