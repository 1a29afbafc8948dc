"""Exact elimination of crossed random effects from a table of cells, with gradient and Hessian.

The largest grouping is block diagonal and is eliminated first; what is left of the others (r effects in all) is one
dense Schur complement (Bates et al. 2015, section 5.4, with a dense last block). Memory grows with r squared, time
with r cubed. With H = Z' V^-1 Z and D = Z' V^-1 [X y], the derivatives in the covariances P of the effects are
dQ = -D' dP D and d log |V| = tr(H dP), and the second ones hold H once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
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

_LARGEST = 8_000  # effects outside the largest grouping: 0.5 GB a matrix, and some ten of them
_QUICK = 300
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

    @property
    def is_quick(self) -> bool:
        """Whether a hundred evaluations are a matter of seconds."""
        return len(self.G22) <= _QUICK

    def sweep(self, directions: Sequence[Directions], k: int, *, derivatives: bool = True) -> Swept:
        """Eliminate all effects; `k` is the length of theta. Without derivatives it takes an eighth of the time."""
        return _sweep(self, directions, k, derivatives)

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
    """What elimination leaves: 1 is the largest grouping, 2 the rest.

    M2 is the rest's M, F = Z1' V1^-1 Z2, H2 = Z2' V^-1 Z2, D1 and D2 the two parts of Z' V^-1 [X y], and X2 takes
    the rest's H over to the largest: Z1' V^-1 Z2 = F X2. A1 is the block diagonal Z1' V1^-1 Z1.
    """

    F: sparse.csr_matrix
    A1: Floats
    D1: Floats
    D2: Floats
    H2: Floats
    M2: Floats
    X2: Floats


def _schur(x: Cross, directions: Sequence[Directions]) -> tuple[Floats, Floats, Floats, Floats, Floats, float]:
    """R1 and M1 of the largest grouping, G22 and C2 without it, the Cholesky factor of the rest, and log |V|."""
    psi = directions[0].psi
    R, logdet = invert(np.eye(len(psi)) + x.G11 @ psi)
    M = psi @ R
    G = x.G22 - (x.G12.T @ (_block_diagonal(M) @ x.G12)).toarray()
    C = np.vstack([c.reshape(-1, c.shape[2]) for c in x.C[1:]]) - x.G12.T @ (M @ x.C[0]).reshape(-1, len(x.total))
    K = _by_root(_by_root(G, x, directions).T, x, directions)
    K[np.diag_indices_from(K)] += 1.0
    chol = np.asarray(np.linalg.cholesky(K), dtype=np.float64)
    return R, M, G, C, chol, logdet + 2 * float(np.log(np.diag(chol)).sum())


def _eliminate(
    x: Cross, directions: Sequence[Directions], schur: tuple[Floats, Floats, Floats, Floats, Floats, float]
) -> _Eliminated:
    R, _, G, C, chol, _ = schur
    W = solve_triangular(chol, _by_root(G, x, directions), lower=True, check_finite=False)
    N = solve_triangular(chol, _by_root(np.eye(len(G)), x, directions), lower=True, check_finite=False)
    X2 = -(N.T @ W)
    X2[np.diag_indices_from(X2)] += 1.0
    F = (_block_diagonal(R) @ x.G12).tocsr()
    M2 = N.T @ N
    D1 = R @ x.C[0] - (F @ (M2 @ C)).reshape(x.C[0].shape)
    return _Eliminated(F=F, A1=R @ x.G11, D1=D1, D2=X2.T @ C, H2=G - W.T @ W, M2=M2, X2=X2)


def _block_diagonal(blocks: Floats) -> sparse.bsr_matrix:
    size = len(blocks)
    return sparse.bsr_matrix((blocks, np.arange(size), np.arange(size + 1)))


def _by_root(X: Floats, x: Cross, directions: Sequence[Directions]) -> Floats:
    """Multiply from the left by the transposed block diagonal root of the rest's covariance."""
    parts = [direction.root.T @ block for direction, block in zip(directions[1:], _split(X, x), strict=True)]
    return np.vstack([part.reshape(-1, X.shape[1]) for part in parts])


def _sweep(x: Cross, directions: Sequence[Directions], k: int, derivatives: bool) -> Swept:
    schur = _schur(x, directions)
    _, M, _, C, chol, logdet = schur
    c = solve_triangular(chol, _by_root(C, x, directions), lower=True, check_finite=False)
    Q = x.total - np.einsum("jqm,jqn->mn", x.C[0], M @ x.C[0]) - c.T @ c
    m = len(Q)
    swept = Swept(Q, np.zeros((k, m, m)), np.zeros((k, k, m, m)), logdet, np.zeros(k), np.zeros((k, k)))
    if derivatives:
        _derivatives(x, directions, _eliminate(x, directions, schur), swept)
    return swept


def _derivatives(x: Cross, directions: Sequence[Directions], e: _Eliminated, swept: Swept) -> None:
    """Fill in the derivatives of Q and of log |V|."""
    sums, squares = _square_sums(x, e)
    D = [e.D1, *_split(e.D2, x)]
    at = {a: (f, i) for f, d in enumerate(directions) for i, a in enumerate(d.own)}
    moved = {a: directions[f].first[i] @ D[f] for a, (f, i) in at.items()}
    through = {a: _apply(x, e, at[a][0], moved[a]) for a in moved}
    for a, (f, i) in at.items():
        swept.Q1[a] = -np.einsum("jqm,jqn->mn", D[f], moved[a])
        swept.dlogdet[a] = np.sum(sums[f] * directions[f].first[i])
        for b, (g, j) in at.items():
            half = np.einsum("jqm,jqn->mn", moved[a], through[b][f])
            swept.Q2[a, b] = half + half.T
            swept.d2logdet[a, b] = -np.einsum(
                "xa,cd,acxd->", directions[f].first[i], directions[g].first[j], squares[f, g]
            )
            if f == g:
                second = directions[f].second[i, j]
                swept.Q2[a, b] -= np.einsum("jqm,jqn->mn", D[f], second @ D[f])
                swept.d2logdet[a, b] += np.sum(sums[f] * second)


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
        big, rest = (e.A1 @ U).reshape(flat.shape) - e.F @ (e.M2 @ FU), e.X2.T @ FU
    else:
        begin = sum(c.shape[0] * c.shape[1] for c in x.C[1:grouping])
        span = slice(begin, begin + len(flat))
        big, rest = e.F @ (e.X2[:, span] @ flat), e.H2[:, span] @ flat
    return [big.reshape(*x.C[0].shape[:2], -1), *_split(rest, x)]


def _square_sums(x: Cross, e: _Eliminated) -> tuple[list[Floats], dict[tuple[int, int], Floats]]:
    """Sums of H's diagonal blocks, and per pair of groupings T[a,c,b,d] = the sum of H[ia,jc] H[ib,jd] over i, j.

    H's largest block, A1 - F M2 F', is never formed: all that is needed of it are traces of r x r matrices.
    """
    q = x.C[0].shape[1]
    F = [e.F[a::q] for a in range(q)]
    P = {(a, b): (F[a].T @ F[b]).toarray() for a in range(q) for b in range(q)}
    sums = [e.A1.sum(axis=0) - np.array([[np.sum(e.M2 * P[a, c]) for c in range(q)] for a in range(q)])]
    squares = {(0, 0): _largest_squares(e, F, P)}
    PX = {key: value @ e.X2 for key, value in P.items()}
    for f, (first, size, width) in _spans(x):
        across = e.X2[:, first : first + size * width].reshape(len(e.X2), size, width)
        parts = {key: value[:, first : first + size * width].reshape(across.shape) for key, value in PX.items()}
        T = np.array([[np.einsum("rjc,rjd->cd", across, parts[a, b]) for b in range(q)] for a in range(q)])
        squares[0, f] = T.transpose(0, 2, 1, 3)
        squares[f, 0] = squares[0, f].transpose(1, 0, 3, 2)
        rows = e.H2[first : first + size * width]
        sums.append(np.einsum("iaic->ac", rows[:, first : first + size * width].reshape(size, width, size, width)))
        for g, (begin, others, other) in _spans(x):
            squares[f, g] = _pair_sums(rows[:, begin : begin + others * other].reshape(size, width, others, other))
    return sums, squares


def _spans(x: Cross) -> list[tuple[int, tuple[int, int, int]]]:
    """Each of the other groupings with its first row in the rest, its number of groups and of effects in each."""
    found, begin = [], 0
    for f, c in enumerate(x.C[1:], start=1):
        found.append((f, (begin, c.shape[0], c.shape[1])))
        begin += c.shape[0] * c.shape[1]
    return found


def _pair_sums(H: Floats) -> Floats:
    """The sum over i and j of H[i,a,j,c] H[i,b,j,d], as T[a,c,b,d]."""
    width, other = H.shape[1], H.shape[3]
    flat = H.transpose(1, 3, 0, 2).reshape(width * other, -1)
    return (flat @ flat.T).reshape(width, other, width, other)


def _largest_squares(e: _Eliminated, F: Sequence[sparse.csr_matrix], P: Mapping[tuple[int, int], Floats]) -> Floats:
    """T of the largest grouping with itself, from H = A - F M2 F' multiplied out."""
    q = range(len(F))
    T: Floats = np.einsum("iac,ibd->acbd", e.A1, e.A1)
    mixed = np.empty_like(T)
    for a, c, b, d in product(q, repeat=4):
        weighted = F[b].T @ (sparse.diags_array(e.A1[:, a, c]) @ F[d])
        mixed[a, c, b, d] = weighted.multiply(e.M2).sum()
    MP = {key: e.M2 @ value for key, value in P.items()}
    low = np.array([[[[np.sum(MP[b, a] * MP[c, d].T) for d in q] for b in q] for c in q] for a in q])
    found: Floats = T - mixed - mixed.transpose(2, 3, 0, 1) + low
    return found


def _effects(x: Cross, directions: Sequence[Directions], beta: Floats) -> tuple[LevelEffects, ...]:
    e = _eliminate(x, directions, _schur(x, directions))
    blocks = [e.A1 - _diagonal_blocks(e, x.C[0].shape[1])]
    for _, (begin, size, width) in _spans(x):
        part = e.H2[begin : begin + size * width, begin : begin + size * width].reshape(size, width, size, width)
        blocks.append(part[np.arange(size), :, np.arange(size), :])
    found = []
    for direction, H, D in zip(directions, blocks, [e.D1, *_split(e.D2, x)], strict=True):
        u = direction.psi @ D
        spread = direction.psi - direction.psi @ H @ direction.psi
        found.append(LevelEffects(u[:, :, -1] - u[:, :, :-1] @ beta, spread, u[:, :, :-1]))
    return tuple(found)


def _diagonal_blocks(e: _Eliminated, q: int) -> Floats:
    """The diagonal blocks of F M2 F', some groups at a time."""
    size, r = e.F.shape[0] // q, e.F.shape[1]
    blocks = np.empty((size, q, q))
    step = max(1, _CHUNK // max(1, q * r))
    for begin in range(0, size, step):
        end = min(begin + step, size)
        rows = e.F[begin * q : end * q]
        dense = rows.toarray().reshape(-1, q, r)
        blocks[begin:end] = (rows @ e.M2).reshape(-1, q, r) @ dense.transpose(0, 2, 1)
    return blocks
