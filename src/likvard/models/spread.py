"""How much units differ: pupil-weighted spread of published means, with chance taken out.

A published mean holds the chance of n pupils, so the spread of means is wider than the spread of schools. Each measure
here says which one it is: `observed` as printed, `true` with chance taken out. Pupils are the weights throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import chdtr, chndtr, ndtr

from likvard.models.fay_herriot import (
    GROUP,
    ROW,
    Floats,
    Interval,
    component_interval,
    fit_area_level,
    group_share,
    normal_quantile,
)
from likvard.models.shrinkage import row_means
from likvard.terms import ModelError

PERCENTILES = (5, 10, 25, 50, 75, 90, 95)


@dataclass(frozen=True, eq=False)
class Distribution:
    """Pupil-weighted distribution of unit means: `mean`, `sd` between units as printed, and `percentiles`.

    `values[i]` is the smallest mean such that at least `percentiles[i]` per cent of the pupils go to units at or below.
    """

    units: int
    pupils: float
    mean: float
    sd: float
    percentiles: tuple[float, ...]
    values: Floats


@dataclass(frozen=True)
class BetweenSd:
    """Standard deviation between units, pupil-weighted: `observed` as printed, `true` with chance taken out.

    `se` is that of `true`, for changes between years; `low`..`high` its interval for exactly these units.
    `reliability` is the share of the observed variance that is not chance.
    """

    units: int
    observed: float
    true: float
    se: float
    low: float
    high: float
    reliability: float
    level: float


@dataclass(frozen=True)
class VarianceShares:
    """Split of the true variance between units: `between` organisers and within them, standard deviations and share.

    `share` is the part between organisers. All from a three-level model of unit means, every unit counting by what it
    tells, not by its pupils.
    """

    organisers: int
    units: int
    between_sd: Interval
    within_sd: Interval
    share: Interval


@dataclass(frozen=True)
class ShareBelow:
    """Share of pupils in units below a line: `observed` by the printed means, `true` as expected once chance is out."""

    line: float
    observed: float
    true: Interval


def _checked(*arrays: ArrayLike, at_least: int = 2) -> tuple[Floats, ...]:
    parts = tuple(np.asarray(array, dtype=np.float64) for array in arrays)
    if len({part.shape for part in parts}) != 1 or parts[0].ndim != 1:
        raise ModelError(f"Arrays of equal length are expected, got {[part.shape for part in parts]}.")
    if len(parts[0]) < at_least:
        raise ModelError(f"{len(parts[0])} units are too few to tell how much units differ.", "Use a larger area.")
    if not all(np.isfinite(part).all() for part in parts):
        raise ModelError("A value is missing.", "Leave those units out and count them.")
    return parts


def _weights(pupils: Floats) -> Floats:
    if (pupils < 0).any() or pupils.sum() <= 0:
        raise ModelError("Numbers of pupils cannot be negative or all 0.", "Leave those units out.")
    return np.asarray(pupils / pupils.sum(), dtype=np.float64)


def distribution(result: ArrayLike, pupils: ArrayLike, percentiles: Sequence[float] = PERCENTILES) -> Distribution:
    """Pupil-weighted mean, standard deviation and percentiles of unit means.

    The variance divides by the pupils (all units are there, none is a sample), as do the reference values of the open
    data. Percentiles are values that occur (inverse of the weighted distribution function). At least one unit.
    """
    y, n = _checked(result, pupils, at_least=1)
    w = _weights(n)
    mean = float(w @ y)
    order = np.argsort(y, kind="stable")
    reached = np.cumsum(w[order])
    at = np.searchsorted(reached, np.asarray(percentiles) / 100 - 1e-12)
    values = y[order][np.minimum(at, len(y) - 1)]
    sd = float(np.sqrt(w @ (y - mean) ** 2))
    return Distribution(len(y), float(n.sum()), mean, sd, tuple(percentiles), values)


def between_sd(result: ArrayLike, pupils: ArrayLike, within: float, *, level: float = 0.95) -> BetweenSd:
    """True standard deviation between exactly these units, with its interval.

    Let S = sum n (y - mean)^2. With true means m and chance N(0, within^2 / n), S / within^2 is noncentral chi-square
    with J - 1 degrees of freedom and noncentrality sum n (m - mean)^2 / within^2. The interval inverts it (Johnson,
    Kotz & Balakrishnan 1995 ch. 29); the point is the moment estimator S / N - within^2 (J - 1) / N, at least 0. The
    uncertainty is that of pupils only; `between_sd_of_population` also asks which schools there might have been.
    """
    y, n = _checked(result, pupils)
    spread = distribution(y, n)
    total, df = float(n.sum()), len(y) - 1
    statistic = total * spread.sd**2 / within**2
    noise = within**2 * df / total
    true = max(spread.sd**2 - noise, 0.0)
    variance = (4 * within**2 * total * true + 2 * within**4 * df) / total**2
    # less spread than chance alone gives tells no more than just as much: hence df below the high end
    ends = zip((statistic, max(statistic, df)), _tails(level), strict=True)
    low, high = (float(np.sqrt(_noncentrality(value, df, tail) * within**2 / total)) for value, tail in ends)
    sd = float(np.sqrt(true))
    se = float(
        np.sqrt(variance) / (2 * max(sd, variance**0.25))
    )  # delta method; below variance^(1/4) nothing is resolved
    reliability = true / spread.sd**2 if spread.sd > 0 else 0.0
    return BetweenSd(len(y), spread.sd, sd, se, low, high, reliability, level)


def _tails(level: float) -> tuple[float, float]:
    normal_quantile(level)
    return (1 + level) / 2, (1 - level) / 2


def _noncentrality(statistic: float, df: int, tail: float) -> float:
    """The noncentrality at which the statistic is the `tail` quantile; 0 where even that is too large."""
    if chdtr(df, statistic) <= tail:
        return 0.0
    top = statistic + 10 * np.sqrt(2 * df + 4 * statistic) + 20
    return float(brentq(lambda value: chndtr(statistic, df, value) - tail, 0.0, top, rtol=1e-10))


def between_sd_of_population(
    result: ArrayLike,
    pupils: ArrayLike,
    within: float,
    rng: np.random.Generator,
    *,
    replicates: int = 1000,
    level: float = 0.95,
) -> Interval:
    """True standard deviation between units as in `between_sd`, with an interval for schools such as these.

    Percentile bootstrap over whole units, for statements about a system rather than about the schools that are there.
    A draw of J units with replacement spreads (J - 1) / J as widely as they do: each draw is scaled by J / (J - 1).
    """
    y, n = _checked(result, pupils)
    units = len(y)
    counts = rng.multinomial(units, np.full(units, 1 / units), size=replicates)
    total = counts @ n
    mean = counts @ (n * y) / total
    observed = counts @ (n * y**2) / total - mean**2
    true = np.maximum(units / (units - 1) * observed - within**2 * (units - 1) / total, 0)
    low, high = np.quantile(np.sqrt(true), [(1 - level) / 2, (1 + level) / 2])
    return Interval(between_sd(y, n, within, level=level).true, float(low), float(high), level)


def correlation(x: ArrayLike, y: ArrayLike, pupils: ArrayLike, *, level: float = 0.95) -> Interval:
    """Pupil-weighted correlation of two unit values, with an interval for schools such as these.

    The variance is that of the influence function, w^2 (ab - r (a^2 + b^2) / 2)^2 with standardised a and b, carried to
    Fisher's z (Efron & Tibshirani 1993 ch. 21; Fisher 1915): it needs no normal distribution and no equal weights.
    """
    first, second, n = _checked(x, y, pupils, at_least=4)
    w = _weights(n)
    a, b = (part - w @ part for part in (first, second))
    scale = np.sqrt((w @ a**2) * (w @ b**2))
    if scale <= 0:
        raise ModelError("One of the values is the same everywhere, so there is no correlation.", "Choose another one.")
    r = float(w @ (a * b) / scale)
    a, b = a / np.sqrt(w @ a**2), b / np.sqrt(w @ b**2)
    influence = w * (a * b - r * (a**2 + b**2) / 2)
    if 1 - r**2 < 1e-12:
        return Interval(r, r, r, level)
    half = normal_quantile(level) * np.sqrt(influence @ influence) / (1 - r**2)
    return Interval(r, float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half)), level)


def organiser_shares(
    result: ArrayLike, pupils: ArrayLike, organiser: ArrayLike, within: float, *, level: float = 0.95
) -> VarianceShares:
    """How much of the true variance between units lies between organisers, and how much between their own units.

    Three-level model of unit means with known sampling variance (Konstantopoulos 2011) by REML, intervals by profile
    likelihood. Raises ModelError when no organiser has two units.
    """
    y, n = _checked(result, pupils, at_least=4)
    labels = np.asarray(organiser)
    fit = fit_area_level(y, np.ones((len(y), 1)), within**2 / n, labels)
    between, inside = (_as_sd(component_interval(fit, which, level)) for which in (GROUP, ROW))
    return VarianceShares(len(fit.means.start), len(y), between, inside, group_share(fit, level))


def _as_sd(variance: Interval) -> Interval:
    low, value, high = (float(np.sqrt(part)) for part in (variance.low, variance.value, variance.high))
    return Interval(value, low, high, variance.level)


def lorenz(amount: ArrayLike, weight: ArrayLike | None = None) -> tuple[Floats, Floats]:
    """Lorenz curve: cumulative share of the weight and of the amount, from the lowest, both from 0 to 1.

    `amount` is per unit of weight (crowns per pupil, merit points) and not negative; without weights each counts once.
    """
    x = np.asarray(amount, dtype=np.float64)
    x, w = _checked(x, np.ones(len(x)) if weight is None else weight, at_least=1)
    if (x < 0).any() or x @ w <= 0:
        raise ModelError("A Lorenz curve needs amounts that are not negative and not all 0.", "Choose another measure.")
    order = np.argsort(x, kind="stable")
    share = np.cumsum(_weights(w)[order])
    held = np.cumsum((x * w)[order] / (x @ w))
    return np.r_[0.0, share], np.r_[0.0, held]


def gini(amount: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Gini coefficient: 0 where all have the same, towards 1 where one has all; 1 minus twice the area under `lorenz`.

    The population form, without the factor n / (n - 1).
    """
    share, held = lorenz(amount, weight)
    return float(1 - np.sum(np.diff(share) * (held[1:] + held[:-1])))


def share_below(result: ArrayLike, pupils: ArrayLike, line: float, within: float, *, level: float = 0.95) -> ShareBelow:
    """Share of pupils who go to units below a line, as printed and with chance taken out.

    The true share adds up every unit's probability of lying below, given its own mean and all others (Fay-Herriot, no
    intake); its variance is the sum of n^2 p (1 - p).
    """
    y, n = _checked(result, pupils, at_least=4)
    w = _weights(n)
    means = row_means(fit_area_level(y, np.ones((len(y), 1)), within**2 / n))
    p = ndtr((line - means.value) / means.se)
    value = float(w @ p)
    half = normal_quantile(level) * float(np.sqrt(w**2 @ (p * (1 - p))))
    return ShareBelow(
        line, float(w[y < line].sum()), Interval(value, max(value - half, 0), min(value + half, 1), level)
    )
