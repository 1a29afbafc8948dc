"""A gap between two groups of pupils from sums per unit, with the doubt that comes from pupils sharing schools."""

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


def group_gap(first: ArrayLike, first_n: ArrayLike, second: ArrayLike, second_n: ArrayLike) -> GroupGap:
    """The gap between two groups over U units, from each unit's sum (U,) and count (U,) of both; 0 where it has none.

    Standard errors are cluster-robust over units (Liang & Zeger 1986) with the factor U/(U-1): pupils of a school
    resemble one another, and both groups share its luck. Raises ModelError with fewer than two units or an empty group.
    """
    sums = [np.asarray(part, dtype=np.float64) for part in (first, second)]
    counts = [np.asarray(part, dtype=np.float64) for part in (first_n, second_n)]
    units = int(((counts[0] + counts[1]) > 0).sum())
    if units < 2 or min(counts[0].sum(), counts[1].sum()) <= 0:
        raise ModelError("A gap needs two groups and at least two schools.", "Take more schools together.")
    means = [float(s.sum() / n.sum()) for s, n in zip(sums, counts, strict=True)]
    scores = [(s - n * mean) / n.sum() for s, n, mean in zip(sums, counts, means, strict=True)]
    return GroupGap(
        first=means[0],
        second=means[1],
        gap=means[0] - means[1],
        first_se=_clustered(scores[0], units),
        second_se=_clustered(scores[1], units),
        gap_se=_clustered(scores[0] - scores[1], units),
        first_n=float(counts[0].sum()),
        second_n=float(counts[1].sum()),
    )


def _clustered(scores: Floats, units: int) -> float:
    return float(np.sqrt(units / (units - 1) * (scores**2).sum()))
