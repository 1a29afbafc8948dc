"""Workbook and JSON: the same cells as the page, typed missing values, no formulas, the same bytes twice."""

from __future__ import annotations

import json as standard_json
import re
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from likvard.disclosure.cells import Released
from likvard.figures.charts import School
from likvard.figures.document import json, rounded
from likvard.figures.table import Kind
from likvard.figures.workbook import xlsx
from likvard.terms import Language, Missing


@pytest.fixture(scope="module")
def book(report, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "report.xlsx"
    xlsx(report, path)
    return path


@pytest.fixture(scope="module")
def content(report):
    return standard_json.loads(json(report))


def rows_of(path, sheet):
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()


def test_two_workbooks_are_byte_for_byte_the_same(demo, book, tmp_path):
    xlsx(demo.report(), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == book.read_bytes()


def test_nothing_in_the_workbook_knows_when_it_was_written(book):
    with ZipFile(book) as parts:
        assert {part.date_time for part in parts.infolist()} == {parts.infolist()[0].date_time}
        assert parts.infolist()[0].date_time[0] == 1980
        core = parts.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2025-11-14T00:00:00Z"}


def test_there_is_a_sheet_about_the_report_one_per_figure_and_one_with_every_value(report, book):
    names = CalamineWorkbook.from_path(book).sheet_names
    assert names == ["Om rapporten", *(f"{i} {f.id}" for i, f in enumerate(report.figures, 1)), "Alla värden"]


def test_every_sheet_says_first_that_the_data_are_invented(book):
    workbook = CalamineWorkbook.from_path(book)
    for name in workbook.sheet_names:
        assert workbook.get_sheet_by_name(name).to_python()[0][0].startswith("Påhittade uppgifter.")


def test_a_figures_sheet_has_question_sentence_source_vintage_pupils_and_method(book):
    text = "\n".join(str(cell) for row in rows_of(book, "5 funnel") for cell in row)
    for part in ("Är skillnaderna mer än slump?", "utanför den yttre gränsen", "2025-10-02", "1041", "Så mäter vi"):
        assert part in text


def test_a_hidden_value_stands_as_its_symbol_beside_the_reason(book):
    rows = rows_of(book, "10 symbols-in-use")
    found = {row[0]: row[1:3] for row in rows if row[0] in ("few", "protected", "near_all")}
    assert {kind: cells[0] for kind, cells in found.items()} == {"few": "..", "protected": "×", "near_all": "~100"}
    assert all(cells[1] for cells in found.values())


def test_the_long_sheet_holds_every_number_with_its_interval_and_kind_of_missing(report, book):
    rows = rows_of(book, "Alla värden")[2:]
    wanted = [
        entry
        for figure in report.figures
        for row in figure.table.rows
        for entry, column in zip(row.entries, figure.table.columns, strict=True)
        if isinstance(entry, Released) and column.kind is Kind.NUMBER
    ]
    assert len(rows) == len(wanted)
    for row, cell in zip(rows, wanted, strict=True):
        assert row[6] == ("" if cell.value is None else pytest.approx(cell.value, abs=1e-6))
        assert row[10] == ("" if cell.missing is None else cell.missing.value)


def test_a_name_that_looks_like_a_formula_stays_text(demo, tmp_path):
    units = [School("=1+1", "@A", "00012345"), School("https://x", "@A", "1"), *demo.schools(2)]
    xlsx(demo.report(units), tmp_path / "book.xlsx")
    with ZipFile(tmp_path / "book.xlsx") as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]
    assert not any("<f>" in sheet or "hyperlink" in sheet for sheet in sheets)
    assert any(row[3] == "00012345" for row in rows_of(tmp_path / "book.xlsx", "Alla värden"))


def test_the_english_workbook_is_english(report, tmp_path):
    xlsx(report, tmp_path / "book.xlsx", Language.EN)
    assert "All values" in CalamineWorkbook.from_path(tmp_path / "book.xlsx").sheet_names


def test_two_exports_of_json_are_the_same_and_its_keys_are_sorted(demo, report, content):
    text = json(report)
    assert text == json(demo.report())
    assert text == standard_json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def test_json_keeps_every_missing_value_typed_with_reason_in_both_languages(content):
    rows = content["figures"][-1]["table"]["rows"]
    cells = {row["head"]["en"]: row["cells"][0] for row in rows}
    for kind in Missing:
        assert cells[kind.value]["missing"] is not None
        assert cells[kind.value]["reason"]["sv"]
    assert cells["zero"]["value"] == 0
    assert cells["zero"]["missing"] is None


def test_json_says_what_it_was_made_from_and_that_it_is_invented(content):
    assert content["synthetic"] is True
    assert content["made"]["lake"] == "3f9a1c2e"
    assert content["figures"][0]["sources"][0]["vintage"] == "2025-10-02"


def test_json_holds_intervals_numbers_of_pupils_statuses_and_words(content):
    figure = next(f for f in content["figures"] if f["id"] == "expected")
    kinds = [c["kind"] for c in figure["table"]["columns"]]
    row = next(r for r in figure["table"]["rows"] if r["head"]["sv"] == "Hasselmoskolan")
    cells = dict(zip(kinds, row["cells"], strict=True))
    assert cells["interval"]["low"] < cells["interval"]["high"]
    assert cells["pupils"]["n"] > 0
    assert cells["status"] in ("below", "within", "above")


def test_values_have_six_decimals_and_no_minus_zero():
    assert str(rounded(-1e-9)) == "0.0"
    assert rounded(1 / 3) == 0.333333
    assert rounded(None) is None
