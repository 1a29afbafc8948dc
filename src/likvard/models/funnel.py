"""Funnel limits: how far from a target a unit of a given size may lie by chance alone.

For means with known sampling variance, proportions (binomial) and counts against an expected count (Poisson), with the
two adjustments for overdispersion of Spiegelhalter 2005 (Stat. Med. 24: 1185): a factor phi on the variance, or a
variance tau2 added to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from likvard.models.fay_herriot import Floats, normal_quantile
from likvard.terms import ModelError

INNER, OUTER = 0.95, 0.998
WINSORISED = 0.1  # share of z-scores drawn in at each end: Spiegelhalter 2005 section 4.2


@dataclass(frozen=True, eq=False)
class Limits:
    """Limits at one level, one pair per unit; `chance_outside` (units,) is the probability of lying outside them.

    With counts it is at most 1 - level, and often well below: counts come in steps.
    """

    level: float
    low: Floats
    high: Floats
    chance_outside: Floats


@dataclass(frozen=True)
class Overdispersion:
    """How much more units vary than chance: `phi` (1 is chance alone) and the additive variance `tau2`.

    `winsorised` is the share of z-scores drawn in at each end before squaring, so that a few true outliers do not widen
    the limits for all.
    """

    phi: float
    tau2: float
    units: int
    winsorised: float


@dataclass(frozen=True, eq=False)
class Outside:
    """Units outside limits: `low` and `high` (units,) true where outside, and `expected` number by chance alone."""

    low: NDArray[np.bool_]
    high: NDArray[np.bool_]
    found: int
    expected: float


def sizes(pupils: ArrayLike) -> Floats:
    """Sizes as numbers, each above 0. Raises ModelError for anything else."""
    n = np.asarray(pupils, dtype=np.float64)
    if n.ndim != 1 or not (np.isfinite(n) & (n > 0)).all():
        raise ModelError("A funnel needs a positive number behind every unit.", "Leave the others out.")
    return n


def mean_limits(
    target: float, variance: ArrayLike, *, level: float = INNER, phi: float = 1.0, tau2: float = 0.0
) -> Limits:
    """Limits for means: target ± z sqrt(phi variance + tau2); `variance` (units,) is the sampling variance.

    Give `phi` or `tau2`, not both (Spiegelhalter 2005, sections 4.2 and 4.3).
    """
    v = sizes(variance)
    if phi != 1.0 and tau2 != 0.0:
        raise ModelError("Overdispersion is either multiplied or added.", "Give phi or tau2, not both.")
    half = normal_quantile(level) * np.sqrt(phi * v + tau2)
    return Limits(level, target - half, target + half, np.full(len(v), 1 - level))


def overdispersion(z: ArrayLike, se: ArrayLike, *, winsorised: float = WINSORISED) -> Overdispersion:
    """Overdispersion from z-scores against the target and their standard errors.

    phi is the mean square of the winsorised z; tau2 = max(0, (I phi - (I - 1)) / (sum w - sum w^2 / sum w)) with
    w = 1/se^2, the moment estimator of DerSimonian & Laird 1986 (Controlled Clin. Trials 7: 177) on winsorised z
    (Spiegelhalter 2005, 4.2 and 4.3). Quantiles for winsorising interpolate linearly (R type 7). At least two units.
    """
    scores, errors = np.asarray(z, dtype=np.float64), sizes(se)
    if scores.shape != errors.shape or len(scores) < 2 or not np.isfinite(scores).all():
        raise ModelError("Overdispersion needs a z-score and a standard error for at least two units.")
    if not 0 <= winsorised < 0.5:
        raise ModelError(f"A winsorised share of {winsorised} is not between 0 and 0.5.", "Use 0.1.")
    low, high = np.quantile(scores, [winsorised, 1 - winsorised])
    drawn = np.clip(scores, low, high)
    units = len(drawn)
    phi = float(np.mean(drawn**2))
    w = 1 / errors**2
    tau2 = max(0.0, float((units * phi - (units - 1)) / (w.sum() - (w**2).sum() / w.sum())))
    return Overdispersion(phi, tau2, units, winsorised)


def outside(value: ArrayLike, limits: Limits) -> Outside:
    """Which units lie outside their limits, and how many would by chance alone."""
    y = np.asarray(value, dtype=np.float64)
    if y.shape != limits.low.shape or not np.isfinite(y).all():
        raise ModelError("Every unit with limits needs a value.", "Leave units without one out of the funnel.")
    low, high = y < limits.low, y > limits.high
    return Outside(low, high, int(low.sum() + high.sum()), float(limits.chance_outside.sum()))
