"""Area-level models: means with known sampling variance, alone or in groups, by restricted maximum likelihood.

    y_i = x_i' b + u_g(i) + v_i + e_i,    u ~ N(0, s_u),  v ~ N(0, s_v),  e_i ~ N(0, d_i), d_i known

Without groups this is the model of Fay and Herriot (1979), the random-effects meta-regression; with groups it
is the three-level model for published means (Konstantopoulos 2011): schools within organisers, or years within
schools. The covariance of a group is diagonal plus rank one, so nothing larger than rows x coefficients is held.

Sources: Fay & Herriot 1979 (JASA 74: 269); Prasad & Rao 1990 (JASA 85: 163); Datta & Lahiri 2000 (Statistica
Sinica 10: 613); Searle, Casella & McCulloch 1992 ch. 6 (gradient and Hessian of REML); Hardy & Thompson 1996
(Stat. Med. 15: 619, profile intervals). Checked against metafor and sae in tests/authority.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import ndtri

from likvard.terms import ModelError

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.intp]

GROUP, ROW = 0, 1  # places of s_u and s_v in every pair of variance components
STEPS = 200  # Newton steps; five to twelve are used


@dataclass(frozen=True, eq=False)
class AreaMeans:
    """Rows sorted by group: `y` (N,), design `X` (N, p), known sampling variances `d` (N,).

    `group` (N,) numbers the groups 0..J-1 in sorted order and `start` (J,) is the first row of each.
    `order` takes input rows to these rows. `grouped` is false when every row is its own group.
    """

    y: Floats
    X: Floats
    d: Floats
    group: Ints
    start: Ints
    order: Ints
    grouped: bool

    def sums(self, values: Floats) -> Floats:
        """Sum over the rows of each group: (N, ...) to (J, ...)."""
        return np.add.reduceat(values, self.start, axis=0) if self.grouped else values

    def in_input_order(self, values: Floats) -> Floats:
        """Rows as they were given."""
        back = np.empty_like(values)
        back[self.order] = values
        return back


@dataclass(frozen=True, eq=False)
class Point:
    """Minus twice the restricted log-likelihood at `components`, its derivatives, and what predictions need.

    `w` = 1/(s_v + d); per group `A` = sum w, `k` = 1/(1 + s_u A), `c` = s_u k, so that the inverse covariance of a
    group is diag(w) - c w w'. `F` = V^-1 X, `Q` = (X'V^-1X)^-1, `Py` = V^-1 (y - Xb).
    """

    components: Floats
    w: Floats
    A: Floats
    k: Floats
    c: Floats
    F: Floats
    Q: Floats
    beta: Floats
    Py: Floats
    criterion: float
    gradient: Floats
    hessian: Floats
    information: Floats


@dataclass(frozen=True, eq=False)
class AreaLevelFit:
    """A fitted area-level model.

    `beta` (p,) with covariance `beta_cov` given the variances; `components` = (s_u, s_v), s_u = 0 without groups;
    `components_cov` from the expected information; `criterion` is minus twice the restricted log-likelihood with
    its constant (N - p) log 2 pi; `gradient` is the largest derivative along a component that is free to move, times
    the component: 0 at the optimum.
    """

    means: AreaMeans
    point: Point
    beta: Floats
    beta_cov: Floats
    components: Floats
    components_cov: Floats
    criterion: float
    gradient: float


@dataclass(frozen=True)
class Interval:
    """A point with its interval; `level` is the confidence, 0.95 where nothing else is said."""

    value: float
    low: float
    high: float
    level: float = 0.95


def normal_quantile(level: float) -> float:
    """Half width, in standard errors, of a two-sided normal interval: 1.96 for 0.95."""
    if not 0 < level < 1:
        raise ModelError(f"A level of {level} is not between 0 and 1.", "Write 95 % as 0.95.")
    return -float(ndtri((1 - level) / 2))


def inverse(matrix: Floats) -> Floats:
    """Inverse of a precision matrix (..., p, p), symmetric again after rounding."""
    try:
        found = np.asarray(np.linalg.inv(matrix), dtype=np.float64)
    except np.linalg.LinAlgError as error:
        raise ModelError("A coefficient rests on one school alone.", "Leave that intake measure out.") from error
    return (found + np.swapaxes(found, -1, -2)) / 2


def arrange(y: ArrayLike, X: ArrayLike, d: ArrayLike, group: ArrayLike | None = None) -> AreaMeans:
    """Check and sort the rows of an area-level model.

    `y` (N,), `X` (N, p) with its column of ones, `d` (N,) sampling variances above 0, `group` (N,) any labels.
    Raises ModelError for unequal lengths, values that are not finite, too few rows or dependent columns.
    """
    y, X, d = (np.asarray(values, dtype=np.float64) for values in (y, X, d))
    if X.ndim != 2 or y.shape != (len(X),) or d.shape != y.shape:
        raise ModelError(f"Results, design and variances have shapes {y.shape}, {X.shape}, {d.shape}.")
    if not (np.isfinite(y).all() and np.isfinite(X).all() and np.isfinite(d).all() and (d > 0).all()):
        raise ModelError(
            "A result, an intake value or a sampling variance is missing or not positive.", "Leave those rows out."
        )
    if len(y) <= X.shape[1] + 1:
        raise ModelError(f"{len(y)} rows are too few for {X.shape[1]} coefficients and a variance.", "Use more years.")
    if np.linalg.matrix_rank(X / np.maximum(np.abs(X).max(axis=0), 1e-300)) < X.shape[1]:
        raise ModelError("Two columns of the design say the same thing.", "Leave one of them out.")
    return _sorted_by_group(y, X, d, group)


def _sorted_by_group(y: Floats, X: Floats, d: Floats, group: ArrayLike | None) -> AreaMeans:
    if group is None:
        rows = np.arange(len(y), dtype=np.intp)
        return AreaMeans(y, X, d, rows, rows, rows, grouped=False)
    labels = np.asarray(group)
    if labels.shape != y.shape:
        raise ModelError(f"{labels.shape} group labels for {y.shape} results.")
    codes = np.unique(labels, return_inverse=True)[1]
    order = np.argsort(codes, kind="stable")
    codes = codes[order]
    start = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
    if len(start) == len(y):
        raise ModelError(
            "Every group has one row only, so groups and rows cannot be told apart.", "Fit without groups."
        )
    return AreaMeans(y[order], X[order], d[order], codes, start, order, grouped=True)


def evaluate(means: AreaMeans, components: Floats) -> Point:
    """Criterion, gradient, Hessian and expected information (of the criterion) at given (s_u, s_v).

    With P = V^-1 - V^-1 X Q X'V^-1 and V_k the derivative of V, the gradient is tr(P V_k) - y'P V_k P y, the expected
    information tr(P V_k P V_l) and the Hessian 2 y'P V_k P V_l P y - tr(P V_k P V_l); V is linear in the components.
    """
    s_u, s_v = components
    w = 1 / (s_v + means.d)
    A = means.sums(w)
    k = 1 / (1 + s_u * A)
    c = s_u * k

    def solve(M: Floats) -> Floats:
        wM: Floats = w[:, None] * M
        spread: Floats = (w * c[means.group])[:, None] * means.sums(wM)[means.group]
        return wM - spread

    F = solve(means.X)
    precision = means.X.T @ F
    Q = inverse(precision)
    beta = Q @ (F.T @ means.y)
    residual = means.y - means.X @ beta
    Py = solve(residual[:, None])[:, 0]
    log_det = -np.log(w).sum() - np.log(k).sum() + np.linalg.slogdet(precision)[1]
    constant = (len(w) - len(beta)) * np.log(2 * np.pi)
    traces, information = _traces(means, w, A, k, c, F, solve(F), Q)
    forms, curvature = _forms(means, F, Q, Py, solve)
    return Point(
        components=components, w=w, A=A, k=k, c=c, F=F, Q=Q, beta=beta, Py=Py,
        criterion=float(log_det + residual @ Py + constant), gradient=traces - forms,
        hessian=2 * curvature - information, information=information,
    )  # fmt: skip


def _traces(
    means: AreaMeans, w: Floats, A: Floats, k: Floats, c: Floats, F: Floats, VF: Floats, Q: Floats
) -> tuple[Floats, Floats]:
    """tr(P V_k), and tr(P V_k P V_l)."""
    s2, s3 = means.sums(w**2), means.sums(w**3)
    G, H = means.sums(F), means.sums(VF)
    QX = [Q @ (G.T @ G), Q @ (F.T @ F)]
    first = np.array([(A * k).sum(), w.sum() - c @ s2]) - np.array([np.trace(m) for m in QX])
    plain = np.array([[((A * k) ** 2).sum(), s2 @ k**2], [0.0, s2.sum() - 2 * c @ s3 + c**2 @ s2**2]])
    mixed = np.array(
        [
            [np.sum(Q * (G.T @ (G * (A * k)[:, None]))), np.sum(Q * (G.T @ H))],
            [0.0, np.sum(Q * (F.T @ VF))],
        ]
    )
    both = np.array([[np.sum(QX[a] * QX[b].T) for b in (GROUP, ROW)] for a in (GROUP, ROW)])
    second = np.triu(plain - 2 * mixed + both)
    return first, second + np.triu(second, 1).T


def _forms(
    means: AreaMeans, F: Floats, Q: Floats, Py: Floats, solve: Callable[[Floats], Floats]
) -> tuple[Floats, Floats]:
    """y'P V_k P y, and y'P V_k P V_l P y."""
    directions = np.column_stack([means.sums(Py)[means.group], Py])
    projected = solve(directions) - F @ (Q @ (F.T @ directions))
    return directions.T @ Py, directions.T @ projected


def _minimise(means: AreaMeans, offset: Floats, basis: Floats, begin: Floats) -> tuple[Point, Floats]:
    """Minimise the criterion over components = offset + basis @ phi, phi >= 0, by Newton with an active set.

    Where the Hessian is not positive definite the expected information takes its place. A step is halved until the
    criterion does not rise. The step whose expected fall is below 1e-10 of the criterion is the last one.
    """
    phi = begin.copy()
    point = evaluate(means, offset + basis @ phi)
    for _ in range(STEPS):
        gradient = basis.T @ point.gradient
        free = (phi > 0) | (gradient < 0)
        step = np.zeros_like(phi)
        if free.any():
            step[free] = -_newton_direction(basis.T @ point.hessian @ basis, basis.T @ point.information @ basis,
                                            gradient, free)  # fmt: skip
        last = bool(-(gradient @ step) <= 1e-10 * max(1.0, abs(point.criterion)))
        point, moved = _search(means, offset, basis, phi, step, point)
        if last or np.array_equal(moved, phi):
            return point, moved
        phi = moved
    raise ModelError("The variances did not settle.", "Look for a school with an impossible result or size.")


def _search(
    means: AreaMeans, offset: Floats, basis: Floats, phi: Floats, step: Floats, point: Point
) -> tuple[Point, Floats]:
    """The first of phi + step, phi + step / 2, ... at which the criterion does not rise; in the end phi itself."""
    while True:
        tried = np.maximum(phi + step, 0)
        reached = evaluate(means, offset + basis @ tried)
        if reached.criterion <= point.criterion + 1e-12 * abs(point.criterion):
            return reached, tried
        step = step / 2


def _newton_direction(hessian: Floats, information: Floats, gradient: Floats, free: NDArray[np.bool_]) -> Floats:
    block = np.ix_(free, free)
    matrix = hessian[block]
    if np.linalg.eigvalsh(matrix).min() <= 1e-8 * np.abs(information[block]).max():
        matrix = information[block]
    return np.asarray(np.linalg.solve(matrix, gradient[free]), dtype=np.float64)


def fit_area_level(y: ArrayLike, X: ArrayLike, d: ArrayLike, group: ArrayLike | None = None) -> AreaLevelFit:
    """Fit the model of this module by REML; shapes and errors as for `arrange`.

    Newton starts from the best of a few splits of the variance that sampling does not explain.
    """
    means = arrange(y, X, d, group)
    residual = means.y - means.X @ np.linalg.lstsq(means.X, means.y, rcond=None)[0]
    spare = residual @ residual / (len(means.y) - means.X.shape[1])
    beyond = max(spare - means.d.mean(), 0.05 * spare)
    basis = np.eye(2) if means.grouped else np.array([[0.0], [1.0]])
    splits = [[0.5, 0.5], [0.9, 0.1], [0.1, 0.9]] if means.grouped else [[1.0], [0.1], [0.01]]
    starts = [beyond * np.array(split) for split in splits]
    best = min(starts, key=lambda start: evaluate(means, basis @ start).criterion)
    point, phi = _minimise(means, np.zeros(2), basis, best)
    slope = np.where(phi > 0, phi * (basis.T @ point.gradient), 0.0)
    return AreaLevelFit(
        means=means, point=point, beta=point.beta, beta_cov=point.Q, components=point.components,
        components_cov=basis @ np.linalg.inv(basis.T @ point.information @ basis / 2) @ basis.T,
        criterion=point.criterion, gradient=float(np.abs(slope).max(initial=0.0)),
    )  # fmt: skip


def component_interval(fit: AreaLevelFit, which: int, level: float = 0.95) -> Interval:
    """Profile-likelihood interval of s_u (`which` = GROUP) or s_v (ROW), not below 0 (Hardy & Thompson 1996)."""
    basis = np.eye(2)[:, [1 - which]] if fit.means.grouped else np.zeros((2, 0))
    begin = fit.components[[1 - which]] if fit.means.grouped else np.zeros(0)

    def rise(value: float) -> float:
        offset = np.where(np.arange(2) == which, value, 0.0)
        return _minimise(fit.means, offset, basis, begin)[0].criterion - fit.criterion

    top = float(fit.components[which] + np.sqrt(fit.components_cov[which, which]))
    return _profile(rise, float(fit.components[which]), top, np.inf, level)


def group_share(fit: AreaLevelFit, level: float = 0.95) -> Interval:
    """s_u / (s_u + s_v) with its profile-likelihood interval, within 0 to 1."""
    total = float(fit.components.sum())
    if not fit.means.grouped or total <= 0:
        raise ModelError("Nothing differs beyond chance, so there is no variance to share out.", "Use more years.")

    def rise(share: float) -> float:
        basis = np.array([[share], [1 - share]])
        return _minimise(fit.means, np.zeros(2), basis, np.array([total]))[0].criterion - fit.criterion

    return _profile(rise, float(fit.components[GROUP]) / total, 1.0, 1.0, level)


def _profile(rise: Callable[[float], float], best: float, top: float, ceiling: float, level: float) -> Interval:
    """Where the profiled criterion has risen by the chi-square quantile, on each side of the optimum."""
    allowed = normal_quantile(level) ** 2

    def beyond(value: float) -> float:
        return rise(value) - allowed

    low = 0.0 if best <= 0 or beyond(0.0) <= 0 else float(brentq(beyond, 0.0, best, rtol=1e-6))
    while top < ceiling and beyond(top) < 0:
        top = best + 2 * (top - best)
    top = min(top, ceiling)
    high = top if beyond(top) <= 0 else float(brentq(beyond, best, top, rtol=1e-6))
    return Interval(best, low, high, level)


def between_variances(y: Floats, X: Floats, d: Floats, counts: Floats) -> Floats:
    """REML estimates of s_v without groups, one for each row of `counts` (R, N): how often each mean is taken.

    The bootstrap over schools, all replicates at once, by Fisher scoring bounded at 0 (Viechtbauer 2005).
    """
    p = X.shape[1]
    r = y - X @ np.linalg.lstsq(X, y, rcond=None)[0]  # REML does not see X b; small numbers keep their digits
    products = np.column_stack([(X[:, :, None] * X[:, None, :]).reshape(len(y), p * p), X * r[:, None], r**2])
    value = np.full(len(counts), max(float(np.var(r)) - float(d.mean()), 0.1 * float(np.var(r))))
    for _ in range(STEPS):
        w = 1 / (value[:, None] + d)
        sums = []
        weighted = counts
        for _power in (1, 2, 3):
            weighted = weighted * w
            sums.append((weighted @ products, weighted.sum(axis=1)))
        reached = np.maximum(value + _scoring_step(sums, p), 0)
        moved = np.abs(reached - value)
        value = reached
        if (moved <= 1e-9 * (value + d.min())).all():
            break
    return value


def _scoring_step(sums: Sequence[tuple[Floats, Floats]], p: int) -> Floats:
    """Score over information of s_v (R,), from sums weighted by w, w^2, w^3 of the products X'X, X'r, r^2 and of 1."""
    first, second, third = ((part[:, : p * p].reshape(-1, p, p), part[:, p * p : -1], part[:, -1]) for part, _ in sums)
    Q = inverse(first[0])
    beta = np.einsum("rpq,rq->rp", Q, first[1])
    form = second[2] - 2 * np.einsum("rp,rp->r", beta, second[1]) + np.einsum("rp,rpq,rq->r", beta, second[0], beta)
    trace = sums[0][1] - np.einsum("rpq,rpq->r", Q, second[0])
    QS = Q @ second[0]
    information = sums[1][1] - 2 * np.einsum("rpq,rpq->r", Q, third[0]) + np.einsum("rpq,rqp->r", QS, QS)
    return np.asarray((form - trace) / information, dtype=np.float64)
