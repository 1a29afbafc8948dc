"""What the report asks of published statistics."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from likvard.records.lake import Lake
from likvard.records.questions import published
from likvard.records.reading import Reading
from likvard.records.schema import TABLES

DAY = datetime(2026, 11, 21, tzinfo=UTC)


def _figure(
    measure: str, value: float | None, status: str = "", unit: str = "99000001", year: int = 2023
) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(TABLES["statistic"].arrow.names)
    return row | {
        "measure": measure, "level": "unit", "area_code": unit, "school_form": "GR", "group": "all",
        "period_kind": "school_year", "year": year, "value": value, "status": status,
    }  # fmt: skip


def _lake(path: Path, **sources: list[dict[str, object]]) -> duckdb.DuckDBPyConnection:
    lake = Lake.open(path, create=True)
    for source, rows in sources.items():
        table = pa.Table.from_pylist(rows, schema=TABLES["statistic"].arrow)
        name = source.replace("_", "-")
        lake.deliver(Reading(name, "", "2024", "file", "test", f"{name:0<64}", {"statistic": table}), at=DAY)
    return lake.connect()


def test_what_one_source_hides_stays_hidden_though_another_shows_it(tmp_path: Path) -> None:
    con = _lake(
        tmp_path,
        skolverket_siris=[_figure("merit_value", 212.0)],
        skolverket_v4=[_figure("merit_value", None, "few")],
    )
    found = published.statistics(con, ["merit_value"], level="unit")
    assert found["status"].tolist() == ["few"]


def test_between_sources_that_agree_the_nearest_the_authority_is_named(tmp_path: Path) -> None:
    con = _lake(
        tmp_path,
        skolverket_merit_series=[_figure("merit_value", 212.0)],
        skolverket_siris=[_figure("merit_value", 212.0)],
    )
    assert published.statistics(con, ["merit_value"], level="unit")["source"].tolist() == ["skolverket-siris"]


def test_a_figure_missing_in_one_source_is_taken_from_another(tmp_path: Path) -> None:
    con = _lake(
        tmp_path,
        skolverket_siris=[_figure("merit_value", None, "unavailable")],
        skolverket_v4=[_figure("merit_value", 212.0)],
    )
    assert published.statistics(con, ["merit_value"], level="unit")["value"].tolist() == [212.0]


def test_a_result_stands_beside_its_size_and_intake(tmp_path: Path) -> None:
    con = _lake(
        tmp_path,
        skolverket_siris=[
            _figure("merit_value", 212.0),
            _figure("pupils_year_9", 48.0),
            _figure("share_parents_tertiary", None, "few"),
        ],
    )
    found = published.unit_years(con, ["merit_value"], ["pupils_year_9"], ["share_parents_tertiary"])
    assert found["pupils_year_9"].tolist() == [48.0]
    assert found["share_parents_tertiary_status"].tolist() == ["few"]


def test_an_intake_that_nobody_published_says_so(tmp_path: Path) -> None:
    con = _lake(tmp_path, skolverket_siris=[_figure("merit_value", 212.0), _figure("pupils_year_9", 48.0)])
    found = published.unit_years(con, ["merit_value"], ["pupils_year_9"], ["share_girls"])
    assert found["share_girls_status"].tolist() == ["not_collected"]


def test_a_measure_that_is_no_plain_id_is_refused(tmp_path: Path) -> None:
    con = _lake(tmp_path, skolverket_siris=[_figure("merit_value", 212.0)])
    with pytest.raises(ValueError, match="no id of a measure"):
        published.unit_years(con, ["merit_value"], ["x'; drop table statistic"], [])
