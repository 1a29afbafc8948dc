"""Questions about a marking round: the frame of organisers, their marks, and results before and after."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from likvard.records.questions.columns import Columns, ask
from likvard.records.questions.pupils import BACKGROUND, SCALE, leavers


def rounds(con: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    """The calendar years of which the lake holds both a frame and marks, the earliest first."""
    found = ask(
        con,
        """select distinct "year" from organiser_mark semi join organiser_frame using ("year")
           where level is not null order by 1""",
    )
    return tuple(int(year) for year in found["year"])


def frame(con: duckdb.DuckDBPyConnection, year: int) -> Columns:
    """Return every organiser of a round's frame: organiser, stratum, probability, pupils, kind, units. Sorted."""
    return ask(
        con,
        """select organiser_number as organiser, stratum, probability, pupils, kind, units
           from organiser_frame where "year" = $year order by organiser_number""",
        {"year": year},
    )


def marks(con: duckdb.DuckDBPyConnection, year: int) -> Columns:
    """Return every mark of a round: organiser, marker, criterion, level (nan if it could not be judged), blind. Sorted."""
    return ask(
        con,
        """select organiser_number as organiser, marker, criterion, level, blind
           from organiser_mark where "year" = $year order by organiser_number, criterion, marker""",
        {"year": year},
    )


def results(con: duckdb.DuckDBPyConnection, years: Sequence[int], least: int = 15) -> Columns:
    """Return how far pupils' merit values lie from those of pupils with the same background: organiser, year, n, value.

    The expected is the mean of all the lake's leavers of that school year with the same sex, parents' education, background and
    time in Sweden: direct standardisation, without a model. Only organisers with at least `least` leavers of known background
    in a year. Sorted.
    """
    same = ", ".join(f'"{column}"' for column in BACKGROUND)
    return ask(
        con,
        f"""with pupil_ as (
                select organiser, "year", {same}, merit from ({leavers(("Ma",))})
                where known = 1 and merit is not null and "year" in (select unnest($years))),
            held as (select *, merit - avg(merit) over (partition by "year", {same}) as beyond from pupil_)
            select organiser, "year", count(*)::double as n, avg(beyond) / {SCALE} as value
            from held group by organiser, "year" having count(*) >= $least order by organiser, "year" """,
        {"years": list(years), "least": least},
    )
