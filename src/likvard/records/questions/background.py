"""Questions about pupils' background as patterns: how many of each combination go to a unit, and how many missed the goal.

A pattern is a whole number that stands for a combination of levels of `VARIABLES`; `UNKNOWN_PUPIL` for pupils of whom the
register holds no background at all. What is not known is a level of its own, so that a pupil whose parents' education
nobody knows still counts by what is known. Nothing that leaves here is about one pupil but by chance: it is what the
models of need are fitted to, never a figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt

from likvard.records.questions.columns import Columns, ask

INTRODUCTORY = "IM"
"""Introductory programmes, which give no diploma, begin with these letters."""

UNKNOWN_PUPIL = -1


@dataclass(frozen=True, slots=True)
class Variable:
    """A part of a pupil's background: its name, its levels in the order of their codes, and the SQL that gives the code."""

    name: str
    levels: tuple[str, ...]
    sql: str


VARIABLES = (
    Variable("sex", ("boy", "girl", "unknown"), "case p.sex when 'boy' then 0 when 'girl' then 1 else 2 end"),
    Variable(
        "parents_education",
        ("tertiary", "upper_secondary", "compulsory", "unknown"),
        """case p.parents_education when 'tertiary' then 0 when 'upper_secondary' then 1 when 'compulsory' then 2
            else 3 end""",
    ),
    Variable(
        "background",
        ("swedish", "foreign", "unknown"),
        "case when p.foreign_background is null then 2 when p.foreign_background then 1 else 0 end",
    ),
    Variable(
        "arrived",
        ("earlier", "within_4_years", "within_9_years"),
        "case when p.years_in_sweden <= 4 then 1 when p.years_in_sweden <= 9 then 2 else 0 end",
    ),
)
"""The first level of each is what the others are compared with."""


def levels(pattern: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The code of each variable in each pattern, (P, variables)."""
    rest, columns = pattern.astype(np.int64), []
    for variable in VARIABLES:
        columns.append(rest % len(variable.levels))
        rest = rest // len(variable.levels)
    return np.stack(columns, axis=1)


def _pattern() -> str:
    parts, width = [], 1
    for variable in VARIABLES:
        parts.append(f"{width} * ({variable.sql})")
        width *= len(variable.levels)
    return f"case when p.pupil_id is null then {UNKNOWN_PUPIL} else {' + '.join(parts)} end"


def places(
    con: duckdb.DuckDBPyConnection, fitted: Sequence[str], applied: Sequence[str], first: int, recent: int
) -> Columns:
    """Return every unit, form and year with pupils, numbered by their order.

    Forms that a model is fitted to come from the school year `first` on, those it is only applied to from `recent` on.
    Columns: unit, form, year, municipality_code (None where nobody says). Makes the temporary table `need_place`, which
    the questions below use.
    """
    con.execute(
        """create or replace temp table need_place as
           select row_number() over (order by form, "year", unit)::int - 1 as place, * from (
               select e.unit_code as unit, e.school_form as form, e.school_year as "year",
                   any_value(u.municipality_code) as municipality_code
               from (select distinct unit_code, school_form, school_year from enrolment
                     where (school_form in (select unnest($fitted)) and school_year >= $first)
                         or (school_form in (select unnest($applied)) and school_year >= $recent)) e
               left join unit u using (unit_code, school_form, school_year) group by 1, 2, 3)""",
        {"fitted": list(fitted), "applied": list(applied), "first": first, "recent": recent},
    )
    return ask(con, 'select unit, form, "year", municipality_code from need_place order by place')


def enrolled(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return how many pupils of each pattern went to each place: place, pattern, n. Sorted by place and pattern.

    In upper secondary school the national programmes only. A pupil with two enrolments at a place counts once.
    """
    return ask(
        con,
        f"""with pupil_at as (
                select distinct e.pupil_id, e.unit_code, e.school_form, e.school_year from enrolment e
                where e.school_form <> 'GY' or coalesce(e.programme, '') not like '{INTRODUCTORY}%')
            select place, ({_pattern()})::int as pattern, count(*)::int as n
            from pupil_at e
            join need_place t on t.unit = e.unit_code and t.form = e.school_form and t."year" = e.school_year
            left join pupil p on p.pupil_id = e.pupil_id and p.school_year = e.school_year
            group by 1, 2 order by 1, 2""",
    )


def not_eligible(con: duckdb.DuckDBPyConnection, first: int, passed: float = 10, others: int = 8) -> Columns:
    """Return leavers of compulsory school who did not become eligible for a vocational programme, by pattern.

    Columns: unit, year (of the final grades), began (the same year), pattern, n, missed. Eligible: passes in Swedish,
    English and mathematics and in eight subjects in all (rulebook, eligibility). Needs the tables grade and pupil.
    """
    core = " and ".join(
        f"bool_or(points >= {passed} and subject in ({names}))" for names in ("'Sv', 'Sva'", "'En'", "'Ma'")
    )
    return ask(
        con,
        f"""with graded as (
                select unit_code, school_year, pupil_id,
                    coalesce({core}, false) and count(*) filter (where points >= {passed}) >= {others} as reached
                from grade where kind = 'final' and grade_year = 9 and school_form = 'GR' and school_year >= $first
                group by unit_code, school_year, pupil_id)
            select g.unit_code as unit, g.school_year as "year", g.school_year as began, ({_pattern()})::int as pattern,
                count(*)::int as n, count(*) filter (where not reached)::int as missed
            from graded g join pupil p using (pupil_id, school_year)
            group by all order by "year", unit, pattern""",
        {"first": first},
    )


def no_diploma(con: duckdb.DuckDBPyConnection, first: int, passed: float = 10) -> Columns:
    """Return those who began a national programme and had no diploma two springs later, by pattern when they began.

    Columns as in `not_eligible`; `year` is the school year in which three years had passed, `began` the first. A
    diploma, as far as grades tell: a pass in the diploma project, in Swedish, English and mathematics, and in nine
    tenths of all courses or levels read. Only years whose grades the lake holds.
    """
    core = " and ".join(
        f"bool_or(points >= {passed} and subject in ({names}))" for names in ("'Sv', 'Sva'", "'En'", "'Ma'", "'Gya'")
    )
    return ask(
        con,
        f"""with first_year as (
                select pupil_id, min(school_year) as began, arg_min(unit_code, school_year) as unit from enrolment
                where school_form = 'GY' and grade_year = 1 and programme is not null
                    and programme not like '{INTRODUCTORY}%' group by pupil_id),
            graded_years as (select distinct school_year from grade where school_form = 'GY' and kind = 'final'),
            due as (
                select f.* from first_year f join graded_years y on y.school_year = f.began + 2
                where f.began + 2 >= $first and f.began >= (select min(school_year) from graded_years)),
            done as (
                select pupil_id, coalesce({core}, false) and count(*) filter (where points >= {passed})
                    >= 0.9 * count(*) filter (where points is not null) as reached
                from grade g join due d using (pupil_id)
                where school_form = 'GY' and kind = 'final' and g.school_year <= d.began + 2 group by pupil_id)
            select d.unit, (d.began + 2)::int as "year", d.began::int as began, ({_pattern()})::int as pattern,
                count(*)::int as n, count(*) filter (where not coalesce(reached, false))::int as missed
            from due d left join done using (pupil_id) join pupil p on p.pupil_id = d.pupil_id and p.school_year = d.began
            group by all order by "year", unit, pattern""",
        {"first": first},
    )


def span(con: duckdb.DuckDBPyConnection) -> tuple[int, int] | None:
    """The first and the last school year with enrolments, where the lake holds pupils' background; None without any."""
    found = ask(
        con,
        """select min(school_year) as first, max(school_year) as last from enrolment
           where exists (select 1 from pupil)""",
    )
    first, last = float(found["first"][0] or np.nan), float(found["last"][0] or np.nan)
    return None if np.isnan(first) else (int(first), int(last))
