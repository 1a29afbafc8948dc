"""Whether sums can be sums of pupils: what an organiser, or a block, cannot honestly have answered.

Under masks only the sum over a block can be looked at: it tells that somebody in the block has answered wrongly, not who.
A lie that is a possible sum cannot be seen; `standing_out` tells which block does not look like the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from likvard.flow.federation.check import LEAST, Block
from likvard.flow.federation.study import Study
from likvard.models.federated import Opened
from likvard.models.federated_logistic import Counted
from likvard.models.logistic import Score
from likvard.models.multilevel_criterion import Swept
from likvard.terms import Words

Floats = NDArray[np.float64]

_ROUNDING = 1e-7
_MORE = 1.5  # as many pupils or units as the cards say may have become in some years
UNLIKELY = 1e-4
"""The chance that any honest block is told of, over all blocks."""


def opening_faults(study: Study, opened: Opened, block: Block) -> tuple[Words, ...]:
    """What is impossible in the first sums of a multilevel study; nothing if all is possible."""
    T, n = opened.total, opened.n
    p = len(study.design)
    flags = [j for j, c in enumerate(study.design) if not c.powers]
    low, high = study.bounds
    checks = (
        (n >= 1 and all(1 <= g <= n for g in opened.groups), _NUMBER),
        (_near(T[0, 0], n), _NUMBER),
        (n <= _MORE * max(1, block.pupils) * len(study.years), _MORE_THAN_CARDS),
        (opened.groups[0] <= _MORE * max(1, block.groups(study)), _MORE_THAN_CARDS),
        (_is_positive(T, T), _NO_SQUARES),
        (*_marks(T[np.ix_(flags, flags)], n), _MARKS),
        (_is_common(T[0, flags], n), _RARE),
        (low * n - 1 <= T[0, p] <= high * n + 1, _BOUNDS),
        (T[p, p] <= max(low * low, high * high) * n + 1, _BOUNDS),
    )
    return tuple(dict.fromkeys(check[-1] for check in checks if not check[0]))


def counted_faults(study: Study, counted: Counted, block: Block) -> tuple[Words, ...]:
    """What is impossible in the first sums of a logistic study."""
    n, reached = counted.pupils, counted.reached
    checks = (
        (n >= 1 and 1 <= counted.units <= n and _near(counted.gram[0, 0], n), _NUMBER),
        (n <= _MORE * max(1, block.pupils) * len(study.years), _MORE_THAN_CARDS),
        (_is_positive(counted.gram, counted.gram), _NO_SQUARES),
        (*_marks(counted.gram, n), _MARKS),
        (_is_common(counted.gram[0], n), _RARE),
        (bool(((reached >= -_ROUNDING) & (reached <= counted.gram[0] + _ROUNDING)).all()), _BOUNDS),
    )
    return tuple(dict.fromkeys(check[-1] for check in checks if not check[0]))


def answer_faults(opened: Opened, theta: Floats, swept: Swept) -> tuple[Words, ...]:
    """What is impossible in a later sum, given the first: sweeping takes away, and no more than there is."""
    sign = np.where(theta < 0, -1.0, 1.0)
    most = sum(g * np.log1p(t * t * opened.n) for g, t in zip(opened.groups, theta, strict=True))
    T = opened.total
    falls = all(_is_positive(-s * Q1, T) for s, Q1 in zip(sign, swept.Q1, strict=True))
    checks = (
        (_is_positive(swept.Q, T), _NO_SQUARES),
        (_is_positive(T - swept.Q, T), _MORE_THAN_FIRST),
        (falls, _MORE_THAN_FIRST),
        (-_ROUNDING <= swept.logdet <= most + _ROUNDING, _NUMBER),
        (bool((sign * swept.dlogdet >= -_ROUNDING).all()), _NUMBER),
    )
    return tuple(dict.fromkeys(words for holds, words in checks if not holds))


def score_faults(counted: Counted, score: Score) -> tuple[Words, ...]:
    """What is impossible in a later sum of a logistic study."""
    n = counted.pupils
    checks = (
        (score.loglik <= _ROUNDING, _NUMBER),
        (_is_positive(score.information, counted.gram), _NO_SQUARES),
        (_is_positive(counted.gram / 4 - score.information, counted.gram), _MORE_THAN_FIRST),
        (bool((np.abs(score.score) <= n + _ROUNDING).all()), _BOUNDS),
    )
    return tuple(dict.fromkeys(words for holds, words in checks if not holds))


def _marks(gram: Floats, n: int) -> tuple[bool]:
    """Whether products of 0 and 1 are counts: whole, no more than either, and at least what must overlap."""
    ones = np.diag(gram)
    most, least = np.minimum.outer(ones, ones), np.maximum(0.0, np.add.outer(ones, ones) - n)
    whole = np.abs(gram - np.round(gram)).max(initial=0.0) < 1e-6
    return (bool(whole and (gram <= most + 1e-6).all() and (gram >= least - 1e-6).all()),)


def _is_common(have: Floats, n: int) -> bool:
    """Whether every mark is had, and lacked, by `LEAST` pupils or none: else a sum of results is those few pupils'."""
    return not any(0.5 < few < LEAST - 0.5 for count in have for few in (count, n - count))


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(1.0, abs(b))


def _is_positive(x: Floats, of: Floats) -> bool:
    """Whether no combination of columns has a negative square, but for rounding; each column in its size in `of`."""
    size = np.sqrt(np.maximum(np.diag(of), 1e-9))
    return float(np.linalg.eigvalsh(x / np.outer(size, size)).min(initial=0.0)) >= -_ROUNDING


@dataclass(frozen=True, slots=True)
class StandsOut:
    """A block whose own estimates are far from those of all: how likely that is by chance."""

    block: int
    chance: float


def standing_out(parts: Sequence[tuple[int, Floats]], sigma2: float) -> tuple[StandsOut, ...]:
    """Blocks whose own fixed effects differ from the others' by more than chance; `parts` are their swept [X y] (p+1 square).

    By the difference between a block's estimate and that of all others, in its covariance (chi-square with p degrees). The
    farthest is taken out before the rest are looked at, so that it does not make honest ones look odd; at most half are.
    """
    left, found = list(parts), []
    while len(left) > max(2, len(parts) // 2):
        chances = [_chance(Q, np.sum([other for _, other in left], axis=0) - Q, sigma2) for _, Q in left]
        worst = int(np.argmin(chances))
        if chances[worst] >= UNLIKELY / len(parts):
            break
        found.append(StandsOut(left.pop(worst)[0], chances[worst]))
    return tuple(found)


def _chance(Q: Floats, rest: Floats, sigma2: float) -> float:
    """How likely two sets of sums of one model are to give estimates so far apart; 1 where one of them gives none."""
    p = len(Q) - 1
    try:
        own, others = (np.linalg.solve(x[:p, :p], x[:p, p]) for x in (Q, rest))
        spread = sigma2 * (np.linalg.inv(Q[:p, :p]) + np.linalg.inv(rest[:p, :p]))
        return float(chi2.sf((own - others) @ np.linalg.solve(spread, own - others), p))
    except np.linalg.LinAlgError:
        return 1.0


_NUMBER = Words(
    "antalen elever, grupper eller logaritmer går inte ihop", "the numbers of pupils, groups or logarithms do not agree"
)
_MORE_THAN_CARDS = Words(
    "det är fler elever eller grupper än huvudmännens kort säger",
    "there are more pupils or groups than the organisers' cards say",
)
_NO_SQUARES = Words("summorna kan inte vara summor av kvadrater", "the sums cannot be sums of squares")
_MORE_THAN_FIRST = Words(
    "summorna är större än i första rundan, eller växer där de måste minska",
    "the sums are larger than in the first round, or grow where they must fall",
)
_MARKS = Words(
    "antal med en egenskap är inga antal, eller fler än de elever som finns",
    "numbers of pupils with a mark are no numbers, or more than the pupils there are",
)
_RARE = Words(
    f"någon egenskap finns (eller saknas) hos färre än {LEAST} elever; lämna den utanför studien",
    f"some mark is had (or lacked) by fewer than {LEAST} pupils; leave it out of the study",
)
_BOUNDS = Words("resultaten ligger utanför skalan", "the results lie outside the scale")
