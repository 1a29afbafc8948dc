"""Nested random intercepts: the sweep of `nested` where every node is a sum of rows and a number of rows.

With one random column, the constant, sweeping multiplies a node's sums by R = 1 / (1 + psi g), g its (swept) number of
rows; so derivatives are scalars per node, and what the likelihood needs are sums of outer products weighted by them.
Finest nodes of equal size share their weights: where sizes repeat they are folded beforehand, which makes the cost of
an evaluation independent of their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from likvard.models.multilevel_covariance import Directions
from likvard.models.multilevel_criterion import Swept
from likvard.models.multilevel_products import gram
from likvard.models.nested import LevelEffects, Totals, Tree

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

_WORTH_FOLDING = 8  # finest nodes per distinct size


@dataclass(frozen=True, eq=False)
class Intercepts:
    """The nodes of a tree with random intercepts at every level.

    sizes    the u distinct numbers of rows of the finest nodes, or every node's own where folding is not worth it
    count    finest nodes of each size
    outer    u x m x m: sums of outer products of the finest nodes' sums; None where each node stands alone
    B        sums of the columns of [X y 1] per fold: finest nodes of one size and one parent
    at       each fold's size, as a position in `sizes`
    starts   per level, where each parent's first child (or fold) is
    tree     the nodes unfolded, for their effects
    """

    sizes: Floats
    count: Floats
    outer: Floats | None
    B: Floats
    at: Whole
    starts: tuple[Whole, ...]
    tree: Tree
    kind: ClassVar[str] = "nested"
    is_quick: ClassVar[bool] = True

    def sweep(self, directions: Sequence[Directions], k: int, *, derivatives: bool = True) -> Swept:
        """Sweep all levels' intercepts out; `directions` are the levels' variances, `k` the length of theta."""
        return _sweep(self, directions, k, derivatives)

    def effects(self, directions: Sequence[Directions], beta: Floats) -> tuple[LevelEffects, ...]:
        """Predict every node's intercept given theta and beta, finest level first."""
        return self.tree.effects(directions, beta)


def intercepts(tree: Tree) -> Intercepts:
    """Make the nodes of a tree whose only random column, at every level, is the constant."""
    scale = float(tree.columns[0][0, 0])
    B = tree.products[:, 0, : tree.width + 1] * scale
    B[:, -1] *= scale
    sizes, at = np.unique(B[:, -1], return_inverse=True)
    if len(sizes) * _WORTH_FOLDING > len(B):
        return Intercepts(B[:, -1].copy(), np.ones(len(B)), None, B, np.arange(len(B)), tree.starts, tree)
    count = np.bincount(at).astype(float)
    by_size = np.split(np.argsort(at, kind="stable"), np.cumsum(count)[:-1].astype(int))
    outer = np.stack([B[nodes].T @ B[nodes] for nodes in by_size])
    parent = np.searchsorted(tree.starts[0], np.arange(len(B)), side="right") - 1
    folds, fold = np.unique(parent * len(sizes) + at, return_inverse=True)
    order = np.argsort(fold, kind="stable")
    summed = np.add.reduceat(B[order], np.searchsorted(fold[order], np.arange(len(folds))), axis=0)
    starts = np.searchsorted(folds // len(sizes), np.arange(len(tree.starts[0])))
    return Intercepts(sizes, count, outer, summed, folds % len(sizes), (starts, *tree.starts[1:]), tree)


@dataclass(frozen=True, eq=False)
class _State:
    """Nodes' sums B (J x m) after sweeping, with their first (B1) and second (B2) derivatives by parameter."""

    B: Floats
    B1: dict[int, Floats]
    B2: dict[tuple[int, int], Floats]

    def fold(self, starts: Whole) -> _State:
        """Add children up to their parents."""
        return _State(
            np.add.reduceat(self.B, starts, axis=0),
            {a: np.add.reduceat(x, starts, axis=0) for a, x in self.B1.items()},
            {ab: np.add.reduceat(x, starts, axis=0) for ab, x in self.B2.items()},
        )


def _sweep(x: Intercepts, directions: Sequence[Directions], k: int, derivatives: bool) -> Swept:
    w = x.tree.width
    totals = Totals(x.tree.total[:w, :w], k)
    state = _finest(x, _Own.at(directions[0], x.sizes), totals, derivatives)
    for direction, starts in zip(directions[1:], x.starts, strict=False):
        folded = state.fold(starts)
        own = _Own.at(direction, folded.B[:, -1])
        state = _upper(folded, own, totals) if derivatives else _upper_value(folded, own, totals)
    return Swept(totals.Q, totals.Q1, totals.Q2, totals.logdet, totals.dlogdet, totals.d2logdet)


@dataclass(frozen=True, eq=False)
class _Own:
    """A level's variance psi with its derivatives, and per node R and M = psi R with theirs in the own parameter."""

    a: int
    psi: float
    first: float
    g: Floats
    R: Floats
    Ra: Floats
    Raa: Floats
    M: Floats
    Ma: Floats
    Maa: Floats
    logdet: Floats
    dlogdet: Floats
    d2logdet: Floats

    @classmethod
    def at(cls, direction: Directions, g: Floats) -> _Own:
        """Compute them; a level without a parameter (it is held) has derivatives of zero."""
        a = direction.own[0] if direction.own else -1
        psi, first, second = (float(v.sum()) for v in (direction.psi, direction.first, direction.second))
        R = 1 / (1 + psi * g)
        R2, gR = R * R, g * R
        Ra = -first * gR * R
        pull = first * gR
        return cls(
            a=a,
            psi=psi,
            first=first,
            g=g,
            R=R,
            Ra=Ra,
            Raa=R * (2 * pull * pull - second * gR),
            M=psi * R,
            Ma=first * R2,
            Maa=R2 * (second - 2 * first * pull),
            logdet=-np.log(R),
            dlogdet=pull,
            d2logdet=second * gR - pull * pull,
        )


def _finest(x: Intercepts, own: _Own, totals: Totals, derivatives: bool) -> _State:
    """Sweep the finest nodes, whose sums do not depend on theta."""
    w, a = x.tree.width, own.a
    totals.logdet += float(x.count @ own.logdet)
    wanted = [own.M, own.Ma, own.Maa] if derivatives else [own.M]
    if x.outer is None:
        squares = [_gram(weight, x.B, x.B) for weight in wanted]
    else:
        flat = gram(np.array(wanted).T, x.outer.reshape(len(x.outer), -1))
        squares = list(flat.reshape(len(wanted), *x.outer.shape[1:]))
    totals.Q -= squares[0][:w, :w]
    B = x.B * own.R[x.at, None]
    if not derivatives:
        return _State(B, {}, {})
    totals.Q1[a] -= squares[1][:w, :w]
    totals.dlogdet[a] += float(x.count @ own.dlogdet)
    totals.second(a, a, -squares[2][:w, :w], float(x.count @ own.d2logdet))
    return _State(B, {a: x.B * own.Ra[x.at, None]}, {(a, a): x.B * own.Raa[x.at, None]})


def _gram(weight: Floats, X: Floats, Y: Floats) -> Floats:
    """The weighted sum over nodes of x y'."""
    return gram(X * weight[:, None], Y)


def _both(weight: Floats, X: Floats, Y: Floats) -> Floats:
    half = _gram(weight, X, Y)
    return half + half.T


def _upper_value(s: _State, own: _Own, totals: Totals) -> _State:
    w = len(totals.Q)
    totals.Q -= _gram(own.M, s.B, s.B)[:w, :w]
    totals.logdet += float(own.logdet.sum())
    return _State(s.B * own.R[:, None], {}, {})


def _upper(s: _State, own: _Own, totals: Totals) -> _State:
    """Sweep nodes whose sums depend on the parameters of the levels below."""
    w, a, B = len(totals.Q), own.a, s.B
    X = B[:, :w]
    after = _upper_value(s, own, totals)
    totals.Q1[a] -= _gram(own.Ma, X, X)
    totals.dlogdet[a] += float(own.dlogdet.sum())
    totals.second(a, a, -_gram(own.Maa, X, X), float(own.d2logdet.sum()))
    after.B1[a] = B * own.Ra[:, None]
    after.B2[a, a] = B * own.Raa[:, None]
    R2 = own.R**2
    Rb = {b: -own.psi * B1[:, -1] * R2 for b, B1 in s.B1.items()}
    for b, B1 in s.B1.items():
        g, Mb = B1[:, -1], own.psi * Rb[b]
        totals.Q1[b] -= _gram(Mb, X, X) + _both(own.M, B1[:, :w], X)
        totals.dlogdet[b] += float(own.M @ g)
        after.B1[b] = B * Rb[b][:, None] + B1 * own.R[:, None]
        Rab = -own.first * g * R2 * (1 - 2 * own.M * own.g)
        mixed = _gram(2 * own.first * own.R * Rb[b], X, X) + _both(own.Ma, B1[:, :w], X)
        totals.second(a, b, -mixed, float((own.first * g) @ R2))
        after.B2[a, b] = B * Rab[:, None] + B1 * own.Ra[:, None]
    for (b, c), B2 in s.B2.items():
        B1b, B1c = s.B1[b], s.B1[c]
        Rbc = -own.psi * B2[:, -1] * R2 + 2 * own.M**2 * B1b[:, -1] * B1c[:, -1] * own.R
        Q = _gram(own.psi * Rbc, X, X) + _both(own.psi * Rb[b], B1c[:, :w], X) + _both(own.psi * Rb[c], B1b[:, :w], X)
        Q += _both(own.M, B2[:, :w], X) + _both(own.M, B1b[:, :w], B1c[:, :w])
        logdet = float(own.M @ B2[:, -1]) - float((own.M**2) @ (B1b[:, -1] * B1c[:, -1]))
        totals.second(b, c, -Q, logdet)
        bend = B * Rbc[:, None] + B1c * Rb[b][:, None] + B1b * Rb[c][:, None]
        after.B2[b, c] = bend + B2 * own.R[:, None]
    return after
