"""Which findings come together more, or less, often than chance would have it.

Each pair of kinds over the same matters (inspections, organisers): the common odds ratio within strata by Mantel & Haenszel 1959
(JNCI 22: 719) with the error of Robins, Breslow & Greenland 1986 (Biometrics 42: 311). That some matters have more of everything
makes every pair go together, so the odds are also held against those of a model with one scale of severity, on which every kind
weighs alike, and nothing else (Rasch 1960, by marginal likelihood; local dependence as in Chen & Thissen 1997, J. Educ. Behav.
Stat. 22: 265). To compare matters with equally many other findings would not do: with few kinds that says too little of severity;
and with a weight for each kind, a pair that goes together passes for two heavy kinds. No order of cause is claimed. All pairs
share one budget for false alarms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import ndtr
from scipy.stats import chi2

from likvard.models.alarms import Control, budget_of_p
from likvard.models.graded import MASS, NODES
from likvard.terms import ModelError

Floats = NDArray[np.float64]
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Odds:
    """A common odds ratio with its 95 % interval, the SE of its log, and a two-sided p; nan where there is none."""

    value: float
    low: float
    high: float
    se: float
    p: float


NO_ODDS = Odds(float("nan"), float("nan"), float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two kinds: matters with both, how many chance gives, the odds ratio, and that over what severity alone gives.

    `survives` says whether `odds` stands within the budget of all pairs; `beyond_survives` the same for `beyond`, in a
    budget of its own.
    """

    first: int
    second: int
    both: int
    expected: float
    odds: Odds
    beyond: Odds
    survives: bool
    beyond_survives: bool


def common_odds(tables: ArrayLike) -> Odds:
    """The Mantel-Haenszel odds ratio of 2 by 2 tables (strata by 2 by 2) and the test of it against 1.

    The test is the chi-square of Mantel & Haenszel with their correction of a half, which keeps it on the safe side in
    small tables. Where the ratio is 0 or infinite, a half is added to every cell for the interval (Haldane 1956).
    """
    t = np.asarray(tables, dtype=np.float64)
    n = t.sum(axis=(1, 2))
    t, n = t[n > 1], n[n > 1]
    rows, columns = t.sum(axis=2), t.sum(axis=1)
    variance = (rows.prod(axis=1) * columns.prod(axis=1) / (n**2 * (n - 1))).sum() if len(t) else 0.0
    if variance <= 0:
        return NO_ODDS
    off = abs(float((t[:, 0, 0] - rows[:, 0] * columns[:, 0] / n).sum()))
    p = float(chi2.sf(max(off - 0.5, 0.0) ** 2 / variance, 1))
    if min((t[:, 0, 0] * t[:, 1, 1] / n).sum(), (t[:, 0, 1] * t[:, 1, 0] / n).sum()) <= 0:
        t, n = t + 0.5, n + 2
    for_, against = t[:, 0, 0] * t[:, 1, 1] / n, t[:, 0, 1] * t[:, 1, 0] / n
    like, unlike = (t[:, 0, 0] + t[:, 1, 1]) / n, (t[:, 0, 1] + t[:, 1, 0]) / n
    r, s = float(for_.sum()), float(against.sum())
    inner = (like * for_).sum() / (2 * r**2) + (unlike * against).sum() / (2 * s**2)
    inner += (like * against + unlike * for_).sum() / (2 * r * s)
    ratio, se = r / s, float(np.sqrt(inner))
    return Odds(ratio, float(ratio * np.exp(-Z95 * se)), float(ratio * np.exp(Z95 * se)), se, p)


def pairs(
    there: ArrayLike, *, asked: ArrayLike | None = None, stratum: Sequence[object] | None = None, least: int = 5
) -> tuple[Pair, ...]:
    """Every pair of kinds over matters (matters by kinds, true where there is a finding).

    `asked` is false where a kind could not be found in a matter, which then says nothing of that pair. Kinds with fewer
    than `least` findings, or found in all but that many, are left out. Raises `ModelError` where shapes differ.
    """
    found = np.asarray(there, dtype=bool)
    open_ = np.ones_like(found) if asked is None else np.asarray(asked, dtype=bool)
    strata = np.zeros(len(found), dtype=np.int64) if stratum is None else _codes(stratum)
    if open_.shape != found.shape or len(strata) != len(found):
        raise ModelError("Findings, what was asked and strata differ in length.", "Give one row for each matter.")
    many = [k for k in range(found.shape[1]) if least <= (found & open_)[:, k].sum() <= open_[:, k].sum() - least]
    every = [(i, j) for place, i in enumerate(many) for j in many[place + 1 :]]
    plain = [_odds(found, open_, i, j, strata) for i, j in every]
    rest = _beyond(found, open_, many, every)
    survives, beyond = (_survivors([one.p for one in odds]) for odds in (plain, rest))
    return tuple(
        Pair(i, j, *_counts(found, open_, i, j, strata), one, other, bool(a), bool(b))
        for (i, j), one, other, a, b in zip(every, plain, rest, survives, beyond, strict=True)
    )


def _survivors(p: Sequence[float]) -> NDArray[np.bool_]:
    """Pairs share kinds, so that their tests depend on one another in ways that only the strict budget bears."""
    return budget_of_p(p, control=Control.BENJAMINI_YEKUTIELI).survives if p else np.zeros(0, dtype=bool)


def _codes(values: Sequence[object]) -> NDArray[np.int64]:
    return np.unique([str(value) for value in values], return_inverse=True)[1].astype(np.int64)


FEWEST_KINDS, FEWEST_MATTERS = 4, 50
"""With fewer kinds or matters a scale of severity cannot be told from a pair that goes together."""


def _beyond(
    found: NDArray[np.bool_], asked: NDArray[np.bool_], many: Sequence[int], every: Sequence[tuple[int, int]]
) -> list[Odds]:
    """Each pair's odds ratio over that of a model of severity; none where there is too little to fit one on."""
    here = asked[:, list(many)].any(axis=1)
    if len(many) < FEWEST_KINDS or here.sum() < FEWEST_MATTERS:
        return [NO_ODDS] * len(every)
    applies = asked[here][:, list(many)]
    chance = severity(found[here][:, list(many)] & applies, applies)
    place = {kind: i for i, kind in enumerate(many)}
    none = np.zeros(len(found), dtype=np.int64)
    return [_over(_tables(found, asked, i, j, none)[0], chance[place[i]], chance[place[j]]) for i, j in every]


def severity(there: NDArray[np.bool_], applies: NDArray[np.bool_]) -> Floats:
    """Probability of each kind at each severity of `NODES` (kinds by nodes), by marginal likelihood of a Rasch model.

    Severity is standard normal, one slope is common to all kinds, and each kind has a step of its own.
    """
    x, open_ = there.astype(np.float64), applies.astype(np.float64)
    share = (x.sum(axis=0) + 0.5) / (open_.sum(axis=0) + 1)

    def lost(at: Floats) -> tuple[float, Floats]:
        height = np.exp(at[0]) * NODES + at[1:, None]
        logs = x @ height - open_ @ np.logaddexp(0.0, height)
        top = logs.max(axis=1, keepdims=True)
        mass = np.exp(logs - top) * MASS
        total = mass.sum(axis=1, keepdims=True)
        given = mass / total
        chance = 1 / (1 + np.exp(-height))
        steps = x.sum(axis=0) - np.einsum("nk,nq,kq->k", open_, given, chance)
        slope = float(np.sum((given @ NODES) * x.sum(axis=1))) - float(np.sum((given * NODES) * (open_ @ chance)))
        return -float((top + np.log(total)).sum()), -np.concatenate([[np.exp(at[0]) * slope], steps])

    start = np.concatenate([[0.0], np.log(share / (1 - share))])
    bounds = [(-6.0, 2.0), *[(-12.0, 12.0)] * x.shape[1]]
    at = minimize(lost, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return np.asarray(1 / (1 + np.exp(-(np.exp(at[0]) * NODES + at[1:, None]))))


def _over(table: Floats, first: Floats, second: Floats) -> Odds:
    """Observed odds over the model's; `first` and `second` are probabilities at each node of severity."""
    both = [np.stack([one, 1 - one], axis=1) for one in (first, second)]
    expected = np.einsum("q,qa,qb->ab", MASS, *both)
    seen = table + 0.5
    log = float(np.log(seen[0, 0] * seen[1, 1] / (seen[0, 1] * seen[1, 0])))
    log -= float(np.log(expected[0, 0] * expected[1, 1] / (expected[0, 1] * expected[1, 0])))
    se = float(np.sqrt((1 / seen).sum()))
    ends = np.exp([log, log - Z95 * se, log + Z95 * se]).tolist()
    return Odds(ends[0], ends[1], ends[2], se, float(2 * ndtr(-abs(log) / se)))


def _tables(found: NDArray[np.bool_], asked: NDArray[np.bool_], i: int, j: int, strata: NDArray[np.int64]) -> Floats:
    """A 2 by 2 table for each stratum, yes first."""
    here = asked[:, i] & asked[:, j]
    _, place = np.unique(strata[here], return_inverse=True)
    tables = np.zeros((place.max() + 1 if here.any() else 1, 2, 2))
    np.add.at(tables, (place, (~found[here, i]).astype(int), (~found[here, j]).astype(int)), 1.0)
    return tables


def _odds(found: NDArray[np.bool_], asked: NDArray[np.bool_], i: int, j: int, strata: NDArray[np.int64]) -> Odds:
    return common_odds(_tables(found, asked, i, j, strata))


def _counts(
    found: NDArray[np.bool_], asked: NDArray[np.bool_], i: int, j: int, strata: NDArray[np.int64]
) -> tuple[int, float]:
    """Matters with both, and how many there would be if the two had nothing to do with each other within strata."""
    t = _tables(found, asked, i, j, strata)
    n = t.sum(axis=(1, 2))
    by_chance = (t.sum(axis=2)[:, 0] * t.sum(axis=1)[:, 0] / np.maximum(n, 1)).sum()
    return int(t[:, 0, 0].sum()), float(by_chance)
