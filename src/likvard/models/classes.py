"""Latent classes: groups of organisers that look alike on all criteria, found without any rule (Lazarsfeld & Henry 1968).

Within a class the criteria are independent and each level has a probability of its own. Fitted by EM (Goodman 1974, Biometrika
61: 215) from many starts, with weights where the sample was not drawn evenly (Patterson, Dayton & Graubard 2002, JASA 97: 721).
It is the second opinion on the graded model: if organisers fall into kinds rather than along one scale, the classes' profiles
cross one another. Test value: Stouffer & Toby 1951, two classes, log likelihood -504.4677 (R poLCA, stepmix).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logsumexp

from likvard.models.graded import Readings
from likvard.terms import ModelError

Floats = NDArray[np.float64]
STEPS, TOLERANCE = 5000, 1e-9
SMALLEST = 1e-10


@dataclass(frozen=True, eq=False)
class LatentClasses:
    """Fitted classes, from the lowest expected level to the highest.

    `share` by class; `level` classes by criteria by levels; `posterior` organisers by classes; `loglik` weighted, weights of mean
    1; `parameters` how many are free; `reached` how many of the starts came to this maximum.
    """

    share: Floats
    level: Floats
    posterior: Floats
    loglik: float
    parameters: int
    reached: int
    organisers: int

    @property
    def bic(self) -> float:
        """Schwarz's criterion: lower is better."""
        return -2 * self.loglik + self.parameters * float(np.log(self.organisers))

    @property
    def ordered(self) -> bool:
        """Whether every class lies above the one before it on every criterion: one ladder, not kinds."""
        height = np.einsum("ckz,z->ck", self.level, np.arange(self.level.shape[2], dtype=np.float64))
        return bool((np.diff(height, axis=0) >= -1e-6).all())


def latent_classes(
    readings: Readings, count: int, *, weights: ArrayLike | None = None, starts: int = 20, seed: int = 1
) -> LatentClasses:
    """Fit so many classes by EM from random starts and keep the likeliest.

    Criteria that are not marked say nothing. Two readings of a criterion count as two: this is a second opinion on profiles, not
    on how sure a single organiser's class is. Raises `ModelError` for fewer organisers than ten for each class.
    """
    n, criteria, levels = readings.shape
    if count < 1 or n < 10 * count:
        raise ModelError(f"{n} organisers are too few for {count} classes.", "Ask for fewer classes.")
    given = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    given = given / given.mean()
    rng = np.random.default_rng(seed)
    tried = [_climbed(readings.counts, given, _start(rng, readings.counts, count)) for _ in range(starts)]
    best = max(tried, key=lambda one: one[2])
    reached = sum(one[2] > best[2] - 1e-4 for one in tried)
    share, level, loglik = best
    order = np.argsort(np.einsum("ckz,z->c", level, np.arange(levels, dtype=np.float64)), kind="stable")
    share, level = share[order], level[order]
    return LatentClasses(
        share,
        level,
        _posterior(readings.counts, share, level)[0],
        loglik,
        count - 1 + count * criteria * (levels - 1),
        reached,
        n,
    )


def _start(rng: np.random.Generator, counts: Floats, count: int) -> tuple[Floats, Floats]:
    """Even shares, and the levels' shares among all, shaken."""
    overall = counts.sum(axis=0) + 0.5
    shaken = overall / overall.sum(axis=1, keepdims=True) * rng.gamma(2.0, 1.0, (count, *overall.shape))
    return np.full(count, 1 / count), shaken / shaken.sum(axis=2, keepdims=True)


def _posterior(counts: Floats, share: Floats, level: Floats) -> tuple[Floats, Floats]:
    """Probability of each class of each organiser, and each organiser's log likelihood."""
    logs = np.log(np.maximum(share, SMALLEST)) + np.einsum("ikz,ckz->ic", counts, np.log(np.maximum(level, SMALLEST)))
    total = logsumexp(logs, axis=1)
    return np.exp(logs - total[:, None]), total


def _climbed(counts: Floats, weights: Floats, start: tuple[Floats, Floats]) -> tuple[Floats, Floats, float]:
    """EM from one start to its maximum."""
    share, level = start
    before = -np.inf
    for _ in range(STEPS):
        posterior, logs = _posterior(counts, share, level)
        loglik = float(weights @ logs)
        if loglik - before < TOLERANCE * abs(loglik):
            break
        before = loglik
        mass = posterior * weights[:, None]
        share = mass.sum(axis=0) / mass.sum()
        counted = np.einsum("ic,ikz->ckz", mass, counts)
        level = counted / np.maximum(counted.sum(axis=2, keepdims=True), SMALLEST)
    return share, level, loglik
