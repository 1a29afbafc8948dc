"""Gather moments from a relation with one SQL text in the subset that DuckDB and Spark share.

Two queries: sums per group, and the cross-products of all columns over all rows. The second groups by the pattern
of the factors' levels, so that products with an indicator need no arithmetic per row; a national table with nine
flags and three numbers has 512 patterns and 10 products instead of 105. Sums of integers are exact whatever the
order, the threads and the split, as long as they stay below 2^53.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from likvard.moments.columns import ONE, Column, Factor, Number, factors_of, identifier, numbers_of
from likvard.moments.moments import Moments, number_keys
from likvard.terms import ModelError

Floats = NDArray[np.float64]
Result = Mapping[str, NDArray[np.generic]]

_MOST_PATTERNS = 1 << 16


class Answer(Protocol):
    """What a query gives: columns by name."""

    def fetchnumpy(self) -> dict[str, NDArray[np.generic]]:
        """Fetch all rows as one array per column."""
        ...


class Engine(Protocol):
    """Whatever runs SQL: a DuckDB connection, or a wrapper of a Spark session."""

    def execute(self, query: str) -> Answer:
        """Run one query."""
        ...


def gather(
    con: Engine,
    relation: str,
    groups: Sequence[str],
    columns: Sequence[Column],
    *,
    rows: Sequence[Column] = (),
    weight: str | None = None,
) -> Moments:
    """Gather the moments of `columns` by the groups of `groups` from the rows that have a value in all of them.

    `relation` is a table's name or a query in parentheses, from trusted code. `rows` are the columns whose products
    are kept per group, besides the constant (which is put first in both). `weight` is a column of positive weights.
    Raises `ModelError` when no row is complete.
    """
    found = gather_each(con, relation, (), groups, columns, rows=rows, weight=weight)
    if () not in found:
        raise ModelError("No row has a value in every column used.", "Check the columns for missing values.")
    return found[()]


def gather_each(
    con: Engine,
    relation: str,
    by: Sequence[str],
    groups: Sequence[str],
    columns: Sequence[Column],
    *,
    rows: Sequence[Column] = (),
    weight: str | None = None,
) -> dict[tuple[object, ...], Moments]:
    """Gather moments as `gather` does, apart for each combination of the columns `by`, in one go.

    Gives a dictionary from the values of `by` to moments: all subjects and years of a long table at once.
    """
    plan = _plan(relation, by, groups, columns, rows, weight)
    sums = con.execute(_sums_sql(plan)).fetchnumpy()
    size = len(sums["n"])
    strata, keys = number_keys([np.asarray(sums[f"b{i}"]) for i in range(len(by))], size)
    totals = _totals(con, plan)
    found: dict[tuple[object, ...], Moments] = {}
    for s in range(len(keys[0]) if by else min(1, size)):
        values = tuple(k[s] for k in keys)
        found[values] = _moments(plan, sums, np.flatnonzero(strata == s), totals[values])
    return found


@dataclass(frozen=True)
class _Plan:
    """What is gathered: the working columns, with the constant first, and where the rows are among them."""

    relation: str
    by: tuple[str, ...]
    groups: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[int, ...]
    weight: str | None

    @property
    def factors(self) -> tuple[Factor, ...]:
        return factors_of(self.columns)

    @property
    def numbers(self) -> tuple[Number, ...]:
        return numbers_of(self.columns)


def _plan(
    relation: str,
    by: Sequence[str],
    groups: Sequence[str],
    columns: Sequence[Column],
    rows: Sequence[Column],
    weight: str | None,
) -> _Plan:
    distinct = {c.content: c for c in (ONE, *columns, *rows)}
    places = {content: i for i, content in enumerate(distinct)}
    kept = sorted({places[c.content] for c in (ONE, *rows)})
    return _Plan(relation, tuple(by), tuple(groups), tuple(distinct.values()), tuple(kept), weight)


def _base_sql(plan: _Plan, *, keys: bool) -> str:
    """Select the keys, the factors' codes and the shifted numbers of the complete rows."""
    parts = [f"{identifier(b)} AS b{i}" for i, b in enumerate(plan.by)]
    parts += [f"{identifier(g)} AS g{i}" for i, g in enumerate(plan.groups)] if keys else []
    parts += [f"{f.code} AS f{i}" for i, f in enumerate(plan.factors)]
    parts += [f"{x.shifted} AS x{i}" for i, x in enumerate(plan.numbers)]
    used = [identifier(name) for name in (*plan.by, *plan.groups)] + [f.sql for f in plan.factors]
    used += [x.sql for x in plan.numbers]
    if plan.weight is not None:
        parts.append(f"CAST({identifier(plan.weight)} AS DOUBLE) AS v")
        used.append(identifier(plan.weight))
    where = " AND ".join(f"{sql} IS NOT NULL" for sql in dict.fromkeys(used)) or "TRUE"
    return f"SELECT {', '.join(parts or ['1 AS nothing'])} FROM {plan.relation} AS t WHERE {where}"


def _column_sql(plan: _Plan, column: Column) -> str:
    """The SQL of a column over the base query, as a double."""
    place_f = {f.name: i for i, f in enumerate(plan.factors)}
    place_x = {x.name: i for i, x in enumerate(plan.numbers)}
    power = " * ".join(f"x{place_x[x.name]}" for x, k in column.powers for _ in range(k))
    if not column.marks:
        return power or "CAST(1 AS DOUBLE)"
    test = " AND ".join(f"f{place_f[f.name]} = {i}" for f, i in column.marks)
    (first, level), *others = column.marks
    if not power and not others and len(first.levels) == 2 and level == 1:
        return f"CAST(f{place_f[first.name]} AS DOUBLE)"
    return f"CASE WHEN {test} THEN {power or 'CAST(1 AS DOUBLE)'} ELSE CAST(0 AS DOUBLE) END"


def _product_sql(left: str, right: str, weighted: bool) -> str:
    parts = [part for part in (left, right, "v" if weighted else "") if part]
    return f"SUM({' * '.join(parts)})" if parts else "COUNT(*)"


def _pairs(plan: _Plan) -> list[tuple[int, int]]:
    """The products that are summed per group: each once."""
    kept = set(plan.rows)
    return [(i, j) for i in plan.rows for j in range(len(plan.columns)) if j >= i or j not in kept]


def _sums_sql(plan: _Plan) -> str:
    w = ["" if c.is_constant else f"w{i}" for i, c in enumerate(plan.columns)]
    keys = [f"b{i}" for i in range(len(plan.by))] + [f"g{i}" for i in range(len(plan.groups))]
    carried = keys + (["v"] if plan.weight is not None else [])
    selected = carried + [f"{_column_sql(plan, c)} AS {name}" for c, name in zip(plan.columns, w, strict=True) if name]
    weighted = plan.weight is not None
    sums = [f"{_product_sql(w[i], w[j], weighted)} AS s{i}_{j}" for i, j in _pairs(plan)]
    sums += ["SUM(LN(v)) AS lv"] if weighted else []
    group = f" GROUP BY {', '.join(keys)}" if keys else ""
    return (
        f"WITH base AS ({_base_sql(plan, keys=True)}), w AS (SELECT {', '.join(selected or ['1 AS nothing'])} FROM base) "
        f"SELECT {', '.join([*keys, 'COUNT(*) AS n', *sums])} FROM w{group}"
    )


def _moments(plan: _Plan, sums: Result, at: NDArray[np.intp], total: Floats) -> Moments:
    """Lay out one stratum's groups in the order of their keys."""
    raw = [_plain(sums[f"g{i}"])[at] for i in range(len(plan.groups))]
    code, _ = number_keys(raw, len(at))
    order = at[np.argsort(code, kind="stable")]
    m, place = len(plan.columns), {row: i for i, row in enumerate(plan.rows)}
    products = np.empty((len(at), len(plan.rows), m))
    for i, j in _pairs(plan):
        value = np.asarray(sums[f"s{i}_{j}"], dtype=float)[order]
        products[:, place[i], j] = value
        if j in place:
            products[:, place[j], i] = value
    return Moments(
        groups=plan.groups,
        keys=tuple(_plain(sums[f"g{i}"])[order] for i in range(len(plan.groups))),
        columns=plan.columns,
        rows=plan.rows,
        n=np.asarray(sums["n"], dtype=np.int64)[order],
        products=products,
        total=total,
        log_weight=float(np.asarray(sums["lv"], dtype=float)[order].sum()) if plan.weight is not None else 0.0,
    )


def _plain(key: NDArray[np.generic]) -> NDArray[np.generic]:
    """Keys as numbers or text; objects and masks are for missing values, of which there are none."""
    bare = np.asarray(key)
    return bare.astype(str) if bare.dtype == object else bare


def _totals(con: Engine, plan: _Plan) -> dict[tuple[object, ...], Floats]:
    """Cross-products of all columns per stratum, by way of the patterns of levels."""
    factors = plan.factors if prod(len(f.levels) for f in plan.factors) <= _MOST_PATTERNS else ()
    parts = [_within_pattern(plan, c, factors) for c in plan.columns]
    distinct = list(dict.fromkeys(inner for _, inner in parts))
    pairs = [(i, j) for i in range(len(distinct)) for j in range(i, len(distinct))]
    found = con.execute(_totals_sql(plan, len(factors), distinct, pairs)).fetchnumpy()
    size = len(found["s0_0"])
    strata, keys = number_keys([np.asarray(found[f"b{i}"]) for i in range(len(plan.by))], size)
    marks = _decode(found, factors, [outer for outer, _ in parts], size)
    inner = np.array([distinct.index(x) for _, x in parts])
    totals: dict[tuple[object, ...], Floats] = {}
    for s in range(len(keys[0]) if plan.by else min(1, size)):
        at = np.flatnonzero(strata == s)
        total = np.zeros((len(parts), len(parts)))
        for i, j in pairs:
            weight = np.asarray(found[f"s{i}_{j}"], dtype=float)[at]
            a, b = np.flatnonzero(inner == i), np.flatnonzero(inner == j)
            block = marks[np.ix_(at, a)].T @ (marks[np.ix_(at, b)] * weight[:, None])
            total[np.ix_(a, b)] = block
            total[np.ix_(b, a)] = block.T
        totals[tuple(k[s] for k in keys)] = total
    return totals


def _within_pattern(
    plan: _Plan, column: Column, factors: Sequence[Factor]
) -> tuple[tuple[tuple[Factor, int], ...], str]:
    """Split a column into the indicators that are constant within a pattern, and the SQL of the rest."""
    outer = tuple((f, i) for f, i in column.marks if f in factors)
    inner = tuple((f, i) for f, i in column.marks if f not in factors)
    rest = Column("", inner, column.powers)
    return outer, "" if rest.is_constant else _column_sql(plan, rest)


def _totals_sql(plan: _Plan, factors: int, inner: Sequence[str], pairs: Sequence[tuple[int, int]]) -> str:
    """Sums of products of the inner columns by stratum and pattern; grouping by the codes beats packing them."""
    keys = [f"b{i}" for i in range(len(plan.by))] + [f"f{i}" for i in range(factors)]
    carried = [*keys, *(["v"] if plan.weight is not None else [])]
    carried += [f"{sql} AS u{i}" for i, sql in enumerate(inner) if sql]
    name = [f"u{i}" if sql else "" for i, sql in enumerate(inner)]
    sums = [f"{_product_sql(name[i], name[j], plan.weight is not None)} AS s{i}_{j}" for i, j in pairs]
    group = f" GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}" if keys else ""
    return (
        f"WITH base AS ({_base_sql(plan, keys=False)}), w AS (SELECT {', '.join(carried or ['1 AS nothing'])} FROM base) "
        f"SELECT {', '.join([*keys, *sums])} FROM w{group}"
    )


def _decode(
    found: Result, factors: Sequence[Factor], marks: Sequence[Sequence[tuple[Factor, int]]], size: int
) -> Floats:
    """For every pattern and column, 1 where the pattern has the column's levels."""
    levels = {f.name: np.asarray(found[f"f{i}"]) for i, f in enumerate(factors)}
    values = np.ones((size, len(marks)))
    for j, column in enumerate(marks):
        for f, i in column:
            values[:, j] *= levels[f.name] == i
    return values
