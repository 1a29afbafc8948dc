"""Exact elimination of crossed random effects from a table of cells, with gradient and Hessian.

The largest grouping is block diagonal and is eliminated first; what is left of the others (r effects in all) is one
dense Schur complement (Bates et al. 2015, section 5.4, with a dense last block). Memory grows with r squared, time
with r cubed. With H = Z' V^-1 Z and D = Z' V^-1 [X y], the derivatives in the covariances P of the effects are
Q1 = -D' dP D, d log|V| = tr(H dP), and the second ones hold H once and twice more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import solve_triangular

from likvard.models.multilevel_covariance import Directions
from likvard.models.multilevel_criterion import Swept
from likvard.models.nested import LevelEffects, invert
from likvard.moments.moments import add_up
from likvard.terms import ModelError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

_LARGEST = 12_000  # effects outside the largest grouping: 1.2 GB a matrix
_CHUNK = 1 << 22


@dataclass(frozen=True, eq=False)
class Cross:
    """Cross-products of crossed groupings: Z'Z in blocks, Z'[X y] per grouping, and [X y]'[X y].

    G11        J x q x q: the largest grouping's blocks
    G12, G22   between it and the rest (sparse), and among the rest (r x r)
    C          per grouping, J x q x (p+1)
    """

    G11: Floats
    G12: sparse.csr_matrix
    G22: Floats
    C: tuple[Floats, ...]
    total: Floats
    kind: ClassVar[str] = "crossed"

    def sweep(self, directions: Sequence[Directions], k: int) -> Swept:
        """Eliminate all effects; `k` is the length of theta."""
        return _sweep(self, directions, k)

    def effects(self, directions: Sequence[Directions], beta: Floats) -> tuple[LevelEffects, ...]:
        """Predict every group's effects given theta and beta, per grouping."""
        return _effects(self, directions, beta)


def cross(
    products: Floats,
    rows: Whole,
    total: Floats,
    codes: Sequence[Whole],
    columns: Sequence[Floats],
    width: int,
) -> Cross:
    """Set up the cross-products from cells (cells x r x m) and each cell's group in every grouping, largest first.

    `columns` (q x r) write each grouping's random columns in the cells' rows; `rows` are the columns of the cells
    that are those rows, and the first `width` are [X y]. Raises `ModelError` when the rest is too large for dense algebra.
    """
    sizes = [int(code.max()) + 1 for code in codes]
    widths = [size * len(A) for size, A in zip(sizes, columns, strict=True)]
    if sum(widths[1:]) > _LARGEST:
        raise ModelError(
            f"Crossed groupings with {sum(widths[1:])} effects besides the largest need more memory than is planned for.",
            f"Keep all but the largest grouping under {_LARGEST} effects together.",
        )
    C = [A @ add_up(products, code, size) for A, code, size in zip(columns, codes, sizes, strict=True)]
    cell = products[:, :, rows]
    between = {
        (f, g): _between(columns[f] @ cell @ columns[g].T, codes[f], codes[g], (widths[f], widths[g]))
        for f in range(len(codes))
        for g in range(f, len(codes))
        if f != g or f > 0
    }
    rest = range(1, len(codes))
    G12 = sparse.hstack([between[0, g] for g in rest], format="csr")
    G22 = sparse.bmat([[between[f, g] if f <= g else between[g, f].T for g in rest] for f in rest]).toarray()
    G11 = C[0][:, :, rows] @ columns[0].T
    return Cross(G11, G12, G22, tuple(c[:, :, :width] for c in C), total[:width, :width])


def _between(cells: Floats, f: Whole, g: Whole, shape: tuple[int, int]) -> sparse.csr_matrix:
    """Z_f' Z_g from what each cell adds to it (cells x q_f x q_g)."""
    qf, qg = cells.shape[1:]
    i = np.broadcast_to((f * qf)[:, None, None] + np.arange(qf)[:, None], cells.shape)
    j = np.broadcast_to((g * qg)[:, None, None] + np.arange(qg), cells.shape)
    return sparse.coo_matrix((cells.ravel(), (i.ravel(), j.ravel())), shape=shape).tocsr()


@dataclass(frozen=True, eq=False)
class _Eliminated:
    """What elimination leaves. `big` is the largest grouping, without it means the rest; N N' = M2, F = Z1' V1^-1 Z2."""

    F: sparse.csr_matrix
    H1: Floats
    D1: Floats
    H2: Floats
    D2: Floats
    NT: Floats
    S: Floats
    Q: Floats
    logdet: float


def _eliminate(x: Cross, directions: Sequence[Directions]) -> _Eliminated:
    psi = directions[0].psi
    R, logdet = invert(np.eye(len(psi)) + x.G11 @ psi)
    M = psi @ R
    C1, C2 = x.C[0], np.vstack([c.reshape(-1, c.shape[2]) for c in x.C[1:]])
    MC = M @ C1
    G = x.G22 - (x.G12.T @ (_block_diagonal(M) @ x.G12)).toarray()
    C = C2 - x.G12.T @ MC.reshape(-1, MC.shape[2])
    root = [np.asarray(d.root) for d in directions[1:]]
    shapes = [c.shape[:2] for c in x.C[1:]]
    LG = _by_root(G, root, shapes)
    K = np.eye(len(G)) + _by_root(LG.T.copy(), root, shapes)
    chol = np.linalg.cholesky((K + K.T) / 2)
    W = solve_triangular(chol, LG, lower=True, check_finite=False)
    NT = solve_triangular(chol, _by_root(np.eye(len(G)), root, shapes), lower=True, check_finite=False)
    c = solve_triangular(chol, _by_root(C, root, shapes), lower=True, check_finite=False)
    F = (_block_diagonal(R) @ x.G12).tocsr()
    return _Eliminated(
        F=F,
        H1=R @ x.G11,
        D1=R @ C1 - (F @ (NT.T @ c)).reshape(C1.shape),
        H2=G - W.T @ W,
        D2=C - W.T @ c,
        NT=NT,
        S=NT.T @ W,
        Q=x.total - np.einsum("jqm,jqn->mn", C1, MC) - c.T @ c,
        logdet=logdet + 2 * float(np.log(np.diag(chol)).sum()),
    )


def _block_diagonal(blocks: Floats) -> sparse.bsr_matrix:
    size = len(blocks)
    return sparse.bsr_matrix((blocks, np.arange(size), np.arange(size + 1)))


def _by_root(X: Floats, roots: Sequence[Floats], shapes: Sequence[tuple[int, int]]) -> Floats:
    """Multiply from the left by the transposed block diagonal root of the rest's covariance."""
    parts, begin = [], 0
    for root, (size, q) in zip(roots, shapes, strict=True):
        block = X[begin : begin + size * q].reshape(size, q, -1)
        parts.append((root.T @ block).reshape(size * q, -1))
        begin += size * q
    return np.vstack(parts)


def _chunks(F: sparse.csr_matrix, q: int) -> Iterator[slice]:
    """Slices of whole groups of the largest grouping, small enough for dense rows."""
    step = q * max(1, _CHUNK // max(1, q * F.shape[1]))
    return (slice(begin, min(begin + step, F.shape[0])) for begin in range(0, F.shape[0], step))


def _sweep(x: Cross, directions: Sequence[Directions], k: int) -> Swept:
    e = _eliminate(x, directions)
    m = len(x.total)
    sums, squares = _square_sums(x, e)
    swept = Swept(e.Q, np.zeros((k, m, m)), np.zeros((k, k, m, m)), e.logdet, np.zeros(k), np.zeros((k, k)))
    D = [e.D1, *_split(e.D2, x)]
    moved = {a: d.first[i] @ D[f] for f, d in enumerate(directions) for i, a in enumerate(d.own)}
    at = {a: (f, i) for f, d in enumerate(directions) for i, a in enumerate(d.own)}
    HU = {a: _apply(x, e, at[a][0], moved[a]) for a in moved}
    for a, (f, i) in at.items():
        swept.Q1[a] = -np.einsum("jqm,jqn->mn", D[f], moved[a])
        swept.dlogdet[a] = np.sum(sums[f] * directions[f].first[i])
        for b, (g, j) in at.items():
            if b > a:
                continue
            cross_term = np.einsum("jqm,jqn->mn", moved[a], HU[b][f])
            Q = cross_term + cross_term.T
            logdet = -np.einsum("xa,cd,acxd->", directions[f].first[i], directions[g].first[j], squares[f, g])
            if f == g:
                SD = directions[f].second[i, j] @ D[f]
                Q = Q - np.einsum("jqm,jqn->mn", D[f], SD)
                logdet += np.sum(sums[f] * directions[f].second[i, j])
            swept.Q2[a, b] = swept.Q2[b, a] = Q
            swept.d2logdet[a, b] = swept.d2logdet[b, a] = logdet
    return swept


def _split(X: Floats, x: Cross) -> list[Floats]:
    """Cut the rest's rows into groupings: J x q x columns each."""
    parts, begin = [], 0
    for c in x.C[1:]:
        size, q = c.shape[:2]
        parts.append(X[begin : begin + size * q].reshape(size, q, -1))
        begin += size * q
    return parts


def _apply(x: Cross, e: _Eliminated, grouping: int, U: Floats) -> list[Floats]:
    """H U for U that is zero outside one grouping (J x q x m)."""
    flat = U.reshape(-1, U.shape[2])
    if grouping == 0:
        FU = e.F.T @ flat
        big = (e.H1 @ U).reshape(flat.shape) - e.F @ (e.NT.T @ (e.NT @ FU))
        rest = FU - e.S.T @ FU
    else:
        begin = sum(c.shape[0] * c.shape[1] for c in x.C[1:grouping])
        span = slice(begin, begin + len(flat))
        inner = -e.S[:, span] @ flat
        inner[span] += flat
        big, rest = e.F @ inner, e.H2[:, span] @ flat
    return [big.reshape(x.C[0].shape[0], x.C[0].shape[1], -1), *_split(rest, x)]


def _square_sums(x: Cross, e: _Eliminated) -> tuple[list[Floats], dict[tuple[int, int], Floats]]:
    """Sums of the diagonal blocks of H, and of products of its elements: T[a,c,b,d] = sum_ij H[ia,jc] H[ib,jd]."""
    q = x.C[0].shape[1]
    size = x.C[0].shape[0]
    blocks = np.empty((size, q, q))
    spans, begin = [], 0
    for c in x.C[1:]:
        spans.append((begin, c.shape[0], c.shape[1]))
        begin += c.shape[0] * c.shape[1]
    squares: dict[tuple[int, int], Floats] = {
        (0, g): np.zeros((q, n, q, n)) for g, (_, _, n) in enumerate(spans, start=1)
    }
    for chunk in _chunks(e.F, q):
        rows = e.F[chunk]
        FN = (rows @ e.NT.T).reshape(-1, q, e.NT.shape[0])
        blocks[chunk.start // q : chunk.stop // q] = FN @ FN.transpose(0, 2, 1)
        H12 = rows.toarray() - rows @ e.S
        for g, (begin, number, width) in enumerate(spans, start=1):
            part = H12[:, begin : begin + number * width].reshape(-1, q, number, width)
            squares[0, g] += _pair_sums(part)
    squares[0, 0] = _big_squares(e, blocks, q)
    sums = [(e.H1 - blocks).sum(axis=0)]
    for f, (first, number, width) in enumerate(spans, start=1):
        rows_f = e.H2[first : first + number * width]
        own = rows_f[:, first : first + number * width].reshape(number, width, number, width)
        sums.append(np.einsum("iaic->ac", own))
        for g, (begin, others, other_width) in enumerate(spans, start=1):
            part = rows_f[:, begin : begin + others * other_width].reshape(number, width, others, other_width)
            squares[f, g] = _pair_sums(part)
        squares[f, 0] = squares[0, f].transpose(1, 0, 3, 2)
    return sums, squares


def _pair_sums(H: Floats) -> Floats:
    """T[a,c,b,d] = sum over i, j of H[i,a,j,c] H[i,b,j,d]."""
    width, other = H.shape[1], H.shape[3]
    flat = H.transpose(1, 3, 0, 2).reshape(width * other, -1)
    return (flat @ flat.T).reshape(width, other, width, other)


def _big_squares(e: _Eliminated, blocks: Floats, q: int) -> Floats:
    """The same sums for the largest grouping, whose H is block diagonal minus F M2 F': never formed."""
    A = e.H1
    T = np.einsum("iac,ibd->acbd", A, A) - np.einsum("iac,ibd->acbd", A, blocks)
    T -= np.einsum("iac,ibd->acbd", blocks, A)
    F = [e.F[a::q] for a in range(q)]
    Y = [[e.NT @ ((F[a].T @ F[b]).toarray() @ e.NT.T) for b in range(q)] for a in range(q)]
    low = np.array(
        [[[[np.sum(Y[b][a] * Y[c][d].T) for d in range(q)] for b in range(q)] for c in range(q)] for a in range(q)]
    )
    found: Floats = T + low
    return found


def _effects(x: Cross, directions: Sequence[Directions], beta: Floats) -> tuple[LevelEffects, ...]:
    e = _eliminate(x, directions)
    q = x.C[0].shape[1]
    blocks = e.H1.copy()
    for chunk in _chunks(e.F, q):
        FN = (e.F[chunk] @ e.NT.T).reshape(-1, q, e.NT.shape[0])
        blocks[chunk.start // q : chunk.stop // q] -= FN @ FN.transpose(0, 2, 1)
    diagonal = [blocks]
    begin = 0
    for c in x.C[1:]:
        size, width = c.shape[:2]
        part = e.H2[begin : begin + size * width, begin : begin + size * width].reshape(size, width, size, width)
        diagonal.append(part[np.arange(size), :, np.arange(size), :])
        begin += size * width
    found = []
    for direction, H, D in zip(directions, diagonal, [e.D1, *_split(e.D2, x)], strict=True):
        u = direction.psi @ D
        spread = direction.psi - direction.psi @ H @ direction.psi
        found.append(LevelEffects(u[:, :, -1] - u[:, :, :-1] @ beta, spread, u[:, :, :-1]))
    return tuple(found)
