"""The SQL of a pass over the rows, in the subset that DuckDB and Spark share, and what its answers mean.

A pass selects the keys, the factors' codes and the shifted numbers of the complete rows (`base_sql`), and sums
products of columns either by group or by the pattern of the factors' levels. By pattern, a product with an indicator
needs no arithmetic per row: a national table with nine flags and three numbers has 512 patterns and 10 products
instead of 78.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from likvard.moments.columns import ONE, Column, Factor, Number, factors_of, identifier, numbers_of

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


@dataclass(frozen=True)
class Pass:
    """What is summed: the columns w with the constant first, over the rows of a relation that are complete.

    `by` and `groups` are key columns; `rows` are the positions of the columns whose products are kept per group;
    `outcomes` are numbers that may be missing. In the SQL they are called b0.., g0.., f0.. (codes), x0.., y0.. and,
    as columns, w1..; v is the weight.
    """

    relation: str
    by: tuple[str, ...]
    groups: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[int, ...]
    weight: str | None = None
    outcomes: tuple[Number, ...] = ()

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """The factors of the columns."""
        return factors_of(self.columns)

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """The numbers of the columns."""
        return numbers_of(self.columns)

    @property
    def strata(self) -> tuple[str, ...]:
        """The SQL names of the strata's keys."""
        return tuple(f"b{i}" for i in range(len(self.by)))

    @property
    def keys(self) -> tuple[str, ...]:
        """The SQL names of the strata's and groups' keys."""
        return (*self.strata, *(f"g{i}" for i in range(len(self.groups))))

    @property
    def names(self) -> tuple[str, ...]:
        """The SQL name of each column; empty for the constant."""
        return tuple("" if c.is_constant else f"w{i}" for i, c in enumerate(self.columns))


def make_pass(
    relation: str,
    by: Sequence[str],
    groups: Sequence[str],
    columns: Sequence[Column],
    rows: Sequence[Column] = (),
    weight: str | None = None,
    outcomes: Sequence[Number] = (),
) -> Pass:
    """Put the constant first, keep each column once, and find the rows among them."""
    distinct = {c.content: c for c in (ONE, *columns, *rows)}
    places = {content: i for i, content in enumerate(distinct)}
    kept = sorted({places[c.content] for c in (ONE, *rows)})
    return Pass(relation, tuple(by), tuple(groups), tuple(distinct.values()), tuple(kept), weight, tuple(outcomes))


def base_sql(p: Pass, *, keys: bool, raw: bool = False) -> str:
    """Select keys, codes and shifted numbers of the rows that are complete but for the outcomes.

    With `raw` the outcomes stay as they are: enough, and narrow, where only their absence matters.
    """
    parts = [f"{identifier(b)} AS b{i}" for i, b in enumerate(p.by)]
    parts += [f"{identifier(g)} AS g{i}" for i, g in enumerate(p.groups)] if keys else []
    parts += [f"{f.code} AS f{i}" for i, f in enumerate(p.factors)]
    parts += [f"{x.shifted} AS x{i}" for i, x in enumerate(p.numbers)]
    parts += [f"{y.sql if raw else y.shifted} AS y{i}" for i, y in enumerate(p.outcomes)]
    used = [identifier(name) for name in (*p.by, *p.groups)] + [f.sql for f in p.factors] + [x.sql for x in p.numbers]
    if p.weight is not None:
        parts.append(f"CAST({identifier(p.weight)} AS DOUBLE) AS v")
        used.append(identifier(p.weight))
    where = " AND ".join(f"{sql} IS NOT NULL" for sql in dict.fromkeys(used)) or "TRUE"
    return f"SELECT {', '.join(parts or ['1 AS nothing'])} FROM {p.relation} AS t WHERE {where}"


def column_sql(p: Pass, column: Column) -> str:
    """The SQL of a column over the base, as a double."""
    place_f = {f.name: i for i, f in enumerate(p.factors)}
    place_x = {x.name: i for i, x in enumerate(p.numbers)}
    power = " * ".join(f"x{place_x[x.name]}" for x, k in column.powers for _ in range(k))
    if not column.marks:
        return power or "CAST(1 AS DOUBLE)"
    (first, level), *others = column.marks
    if not power and not others and len(first.levels) == 2 and level == 1:
        return f"CAST(f{place_f[first.name]} AS DOUBLE)"
    test = " AND ".join(f"f{place_f[f.name]} = {i}" for f, i in column.marks)
    return f"CASE WHEN {test} THEN {power or 'CAST(1 AS DOUBLE)'} ELSE CAST(0 AS DOUBLE) END"


def sum_sql(*factors: str) -> str:
    """The SQL of the sum of a product; empty factors are 1."""
    parts = [part for part in factors if part]
    return f"SUM({' * '.join(parts)})" if parts else "COUNT(*)"


def columns_sql(p: Pass) -> str:
    """Select the keys, the columns, the outcomes and the weight, as `w`, after a WITH."""
    carried = [*p.keys, *(["v"] if p.weight is not None else []), *(f"y{i}" for i in range(len(p.outcomes)))]
    carried += [f"{column_sql(p, c)} AS {name}" for c, name in zip(p.columns, p.names, strict=True) if name]
    return f"base AS ({base_sql(p, keys=True)}), w AS (SELECT {', '.join(carried or ['1 AS nothing'])} FROM base)"


def grouped(keys: Sequence[str]) -> str:
    """The GROUP BY and ORDER BY of keys."""
    return f" GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}" if keys else ""


@dataclass(frozen=True)
class Patterns:
    """How columns split over a pattern of levels: indicators that are constant within it, and an inner number.

    `inner` are the distinct inner SQL texts, with "" for the constant 1; `of` says which is each column's. With too
    many levels to count patterns there are no factors, and the inner texts are the columns themselves.
    """

    p: Pass
    factors: tuple[Factor, ...]
    marks: tuple[tuple[tuple[Factor, int], ...], ...]
    inner: tuple[str, ...]
    of: NDArray[np.int64]

    @property
    def keys(self) -> tuple[str, ...]:
        """The SQL names of the strata and the pattern; codes are grouped by as they are, which beats packing them."""
        return (*self.p.strata, *(f"f{i}" for i in range(len(self.factors))))

    @property
    def names(self) -> tuple[str, ...]:
        """The SQL name of each inner number; empty for the constant."""
        return tuple(f"u{i}" if sql else "" for i, sql in enumerate(self.inner))

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The products of inner numbers that are summed."""
        return [(i, j) for i in range(len(self.inner)) for j in range(i, len(self.inner))]

    def sql(self) -> str:
        """Select the pattern, the inner numbers, the outcomes and the weight, as `w`, after a WITH."""
        carried = [*self.keys, *(["v"] if self.p.weight is not None else [])]
        carried += [f"y{i}" for i in range(len(self.p.outcomes))]
        carried += [f"{sql} AS u{i}" for i, sql in enumerate(self.inner) if sql]
        base = base_sql(self.p, keys=False)
        return f"base AS ({base}), w AS (SELECT {', '.join(carried or ['1 AS nothing'])} FROM base)"

    def products(self, names: Sequence[str] = ()) -> list[str]:
        """The sums of products, called s0_0 and so on; `names` are other SQL texts of the inner numbers."""
        v, u = "v" if self.p.weight is not None else "", names or self.names
        return [f"{sum_sql(u[i], u[j], v)} AS s{i}_{j}" for i, j in self.pairs]

    def indicators(self, found: Result, size: int) -> Floats:
        """For every pattern found and every column, 1 where the pattern has the column's levels."""
        levels = {f.name: np.asarray(found[f"f{i}"]) for i, f in enumerate(self.factors)}
        values = np.ones((size, len(self.marks)))
        for j, column in enumerate(self.marks):
            for f, i in column:
                values[:, j] *= levels[f.name] == i
        return values

    def total(self, found: Result, indicators: Floats, at: NDArray[np.intp]) -> Floats:
        """Cross-products of all columns over the patterns `at`."""
        total = np.zeros((len(self.marks), len(self.marks)))
        for i, j in self.pairs:
            weight = np.asarray(found[f"s{i}_{j}"], dtype=float)[at]
            a, b = np.flatnonzero(self.of == i), np.flatnonzero(self.of == j)
            block = indicators[np.ix_(at, a)].T @ (indicators[np.ix_(at, b)] * weight[:, None])
            total[np.ix_(a, b)] = block
            total[np.ix_(b, a)] = block.T
        return total


def patterns(p: Pass) -> Patterns:
    """Split the columns of a pass over the patterns of its factors."""
    factors = p.factors if prod(len(f.levels) for f in p.factors) <= _MOST_PATTERNS else ()
    marks = [tuple((f, i) for f, i in c.marks if f in factors) for c in p.columns]
    rests = [Column("", tuple((f, i) for f, i in c.marks if f not in factors), c.powers) for c in p.columns]
    inner = ["" if rest.is_constant else column_sql(p, rest) for rest in rests]
    distinct = tuple(dict.fromkeys(inner))
    return Patterns(p, factors, tuple(marks), distinct, np.array([distinct.index(sql) for sql in inner]))


def plain(key: NDArray[np.generic]) -> NDArray[np.generic]:
    """Keys as numbers or text; objects and masks are for missing values, of which there are none."""
    bare = np.asarray(key)
    return bare.astype(str) if bare.dtype == object else bare


def numbers(found: Result, name: str) -> Floats:
    """A column of sums as doubles, with 0 for the sum of nothing."""
    column = found[name]
    bare = column.filled(0.0) if isinstance(column, np.ma.MaskedArray) else column
    return np.asarray(bare, dtype=float)
