"""Questions about the conditions of units: intake, attendance, principals, money and matters, by unit, form and year."""

from __future__ import annotations

import duckdb

from likvard.records.questions.columns import Columns, ask


def intake(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return pupils and how many have some background, per unit, form and year.

    Columns: unit, form, year, pupils, and for tertiary, foreign and girls: x_n (pupils of whom it is known) and
    x_total. Compulsory school without preschool class: years 1-9. Sorted by form, unit and year.
    """
    return ask(
        con,
        """select e.unit_code as unit, e.school_form as form, e.school_year as "year",
               count(distinct e.pupil_id)::double as pupils,
               count(p.parents_education)::double as tertiary_n,
               count(*) filter (where p.parents_education = 'tertiary')::double as tertiary_total,
               count(p.foreign_background)::double as foreign_n,
               count(*) filter (where p.foreign_background)::double as foreign_total,
               count(p.sex)::double as girls_n, count(*) filter (where p.sex = 'girl')::double as girls_total
           from (select distinct pupil_id, unit_code, school_form, school_year from enrolment) e
           left join pupil p using (pupil_id, school_year)
           group by all order by form, unit, "year" """,
    )


def attendance(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return absence per unit, form and year.

    Columns: unit, form, year, n (pupils), absent (pupils who missed more than 15 per cent), missed and unauthorised
    (shares of all scheduled minutes), missed_spread and unauthorised_spread (sums of squares of the pupils' own shares
    about their mean, in whole millionths so that the same bits come out whatever the order). Sorted by form, unit and
    year.
    """
    return ask(
        con,
        """with pupil_year as (
               select unit_code as unit, school_form as form, school_year as "year",
                   sum(scheduled_minutes)::double as scheduled,
                   sum(authorised_minutes + unauthorised_minutes)::double as missed,
                   sum(unauthorised_minutes)::double as unauthorised
               from attendance group by unit_code, school_form, school_year, pupil_id
               having sum(scheduled_minutes) > 0),
           counted as (
               select *, round(1e6 * missed / scheduled)::bigint as a, round(1e6 * unauthorised / scheduled)::bigint as b
               from pupil_year)
           select unit, form, "year", count(*)::double as n,
               count(*) filter (where missed > 0.15 * scheduled)::double as absent,
               sum(missed) / sum(scheduled) as missed, sum(unauthorised) / sum(scheduled) as unauthorised,
               (sum(a * a)::double - sum(a)::double * (sum(a)::double / count(*))) / 1e12 as missed_spread,
               (sum(b * b)::double - sum(b)::double * (sum(b)::double / count(*))) / 1e12 as unauthorised_spread
           from counted group by all order by form, unit, "year" """,
    )


def principal_changes(con: duckdb.DuckDBPyConnection, span: int = 5) -> Columns:
    """Return how often each unit changed principal in the `span` years up to the end of each school year.

    Columns: unit, year, changes. A unit's first principal is no change. Units without any known principal are left
    out. Sorted by unit and year.
    """
    return ask(
        con,
        """with spells as (
               select unit_code as unit, start, row_number() over (partition by unit_code order by start) as place
               from principal_spell),
           lived as (select distinct unit_code as unit, school_year as "year" from unit)
           select unit, "year", count(*) filter (where place > 1 and start > make_date("year"::int + 1 - $span, 6, 30)
                   and start <= make_date("year"::int + 1, 6, 30))::double as changes
           from lived join spells using (unit) group by unit, "year" order by unit, "year" """,
        {"span": span},
    )


def crowns(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return crowns given to each unit and form per calendar year, without what the organiser keeps and what was used.

    Columns: unit, form, year, crowns. Sorted by form, unit and year.
    """
    return ask(
        con,
        """select unit_code as unit, school_form as form, "year", sum(crowns)::double as crowns from money
           where unit_code is not null and kind not in ('cost', 'central') group by all order by form, unit, "year" """,
    )


def matters(con: duckdb.DuckDBPyConnection, kind: str) -> Columns:
    """Return how many matters of a kind each unit had: unit, form, year, n. Sorted by form, unit and year.

    Only exact counts: what a source hid is left out.
    """
    return ask(
        con,
        """select unit_code as unit, school_form as form, school_year as "year", sum(n)::double as n
           from matter_count where kind = $kind and status = '' and n is not null group by all
           order by form, unit, "year" """,
        {"kind": kind},
    )


def deliveries_of(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Return the ids of the deliveries that a table's rows came in, in order."""
    if not table.isidentifier():
        raise ValueError(f"{table!r} is no table")
    return [str(d) for d in ask(con, f"select distinct delivery from {table} order by delivery")["delivery"]]


def deliveries_by_measure(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the ids of the deliveries that each measure's published figures came in."""
    rows = ask(con, "select distinct measure, delivery from statistic order by measure, delivery")
    found: dict[str, list[str]] = {}
    for measure, delivery in zip(rows["measure"], rows["delivery"], strict=True):
        found.setdefault(str(measure), []).append(str(delivery))
    return found
