"""Does a class that is known only with a probability foretell what comes after?

A regression of later results on results before and the probability of each class: with probabilities as regressors the
coefficients are those of the classes themselves, as long as marks say nothing of results beyond the class (regression calibration;
Carroll et al. 2006, Measurement Error in Nonlinear Models, ch. 4). Errors are linearised over the sample's design. The same
regression of the change before the marking is the placebo: there the class should foretell nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f as fisher
from scipy.stats import t as student

from likvard.models.design_weights import Design, covariance
from likvard.terms import ModelError

Floats = NDArray[np.float64]
LEAST = 20
"""Fewest organisers with results before and after."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How much lower or higher a class comes out than the strongest, with its 95 % interval."""

    value: float
    se: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Foretold:
    """Differences by class (all but the strongest), the placebo's (empty without earlier results), and p of all at once."""

    after: tuple[Difference, ...]
    placebo: tuple[Difference, ...]
    p: float


def foretold(
    drawn: Design,
    here: NDArray[np.bool_],
    probability: Floats,
    results: Sequence[tuple[float | None, float, float]],
) -> Foretold:
    """Regress results after on results before and class probabilities (organisers by classes but the strongest).

    `here` says which organisers of the design have results; `results` are theirs: earlier (or None), before, after.
    Raises `ModelError` for too few.
    """
    if here.sum() < LEAST or here.sum() != len(results):
        raise ModelError(f"{int(here.sum())} organisers have results.", f"It takes {LEAST}, each with its results.")
    earlier = np.array([np.nan if e is None else e for e, _, _ in results])
    before, after = np.array([b for _, b, _ in results]), np.array([a for _, _, a in results])
    after_, p = _differences(drawn, here, probability, before, after)
    known = ~np.isnan(earlier)
    if known.sum() < LEAST:
        return Foretold(after_, (), p)
    placed = np.flatnonzero(here)[known]
    there = np.zeros_like(here)
    there[placed] = True
    return Foretold(after_, _differences(drawn, there, probability, earlier[known], before[known])[0], p)


def _differences(
    drawn: Design, here: NDArray[np.bool_], probability: Floats, first: Floats, last: Floats
) -> tuple[tuple[Difference, ...], float]:
    """Weighted least squares of the last results on the first and the classes; differences, and p of all together."""
    X = np.column_stack([np.ones(len(first)), first - first.mean(), probability[here]])
    w = drawn.weights[here]
    inner = np.linalg.inv(X.T @ (X * w[:, None]))
    beta = inner @ (X.T @ (w * last))
    influence = np.zeros((len(here), X.shape[1]))
    influence[here] = (w * (last - X @ beta))[:, None] * X @ inner
    spread = covariance(drawn, influence, corrected=False)[
        2:, 2:
    ]  # the question is of classes, not of this year's list
    value, degrees = beta[2:], max(drawn.degrees - X.shape[1] + 1, 1)
    reach = float(student.ppf(0.975, degrees))
    se = np.sqrt(np.diag(spread))
    wald = float(value @ np.linalg.solve(spread, value)) / len(value)
    told = tuple(
        Difference(float(v), float(s), float(v - reach * s), float(v + reach * s))
        for v, s in zip(value, se, strict=True)
    )
    return told, float(fisher.sf(wald, len(value), degrees))
