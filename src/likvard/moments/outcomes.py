"""Moments of many outcomes over the same columns, where each outcome is missing for some rows: exact in three queries.

Sums of the columns over the rows that have an outcome are those over all rows less those over the rows that miss it
(or directly over the rows that have it, where most miss it), so that the cost follows the number of missing values
and not rows times outcomes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from likvard.moments.columns import Column, Number
from likvard.moments.moments import Moments, number_keys
from likvard.moments.passes import (
    Engine,
    Floats,
    Pass,
    Patterns,
    Result,
    base_sql,
    column_sql,
    columns_sql,
    grouped,
    make_pass,
    numbers,
    patterns,
    plain,
    sum_sql,
)

_AT_ONCE = 30  # outcomes marked in one whole number of 32 bits


def gather_outcomes(
    con: Engine, relation: str, groups: Sequence[str], columns: Sequence[Column], outcomes: Sequence[Number]
) -> dict[str, Moments]:
    """Gather, for every outcome by its name, the moments of `columns` and of it over the rows that have it.

    The groups know only their sums (random intercepts). Rows must have a value in every group and column. An outcome
    that no row has is left out.
    """
    if len(outcomes) > _AT_ONCE:
        first, rest = outcomes[:_AT_ONCE], outcomes[_AT_ONCE:]
        both = (gather_outcomes(con, relation, groups, columns, part) for part in (first, rest))
        return {name: m for found in both for name, m in found.items()}
    p = make_pass(relation, (), groups, columns, outcomes=outcomes)
    split = patterns(p)
    sums = con.execute(_sums_sql(p)).fetchnumpy()
    present = np.array([numbers(sums, f"n{k}") for k in range(len(outcomes))])
    n = numbers(sums, "n")
    whole = con.execute(_products_sql(split)).fetchnumpy()
    mostly = {k: bool(present[k].sum() * 2 >= n.sum()) for k in range(len(outcomes)) if (present[k] < n).any()}
    everything = _everything(p, split, sums, whole, present)
    apart = _gather_apart(con, p, split, mostly, everything.keys) if mostly else None
    return {y.name: _moments(everything, k, apart) for k, y in enumerate(outcomes) if present[k].any()}


@dataclass(frozen=True, eq=False)
class _Everything:
    """Sums over all rows: per group in the order of their keys (G x m), and products (m x m), with the outcomes'.

    `present` and `outcome_sums` are outcomes x G, `cross` outcomes x m, `squares` one per outcome.
    """

    p: Pass
    split: Patterns
    keys: tuple[NDArray[np.generic], ...]
    sums: Floats
    total: Floats
    present: Floats
    outcome_sums: Floats
    cross: Floats
    squares: Floats


def _everything(p: Pass, split: Patterns, sums: Result, whole: Result, present: Floats) -> _Everything:
    keys = [plain(sums[g]) for g in p.keys]
    order = np.argsort(number_keys(keys, len(sums["n"]))[0], kind="stable")
    size, outcomes = len(whole["s0_0"]), range(len(p.outcomes))
    indicators = split.indicators(whole, size)
    inner = np.array([[numbers(whole, f"r{i}_{k}") for i in range(len(split.inner))] for k in outcomes])
    return _Everything(
        p=p,
        split=split,
        keys=tuple(key[order] for key in keys),
        sums=np.column_stack([numbers(sums, f"s{i}" if w else "n")[order] for i, w in enumerate(p.names)]),
        total=split.total(whole, indicators, np.arange(size)),
        present=present[:, order],
        outcome_sums=np.array([numbers(sums, f"t{k}")[order] for k in outcomes]),
        cross=np.einsum("pc,kcp->kc", indicators, inner[:, split.of]),
        squares=np.array([numbers(whole, f"q{k}").sum() for k in outcomes]),
    )


def _sums_sql(p: Pass) -> str:
    sums = [f"SUM({w}) AS s{i}" for i, w in enumerate(p.names) if w]
    sums += [f"COUNT(y{k}) AS n{k}, SUM(y{k}) AS t{k}" for k in range(len(p.outcomes))]
    return f"WITH {columns_sql(p)} SELECT {', '.join([*p.keys, 'COUNT(*) AS n', *sums])} FROM w{grouped(p.keys)}"


def _products_sql(split: Patterns) -> str:
    sums = split.products()
    for k in range(len(split.p.outcomes)):
        sums += [f"{sum_sql(u, f'y{k}')} AS r{i}_{k}" for i, u in enumerate(split.names)]
        sums.append(f"SUM(y{k} * y{k}) AS q{k}")
    return f"WITH {split.sql()} SELECT {', '.join([*split.keys, *sums])} FROM w{grouped(split.keys)}"


@dataclass(frozen=True, eq=False)
class _Apart:
    """Sums over the rows that miss an outcome, or over those that have it where most miss it, outcome by outcome.

    `mostly` says for each such outcome whether most rows have it. `found` holds groups' sums and patterns' products
    below one another; `groups` and `patterns` say which rows of it are which outcome's, `places` which group a row is.
    """

    mostly: dict[int, bool]
    found: Result
    indicators: Floats
    groups: dict[int, NDArray[np.intp]]
    patterns: dict[int, NDArray[np.intp]]
    places: NDArray[np.int64]


def _gather_apart(
    con: Engine, p: Pass, split: Patterns, mostly: dict[int, bool], keys: Sequence[NDArray[np.generic]]
) -> _Apart:
    found = con.execute(_apart_sql(p, split, mostly)).fetchnumpy()
    outcome = np.asarray(found["k"])
    by_group = np.asarray(np.ma.getmaskarray(np.ma.asarray(found["b"])))
    at = np.flatnonzero(by_group)
    places = np.zeros(len(outcome), dtype=np.int64)
    places[at] = _places(keys, [plain(found[g][at]) for g in p.keys], len(at))
    return _Apart(
        mostly=mostly,
        found=found,
        indicators=split.indicators(found, len(outcome)),
        groups={k: np.flatnonzero(by_group & (outcome == k)) for k in mostly},
        patterns={k: np.flatnonzero(~by_group & (outcome == k)) for k in mostly},
        places=places,
    )


def _apart_sql(p: Pass, split: Patterns, mostly: dict[int, bool]) -> str:
    """One row per outcome and row of the table that misses it (or has it), summed by group and by pattern at once.

    Where summed by group, `b` is missing; where by pattern, `a`. Each row is marked with a bit per outcome and joined
    with the list of bits, which costs less than a scan, or a UNION, per outcome.
    """
    carried = [*p.keys, *(f"f{i}" for i in range(len(p.factors))), *(f"x{i}" for i in range(len(p.numbers)))]
    bits = {k: 1 << i for i, k in enumerate(mostly)}
    mask = " + ".join(
        f"CASE WHEN y{k} IS {'' if most else 'NOT '}NULL THEN {bits[k]} ELSE 0 END" for k, most in mostly.items()
    )
    listed = ", ".join(f"({k}, {bit})" for k, bit in bits.items())
    sums = ["COUNT(*) AS n"]
    sums += [f"SUM({column_sql(p, c)}) AS s{i}" for i, c in enumerate(p.columns) if not c.is_constant]
    by_group, by_pattern = ["k", *p.keys, "a"], ["k", *split.keys, "b"]
    chosen = dict.fromkeys([*by_group, *by_pattern])
    return (
        f"WITH base AS ({base_sql(p, keys=True, raw=True)}), "
        f"marked AS (SELECT {''.join(f'{name}, ' for name in carried)}{mask} AS mask FROM base), "
        f"m AS (SELECT {''.join(f'{name}, ' for name in carried)}0 AS a, 0 AS b, k FROM marked "
        f"CROSS JOIN (VALUES {listed}) AS listed(k, bit) WHERE (mask & bit) <> 0) "
        f"SELECT {', '.join([*chosen, *sums, *split.products(split.inner)])} FROM m "
        f"GROUP BY GROUPING SETS (({', '.join(by_group)}), ({', '.join(by_pattern)}))"
    )


def _places(keys: Sequence[NDArray[np.generic]], wanted: Sequence[NDArray[np.generic]], size: int) -> NDArray[np.int64]:
    """Where each of `size` combinations of the keys `wanted` stands among the combinations of `keys`, in order."""
    known = len(keys[0]) if keys else 0
    both = [np.concatenate(pair) for pair in zip(keys, wanted, strict=True)]
    return number_keys(both, known + size)[0][known:]


def _moments(x: _Everything, k: int, apart: _Apart | None) -> Moments:
    """One outcome's moments, its own column last."""
    m, y = len(x.p.columns), x.p.outcomes[k]
    sums, products = x.sums, x.total
    if apart is not None and k in apart.mostly:
        sums, products = _corrected(x, k, apart)
    total = np.empty((m + 1, m + 1))
    total[:m, :m], total[:m, m], total[m, :m], total[m, m] = products, x.cross[k], x.cross[k], x.squares[k]
    kept = np.flatnonzero(x.present[k])
    return Moments(
        groups=x.p.groups,
        keys=tuple(key[kept] for key in x.keys),
        columns=(*x.p.columns, Column(y.name, powers=((y, 1),))),
        rows=(0,),
        n=x.present[k, kept].astype(np.int64),
        products=np.column_stack([sums, x.outcome_sums[k]])[kept, None, :],
        total=total,
    )


def _corrected(x: _Everything, k: int, apart: _Apart) -> tuple[Floats, Floats]:
    """The columns' sums and products over the rows that have outcome k."""
    at = apart.groups[k]
    own = np.column_stack([numbers(apart.found, f"s{i}" if w else "n")[at] for i, w in enumerate(x.p.names)])
    spread = np.zeros_like(x.sums)
    spread[apart.places[at]] = own
    products = x.split.total(apart.found, apart.indicators, apart.patterns[k])
    return (x.sums - spread, x.total - products) if apart.mostly[k] else (spread, products)
