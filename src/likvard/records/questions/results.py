"""Questions about year 9's results by unit, year and group of pupils: exact sums, in one pass over the pupils."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from likvard.records.questions.columns import Columns, ask
from likvard.records.questions.pupils import LEAVER

SPLITS = ("girl", "tertiary", "foreign")
"""The columns of a pupil's background that groups are made by, each 0 or 1, null where nobody knows."""

_SETS = 'grouping sets (({0}), ({0}, girl), ({0}, tertiary), ({0}, "foreign"))'
_MEMBER = """case grouping(girl, tertiary, "foreign") when 3 then 'girl' when 5 then 'tertiary'
    when 6 then 'foreign' else '' end as split, coalesce(girl, tertiary, "foreign")::int as member"""
_KNOWN = "(split = '' or member is not null)"


def sums(con: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> Columns:
    """Return sums of columns of the leavers' relation per unit, year and group.

    Columns: unit, year, split (one of `SPLITS`, empty for all pupils), member (0 or 1), and for each column c: c_n,
    c_total, c_squares (whole numbers: merit and points are times `pupils.SCALE`). Pupils of whom a split is not known
    are in none of its groups. Needs `pupils.gather_leavers`. Sorted by unit, year, split and member.
    """
    for column in columns:
        if not column.replace("_", "").isalnum():
            raise ValueError(f"{column!r} is no column")
    asked = ", ".join(
        f'count("{c}")::double as "{c}_n", coalesce(sum("{c}"), 0)::double as "{c}_total", '
        f'coalesce(sum("{c}" * "{c}"), 0)::double as "{c}_squares"'
        for c in columns
    )
    return ask(
        con,
        f"""with summed as (
                select unit, "year", {_MEMBER}, {asked} from {LEAVER}
                group by {_SETS.format('unit, "year"')})
            select * replace (coalesce(member, 1) as member) from summed where {_KNOWN}
            order by unit, "year", split, member""",
    )


def passing(con: duckdb.DuckDBPyConnection, subjects: Sequence[str], passed: float = 10) -> Columns:
    """Return how many pupils took each subject to the end of year 9 and how many passed, per unit, year and group.

    Columns: unit, year, subject, split, member, n (a grade or a dash), total (at least E). Swedish and Swedish as a
    second language are one subject, `SvSva`. Sorted by subject, unit, year, split and member.
    """
    return ask(
        con,
        f"""with taken as (
                select g.unit_code as unit, g.school_year as "year",
                    case when g.subject in ('Sv', 'Sva') then 'SvSva' else g.subject end as subject,
                    max(g.points) as points, any_value((p.sex = 'girl')::int) as girl,
                    any_value((p.parents_education = 'tertiary')::int) as tertiary,
                    any_value(p.foreign_background::int) as "foreign"
                from grade g join pupil p using (pupil_id, school_year)
                where g.kind = 'final' and g.grade_year = 9 and g.school_form = 'GR' and g.status in ('', 'no_basis')
                group by g.unit_code, g.school_year, g.pupil_id, 3),
            summed as (
                select unit, "year", subject, {_MEMBER}, count(*)::double as n,
                    count(*) filter (where points >= $passed)::double as total
                from taken where subject in (select unnest($subjects))
                group by {_SETS.format('unit, "year", subject')})
            select * replace (coalesce(member, 1) as member) from summed where {_KNOWN}
            order by subject, unit, "year", split, member""",
        {"subjects": list(subjects), "passed": passed},
    )
