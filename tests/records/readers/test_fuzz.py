"""Whatever the bytes are, a reader gives a reading of the declared types, or an `InputError`: nothing else."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from likvard.records.readers import READERS
from likvard.records.reading import Finding, ReadContext, Reader
from likvard.records.schema import LINE, TABLES
from likvard.terms import InputError

FUZZ = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
CONTEXT = ReadContext(bytes(32))

# What real damage looks like: symbols, other delimiters, digits lost, quotes, control signs, deep and empty values.
TOKENS = st.sampled_from(
    [
        b";",
        b",",
        b'"',
        b"\n",
        b"\r\n",
        b"\t",
        b"\x00",
        b"",
        b"..",
        b"~100",
        b"-",
        b"*",
        b"cirka ",
        b"0",
        b"99",
        b"2099",
        b"9" * 30,
        b"1e9",
        b"NaN",
        b"null",
        b"true",
        b"[]",
        b"{}",
        b"[",
        b"}",
        b"=1+1",
        b"-1",
        b"\xff",
        b"\xc3",
        "å".encode(),
        b"Skola;",
        b" ",
        b"10000001",
        b"0127",
        b"2023/24",
        b"A",
        b"TF10",
        b"\xef\xbb\xbf",
        b"\\u0000",
        b'"value"',
        b"1/0",
        b"0x1F",
        "\u2028".encode(),
    ]
)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), TOKENS), min_size=1, max_size=6)


def mutated(content: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """The content with, at each place, some bytes replaced by a token."""
    for place, length, token in edits:
        at = int(place * len(content))
        content = content[:at] + token + content[at + length :]
    return content


def check(reader: Reader, path: Path, content: bytes) -> None:
    """Read, and fail on anything but an `InputError` or a reading of the declared types."""
    path.write_bytes(content)
    reader.recognises(path, content[:65_536])
    try:
        reading = reader.read(path, CONTEXT)
    except InputError as problem:
        assert problem.message  # noqa: PT017
        return
    assert all(isinstance(finding, Finding) and finding.times >= 1 for finding in reading.findings)
    for name, table in reading.tables.items():
        declared = table.drop_columns([LINE]) if LINE in table.column_names else table
        assert declared.schema == TABLES[name].arrow
        table.validate(full=True)
        assert all(table[c.name].null_count == 0 for c in TABLES[name].columns if not c.nullable)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.mark.parametrize("name", ["Grundskolan - Antal elever per årskurs 2023 Skolenhet.csv", "merit_per_school_2014_2025.csv",
    "v4_gr_statistics_long.csv", "v4.json", "survey.json", "kolada.json", "KOLADA_values.parquet", "kommuner.geojson",
    "excelrapport-elever-grundskola-ak-8-2022.xlsx", "slutbetyg.txt", "likvard-matters.csv"])  # fmt: skip
def test_a_damaged_file_is_read_or_refused(name, small, place):
    path = place / name
    path.write_bytes(small[name])
    reader = next(r for r in READERS if r.recognises(path, small[name]))

    @FUZZ
    @given(EDITS)
    def holds(edits: list[tuple[float, int, bytes]]) -> None:
        check(reader, path, mutated(small[name], edits))

    holds()


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_random_bytes_are_read_or_refused(reader, place):
    endings = {"skolenkaten": ".xlsx", "kolada-parquet": ".parquet", "municipality-shapes": ".geojson"}
    path = place / f"x{endings.get(reader.name, '.csv')}"

    @FUZZ
    @given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
    def holds(content: bytes) -> None:
        check(reader, path, content)

    holds()


def test_a_workbook_with_damaged_sheets_is_read_or_refused(small, place):
    """The parts inside the zip are damaged, so that the damage reaches the parser of worksheets."""
    name = "excelrapport-elever-grundskola-ak-8-2022.xlsx"
    reader = next(r for r in READERS if r.name == "skolenkaten")
    with zipfile.ZipFile(BytesIO(small[name])) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}

    @FUZZ
    @given(st.sampled_from([p for p in parts if p.startswith("xl/") and p.endswith(".xml")]), EDITS)
    def holds(part: str, edits: list[tuple[float, int, bytes]]) -> None:
        content = BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for own, inside in parts.items():
                archive.writestr(own, mutated(inside, edits) if own == part else inside)
        check(reader, place / name, content.getvalue())

    holds()


def test_every_template_with_damaged_cells_is_read_or_refused(place, templates_filled):
    reader = next(r for r in READERS if r.name == "organiser")

    @FUZZ
    @given(st.sampled_from(sorted(templates_filled)), EDITS)
    def holds(key: str, edits: list[tuple[float, int, bytes]]) -> None:
        check(reader, place / f"likvard-{key}.csv", mutated(templates_filled[key], edits))

    holds()
