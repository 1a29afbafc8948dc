"""Gather moments from a relation with one SQL text: sums per group, and cross-products over all rows.

Sums of integers are exact whatever the order, the threads and the split, as long as they stay below 2^53.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from likvard.moments.columns import Column
from likvard.moments.moments import Moments, number_keys
from likvard.moments.passes import (
    Engine,
    Floats,
    Pass,
    Result,
    columns_sql,
    grouped,
    make_pass,
    numbers,
    patterns,
    plain,
    sum_sql,
)
from likvard.terms import ModelError

NO_ROWS = ("No row has a value in every column used.", "Check the columns for missing values.")


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
        raise ModelError(*NO_ROWS)
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
    p = make_pass(relation, by, groups, columns, rows, weight)
    sums = con.execute(_sums_sql(p)).fetchnumpy()
    strata, values = number_keys([plain(sums[b]) for b in p.strata], len(sums["n"]))
    totals = _totals(con, p)
    found: dict[tuple[object, ...], Moments] = {}
    for s, key in enumerate(_tuples(values, len(sums["n"]))):
        found[key] = _moments(p, sums, np.flatnonzero(strata == s), totals[key])
    return {key: m for key, m in found.items() if m.nobs}


def _tuples(values: Sequence[NDArray[np.generic]], rows: int) -> list[tuple[object, ...]]:
    """The strata's keys as tuples; one empty tuple if there are rows but no keys."""
    if not values:
        return [()] if rows else []
    return list(zip(*(v.tolist() for v in values), strict=True))


def _pairs(p: Pass) -> list[tuple[int, int]]:
    """The products that are summed per group: each once."""
    kept = set(p.rows)
    return [(i, j) for i in p.rows for j in range(len(p.columns)) if j >= i or j not in kept]


def _sums_sql(p: Pass) -> str:
    w, v = p.names, "v" if p.weight is not None else ""
    sums = [f"{sum_sql(w[i], w[j], v)} AS s{i}_{j}" for i, j in _pairs(p)]
    sums += ["SUM(LN(v)) AS lv"] if v else []
    return f"WITH {columns_sql(p)} SELECT {', '.join([*p.keys, 'COUNT(*) AS n', *sums])} FROM w{grouped(p.keys)}"


def _moments(p: Pass, sums: Result, at: NDArray[np.intp], total: Floats) -> Moments:
    """Lay out one stratum's groups in the order of their keys."""
    raw = [plain(sums[f"g{i}"])[at] for i in range(len(p.groups))]
    order = at[np.argsort(number_keys(raw, len(at))[0], kind="stable")]
    place = {row: i for i, row in enumerate(p.rows)}
    products = np.empty((len(at), len(p.rows), len(p.columns)))
    for i, j in _pairs(p):
        value = numbers(sums, f"s{i}_{j}")[order]
        products[:, place[i], j] = value
        if j in place:
            products[:, place[j], i] = value
    return Moments(
        groups=p.groups,
        keys=tuple(plain(sums[f"g{i}"])[order] for i in range(len(p.groups))),
        columns=p.columns,
        rows=p.rows,
        n=np.asarray(sums["n"], dtype=np.int64)[order],
        products=products,
        total=total,
        log_weight=float(numbers(sums, "lv")[order].sum()) if p.weight is not None else 0.0,
    )


def _totals(con: Engine, p: Pass) -> dict[tuple[object, ...], Floats]:
    """Cross-products of all columns per stratum, by way of the patterns of levels."""
    split = patterns(p)
    sql = f"WITH {split.sql()} SELECT {', '.join([*split.keys, *split.products()])} FROM w{grouped(split.keys)}"
    found = con.execute(sql).fetchnumpy()
    size = len(found["s0_0"])
    strata, values = number_keys([plain(found[b]) for b in p.strata], size)
    indicators = split.indicators(found, size)
    return {
        key: split.total(found, indicators, np.flatnonzero(strata == s)) for s, key in enumerate(_tuples(values, size))
    }
