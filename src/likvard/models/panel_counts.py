"""Counts and shares on a scale where a step of the rate is as large, and chance as even, in a small unit as in a large.

The square root of a rate and the arcsine of a share (Anscombe 1948, Biometrika 35: 246) even chance out where counts are
large. Where a unit has one or two of what is counted, they vary less than theory for large counts says and follow the
rate less: a unit's size would then decide how well it is taken to be seen. So both are worked out exactly at the rate of
all units together: the transformed count is measured from what it is expected to be, in steps of the logarithm of the
rate (of the odds), and its error is what chance is on that scale.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import binom, poisson

from likvard.models.fay_herriot import Floats
from likvard.terms import ModelError

LARGE = 60.0
"""Expected counts above which theory for large counts holds to a thousandth."""

MANY = 1000.0
"""Of more than so many, a share is taken by theory for large counts."""

_MOST = 140
_GRID = np.exp(np.linspace(np.log(1e-3), np.log(LARGE), 200))


def rates(count: Floats, size: Floats) -> tuple[Floats, Floats]:
    """How far each unit's rate lies from that of all together, in steps of its logarithm, and the error variance.

    `count` and `size` have one shape, NaN where nothing is known; so have both that come back. Raises `ModelError` where
    nothing is counted.
    """
    seen = np.isfinite(count) & (size > 0)
    if not count[seen].sum() > 0:
        raise ModelError("Nothing is counted, so there is no rate.", "Leave it out.")
    expected = np.where(seen, size, np.nan) * float(count[seen].sum() / size[seen].sum())
    mean, error, slope = _poisson(np.maximum(expected, _GRID[0]))
    return (np.sqrt(count + 0.375) - mean) / slope, error / slope**2


def shares(count: Floats, of: Floats) -> tuple[Floats, Floats]:
    """How far each unit's share lies from that of all together, in steps of the logarithm of its odds, and the error
    variance. `of` are whole numbers from 1; NaN where nothing is known. Raises `ModelError` where all or nothing counts.
    """
    seen = np.isfinite(count) & (of >= 1)
    share = float(count[seen].sum() / of[seen].sum()) if seen.any() else 0.0
    if not 0 < share < 1:
        raise ModelError("All or nothing is counted, so there is no share.", "Leave it out.")
    value, error = np.full(count.shape, np.nan), np.full(count.shape, np.nan)
    for n in np.unique(of[seen]):
        here = seen & (of == n)
        mean, chance, slope = _binomial(float(n), share)
        value[here] = (np.arcsin(np.sqrt((count[here] + 0.375) / (n + 0.75))) - mean) / slope
        error[here] = chance / slope**2
    return value, error


def _binomial(n: float, share: float) -> tuple[float, float, float]:
    """The same of the arcsine of a share of n, by the logarithm of the odds."""
    if n > MANY:
        return float(np.arcsin(share**0.5)), 1 / (4 * n + 2), (share * (1 - share)) ** 0.5 / 2
    k = np.arange(n + 1)
    return _moments(np.arcsin(np.sqrt((k + 0.375) / (n + 0.75))), k, binom.pmf(k, n, share))


def _poisson(expected: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, variance and slope by the logarithm of the rate of the root of a Poisson count and three eighths."""
    k = np.arange(float(_MOST))
    grid = np.array([_moments(np.sqrt(k + 0.375), k, poisson.pmf(k, one)) for one in _GRID]).T
    at = np.log(np.minimum(expected, LARGE))
    mean, chance, slope = (np.interp(at, np.log(_GRID), row) for row in grid)
    large = expected > LARGE
    return (
        np.where(large, np.sqrt(np.maximum(expected + 0.125, 0)), mean),
        np.where(large, 0.25, chance),
        np.where(large, np.sqrt(expected) / 2, slope),
    )


def _moments(value: Floats, count: Floats, chance: Floats) -> tuple[float, float, float]:
    """Mean, variance, and covariance with the count: the slope by the natural parameter of its distribution."""
    mean = float(chance @ value)
    return mean, float(chance @ (value - mean) ** 2), float(chance @ ((value - mean) * count))
