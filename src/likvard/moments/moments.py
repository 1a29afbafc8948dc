"""Moments: what the rows of a table sum to, per group and in all, and the two operations on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from likvard.moments.columns import Column, Content
from likvard.terms import ModelError, UsageError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Scalar = TypeVar("Scalar", np.float64, np.int64)


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over the rows of each group, where w = (w[0] = 1, w[1], ..., w[m-1]) are one row's shifted columns.

    groups       names of the G groups' keys, e.g. ("municipality", "school")
    keys         one array of length G per name; together they identify a group
    columns      the m columns of w; the first is the constant 1
    rows         indices of the r columns whose products are kept per group; the first is 0
    n[g]         number of rows in the group
    products     G x r x m: the sum of (weight) w[rows[i]] w[j] over the group's rows
    total        m x m: the sum of (weight) w w' over all rows
    log_weight   the sum of log weights; 0 without weights

    With `rows == (0,)` the group knows only its sums: enough for random intercepts of any depth. A random slope
    needs the row of its column. With all columns as rows it is the group's full cross-product.
    """

    groups: tuple[str, ...]
    keys: tuple[NDArray[np.generic], ...]
    columns: tuple[Column, ...]
    rows: tuple[int, ...]
    n: Whole
    products: Floats
    total: Floats
    log_weight: float = 0.0

    def __post_init__(self) -> None:
        size, m = len(self.n), len(self.columns)
        shapes = (self.products.shape, self.total.shape, *(k.shape for k in self.keys))
        if shapes != ((size, len(self.rows), m), (m, m), *((size,) for _ in self.groups)):
            raise ModelError(f"The moments' arrays do not fit together: {shapes}.", "Make moments with `gather`.")
        if not self.columns[0].is_constant or self.rows[0] != 0:
            raise ModelError("The first column of moments must be the constant.", "Make moments with `gather`.")

    @property
    def nobs(self) -> int:
        """Number of rows."""
        return int(self.n.sum())

    @property
    def s(self) -> Floats:
        """Sums of the columns per group, G x m."""
        return self.products[:, 0, :]

    @property
    def shift(self) -> Floats:
        """What was taken from each column that is a plain number, before summing; 0 for the others."""
        return np.array([c.powers[0][0].shift if len(c.powers) == 1 and not c.marks else 0.0 for c in self.columns])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(c.name for c in self.columns)

    @cached_property
    def places(self) -> dict[Content, int]:
        """Position of each column by its content."""
        return {c.content: i for i, c in enumerate(self.columns)}

    def index(self, name: str) -> int:
        """Position of the column `name`. Raises `UsageError` if there is none."""
        if name not in self.names:
            raise UsageError(f"The moments have no column {name!r}.", f"They have: {', '.join(self.names)}.")
        return self.names.index(name)

    def code(self, groups: Sequence[str]) -> tuple[Whole, tuple[NDArray[np.generic], ...]]:
        """Number the groups that `groups` identify: the number of each row, and the keys of each number, sorted."""
        if unknown := [g for g in groups if g not in self.groups]:
            raise UsageError(f"The moments are not grouped by {unknown[0]!r}.", f"Groups: {', '.join(self.groups)}.")
        return number_keys([self.keys[self.groups.index(g)] for g in groups], len(self.n))


def number_keys(keys: Sequence[NDArray[np.generic]], size: int) -> tuple[Whole, tuple[NDArray[np.generic], ...]]:
    """Number the distinct combinations of `keys` in sorted order: the number of each row, and each number's keys."""
    code = np.zeros(size, dtype=np.int64)
    for i, key in enumerate(keys):
        values, inverse = np.unique(key, return_inverse=True)
        both = np.unique(code * len(values) + inverse, return_inverse=True)[1] if i else inverse
        code = both.astype(np.int64)
    first = np.zeros(int(code.max(initial=-1)) + 1, dtype=np.int64)
    first[code[::-1]] = np.arange(size)[::-1]
    return code, tuple(key[first] for key in keys)


def add_up(values: NDArray[Scalar], code: Whole, size: int) -> NDArray[Scalar]:
    """Add the leading dimension of `values` within each code 0 ... size-1, in row order."""
    order = np.argsort(code, kind="stable")
    starts = np.searchsorted(code[order], np.arange(size))
    found: NDArray[Scalar] = np.add.reduceat(values[order], starts, axis=0) if size else values[:0]
    return found


def marginalise(m: Moments, keep: Sequence[str]) -> Moments:
    """Add up the groups that agree on the keys in `keep`; the total stays."""
    code, keys = m.code(keep)
    size = len(keys[0]) if keys else min(1, len(m.n))
    return replace(m, groups=tuple(keep), keys=keys, n=add_up(m.n, code, size), products=add_up(m.products, code, size))


def merge(a: Moments, b: Moments) -> Moments:
    """Add the moments of two sets of rows, e.g. of two organisers. Raises `ModelError` unless they are made alike."""
    if (a.groups, a.columns, a.rows) != (b.groups, b.columns, b.rows):
        raise ModelError(
            "Moments of different groups, columns or shifts cannot be added.", "Gather both by the same declaration."
        )
    both = Moments(
        groups=a.groups,
        keys=tuple(np.concatenate(pair) for pair in zip(a.keys, b.keys, strict=True)),
        columns=a.columns,
        rows=a.rows,
        n=np.concatenate([a.n, b.n]),
        products=np.concatenate([a.products, b.products]),
        total=a.total + b.total,
        log_weight=a.log_weight + b.log_weight,
    )
    return marginalise(both, a.groups)
