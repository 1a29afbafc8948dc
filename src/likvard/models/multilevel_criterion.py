"""The profiled (restricted) likelihood of a linear mixed model from what remains when the effects are swept out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve

from likvard.terms import ModelError

Floats = NDArray[np.float64]

LOG_2PI = float(np.log(2 * np.pi))
_PERFECT = 1e-11


@dataclass(frozen=True, eq=False)
class Swept:
    """[X y]' V^-1 [X y] and log |V| at one theta, where V is the relative covariance of the rows.

    Q is (p+1) x (p+1); Q1 (k x p+1 x p+1) and Q2 (k x k x p+1 x p+1) are its first and second derivatives in theta,
    and so for the logarithm of the determinant.
    """

    Q: Floats
    Q1: Floats
    Q2: Floats
    logdet: float
    dlogdet: Floats
    d2logdet: Floats


@dataclass(frozen=True, eq=False)
class Solved:
    """Generalised least squares at one theta: beta, (X' V^-1 X)^-1 and the residual sum of squares r2, with derivatives.

    `logdet` is log |V|, with log |X' V^-1 X| added under REML; `df` is n - p under REML, else n.
    """

    beta: Floats
    inverse: Floats
    r2: float
    dr2: Floats
    d2r2: Floats
    logdet: float
    dlogdet: Floats
    d2logdet: Floats
    df: int


def solve(swept: Swept, n: int, reml: bool) -> Solved:
    """Solve for the fixed effects, with exact first and second derivatives of what the likelihood needs.

    Formulas as in Bates et al. 2015 (Fitting linear mixed-effects models using lme4, section 3.4) for the values;
    the derivatives follow from d(V^-1) = -V^-1 dV V^-1. Raises `ModelError` when the model fits perfectly.
    """
    p = len(swept.Q) - 1
    A, b, yy = swept.Q[:p, :p], swept.Q[:p, p], float(swept.Q[p, p])
    L = np.linalg.cholesky(A)
    inverse = cho_solve((L, True), np.eye(p)) if p else np.zeros((0, 0))
    beta = inverse @ b
    beta = beta + inverse @ (b - A @ beta)
    r2 = float(yy - 2 * b @ beta + beta @ A @ beta)
    if not r2 > _PERFECT * yy:
        raise ModelError(
            "The model fits the outcome perfectly: nothing is left to estimate a variance from.",
            "Leave out the column that determines the outcome.",
        )
    v = np.append(-beta, 1.0)
    Dv = swept.Q1 @ v
    h = Dv[:, :p]
    AD = inverse @ swept.Q1[:, :p, :p]
    logdet, dlogdet, d2logdet = swept.logdet, swept.dlogdet, swept.d2logdet
    if reml:
        logdet = logdet + 2 * float(np.log(np.diag(L)).sum())
        dlogdet = dlogdet + np.einsum("aii->a", AD)
        d2logdet = d2logdet + np.einsum("ij,abji->ab", inverse, swept.Q2[:, :, :p, :p])
        d2logdet = d2logdet - np.einsum("aij,bji->ab", AD, AD)
    d2r2 = np.einsum("i,abij,j->ab", v, swept.Q2, v) - 2 * h @ inverse @ h.T
    return Solved(beta, inverse, r2, Dv @ v, d2r2, logdet, dlogdet, d2logdet, n - p if reml else n)


def profiled(solved: Solved) -> tuple[float, Floats, Floats]:
    """Minus twice the profiled log (restricted) likelihood, without weights, with its gradient and Hessian."""
    value = solved.logdet + solved.df * (1 + LOG_2PI + np.log(solved.r2 / solved.df))
    slope = solved.dr2 / solved.r2
    gradient = solved.dlogdet + solved.df * slope
    hessian = solved.d2logdet + solved.df * (solved.d2r2 / solved.r2 - np.outer(slope, slope))
    return float(value), gradient, hessian
