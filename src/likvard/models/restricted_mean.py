"""Mean time to an event, counted up to a horizon, where some have not had it yet; and each one's share of it.

A mean of those that are done is too short: the slow ones are still waiting. The restricted mean is the area under the
Kaplan-Meier curve up to the horizon, and the pseudo-values are what each one adds to it by the jackknife. They can be put
into any model of means in place of the unknown times. Sources: Kaplan & Meier 1958 (JASA 53: 457); Andersen, Hansen & Klein
2004 (Lifetime Data Analysis 10: 335). It takes for granted that how long one has been followed says nothing of how slow it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from likvard.terms import ModelError

Floats = NDArray[np.float64]


def restricted_mean(days: ArrayLike, happened: ArrayLike, horizon: int) -> float:
    """The mean of days until the event, each counted up to the horizon. `days` are whole, from 0; `happened` false: not yet."""
    day, done = _checked(days, happened, horizon)
    events, at_risk = _table(day, done, horizon)
    return float(_area(events[None, :], at_risk[None, :])[0])


def pseudo_values(days: ArrayLike, happened: ArrayLike, horizon: int) -> Floats:
    """Each one's jackknife pseudo-value (N,) of the restricted mean: its own days, up to the horizon, where nobody is censored.

    Exact, not approximate: those that leave on the same day in the same way change the curve alike, so at most twice the
    horizon curves are drawn, whatever N.
    """
    day, done = _checked(days, happened, horizon)
    events, at_risk = _table(day, done, horizon)
    code, where = np.unique(day * 2 + done, return_inverse=True)
    leaving, had = code // 2, (code % 2).astype(bool)
    grid = np.arange(horizon)
    without = events[None, :] - ((grid[None, :] == leaving[:, None]) & had[:, None])
    left = at_risk[None, :] - (grid[None, :] <= leaving[:, None])
    n = len(day)
    whole = float(_area(events[None, :], at_risk[None, :])[0])
    values: Floats = n * whole - (n - 1) * _area(without, left)
    return np.asarray(values[where], dtype=np.float64)


def _checked(days: ArrayLike, happened: ArrayLike, horizon: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Days cut at the horizon; what happens there or later has not happened within it."""
    given, done = np.asarray(days, dtype=np.float64), np.asarray(happened, dtype=np.bool_)
    if given.shape != done.shape or given.ndim != 1 or len(given) < 2:
        raise ModelError("Each of at least two needs its days and whether it has happened.", "Give two lists as long.")
    if horizon < 1 or (given < 0).any() or (given != np.round(given)).any():
        raise ModelError("Days are whole numbers from 0, the horizon from 1.", "Count days between two dates.")
    day = np.minimum(given, horizon).astype(np.int64)
    return day, done & (given < horizon)


def _table(day: NDArray[np.int64], done: NDArray[np.bool_], horizon: int) -> tuple[Floats, Floats]:
    """Events on each day before the horizon, and how many were still waiting that morning."""
    events = np.bincount(day[done], minlength=horizon)[:horizon].astype(np.float64)
    leaving = np.bincount(day, minlength=horizon + 1)
    at_risk = (len(day) - np.concatenate([[0], np.cumsum(leaving)]))[:horizon].astype(np.float64)
    return events, at_risk


def _area(events: Floats, at_risk: Floats) -> Floats:
    """Area under each curve: the sum of the shares that are left after each day before the horizon."""
    hazard = np.divide(events, at_risk, out=np.zeros_like(events), where=at_risk > 0)
    area: Floats = np.cumprod(1 - hazard, axis=1).sum(axis=1)
    return area
