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


def shares(found: Graded, drawn: Design, rule: Classes, domains: Flags) -> Shared:
    """Shares by class within each domain (organisers by domains) and by level of each criterion, over the nation.

    Weights are the design's, scaled as they are; they should be those of the fit.
    """
    values, base = _quantities(found, rule, domains)
    value = _ratios(drawn.weights, values, base)
    sampled = drawn.weights[:, None] * base * (values - value) / (drawn.weights @ base)
    influence, by_model = sampled + (model := _by_parameters(found, drawn, rule, domains)), model
    spread = covariance(drawn, influence)
    spread += covariance(drawn, by_model, corrected=False) - covariance(drawn, by_model)
    unknown = (drawn.weights @ (base * values * (1 - values))) / (drawn.weights @ base) ** 2
    spread[np.diag_indices_from(spread)] += unknown
    cut = domains.shape[1] * rule.count
    return Shared(
        Estimated(value[:cut], spread[:cut, :cut], influence[:, :cut]),
        Estimated(value[cut:], spread[cut:, cut:], influence[:, cut:]),
        classes(of(found), found.readings.applies, rule.table, rule.count),
    )


def _quantities(found: Graded, rule: Classes, domains: Flags) -> tuple[Floats, Floats]:
    """What is averaged, and over whom: organisers by (domain x class, then criterion x level)."""
    there = of(found)
    n, criteria, levels = found.readings.shape
    chance = classes(there, found.readings.applies, rule.table, rule.count)
    base = [np.repeat(domains, rule.count, axis=1), np.repeat(found.readings.applies, levels, axis=1)]
    values = [np.tile(chance, (1, domains.shape[1])), there.level.reshape(n, criteria * levels)]
    return np.hstack(values), np.hstack(base).astype(np.float64)


def _ratios(weights: Floats, values: Floats, base: Floats) -> Floats:
    return np.asarray((weights @ (values * base)) / (weights @ base))


def _by_parameters(found: Graded, drawn: Design, rule: Classes, domains: Flags, step: float = 1e-3) -> Floats:
    """Influence of each organiser on the shares by way of the parameters: organisers by shares."""
    slopes = []
    for move in np.eye(len(found.vector)) * step:
        ends = [_quantities(at(found, found.vector + sign * move), rule, domains) for sign in (1, -1)]
        up, down = (_ratios(drawn.weights, values, base) for values, base in ends)
        slopes.append((up - down) / (2 * step))
    reached = np.linalg.solve(found.curvature, np.array(slopes))
    return np.asarray((found.weights[:, None] * scores(found)) @ reached)


def without_design(drawn: Design) -> Design:
    """The same units as if they were drawn evenly from a large population."""
    n = len(drawn.weights)
    zeros = np.zeros(n, dtype=np.int64)
    return replace(
        drawn, weights=np.ones(n), stratum=zeros, cluster=np.arange(n), population=np.full(n, np.inf), adjustments=()
    )
