"""Exact logistic regression on grouped patterns: pupils with equal values are one row, with how many of them reached.

    reached_i ~ Binomial(n_i, p_i),    logit p_i = x_i' b

The likelihood of the patterns differs from that of the pupils by a constant in `b` that is left out here, so that the
log-likelihood, too, is that of the pupils one by one (as R's `glm` gives it for 0/1 rows). Maximised by Newton's method,
which for this model is iteratively reweighted least squares (McCullagh & Nelder 1989, ch. 4). The model has few parameters
and the sums are additive, so organisers can hand in their score and information instead of patterns (`score`).

Checked against R's glm (guImmun, tests/authority) and against a second implementation that shares no code (tests/agreement).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from likvard.models.newton import Point, minimise
from likvard.terms import ModelError

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_ALIASED = 1e-9  # what earlier columns leave of a column's length, below which it says nothing of its own
_FAR = 18.0  # a linear predictor beyond this is a chance below 2 in 100 million: the estimate runs away


@dataclass(frozen=True, eq=False)
class Patterns:
    """Rows of equal pupils: `x` (P, k) with one column per name, `n` (P,) how many, `reached` (P,) how many of them did.

    Raises `ModelError` where lengths differ, a number is not finite, or more reached than there are.
    """

    x: Floats
    n: Floats
    reached: Floats
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        rows, columns = self.x.shape
        if len(self.names) != columns or self.n.shape != (rows,) or self.reached.shape != (rows,):
            raise ModelError(
                f"{rows} patterns of {columns} columns do not fit {len(self.names)} names, {self.n.shape[0]} numbers of "
                f"pupils and {self.reached.shape[0]} of those who reached.",
                "Give one row per pattern in each.",
            )
        if not (np.isfinite(self.x).all() and np.isfinite(self.n).all() and np.isfinite(self.reached).all()):
            raise ModelError("A pattern holds a number that is not finite.", "Leave rows with missing values out.")
        if (self.n < 0).any() or (self.reached < 0).any() or (self.reached > self.n).any():
            raise ModelError("More pupils reached than there are, or fewer than none.", "Count again.")

    @classmethod
    def of(cls, x: ArrayLike, n: ArrayLike, reached: ArrayLike, names: Sequence[str]) -> Patterns:
        """Patterns from anything that NumPy takes for numbers."""
        design, pupils, came = (np.asarray(part, dtype=np.float64) for part in (x, n, reached))
        return cls(design, pupils, came, tuple(names))

    @property
    def pupils(self) -> float:
        """How many pupils the patterns stand for."""
        return float(self.n.sum())


@dataclass(frozen=True, eq=False)
class Logistic:
    """A fitted logistic model: `beta` (k,) of `names`, their covariance `vcov` (k, k), and how well it fits.

    `aliased` names columns that are combinations of others and were left out. `gradient` is the largest part of the
    score where the search ended: 0 but for rounding.
    """

    names: tuple[str, ...]
    beta: Floats
    vcov: Floats
    loglik: float
    pupils: float
    aliased: tuple[str, ...]
    gradient: float
    evaluations: int

    @property
    def se(self) -> Floats:
        """Standard errors of the coefficients."""
        return np.sqrt(np.diag(self.vcov))

    def columns(self, names: Sequence[str]) -> list[int]:
        """Where the model's columns lie among `names`."""
        return [list(names).index(name) for name in self.names]


@dataclass(frozen=True, eq=False)
class Score:
    """What one party's pupils say at a value of the coefficients: additive over parties, so that sums can be merged."""

    loglik: float
    score: Floats
    information: Floats

    def __add__(self, other: Score) -> Score:
        return Score(self.loglik + other.loglik, self.score + other.score, self.information + other.information)


def score(patterns: Patterns, beta: Floats) -> Score:
    """The log-likelihood of the pupils one by one, its gradient (k,) and the information (k, k) at `beta`."""
    eta = patterns.x @ beta
    p = expit(eta)
    loglik = float(patterns.reached @ eta - patterns.n @ np.logaddexp(0.0, eta))
    weight = patterns.n * p * (1 - p)
    return Score(loglik, patterns.x.T @ (patterns.reached - patterns.n * p), (patterns.x.T * weight) @ patterns.x)


def fit(patterns: Patterns) -> Logistic:
    """The maximum of the likelihood.

    Raises `ModelError` without pupils, where all or none reached, and where some column parts those who reached from
    those who did not so that there is no maximum.
    """
    kept = independent(patterns)
    used = Patterns(patterns.x[:, kept], patterns.n, patterns.reached, tuple(patterns.names[i] for i in kept))
    _refuse_certainty(used)
    size = np.maximum(np.abs(used.x).max(axis=0, initial=0.0), 1e-300)
    scaled = Patterns(used.x / size, used.n, used.reached, used.names)

    def at(beta: Floats) -> Point:
        found = score(scaled, beta)
        return Point(beta, -found.loglik, -found.score, found.information, found)

    end = minimise(at, np.zeros(len(kept)))
    found = end.point
    if not end.converged or np.abs(scaled.x @ found.x).max(initial=0.0) > _FAR:
        raise _runs_away(scaled, found.x)
    vcov = np.linalg.inv(found.hessian) / np.outer(size, size)
    aliased = tuple(name for i, name in enumerate(patterns.names) if i not in kept)
    gradient = float(np.abs(found.gradient).max(initial=0.0))
    return Logistic(used.names, found.x / size, vcov, -found.value, used.pupils, aliased, gradient, end.evaluations)


def independent(patterns: Patterns) -> list[int]:
    """The columns that say something that those before them do not, over patterns with any pupils."""
    there = patterns.x[patterns.n > 0]
    basis: list[Floats] = []
    kept = []
    for i in range(there.shape[1]):
        column = there[:, i].copy()
        length = np.linalg.norm(column)
        for _ in range(2):  # twice is enough (Giraud, Langou & Rozloznik 2005)
            for other in basis:
                column -= (other @ column) * other
        rest = np.linalg.norm(column)
        if rest > _ALIASED * max(float(length), 1e-300):
            basis.append(column / rest)
            kept.append(i)
    return kept


def _refuse_certainty(patterns: Patterns) -> None:
    if not patterns.pupils:
        raise ModelError("There are no pupils to fit the model to.", "Choose other years or units.")
    reached = float(patterns.reached.sum())
    if reached in (0.0, patterns.pupils):
        raise ModelError(
            f"{'All' if reached else 'None'} of {patterns.pupils:.0f} pupils reached, so nothing tells them apart.",
            "Take more pupils, or a goal that some miss and some reach.",
        )


def _runs_away(patterns: Patterns, beta: Floats) -> ModelError:
    worst = patterns.names[int(np.abs(beta).argmax())]
    return ModelError(
        f"{worst!r} parts those who reached from those who did not, so that its coefficient has no largest likelihood.",
        "Leave the column out, or take more pupils.",
    )


def clustered(patterns: Patterns, found: Logistic, cluster: ArrayLike) -> Floats:
    """The coefficients' covariance when pupils of a cluster (a school unit) are alike in what the model does not see.

    The jackknife over clusters, each left out by one Newton step: G - 1 through G times the sum over clusters of d d' with
    d = (A - A_g)^-1 s_g, A the information, A_g and s_g a cluster's own information and score. It is the sandwich of Liang
    & Zeger (1986, Biometrika 73: 13) with the correction that few or unequal clusters need (CR3; Bell & McCaffrey 2002,
    Survey Methodology 28: 169; MacKinnon, Nielsen & Webb 2023, J. Econometrics 232: 272). `cluster` (P,) numbers each
    pattern's cluster from 0; returns (k, k). Raises `ModelError` below two clusters.
    """
    x = patterns.x[:, found.columns(patterns.names)]
    there = patterns.n > 0
    _, of = np.unique(np.asarray(cluster, dtype=np.intp)[there], return_inverse=True)
    count = int(of.max(initial=-1)) + 1
    if count < 2:
        raise ModelError("One unit alone does not tell how units differ.", "Take the pupils of several units.")
    rows, n, p = x[there], patterns.n[there], expit(x[there] @ found.beta)
    rest, weight = patterns.reached[there] - n * p, n * p * (1 - p)
    scores = np.stack([np.bincount(of, rest * column, count) for column in rows.T], axis=1)
    own = np.empty((count, x.shape[1], x.shape[1]))
    for i, j in combinations_with_replacement(range(x.shape[1]), 2):
        own[:, i, j] = own[:, j, i] = np.bincount(of, weight * rows[:, i] * rows[:, j], count)
    size = np.sqrt(np.diag(own.sum(axis=0)))
    left = (own.sum(axis=0) - own) / np.outer(size, size)
    moved = (np.linalg.pinv(left, rcond=1e-9, hermitian=True) @ (scores / size)[:, :, None])[:, :, 0] / size
    covariance: Floats = moved.T @ moved * ((count - 1) / count)
    return covariance
