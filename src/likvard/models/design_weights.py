"""Shares and means of a population from a sample that was not drawn evenly.

Weighted (Horvitz-Thompson, Hájek, ratio) estimates, calibrated to totals that are known of all (Deville & Särndal 1992, JASA
87: 376), post-stratified or raked, with linearised variances of the design: between units (or clusters) within strata, less
what the sample already covers. Equal to R `survey` on its California schools (see tests/authority). An estimate is carried
as its value and each unit's influence on it, so that whatever is smooth in totals gets its variance the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from likvard.terms import ModelError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
RAKING_ROUNDS = 10
"""Alternating projections on the margins for the variance after raking, as R `survey` does."""


@dataclass(frozen=True, eq=False)
class Adjustment:
    """What weights were adjusted to: the columns whose totals hold, and the weights before and after."""

    columns: Floats
    before: Floats
    after: Floats
    margins: tuple[Floats, ...] = ()


@dataclass(frozen=True, eq=False)
class Design:
    """How a sample was drawn: weights, stratum and cluster of each unit, and how many units or clusters each stratum has.

    `population` is by unit (the size of its stratum, in clusters where there are clusters); infinite for no correction.
    """

    weights: Floats
    stratum: Whole
    cluster: Whole
    population: Floats
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def degrees(self) -> int:
        """Degrees of freedom: clusters less strata, at least one."""
        return max(len(np.unique(self.cluster)) - len(np.unique(self.stratum)), 1)

    @property
    def effective(self) -> float:
        """As many equally weighted units would be as uneven (Kish 1965): (sum w) squared over sum of w squared."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum())


@dataclass(frozen=True, eq=False)
class Estimated:
    """Estimates, their covariance, and each unit's influence (units by estimates; weights are in it)."""

    value: Floats
    covariance: Floats
    influence: Floats

    @property
    def se(self) -> Floats:
        """Standard errors."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))


def design(
    weights: ArrayLike,
    *,
    stratum: Sequence[object] | None = None,
    cluster: Sequence[object] | None = None,
    population: ArrayLike | None = None,
) -> Design:
    """A design from columns; without strata all are in one, without clusters each unit is its own.

    Raises `ModelError` for a weight that is not above 0, or a population smaller than its sample.
    """
    w = np.asarray(weights, dtype=np.float64)
    if not len(w) or (w <= 0).any() or not np.isfinite(w).all():
        raise ModelError("Weights must be above 0.", "Weights are 1 over the probability of selection.")
    strata = _codes(stratum, len(w)) if stratum is not None else np.zeros(len(w), dtype=np.int64)
    clusters = _codes(cluster, len(w)) if cluster is not None else np.arange(len(w))
    size = np.full(len(w), np.inf) if population is None else np.asarray(population, dtype=np.float64)
    made = Design(w, strata, clusters, size)
    for s in np.unique(strata):
        here = strata == s
        if len(np.unique(clusters[here])) > size[here].min() + 1e-9:
            raise ModelError("A stratum has fewer units in the population than in the sample.", "Count again.")
    return made


def _codes(values: Sequence[object], n: int) -> Whole:
    if len(values) != n:
        raise ModelError(f"{len(values)} values are given for {n} units.", "Give one for each.")
    return np.unique([str(value) for value in values], return_inverse=True)[1].astype(np.int64)


def covariance(found: Design, influence: ArrayLike, *, corrected: bool = True, borrowed: float = 0.0) -> Floats:
    """The design's covariance of estimates from the influence of each unit (units by estimates).

    `corrected=False` leaves out what the sample covers (no finite population correction). A stratum with one cluster is
    held against the mean of all, which is cautious. `borrowed` adds so many degrees of freedom of the spread in all strata to
    each stratum's own where that is more: five organisers who happen to be alike do not show that all of their stratum are.
    """
    z = np.asarray(influence, dtype=np.float64)
    z = z[:, None] if z.ndim == 1 else z
    for adjustment in found.adjustments:
        z = _projected(adjustment, z)
    _, place = np.unique(found.cluster, return_inverse=True)
    sums = np.zeros((place.max() + 1, z.shape[1]))
    np.add.at(sums, place, z)
    first = np.unique(found.cluster, return_index=True)[1]
    stratum, population, weight = found.stratum[first], found.population[first], found.weights[first]
    parts = []
    for s in np.unique(stratum):
        here = stratum == s
        m, scale = int(here.sum()), float(weight[here].mean())
        left = 1 - m / float(population[here].mean()) if corrected else 1.0
        around = (sums[here] - (sums[here].mean(axis=0) if m > 1 else sums.mean(axis=0))) / scale
        parts.append((left * m * scale**2, max(m - 1, 1), around.T @ around))
    pooled = sum(spread for _, _, spread in parts) / sum(df for _, df, _ in parts)
    return np.asarray(sum(factor * _lifted(spread / df, pooled, df, borrowed) for factor, df, spread in parts))


def _lifted(own: Floats, pooled: Floats, df: int, borrowed: float) -> Floats:
    """A stratum's spread, its variances raised to what they are with some of all strata's, where that is more."""
    shared = (df * np.diag(own) + borrowed * np.diag(pooled)) / (df + borrowed)
    return np.asarray(own + np.diag(np.maximum(shared - np.diag(own), 0.0)))


def _projected(adjustment: Adjustment, z: Floats) -> Floats:
    """The part of influences that known totals do not explain."""
    factor = (adjustment.after / adjustment.before)[:, None]
    plain = z / adjustment.after[:, None]
    if not adjustment.margins:
        return np.asarray(_residual(adjustment.columns, plain, adjustment.before) * adjustment.before[:, None] * factor)
    for _ in range(RAKING_ROUNDS):
        for margin in adjustment.margins:
            plain = _residual(margin, plain, adjustment.before)
    return np.asarray(plain * adjustment.before[:, None] * factor)


def _residual(columns: Floats, y: Floats, weights: Floats) -> Floats:
    root = np.sqrt(weights)[:, None]
    coefficients = np.linalg.lstsq(columns * root, y * root, rcond=None)[0]
    return np.asarray(y - columns @ coefficients)


def estimated(found: Design, value: ArrayLike, influence: Floats) -> Estimated:
    """An estimate with its covariance from its influences."""
    return Estimated(np.atleast_1d(np.asarray(value, dtype=np.float64)), covariance(found, influence), influence)


def total(found: Design, y: ArrayLike) -> Estimated:
    """The population's total of each column of y."""
    influence = _columns(y) * found.weights[:, None]
    return estimated(found, influence.sum(axis=0), influence)


def mean(found: Design, y: ArrayLike) -> Estimated:
    """The population's mean of each column of y (Hájek: over the sum of weights)."""
    return ratio(found, y, np.ones(len(found.weights)))


def ratio(found: Design, y: ArrayLike, x: ArrayLike) -> Estimated:
    """The ratio of the total of each column of y to the total of x. Raises `ModelError` where x adds up to nothing."""
    above, below = _columns(y), np.asarray(x, dtype=np.float64)
    weight = found.weights[:, None]
    bottom = float(found.weights @ below)
    if bottom == 0:
        raise ModelError("What is divided by adds up to nothing.", "Choose another base.")
    value = (weight * above).sum(axis=0) / bottom
    return estimated(found, value, weight * (above - value * below[:, None]) / bottom)


def _columns(y: ArrayLike) -> Floats:
    given = np.asarray(y, dtype=np.float64)
    return given[:, None] if given.ndim == 1 else given


def calibrated(found: Design, columns: ArrayLike, totals: ArrayLike) -> Design:
    """Weights moved as little as possible (linear distance) so that the columns add up to the totals known of all.

    Raises `ModelError` where no weights do, or where some would have to be 0 or less.
    """
    x, known, w = _columns(columns), np.asarray(totals, dtype=np.float64), found.weights
    gap = known - w @ x
    moved = np.linalg.lstsq(x.T @ (x * w[:, None]), gap, rcond=None)[0]
    after = w * (1 + x @ moved)
    scale = np.maximum(np.abs(known), 1.0)
    if (np.abs(after @ x - known) > 1e-7 * scale).any():
        raise ModelError("No weights give the known totals.", "Leave out totals of groups that nobody marked is in.")
    if (after <= 0).any():
        raise ModelError("The known totals would need weights below 0.", "Calibrate on fewer totals.")
    return replace(found, weights=after, adjustments=(*found.adjustments, Adjustment(x, w, after)))


def poststratified(found: Design, group: Sequence[str], totals: Mapping[str, float]) -> Design:
    """Weights scaled within each group to its known total. Raises `ModelError` for a group that nobody is in."""
    columns = _indicators(group, totals)
    return calibrated(found, columns, list(totals.values()))


def raked(
    found: Design, margins: Sequence[tuple[Sequence[str], Mapping[str, float]]], *, tolerance: float = 1e-10
) -> Design:
    """Weights scaled to one margin after the other until all hold (iterative proportional fitting).

    Raises `ModelError` where the margins contradict one another.
    """
    columns = [_indicators(group, totals) for group, totals in margins]
    known = [np.array(list(totals.values())) for _, totals in margins]
    w = found.weights
    for _ in range(1000):
        before = w
        for x, total_ in zip(columns, known, strict=True):
            w = w * (x @ (total_ / (w @ x)))
        if np.abs(w / before - 1).max() < tolerance:
            break
    if any((np.abs(w @ x - total_) > 1e-6 * total_).any() for x, total_ in zip(columns, known, strict=True)):
        raise ModelError("The margins cannot all hold.", "See that each adds up to the same population.")
    step = Adjustment(np.hstack(columns), found.weights, w, tuple(columns))
    return replace(found, weights=w, adjustments=(*found.adjustments, step))


def _indicators(group: Sequence[str], totals: Mapping[str, float]) -> Floats:
    given = np.array([str(one) for one in group])
    missing = sorted(set(given.tolist()) - set(totals)) + [key for key in totals if key not in set(given.tolist())]
    if missing:
        raise ModelError(f"The groups and totals do not match: {', '.join(missing)}.", "Join small groups first.")
    return np.stack([given == key for key in totals], axis=1).astype(np.float64)


def trimmed(weights: ArrayLike, most: float = 2.0) -> Floats:
    """Weights cut at `most` times their median, what is cut shared among the others in proportion."""
    w = np.asarray(weights, dtype=np.float64)
    limit = most * float(np.median(w))
    cut = np.minimum(w, limit)
    rest = w < limit
    if rest.any():
        cut[rest] *= 1 + (w.sum() - cut.sum()) / cut[rest].sum()
    return cut


def interval_of_share(
    value: float, se: float, degrees: int, *, units: float | None = None, level: float = 0.95
) -> tuple[float, float]:
    """An interval of a share that stays within 0 and 1 and is not empty at its ends.

    Wilson's (1927) with as many units as the standard error is worth, n = p (1 - p) / se^2, and Student's t (Korn & Graubard 1998,
    Survey Methodology 24: 193, in spirit). A share of 0 or 1 has no such n: there `units` says how many it rests on.
    """
    reach = float(student.ppf(0.5 + level / 2, degrees))
    n = value * (1 - value) / se**2 if se > 0 and 0 < value < 1 else units
    if n is None or (se <= 0 and 0 < value < 1):
        return value, value
    around = 1 + reach**2 / n
    centre, half = (
        (value + reach**2 / (2 * n)) / around,
        reach * np.sqrt(value * (1 - value) / n + (reach / (2 * n)) ** 2) / around,
    )
    return max(float(centre - half), 0.0), min(float(centre + half), 1.0)
