"""The one way in which an answer leaves the lake: named columns of equal length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

Columns = dict[str, npt.NDArray[Any]]


def ask(con: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, object] | None = None) -> Columns:
    """Run `sql` and return its columns: numbers, as floats with NaN where any is null; text as objects with None."""
    found = con.execute(sql, dict(parameters or {})).fetchnumpy()
    return {name: _plain(np.ma.asarray(column)) for name, column in found.items()}


def _plain(column: np.ma.MaskedArray[Any, Any]) -> npt.NDArray[Any]:
    missing = np.ma.getmaskarray(column)
    if not missing.any():
        return np.asarray(column.data)
    plain = np.asarray(column.data).astype(object if column.dtype == object else np.float64)
    plain[missing] = None if column.dtype == object else np.nan
    return plain
