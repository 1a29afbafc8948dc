"""One figure as a file: the same hidden cells in every form, invented data say so first, nothing becomes a formula."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from io import BytesIO, StringIO
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from likvard.disclosure.cells import Released
from likvard.figures import files
from likvard.figures.drawing.axes import text_width
from likvard.figures.measures import FigureError
from likvard.figures.report import MadeFrom
from likvard.figures.standalone import wrapped
from likvard.figures.table import Kind, Row, Table
from likvard.terms import Audience, Language, Words


@pytest.fixture(scope="module")
def origin(demo):
    return files.Origin(Audience.PUBLIC, MadeFrom("lake", ("0001-a",), "likvard", demo.TODAY), synthetic=True)


@pytest.fixture(scope="module")
def drawn(report):
    return [figure for figure in report.figures if files.drawable(figure)]


@pytest.fixture(scope="module")
def gap(report):
    return next(figure for figure in report.figures if figure.kind == "gap")


def rows_of(content):
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def hidden_in(figure):
    return [
        entry
        for row in figure.table.rows
        for entry, column in zip(row.entries, figure.table.columns, strict=True)
        if isinstance(entry, Released) and column.kind is Kind.NUMBER and entry.value is None
    ]


def test_every_form_of_every_figure_is_the_same_bytes_twice(report, origin):
    for figure in report.figures:
        for ending in files.endings(figure):
            if ending != "png":
                assert files.make(figure, Language.SV, origin, ending) == files.make(
                    figure, Language.SV, origin, ending
                )


def test_the_first_row_says_that_data_are_invented_and_only_then(gap, origin):
    assert rows_of(files.csv(gap, Language.EN, origin))[0][0].startswith("Invented data.")
    assert rows_of(files.csv(gap, Language.EN, replace(origin, synthetic=False)))[0][0] == "Figure"


def test_a_hidden_cell_has_no_number_in_csv_and_its_reason_stands_there(report, origin):
    found = 0
    for figure in report.figures:
        rows = rows_of(files.csv(figure, Language.SV, origin))[2:]
        hidden = [row for row in rows if row[10] and not row[6]]
        assert len(hidden) == len(hidden_in(figure))
        assert all(row[11] for row in hidden)
        found += len(hidden)
    assert found > 0


def test_the_same_cells_are_hidden_in_the_workbook_and_in_json(report, origin):
    figure = max(report.figures, key=lambda f: len(hidden_in(f)))
    content = json.loads(files.json(figure, Language.SV, origin))
    cells = [c for row in content["figures"][0]["table"]["rows"] for c in row["cells"] if isinstance(c, dict)]
    in_json = [c for c in cells if c.get("missing") and c.get("value") is None]
    book = CalamineWorkbook.from_filelike(BytesIO(files.xlsx(figure, Language.SV, origin)))
    in_book = [row for row in book.get_sheet_by_name(book.sheet_names[-1]).to_python()[2:] if row[10] and row[6] == ""]
    assert len(in_json) == len(in_book) == len(hidden_in(figure))
    assert content["synthetic"] is True


def test_a_unit_without_any_number_says_why_in_csv_too(report, origin):
    figure = next(f for f in report.figures if f.kind == "expected")
    words = {e.sv for row in figure.table.rows for e in row.entries if isinstance(e, Words)}
    assert words
    assert words <= {row[11] for row in rows_of(files.csv(figure, Language.SV, origin))[2:]}


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.sampled_from("=+-@\t\r"), st.text(max_size=8))
def test_no_name_becomes_a_formula(start, rest):
    assert files._plain(start + rest) == "'" + start + rest


def test_a_name_that_begins_like_a_formula_is_text_in_csv(gap, origin):
    row = gap.table.rows[0]
    wild = Row(Words("=1+1", "=1+1"), row.entries)
    table = Table(gap.table.caption, gap.table.head, gap.table.columns, (wild,))
    assert rows_of(files.csv(replace(gap, table=table), Language.SV, origin))[2][2] == "'=1+1"


@pytest.mark.parametrize("language", list(Language))
def test_every_picture_is_whole_and_needs_nothing_but_itself(drawn, origin, language):
    for figure in drawn:
        text = files.svg(figure, language, origin).decode()
        ElementTree.fromstring(text)  # noqa: S314 - our own
        assert "var(--" not in text
        assert re.search(r"https?://(?!www\.w3\.org)|url\((?!data:)|<script| style=", text) is None
        assert figure.question[language] in text.replace("&#39;", "'")


def test_a_picture_says_first_that_data_are_invented(gap, origin):
    assert "Påhittade uppgifter." in files.svg(gap, Language.SV, origin).decode()
    real = files.svg(gap, Language.SV, replace(origin, synthetic=False)).decode()
    assert "Påhittade" not in real


def test_a_picture_in_pixels_is_two_thousand_wide(gap, origin):
    content = files.png(gap, Language.SV, origin)
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(content[16:20]) == 2000


def test_a_figure_without_a_chart_is_no_picture_and_says_what_it_can_be(report, origin):
    table = next(figure for figure in report.figures if figure.chart is None)
    assert files.endings(table) == ("csv", "xlsx", "json")
    with pytest.raises(FigureError, match="csv, xlsx, json"):
        files.make(table, Language.SV, origin, "png")
    with pytest.raises(FigureError, match="no chart"):
        files.svg(table, Language.SV, origin)


def test_the_name_of_a_file_tells_figure_and_language(gap):
    assert files.name(gap, Language.EN, "csv") == f"{gap.id}-en.csv"


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.lists(st.text("abc ", min_size=1, max_size=12), max_size=12), st.floats(60, 600))
def test_wrapped_lines_fit_and_lose_no_word(words, width):
    text = " ".join(words)
    lines = wrapped(text, width, 14)
    assert " ".join(lines) == text
    assert all(text_width(line) <= width or " " not in line.strip() for line in lines)
