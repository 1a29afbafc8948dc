"""Exact sweeping of nested random effects out of the moments: up the tree for the likelihood, down it for the effects.

Random intercepts need only the sums of the lowest groups, slopes also the rows of their columns; every group is
then folded into its parent. Derivatives travel up beside the values (forward mode), so that the exact gradient and
Hessian cost a small multiple of the likelihood. With B the cross-product of a node and z its random columns,
sweeping takes B to T = B - B_z' M B_z, M = psi (I + G psi)^-1, G = B_zz, which is the node's share of W' V^-1 W.
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

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Tree:
    """Moments of nodes that nest, finest first.

    products   J x r x m: the finest nodes' rows, ordered so that siblings are neighbours at every level
    rows       the r columns of W that the rows are
    total      m x m: W' W
    starts     per level, where each parent's first child is; the last has a single root
    columns    per level, q x r: the random columns as combinations of the rows
    width      p + 1: the first columns of W are [X y], of which Q is made
    """

    products: Floats
    rows: Whole
    total: Floats
    starts: tuple[Whole, ...]
    columns: tuple[Floats, ...]
    width: int
    kind: ClassVar[str] = "nested"
    is_quick: ClassVar[bool] = True

    def sweep(self, directions: Sequence[Directions], k: int, *, derivatives: bool = True) -> Swept:
        """Sweep all levels' effects out; `directions` are the levels' covariances, `k` the length of theta."""
        return _sweep(self, directions, k, derivatives)

    def effects(self, directions: Sequence[Directions], beta: Floats) -> tuple[LevelEffects, ...]:
        """Predict every node's effects given theta and beta, finest level first."""
        return _effects(self, directions, beta)


@dataclass(frozen=True, eq=False)
class _State:
    """Node moments B (J x r x m), and their first (B1) and second (B2) derivatives by parameter."""

    B: Floats
    B1: dict[int, Floats]
    B2: dict[tuple[int, int], Floats]


class Totals:
    """Running totals Q and log |V| with their derivatives while a tree is swept."""

    def __init__(self, total: Floats, k: int) -> None:
        m = len(total)
        self.Q = total.copy()
        self.Q1 = np.zeros((k, m, m))
        self.Q2 = np.zeros((k, k, m, m))
        self.logdet = 0.0
        self.dlogdet = np.zeros(k)
        self.d2logdet = np.zeros((k, k))

    def second(self, a: int, b: int, Q: Floats, logdet: float) -> None:
        """Add to the second derivatives in parameters a and b."""
        for i, j in {(a, b), (b, a)}:
            self.Q2[i, j] += Q
            self.d2logdet[i, j] += logdet


def _sweep(tree: Tree, directions: Sequence[Directions], k: int, derivatives: bool) -> Swept:
    totals = Totals(tree.total, k)
    state = _State(tree.products, {}, {})
    for level, direction in enumerate(directions):
        top = level == len(directions) - 1
        state = _fold(_sweep_level(tree, level, direction, state, totals, top, derivatives), tree.starts[level], top)
    keep = slice(tree.width)
    return Swept(
        totals.Q[keep, keep],
        totals.Q1[:, keep, keep],
        totals.Q2[:, :, keep, keep],
        totals.logdet,
        totals.dlogdet,
        totals.d2logdet,
    )


def _fold(state: _State, starts: Whole, top: bool) -> _State:
    if top:
        return state
    return _State(
        np.add.reduceat(state.B, starts, axis=0),
        {a: np.add.reduceat(x, starts, axis=0) for a, x in state.B1.items()},
        {ab: np.add.reduceat(x, starts, axis=0) for ab, x in state.B2.items()},
    )


@dataclass(frozen=True, eq=False)
class _Level:
    """What sweeping one level needs for every node: C = B_z (q x m), G = B_zz, M, R = (I + G psi)^-1, D = R C, H = R G."""

    rows: Whole
    A: Floats
    C: Floats
    G: Floats
    M: Floats
    R: Floats
    D: Floats
    H: Floats
    logdet: float

    def z(self, X: Floats) -> Floats:
        """The random columns of node matrices X (J x ? x m)."""
        return X[:, :, self.rows] @ self.A.T


def _level(tree: Tree, level: int, B: Floats, psi: Floats) -> _Level:
    A, rows = tree.columns[level], tree.rows
    C = A @ B
    G = C[:, :, rows] @ A.T
    R, logdet = invert(np.eye(len(A)) + G @ psi)
    return _Level(rows, A, C, G, psi @ R, R, _times(R, C), R @ G, logdet)


def invert(K: Floats) -> tuple[Floats, float]:
    """Invert many small matrices (J x q x q) and add up their log determinants; scalars without LAPACK."""
    if K.shape[1] == 1:
        return np.divide(1.0, K, dtype=np.float64), float(np.log(K).sum())
    return np.asarray(np.linalg.inv(K), dtype=np.float64), float(np.linalg.slogdet(K)[1].sum())


def _times(A: Floats, X: Floats) -> Floats:
    """A @ X over nodes; written out for narrow A, because small products one by one cost more than their numbers."""
    width = X.shape[-2]
    if width > 3:
        return A @ X
    found: Floats = A[..., :, 0, None] * X[..., 0, None, :]
    for i in range(1, width):
        found += A[..., :, i, None] * X[..., i, None, :]
    return found


def _gram(X: Floats, Y: Floats) -> Floats:
    """The sum over nodes of X' Y, for X (J x q x m) and Y (J x q x m'), as one product."""
    return gram(X.reshape(-1, X.shape[2]), Y.reshape(-1, Y.shape[2]))


def _sweep_level(
    tree: Tree, level: int, direction: Directions, state: _State, totals: Totals, top: bool, derivatives: bool
) -> _State:
    here = _level(tree, level, state.B, direction.psi)
    MC = _times(here.M, here.C)
    totals.Q -= _gram(here.C, MC)
    totals.logdet += here.logdet
    B = state.B if top else state.B - _times(here.z(state.B), MC)
    if not derivatives:
        return _State(B, {}, {})
    B1, B2 = _lower(here, MC, state, totals, top)
    _own(here, direction, totals, B1, B2, top)
    _mixed(here, direction, state, totals, B2, MC, top)
    return _State(B, B1, B2)


def _left(F: Floats, rows: Whole) -> Floats:
    """F' with only the rows kept: J x r x q."""
    return F[:, :, rows].transpose(0, 2, 1)


def _own(
    here: _Level,
    direction: Directions,
    totals: Totals,
    B1: dict[int, Floats],
    B2: dict[tuple[int, int], Floats],
    top: bool,
) -> None:
    """Derivatives in the level's own parameters: d psi enters as -D' (d psi) D.

    Their sums over the nodes are few: D' D for all pairs of effects, and D' P H P D for all pairs of parameters.
    """
    own = list(direction.own)
    if not own:
        return
    size, q, m = here.D.shape
    moved = [_times(P, here.D) for P in direction.first]
    PD = np.concatenate(moved, axis=2)
    HPD = _times(here.H, PD)
    DD = _gram(here.D.reshape(size, 1, -1), here.D.reshape(size, 1, -1)).reshape(q, m, q, m)
    half = _gram(PD, HPD).reshape(len(own), m, len(own), m).transpose(0, 2, 1, 3)
    totals.Q1[own] -= np.einsum("auv,umvn->amn", direction.first, DD)
    bend = np.einsum("abuv,umvn->abmn", direction.second, DD)
    totals.Q2[np.ix_(own, own)] += half + half.transpose(0, 1, 3, 2) - bend
    H_sum = here.H.sum(axis=0)
    HP = here.H @ direction.first[:, None]
    totals.dlogdet[own] += np.einsum("uv,auv->a", H_sum, direction.first)
    pairs = gram(_by_node(HP), _by_node(HP.transpose(0, 1, 3, 2)))
    totals.d2logdet[np.ix_(own, own)] += np.einsum("uv,abuv->ab", H_sum, direction.second) - pairs
    if not top:
        _own_nodes(here, direction, moved, np.split(HPD, len(own), axis=2), B1, B2)


def _by_node(X: Floats) -> Floats:
    """Matrices per parameter and node as one column per parameter."""
    return X.reshape(len(X), -1).T


def _own_nodes(
    here: _Level,
    direction: Directions,
    PD: Sequence[Floats],
    HPD: Sequence[Floats],
    B1: dict[int, Floats],
    B2: dict[tuple[int, int], Floats],
) -> None:
    """The same derivatives of every node's rows, which go up to its parent."""
    Dr = _left(here.D, here.rows)
    for i, a in enumerate(direction.own):
        B1[a] = -_times(Dr, PD[i])
        for j, b in enumerate(direction.own[: i + 1]):
            both = _times(_left(PD[i], here.rows), HPD[j]) + _times(_left(HPD[j], here.rows), PD[i])
            B2[a, b] = both - _times(Dr, _times(direction.second[i, j], here.D))


def _trace(X: Floats, Y: Floats) -> float:
    """The sum over nodes of tr(X Y)."""
    return float(np.sum(X * Y.transpose(0, 2, 1)))


def _lower(
    here: _Level, MC: Floats, state: _State, totals: Totals, top: bool
) -> tuple[dict[int, Floats], dict[tuple[int, int], Floats]]:
    """Derivatives in the parameters of the levels below, which reach this level through its B."""
    B1: dict[int, Floats] = {}
    B2: dict[tuple[int, int], Floats] = {}
    F: dict[int, Floats] = {}
    MdG: dict[int, Floats] = {}
    for a, X in state.B1.items():
        dC = here.A @ X
        dG = dC[:, :, here.rows] @ here.A.T
        F[a] = dC - _times(dG, MC)
        MdG[a] = here.M @ dG
        totals.Q1[a] -= _through(MC, dC, dG)
        totals.dlogdet[a] += float(np.einsum("jaa->", MdG[a]))
        if not top:
            B1[a] = _project(here, MC, X, dC)
    for (a, b), X in state.B2.items():
        dC = here.A @ X
        dG = dC[:, :, here.rows] @ here.A.T
        FMF = _gram(F[a], _times(here.M, F[b]))
        logdet = float(np.einsum("jaa->", here.M @ dG)) - _trace(MdG[a], MdG[b])
        totals.second(a, b, -_through(MC, dC, dG) - FMF - FMF.T, logdet)
        if not top:
            both = _times(_left(F[a], here.rows), _times(here.M, F[b]))
            other = _times(_left(F[b], here.rows), _times(here.M, F[a]))
            B2[a, b] = _project(here, MC, X, dC) - both - other
    return B1, B2


def _through(MC: Floats, dC: Floats, dG: Floats) -> Floats:
    """The sum over nodes of d(C' M C) in direction (dC, dG) with psi fixed."""
    half = _gram(MC, dC)
    return half + half.T - _gram(MC, _times(dG, MC))


def _project(here: _Level, MC: Floats, X: Floats, dC: Floats) -> Floats:
    """P X P', where P = I - B_z' M z' takes out what the level's effects explain; rows only."""
    Y = X - _times(_left(MC, here.rows), dC)
    return Y - _times(here.z(Y), MC)


def _mixed(
    here: _Level,
    direction: Directions,
    state: _State,
    totals: Totals,
    B2: dict[tuple[int, int], Floats],
    MC: Floats,
    top: bool,
) -> None:
    """Second derivatives in one own parameter and one of the levels below."""
    for b, X in state.B1.items():
        dC = here.A @ X
        dG = dC[:, :, here.rows] @ here.A.T
        RF = _times(here.R, dC - _times(dG, MC))
        RdGR = here.R @ dG @ here.R.transpose(0, 2, 1)
        for i, a in enumerate(direction.own):
            PD = _times(direction.first[i], here.D)
            half = _gram(RF, PD)
            totals.second(a, b, -half - half.T, float(np.sum(RdGR.sum(axis=0) * direction.first[i])))
            if not top:
                B2[a, b] = -_times(_left(RF, here.rows), PD) - _times(_left(PD, here.rows), RF)


@dataclass(frozen=True, eq=False)
class LevelEffects:
    """Effects of one level's nodes: the conditional mode (J x q), and its covariance over the residual variance.

    `spread` (J x q x q) is given beta, as lme4's condVar; `slope` (J x q x p) is what a unit of each fixed effect
    takes from the mode: mode = u - slope beta.
    """

    mode: Floats
    spread: Floats
    slope: Floats


def _effects(tree: Tree, directions: Sequence[Directions], beta: Floats) -> tuple[LevelEffects, ...]:
    """Walk down from the root: each node's effects given those of the nodes above it."""
    levels, B = [], tree.products
    for level, direction in enumerate(directions):
        here = _level(tree, level, B, direction.psi)
        levels.append(here)
        if level < len(directions) - 1:
            B = np.add.reduceat(B - here.z(B) @ (here.M @ here.C), tree.starts[level], axis=0)
    p = tree.width - 1
    r = tree.products.shape[1]
    eta, omega = np.zeros((1, r, p + 1)), np.zeros((1, r, r))
    found: list[LevelEffects] = []
    for level in reversed(range(len(directions))):
        here, A = levels[level], tree.columns[level]
        parent = _parents(tree.starts[level], len(here.C))
        below, spread_above = eta[parent], omega[parent]
        MCr = here.M @ here.C[:, :, tree.rows]
        u = here.M @ here.C[:, :, : p + 1] - MCr @ below
        spread = here.M + MCr @ spread_above @ MCr.transpose(0, 2, 1)
        found.append(LevelEffects(u[:, :, p] - u[:, :, :p] @ beta, spread, u[:, :, :p]))
        keep = np.eye(r) - A.T @ MCr
        omega = A.T @ here.M @ A + keep @ spread_above @ keep.transpose(0, 2, 1)
        eta = below + A.T @ u
    return tuple(reversed(found))


def _parents(starts: Whole, size: int) -> Whole:
    """The parent of each child, from where each parent's first child is."""
    mark = np.zeros(size, dtype=np.int64)
    mark[starts[1:]] = 1
    return np.cumsum(mark)
