"""Parquet files of the lake: how they are written, and the views that read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from likvard.records.schema import Table

ROW_GROUP = 131_072
ORIGIN = (pa.field("delivery", pa.string(), False), pa.field("source", pa.string(), False))

_SQL_TYPES = {
    pa.string(): "varchar",
    pa.int8(): "tinyint",
    pa.int16(): "smallint",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.bool_(): "boolean",
}


def name(word: str) -> str:
    """An SQL identifier in quotes."""
    return '"' + word.replace('"', '""') + '"'


def text(word: str) -> str:
    """An SQL text in quotes."""
    return "'" + word.replace("'", "''") + "'"


def sql_type(of: pa.DataType) -> str:
    """The SQL type of a declared column."""
    if pa.types.is_list(of):
        return sql_type(of.value_type) + "[]"
    return _SQL_TYPES[of]


def origin(declared: Table) -> list[pa.Field]:
    """The columns that tell where a row came from; a table with a `source` of its own keeps that one."""
    return [field for field in ORIGIN if field.name not in declared.arrow.names]


def write(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    declared: Table,
    rows: pa.Table,
    origin_of_rows: tuple[str, str],
    wrote: Callable[[int], None],
) -> None:
    """Write rows in the table's order, each with its delivery and source, and tell after each group how many it was.

    The two constant columns cost a few bytes per row group and let one file list serve a whole view. Rows pass
    through in groups, so that memory holds the sort and one group, not a second table.
    """
    schema = pa.schema([*declared.arrow, *origin(declared)])
    incoming = rows.select(declared.arrow.names).cast(declared.arrow)
    con.register("incoming", incoming)
    where_from = [f"{text(word)} as {field.name}" for field, word in zip(ORIGIN, origin_of_rows, strict=True)]
    query = (
        f"select {', '.join(['*', *where_from[: len(origin(declared))]])} from incoming {_order(declared, incoming)}"
    )
    with path.open("xb") as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in con.sql(query).to_arrow_reader(ROW_GROUP):
            writer.write_table(pa.Table.from_batches([batch]).cast(schema), row_group_size=ROW_GROUP)
            wrote(batch.num_rows)
    con.unregister("incoming")


def _order(declared: Table, rows: pa.Table) -> str:
    """The order of rows: the declared one, and the key to break every tie, so that the same rows give the same bytes.

    Columns that are the same in every row are left out, which takes a quarter off the sorting of a year's grades.
    """
    names = [name(column) for column in dict.fromkeys((*declared.order, *declared.key)) if _varies(rows[column])]
    return f"order by {', '.join(names)}" if names else ""


def _varies(column: pa.ChunkedArray) -> bool:
    least_and_most = pc.min_max(column)
    return 0 < column.null_count < len(column) or not least_and_most["min"].equals(least_and_most["max"])


def create_view(con: duckdb.DuckDBPyConnection, declared: Table, paths: Sequence[Path]) -> None:
    """Create the view of a declared table over its files: typed also without any, or with files of fewer columns."""
    columns = {c.name: sql_type(c.type) for c in declared.columns}
    columns |= {field.name: sql_type(field.type) for field in origin(declared)}
    query = (
        f"select {', '.join(f'cast(null as {type}) as {name(column)}' for column, type in columns.items())} where false"
    )
    if paths:
        files = ", ".join(text(literal(path)) for path in paths)
        query += f" union all by name select * from read_parquet([{files}], union_by_name = true)"
    con.execute(f"create view {name(declared.name)} as select {', '.join(map(name, columns))} from ({query})")


def confine(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Let the connection read files below `folder` only. DuckDB compares the pattern as well as what it matches."""
    allowed = ", ".join(text(f"{spelt}/") for spelt in (str(folder), literal(folder)))
    con.execute(f"set allowed_directories = [{allowed}]")
    con.execute("set enable_external_access = false")


def literal(path: Path) -> str:
    """A path that DuckDB does not take for a pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
