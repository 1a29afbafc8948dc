"""A budget for false alarms over many tests: unit x subject x group.

Of the cells that are coloured, at most a stated share is expected to be chance (false discovery rate). Sources:
Benjamini & Hochberg 1995 (JRSS B 57: 289); Benjamini & Yekutieli 2001 (Ann. Statist. 29: 1165); Storey 2002 (JRSS B
64: 479) with the finite-sample null share of Storey, Taylor & Siegmund 2004 (JRSS B 66: 187).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from likvard.models.fay_herriot import Floats
from likvard.terms import ModelError

RATE = 0.05  # share of the alarms that may be false
STOREY_LINE = 0.5  # p-values above it are taken to be chance


class Control(StrEnum):
    """How the share of false alarms is kept: independent or positively dependent tests, any tests, adaptive."""

    BENJAMINI_HOCHBERG = "bh"
    BENJAMINI_YEKUTIELI = "by"
    STOREY = "storey"


@dataclass(frozen=True, eq=False)
class AlarmBudget:
    """What survives a budget for false alarms; arrays have the shape that was given, NaN where nothing was tested.

    `p` two-sided, `q` the smallest rate at which the cell would survive, `survives` q <= `rate`. Of `alarms` cells at
    most `expected_false` = rate x alarms are expected to be chance; `without_budget` is how many of `tests` cells
    chance alone would push below p = `rate`.
    """

    p: Floats
    q: Floats
    survives: NDArray[np.bool_]
    rate: float
    control: Control
    tests: int
    alarms: int
    expected_false: float
    without_budget: float


def two_sided_p(estimate: ArrayLike, se: ArrayLike, *, margin: float = 0.0) -> Floats:
    """Two-sided p of |effect| <= margin from normal estimates; NaN where estimate or se is NaN.

    The largest probability under the null is at its edge: P(|Z + margin/se| >= |estimate|/se), so that margin 0 is the
    ordinary test. A shrunken estimate with its error of prediction gives a cautious p (smaller in size than the test of
    the raw one).
    """
    value, error = np.asarray(estimate, dtype=np.float64), np.asarray(se, dtype=np.float64)
    if value.shape != error.shape or (error <= 0).any():
        raise ModelError("Every estimate needs a standard error above 0.", "Leave the others out as NaN.")
    if margin < 0:
        raise ModelError(f"A margin of {margin} is below 0.", "Give the smallest difference that matters.")
    p = ndtr((margin - np.abs(value)) / error) + ndtr(-(np.abs(value) + margin) / error)
    return np.asarray(np.minimum(p, 1.0), dtype=np.float64)


def q_values(p: ArrayLike, control: Control = Control.BENJAMINI_HOCHBERG) -> Floats:
    """Smallest false-discovery rate at which each p survives; shape kept, NaN stays NaN and is no test."""
    given = np.asarray(p, dtype=np.float64)
    tested = ~np.isnan(given)
    values = given[tested]
    if ((values < 0) | (values > 1)).any():
        raise ModelError("A p-value lies between 0 and 1.", "Give p-values, not estimates.")
    m = len(values)
    order = np.argsort(values, kind="stable")
    ranks = np.arange(1, m + 1)
    raised = values[order] * m / ranks * _factor(values, control)
    q = np.empty(m)
    q[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    found = np.full(given.shape, np.nan)
    found[tested] = q
    return found


def _factor(values: Floats, control: Control) -> float:
    """What the Benjamini-Hochberg q is multiplied by."""
    m = len(values)
    if control is Control.BENJAMINI_YEKUTIELI:
        return float((1 / np.arange(1, m + 1)).sum())
    if control is Control.STOREY and m > 0:
        return min(1.0, float((values > STOREY_LINE).sum() + 1) / (m * (1 - STOREY_LINE)))
    return 1.0


def budget_of_p(p: ArrayLike, *, rate: float = RATE, control: Control = Control.BENJAMINI_HOCHBERG) -> AlarmBudget:
    """Which tests survive when at most `rate` of the alarms may be false."""
    if not 0 < rate < 1:
        raise ModelError(f"A rate of {rate} is not between 0 and 1.", "Write 5 % as 0.05.")
    given = np.asarray(p, dtype=np.float64)
    q = q_values(given, control)
    survives = np.asarray(q <= rate * (1 + 1e-12), dtype=np.bool_)  # p m / k is rounded
    tests, alarms = int((~np.isnan(given)).sum()), int(survives.sum())
    return AlarmBudget(given, q, survives, rate, control, tests, alarms, rate * alarms, rate * tests)


def alarm_budget(
    estimate: ArrayLike,
    se: ArrayLike,
    *,
    rate: float = RATE,
    margin: float = 0.0,
    control: Control = Control.BENJAMINI_HOCHBERG,
) -> AlarmBudget:
    """`budget_of_p` over `two_sided_p`: estimates and standard errors of any shape, NaN where there is no test."""
    return budget_of_p(two_sided_p(estimate, se, margin=margin), rate=rate, control=control)
