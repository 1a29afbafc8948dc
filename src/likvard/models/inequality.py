"""How unequally something is shared, split by groups: Theil's index, weighted. Lorenz and Gini are in `spread`.

Theil (1967), Shorrocks (1980, Econometrica 48: 613) for the split. Weights are pupils (or schools counted once): a value is
what each of them has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy

from likvard.terms import ModelError

Floats = npt.NDArray[np.float64]


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
