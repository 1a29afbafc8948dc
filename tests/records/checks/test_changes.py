"""What has changed since the delivery that a reading replaces is told, and stops nothing."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest

from likvard.records.checks import compare
from likvard.records.reading import Severity


@pytest.fixture
def changed(rows, tmp_path):
    """The findings when a table of former values is followed by one of new values."""

    def run(former, new, measure="merit_value"):
        def table(values, measure):
            return rows(
                "statistic",
                *(
                    {"area_code": f"{10_000_000 + i}", "value": float(v), "measure": measure}
                    for i, v in enumerate(values)
                ),
            )

        path = tmp_path / "statistic.parquet"
        pq.write_table(table(former, "merit_value"), path)
        found = compare({"statistic": table(new, measure)}, {"statistic": path})
        assert all(f.severity is Severity.WARNING for f in found)
        return [f.rule for f in found]

    return run


def test_the_same_rows_pass(changed):
    assert changed(range(200, 300), range(200, 300)) == []


def test_half_the_rows_are_told(changed):
    assert changed(range(200, 300), range(200, 250)) == ["rows-changed"]


def test_few_rows_may_come_and_go(changed):
    assert changed(range(200, 210), range(200, 202)) == []


def test_a_measure_that_is_gone_is_told(changed):
    assert changed(range(200, 300), range(200, 300), "pupils") == ["measure-gone"]


def test_many_moved_numbers_are_told(changed):
    assert changed(range(200, 300), range(300, 400)) == ["values-changed"]


def test_a_few_moved_numbers_are_not(changed):
    assert changed(range(200, 300), [*range(200, 295), 1, 1, 1, 1, 1]) == []


def test_a_former_file_that_is_gone_is_passed_over(rows, tmp_path):
    assert compare({"statistic": rows("statistic")}, {"statistic": tmp_path / "gone.parquet"}) == ()
