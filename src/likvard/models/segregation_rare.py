"""What the jackknife leaves in small cells: the rest of its bias, and how much its variance is too large.

A cell of x pupils enters M as x ψ(x), ψ(x) = x ln x − (x − 1) ln(x − 1) (`segregation_chance.entropies`). Where about λ are
expected in it and λ is below 1 or so, no function of x is unbiased for λ ln λ: at λ = 0.3 the jackknife is 0.18 nats too high,
every time, and in a country of schools with a third of a pupil of a group each, that is a tenth of H. So it is asked how the
group's share is spread over units, from the units themselves and with no shape taken for granted (the nonparametric maximum
likelihood of a mixture, Kiefer & Wolfowitz 1956; Laird 1978; as a plug-in for entropies near the best that can be had: Acharya,
Das, Orlitsky & Suresh 2017), and the bias that the jackknife has at these shares is taken away. Cells of many pupils are left
as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy
from scipy.stats import poisson

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]

FAR = 25
"""More pupils than this in a cell: the bias is below 0.004 nats and its share is known well enough as it is."""

_LEAST, _MOST = 5e-4, 0.99
"""Shares that a unit may have, besides none at all. Below a tenth of a pupil in a school, none and few look the same."""

_NONE = 0.2
"""Where the search begins: this much of the units have none of a group. It moves only what the units do not tell."""

_STEPS = 100
_SHARES: Floats = np.concatenate([[0.0], np.geomspace(_LEAST, _MOST, 40)])


@dataclass(frozen=True, eq=False)
class Rest:
    """Of each unit (U,): the bias of its sum of x ψ(x), in pupils times nats, and the excess of its squared influence."""

    bias: Floats
    excess: Floats


def weighed(x: Floats) -> Floats:
    """x ψ(x): what stands for x ln x when the mean over samples is to be right."""
    fewer = np.maximum(x - 1, 0.0)
    return np.asarray(x * (xlogy(x, x) - xlogy(fewer, fewer)))


def rest(pupils: Floats, place: Codes) -> Rest:
    """What is left in the cells of each unit, of whole counts (U, G); shares are spread as among the units of its place (U,)."""
    unit = pupils.sum(axis=1)
    bias, excess = np.zeros(len(unit)), np.zeros(len(unit))
    for x in pupils.T:
        few = (x <= FAR) & (unit > 0)
        share = np.divide(x, unit, out=np.zeros_like(x), where=unit > 0)
        excess += np.where(few | (unit == 0), 0.0, 0.5 * (1 - share))
        if few.any():
            chance = _spread(x, unit, few, place)
            expected = unit[few, None] * _SHARES
            bias[few] += (chance * _at(expected, 0)).sum(axis=1)
            excess[few] += (chance * (1 - _SHARES) * _at(expected, 1)).sum(axis=1)
    return Rest(bias, excess)


def _spread(x: Floats, unit: Floats, few: npt.NDArray[np.bool_], place: Codes) -> Floats:
    """How likely each share is (F, K) in the units with few of a group, given what they have and what the others are."""
    size = int(place.max(initial=0)) + 1
    fixed = np.zeros((size, len(_SHARES)))
    many = ~few & (unit > 0)
    np.add.at(fixed, (place[many], np.searchsorted(_MIDDLES, x[many] / unit[many])), 1.0)
    keys, back, times = np.unique(
        np.stack([place[few], unit[few], x[few]]), axis=1, return_inverse=True, return_counts=True
    )
    at, n, members = keys[0].astype(np.intp), keys[1, :, None], keys[2, :, None]
    likely = xlogy(members, _SHARES) + (n - members) * np.log1p(-_SHARES)
    likely = np.exp(likely - likely.max(axis=1, keepdims=True))
    starts = np.flatnonzero(np.diff(at, prepend=-1))
    there = at[starts]
    total = (fixed.sum(axis=1) + np.bincount(at, times, size))[there, None]
    weight = np.full((len(there), len(_SHARES)), (1 - _NONE) / (len(_SHARES) - 1))
    weight[:, 0] = _NONE
    row = np.searchsorted(there, at)
    for _ in range(_STEPS):
        if len(there) == 1:  # the country: two products of a matrix and a vector
            seen = weight[0] * (likely.T @ (times / (likely @ weight[0])))
            weight = (seen[None] + fixed[there]) / total
        else:
            mixed = likely * weight[row]
            mixed *= (times / mixed.sum(axis=1))[:, None]
            weight = (np.add.reduceat(mixed, starts, axis=0) + fixed[there]) / total
    found = likely * weight[row]
    return np.asarray((found / found.sum(axis=1, keepdims=True))[back.ravel()])


_MIDDLES: Floats = np.concatenate([[0.0], np.sqrt(_SHARES[1:-1] * _SHARES[2:])])


def _at(expected: Floats, which: int) -> Floats:
    """The bias (0) or the excess (1) of a cell in which so many are expected, read off a curve."""
    means, *curves = _curves()
    return np.asarray(np.interp(expected, means, curves[which], left=0.0, right=(0.0, 0.5)[which]))


@cache
def _curves() -> tuple[Floats, Floats, Floats]:
    """Expected numbers λ; the bias of x ψ(x) − x for λ ln λ; and by how much E x (Δ)² is over its variance.

    x Poisson, Δ what one pupil less changes. The latter is Efron & Stein's inequality (1981): the jackknife counts the part of
    the variance that is of pairs of pupils twice; 1/2 where λ is large. It is told of in full from λ = 2 on, below in
    proportion: there the rest of the bias is not known well, and the wider interval covers it.
    """
    means = np.geomspace(1e-4, 60, 400)
    x = np.arange(0.0, 160.0)
    chance = poisson.pmf(x[None], means[:, None])
    value = weighed(x) - x
    mean = chance @ value
    step = np.diff(value, prepend=0.0)
    excess = chance @ (x * step**2) - (chance @ value**2 - mean**2)
    known = means < 40
    return (
        means,
        np.where(known, mean - xlogy(means, means), 0.0),
        np.where(known, excess * np.minimum(1.0, means / 2), 0.5),
    )
