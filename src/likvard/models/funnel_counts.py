"""Funnel limits for proportions and counts, by the exact binomial and Poisson laws."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from likvard.models.fay_herriot import Floats, normal_quantile
from likvard.models.funnel import INNER, Limits, sizes
from likvard.terms import ModelError


def proportion_limits(target: float, pupils: ArrayLike, *, level: float = INNER) -> Limits:
    """Exact binomial limits for proportions, interpolated between counts, within 0 to 1.

    The low limit is (r - a) / n with r the smallest count whose cumulative probability reaches p, and a the part of that
    step beyond p (Spiegelhalter 2005, appendix A.1.1). The high limit is the same for those who did not, (r + 1 - a) / n:
    the paper's (r - a) / n lets more than p fall above in small units. So neither side is passed by chance more often
    than stated. `pupils` are whole numbers.
    """
    n = np.round(sizes(pupils))
    if not 0 <= target <= 1:
        raise ModelError(f"A target of {target} is not a share between 0 and 1.", "Write 61 % as 0.61.")
    law = stats.binom(n, target)
    low, high = (np.clip(count / n, 0, 1) for count in _interpolated(law.cdf, law.ppf, level))
    return Limits(level, low, high, _chance(law.cdf, law.sf, n * low, n * high))


def count_limits(expected: ArrayLike, *, target: float = 1.0, level: float = INNER) -> Limits:
    """Exact Poisson limits for the ratio of a count to the expected one, interpolated as in `proportion_limits`."""
    e = sizes(expected)
    law = stats.poisson(target * e)
    low, high = (np.maximum(count / e, 0) for count in _interpolated(law.cdf, law.ppf, level))
    return Limits(level, low, high, _chance(law.cdf, law.sf, e * low, e * high))


def count_limits_chi_square(expected: ArrayLike, *, target: float = 1.0, level: float = INNER) -> Limits:
    """Poisson limits by chi-square quantiles with 2E (low) and 2E + 2 (high) degrees of freedom, as FunnelPlotR draws.

    The exact interval of Garwood 1936 (Biometrika 28: 437) for a count equal to the expected one. Wider than
    `count_limits`; kept for comparison with charts made there.
    """
    e = sizes(expected)
    below, above = _tails(level)
    law = stats.poisson(target * e)
    low, high = (target * stats.chi2.ppf(p, 2 * e + extra) / 2 / e for p, extra in ((below, 0), (above, 2)))
    return Limits(level, low, high, _chance(law.cdf, law.sf, e * low, e * high))


def _tails(level: float) -> tuple[float, float]:
    normal_quantile(level)
    return (1 - level) / 2, (1 + level) / 2


def _interpolated(
    cdf: Callable[[Floats], Floats], ppf: Callable[[float], Floats], level: float
) -> tuple[Floats, Floats]:
    """Low and high count: r - a and r + 1 - a."""
    limits = []
    for p, above in zip(_tails(level), (0, 1), strict=True):
        r = np.asarray(ppf(p), dtype=np.float64)
        at, before = cdf(r), cdf(r - 1)
        step = np.where(at > before, at - before, 1.0)
        limits.append(r + above - np.clip((at - p) / step, 0, 1))
    return limits[0], limits[1]


def _chance(cdf: Callable[[Floats], Floats], sf: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Probability of a count strictly below `low` or strictly above `high`."""
    return np.asarray(cdf(np.ceil(low - 1e-9) - 1) + sf(np.floor(high + 1e-9)), dtype=np.float64)
