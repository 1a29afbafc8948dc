"""Two synthetic countries that the tests share: a small one with every table, and one wide enough for moments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pytest

from likvard import simulate
from likvard.records.reading import Reading
from likvard.simulate.settings import Settings

SMALL = Settings(seed=8, municipalities=3, first_year=2016, years=4)
WIDE = Settings(seed=5, municipalities=45, first_year=2021, years=1)


@dataclass(frozen=True)
class Country:
    """A simulated country as DuckDB sees it, with the readings and the settings that it came from."""

    settings: Settings
    readings: tuple[Reading, ...]
    con: duckdb.DuckDBPyConnection

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        return self.con.sql(sql).fetchall()

    def number(self, sql: str) -> float:
        return float(self.ask(sql)[0][0])


def merged(readings: Iterable[Reading]) -> Mapping[str, pa.Table]:
    parts: dict[str, list[pa.Table]] = {}
    for reading in readings:
        for name, rows in reading.tables.items():
            parts.setdefault(name, []).append(rows)
    return {name: pa.concat_tables(tables) for name, tables in parts.items()}


def country_of(settings: Settings) -> Country:
    readings = tuple(simulate.readings(settings))
    con = duckdb.connect()
    for name, rows in merged(readings).items():
        con.register(name, rows)
    return Country(settings, readings, con)


@pytest.fixture(scope="session")
def country() -> Country:
    """Three municipalities through four school years."""
    return country_of(SMALL)


@pytest.fixture(scope="session")
def wide() -> Country:
    """Forty-five municipalities in one school year, with what each leaver of year 9 got in the view `leaver`."""
    found = country_of(WIDE)
    found.con.execute(LEAVERS)
    found.con.register("true_units", simulate.truth(WIDE).units)
    return found


LEAVERS = """
    create view leaver as
    select g.pupil_id, g.unit_code, g.school_year, u.organiser_kind,
        list_sum(list_slice(list_reverse_sort(
            list(g.points) filter (where g.points is not null and subject <> 'M1')), 1, 16))
            + coalesce(max(g.points) filter (where subject = 'M1'), 0) as merit,
        bool_and(coalesce(g.points, 0) >= 10) filter (where g.status in ('', 'no_basis')) as every_subject,
        any_value(sex) = 'girl' as girl, any_value(parents_education) as education,
        any_value(foreign_background) as abroad, any_value(years_in_sweden) as here
    from grade g join pupil p using (pupil_id, school_year)
    join unit u on u.unit_code = g.unit_code and u.school_year = g.school_year and u.school_form = 'GR'
        and u.status = 'active'
    where g.kind = 'final' and g.grade_year = 9 and g.school_form = 'GR'
    group by g.pupil_id, g.unit_code, g.school_year, u.organiser_kind
    having count(*) filter (where points >= 10) > 0
"""
