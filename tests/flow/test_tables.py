"""The same rows as CSV, JSON and Parquet."""

from __future__ import annotations

import csv
import json
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.flow import tables
from likvard.flow.tables import Column, Kind, Table, TablesError, write
from likvard.terms import Words

SAID = Words("Vad det är", "What it is")
TABLE = Table(
    "prov", SAID, SAID, (
        Column("name", Kind.TEXT, SAID), Column("points", Kind.WHOLE, SAID), Column("public", Kind.YES_NO, SAID),
        Column("day", Kind.DAY, SAID), Column("at", Kind.MOMENT, SAID), Column("tags", Kind.TEXTS, SAID),
    ),
)  # fmt: skip
ABOUT = {"licence": "CC0-1.0"}
FULL = ("Björkö; skola\n2", 3, True, date(2026, 2, 28), datetime(2026, 2, 28, 9, 30, tzinfo=UTC), ("a", "b"))
EMPTY = (None,) * 6

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
rows = st.tuples(
    texts | st.none(), st.integers(-(2**63), 2**63 - 1) | st.none(), st.booleans() | st.none(), st.dates() | st.none(),
    st.just(FULL[4]) | st.none(), st.lists(texts.filter(lambda t: "|" not in t), max_size=3).map(tuple) | st.none(),
)  # fmt: skip


def test_each_form_holds_the_same(tmp_path):
    assert write(tmp_path, TABLE, [FULL, EMPTY], ABOUT) == 2
    found = json.loads((tmp_path / "prov.json").read_text("utf-8"))
    parquet = pq.read_table(tmp_path / "prov.parquet").to_pylist()
    assert found["licence"] == "CC0-1.0"
    assert [column["name"] for column in found["columns"]] == [c.name for c in TABLE.columns] == list(parquet[0])
    assert found["rows"][0]["tags"] == parquet[0]["tags"] == ["a", "b"]
    assert (found["rows"][0]["day"], found["rows"][0]["at"]) == ("2026-02-28", "2026-02-28T09:30:00+00:00")
    assert set(found["rows"][1].values()) == set(parquet[1].values()) == {None}


def test_a_file_for_excel_begins_with_a_byte_order_mark_and_quotes_what_must_be_quoted(tmp_path):
    write(tmp_path, TABLE, [FULL], ABOUT)
    raw = (tmp_path / "prov.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfname,points,public,day,at,tags\r\n")
    with (tmp_path / "prov.csv").open(encoding="utf-8-sig", newline="") as file:
        [_head, row] = csv.reader(file)
    assert row == ["Björkö; skola\n2", "3", "true", "2026-02-28", "2026-02-28T09:30:00+00:00", "a|b"]


@pytest.mark.parametrize("text", ["=1+1", "+46", "-", "@sum"])
def test_no_text_is_a_formula(tmp_path, text):
    write(tmp_path, TABLE, [(text, *EMPTY[1:])], ABOUT)
    assert f"\r\n'{text}," in (tmp_path / "prov.csv").read_text("utf-8-sig").replace("\n", "\r\n").replace("\r\r", "\r")


def test_a_row_of_another_length_is_refused(tmp_path):
    with pytest.raises(TablesError, match="has 2 values"):
        write(tmp_path, TABLE, [("a", 1)], ABOUT)


def test_a_table_without_rows_is_a_table(tmp_path):
    assert write(tmp_path, TABLE, [], ABOUT) == 0
    assert json.loads((tmp_path / "prov.json").read_text("utf-8"))["rows"] == []
    assert pq.read_table(tmp_path / "prov.parquet").num_rows == 0


def test_what_a_column_means_travels_with_the_file(tmp_path):
    write(tmp_path, TABLE, [FULL], ABOUT)
    schema = pq.read_schema(tmp_path / "prov.parquet")
    assert schema.metadata[b"licence"] == b"CC0-1.0"
    assert schema.field("day").metadata[b"sv"] == "Vad det är".encode()


@given(st.lists(rows, max_size=7))
@settings(max_examples=40, deadline=None)
def test_json_and_parquet_agree_whatever_the_rows_are_and_however_they_are_grouped(some):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "GROUP", 3)
        assert write(Path(folder), TABLE, some, ABOUT) == len(some)
        read = json.loads((Path(folder) / "prov.json").read_text("utf-8"))["rows"]
        parquet = pq.read_table(Path(folder) / "prov.parquet").to_pylist()
    plain = [{k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()} for row in parquet]
    assert plain == read
