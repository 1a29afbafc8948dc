"""How far markers agree, beyond what chance alone would give.

Krippendorff's alpha from the coincidence matrix, which takes any number of markers and missing marks (Krippendorff 2011,
"Computing Krippendorff's alpha-reliability"); Cohen's kappa, plain and weighted, with the large-sample error of Fleiss, Cohen
& Everitt 1969 (Psychol. Bull. 72: 323); Fleiss' kappa for many raters with the error of Fleiss, Nee & Landis 1979 (Psychol.
Bull. 86: 974). Marks are whole numbers from 0; a missing mark is -1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from likvard.terms import ModelError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
MISSING = -1
Z95 = 1.959963984540054


class Metric(StrEnum):
    """How far apart two levels are."""

    NOMINAL = "nominal"  # apart or not
    ORDINAL = "ordinal"  # by how many marks lie between
    INTERVAL = "interval"  # by the square of the steps
    RATIO = "ratio"  # by the square of the steps over their sum


class Weights(StrEnum):
    """How much a disagreement counts in Cohen's kappa."""

    NONE = "none"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient of agreement: 1 is perfect, 0 is chance. `se` and the 95 % interval are nan where none is known.

    `n` is how many units (organisers, pairs) it rests on.
    """

    value: float
    se: float
    low: float
    high: float
    n: int


NOTHING = Coefficient(float("nan"), float("nan"), float("nan"), float("nan"), 0)


def counted(marks: ArrayLike, levels: int) -> Floats:
    """How many marks of each level every unit has: units by levels, from marks (units by markers, -1 is missing)."""
    given = np.asarray(marks, dtype=np.int64)
    if given.ndim != 2 or (given >= levels).any() or (given < MISSING).any():
        raise ModelError(
            f"Marks must be units by markers, from 0 to {levels - 1}, or -1 for missing.", "Check the levels."
        )
    return np.stack([(given == level).sum(axis=1) for level in range(levels)], axis=1).astype(np.float64)


def coincidences(counts: ArrayLike) -> Floats:
    """The coincidence matrix: every pair of marks in a unit, each unit's pairs weighing as many as its marks."""
    return np.asarray(_by_unit(np.asarray(counts, dtype=np.float64)).sum(axis=0), dtype=np.float64)


def _by_unit(counts: Floats) -> Floats:
    """Coincidences of each unit: units by levels by levels; units with one mark have none."""
    number = counts.sum(axis=1)
    found: Floats = 2 * _pairs(counts) / np.maximum(number - 1, 1)[:, None, None] * (number > 1)[:, None, None]
    return found


def distances(totals: ArrayLike, metric: Metric, values: ArrayLike | None = None) -> Floats:
    """Squared distance between every two levels; `totals` is how many paired marks each level has.

    `values` are what the levels stand for where they are not 0, 1, 2 … (metrics interval and ratio).
    """
    n = np.asarray(totals, dtype=np.float64)
    steps = np.arange(n.shape[-1], dtype=np.float64) if values is None else np.asarray(values, dtype=np.float64)
    if metric is Metric.NOMINAL:
        return 1.0 - np.eye(len(steps))
    if metric is Metric.INTERVAL:
        return np.asarray(np.subtract.outer(steps, steps) ** 2)
    if metric is Metric.RATIO:
        sums = np.add.outer(steps, steps)
        return np.divide(np.subtract.outer(steps, steps), sums, out=np.zeros_like(sums), where=sums != 0) ** 2
    middles = np.cumsum(n, axis=-1) - n / 2
    return np.asarray((middles[..., :, None] - middles[..., None, :]) ** 2)


def _alpha(matrices: Floats, metric: Metric, values: ArrayLike | None) -> Floats:
    """Alpha of one coincidence matrix or a stack of them; nan where all paired marks are on one level."""
    totals = matrices.sum(axis=-1)
    n = totals.sum(axis=-1)
    apart = distances(totals, metric, values)
    seen = (matrices * apart).sum(axis=(-2, -1))
    chance = (totals[..., :, None] * totals[..., None, :] * apart).sum(axis=(-2, -1))
    worth = np.full(np.shape(n), np.nan)
    return np.asarray(1 - np.divide((n - 1) * seen, chance, out=worth, where=chance > 0), dtype=np.float64)


def krippendorff(
    marks: ArrayLike,
    levels: int,
    *,
    metric: Metric = Metric.ORDINAL,
    values: ArrayLike | None = None,
    cluster: Sequence[str] | None = None,
    rounds: int = 1000,
    seed: int = 1,
) -> Coefficient:
    """Krippendorff's alpha of marks (units by markers) with a percentile interval from drawing units again.

    `cluster` names what each unit belongs to where several units must be drawn together (the criteria of an organiser). A draw
    in which all marks are on one level has no alpha and is left out. Returns nan where no unit has two marks, or where nothing
    differs. Raises `ModelError` for levels that are not there.
    """
    each = _together(_by_unit(counted(marks, levels)), cluster)
    if not len(each):
        return NOTHING
    value = float(_alpha(each.sum(axis=0), metric, values))
    return _with_interval(value, _alpha(_draws(each, rounds, seed), metric, values), len(each))


def _together(each: Floats, cluster: Sequence[str] | None) -> Floats:
    """Tables of units summed within clusters; those without pairs are left out."""
    if cluster is not None:
        _, place = np.unique(list(cluster), return_inverse=True)
        summed = np.zeros((int(place.max()) + 1 if len(place) else 0, *each.shape[1:]))
        np.add.at(summed, place, each)
        each = summed
    return np.asarray(each[each.sum(axis=(1, 2)) > 0])


def _draws(each: Floats, rounds: int, seed: int) -> Floats:
    """Sums of tables over units drawn again: rounds by levels by levels."""
    drawn = np.random.default_rng(seed).multinomial(len(each), np.full(len(each), 1 / len(each)), size=rounds)
    return np.asarray(np.tensordot(drawn.astype(np.float64), each, axes=1))


def _with_interval(value: float, draws: Floats, n: int) -> Coefficient:
    known = draws[~np.isnan(draws)]
    if len(known) < 2:
        return Coefficient(value, float("nan"), float("nan"), float("nan"), n)
    low, high = np.quantile(known, (0.025, 0.975))
    return Coefficient(value, float(known.std(ddof=1)), float(low), float(high), n)


def paired_kappa(
    marks: ArrayLike,
    levels: int,
    *,
    weights: Weights = Weights.QUADRATIC,
    cluster: Sequence[str] | None = None,
    rounds: int = 1000,
    seed: int = 1,
) -> Coefficient:
    """Cohen's kappa over every pair of marks of a unit, no marker being first, with an interval from drawing units again.

    For markers who take turns, so that there is no first and second. `cluster` as for `krippendorff`.
    """
    each = _together(_pairs(counted(marks, levels)), cluster)
    if not len(each):
        return NOTHING
    credit = credits(levels, weights)
    return _with_interval(
        float(_kappa(each.sum(axis=0), credit)), _kappa(_draws(each, rounds, seed), credit), len(each)
    )


def _kappa(tables: Floats, credit: Floats) -> Floats:
    """Kappa of one table or a stack; nan where all marks are on one level."""
    n = tables.sum(axis=(-2, -1), keepdims=True)
    p = tables / n
    seen = (p * credit).sum(axis=(-2, -1))
    chance = np.einsum("...l,lm,...m->...", p.sum(axis=-1), credit, p.sum(axis=-2))
    worth = np.full(np.shape(seen), np.nan)
    return np.asarray(1 - np.divide(1 - seen, 1 - chance, out=worth, where=chance < 1 - 1e-12), dtype=np.float64)


def credits(levels: int, weights: Weights) -> Floats:
    """What a pair of levels counts as agreement: 1 on the diagonal, less the further off."""
    steps = np.abs(np.subtract.outer(np.arange(levels), np.arange(levels))) / max(levels - 1, 1)
    if weights is Weights.NONE:
        return np.eye(levels)
    return np.asarray(1 - (steps if weights is Weights.LINEAR else steps**2))


def cohen(table: ArrayLike, weights: Weights | ArrayLike = Weights.NONE) -> Coefficient:
    """Cohen's kappa of two markers from their table of counts; `weights` may also be a matrix of credits.

    The standard error is that of Fleiss, Cohen & Everitt 1969, not the one under chance. Returns nan where both markers use
    one and the same level. Raises `ModelError` for a table that is not square.
    """
    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or (counts < 0).any():
        raise ModelError("A table of two markers is square and has no negative counts.", "Count again.")
    n = float(counts.sum())
    if n == 0:
        return NOTHING
    credit = credits(len(counts), weights) if isinstance(weights, Weights) else np.asarray(weights, dtype=np.float64)
    p = counts / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    seen, chance = float((p * credit).sum()), float(rows @ credit @ columns)
    if chance >= 1 - 1e-12:
        return NOTHING
    kappa = (seen - chance) / (1 - chance)
    around = (credit @ columns)[:, None] + (credit.T @ rows)[None, :]
    inner = (p * (credit - around * (1 - kappa)) ** 2).sum() - (kappa - chance * (1 - kappa)) ** 2
    se = float(np.sqrt(max(inner, 0.0) / n) / (1 - chance))
    return Coefficient(kappa, se, max(kappa - Z95 * se, -1.0), min(kappa + Z95 * se, 1.0), round(n))


def fleiss(counts: ArrayLike) -> Coefficient:
    """Fleiss' kappa from counts (units by levels) where every unit has the same number of marks.

    The standard error is the one under chance (Fleiss, Nee & Landis 1979): it tests whether there is any agreement.
    Raises `ModelError` where the number of marks differs between units.
    """
    given = np.asarray(counts, dtype=np.float64)
    raters = given.sum(axis=1)
    if not len(given) or raters.min() != raters.max() or raters[0] < 2:
        raise ModelError("Fleiss' kappa needs the same number of marks, at least two, on every unit.", "Use alpha.")
    n, m = len(given), float(raters[0])
    p = given.sum(axis=0) / (n * m)
    seen = float(((given**2).sum(axis=1) - m).sum() / (n * m * (m - 1)))
    chance = float((p**2).sum())
    if chance >= 1 - 1e-12:
        return NOTHING
    kappa, q = (seen - chance) / (1 - chance), 1 - p
    inner = float((p * q).sum() ** 2 - (p * q * (q - p)).sum())
    se = float(np.sqrt(2 * inner / (n * m * (m - 1))) / (p * q).sum())
    return Coefficient(kappa, se, max(kappa - Z95 * se, -1.0), min(kappa + Z95 * se, 1.0), n)


def _pairs(counts: Floats) -> Floats:
    """Every two marks of a unit against each other, a half in each order: units by levels by levels."""
    itself = np.einsum("ul,lm->ulm", counts, np.eye(counts.shape[1]))
    return np.asarray((counts[:, :, None] * counts[:, None, :] - itself) / 2)


def pair_table(marks: ArrayLike, levels: int) -> Floats:
    """Counts of every two marks of a unit against each other, both ways round, so that no marker is first.

    Each pair is counted a half in each order: the sum is the number of pairs.
    """
    return np.asarray(_pairs(counted(marks, levels)).sum(axis=0))
