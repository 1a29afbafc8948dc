"""How unequally something is shared: Lorenz curve, Gini and Theil, weighted.

Lorenz (1905), Gini (1914), Theil (1967), Shorrocks (1980, Econometrica 48: 613) for the split by groups. Weights are pupils
(or schools counted once): a value is what each of them has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy

from likvard.terms import ModelError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Lorenz:
    """Shares of the pupils, those with least first, and what share of the whole they have: from (0, 0) to (1, 1)."""

    people: Floats
    whole: Floats

    @property
    def gini(self) -> float:
        """Twice the area between the curve and the line of equal shares."""
        widths, heights = np.diff(self.people), self.whole[1:] + self.whole[:-1]
        return float(1 - (widths * heights).sum())

    def share_of_lowest(self, people: float) -> float:
        """What share of the whole the `people` (0 to 1) with least have."""
        return float(np.interp(people, self.people, self.whole))


def lorenz(values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Lorenz:
    """The Lorenz curve of values (N,), none below zero, with weights (N,).

    Raises `ModelError` where there is nothing to share or a value is below zero.
    """
    value, weight = _checked(values, weights)
    order = np.argsort(value, kind="stable")
    people, whole = np.cumsum(weight[order]), np.cumsum(weight[order] * value[order])
    return Lorenz(np.concatenate([[0.0], people / people[-1]]), np.concatenate([[0.0], whole / whole[-1]]))


def gini(values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """Half the mean difference between two pupils over the mean: 0 where all have the same, towards 1 where one has all."""
    return lorenz(values, weights).gini


def theil(values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """Theil's T: 0 where all have the same; parts by group add up to it."""
    value, weight = _checked(values, weights)
    ratio = value / np.average(value, weights=weight)
    return float(np.average(xlogy(ratio, ratio), weights=weight))


@dataclass(frozen=True, slots=True)
class TheilParts:
    """Theil's T between the means of groups, and inside groups (each weighted by its share of the whole)."""

    between: float
    within: float


def theil_parts(values: npt.ArrayLike, group: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> TheilParts:
    """Split Theil's T of values (N,) by groups (N,); the parts add up to T of the whole."""
    value, weight = _checked(values, weights)
    _, member = np.unique(np.asarray(group), return_inverse=True)
    people = np.bincount(member, weight)
    mean = np.bincount(member, weight * value) / np.where(people > 0, people, 1.0)
    between = theil(mean, people)
    return TheilParts(between, theil(value, weight) - between)


def _checked(values: npt.ArrayLike, weights: npt.ArrayLike | None) -> tuple[Floats, Floats]:
    value = np.asarray(values, dtype=float)
    weight = np.ones_like(value) if weights is None else np.asarray(weights, dtype=float)
    if value.shape != weight.shape or not (np.isfinite(value).all() and np.isfinite(weight).all()):
        raise ModelError("A value or its weight is missing.", "Leave out those without a value.")
    if (value < 0).any() or (weight < 0).any() or (value * weight).sum() <= 0:
        raise ModelError("Shares of a whole need values of zero or more, and something to share.", "Check the values.")
    return value, weight
