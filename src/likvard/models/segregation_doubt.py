"""How well segregation indices are known when pupils are a draw and units are as large as they are.

Each index is, to first order, a sum over pupils; leaving out one pupil at a time inside every unit tells what each adds, and the
squares add up to a variance that is never too small on average (Efron & Stein 1981, Annals of Statistics 9: 586). What it is
known to count twice is taken off (`segregation_rare`). Drawing pupils anew from what is seen does worse where a group is
small: a unit that happens to have none of it has none in any draw, and the corrected index moves more than the plain one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.stats import t as student

from likvard.models import segregation_chance as chance
from likvard.models.segregation import Codes, Counts, Floats, Indices
from likvard.models.segregation_rare import Rest, rest, weighed

Z95 = 1.959963984540054


@dataclass(frozen=True, eq=False)
class Doubt:
    """Standard errors of P places (P,), and half the 95 % interval: wider than 1.96 of them where few units decide."""

    error: Floats
    half: Floats


@dataclass(frozen=True, eq=False)
class Doubts:
    """Doubt of M, H and of the parts of M by level, and of their shares of M."""

    m: Doubt
    h: Doubt
    parts: tuple[Doubt, ...]
    shares: tuple[Doubt, ...]


@dataclass(frozen=True, eq=False)
class Pupils:
    """Counts (U, G) and the outermost place (U,) of each unit, numbered from 0 without gaps."""

    n: Floats
    place: Codes

    @property
    def total(self) -> Floats:
        """Pupils of each place (P,)."""
        return np.asarray(np.bincount(self.place, self.n.sum(axis=1)))

    @property
    def fewest(self) -> Floats:
        """Pupils of the smallest group that is there, in each place (P,)."""
        there = np.stack([np.bincount(self.place, column) for column in self.n.T])
        return np.asarray(np.where(there > 0, there, np.inf).min(axis=0))

    def doubt(self, influence: Floats, excess: Floats | float = 0.0) -> Doubt:
        """The doubt of a sum from what each pupil of a unit and group adds to it (U, G), squares too large by `excess` (P,).

        The excess is the variance of pairs of pupils, which is there even where units happen to be alike to the pupil.

        Degrees of freedom: twice the number of units as would, all adding alike, spread the variance as much (by simulation
        from 5 units on; once, as for equal normal parts, gave intervals that nearly always held); and at most one less than the
        pupils of the smallest group (of 5 and 10 pupils in 3 to 5 units, where a fifth of the units have four fifths of them,
        intervals then hold 87 to 94 %, else 86 to 93).
        """
        size = self.n.sum(axis=1, keepdims=True)
        mean = (self.n * influence).sum(axis=1, keepdims=True) / np.maximum(size, 1)
        own = (self.n * (influence - mean) ** 2).sum(axis=1) * (size / np.maximum(size - 1, 1))[:, 0]
        whole, squares = np.bincount(self.place, own), np.bincount(self.place, own**2)
        error = np.sqrt(np.maximum(whole - excess, excess))
        freedom = np.where(squares > 0, 2 * whole**2 / np.where(squares > 0, squares, 1.0), np.inf)
        freedom = np.clip(freedom, 2.0, np.maximum(self.fewest - 1, 2.0))
        return Doubt(error, student.ppf(0.975, freedom) * error)


def doubts(
    pupils: Pupils, chain: Sequence[Codes], rests: Sequence[Rest], m: Floats, mix: Floats, parts: Sequence[Floats]
) -> Doubts:
    """The doubt of M (P,), of H = M / `mix` (P,) and of the `parts` of M.

    `chain` are codes (U,) of what each unit lies in, numbered without gaps, level by level inside the place and ending with the
    units themselves; `rests` are those of the tables of each level.
    """
    total = pupils.total
    per = total[pupils.place][:, None]
    slopes = [_slope(pupils.n, place) for place in (pupils.place, *chain)]
    over = [
        0.5 * (_groups(pupils) - 1),
        *(_by(r.excess, _outer(pupils.place, c)) for r, c in zip(rests, chain, strict=True)),
    ]
    whole, information = slopes[0], (slopes[-1] - slopes[0]) / per
    with np.errstate(invalid="ignore", divide="ignore"):
        h = m / mix
        on_h = (information + h[pupils.place][:, None] * whole / per) / mix[pupils.place][:, None]
        each = [(b - a) / per for a, b in pairwise(slopes)]
        shares = [
            (own - (part / m)[pupils.place][:, None] * information) / m[pupils.place][:, None]
            for own, part in zip(each, parts, strict=True)
        ]
        excess = (over[-1] - over[0]) / total**2
        return Doubts(
            pupils.doubt(information, excess),
            pupils.doubt(on_h, excess / mix**2),
            tuple(pupils.doubt(own, (b - a) / total**2) for own, (a, b) in zip(each, pairwise(over), strict=True)),
            tuple(pupils.doubt(own) for own in shares),
        )


def _slope(n: Floats, place: Codes) -> Floats:
    """What a pupil of each unit and group adds to the sum of x ψ(x) over the places (U, G)."""
    table = np.zeros((int(place.max(initial=0)) + 1, n.shape[1]))
    np.add.at(table, place, n)
    return np.asarray((weighed(table) - weighed(np.maximum(table - 1, 0.0)))[place])


def _groups(pupils: Pupils) -> Floats:
    """How many groups each place has (P,)."""
    there = [np.bincount(pupils.place, column) > 0 for column in pupils.n.T]
    return np.asarray(np.sum(there, axis=0), dtype=float)


def _outer(place: Codes, inner: Codes) -> Codes:
    """The place of each inner place."""
    out = np.zeros(int(inner.max(initial=0)) + 1, dtype=np.intp)
    out[inner] = place
    return out


def _by(values: Floats, place: Codes) -> Floats:
    return np.asarray(np.bincount(place, values))


@dataclass(frozen=True, slots=True)
class Known:
    """Half the 95 % interval of M, H and D of one set of counts, of the parts of M by level and of their shares of M.

    `chain` is M with chance taken out between the places of each level, the units last.
    """

    m: float
    h: float
    d: float
    parts: tuple[float, ...]
    shares: tuple[float, ...]
    chain: tuple[float, ...]


def of_counts(counts: Counts, true: Indices) -> Known:
    """How well the indices of counts are known; `true` are those with chance taken out."""
    units = np.arange(len(counts.units), dtype=np.intp)
    everywhere = np.zeros(len(units), dtype=np.intp)
    pupils = Pupils(chance.whole(counts.pupils), everywhere)
    chain = [np.unique(column, return_inverse=True)[1].astype(np.intp) for column in counts.places.T] + [units]
    tables = [counts.at(level) for level in range(len(chain))]
    rests = [rest(table, everywhere[: len(table)]) for table in tables]
    between = [chance.corrected_of(table)[0] for table in tables[:-1]] + [true.m]
    mix = chance.entropies(counts.pupils.sum(axis=0)[None])
    parts = [np.array([part]) for part in np.diff(between, prepend=0.0)]
    found = doubts(pupils, chain, rests, np.array([true.m]), mix, parts)
    d = pupils.doubt(chance.distance_influence(pupils.n, everywhere))
    parts_told, shares_told = (tuple(map(_only, each)) for each in (found.parts, found.shares))
    return Known(_only(found.m), _only(found.h), _only(d), parts_told, shares_told, tuple(between))


def _only(doubt: Doubt) -> float:
    return float(doubt.half[0])
