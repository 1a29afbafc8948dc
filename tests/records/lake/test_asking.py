"""Questions to a lake: typed views, safe paths, private folders."""

from __future__ import annotations

import threading

import duckdb
import pytest

from likvard.records.lake import Lake
from likvard.records.schema import TABLES


def test_every_declared_table_has_a_view_even_in_an_empty_lake(lake):
    with lake.connect() as con:
        for name, table in TABLES.items():
            columns = dict.fromkeys([*table.arrow.names, "delivery", "source"])
            assert con.sql(f'from "{name}"').columns == list(columns)
            assert con.sql(f'from "{name}"').fetchall() == []


def test_types_are_the_same_with_and_without_deliveries(lake, merit, at):
    empty = lake.connect().sql("from statistic").types
    lake.deliver(merit(210), at=at)
    assert lake.connect().sql("from statistic").types == empty


def test_rows_name_their_delivery_and_source(lake, merit, at):
    lake.deliver(merit(210), at=at)
    lake.deliver(merit(220, source="Kolada"), at=at)
    rows = lake.connect().sql("select delivery, source from statistic order by 1").fetchall()
    assert rows == [("0001-skolverket", "Skolverket"), ("0002-kolada", "Kolada")]


def test_the_list_of_deliveries_can_be_asked_in_sql(lake, merit, at):
    lake.deliver(merit(210, synthetic=True), at=at)
    rows = lake.connect().sql("select id, scope, synthetic, delivered_at, rows from delivery").fetchall()
    assert rows == [("0001-skolverket", "merit 2023", True, at.replace(tzinfo=None), 1)]


def test_a_connection_keeps_seeing_what_it_saw(lake, merit, at):
    lake.deliver(merit(210), at=at)
    with lake.connect() as con:
        lake.deliver(merit(220), at=at)
        assert con.sql("select value from statistic").fetchall() == [(210,)]


@pytest.mark.parametrize("name", ["å ä ö", "it's", 'say "hi"', "a*b", "a?b", "[ab]", "100%;--"])
def test_a_lake_may_lie_in_any_folder(tmp_path, merit, at, values, name):
    decoy = Lake.open(tmp_path / "axb", create=True)
    decoy.deliver(merit(100), at=at)
    lake = Lake.open(tmp_path / name, create=True)
    lake.deliver(merit(210), at=at)
    assert values(lake) == [210]


def test_a_connection_reads_no_file_outside_the_lake(lake, tmp_path):
    (tmp_path / "other.csv").write_text("a\n1\n")
    with lake.connect() as con, pytest.raises(duckdb.PermissionException):
        con.sql(f"from read_csv('{tmp_path / 'other.csv'}')")


def test_cursors_answer_in_threads(lake, merit, at):
    lake.deliver(merit(*range(100, 300)), at=at)
    con, sums = lake.connect(threads=2), []

    def ask(cursor: duckdb.DuckDBPyConnection) -> None:
        sums.append(cursor.execute("select sum(value) from statistic").fetchone())

    threads = [threading.Thread(target=ask, args=(con.cursor(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sums == [(sum(range(100, 300)),)] * 4


def test_rows_lie_in_the_declared_order(lake, merit, at):
    lake.deliver(merit(210, 220, 230, first=30000001), at=at)
    reading = merit(210, 220, 230)
    shuffled = reading.tables["statistic"].take([2, 0, 1])
    delivery = lake.deliver(merit(tables={"statistic": shuffled}, scope="merit 2022"), at=at)
    path = lake.root / "deliveries" / delivery.id / "statistic.parquet"
    assert [row[0] for row in duckdb.sql(f"select value from '{path}'").fetchall()] == [210, 220, 230]


def test_an_older_file_without_a_newer_column_reads_as_empty(lake, merit, at):
    delivery = lake.deliver(merit(210), at=at)
    path = lake.root / "deliveries" / delivery.id / "statistic.parquet"
    older = path.with_suffix(".older")
    duckdb.sql(f"copy (select * exclude (n) from '{path}') to '{older}' (format parquet)")
    catalogue = lake.root / "catalogue.json"
    size = f'"bytes": {path.stat().st_size}'
    older.replace(path)
    catalogue.write_text(catalogue.read_text().replace(size, f'"bytes": {path.stat().st_size}'))
    assert lake.connect().sql("select value, n from statistic").fetchall() == [(210, None)]


def test_pupils_lie_where_only_their_owner_reads(lake, pupils, at):
    delivery = lake.deliver(pupils("a1", "b2"), at=at)
    folder = lake.root / "deliveries" / delivery.id
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {p.stat().st_mode & 0o777 for p in folder.iterdir()} == {0o600}


def test_open_statistics_need_not_be_hidden(lake, merit, at):
    delivery = lake.deliver(merit(210), at=at)
    assert (lake.root / "deliveries" / delivery.id).stat().st_mode & 0o700 == 0o700
    assert (lake.root / "staging").stat().st_mode & 0o777 == 0o700
