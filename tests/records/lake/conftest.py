"""A lake in a folder of its own, and readings to deliver to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from likvard.records.lake import Lake
from likvard.records.reading import Reading
from likvard.records.schema import TABLES

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture
def at() -> datetime:
    return NOON


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.open(tmp_path / "lake", create=True)


@pytest.fixture(scope="session")
def merit() -> Callable[..., Reading]:
    """Make a reading of merit values: one unit each, from the first code on."""

    def make(*values: float, first: int = 10000001, **changes: Any) -> Reading:
        units = [f"{first + i}" for i in range(len(values))]
        n = len(values)
        table = pa.table(
            {
                "measure": ["merit_value"] * n,
                "level": ["unit"] * n,
                "area_code": units,
                "school_form": ["GR"] * n,
                "group": ["all"] * n,
                "period_kind": ["school_year"] * n,
                "year": pa.array([2023] * n, pa.int16()),
                "value": pa.array(values, pa.float64()),
                "low": pa.nulls(n, pa.float64()),
                "high": pa.nulls(n, pa.float64()),
                "status": [""] * n,
                "raw": [str(v) for v in values],
                "n": pa.nulls(n, pa.int32()),
            },
            schema=TABLES["statistic"].arrow,
        )
        fields = {"source": "Skolverket", "scope": "merit 2023", "vintage": "2024-09", "file": "merit.csv"}
        fields |= {
            "reader": "siris",
            "sha256": sha256(repr(values).encode()).hexdigest(),
            "tables": {"statistic": table},
        }
        return Reading(**(fields | changes))

    return make


@pytest.fixture(scope="session")
def pupils() -> Callable[..., Reading]:
    """Make a reading of pupils, who are personal data."""

    def make(*names: str, **changes: Any) -> Reading:
        n = len(names)
        columns = {field.name: pa.nulls(n, field.type) for field in TABLES["pupil"].arrow}
        columns |= {"pupil_id": pa.array(names), "school_year": pa.array([2023] * n, pa.int16())}
        table = pa.table(columns | {"protected": pa.array([False] * n)}, schema=TABLES["pupil"].arrow)
        fields = {"source": "Ekvik", "scope": "pupils", "vintage": "2024", "file": "pupils.csv", "reader": "template"}
        fields |= {"sha256": sha256(repr(names).encode()).hexdigest(), "tables": {"pupil": table}}
        return Reading(**(fields | changes))

    return make


@pytest.fixture
def values() -> Callable[[Lake], list[float]]:
    """The merit values that a question to the lake sees, in order."""

    def ask(lake: Lake) -> list[float]:
        with lake.connect(threads=1) as con:
            return [row[0] for row in con.sql("select value from statistic order by value").fetchall()]

    return ask
