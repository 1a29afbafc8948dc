"""Questions to the register: organisers, units with their names over time, grade spans, and what became of whom."""

from __future__ import annotations

import duckdb

from likvard.records.questions.columns import Columns, ask


def organisers(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return every organiser once, by its newest description: number, name, kind, municipality_code; None if unknown.

    Those that only a unit names are there too.
    """
    return ask(
        con,
        """with said as (
               select organiser_number as number, school_year, name, kind, municipality_code, 1 as own from organiser
               union all
               select organiser_number, school_year, organiser_name, organiser_kind, null, 0
               from unit where organiser_number is not null and organiser_number <> '')
           select number,
               arg_max(name, (school_year, own)) filter (where name is not null and name <> '') as name,
               arg_max(kind, (school_year, own)) filter (where kind is not null and kind <> '') as kind,
               arg_max(municipality_code, school_year) filter (where municipality_code <> '') as municipality_code
           from said group by number order by number""",
    )


def units(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return every unit once, by its newest description.

    Columns: code, name, organiser, municipality_code, status (None where no source says); forms of its last year
    (codes, space between); first_year, last_year. Sorted by code.
    """
    newest = ", ".join(
        f"arg_max({column}, school_year) filter (where {column} is not null and {column} <> '') as {name}"
        for column, name in (
            ("name", "name"),
            ("organiser_number", "organiser"),
            ("municipality_code", "municipality_code"),
            ("status", "status"),
        )
    )
    return ask(
        con,
        f"""with lived as (select unit_code, min(school_year) as first, max(school_year) as last from unit group by 1)
            select unit_code as code, {newest},
                string_agg(distinct school_form, ' ' order by school_form) filter (where school_year = last) as forms,
                any_value(first) as first_year, any_value(last) as last_year
            from unit join lived using (unit_code) group by unit_code order by unit_code""",
    )


def names(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return the names of units over time: code, name, first_year, last_year that it had it. Sorted by code and year."""
    return ask(
        con,
        """select unit_code as code, name, min(school_year) as first_year, max(school_year) as last_year
           from unit where name <> '' group by unit_code, name order by code, first_year, name""",
    )


def spans(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return the years of compulsory school that a unit has or had: code, year, first, last (0: preschool class).

    From enrolments, or, where there are none, from published numbers of pupils per year of school. Sorted.
    """
    return ask(
        con,
        """with taught as (
               select unit_code as code, school_year as "year", grade_year::int as span from enrolment
               where school_form in ('GR', 'FKLASS', 'GRAN', 'SP', 'SAM') and grade_year is not null
               group by all
               union all
               select area_code, "year", split_part(measure, '_', 3)::int from statistic
               where level = 'unit' and period_kind = 'school_year' and measure in ('pupils_year_1', 'pupils_year_2',
                   'pupils_year_3', 'pupils_year_4', 'pupils_year_5', 'pupils_year_6', 'pupils_year_7',
                   'pupils_year_8', 'pupils_year_9') and value > 0
               union all
               select area_code, "year", 0 from statistic
               where level = 'unit' and measure = 'pupils_preschool_class' and value > 0)
           select code, "year", min(span) as first, max(span) as last from taught group by code, "year"
           order by code, "year" """,
    )


def lineage(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return what became of units: predecessor, successor, kind, day (ISO text or None), source. Sorted."""
    return ask(
        con,
        """select predecessor, successor, kind, cast("on" as varchar) as day, source from unit_lineage
           order by "on", predecessor, successor""",
    )
