"""The one way in which an answer leaves the lake: named columns of equal length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import numpy.typing as npt

Columns = dict[str, npt.NDArray[Any]]


def ask(con: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, object] | None = None) -> Columns:
    """Run `sql` and return its columns: numbers as float64 or int64 with NaN for null, text as object with None."""
    table = con.sql(sql, params=dict(parameters or {})).to_arrow_table()
    return {name: column.to_numpy() for name, column in zip(table.column_names, table.columns, strict=True)}
