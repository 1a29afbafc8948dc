"""The same models from the lake as it lies: final grades in long form, joined with pupils, enrolments and units.

Ten years of about 115,000 leavers of year 9 with 17 subjects, in the declared tables of `records/schema.py`. Two ways
to the moments: the product's own pivot to one row per pupil and then all subjects at once, or straight from the long
form by subject. What each step costs is printed beside the fits.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.national import MUNICIPALITIES
from benchmarks.processes import WORK, run_apart
from rich.console import Console
from rich.table import Table

from likvard.models.multilevel import Effect, Model, fit
from likvard.moments.columns import ONE, Number, flag, identifier, number
from likvard.moments.gather import gather_each
from likvard.moments.moments import Moments
from likvard.moments.outcomes import gather_outcomes
from likvard.records.questions import pupils as question
from likvard.records.schema import TABLES

LEAVERS, UNITS, YEARS, FIRST = 115_000, 1_600, 10, 2014
SUBJECTS = ("Bi", "Bl", "En", "Fy", "Ge", "Hi", "Hkk", "Idh", "Ke", "M1", "Ma", "Mu", "Re", "Sh", "Sl", "Sv", "Tk")
ABSENT = (0.02,) * 9 + (0.25,) + (0.02,) * 5 + (0.1,) + (0.02,)
POINTS = np.array([0.0, 10.0, 12.5, 15.0, 17.5, 20.0])
GRADES = np.array(["F", "E", "D", "C", "B", "A"])
CENTRE = 13.0 * question.SCALE
BACKGROUND = tuple(flag(name) for name in question.BACKGROUND)
GROUPS = ("organiser", "unit")
EFFECTS = (Effect("unit", ("unit",)), Effect("organiser", ("organiser",)))
LONG = f"""
    select g.subject, u.organiser_number as organiser, g.unit_code as unit, g.points * {question.SCALE} as points,
        (p.sex = 'girl')::int as girl, (p.parents_education = 'tertiary')::int as tertiary,
        (p.parents_education = 'compulsory')::int as compulsory, p.foreign_background::int as "foreign",
        (coalesce(p.years_in_sweden, 99) <= 4)::int as newcomer
    from grade g join pupil p using (pupil_id, school_year)
    join unit u on u.unit_code = g.unit_code and u.school_year = g.school_year and u.school_form = 'GR'
    where g.kind = 'final' and g.grade_year = 9 and g.school_form = 'GR'"""


def run() -> None:
    """Print the table."""
    rows = sum(_write(year) for year in range(FIRST, FIRST + YEARS))
    table = Table("way", "models", "join and pivot", "gather", "fit", "all, seconds", "peak MB")
    table.title = f"{len(SUBJECTS)} subjects x {YEARS} years from the lake's own tables, {rows:,} grades"
    for name, task in (("pivot, then all subjects at once", "wide"), ("straight from the long form", "long")):
        ran = run_apart([sys.executable, "-m", "benchmarks.lake_fits", task])
        if ran is None:
            raise SystemExit(f"{name} failed")
        t = json.loads(ran.output)
        parts = (f"{t[part]:.2f}" for part in ("join", "gather", "fit", "seconds"))
        table.add_row(name, f"{t['fits']:.0f}", *parts, f"{ran.peak:.0f}")
    Console(highlight=False, width=130).print(table)


def wide() -> dict[str, float]:
    """Pivot each year by the product's own question, gather all subjects, fit them."""

    def gather(con: duckdb.DuckDBPyConnection) -> dict[str, Moments]:
        outcomes = [Number(s, identifier(s), CENTRE) for s in SUBJECTS]
        return gather_outcomes(con, question.LEAVER, GROUPS, BACKGROUND, outcomes)

    return _all_years(lambda con: question.gather_leavers(con, SUBJECTS), gather)


def long() -> dict[str, float]:
    """Join each year's grades with pupils and units once, and gather by subject."""

    def gather(con: duckdb.DuckDBPyConnection) -> dict[str, Moments]:
        found = gather_each(con, "joined", ("subject",), GROUPS, (*BACKGROUND, number("points", CENTRE)))
        return {str(subject): m for (subject,), m in found.items()}

    return _all_years(lambda con: con.execute(f"CREATE TEMP TABLE joined AS {LONG}"), gather)


def _all_years(
    prepare: Callable[[duckdb.DuckDBPyConnection], object],
    gather: Callable[[duckdb.DuckDBPyConnection], dict[str, Moments]],
) -> dict[str, float]:
    spent = {"join": 0.0, "gather": 0.0, "fit": 0.0, "fits": 0.0}
    start, began = None, time.perf_counter()
    for year in range(FIRST, FIRST + YEARS):
        with _connect(year) as con:
            t0 = time.perf_counter()
            prepare(con)
            t1 = time.perf_counter()
            moments = gather(con)
            t2 = time.perf_counter()
        for m in moments.values():
            found = fit(m, Model(m.columns[-1], (ONE, *BACKGROUND), EFFECTS), start=start)
            start, spent["fits"] = found.theta, spent["fits"] + 1
        spent["join"] += t1 - t0
        spent["gather"] += t2 - t1
        spent["fit"] += time.perf_counter() - t2
    return {**spent, "seconds": time.perf_counter() - began}


def _path(table: str, year: int) -> Path:
    return WORK / "lake_fits" / f"{table}-{year}.parquet"


def _connect(year: int) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("SET preserve_insertion_order = false")
    for table in ("grade", "pupil", "enrolment", "unit"):
        con.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{_path(table, year)}')")
    return con


def _write(year: int) -> int:
    """Write one year's declared tables unless they are there; the number of grades."""
    if _path("grade", year).exists():
        return int(pq.read_metadata(_path("grade", year)).num_rows)
    _path("grade", year).parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(year)
    unit = np.sort(random.integers(0, UNITS, LEAVERS))
    flags = {
        name: random.random(LEAVERS) < p
        for name, p in zip(question.BACKGROUND, (0.49, 0.5, 0.08, 0.25, 0.05), strict=True)
    }
    ids = pa.array([f"{v:016x}" for v in random.integers(0, 2**62, LEAVERS)])
    units = pa.array([f"{10_000_000 + u}" for u in range(UNITS)])
    level = 3 * np.random.default_rng(1).normal(size=UNITS)[unit] + 2 * flags["girl"] + 5 * flags["tertiary"]
    level = level - 4 * flags["newcomer"] - 3 * flags["compulsory"] + 4 * random.normal(size=LEAVERS)
    _write_grades(random, year, ids, units.take(pa.array(unit)), level)
    _write_pupils(year, ids, flags, units.take(pa.array(unit)))
    _write_units(year, units)
    return int(pq.read_metadata(_path("grade", year)).num_rows)


def _save(table: str, year: int, columns: dict[str, object], rows: int) -> None:
    """Write a declared table, with what is not given left empty."""
    schema = TABLES[table].arrow
    arrays = [_column(columns.get(field.name), field.type, rows) for field in schema]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), _path(table, year), compression="zstd")


def _column(value: object, of: pa.DataType, rows: int) -> pa.Array:
    if isinstance(value, pa.Array):
        return value.cast(of)
    if isinstance(value, np.ndarray):
        return pa.array(value).cast(of)
    return pa.repeat(pa.scalar(value, of), rows) if value is not None else pa.nulls(rows, of)


def _write_grades(random: np.random.Generator, year: int, ids: pa.Array, units: pa.Array, level: np.ndarray) -> None:
    pupil = np.repeat(np.arange(LEAVERS), len(SUBJECTS))
    subject = np.tile(np.arange(len(SUBJECTS)), LEAVERS)
    there = random.random(len(pupil)) >= np.array(ABSENT)[subject]
    pupil, subject = pupil[there], subject[there]
    step = np.clip(np.round(2.5 + level[pupil] / 3 + random.normal(size=len(pupil))), 0, 5).astype(int)
    columns = {
        "pupil_id": ids.take(pa.array(pupil)),
        "unit_code": units.take(pa.array(pupil)),
        "subject": pa.array(SUBJECTS).take(pa.array(subject)),
        "grade": GRADES[step],
        "points": POINTS[step],
    }
    constant = {"school_form": "GR", "school_year": year, "grade_year": 9, "term": "VT", "kind": "final", "status": ""}
    _save("grade", year, {**columns, **constant}, len(pupil))


def _write_pupils(year: int, ids: pa.Array, flags: dict[str, np.ndarray], units: pa.Array) -> None:
    education = np.where(flags["tertiary"], "tertiary", np.where(flags["compulsory"], "compulsory", "upper_secondary"))
    pupil = {
        "pupil_id": ids,
        "school_year": year,
        "sex": np.where(flags["girl"], "girl", "boy"),
        "parents_education": education,
        "foreign_background": flags["foreign"],
        "years_in_sweden": pa.array(np.where(flags["newcomer"], 2, 10)),
        "protected": False,
    }
    _save("pupil", year, pupil, LEAVERS)
    place = {"pupil_id": ids, "unit_code": units, "school_form": "GR", "school_year": year, "class_name": "9A"}
    _save("enrolment", year, {**place, "grade_year": 9}, LEAVERS)


def _write_units(year: int, units: pa.Array) -> None:
    numbers = [f"{5_500_000_000 + i % MUNICIPALITIES}" for i in range(UNITS)]
    unit = {"unit_code": units, "school_year": year, "name": "Skolan", "school_form": "GR"}
    _save("unit", year, {**unit, "organiser_number": pa.array(numbers)}, UNITS)


TASKS: dict[str, Callable[[], dict[str, float]]] = {"wide": wide, "long": long}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]]()))
