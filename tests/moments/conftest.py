"""A small table of pupils with whole numbers, and its sums done by hand."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import numpy as np
import pyarrow as pa
import pytest


@pytest.fixture
def pupils() -> pa.Table:
    """Pupils in schools of organisers, with flags, a factor, whole numbers, and missing values."""
    random = np.random.default_rng(7)
    size = 400
    school = random.integers(0, 20, size)
    points = random.integers(0, 41, size).astype(float)
    return pa.table(
        {
            "organiser": [f"o{s // 4}" for s in school],
            "school": school,
            "girl": random.integers(0, 2, size).astype(bool),
            "form": np.array(["GR", "GY", 'O\'Neil "x"'])[random.integers(0, 3, size)],
            "income": pa.array(random.integers(0, 900, size), mask=random.random(size) < 0.05),
            "points": pa.array(points, mask=random.random(size) < 0.1),
            "weight": random.integers(1, 4, size),
        }
    )


@pytest.fixture
def connect() -> Callable[..., duckdb.DuckDBPyConnection]:
    """Open a connection with a table registered as `pupils`."""

    def make(table: pa.Table, threads: int = 2) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect(config={"threads": threads})
        con.register("pupils", table)
        return con

    return make
