"""A logistic model fitted in rounds: at each value of the coefficients, organisers hand in score and information.

Of who reached the goal nothing leaves but X'y: the score less what the coefficients and X give. The steps are those of
Newton's method on pooled patterns (iteratively reweighted least squares), so that the estimates are too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from likvard.models.logistic import Logistic, Patterns, Score, score
from likvard.models.multilevel_problem import independent
from likvard.models.newton import Point, minimise
from likvard.models.packed import pack, unpack
from likvard.models.remembered import Unanswered, is_same
from likvard.terms import ModelError

Floats = NDArray[np.float64]

_FAR = 18.0  # a coefficient of an indicator beyond this runs away: a chance below 2 in 100 million


@dataclass(frozen=True, eq=False)
class Counted:
    """The first sums: pupils, units, X'X (k x k) and X'y (k) over all pupils."""

    pupils: int
    units: int
    gram: Floats
    reached: Floats


def opening_length(k: int) -> int:
    """Numbers in an opening of k columns."""
    return 2 + k * (k + 1) // 2 + k


def answer_length(k: int) -> int:
    """Numbers in an answer of k columns."""
    return 1 + k * (k + 1) // 2 + k


def opening(patterns: Patterns, units: int) -> Floats:
    """An organiser's first answer, as `read_opening` reads it."""
    gram = (patterns.x.T * patterns.n) @ patterns.x
    return np.array([patterns.pupils, float(units), *pack(gram), *(patterns.x.T @ patterns.reached)])


def answer(patterns: Patterns, beta: Floats) -> Floats:
    """An organiser's answer at beta: its log-likelihood, information and score, as `read_answer` reads them."""
    found = score(patterns, beta)
    return np.array([found.loglik, *pack(found.information), *found.score])


def read_opening(numbers: Floats, k: int) -> Counted:
    """Read the sum of openings."""
    t = k * (k + 1) // 2
    gram = unpack(numbers[2 : 2 + t], k)
    return Counted(round(float(numbers[0])), round(float(numbers[1])), gram, numbers[2 + t :])


def read_answer(numbers: Floats, k: int) -> Score:
    """Read the sum of answers."""
    t = k * (k + 1) // 2
    return Score(float(numbers[0]), numbers[1 + t :], unpack(numbers[1 : 1 + t], k))


def proceed(names: Sequence[str], counted: Counted, rounds: Sequence[tuple[Floats, Score]]) -> Logistic | Floats:
    """Take the search as far as the answers go: the fit, or the coefficients of the next round (all columns, 0 where aliased).

    The first column is the constant. Raises `ModelError` where all or none reached, or where there is no maximum.
    """
    reached = float(counted.reached[0])
    if not 0 < reached < counted.pupils:
        raise ModelError("All pupils reached, or none did: there is nothing to explain.", "Choose another goal.")
    _refuse_certainty(names, counted)
    kept, aliased = independent(counted.gram / max(1, counted.pupils))

    def at(beta: Floats) -> Point:
        whole = np.zeros(len(names))
        whole[kept] = beta
        found = next((s for asked, s in rounds if is_same(whole, asked)), None)
        if found is None:
            raise Unanswered(whole)
        return Point(beta, -found.loglik, -found.score[kept], found.information[np.ix_(kept, kept)])

    start = np.zeros(len(kept))
    start[0] = logit(reached / counted.pupils)
    start = max(rounds, key=lambda r: r[1].loglik)[0][kept] if rounds else start
    try:
        end = minimise(at, start)
    except Unanswered as asked:
        return asked.at
    if not end.converged or np.abs(end.point.x).max() > _FAR:
        raise ModelError(
            "The coefficients run away: some columns together part those who reached from all others.",
            "Leave one of them out.",
        )
    return Logistic(
        names=tuple(names[i] for i in kept),
        beta=end.point.x,
        vcov=np.asarray(np.linalg.inv(end.point.hessian), dtype=np.float64),
        loglik=-end.point.value,
        pupils=float(counted.pupils),
        aliased=tuple(names[i] for i in aliased),
        gradient=float(np.abs(end.point.gradient).max()),
        evaluations=end.evaluations,
    )


def _refuse_certainty(names: Sequence[str], counted: Counted) -> None:
    """Refuse a mark all of whose pupils reached, or none, or all or none of the others: its coefficient has no end."""
    have, reached = counted.gram[0], counted.reached
    for j, name in enumerate(names[1:], 1):
        rest, reached_rest = have[0] - have[j], reached[0] - reached[j]
        is_mark = counted.gram[j, j] == have[j] and have[j] > 0 and rest > 0
        if is_mark and (reached[j] in (0, have[j]) or reached_rest in (0, rest)):
            raise ModelError(f"Everyone with {name}, or without it, reached alike.", "Leave the column out.")
