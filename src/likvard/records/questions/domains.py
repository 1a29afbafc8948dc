"""Questions about the domains of the circle: what can be seen of steering, teaching, calm, support, pupil health and
principals, by unit and school year."""

from __future__ import annotations

import duckdb

from likvard.records.questions.columns import Columns, ask

FORMS = ("GR", "GY")
"""Forms of schooling whose units make the panel: those that are asked in the survey and count all matters."""


def units(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return every unit, form and school year of the panel's forms, with its organiser: unit, form, year, organiser.

    A unit with both forms is the form with most pupils in its newest year. Sorted by unit and year.
    """
    return ask(
        con,
        """with size as (
               select unit_code, school_form, school_year, count(distinct pupil_id) as pupils from enrolment
               where school_form in (select unnest($forms)) group by all),
           form as (
               select u.unit_code, arg_max(u.school_form, (u.school_year, coalesce(s.pupils, 0))) as school_form
               from unit u left join size s using (unit_code, school_form, school_year)
               where u.school_form in (select unnest($forms)) group by u.unit_code)
           select u.unit_code as unit, u.school_form as form, u.school_year as "year",
               max(u.organiser_number) as organiser
           from unit u semi join form using (unit_code, school_form) group by all order by unit, "year" """,
        {"forms": list(FORMS)},
    )


def matters(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return the exact counts of matters: unit, form, year, kind, n. Sorted by kind, unit and year."""
    return ask(
        con,
        """select unit_code as unit, school_form as form, school_year as "year", kind, sum(n)::double as n
           from matter_count where status = '' and n is not null and school_form in (select unnest($forms))
           group by all order by kind, unit, "year", form""",
        {"forms": list(FORMS)},
    )


def lessons(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return minutes of teaching: unit, form, year, scheduled, unreported (0 where nobody says).

    Sorted by unit and year.
    """
    return ask(
        con,
        """select unit_code as unit, school_form as form, school_year as "year",
               sum(scheduled_minutes)::double as scheduled,
               coalesce(sum(unreported_minutes), 0)::double as unreported
           from attendance where school_form in (select unnest($forms))
           group by all having sum(scheduled_minutes) > 0 order by unit, "year", form""",
        {"forms": list(FORMS)},
    )


def principals_began(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return how many principals began at each unit in each school year (1 July to 30 June): unit, year, n.

    A unit's first known principal did not begin: nobody knows who was there before. Years before the first known
    principal are left out. Sorted by unit and year.
    """
    return ask(
        con,
        """with spells as (
               select unit_code as unit, start, row_number() over (partition by unit_code order by start) as place
               from principal_spell),
           known as (select unit, min(start) as first from spells group by unit),
           lived as (select distinct unit_code as unit, school_year as "year" from unit)
           select l.unit, l."year", count(s.start) filter (where s.place > 1)::double as n
           from lived l join known k on k.unit = l.unit and k.first <= make_date(l."year"::int, 7, 1)
           left join spells s on s.unit = l.unit and s.start >= make_date(l."year"::int, 7, 1)
               and s.start < make_date(l."year"::int + 1, 7, 1)
           group by l.unit, l."year" order by l.unit, l."year" """,
    )
