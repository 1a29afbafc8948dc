"""Shares of the nation from the classes' probabilities, with everything that is uncertain in them.

Three sources add up: which organisers were drawn (less what the sample already covers), the model's parameters (a sandwich over
the design; Binder 1983, Int. Statist. Rev. 51: 279), and that a class is known only with a probability even of one who is marked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from likvard.models.design_weights import Design, Estimated, covariance
from likvard.models.graded import Flags, Floats, Graded, at, classes, of, scores

BORROWED = 2.0
"""Degrees of freedom that a stratum borrows from all: in one with five marked of whom none is of a class, none is not certain."""


@dataclass(frozen=True, eq=False)
class Classes:
    """How classes follow from counts of levels (see `graded.classes`), and how many classes there are."""

    table: NDArray[np.int64]
    count: int


@dataclass(frozen=True, eq=False)
class Shared:
    """Shares of each class in each domain (domains by classes, flat), and of each level of each criterion.

    `classes` and `levels` are `Estimated`; `probability` is each organiser's probability of each class.
    """

    classes: Estimated
    levels: Estimated
    probability: Floats


@dataclass(frozen=True, eq=False)
class Values:
    """Of each organiser: probability of every class, then of every level of every criterion; and how they move with the parameters.

    `each` is organisers by values, `slopes` parameters by organisers by values.
    """

    each: Floats
    slopes: Floats


def values(found: Graded, rule: Classes, step: float = 1e-3) -> Values:
    """What is averaged over organisers, with its slopes by central differences."""
    slopes = []
    for move in np.eye(len(found.vector)) * step:
        up, down = (_each(at(found, found.vector + sign * move), rule) for sign in (1, -1))
        slopes.append((up - down) / (2 * step))
    return Values(_each(found, rule), np.array(slopes))


def _each(found: Graded, rule: Classes) -> Floats:
    there = of(found)
    n, criteria, levels = found.readings.shape
    chance = classes(there, found.readings.applies, rule.table, rule.count)
    return np.hstack([chance, there.level.reshape(n, criteria * levels)])


def moved(values_: Values, found: Graded, rule: Classes) -> Values:
    """The values under other parameters, with the slopes that they had: other weights move parameters little."""
    return Values(_each(found, rule), values_.slopes)


def shares(found: Graded, drawn: Design, rule: Classes, domains: Flags, each: Values | None = None) -> Shared:
    """Shares by class within each domain (organisers by domains) and by level of each criterion, over the nation.

    Weights are the design's, scaled as they are; they should be those of the fit. `each` saves working the values out again.
    """
    known = values(found, rule) if each is None else each
    base = _base(found, rule, domains)
    wide = _widened(known.each, rule, domains)
    below = drawn.weights @ base
    value = (drawn.weights @ (wide * base)) / below
    sampled = drawn.weights[:, None] * base * (wide - value) / below
    slopes = np.einsum("n,pnt->pt", drawn.weights, _widened(known.slopes, rule, domains) * base) / below
    n = len(drawn.weights)
    small = np.sqrt(
        n / max(n - found.free, n / 2)
    )  # scores at the fit are too small (Hinkley 1977, Technometrics 19: 285)
    by_model = small * found.weights[:, None] * scores(found) @ np.linalg.solve(found.curvature, slopes)
    spread = covariance(drawn, sampled + by_model, borrowed=BORROWED)
    spread += covariance(drawn, by_model, corrected=False) - covariance(drawn, by_model)
    spread[np.diag_indices_from(spread)] += (drawn.weights @ (base * wide * (1 - wide))) / below**2
    cut = domains.shape[1] * rule.count
    return Shared(
        Estimated(value[:cut], spread[:cut, :cut], (sampled + by_model)[:, :cut]),
        Estimated(value[cut:], spread[cut:, cut:], (sampled + by_model)[:, cut:]),
        known.each[:, : rule.count],
    )


def _widened(each: Floats, rule: Classes, domains: Flags) -> Floats:
    """The classes' columns once for each domain, then the rest."""
    inside = [each[..., : rule.count]] * domains.shape[1]
    return np.concatenate([*inside, each[..., rule.count :]], axis=-1)


def _base(found: Graded, rule: Classes, domains: Flags) -> Floats:
    """Over whom each value is averaged: domain by class, then those to whom the criterion applies."""
    levels = found.readings.shape[2]
    over = [np.repeat(domains, rule.count, axis=1), np.repeat(found.readings.applies, levels, axis=1)]
    return np.hstack(over).astype(np.float64)


def without_design(drawn: Design) -> Design:
    """The same units as if they were drawn evenly from a large population."""
    n = len(drawn.weights)
    zeros = np.zeros(n, dtype=np.int64)
    return replace(
        drawn, weights=np.ones(n), stratum=zeros, cluster=np.arange(n), population=np.full(n, np.inf), adjustments=()
    )
