"""Files that are not what their names say: each gives a clear error, in bounded time and memory."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from likvard.records.readers import READERS, recognise, why_left, workbook
from likvard.records.readers.text import MAX_COLUMNS
from likvard.terms import InputError

EXCEL = "excelrapport-elever-grundskola-ak-8-2022.xlsx"


def refused(read, name: str, content: bytes) -> str:
    """The message with which a file is refused, or the rules of its errors; fails if it is neither."""
    try:
        reading = read(name, content)
    except InputError as problem:
        return str(problem) if problem.remedy else pytest.fail("an error says what to do")
    assert reading.errors, f"{name} was taken without an error"
    return " ".join(f.rule for f in reading.errors)


NAMED = [
    "Grundskolan - Antal elever per årskurs 2023 Skolenhet.csv",
    "merit_per_school_2014_2025.csv",
    "v4_gr_statistics_long.csv",
    "KOLADA_values.parquet",
    "kommuner.geojson",
    EXCEL,
    "likvard-matters.csv",
    "likvard-matters.xlsx",
]


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n\n ",
        b"\x00\x01\x02" * 400,
        bytes(range(256)) * 20,
        "ÿþ".encode("utf-16"),
        b"PK\x03\x04nothing",
        b"PAR1xxPAR1",
        b"x",
    ],
    ids=["empty", "blank", "zeros", "every byte", "utf-16", "half a zip", "half a parquet", "one letter"],
)
def test_garbage_under_a_right_name_is_refused(name, content, read):
    assert refused(read, name, content)


@pytest.mark.parametrize("name", [*NAMED[:3], "KOLADA_values.parquet", EXCEL, "slutbetyg.txt"])
def test_half_a_file_is_refused(name, read, small):
    assert refused(read, name, small[name][: len(small[name]) // 2])


@pytest.mark.parametrize("name", ["v4.json", "survey.json", "kolada.json", "kommuner.geojson"])
def test_half_an_answer_is_refused(name, read, small):
    assert "not JSON" in refused(read, name, small[name][: len(small[name]) * 2 // 3])


def test_a_million_columns_are_refused(read, small):
    wide = b";".join([b"Skola", b"Skol-enhetskod", *[b"x"] * 1_000_000])
    assert "columns" in refused(read, NAMED[0], wide) or "characters" in refused(read, NAMED[0], wide)
    assert f"{MAX_COLUMNS:,}" in refused(
        read, "merit_per_school_2014_2025.csv", b"skolenhetskod," + b"x," * 400_000 + b"\n1"
    )
    assert refused(read, "likvard-matters.csv", b"Skolenhetskod;" + b"x;" * 400_000 + b"\n1")


@pytest.mark.parametrize("name", NAMED[:3])
def test_an_enormous_line_is_refused(name, read, small):
    assert "characters" in refused(read, name, small[name] + b"x" * 2_000_000)


def zipped(parts: dict[str, bytes], level: int = 9) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_zip_bomb_is_refused_before_it_is_inflated(read, small):
    parts = parts_of(small[EXCEL]) | {"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 60_000_000}
    assert "inflate" in refused(read, EXCEL, zipped(parts))


def test_a_bomb_with_a_false_directory_is_refused(read, small):
    """The directory says 1 000 bytes; the data inflate to 60 million. Python stops at what was said."""
    honest = zipped({"xl/worksheets/sheet1.xml": b" " * 60_000_000})
    lying = honest.replace(struct.pack("<I", 60_000_000), struct.pack("<I", 1_000))
    assert lying != honest
    assert "not an Excel workbook" in refused(read, EXCEL, lying)


def test_a_workbook_of_thousands_of_parts_is_refused(read):
    assert "parts" in refused(read, EXCEL, zipped({f"xl/x{n}.xml": b"" for n in range(2_500)}))


def test_a_sheet_of_two_cells_far_apart_is_refused(read, small):
    """The parser would lay out 17 billion cells between A1 and XFD1048576."""
    sheet = b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    parts = parts_of(small[EXCEL]) | {"xl/worksheets/sheet1.xml": sheet}
    assert "rows" in refused(read, EXCEL, zipped(parts))


def test_a_sheet_that_is_not_utf_8_is_refused(read, small):
    parts = parts_of(small[EXCEL])
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].decode().encode("utf-16")
    assert "UTF-8" in refused(read, EXCEL, zipped(parts))


def test_entities_in_a_workbook_are_not_expanded(read, small):
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(8))
        + b']><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&i;</t></si></sst>'
    )
    parts = parts_of(small[EXCEL]) | {"xl/sharedStrings.xml": bomb}
    assert refused(read, EXCEL, zipped(parts))


def test_pivot_caches_and_properties_are_never_inflated(small, tmp_path):
    """A part that is not needed may be anything: it is left behind, not read."""
    parts = parts_of(small[EXCEL])
    broken = zipped(
        parts | {"xl/pivotCache/pivotCacheRecords1.xml": b"y" * 50_000_000, "docProps/core.xml": b"<not xml"}
    )
    (tmp_path / "a.xlsx").write_bytes(broken)
    (tmp_path / "b.xlsx").write_bytes(small[EXCEL])
    assert workbook.open_workbook(tmp_path / "a.xlsx").sheets == workbook.open_workbook(tmp_path / "b.xlsx").sheets


def test_formulas_in_skolenkaten_are_told(read, small):
    parts = parts_of(small[EXCEL])
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"<v>70</v>", b"<f>35*2</f><v>70</v>", 1)
    found = read(EXCEL, zipped(parts | {"xl/worksheets/sheet1.xml": sheet}))
    assert [(f.rule, f.times) for f in found.findings] == [("workbook.formulas", 1)]


def test_swapped_columns_in_skolenkaten_are_an_error(read, small):
    parts = parts_of(small[EXCEL])
    strings = parts["xl/sharedStrings.xml"]
    swapped = (
        strings.replace(b"Skolenhetskod", b"@").replace(b"Skolenhet<", b"Skolenhetskod<").replace(b"@", b"Skolenhet")
    )
    assert refused(read, EXCEL, zipped(parts | {"xl/sharedStrings.xml": swapped}))


def test_a_parquet_of_other_columns_or_types_is_refused(read):
    for columns in (
        {"a": [1]},
        {"kpi": [1.5], "municipality_id": [[1]], "year": ["x"], "gender": [1], "status": [None], "value": ["y"]},
    ):
        content = BytesIO()
        pq.write_table(pa.table(columns), content)
        assert refused(read, "KOLADA_values.parquet", content.getvalue())


def test_a_bomb_of_a_parquet_is_refused(read, monkeypatch, small):
    monkeypatch.setattr("likvard.records.readers.kolada_parquet.MAX_INFLATED", 10)
    assert "inflate" in refused(read, "KOLADA_values.parquet", small["KOLADA_values.parquet"])


def test_a_json_deeper_than_any_is_refused(read):
    assert refused(read, "kommuner.geojson", b"[" * 200_000)
    assert refused(read, "v4.json", b'{"valueType":' * 100_000)


def test_a_number_that_no_number_can_hold_is_refused(read, small):
    huge = small["kolada.json"].replace(b"84.02", b"9" * 400)
    assert refused(read, "kolada.json", huge)
    assert refused(read, "kolada.json", small["kolada.json"].replace(b"84.02", b"NaN"))
    assert refused(read, "v4_gr_statistics_long.csv", small["v4_gr_statistics_long.csv"].replace(b"205,1", b"9" * 400))


def test_letters_encoded_twice_are_an_error(read, small):
    twice = small[NAMED[0]].decode("utf-8-sig").encode().decode("latin-1").encode()
    assert "text.encoded_twice" in refused(
        read, NAMED[0], b"\xef\xbb\xbf" + twice.replace("Ã¥".encode(), "Ã¥".encode())
    )


def test_a_file_that_is_not_there_is_left_and_a_folder_too(tmp_path):
    assert recognise(tmp_path / "none.csv") is None
    assert recognise(tmp_path) is None
    for reader in READERS:
        with pytest.raises(InputError):
            reader.read(tmp_path / "none.csv", None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ss12000/person.schema.json", "specification"),
        ("statistics/Exam.csv", "teaching"),
        ("README.md", "Text"),
        ("likvard-forklaring.csv", "Text"),
        ("rapport.pdf", "document"),
        ("allt.zip", "archive"),
        ("gammal.xls", "older"),
        ("makro.xlsm", "macros"),
        ("annat.xlsx", "template"),
        ("annat.csv", "table"),
        ("annat.parquet", "Kolada"),
        ("annat.json", "JSON"),
        ("bild.png", "picture"),
        ("annat.bin", "No reader"),
    ],
)
def test_what_is_left_is_said_why(name, words, tmp_path):
    assert words in why_left(tmp_path / name).en
    assert why_left(tmp_path / name).sv != why_left(tmp_path / name).en
