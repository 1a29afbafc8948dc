"""Shrunken effects and expected values from an area-level model, with their standard errors of prediction.

The best linear predictor of a group's effect, of a row's whole effect and of a row's mean, with the error variance
g1 + g2 + 2 g3: variances known, coefficients estimated, variances estimated (Prasad & Rao 1990, JASA 85: 163; Datta &
Lahiri 2000, Statistica Sinica 10: 613, for REML). Notation as in `fay_herriot`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from likvard.models.fay_herriot import GROUP, ROW, AreaLevelFit, Floats, Ints, inverse
from likvard.terms import ModelError


@dataclass(frozen=True, eq=False)
class Predicted:
    """Values with standard errors; same length."""

    value: Floats
    se: Floats


def _blocks_left_out(fit: AreaLevelFit) -> tuple[Floats, Floats]:
    """Coefficients (J, p) and their covariance (J, p, p) from the rows of all other groups, same variances."""
    means, point = fit.means, fit.point
    wX = point.w[:, None] * means.X
    XW = means.sums(wX)
    block = means.sums(wX[:, :, None] * means.X[:, None, :]) - point.c[:, None, None] * XW[:, :, None] * XW[:, None, :]
    residual = means.y - means.X @ fit.beta
    pull = means.sums(point.F * residual[:, None])
    Q = inverse(_still_positive(inverse(fit.beta_cov), block))
    return fit.beta - np.einsum("jpq,jq->jp", Q, pull), Q


def _still_positive(precision: Floats, block: Floats) -> Floats:
    """`precision` less each group's block, refused where nothing is left of a coefficient."""
    scale = 1 / np.sqrt(np.diag(precision))
    left = precision - block
    try:
        pivots = np.linalg.cholesky(left * scale[:, None] * scale)
    except np.linalg.LinAlgError:
        pivots = np.zeros((1, 1, 1))
    if np.einsum("jpp->jp", pivots).min() < 1e-6:
        raise ModelError("A coefficient rests on one school alone.", "Leave that intake measure out.")
    return left


def _coefficients(fit: AreaLevelFit, leave_one_out: bool) -> tuple[Floats, Floats]:
    """Per group: coefficients (J, p) and covariance (J, p, p)."""
    if leave_one_out:
        return _blocks_left_out(fit)
    groups, p = len(fit.means.start), len(fit.beta)
    return np.broadcast_to(fit.beta, (groups, p)), np.broadcast_to(fit.beta_cov, (groups, p, p))


def _quadratic(a: Floats, Q: Floats) -> Floats:
    return np.asarray(np.einsum("ip,ipq,iq->i", a, Q, a, optimize=True), dtype=np.float64)


def expected_means(fit: AreaLevelFit, *, leave_one_out: bool = False) -> Predicted:
    """x'b of every row with its standard error, in input order.

    With `leave_one_out` the group's own rows are no part of its own coefficients; variances stay those of the fit.
    """
    means = fit.means
    beta, Q = _coefficients(fit, leave_one_out)
    value = np.einsum("ip,ip->i", means.X, beta[means.group])
    se = np.sqrt(_quadratic(means.X, Q[means.group]))
    return Predicted(means.in_input_order(value), means.in_input_order(se))


@dataclass(frozen=True, eq=False)
class _Weights:
    """Best linear predictor of u + share x v: b = alpha w + s e_i over the rows of the group, and its error.

    `g1` is the error variance with everything known, `g3` the addition for estimated variances (Prasad & Rao).
    """

    alpha: Floats
    s: Floats
    g1: Floats
    g3: Floats


def _weights(fit: AreaLevelFit, rows: Ints, share: float) -> _Weights:
    """Of the target u_g + share v_i, for the rows i given; share 0 is the group's effect, 1 the row's whole effect."""
    means, point = fit.means, fit.point
    s_u, s_v = fit.components
    group = means.group[rows]
    w, A, k, c = point.w[rows], point.A[group], point.k[group], point.c[group]
    s2, s3 = (means.sums(point.w**power)[group] for power in (2, 3))
    s = share * s_v * w
    alpha = s_u * k - s * c
    wb = alpha * s2 + s * w  # sum w b
    b_row = alpha * w + s
    g1 = s_u + share * s_v - s_u * (alpha * A + s) - share * s_v * b_row
    # m_u = 1 k (1 - s), m_v = share e_i - b: derivatives of the weights, times V
    m_u = k * (1 - s)
    wbb = alpha**2 * s3 + 2 * alpha * s * w**2 + s**2 * w
    uu = m_u**2 * A * k
    uv = m_u * k * (share * w - wb)
    vv = share * (w - c * w**2) - 2 * share * (w * b_row - c * w * wb) + wbb - c * wb**2
    cov = fit.components_cov
    g3 = uu * cov[GROUP, GROUP] + 2 * uv * cov[GROUP, ROW] + vv * cov[ROW, ROW]
    return _Weights(alpha, s, np.maximum(g1, 0), g3)


def _predict(fit: AreaLevelFit, rows: Ints, share: float, *, leave_one_out: bool, with_mean: bool) -> Predicted:
    means, point = fit.means, fit.point
    group = means.group[rows]
    weights = _weights(fit, rows, share)
    beta, Q = _coefficients(fit, leave_one_out)
    own = beta[means.group]
    residual = means.y - np.einsum("ip,ip->i", means.X, own)
    value = weights.alpha * means.sums(point.w * residual)[group] + weights.s * residual[rows]
    pull = weights.alpha[:, None] * means.sums(point.w[:, None] * means.X)[group] + weights.s[:, None] * means.X[rows]
    if with_mean:
        value = value + np.einsum("ip,ip->i", means.X[rows], own[rows])
        pull = means.X[rows] - pull
    variance = weights.g1 + _quadratic(pull, Q[group]) + 2 * weights.g3
    return Predicted(value, np.sqrt(variance))


def group_effects(fit: AreaLevelFit, *, leave_one_out: bool = False) -> Predicted:
    """Shrunken u of every group, in sorted order of the labels, with the standard error of prediction.

    The error variance is g1 + g2 + 2 g3: known everything, estimated coefficients, estimated variances (Prasad & Rao
    1990; Datta & Lahiri 2000 for REML). With `leave_one_out` the coefficients come from the other groups.
    """
    return _predict(fit, fit.means.start, 0.0, leave_one_out=leave_one_out, with_mean=False)


def row_effects(fit: AreaLevelFit, *, leave_one_out: bool = False) -> Predicted:
    """Shrunken u + v of every row, in input order, with the standard error of prediction as in `group_effects`."""
    return _rows_predicted(fit, leave_one_out=leave_one_out, with_mean=False)


def row_means(fit: AreaLevelFit) -> Predicted:
    """Shrunken x'b + u + v of every row, in input order: what small-area statistics call the EBLUP."""
    return _rows_predicted(fit, leave_one_out=False, with_mean=True)


def _rows_predicted(fit: AreaLevelFit, *, leave_one_out: bool, with_mean: bool) -> Predicted:
    rows = np.arange(len(fit.means.y), dtype=np.intp)
    found = _predict(fit, rows, 1.0, leave_one_out=leave_one_out, with_mean=with_mean)
    return Predicted(fit.means.in_input_order(found.value), fit.means.in_input_order(found.se))
