"""What a single year adds to all pupils of a unit, told from how much units move from one year to the next."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from likvard.models.fay_herriot import Floats


def year_luck(value: ArrayLike, pupils: ArrayLike, within: float) -> float:
    """The standard deviation of a unit's luck in a year, from unit means (U, Y) of as many pupils; NaN where none.

    A move between neighbouring years has variance 2 luck^2 + within^2 (1/n + 1/n'), once the move that all units made
    together is taken away. Moments, each move weighted by its pupils, at least 0; 0 with fewer than two moves a year.
    """
    mean, n = np.asarray(value, dtype=np.float64), np.asarray(pupils, dtype=np.float64)
    moves, chance, weights = [], [], []
    for year in range(1, mean.shape[1]):
        both = np.isfinite(mean[:, year] - mean[:, year - 1]) & (n[:, year] > 0) & (n[:, year - 1] > 0)
        if both.sum() < 2:
            continue
        before, now = n[both, year - 1], n[both, year]
        weight = 1 / (1 / before + 1 / now)
        move = mean[both, year] - mean[both, year - 1]
        moves.append(_centred(move, weight))
        chance.append(within**2 / weight)
        weights.append(weight)
    if not moves:
        return 0.0
    w, squares, noise = (np.concatenate(parts) for parts in (weights, moves, chance))
    return float(np.sqrt(max(float(np.average(squares - noise, weights=w)) / 2, 0.0)))


def _centred(move: Floats, weight: Floats) -> Floats:
    """Squares of the moves about their mean, scaled up by what taking the mean away has cost."""
    share = weight / weight.sum()
    return np.asarray((move - share @ move) ** 2 / (1 - share), dtype=np.float64)
