"""Decoding, lines and cells; and what the registers of sayings and readers promise."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.records.readers import READERS, naming, sayings
from likvard.records.readers.findings import Findings, Saying
from likvard.records.readers.text import cells, columns, read_text, trim
from likvard.records.template_tables import templates
from likvard.terms import InputError, Language

MANUAL = Path(__file__).resolve().parents[3] / "docs" / "formats.md"


def write(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("content", ["åäö;1".encode(), "åäö;1".encode("utf-8-sig"), "åäö;1".encode("cp1252")])
def test_utf_8_with_or_without_a_mark_and_windows_1252_read_the_same(content, tmp_path):
    assert read_text(write(tmp_path, content)).lines == ["åäö;1"]


def test_windows_1252_is_told_and_utf_16_refused(tmp_path):
    assert [f.rule for f in read_text(write(tmp_path, b"\xe5")).findings] == ["text.encoding"]
    with pytest.raises(InputError, match="UTF-16"):
        read_text(write(tmp_path, "å".encode("utf-16")))


def test_a_file_cut_inside_a_letter_is_told(tmp_path):
    assert [f.rule for f in read_text(write(tmp_path, "Skola å".encode()[:-1])).findings] == ["text.cut"]


def test_lines_end_as_any_system_ends_them(tmp_path):
    assert read_text(write(tmp_path, b"a\r\nb\rc\nd")).lines == ["a", "b", "c", "d"]


def test_quotes_count_only_where_a_cell_begins_with_one():
    assert cells('"a;b";c', ";") == ["a;b", "c"]
    assert cells('Skolan "Norra";c', ";") == ['Skolan "Norra"', "c"]
    assert trim(["a", "", ""]) == ["a"]


@given(st.lists(st.lists(st.text("ab", max_size=2), max_size=5), max_size=5), st.integers(1, 5))
def test_rows_turn_into_columns_of_one_length(rows, width):
    turned = columns(rows, width)
    assert [len(column) for column in turned] == [len(rows)] * width
    assert all(
        turned[at][row] == (rows[row][at] if at < len(rows[row]) else "")
        for at in range(width)
        for row in range(len(rows))
    )


def test_the_same_finding_on_many_rows_is_counted_and_shown_once():
    findings = Findings()
    for row in (4, 5, 6):
        findings.add(sayings.ROW_WIDTH.at(row, got=1, width=2))
    assert [(f.rule, f.row, f.times) for f in findings.done()] == [("row.width", 4, 3)]


SAYINGS = {name: value for name, value in vars(sayings).items() if isinstance(value, Saying)}
FIRST = {saying.rule: saying for saying in reversed(SAYINGS.values())}


def test_every_saying_is_in_both_languages_and_says_what_to_do():
    for name, saying in SAYINGS.items():
        for sv, en in (saying.found, saying.expected, saying.remedy):
            assert bool(sv) == bool(en), name
        assert saying.remedy[0] or saying.severity == "note", name


def test_every_saying_is_used_by_a_reader():
    folder = Path(sayings.__file__).parent
    code = "".join(path.read_text() for path in folder.glob("*.py") if path.name != "sayings.py")
    assert [name for name in SAYINGS if f"sayings.{name}" not in code] == []


def test_the_manual_names_every_reader_saying_and_template():
    manual = MANUAL.read_text()
    assert [reader.name for reader in READERS if f"`{reader.name}`" not in manual] == []
    rows = [f"| `{s.rule}` | {s.severity.value} | {s.found[1]} | {s.remedy[1] or '–'} |" for s in FIRST.values()]
    assert [row for row in rows if row not in manual] == []
    assert [t.key for t in templates() if f"`likvard-{t.key}`" not in manual] == []
    assert [f.name.sv for t in templates() for f in t.fields if f"| {f.name.sv} | {f.name.en} |" not in manual] == []


def test_readers_have_names_of_their_own():
    assert len({reader.name for reader in READERS}) == len(READERS)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("likvard-pupils-2120002882.csv", "2120002882"),
        ("betyg_212000-2882_vt.txt", "2120002882"),
        ("20100315-1234.csv", ""),
        ("a.csv", ""),
    ],
)
def test_an_organisation_number_in_a_file_name_is_told_from_a_personal_number(name, found):
    assert naming.organiser_number(name) == found


def test_habo_and_håbo_are_two_municipalities():
    assert (naming.municipality_code("Habo"), naming.municipality_code("Håbo")) == ("0643", "0305")
    assert naming.municipality_code("HABO") == "0643"
    assert naming.municipality_code("Atlantis") is None


def test_every_field_of_a_template_is_named_in_both_languages():
    for t in templates():
        assert len({f.key for f in t.fields}) == len(t.fields)
        assert all(f.name[language] and f.about[language] for f in t.fields for language in Language)
