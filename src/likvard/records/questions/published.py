"""Questions to published statistics.

Several sources may give the same figure. The strictest wins: what any source hides stays hidden. (In 2024/25 one of
the national agency's services showed 355 figures that another of its services hid.) Between sources that agree the
one nearest the authority is named.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from likvard.records.questions.columns import Columns, ask

_HIDDEN = "('few', 'protected', 'majority', 'privacy', 'rule_not_met')"


def _published(measures: Sequence[str], level: str, period_kind: str) -> str:
    """The SQL of every figure of `measures` once, by the strictest source. Names are literals, so that files prune."""
    names = ", ".join(f"'{m}'" for m in _named(measures))
    kept = ("value", "low", "high", "status", "raw", "n", "source", "delivery")
    # A struct is never null, so the row of the least rank is taken whole; a window over the same rows takes six times
    # as long. The number that a delivery's id begins with makes every rank different.
    return f"""
        with ranked as (
            select measure, area_code, school_form, "group", "year",
                {{{", ".join(f"'{c}': {c}" for c in kept)}}} as figure,
                (10 * case when status in {_HIDDEN} then 0 when status in ('near_all', 'near_none') then 1
                    when status = '' then 2 when status = 'approximate' then 3 else 4 end
                + case when source like 'skolverket-siris%' then 0 when source like 'skolverket-v4%' then 1
                    when source like 'skolverket%' then 2 else 3 end) * 100000
                + cast(split_part(delivery, '-', 1) as int) as place
            from statistic
            where measure in ({names}) and level = '{_named([level])[0]}'
                and period_kind = '{_named([period_kind])[0]}'
        ), chosen as (
            select measure, area_code, school_form, "group", "year", min_by(figure, place) as figure
            from ranked group by measure, area_code, school_form, "group", "year"
        )
        select measure, area_code, school_form, "group", "year", {", ".join(f"figure.{c} as {c}" for c in kept)}
        from chosen
    """


def statistics(
    con: duckdb.DuckDBPyConnection,
    measures: Sequence[str],
    *,
    level: str,
    period_kind: str = "school_year",
    groups: Sequence[str] | None = ("all",),
) -> Columns:
    """Return every figure of `measures` at `level`, one row per measure, area, form, group and year.

    `groups` None takes every group. Columns: measure, area_code, school_form, group, year, value (NaN where `status`
    says why), low, high, status, raw, n, source, delivery. Sorted by measure, area, group, year and form.
    """
    return ask(
        con,
        f"""select * from ({_published(measures, level, period_kind)})
            {"" if groups is None else 'where "group" in (select unnest($groups))'}
            order by measure, area_code, "group", "year", school_form""",
        {} if groups is None else {"groups": list(groups)},
    )


def measures(con: duckdb.DuckDBPyConnection) -> Sequence[str]:
    """Return the ids of every measure of which the lake has a published figure, in order."""
    return [str(m) for m in ask(con, "select distinct measure from statistic order by measure")["measure"]]


def units(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return every school unit once, by the newest description of it that the lake holds.

    Columns: unit_code, name, municipality_code, organiser_number, organiser_name, organiser_kind, forms (text,
    space between), first_year, last_year. Empty where no source says.
    """
    newest = ", ".join(
        f"max_by({c}, school_year) filter (where {c} is not null and {c} <> '') as {c}"
        for c in ("name", "municipality_code", "organiser_number", "organiser_name", "organiser_kind")
    )
    return ask(
        con,
        f"""select unit_code, {newest},
                string_agg(distinct school_form, ' ' order by school_form) as forms,
                min(school_year) as first_year, max(school_year) as last_year
            from unit group by unit_code order by municipality_code nulls last, name, unit_code""",
    )


def shapes(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return the outlines of all municipalities: municipality_code, name, longitude, latitude, rings."""
    return ask(
        con,
        "select municipality_code, name, longitude, latitude, rings from area_shape order by municipality_code",
    )


def place_names(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return code and name of every municipality that the lake has an outline of."""
    rows = ask(con, "select municipality_code, name from area_shape order by municipality_code")
    return [(str(code), str(name)) for code, name in zip(rows["municipality_code"], rows["name"], strict=True)]


def deliveries(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return what the lake was made from: id, source, scope, vintage, file, synthetic; newest scope last."""
    return ask(con, "select id, source, scope, vintage, file, synthetic from delivery order by source, scope, id")


def unit_years(
    con: duckdb.DuckDBPyConnection, results: Sequence[str], sizes: Sequence[str], intake: Sequence[str]
) -> Columns:
    """Return one row per unit, school year and published measure of `results`, with the unit's size and intake.

    Columns: unit, year, measure, value, status, raw, low, high, source; each measure of `sizes` (NaN if not known);
    and for each intake measure m: m, m_low, m_high (what the source's symbol allows), m_status. Sorted by measure,
    unit and year.
    """
    sized = [f"max(value) filter (where measure = '{m}') as \"{m}\"" for m in _named(sizes)]
    mixed = [
        f"""max(value) filter (where measure = '{m}') as "{m}", max(low) filter (where measure = '{m}') as "{m}_low",
            max(high) filter (where measure = '{m}') as "{m}_high",
            coalesce(max(status) filter (where measure = '{m}'), 'not_collected') as "{m}_status" """
        for m in _named(intake)
    ]
    return ask(
        con,
        f"""with figure as materialized (
                select * from ({_published([*results, *sizes, *intake], "unit", "school_year")}) where "group" = 'all'),
            circumstances as (
                select area_code as unit, "year", {", ".join([*sized, *mixed])} from figure
                where measure in (select unnest($around)) group by area_code, "year"),
            result as (
                select area_code as unit, "year", measure, value, status, raw, low, high, source
                from figure where measure in (select unnest($results)))
            select * from result left join circumstances using (unit, "year") order by measure, unit, "year" """,
        {"results": list(results), "around": [*sizes, *intake]},
    )


def _named(measures: Sequence[str]) -> Sequence[str]:
    for measure in measures:
        if not measure.replace("_", "").replace(":", "").isalnum():
            raise ValueError(f"{measure!r} is no id of a measure")
    return measures
