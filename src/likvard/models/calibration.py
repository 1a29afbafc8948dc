"""Do predicted chances come true? Calibration by the logistic recalibration of Cox (1958, Biometrika 45: 562).

Of pupils to whom the model gave the chance p, so many should miss: logit of what came out = a + b logit p with a = 0 and
b = 1. A slope below 1 says that the predictions are too far apart (or that the world has moved), above 1 that they are too
close together (Steyerberg 2019, Clinical Prediction Models, ch. 15). Intervals let pupils of the same unit be alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

from likvard.models.logistic import Logistic, Patterns, clustered, fit
from likvard.terms import ModelError

Floats = NDArray[np.float64]

REACH = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Calibration:
    """How predictions came true: the slope and, at slope 1, the intercept (0: as many as predicted), with 95 % intervals.

    `observed` and `expected` are shares of `pupils`; `discrimination` is the chance that of two pupils, one of whom missed
    the goal, the one who did had the higher prediction (ties count half).
    """

    slope: float
    low: float
    high: float
    intercept: float
    intercept_low: float
    intercept_high: float
    observed: float
    expected: float
    discrimination: float
    pupils: float

    @property
    def ratio(self) -> float:
        """Observed through expected: 1.1 is a tenth more than predicted."""
        return self.observed / self.expected


def calibrate(p: ArrayLike, n: ArrayLike, came: ArrayLike, cluster: ArrayLike | None = None) -> Calibration:
    """Hold predicted chances `p` (P,) against how many of `n` it came true for, `came`.

    `cluster` numbers each row's unit from 0; without it pupils are taken as independent. Raises `ModelError` for chances
    outside 0-1, where all predictions are the same, and where it came true for all or none.
    """
    chance, pupils, true = (np.asarray(part, dtype=np.float64) for part in (p, n, came))
    if not ((chance > 0) & (chance < 1)).all():
        raise ModelError("A predicted chance is not between 0 and 1.", "Leave pupils without a prediction out.")
    x = logit(chance)
    if np.ptp(x[pupils > 0]) < 1e-9:
        raise ModelError("All have the same prediction, so nothing tells whether it parts them rightly.", "Take more.")
    both = Patterns.of(np.stack([np.ones_like(x), x], axis=1), pupils, true, ("(Intercept)", "logit p"))
    slope, slope_se = _with_error(both, fit(both), 1, cluster)
    level, level_se = _in_the_large(x, pupils, true, cluster)
    return Calibration(
        slope=slope,
        low=slope - REACH * slope_se,
        high=slope + REACH * slope_se,
        intercept=level,
        intercept_low=level - REACH * level_se,
        intercept_high=level + REACH * level_se,
        observed=float(true.sum() / pupils.sum()),
        expected=float(pupils @ chance / pupils.sum()),
        discrimination=discrimination(chance, pupils, true),
        pupils=float(pupils.sum()),
    )


def _with_error(patterns: Patterns, found: Logistic, at: int, cluster: ArrayLike | None) -> tuple[float, float]:
    covariance = found.vcov if cluster is None else clustered(patterns, found, cluster)
    return float(found.beta[at]), float(np.sqrt(covariance[at, at]))


def _in_the_large(x: Floats, n: Floats, came: Floats, cluster: ArrayLike | None) -> tuple[float, float]:
    """The one shift of all logits that makes as many as came true, and its standard error."""
    shift = 0.0
    for _ in range(60):
        p = expit(x + shift)
        step = float((came - n * p).sum() / (n * p * (1 - p)).sum())
        shift += float(np.clip(step, -1.0, 1.0))
        if abs(step) < 1e-13:
            break
    p = expit(x + shift)
    information = float((n * p * (1 - p)).sum())
    if cluster is None:
        return shift, information**-0.5
    _, of = np.unique(np.asarray(cluster, dtype=np.intp), return_inverse=True)
    own = np.bincount(of, n * p * (1 - p))
    moved = np.bincount(of, came - n * p) / np.maximum(information - own, 1e-300)  # as `logistic.clustered`
    return shift, float(np.sqrt((moved**2).sum() * (len(own) - 1) / len(own)))


def discrimination(p: ArrayLike, n: ArrayLike, came: ArrayLike) -> float:
    """The area under the ROC curve, exact on patterns (Hanley & McNeil 1982, Radiology 143: 29)."""
    chance, pupils, true = (np.asarray(part, dtype=np.float64) for part in (p, n, came))
    _, place = np.unique(chance, return_inverse=True)
    hit, not_hit = np.bincount(place, true), np.bincount(place, pupils - true)
    below = np.concatenate([[0.0], np.cumsum(not_hit)[:-1]])
    pairs = float(hit.sum() * not_hit.sum())
    return float((hit * (below + not_hit / 2)).sum() / pairs) if pairs else float("nan")


def stability(before: ArrayLike, now: ArrayLike) -> float:
    """The population stability index of two distributions over the same bands: 0 alike, above 0.25 another population.

    Bands that are empty in either count as half a pupil in all (Yurdakul & Naranjo 2020, J. Risk Model Valid. 14: 89).
    """
    a, b = (np.maximum(np.asarray(part, dtype=np.float64), 0.5) for part in (before, now))
    a, b = a / a.sum(), b / b.sum()
    return float(((b - a) * np.log(b / a)).sum())
