"""Shares of all variance from area-level fits: between organisers, between their schools, between pupils in a school."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from likvard.models.fay_herriot import Floats, fit_area_level, normal_quantile


@dataclass(frozen=True, eq=False)
class TotalShares:
    """Shares (3,) of organisers, schools within organisers and pupils within schools; they sum to 1. 95 % interval."""

    value: Floats
    low: Floats
    high: Floats


def of_total(
    result: ArrayLike,
    design: ArrayLike,
    pupils: ArrayLike,
    organiser: ArrayLike,
    *,
    noise: float,
    within: float,
    level: float = 0.95,
) -> TotalShares:
    """Divide all variance between pupils, given published means of schools.

    `result` (N,), `design` (N, p) with its column of ones (more columns: what is left after intake), `pupils` (N,),
    `organiser` (N,) labels. `noise`^2/n is the sampling variance of a mean; `within` the standard deviation between
    pupils of a school, smaller where a year's luck is part of the noise. Components by REML, intervals by the delta
    method on their expected information, cut to 0..1. The pupils' part is given, so its interval holds the doubt of
    the other two only.
    """
    fit = fit_area_level(result, design, noise**2 / np.asarray(pupils, dtype=np.float64), organiser)
    parts = np.array([*fit.components, within**2])
    total = parts.sum()
    value = parts / total
    slopes = (np.eye(3)[:, :2] - value[:, None]) / total
    se = np.sqrt(np.maximum(np.einsum("si,ij,sj->s", slopes, fit.components_cov, slopes), 0))
    half = normal_quantile(level) * se
    return TotalShares(value, np.clip(value - half, 0, 1), np.clip(value + half, 0, 1))
