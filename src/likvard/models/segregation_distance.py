"""Dissimilarity with chance taken out, and its interval, by asking which D would give the D that is seen.

Schools differ by chance, and D adds up sizes of differences: chance adds to all of them and takes from none. How much it adds
falls with the segregation there is, so nothing fixed can be taken away. Asked is instead: if every unit were as far from the
mean as it is seen to be, times a factor between nought and one, which D would be seen on average, and how would it vary? The D
whose mean is the D seen is the estimate; the 95 % interval is every D that the D seen does not speak against (a test inverted,
Neyman 1937). Where chance alone gives as much as is seen, it begins at nought, and the plain answer is that nothing is known
to lie beyond chance.

The factor is larger for units of many pupils: sqrt(w / (w + v)), v the variance that chance gives a unit's share and w that of
the true shares, which is what is searched for; with normal shares it is right. Means and variances of a cell's distance are
exact for binomial numbers (De Moivre 1730; Diaconis & Zabell 1991, Statistical Science 6: 284).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, ndtr
from scipy.stats import t as student

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]

_SPREADS: Floats = np.concatenate([[0.0], np.geomspace(0.02, 50, 13), [np.inf]])
"""Variances of true shares that are tried, as multiples of what chance gives; infinite: units are as they are seen."""


@dataclass(frozen=True, eq=False)
class Distances:
    """D of P places (P,) with chance taken out, and its 95 % interval; NaN where a place has not two groups."""

    corrected: Floats
    low: Floats
    high: Floats


def distances(pupils: Floats, place: Codes, error: Floats | None = None) -> Distances:
    """D of counts (U, G) and places (U,) from 0 to P - 1, with chance taken out.

    `error` (P,) are standard errors of the plain D from drawing pupils anew: they tell how distances of more than two groups in
    one unit go together, which is else taken to be entirely (intervals are then too wide).
    """
    family = _Family.of(pupils, place)
    true, mean, sd, freedom = family.curves()
    if error is not None and pupils.shape[1] > 2:
        sd = sd * np.clip(np.divide(error, sd[-1], out=np.ones_like(sd[-1]), where=sd[-1] > 0), 0.0, 1.0)
    half = student.ppf(0.975, np.maximum(freedom, 2.0)) * sd
    found = np.full((3, true.shape[1]), np.nan)
    for p in np.flatnonzero(np.isfinite(true[-1])):
        for i, curve in enumerate((mean, mean + half, mean - half)):
            found[i, p] = _where(np.maximum.accumulate(curve[:, p]), true[:, p])
    return Distances(found[0], found[1], np.minimum(found[2], 1.0))


def widened(found: Distances, half: Floats) -> Distances:
    """The wider of the interval and `half` (P,) on either side of the estimate, between nought and one.

    The family of `distances` takes the shape of the differences as it is seen; `half` does not, but knows nothing of how much chance
    adds. Each alone holds 85-90 % where it is at its worst. NaN where a half is.
    """
    low = np.maximum(np.minimum(found.low, found.corrected - half), 0.0)
    high = np.minimum(np.maximum(found.high, found.corrected + half), 1.0)
    known = np.isfinite(half)
    return Distances(found.corrected, np.where(known, low, np.nan), np.where(known, high, np.nan))


def _where(curve: Floats, true: Floats) -> float:
    """The true D at which a curve of what is seen reaches the D seen, which is the last of `true`.

    Between points along squares, in which the curve is nearly straight; beyond the last, one for one.
    """
    seen = float(true[-1])
    if seen <= curve[0]:
        return 0.0
    if seen >= curve[-1]:
        return min(2 * seen - float(curve[-1]), 1.0)
    return float(np.sqrt(np.interp(seen**2, curve * np.abs(curve), true**2)))


@dataclass(frozen=True, eq=False)
class _Family:
    """Units with pupils (U,), the places' pupils (P,) and mixes (P, G)."""

    pupils: Floats
    place: Codes
    size: Floats
    total: Floats
    mix: Floats

    @classmethod
    def of(cls, pupils: Floats, place: Codes) -> _Family:
        here = pupils.sum(axis=1) > 0
        own = np.zeros((int(place.max(initial=0)) + 1, pupils.shape[1]))
        np.add.at(own, place, pupils)
        total = own.sum(axis=1)
        return cls(pupils[here], place[here], pupils[here].sum(axis=1), total, own / np.maximum(total, 1)[:, None])

    def by_place(self, values: Floats) -> Floats:
        return np.asarray(np.bincount(self.place, values, len(self.total)))

    def curves(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Of each spread and place (K, P): the true D, mean and deviation of the D seen, and the degrees of freedom of the latter."""
        left = np.maximum(1 - self.size / self.total[self.place], 0.0)  # what the unit does not itself give to the mix
        noise = left / self.size
        usual = (self.by_place(left) / np.maximum(self.total, 1))[self.place]
        most = 2 * self.total * (self.mix * (1 - self.mix)).sum(axis=1)
        rows = []
        for spread in _SPREADS:
            wide = np.full_like(usual, np.inf) if np.isinf(spread) else spread * usual
            rows.append(self._at(_kept(wide, noise), np.sqrt(left)))
        true, mean, variance, squares = (np.stack(part) for part in zip(*rows, strict=True))
        with np.errstate(invalid="ignore", divide="ignore"):
            scale = np.where(most > 0, most, np.nan)
            freedom = np.where(squares > 0, 2 * variance**2 / squares, np.inf)
            return true / scale, mean / scale, np.sqrt(variance) / scale, freedom

    def _at(self, kept: Floats, left: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """By place: the sums of true distances and of means of those seen, their variance, and the squares of what units add to it."""
        times = 2 if self.pupils.shape[1] == 2 else 1  # two groups have the same distances
        cells = []
        for g in range(self.pupils.shape[1] // times):
            share = self.mix[self.place, g]
            q = np.clip(share + kept * (self.pupils[:, g] / self.size - share), 0.0, 1.0)
            cells.append((share, self.size * (q - share), *_distance(self.size, q, share)))
        none = np.zeros_like(left)
        true = times * self.by_place(sum((np.abs(off) for _, off, *_ in cells), start=none))
        means = (_fewer(off, mean, square, left) for _, off, mean, _, square in cells)
        seen = times * self.by_place(sum(means, start=none))
        apart = np.maximum((self.mix * (1 - self.mix)).sum(axis=1) * self.total, 1e-300)
        deviation = np.zeros_like(left)
        for share, off, mean, signed, square in cells:
            side = self.by_place(self.size * np.divide(off, mean, out=np.zeros_like(off), where=mean > 0))
            pull = -(side / np.maximum(self.total, 1))[self.place] - (seen / apart)[self.place] * (1 - 2 * share)
            own = square - mean**2 + 2 * pull * (signed - mean * off) + pull**2 * (square - off**2)
            deviation += times * np.sqrt(np.maximum(own, 0.0))
        return true, seen, self.by_place(deviation**2), self.by_place(deviation**4)


def _kept(wide: Floats, noise: Floats) -> Floats:
    """What part of its distance a unit keeps where true shares vary by `wide`: all of it where they vary without end."""
    known = np.isfinite(wide)
    part = np.divide(wide, wide + noise, out=np.zeros_like(noise), where=known & (wide + noise > 0))
    return np.where(known, np.sqrt(part), 1.0)


def _fewer(off: Floats, mean: Floats, square: Floats, left: Floats) -> Floats:
    """Mean distances from a mix that the unit is itself part of: what chance adds is less, by `left` where nothing else is."""
    sd = np.sqrt(np.maximum(square - off**2, 1e-300))
    away = np.abs(off) / sd
    ratio = np.divide(
        left * _added(away / np.maximum(left, 1e-9)), _added(away), out=np.zeros_like(off), where=away < 8
    )
    return np.asarray(np.abs(off) + (mean - np.abs(off)) * ratio)


def _added(away: Floats) -> Floats:
    """What chance adds to the size of a normal number with deviation 1 and mean `away`."""
    return np.asarray(2 * (np.exp(-(away**2) / 2) / np.sqrt(2 * np.pi) - away * ndtr(-away)))


def _distance(size: Floats, chance: Floats, share: Floats) -> tuple[Floats, Floats, Floats]:
    """Of a binomial number's difference from `size` times `share`: the means of its size, of it times its size, of its square."""
    middle, expected = size * share, size * chance
    whole = np.floor(middle)
    unsure = np.abs(expected - middle) <= 8 * np.sqrt(expected * (1 - chance)) + 5  # else it is on one side for sure
    none, one, two = (
        np.where(unsure, _at_most(whole - less, np.maximum(size - less, 0.0), chance, unsure), expected < middle)
        for less in (0.0, 1.0, 2.0)
    )
    first = expected * one
    second = size * (size - 1) * chance**2 * two + first
    mean = expected - middle + 2 * (middle * none - first)
    square = (expected - middle) ** 2 + expected * (1 - chance)
    below = middle**2 * none - 2 * middle * first + second
    return mean, square - 2 * below, square


def _at_most(k: Floats, n: Floats, chance: Floats, asked: npt.NDArray[np.bool_]) -> Floats:
    """The chance that a binomial number is `k` or less, where it is asked."""
    found = np.where(k >= n, 1.0, 0.0)
    some = (k >= 0) & (k < n) & asked
    found[some] = betainc(n[some] - k[some], k[some] + 1, 1 - chance[some])
    return found
