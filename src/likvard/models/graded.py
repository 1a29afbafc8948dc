"""Levels of criteria as steps of one underlying quality, seen through markers who may err.

A graded response model (Samejima 1969, Psychometrika Monograph 17) for the level that markers would settle on: with quality
theta, P(level >= l) = logistic(slope theta + step_l). How quality is spread over the nation is estimated too: a normal density
tilted by a few bounded polynomials, so that two camps or a long tail are met without a wrong share of classes (docs/national.md has
the trial). A marker sees that level with
probability 1 - error of the criterion, else another, less often the further off (Dawid & Skene 1979, Appl. Statist. 28: 20, with
errors tied by distance). Two markers are independent given the level, not given the quality: that they read the same papers
does not make them two pieces of evidence on the organiser. Readings are exchangeable, so that counts of levels are enough.

Weights make it a pseudo-likelihood: with the inverse of the probability of selection, parameters are the nation's although
the sample was chosen by risk (Skinner 1989; Patterson, Dayton & Graubard 2002, JASA 97: 721).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
from numpy.polynomial.legendre import legval
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import block_diag
from scipy.optimize import minimize
from scipy.special import expit, ndtr

from likvard.terms import ModelError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NODES = np.linspace(-4.8, 4.8, 33)
"""Quality is integrated out by equal steps: for a smooth integrand times a normal density the error falls exponentially."""
MASS = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()
TILTS = legval(2 * ndtr(NODES) - 1, np.eye(7)[:, 3:]).T
"""What tilts the normal density of quality, by nodes: mass goes as normal * exp(sum of coefficient * tilt). Legendre polynomials of
the normal distribution function (Neyman 1937, Skand. Aktuarietidskr. 20: 149): bounded, so that tails stay normal, and from the
third on, since the first two are nearly a shift and a stretch, which steps and slopes take care of."""

PRIOR = {
    "slope": (0.5, 0.5, 0.25),
    "step": (0.0, 2.0, 1.5),
    "gap": (0.8, 0.5, 0.3),
    "error": (-1.7, 0.7, 0.35),
    "far": (-1.5, 1.0, 0.0),
    "tilt": (0.0, 0.0, 2.0),
}
"""Weak normal priors on log slope, first step, log gap, logit of error, logit of how fast errors fall with distance, and tilts of the
density of quality: the mean, the SD of what criteria have in common, and the SD between criteria. So criteria borrow from one
another: a small round tells what they have in common and hardly what is special to each."""

TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class Readings:
    """Counts of levels, organisers by criteria by levels, and which criteria apply to whom (organisers by criteria)."""

    counts: Floats
    applies: Flags

    def __post_init__(self) -> None:
        if self.counts.ndim != 3 or self.counts.shape[2] < 2 or self.counts.shape[:2] != self.applies.shape:
            raise ModelError("Readings are counted by organiser, criterion and level (at least two).", "Count again.")
        if (self.counts < 0).any() or self.counts[~self.applies].any():
            raise ModelError("A criterion is marked where it does not apply.", "Leave those marks out.")

    @property
    def shape(self) -> tuple[int, int, int]:
        """Organisers, criteria, levels."""
        n, k, levels = self.counts.shape
        return n, k, levels


@dataclass(frozen=True, eq=False)
class Parameters:
    """Slopes and steps by criterion (steps fall), errors by criterion, how fast errors fall with distance (0-1), and tilts.

    No tilts are a normal quality.
    """

    slope: Floats
    steps: Floats
    error: Floats
    far: float
    tilt: Floats = field(default_factory=lambda: np.zeros(0))

    @property
    def mass(self) -> Floats:
        """Probability of each quality of `NODES` in the nation."""
        tilted = MASS * np.exp(TILTS[:, : len(self.tilt)] @ self.tilt)
        return np.asarray(tilted / tilted.sum())


@dataclass(frozen=True)
class Form:
    """What a model has: markers who err, and a quality that need not be normal."""

    errs: bool = True
    tilted: bool = True

    @property
    def tilts(self) -> int:
        """How many coefficients tilt the density of quality."""
        return len(TILTS.T) if self.tilted else 0


FREE, NORMAL = Form(), Form(tilted=False)


@dataclass(frozen=True, eq=False)
class Graded:
    """A fitted model. `vector` is what was searched over, `curvature` the negative Hessian there (prior included).

    `bends` is each organiser's own part of it, unweighted (parameters by organisers by parameters); `loglik` is the weighted log
    likelihood without the prior.
    """

    readings: Readings
    weights: Floats
    vector: Floats
    curvature: Floats
    bends: Floats
    loglik: float
    gradient: float
    form: Form
    prior: bool

    @property
    def parameters(self) -> Parameters:
        """The parameters on their own scales."""
        return _unpacked(self.vector, self.readings.shape, self.form)

    @property
    def untilted(self) -> Floats:
        """Where a search for the same model with a normal quality may begin."""
        return self.vector[: len(self.vector) - self.form.tilts]

    @property
    def criterion(self) -> float:
        """Takeuchi's information criterion (1976, Suri Kagaku 153: 12): lower fits better, also where weights are uneven.

        -2 log likelihood + 2 tr(H^-1 J) with H the curvature (prior included) and J the sum of squares of weighted scores; with
        priors it is Shibata's (1989) regularised one.
        """
        weighted = self.weights[:, None] * scores(self)
        return float(-2 * self.loglik + 2 * np.trace(np.linalg.solve(self.curvature, weighted.T @ weighted)))

    @property
    def free(self) -> float:
        """As many parameters as the data decide: those that priors hold count in part."""
        none = np.zeros_like(self.curvature)
        precision = _prior_scale(self.readings.shape, self.form)[1] if self.prior else none
        return float(np.trace(np.linalg.solve(self.curvature, self.curvature - precision)))


def fit(
    readings: Readings,
    weights: ArrayLike | None = None,
    *,
    form: Form = FREE,
    prior: bool = True,
    start: Floats | None = None,
) -> Graded:
    """Fit by maximum (pseudo-)likelihood with weak priors; weights are scaled to mean 1.

    A form without errors takes every reading as the level itself, so that two readings of a criterion must agree; one without
    tilts has a normal quality; `prior=False` is plain maximum likelihood. Raises `ModelError` where there are fewer than ten organisers or no maximum is found.
    """
    n = readings.shape[0]
    if n < 10:
        raise ModelError(f"{n} organisers are marked: too few for a model of all.", "Mark at least ten.")
    given = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    if given.shape != (n,) or (given <= 0).any():
        raise ModelError("Every organiser needs a weight above 0.", "Weights are 1 over the probability of selection.")
    given = given / given.mean()

    lost = _objective(readings, given, form, prior)
    first = _start(readings, form) if start is None else start
    found = minimize(lost, first, jac=True, method="BFGS", options={"gtol": 1e-3, "maxiter": 500})
    vector = np.asarray(found.x, dtype=np.float64)
    for _ in range(ROUNDS):
        bends = _bends(vector, readings, form)
        vector, slope = _climbed(vector, lost, _curvature(bends, given, readings, form, prior))
        if slope < TOLERANCE:
            return _made(vector, readings, given, form, prior, slope)
    raise ModelError("The marks have no clear maximum of likelihood.", "Mark more organisers, or use the priors.")


def refit(found: Graded, weights: ArrayLike) -> Graded:
    """The same readings by other weights, from where the model stands: the same answer as `fit`, in a tenth of the time.

    The curvature is that of each organiser where the model stood, weighed anew; if that leads nowhere, where it has come to.
    """
    given = np.asarray(weights, dtype=np.float64)
    given = given / given.mean()
    lost = _objective(found.readings, given, found.form, found.prior)
    vector, bends = found.vector, found.bends
    for _ in range(ROUNDS):
        curvature = _curvature(bends, given, found.readings, found.form, found.prior)
        vector, slope = _climbed(vector, lost, curvature, steps=20)
        if slope < TOLERANCE:
            loglik = float(given @ _scored(vector, found.readings, found.form)[0])
            return replace(
                found, weights=given, vector=vector, curvature=curvature, bends=bends, loglik=loglik, gradient=slope
            )
        bends = _bends(vector, found.readings, found.form)
    return fit(found.readings, given, form=found.form, prior=found.prior, start=vector)


_Objective = Callable[[Floats], tuple[float, Floats]]
ROUNDS = 8
"""How many times the curvature is worked out before the search gives up."""
LONGEST = 1.0
"""Longest step of any parameter (they are logarithms and logits): a curvature from elsewhere may point far off."""


def _objective(readings: Readings, weights: Floats, form: Form, prior: bool) -> _Objective:
    """Minus the weighted log likelihood and prior, and its slope."""

    def lost(vector: Floats) -> tuple[float, Floats]:
        value, scores = _scored(vector, readings, form)
        density, slope = _prior(vector, readings.shape, form) if prior else (0.0, np.zeros_like(vector))
        return -(float(weights @ value) + density), -(weights @ scores + slope)

    return lost


def _made(vector: Floats, readings: Readings, weights: Floats, form: Form, prior: bool, slope: float) -> Graded:
    bends = _bends(vector, readings, form)
    loglik = float(weights @ _scored(vector, readings, form)[0])
    curvature = _curvature(bends, weights, readings, form, prior)
    return Graded(readings, weights, vector, curvature, bends, loglik, slope, form, prior)


def _climbed(vector: Floats, lost: _Objective, curvature: Floats, steps: int = 6) -> tuple[Floats, float]:
    """Newton steps with one curvature; returns the place and the largest slope left."""
    lift = max(0.0, 1e-6 - float(np.linalg.eigvalsh(curvature)[0]))
    inverse = np.linalg.inv(curvature + lift * np.eye(len(vector)))
    value, slope = lost(vector)
    for _ in range(steps):
        if np.abs(slope).max() < TOLERANCE:
            break
        step = inverse @ slope
        step = step * min(1.0, LONGEST / float(np.abs(step).max()))
        for _ in range(30):
            there, slope_there = lost(vector - step)
            if there <= value + 1e-12 * abs(value):
                break
            step = step / 2
        vector, value, slope = vector - step, there, slope_there
    return vector, float(np.abs(slope).max())


def _bends(vector: Floats, readings: Readings, form: Form) -> Floats:
    """Each organiser's negative second derivatives: parameters by organisers by parameters."""
    return -_differences(lambda at: _scored(at, readings, form)[1], vector)


def _curvature(bends: Floats, weights: Floats, readings: Readings, form: Form, prior: bool) -> Floats:
    """Curvature of the weighted whole, with what the priors add."""
    whole = np.einsum("pnq,n->pq", bends, weights)
    return np.asarray((whole + whole.T) / 2 + (_prior_scale(readings.shape, form)[1] if prior else 0.0))


def _differences(function: Callable[[Floats], Floats], at: Floats, step: float = 1e-4) -> Floats:
    """Central differences of a function of a vector: one row for each element that moves."""
    rows = []
    for move in np.eye(len(at)) * step:
        rows.append((function(at + move) - function(at - move)) / (2 * step))
    return np.array(rows)


def _start(readings: Readings, form: Form) -> Floats:
    """Steps from the levels' shares, ordinary slopes and errors."""
    _, criteria, levels = readings.shape
    shares = (readings.counts.sum(axis=0) + 0.5) / (readings.counts.sum(axis=(0, 2)) + 0.5 * levels)[:, None]
    above = 1 - np.cumsum(shares, axis=1)[:, :-1]
    steps = 1.3 * np.log(above / (1 - above))
    gaps = np.log(np.maximum(-np.diff(steps, axis=1), 0.1))
    parts = [np.full(criteria, PRIOR["slope"][0]), steps[:, 0], gaps.ravel()]
    parts += [np.full(criteria, PRIOR["error"][0]), np.full(int(levels > 2), PRIOR["far"][0])] if form.errs else []
    return np.concatenate([*parts, np.zeros(form.tilts)])


def _unpacked(vector: Floats, shape: tuple[int, int, int], form: Form) -> Parameters:
    _, k, levels = shape
    gaps = np.exp(vector[2 * k : k * levels].reshape(k, levels - 2))
    first = vector[k : 2 * k, None]
    steps = np.hstack([first, first - np.cumsum(gaps, axis=1)])
    vector, tilt = vector[: len(vector) - form.tilts], vector[len(vector) - form.tilts :]
    if not form.errs:
        return Parameters(np.exp(vector[:k]), steps, np.zeros(k), 0.0, tilt)
    rest = expit(vector[k * levels :])
    return Parameters(np.exp(vector[:k]), steps, rest[:k], float(rest[k]) if levels > 2 else 0.5, tilt)


def _prior(vector: Floats, shape: tuple[int, int, int], form: Form) -> tuple[float, Floats]:
    """Log density of the priors, but for a constant, and its slope."""
    mean, precision = _prior_scale(shape, form)
    off = vector - mean
    slope = precision @ off
    return -float(off @ slope) / 2, -slope


@cache
def _prior_scale(shape: tuple[int, int, int], form: Form) -> tuple[Floats, Floats]:
    """Mean and precision of the priors of all parameters; those of one sort share a common part."""
    _, k, levels = shape
    sorts = [("slope", k), ("step", k), *[("gap", k)] * (levels > 2)]
    sorts += [("error", k), *[("far", 1)] * (levels > 2)] if form.errs else []
    sorts += [("tilt", form.tilts)] if form.tilted else []
    if levels > 3:
        raise ModelError(f"{levels} levels have no prior of their own.", "Use three levels, or prior=False.")
    mean = np.concatenate([np.full(count, PRIOR[name][0]) for name, count in sorts])
    blocks = [PRIOR[name][1] ** 2 + PRIOR[name][2] ** 2 * np.eye(count) for name, count in sorts]
    return mean, np.linalg.inv(block_diag(*blocks))


def level_probabilities(parameters: Parameters) -> Floats:
    """Probability of each level at each quality of `NODES`: criteria by nodes by levels."""
    above = _above(parameters)
    return np.asarray(np.maximum(above[:, :, :-1] - above[:, :, 1:], 1e-300))


def _above(parameters: Parameters) -> Floats:
    """Probability of at least each level, from 0 (certain) to one past the last (impossible)."""
    height = parameters.slope[:, None, None] * NODES[None, :, None] + parameters.steps[:, None, :]
    inner = expit(height)
    ones = np.ones((*inner.shape[:2], 1))
    return np.concatenate([ones, inner, 0 * ones], axis=2)


def confusion(parameters: Parameters, levels: int) -> Floats:
    """Probability that a marker says each level (last axis) where each is right: criteria by levels by levels."""
    if not parameters.error.any():
        return np.broadcast_to(np.eye(levels), (len(parameters.error), levels, levels)).copy()
    far = _off(parameters.far, levels)
    off = far / far.sum(axis=1, keepdims=True)
    e = parameters.error[:, None, None]
    return np.asarray((1 - e) * np.eye(levels) + e * off)


def _off(far: float, levels: int) -> Floats:
    """How errors are shared among the wrong levels, before they are made to add up."""
    steps = np.abs(np.subtract.outer(np.arange(levels), np.arange(levels)))
    return np.where(steps > 0, far ** np.maximum(steps - 1, 0), 0.0)


@dataclass(frozen=True, eq=False)
class Posterior:
    """What the readings say of each organiser.

    `loglik` each organiser's log likelihood; `quality` the probability of each node (organisers by nodes); `levels` of
    each level of each criterion at each node (organisers by criteria by nodes by levels).
    """

    loglik: Floats
    quality: Floats
    levels: Floats

    @property
    def mean(self) -> Floats:
        """Expected quality of each organiser."""
        return np.asarray(self.quality @ NODES)

    @property
    def sd(self) -> Floats:
        """How uncertain each organiser's quality is."""
        return np.sqrt(np.maximum(self.quality @ NODES**2 - self.mean**2, 0.0))

    @property
    def level(self) -> Floats:
        """Probability of each level of each criterion: organisers by criteria by levels."""
        return np.asarray(np.einsum("iq,ikqz->ikz", self.quality, self.levels))


def posterior(vector: Floats, readings: Readings, form: Form) -> Posterior:
    """What readings say of quality and levels at given parameters."""
    parameters = _unpacked(vector, readings.shape, form)
    chance = level_probabilities(parameters)
    said = np.log(np.maximum(confusion(parameters, readings.shape[2]), 1e-300))
    seen = np.exp(np.einsum("iky,kzy->ikz", readings.counts, said))
    each = np.matmul(seen.transpose(1, 0, 2), chance.transpose(0, 2, 1)).transpose(1, 0, 2)
    logs = np.log(np.maximum(each, 1e-300)).sum(axis=1) + np.log(parameters.mass)
    top = logs.max(axis=1, keepdims=True)
    quality = np.exp(logs - top)
    total = quality.sum(axis=1, keepdims=True)
    share = 1 / np.maximum(each, 1e-300)
    return Posterior((top + np.log(total))[:, 0], quality / total, chance * seen[:, :, None, :] * share[..., None])


def of(found: Graded) -> Posterior:
    """What the readings say at the fitted parameters."""
    return posterior(found.vector, found.readings, found.form)


def scores(found: Graded) -> Floats:
    """Each organiser's slope of its log likelihood, unweighted and without the prior: organisers by parameters."""
    return _scored(found.vector, found.readings, found.form)[1]


def _scored(vector: Floats, readings: Readings, form: Form) -> tuple[Floats, Floats]:
    """Log likelihoods and their slopes, by Fisher's identity: the slope of the complete data's, expected given readings."""
    there = posterior(vector, readings, form)
    parameters = _unpacked(vector, readings.shape, form)
    joint = there.levels * there.quality[:, None, :, None]
    slopes = np.einsum("ikqz,kqzp->ikp", joint, _level_slopes(parameters), optimize=True)
    n, k, levels = readings.shape
    parts = [slopes[:, :, 0], slopes[:, :, 1], slopes[:, :, 2:].reshape(n, k * (levels - 2))]
    if form.errs:
        pairs = np.einsum("ikz,iky->ikzy", np.einsum("ikqz->ikz", joint), readings.counts)
        parts.append(np.einsum("ikzy,kzy->ik", pairs, _error_slopes(parameters, levels)))
        if levels > 2:
            parts.append(np.einsum("ikzy,zy->i", pairs, _far_slopes(parameters.far, levels))[:, None])
    if form.tilted:
        parts.append((there.quality - parameters.mass) @ TILTS)
    return there.loglik, np.concatenate(parts, axis=1)


def _level_slopes(parameters: Parameters) -> Floats:
    """Slopes of log P(level) by log slope, first step and log gaps: criteria by nodes by levels by parameters."""
    above, chance = _above(parameters), level_probabilities(parameters)
    steep = above * (1 - above)
    gaps = -np.diff(parameters.steps, axis=1)
    moves = [parameters.slope[:, None, None] * NODES[None, :, None] * steep, steep]
    for m in range(gaps.shape[1]):
        later = np.arange(above.shape[2]) >= m + 2
        moves.append(-gaps[:, m, None, None] * steep * later)
    every = np.stack(moves, axis=-1)
    return np.asarray((every[:, :, :-1] - every[:, :, 1:]) / chance[..., None])


def _error_slopes(parameters: Parameters, levels: int) -> Floats:
    e = parameters.error[:, None, None]
    return np.asarray(np.where(np.eye(levels, dtype=bool)[None], -e, 1 - e))


def _far_slopes(far: float, levels: int) -> Floats:
    """Slopes of the log share of each wrong level by the logit of `far`."""
    steps = np.abs(np.subtract.outer(np.arange(levels), np.arange(levels)))
    share = _off(far, levels)
    further = np.where(steps > 0, steps - 1.0, 0.0)
    mean = (share * further).sum(axis=1, keepdims=True) / share.sum(axis=1, keepdims=True)
    return np.where(steps > 0, (further - mean) * (1 - far), 0.0)


def classes(there: Posterior, applies: Flags, table: NDArray[np.int64], count: int) -> Floats:
    """Probability of each class: organisers by classes.

    `table[a, b, t]` is the class (0 to `count` - 1) of one with `a` criteria that apply, `b` on the lowest level and `t` on
    the highest. Given the quality, levels are independent, so that the two counts are built one criterion at a time.
    """
    n, criteria = applies.shape
    held: dict[tuple[int, int], Floats] = {(0, 0): there.quality}
    for k in range(criteria):
        here = applies[:, k, None]
        bottom = np.where(here, there.levels[:, k, :, 0], 0.0)
        top = np.where(here, there.levels[:, k, :, -1], 0.0)
        between = 1 - bottom - top
        after: dict[tuple[int, int], Floats] = {}
        for (b, t), mass in held.items():
            for key, part in (((b, t), between), ((b + 1, t), bottom), ((b, t + 1), top)):
                after[key] = after[key] + mass * part if key in after else mass * part
        held = after
    which = table[applies.sum(axis=1)]
    found = np.zeros((n, count))
    for (b, t), mass in held.items():
        found[np.arange(n), which[:, b, t]] += mass.sum(axis=1)
    return found


def at(found: Graded, vector: Floats) -> Graded:
    """The same model with other parameters (its likelihood is not worked out again)."""
    return replace(found, vector=vector)
