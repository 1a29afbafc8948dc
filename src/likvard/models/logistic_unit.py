"""Logistic regression on grouped patterns with a normal effect of each unit, integrated out.

    reached_ij ~ Binomial(n_ij, p_ij),    logit p_ij = x_ij' b + s u_j,    u_j ~ N(0, 1)

The integral over each unit's effect is taken by adaptive Gauss-Hermite quadrature around its mode (Pinheiro & Bates 1995, J.
Comp. Graph. Stat. 4: 12); with one point it is Laplace's approximation. With several points the gradient is the expected
score given the results (Fisher's identity) and the Hessian Louis' (1982, J. R. Stat. Soc. B 44: 226), both by the same
quadrature, so that Newton's method needs half a dozen steps. Checked against lme4 and glmmTMB (Contraception,
tests/authority).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import expit, logsumexp

from likvard.models.logistic import Logistic, Patterns, fit
from likvard.models.newton import Point, minimise
from likvard.terms import ModelError

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_MOST_MODES = 60
_START = 0.4
_STEP = 1e-4  # of the finite differences that give Laplace's Hessian; only its standard errors rest on them


@dataclass(frozen=True, eq=False)
class UnitLogistic:
    """A fitted model: `beta` (k,) of `names` given the unit, `sd` between units, and the covariance of both.

    `vcov` (k + 1, k + 1) has the standard deviation last; its row is zero where `sd` is 0. `mode` (J,) and `mode_sd` are the
    units' effects on the scale of the linear predictor, in the order of the units' numbers.
    """

    names: tuple[str, ...]
    beta: Floats
    sd: float
    vcov: Floats
    loglik: float
    pupils: float
    units: int
    mode: Floats
    mode_sd: Floats
    points: int
    gradient: float

    @property
    def se(self) -> Floats:
        """Standard errors of the coefficients."""
        return np.sqrt(np.diag(self.vcov)[:-1])


@dataclass(frozen=True, eq=False)
class _Grouped:
    """Patterns sorted by unit, with where each unit begins and the unit of each row."""

    x: Floats
    n: Floats
    reached: Floats
    unit: Ints
    start: Ints
    points: int

    def sums(self, values: Floats) -> Floats:
        return np.add.reduceat(values, self.start, axis=0)

    @cached_property
    def nodes(self) -> tuple[Floats, Floats]:
        """Gauss-Hermite points and the logarithms of their weights, for a normal density's exponent -z^2 / 2."""
        z, w = np.polynomial.hermite_e.hermegauss(self.points)
        return z, np.log(w) + z**2 / 2

    def complete(self, eta: Floats) -> Floats:
        return self.reached * eta - self.n * np.logaddexp(0.0, eta)


def fit_unit(patterns: Patterns, unit: ArrayLike, *, points: int = 15) -> UnitLogistic:
    """The maximum of the likelihood with the units' effects integrated out. `unit` (P,) numbers units from 0.

    A standard deviation of 0 is found as such. Raises `ModelError` below two units, for no points, and as `logistic.fit`.
    """
    plain = fit(patterns)
    of = np.asarray(unit, dtype=np.intp)
    if points < 1:
        raise ModelError(f"{points} points cannot take an integral.", "Give 1 (Laplace) or more.")
    if len(np.unique(of)) < 2:
        raise ModelError("One unit alone does not tell how units differ.", "Take the pupils of several units.")
    size = np.maximum(np.abs(patterns.x[:, plain.columns(patterns.names)]).max(axis=0), 1e-300)
    data, numbers = _grouped(patterns, plain, of, size, points)
    start = np.append(plain.beta * size, _START)
    end = _laplace(data, start) if points == 1 else minimise(lambda theta: _quadrature(data, theta), start).point
    return _made(data, numbers, plain, size, end)


def _grouped(patterns: Patterns, plain: Logistic, unit: Ints, size: Floats, points: int) -> tuple[_Grouped, Ints]:
    there = np.flatnonzero(patterns.n > 0)
    order = there[np.argsort(unit[there], kind="stable")]
    numbers, start, place = np.unique(unit[order], return_index=True, return_inverse=True)
    x = patterns.x[order][:, plain.columns(patterns.names)] / size
    return _Grouped(x, patterns.n[order], patterns.reached[order], place, start, points), numbers


def _made(data: _Grouped, numbers: Ints, plain: Logistic, size: Floats, end: Point) -> UnitLogistic:
    k = len(plain.beta)
    none = -end.value <= plain.loglik + 1e-9 * (1 + abs(plain.loglik))
    beta, sd = (plain.beta, 0.0) if none else (end.x[:k] / size, abs(float(end.x[k])))
    vcov = np.zeros((k + 1, k + 1))
    if none:
        vcov[:k, :k] = plain.vcov
    else:
        whole = np.append(size, 1.0)
        vcov = np.linalg.inv(end.hessian) / np.outer(whole, whole)
        if end.x[k] < 0:  # the likelihood is the same for both signs
            vcov[k, :k], vcov[:k, k] = -vcov[k, :k], -vcov[:k, k]
    modes, curve = _modes(data, data.x @ (beta * size), sd)
    placed = np.full((2, int(numbers.max()) + 1), np.nan)
    placed[:, numbers] = sd * modes, sd / np.sqrt(curve)
    loglik = plain.loglik if none else -end.value
    gradient = plain.gradient if none else float(np.abs(end.gradient).max())
    return UnitLogistic(
        plain.names, beta, sd, vcov, loglik, plain.pupils, len(numbers), placed[0], placed[1], data.points, gradient
    )


def _modes(data: _Grouped, fixed: Floats, sd: float) -> tuple[Floats, Floats]:
    """Each unit's most likely standard normal effect, and minus the second derivative there."""
    u = np.zeros(len(data.start))
    curve = np.ones_like(u)
    for _ in range(_MOST_MODES):
        p = expit(fixed + sd * u[data.unit])
        slope = sd * data.sums(data.reached - data.n * p) - u
        curve = 1 + sd**2 * data.sums(data.n * p * (1 - p))
        step = np.clip(slope / curve, -2, 2)
        u = u + step
        if np.abs(step).max() < 1e-13:
            break
    return u, curve


def _quadrature(data: _Grouped, theta: Floats) -> Point:
    """Minus the log-likelihood with its derivatives by (b, s)."""
    k = len(theta) - 1
    beta, sd = theta[:k], float(theta[k])
    fixed = data.x @ beta
    modes, curve = _modes(data, fixed, sd)
    z, weight = data.nodes
    effects = modes + z[:, None] / np.sqrt(curve)
    terms = np.array([data.sums(data.complete(fixed + sd * u[data.unit])) - u**2 / 2 for u in effects])
    terms += weight[:, None] - np.log(curve) / 2 - np.log(2 * np.pi) / 2
    each = logsumexp(terms, axis=0)
    share = np.exp(terms - each)
    mean, products, inner = np.zeros((len(each), k + 1)), np.zeros((k + 1, k + 1)), np.zeros((k + 1, k + 1))
    for u, held in zip(effects, share, strict=True):
        by_row = u[data.unit]
        p = expit(fixed + sd * by_row)
        rest = data.reached - data.n * p
        score = np.empty((len(each), k + 1))
        score[:, :k] = data.sums(data.x * rest[:, None])
        score[:, k] = u * data.sums(rest)
        mean += held[:, None] * score
        products += (score.T * held) @ score
        w = data.n * p * (1 - p) * held[data.unit]
        inner[:k, :k] += (data.x.T * w) @ data.x
        inner[:k, k] += data.x.T @ (w * by_row)
        inner[k, k] += w @ by_row**2
    inner[k, :k] = inner[:k, k]
    hessian = inner - products + mean.T @ mean
    return Point(theta, -float(each.sum()), -mean.sum(axis=0), hessian)


def _laplace(data: _Grouped, start: Floats) -> Point:
    """Laplace's approximation: its exact gradient by quasi-Newton steps, then the Hessian from gradients around it."""
    found = minimize(lambda t: _laplace_at(data, t), start, jac=True, method="BFGS", options={"gtol": 1e-9})
    x = np.asarray(found.x, dtype=np.float64)
    value, gradient = _laplace_at(data, x)
    hessian = np.empty((len(x), len(x)))
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = _STEP
        hessian[i] = (_laplace_at(data, x + step)[1] - _laplace_at(data, x - step)[1]) / (2 * _STEP)
    return Point(x, value, gradient, (hessian + hessian.T) / 2)


def _laplace_at(data: _Grouped, theta: Floats) -> tuple[float, Floats]:
    k = len(theta) - 1
    sd = float(theta[k])
    fixed = data.x @ theta[:k]
    u, curve = _modes(data, fixed, sd)
    by_row = u[data.unit]
    p = expit(fixed + sd * by_row)
    w = data.n * p * (1 - p)
    skew = w * (1 - 2 * p)
    rest = data.reached - data.n * p
    value = data.sums(data.complete(fixed + sd * by_row)) - u**2 / 2 - np.log(curve) / 2
    moved = sd**3 * data.sums(skew)  # of the curve, as the effect moves
    direct = np.empty((len(u), k + 1))  # of the curve, as the parameters move and the effect does not
    direct[:, :k] = sd**2 * data.sums(data.x * skew[:, None])
    direct[:, k] = 2 * sd * data.sums(w) + sd**2 * u * data.sums(skew)
    shift = np.empty((len(u), k + 1))  # of the effect, as the parameters move
    shift[:, :k] = -sd * data.sums(data.x * w[:, None]) / curve[:, None]
    shift[:, k] = (data.sums(rest) - sd * u * data.sums(w)) / curve
    score = np.append(data.x.T @ rest, float(u @ data.sums(rest)))
    gradient = score - ((direct + moved[:, None] * shift) / (2 * curve[:, None])).sum(axis=0)
    return -float(value.sum()), -gradient


def averaged(eta: ArrayLike, sd: float, points: int = 25) -> tuple[Floats, Floats, Floats]:
    """The chance in a unit drawn at random: p averaged over effects N(0, sd), and its derivatives by `eta` and `sd`."""
    fixed = np.asarray(eta, dtype=np.float64)
    z, w = np.polynomial.hermite_e.hermegauss(points)
    w = w / np.sqrt(2 * np.pi)
    p, by_eta, by_sd = np.zeros_like(fixed), np.zeros_like(fixed), np.zeros_like(fixed)
    for node, weight in zip(z.tolist(), w.tolist(), strict=True):
        here = expit(fixed + sd * node)
        slope = here * (1 - here)
        p += weight * here
        by_eta += weight * slope
        by_sd += weight * node * slope
    return p, by_eta, by_sd
