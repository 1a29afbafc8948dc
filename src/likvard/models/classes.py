"""Latent classes: groups of organisers that look alike on all criteria, found without any rule (Lazarsfeld & Henry 1968).

Within a class the criteria are independent and each level has a probability of its own. Fitted by EM (Goodman 1974, Biometrika
61: 215) from many starts, with weights where the sample was not drawn evenly (Patterson, Dayton & Graubard 2002, JASA 97: 721).
Markers may err: a reading is of the level, which itself is not seen (Dawid & Skene 1979). It is the second opinion on the graded
model: no scale is taken for granted, and if organisers fall into kinds rather than along one, the classes' profiles cross one
another. Test value: Stouffer & Toby 1951, two classes, log likelihood -504.4677 (R poLCA, stepmix).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from likvard.models.graded import Posterior, Readings
from likvard.terms import ModelError

Floats = NDArray[np.float64]
STEPS, TOLERANCE = 5000, 1e-9
STARTS, ROUGHLY = 5, 1e-7
"""A second opinion is asked of a few starts and to a ten-thousandth of a log likelihood: another number of classes moves it more."""
SMALLEST = 1e-10


@dataclass(frozen=True, eq=False)
class LatentClasses:
    """Fitted classes, from the lowest expected level to the highest.

    `share` by class; `level` classes by criteria by levels; `posterior` what readings say of each organiser (its "quality" is the
    probability of each class); `loglik` weighted, weights of mean 1; `parameters` how many are free; `reached` how many of the
    starts came to this maximum.
    """

    share: Floats
    level: Floats
    posterior: Posterior
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
    readings: Readings,
    count: int,
    *,
    said: Floats | None = None,
    weights: ArrayLike | None = None,
    starts: int = 20,
    seed: int = 1,
    tolerance: float = TOLERANCE,
) -> LatentClasses:
    """Fit so many classes by EM from random starts and keep the likeliest.

    `said` is the probability that a marker says each level (last axis) where each is right, criteria by levels by levels; without
    it a reading is the level. Criteria that are not marked say nothing. Raises `ModelError` for fewer organisers than ten for
    each class, and where two readings differ though markers are said not to err.
    """
    n, criteria, levels = readings.shape
    if count < 1 or n < 10 * count:
        raise ModelError(f"{n} organisers are too few for {count} classes.", "Ask for fewer classes.")
    given = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    given = given / given.mean()
    seen = _seen(readings, np.broadcast_to(np.eye(levels), (criteria, levels, levels)) if said is None else said)
    rng = np.random.default_rng(seed)
    tried = [_climbed(seen, given, _start(rng, readings.counts, count), tolerance) for _ in range(starts)]
    best = max(tried, key=lambda one: one[2])
    reached = sum(one[2] > best[2] - 1e-4 for one in tried)
    share, level, loglik = best
    order = np.argsort(np.einsum("ckz,z->c", level, np.arange(levels, dtype=np.float64)), kind="stable")
    share, level = share[order], level[order]
    return LatentClasses(
        share,
        level,
        _posterior(seen, share, level),
        loglik,
        count - 1 + count * criteria * (levels - 1),
        reached,
        n,
    )


def likeliest(readings: Readings, counts: Sequence[int], *, said: Floats, weights: ArrayLike) -> LatentClasses:
    """The best of several numbers of classes by Schwarz's criterion, of those that there are organisers enough for.

    Raises `ModelError` where there are enough for none of them.
    """
    enough = [count for count in counts if readings.shape[0] >= 10 * count] or list(counts[:1])
    return min(
        (
            latent_classes(readings, count, said=said, weights=weights, starts=STARTS, tolerance=ROUGHLY)
            for count in enough
        ),
        key=lambda one: one.bic,
    )


def _seen(readings: Readings, said: Floats) -> Floats:
    """How probable each organiser's readings of a criterion are at each level: criteria by organisers by levels."""
    chance = np.exp(readings.counts.transpose(1, 0, 2) @ np.log(np.maximum(said, SMALLEST)).transpose(0, 2, 1))
    if (chance.max(axis=2) < SMALLEST * 10).any():
        raise ModelError("Two readings of a criterion differ, and markers are said not to err.", "Say how they err.")
    return np.asarray(chance)


def _start(rng: np.random.Generator, counts: Floats, count: int) -> tuple[Floats, Floats]:
    """Even shares, and the levels' shares among all, shaken."""
    overall = counts.sum(axis=0) + 0.5
    shaken = overall / overall.sum(axis=1, keepdims=True) * rng.gamma(2.0, 1.0, (count, *overall.shape))
    return np.full(count, 1 / count), shaken / shaken.sum(axis=2, keepdims=True)


def _chances(seen: Floats, share: Floats, level: Floats) -> tuple[Floats, Floats, Floats]:
    """Log likelihoods, probability of each class (organisers by classes), and of readings (criteria by organisers by classes)."""
    each = np.maximum(seen @ level.transpose(1, 2, 0), SMALLEST)
    logs = np.log(np.maximum(share, SMALLEST)) + np.log(each).sum(axis=0)
    top = logs.max(axis=1, keepdims=True)
    chance = np.exp(logs - top)
    total = chance.sum(axis=1, keepdims=True)
    return (top + np.log(total))[:, 0], chance / total, each


def _posterior(seen: Floats, share: Floats, level: Floats) -> Posterior:
    """What readings say of each organiser's class, and of its levels within each class."""
    loglik, chance, each = _chances(seen, share, level)
    levels = seen[:, :, None, :] * level.transpose(1, 0, 2)[:, None] / each[..., None]
    return Posterior(loglik, chance, np.asarray(levels.transpose(1, 0, 2, 3)))


def _climbed(
    seen: Floats, weights: Floats, start: tuple[Floats, Floats], tolerance: float
) -> tuple[Floats, Floats, float]:
    """EM from one start to its maximum."""
    share, level = start
    before = -np.inf
    for _ in range(STEPS):
        logs, posterior, each = _chances(seen, share, level)
        loglik = float(weights @ logs)
        if loglik - before < tolerance * abs(loglik):
            break
        before = loglik
        mass = posterior * weights[:, None]
        share = mass.sum(axis=0) / mass.sum()
        counted = level * ((mass / each).transpose(0, 2, 1) @ seen).transpose(1, 0, 2)
        level = counted / np.maximum(counted.sum(axis=2, keepdims=True), SMALLEST)
    return share, level, loglik
