"""Filling the declared tables: columns in, an Arrow table of exactly the declared schema out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from likvard.records.readers.symbols import Parsed
from likvard.records.schema import LINE, TABLES

Cells: TypeAlias = Any  # an Arrow array, a sequence as long as the table, one value for all rows, or None

MAX_WHOLE = 2_000_000_000  # the declared counts are 32 bits wide


def fill(name: str, rows: int, columns: Mapping[str, Cells]) -> pa.Table:
    """The declared table `name` with `rows` rows. A single value is repeated; a column left out is empty.

    The result has the declared schema, order and types, and the lines of the file where `_line` gives them.
    """
    schema = TABLES[name].arrow
    if LINE in columns:
        schema = schema.append(pa.field(LINE, pa.int32()))
    unknown = set(columns) - set(schema.names)
    if unknown:
        raise KeyError(f"{name} has no column {', '.join(sorted(unknown))}")
    return pa.table([_column(columns.get(field.name), field.type, rows) for field in schema], schema=schema)


def _column(cells: Cells, type: pa.DataType, rows: int) -> pa.Array | pa.ChunkedArray:
    if isinstance(cells, pa.Array | pa.ChunkedArray):
        return cells if cells.type == type else cells.cast(type)
    if cells is None:
        return pa.nulls(rows, type)
    if isinstance(cells, str | int | float | bool):
        return pa.repeat(pa.scalar(cells, type), rows)
    return pa.array(cells, type)


def join(name: str, parts: Sequence[pa.Table]) -> pa.Table:
    """The parts one after the other; the empty declared table if there are none."""
    filled = [part for part in parts if part.num_rows]
    if not filled:
        return TABLES[name].arrow.empty_table()
    return pa.concat_tables(filled).combine_chunks()


def statistic(measure: str, parsed: Parsed, **rest: Cells) -> pa.Table:
    """Rows of `statistic` for one measure; `rest` gives level, area_code, school_form, group, period and n."""
    columns: dict[str, Cells] = {
        "measure": measure,
        "value": parsed.value,
        "low": parsed.low,
        "high": parsed.high,
        "status": parsed.status,
        "raw": parsed.raw,
    }
    return fill("statistic", len(parsed.status), columns | rest)


def whole(values: np.ndarray[Any, Any]) -> pa.Array:
    """Counts as whole numbers; empty where they are nan, not whole or out of range."""
    good = np.isfinite(values) & (np.abs(values) < MAX_WHOLE)
    good &= np.where(good, values, 0.5) == np.floor(np.where(good, values, 0.0))
    return pa.array(np.where(good, values, 0).astype(np.int32), pa.int32(), mask=~good)


def replace(table: pa.Table, column: str, value: str) -> pa.Table:
    """The table with one text in every row of a column."""
    at = table.schema.get_field_index(column)
    return table.set_column(at, table.schema.field(at), pa.repeat(pa.scalar(value), table.num_rows))


def first_rows(table: pa.Table, key: Sequence[str]) -> pa.Table:
    """The table with only the first row of each key, in the order of the table."""
    order = pa.array(np.arange(table.num_rows))
    grouped = table.select(list(key)).append_column("_row", order).group_by(list(key), use_threads=False)
    return table.take(pa.array(np.sort(grouped.aggregate([("_row", "min")]).column("_row_min").to_numpy())))


def repeats(table: pa.Table, key: Sequence[str]) -> list[int]:
    """Positions of the rows whose key has stood in an earlier row."""
    order = pa.array(np.arange(table.num_rows))
    grouped = table.select(list(key)).append_column("_row", order).group_by(list(key), use_threads=False)
    again = np.ones(table.num_rows, dtype=bool)
    again[grouped.aggregate([("_row", "min")]).column("_row_min").to_numpy()] = False
    return [int(row) for row in np.flatnonzero(again)]
