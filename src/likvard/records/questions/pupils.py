"""Questions to pupils' records: relations for `moments.gather`, never rows that leave the lake.

A relation is a SELECT with one row per pupil. Every number in it is scaled to a whole number (merit and points times
two), so that its sums are exact in a double and the same bits come out of every engine, order and split.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from likvard.records.questions.columns import Columns, ask

SCALE = 2
"""Merit values and points are multiples of a half: times two they are whole."""

BACKGROUND = ("girl", "tertiary", "compulsory", "foreign", "newcomer")
"""Intake of a pupil, each 0 or 1: sex, guardians' highest education (upper secondary is the reference), born abroad
or both parents born abroad, and at most four years in Sweden."""

COMPOSITION = ("tertiary", "foreign", "girl")
"""What a unit's intake of a year is described by beside its pupils' own background, as for published statistics."""


def leavers(subjects: Sequence[str], language: str = "M1", best: int = 16, passed: float = 10) -> str:
    """Return the relation of pupils with final grades in year 9 of compulsory school.

    Columns: organiser, unit, class, year, the columns of `BACKGROUND`, `known` (1 where the whole background is
    known), `merit` (times `SCALE`: the `best` highest and the modern language as one more; null without any pass),
    `all_subjects` and `eligible` (0 or 1), and one column per subject of `subjects` (points times `SCALE`, null
    without a grade). The rules are the rulebook's; they are arguments so that each year can have its own.
    """
    for subject in (*subjects, language):
        if not subject.isalnum():
            raise ValueError(f"{subject!r} is no subject code")
    points = ",\n".join(f'max(points) filter (where subject in ({_codes(s)})) * {SCALE} as "{s}"' for s in subjects)
    core = " and ".join(
        f"bool_or(points >= {passed} and subject in ({names}))" for names in ("'Sv', 'Sva'", "'En'", "'Ma'")
    )
    return f"""
        with graded as (
            select unit_code, school_year, pupil_id,
                coalesce(list_sum(list_slice(list_reverse_sort(
                    list(points) filter (where points is not null and subject <> '{language}')), 1, {best})), 0)
                + coalesce(max(points) filter (where subject = '{language}'), 0) as merit,
                count(*) filter (where points >= {passed}) as passes,
                bool_and(coalesce(points, 0) >= {passed})
                    filter (where status = '' or status = 'no_basis') as every_subject,
                coalesce({core}, false) as core,
                {points}
            from grade
            where kind = 'final' and grade_year = 9 and school_form = 'GR'
            group by unit_code, school_year, pupil_id
        )
        select u.organiser_number as organiser, g.unit_code as unit,
            g.unit_code || ' ' || coalesce(e.class_name, '') as class, g.school_year as "year",
            (p.sex = 'girl')::int as girl,
            (p.parents_education = 'tertiary')::int as tertiary,
            (p.parents_education = 'compulsory')::int as compulsory,
            p.foreign_background::int as "foreign",
            (coalesce(p.years_in_sweden, 99) <= 4)::int as newcomer,
            (p.sex is not null and p.parents_education is not null and p.foreign_background is not null)::int as known,
            case when g.passes > 0 then g.merit * {SCALE} end as merit,
            g.every_subject::int as all_subjects,
            (g.core and g.passes >= 8)::int as eligible,
            {", ".join(f'g."{s}"' for s in subjects)}
        from graded g
        join pupil p using (pupil_id, school_year)
        join enrolment e using (pupil_id, unit_code, school_year)
        join unit u on u.unit_code = g.unit_code and u.school_year = g.school_year and u.school_form = 'GR'
        where e.school_form = 'GR'
    """


def _codes(subject: str) -> str:
    """Swedish and Swedish as a second language are one subject in two syllabuses: nobody has both."""
    return "'Sv', 'Sva'" if subject == "SvSva" else f"'{subject}'"


def absence(limit: float = 0.15) -> str:
    """Return the relation of pupils' absence over a school year.

    Columns: unit, year, school_form, absent (0 or 1: missed more than `limit` of the scheduled minutes).
    """
    return f"""
        select unit_code as unit, school_year as "year", school_form,
            (sum(authorised_minutes + unauthorised_minutes) > {limit} * sum(scheduled_minutes))::int as absent
        from attendance group by unit_code, school_year, school_form, pupil_id
        having sum(scheduled_minutes) > 0
    """


def has_grades(con: duckdb.DuckDBPyConnection, units: Sequence[str]) -> bool:
    """Tell whether the lake holds final grades of year 9, with pupils' background, for any of these units."""
    found = ask(
        con,
        """select 1 as found from grade semi join pupil using (pupil_id, school_year)
           where kind = 'final' and grade_year = 9 and school_form = 'GR' and unit_code in (select unnest($units)) limit 1""",
        {"units": list(units)},
    )
    return len(found["found"]) > 0


LEAVER = "leaver"
"""The temporary table that `gather_leavers` makes: the relation of `leavers`, once per connection."""


def gather_leavers(con: duckdb.DuckDBPyConnection, subjects: Sequence[str]) -> None:
    """Make the temporary table `leaver`, so that every model of a report reads the pivoted grades once.

    Beside the columns of `leavers` it has `share_<name>` for each of `COMPOSITION`: the share, in whole thousandths,
    among those of the unit and year whose background is known.
    """
    shares = ", ".join(
        f'round(1000 * avg(case when known = 1 then "{name}" end) over (partition by unit, "year"))::int as share_{name}'
        for name in COMPOSITION
    )
    con.execute(f"create or replace temp table {LEAVER} as select *, {shares} from ({leavers(subjects)})")


def merit_by_unit(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return exact sums of the merit value per unit and year.

    Columns: unit, organiser, year, n, total and squares (of the merit value times `SCALE`: whole numbers).
    """
    return ask(
        con,
        f"""select unit, max(organiser) as organiser, "year", count(merit)::double as n,
                sum(merit)::double as total, sum(merit * merit)::double as squares
            from {LEAVER} where merit is not null group by unit, "year" order by unit, "year" """,
    )


def shares_by_unit(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return pupils (n) and how many reached, per unit and year: all_subjects and eligible, with unit and year."""
    return ask(
        con,
        f"""select unit, "year", count(*)::double as n, sum(all_subjects)::double as all_subjects,
                sum(eligible)::double as eligible, sum(tertiary)::double as tertiary
            from {LEAVER} group by unit, "year" order by unit, "year" """,
    )


def merit_by_group(con: duckdb.DuckDBPyConnection, column: str, units: Sequence[str] | None) -> Columns:
    """Return sums of the merit value per unit, year and value (0 or 1) of a column of `BACKGROUND`.

    Columns: unit, year, member, n, total and squares (in merit points). `units` limits the schools; None takes the country.
    """
    if column not in BACKGROUND:
        raise ValueError(f"{column!r} is no column of the background")
    where = "" if units is None else "and unit in (select unnest($units))"
    return ask(
        con,
        f"""select unit, "year", "{column}" as member, count(*)::double as n, sum(merit) / {SCALE}::double as total,
                sum(merit * merit) / {SCALE**2}::double as squares
            from {LEAVER} where merit is not null and "{column}" is not null {where}
            group by unit, "year", "{column}" order by "year", unit, member""",
        {} if units is None else {"units": list(units)},
    )


def absence_by_unit(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return pupils with attendance (n) and those who missed more than 15 % (absent) per unit and year, all forms."""
    return ask(
        con,
        f"""select unit, "year", count(*)::double as n, sum(absent)::double as absent
            from ({absence()}) group by unit, "year" order by unit, "year" """,
    )


def principals_by_unit(con: duckdb.DuckDBPyConnection, first: int, last: int) -> Columns:
    """Return how many principals each unit had from 1 July `first` to 30 June `last`: unit, value."""
    return ask(
        con,
        """select unit_code as unit, count(distinct principal_id)::double as value from principal_spell
           where start <= make_date($last, 6, 30) and coalesce("end", date '9999-12-31') >= make_date($first, 7, 1)
           group by unit_code order by unit_code""",
        {"first": first, "last": last},
    )


def survey_answers(con: duckdb.DuckDBPyConnection, area: str, respondents: str = "pupils-GR-8") -> Columns:
    """Return how many pupils of each unit chose each option of an area's questions.

    Columns: unit, year, question, option_order (first is 1), options (how many the question has), n. "Don't know"
    (order 0) is left out. Sorted by unit, year, question and option.
    """
    return ask(
        con,
        """with counted as (
               select area_code as unit, "year", question, option_order::int as option_order, n::double as n
               from survey_answer
               where level = 'unit' and "group" = 'all' and area = $area and respondents = $respondents
                   and option_order > 0 and n is not null)
           select c.*, o.options from counted c
           join (select "year", question, max(option_order) as options from counted group by "year", question) o
             using ("year", question)
           order by unit, "year", question, option_order""",
        {"area": area, "respondents": respondents},
    )
