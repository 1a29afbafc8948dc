"""The one-shot form: sums of pools of units, each so large that the sums tell of nobody.

Small units are put together until every pool passes the check, so the fit is near the pooled records' and not equal to
it: what lies between the units of a pool counts as within. How near is measured in `benchmarks/federation.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from likvard.flow.federation.check import LEAST, LEAST_PUPILS, RefusedShareError, exposed
from likvard.flow.federation.rows import Crowd
from likvard.moments.moments import Moments, add_up
from likvard.terms import Words

Whole = NDArray[np.int64]

REMEDY = Words(
    "Svara i en maskerad runda i stället; där göms summorna bland andra huvudmäns.",
    "Answer in a masked round instead; there the sums are hidden among those of other organisers.",
)


@dataclass(frozen=True, eq=False)
class Pooled:
    """Which pool each group was put in, and how many pools there are."""

    pool: Whole
    size: int


def pools(crowd: Crowd) -> Pooled:
    """Put groups together, the smallest first, until no pool tells of too few.

    Raises `RefusedShareError` if not even all groups together may be told.
    """
    pool = np.arange(len(crowd.labels))
    while True:
        size = int(pool.max()) + 1
        now = replace(crowd, nodes=pool[crowd.nodes], labels=tuple(str(i) for i in range(size)))
        weak = _weakest(now)
        if weak is None:
            return Pooled(pool, size)
        if size == 1:
            raise RefusedShareError(exposed(now), REMEDY)
        pool = _join(pool, weak, _nearest(now.sizes, weak))


def _weakest(crowd: Crowd) -> int | None:
    """The pool to put together with another: the smallest of those with a fault; the smallest of all if none has its own."""
    if not exposed(crowd):
        return None
    have = np.array(
        [
            np.bincount(crowd.nodes, weights=crowd.n * column, minlength=len(crowd.labels))
            for column in crowd.x.T[crowd.flags]
        ]
    ).reshape(-1, len(crowd.labels))
    rare = ((have > 0) & (have < LEAST)) | ((crowd.sizes - have > 0) & (crowd.sizes - have < LEAST))
    faulty = np.flatnonzero((crowd.sizes < LEAST_PUPILS) | rare.any(axis=0))
    among = faulty if len(faulty) else np.arange(len(crowd.labels))
    return int(among[np.argmin(crowd.sizes[among])])


def _nearest(sizes: NDArray[np.float64], weak: int) -> int:
    """The smallest other pool."""
    others = np.delete(np.arange(len(sizes)), weak)
    return int(others[np.argmin(sizes[others])])


def _join(pool: Whole, a: int, b: int) -> Whole:
    joined = np.where(pool == max(a, b), min(a, b), pool)
    return np.unique(joined, return_inverse=True)[1].astype(np.int64)


def pooled_moments(moments: Moments, found: Pooled) -> Moments:
    """The moments of pools: groups are numbered, nothing says which units are in them."""
    groups = ("unit",)
    keys = (np.arange(found.size).astype(str),)
    n = add_up(moments.n, found.pool, found.size)
    return replace(
        moments,
        groups=groups,
        keys=keys,
        n=n,
        products=add_up(moments.products[:, :1], found.pool, found.size),
        rows=(0,),
    )
