"""Has it moved? Trends and changes of published series, each with its interval and a verdict that the interval carries.

A series is never joined over a break: a change of rules or of questions begins a new one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from likvard.models.fay_herriot import Floats, Interval, fit_area_level, normal_quantile
from likvard.terms import ModelError

LEAST_POINTS = 4  # two for the line, one for the spread about it, one to spare


class Verdict(StrEnum):
    """What may be said of a change. `NO_CHANGE_SHOWN` is not "unchanged"; with `CANNOT_TELL` nothing can be said."""

    INCREASED = "increased"
    DECREASED = "decreased"
    NO_CHANGE_SHOWN = "no_change_shown"
    CANNOT_TELL = "cannot_tell"


class Doubt(StrEnum):
    """Why nothing can be said."""

    NONE = ""
    BREAK_BETWEEN = "break_between"
    TOO_FEW_POINTS = "too_few_points"
    NOT_MEASURED = "not_measured"
    TOO_UNCERTAIN = "too_uncertain"


@dataclass(frozen=True)
class Change:
    """A difference from `first` to `last` with its interval, the verdict it carries, and why if there is none.

    Without a number `value`, `low` and `high` are NaN.
    """

    first: float
    last: float
    value: float
    low: float
    high: float
    level: float
    verdict: Verdict
    doubt: Doubt


@dataclass(frozen=True)
class Trend:
    """A straight line through one unbroken stretch: `slope` per unit of time with its interval.

    `extra_sd` is how much the points scatter about the line beyond their own sampling error.
    """

    first: float
    last: float
    points: int
    slope: float
    se: float
    low: float
    high: float
    extra_sd: float
    level: float
    verdict: Verdict
    doubt: Doubt


@dataclass(frozen=True, eq=False)
class Series:
    """A published series in order of time: `t`, `value`, `se` (points,) and the times that begin a new series.

    Missing values are NaN in both `value` and `se`; `se` is at least 0.
    """

    t: Floats
    value: Floats
    se: Floats
    breaks: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.t.shape == self.value.shape == self.se.shape or self.t.ndim != 1:
            raise ModelError(
                f"Times, values and errors have shapes {self.t.shape}, {self.value.shape}, {self.se.shape}."
            )
        if (np.diff(self.t) <= 0).any() or not np.isfinite(self.t).all():
            raise ModelError("Times must rise, each once.", "Sort the series and keep one value per time.")
        if (np.isnan(self.value) != np.isnan(self.se)).any() or (self.se < 0).any():
            raise ModelError("Every value needs a standard error of at least 0.", "Set both to NaN where unknown.")

    def broken(self, first: float, last: float) -> bool:
        """Whether a new series begins after `first` and not after `last`."""
        return any(first < begins <= last for begins in self.breaks)


def series(t: ArrayLike, value: ArrayLike, se: ArrayLike, breaks: Collection[float] = ()) -> Series:
    """A `Series` sorted by time from any order."""
    times, values, errors = (np.asarray(part, dtype=np.float64) for part in (t, value, se))
    if times.ndim != 1 or not times.shape == values.shape == errors.shape:
        raise ModelError(f"Times, values and errors have shapes {times.shape}, {values.shape}, {errors.shape}.")
    order = np.argsort(times, kind="stable")
    return Series(times[order], values[order], errors[order], tuple(sorted(breaks)))


def verdict_of(low: float, high: float, margin: float | None = None) -> tuple[Verdict, Doubt]:
    """What an interval of a change allows to be said.

    Clear of 0 it has increased or decreased. Otherwise no change is shown; but where a `margin` (the smallest change
    that matters) is given and the interval reaches beyond it, such a change is not excluded either: cannot tell.
    """
    if np.isnan(low) or np.isnan(high):
        return Verdict.CANNOT_TELL, Doubt.NOT_MEASURED
    if low > 0:
        return Verdict.INCREASED, Doubt.NONE
    if high < 0:
        return Verdict.DECREASED, Doubt.NONE
    if margin is not None and (high > margin or low < -margin):
        return Verdict.CANNOT_TELL, Doubt.TOO_UNCERTAIN
    return Verdict.NO_CHANGE_SHOWN, Doubt.NONE


def change(
    of: Series, first: float, last: float, *, level: float = 0.95, margin: float | None = None, covariance: float = 0.0
) -> Change:
    """Difference between two times of a series, variance se1^2 + se2^2 - 2 covariance.

    Two years of pupils are two groups of persons, so the default covariance is 0. Across a break, or where a value is
    not there, nothing can be said.
    """
    at = [np.flatnonzero(of.t == time) for time in (first, last)]
    known = all(len(found) and np.isfinite(of.value[found[0]]) for found in at)
    if not known or of.broken(first, last):
        doubt = Doubt.BREAK_BETWEEN if of.broken(first, last) else Doubt.NOT_MEASURED
        return Change(first, last, np.nan, np.nan, np.nan, level, Verdict.CANNOT_TELL, doubt)
    begin, end = (int(found[0]) for found in at)
    value = float(of.value[end] - of.value[begin])
    variance = of.se[begin] ** 2 + of.se[end] ** 2 - 2 * covariance
    half = normal_quantile(level) * float(np.sqrt(max(variance, 0.0)))
    verdict, doubt = verdict_of(value - half, value + half, margin)
    return Change(first, last, value, value - half, value + half, level, verdict, doubt)


def gap(one: Series, other: Series) -> Series:
    """The difference one - other at the times both have, with its own standard error.

    The two groups are taken as independent, which holds for different persons; a shared source of error (the same test,
    the same schools) makes the true error of the gap smaller. Breaks of either are breaks of the gap.
    """
    times = np.intersect1d(one.t, other.t)
    a, b = np.isin(one.t, times), np.isin(other.t, times)
    value = one.value[a] - other.value[b]
    se = np.sqrt(one.se[a] ** 2 + other.se[b] ** 2)
    return Series(times, value, se, tuple(sorted({*one.breaks, *other.breaks})))


def trends(of: Series, *, level: float = 0.95, margin: float | None = None) -> tuple[Trend, ...]:
    """One straight line per unbroken stretch, in order of time.

    Weighted least squares with weights 1 / (se^2 + extra variance), the extra variance by REML, and the interval of
    Knapp & Hartung 2003 (Stat. Med. 22: 2693): t with points - 2 degrees of freedom and the scatter that is there,
    never less than the errors alone give. `margin` is in the units of the slope. Fewer than four points: cannot tell.
    """
    edges = [-np.inf, *of.breaks, np.inf]
    stretches = [(of.t >= low) & (of.t < high) & np.isfinite(of.value) for low, high in pairwise(edges)]
    return tuple(_line(of.t[part], of.value[part], of.se[part], level, margin) for part in stretches if part.any())


def _line(t: Floats, y: Floats, se: Floats, level: float, margin: float | None) -> Trend:
    first, last = float(t[0]), float(t[-1])
    if len(t) < LEAST_POINTS:
        nan = float("nan")
        return Trend(first, last, len(t), nan, nan, nan, nan, nan, level, Verdict.CANNOT_TELL, Doubt.TOO_FEW_POINTS)
    scale = float(np.abs(y - y.mean()).max()) or 1.0
    d = np.maximum(se**2, (1e-6 * scale) ** 2)  # a series without sampling error: least squares
    X = np.column_stack([np.ones(len(t)), t - t.mean()])
    fit = fit_area_level(y, X, d)
    residual = y - X @ fit.beta
    scatter = float(residual**2 @ (1 / (d + fit.components.sum()))) / (len(t) - 2)
    se_slope = float(np.sqrt(fit.beta_cov[1, 1] * max(scatter, 1.0)))
    half = float(stats.t.isf((1 - level) / 2, len(t) - 2)) * se_slope
    slope = float(fit.beta[1])
    verdict, doubt = verdict_of(slope - half, slope + half, margin)
    extra = float(np.sqrt(fit.components.sum()))
    return Trend(first, last, len(t), slope, se_slope, slope - half, slope + half, extra, level, verdict, doubt)


@dataclass(frozen=True)
class MannKendall:
    """Mann-Kendall test of a monotone trend: score `s`, its `variance`, `z`, two-sided `p`, Kendall's `tau` (b)."""

    s: float
    variance: float
    z: float
    p: float
    tau: float


def mann_kendall(value: ArrayLike, *, continuity: bool = False) -> MannKendall:
    """Test of trend in a series without its errors, ties allowed for (Mann 1945; Kendall 1975; Gilbert 1987 ch. 16).

    Without `continuity` z is that of R's cor.test(exact = FALSE), with it that of pymannkendall. At least four points.
    """
    y = _series_of_points(value)
    n = len(y)
    upper = np.triu_indices(n, 1)
    s = float(np.sign(y[upper[1]] - y[upper[0]]).sum())
    ties = np.unique(y, return_counts=True)[1].astype(np.float64)
    variance = float((n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18)
    if variance <= 0:
        raise ModelError("The series never changes, so there is no trend to test.", "Leave it out.")
    pairs = n * (n - 1) / 2
    tau = s / np.sqrt(pairs * (pairs - (ties * (ties - 1)).sum() / 2))
    z = np.sign(s) * max(abs(s) - float(continuity), 0) / np.sqrt(variance)
    return MannKendall(s, variance, float(z), float(2 * stats.norm.sf(abs(z))), float(tau))


def theil_sen(t: ArrayLike, value: ArrayLike, *, level: float = 0.95) -> Interval:
    """Median of all pairwise slopes, with Sen's interval (Sen 1968, JASA 63: 1379; ties as in `mann_kendall`)."""
    y = _series_of_points(value)
    x = np.asarray(t, dtype=np.float64)
    if x.shape != y.shape or (np.diff(x) <= 0).any():
        raise ModelError("Times must rise, one for each value.", "Sort the series.")
    upper = np.triu_indices(len(y), 1)
    slopes = np.sort((y[upper[1]] - y[upper[0]]) / (x[upper[1]] - x[upper[0]]))
    reach = normal_quantile(level) * np.sqrt(mann_kendall(y).variance)
    low = max(round((len(slopes) - reach) / 2) - 1, 0)
    high = min(round((len(slopes) + reach) / 2), len(slopes) - 1)
    return Interval(float(np.median(slopes)), float(slopes[low]), float(slopes[high]), level)


def _series_of_points(value: ArrayLike) -> Floats:
    y = np.asarray(value, dtype=np.float64)
    if y.ndim != 1 or len(y) < LEAST_POINTS or not np.isfinite(y).all():
        raise ModelError(f"A test of trend needs at least {LEAST_POINTS} values, none missing.", "Use a longer series.")
    return y


@dataclass(frozen=True)
class CochranArmitage:
    """Test of a linear trend in proportions: `chi_square` with one degree of freedom, two-sided `p`, signed `z`."""

    chi_square: float
    p: float
    z: float


def cochran_armitage(successes: ArrayLike, trials: ArrayLike, scores: ArrayLike | None = None) -> CochranArmitage:
    """Trend in proportions over ordered groups (Cochran 1954; Armitage 1955), as R's prop.trend.test.

    `scores` are 1, 2, ... where not given. Positive z: the proportion rises with the score.
    """
    x, n = np.asarray(successes, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    s = np.arange(1.0, len(x) + 1) if scores is None else np.asarray(scores, dtype=np.float64)
    if not x.shape == n.shape == s.shape or len(x) < 2 or (n <= 0).any() or (x < 0).any() or (x > n).any():
        raise ModelError("Successes, trials and scores must match, with 0 <= successes <= trials.", "Check the counts.")
    p = x.sum() / n.sum()
    centred = s - n @ s / n.sum()
    variance = p * (1 - p) * (n @ centred**2)
    if variance <= 0:
        raise ModelError("All or none succeeded, so there is no trend to test.", "Leave the series out.")
    z = float(centred @ x / np.sqrt(variance))
    return CochranArmitage(z**2, float(2 * stats.norm.sf(abs(z))), z)
