"""A gap between two groups of pupils from sums per unit, with the doubt that comes from few pupils and from years."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from likvard.models.fay_herriot import Floats, normal_quantile
from likvard.terms import ModelError


@dataclass(frozen=True)
class GroupGap:
    """Means of two groups and their difference, first minus second, each with its standard error and pupils."""

    first: float
    second: float
    gap: float
    first_se: float
    second_se: float
    gap_se: float
    first_n: float
    second_n: float

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The gap's interval."""
        half = normal_quantile(level) * self.gap_se
        return self.gap - half, self.gap + half


def group_gap(
    first: ArrayLike,
    first_n: ArrayLike,
    second: ArrayLike,
    second_n: ArrayLike,
    *,
    within: tuple[float, float],
    luck: float,
) -> GroupGap:
    """The gap between two groups over U units, from each unit's sum (U,) and count (U,) of both; 0 where it has none.

    The units are all that the area has, so the doubt is not about which units were drawn: it is what other pupils of
    the same units, or another year, would have given. `within` is the standard deviation between pupils of the same
    unit for either group, `luck` that of what a year adds to all pupils of a unit; to the gap it adds only as far as
    the groups go to different units. Both come from the whole country: a few units say too little of their own spread
    (a cluster-robust error over two or three units covered 78 per cent). Raises ModelError for an empty group.
    """
    sums = [np.asarray(part, dtype=np.float64) for part in (first, second)]
    counts = [np.asarray(part, dtype=np.float64) for part in (first_n, second_n)]
    if min(counts[0].sum(), counts[1].sum()) <= 0:
        raise ModelError("A gap needs two groups.", "Take more schools together.")
    means = [float(s.sum() / n.sum()) for s, n in zip(sums, counts, strict=True)]
    weights = [n / n.sum() for n in counts]
    chance = [sd**2 / n.sum() for sd, n in zip(within, counts, strict=True)]
    return GroupGap(
        first=means[0],
        second=means[1],
        gap=means[0] - means[1],
        first_se=_error(chance[0], luck, weights[0]),
        second_se=_error(chance[1], luck, weights[1]),
        gap_se=_error(chance[0] + chance[1], luck, weights[0] - weights[1]),
        first_n=float(counts[0].sum()),
        second_n=float(counts[1].sum()),
    )


def _error(chance: float, luck: float, weights: Floats) -> float:
    return float(np.sqrt(chance + luck**2 * (weights**2).sum()))


def within_units(total: ArrayLike, squares: ArrayLike, n: ArrayLike) -> float:
    """The standard deviation between pupils of the same unit, from sums, sums of squares and counts (U,) of units.

    Pooled over the units. Raises ModelError where no unit has two pupils.
    """
    s, q, k = (np.asarray(part, dtype=np.float64) for part in (total, squares, n))
    free = float((k - 1).sum())
    if free <= 0:
        raise ModelError("No school has two pupils of the group.", "Take more schools together.")
    return float(np.sqrt(max(float((q - s**2 / k).sum()), 0.0) / free))
