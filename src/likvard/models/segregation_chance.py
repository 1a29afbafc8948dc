"""What chance alone gives in segregation indices, and the indices with chance taken out.

Schools with few pupils differ by chance even if everybody chose by lot, so plain indices are too high, the more so the
smaller the schools (Carrington & Troske 1997, JBES 15: 402; Winship 1977). Expected values here are exact, not
simulated: all margins fixed, every cell is hypergeometric (as for mutual information in Vinh, Epps & Bailey 2010,
JMLR 11: 2837). Simulated values are there to check them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import gammaln, xlogy

from likvard.models.segregation import Codes, Counts, Floats, Indices, dissimilarity, entropy, mutual_information
from likvard.models.segregation_distance import distances
from likvard.models.segregation_rare import rest
from likvard.terms import ModelError

_REACH = 9.0
"""Standard deviations from the mean up to which a cell's distribution is summed; beyond lies less than 1e-18."""


def expected(counts: Counts) -> Indices:
    """M, H and D that chance gives when the sizes of units and groups are what they are: exact."""
    return expected_of(counts.pupils)


def expected_of(pupils: Floats) -> Indices:
    """As `expected`, of counts (U, G). Raises `ModelError` for counts that are not whole."""
    found = expected_by_place(pupils, np.zeros(len(pupils), dtype=np.intp))
    return Indices(*(float(part[0]) for part in found))


def expected_by_place(pupils: Floats, place: Codes) -> tuple[Floats, Floats, Floats]:
    """M, H and D (P,) that chance gives inside each place, of counts (U, G) and their places (U,) from 0 to P - 1.

    Every pupil of a place is as likely in any of its schools. NaN where a place has not two groups.
    """
    unit, group = whole(pupils.sum(axis=1)), whole(_by_place(pupils, place))
    total = group.sum(axis=1)
    logs, apart = np.zeros(len(group)), np.zeros(len(group))
    two = pupils.shape[1] == 2  # what one group has not, the other has: once through is enough
    (at, size), times = np.unique(np.stack([place, unit]), axis=1, return_counts=True)
    here = at.astype(np.intp)
    for g in range(1 if two else pupils.shape[1]):
        own, others, distance = _hypergeometric(total[here], group[here, g], size, both=two)
        logs += np.bincount(here, times * (own + others), len(group))
        apart += np.bincount(here, times * distance * (2 if two else 1), len(group))
    share = group / np.maximum(total, 1)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        m = (logs - np.bincount(place, xlogy(unit, unit), len(group)) - xlogy(group, group).sum(axis=1)) / total
        h_whole = -xlogy(share, share).sum(axis=1)
        m = np.where(h_whole > 0, m + np.log(total), np.nan)
        return m, m / h_whole, np.where(h_whole > 0, apart / (2 * total * (share * (1 - share)).sum(axis=1)), np.nan)


def _by_place(pupils: Floats, place: Codes) -> Floats:
    out = np.zeros((int(place.max(initial=0)) + 1, pupils.shape[1]))
    np.add.at(out, place, pupils)
    return out


def whole(numbers: Floats) -> Floats:
    """The numbers, checked to be whole."""
    if np.abs(numbers - np.round(numbers)).max(initial=0) > 1e-6:
        raise ModelError("What chance gives needs whole numbers of pupils.", "Give counts, not shares or weights.")
    return np.asarray(np.round(numbers))


def _hypergeometric(total: Floats, members: Floats, size: Floats, *, both: bool) -> tuple[Floats, Floats, Floats]:
    """Of x among `members` when `size` are drawn from `total`: the means (K,) of x ln x, and of x's distance from its mean.

    Between them that of y ln y, y being those drawn who are no members, where `both` are asked for; else nought.
    """
    mean = size * members / np.maximum(total, 1)
    sd = np.sqrt(mean * (1 - members / np.maximum(total, 1)) * (total - size) / np.maximum(total - 1, 1))
    low = np.maximum(np.maximum(0, size + members - total), np.floor(mean - _REACH * sd) - 10)
    high = np.minimum(np.minimum(size, members), np.ceil(mean + _REACH * sd) + 30)
    out = np.zeros((3, len(total)))
    factorial, log = _logarithms(int(total.max(initial=0)))
    order = np.argsort(high - low, kind="stable")
    cells = len(order) * int((high - low).max(initial=0)) // _AT_ONCE
    for chosen in np.array_split(
        order, min(max(1, len(order) // 256, cells), max(1, len(order)))
    ):  # of about one width
        t, m, s, first, last = (part[chosen, None].astype(np.intp) for part in (total, members, size, low, high))
        x = first + np.arange(int((last - first).max()) + 1)[None, :]
        inside = x <= last
        x = np.minimum(x, last)
        minus = factorial(x) + factorial(m - x) + factorial(s - x) + factorial(t - m - s + x)
        chance = np.exp(minus.min(axis=1, keepdims=True) - minus) * inside
        chance /= chance.sum(axis=1, keepdims=True)
        out[0, chosen] = (chance * log(x)).sum(axis=1)
        out[1, chosen] = (chance * log(s - x)).sum(axis=1) if both else 0.0
        out[2, chosen] = (chance * np.abs(x - mean[chosen, None])).sum(axis=1)
    return out[0], out[1], out[2]


@cache
def _doubled(size: int) -> tuple[Floats, Floats]:
    numbers = np.arange(size, dtype=float)
    return np.asarray(gammaln(numbers + 1)), np.asarray(xlogy(numbers, numbers))


def _logarithms(largest: int) -> tuple[Callable[[Codes], Floats], Callable[[Codes], Floats]]:
    """Logarithms of factorials, and x ln x, of whole numbers up to `largest`: from tables, 34 MB for the country; beyond, as asked."""
    if largest >= _KEPT:
        return (lambda x: np.asarray(gammaln(x + 1.0))), (lambda x: np.asarray(xlogy(x, x)))
    factorial, log = _doubled(1 << (largest + 1).bit_length())
    return factorial.__getitem__, log.__getitem__


_KEPT = 1 << 22
"""From so many pupils on logarithms are worked out when they are needed: tables of them all would fill the memory."""

_AT_ONCE = 1 << 22
"""Numbers of a distribution that are held in memory together, about."""


def expected_closed(counts: Counts) -> float:
    """M that chance gives, to first order: (G - 1)(U - 1) / 2N (Miller 1955)."""
    u, g = (int((counts.pupils.sum(axis=axis) > 0).sum()) for axis in (1, 0))
    return (u - 1) * (g - 1) / (2 * counts.total)


def expected_simulated(counts: Counts, *, replicates: int, seed: int) -> tuple[Indices, Indices]:
    """Mean and standard deviation of M, H and D over draws by lot with the same sizes of units and groups."""
    unit, group = (whole(counts.pupils.sum(axis=axis)).astype(np.int64) for axis in (1, 0))
    rng = np.random.default_rng(seed)
    member = np.repeat(np.arange(len(group)), group)
    place = np.repeat(np.arange(len(unit)), unit)
    found = np.empty((replicates, 3))
    whole_entropy = entropy(group)
    for i in range(replicates):
        rng.shuffle(member)
        table = np.bincount(place * len(group) + member, minlength=len(unit) * len(group))
        pupils = table.reshape(len(unit), len(group)).astype(float)
        m = mutual_information(pupils)
        found[i] = m, m / whole_entropy, dissimilarity(pupils)
    return Indices(*found.mean(axis=0).tolist()), Indices(*found.std(axis=0, ddof=1).tolist())


def corrected(counts: Counts) -> Indices:
    """M, H and D with what chance gives taken out; near nothing, not exactly, where pupils were placed by lot.

    M and H by the jackknife over pupils of every entropy in them (Zahl 1977, Ecology 58: 907), less what that leaves in cells
    of few pupils (`segregation_rare`), D by asking which D gives the D seen (`segregation_distance`). M and H may be just below
    zero: they are estimates and not cut off.
    """
    m, h = corrected_of(counts.pupils)
    return Indices(m, h, float(distances(counts.pupils, np.zeros(len(counts.pupils), dtype=np.intp)).corrected[0]))


def corrected_of(pupils: Floats) -> tuple[float, float]:
    """M and H of counts (U, G) with what chance gives taken out: none where all are in one unit."""
    n = whole(pupils)
    whole_entropy = entropies(n.sum(axis=0, keepdims=True))[0]
    unit = n.sum(axis=1)
    if np.count_nonzero(unit) < 2:
        return 0.0, 0.0
    left = rest(n, np.zeros(len(n), dtype=np.intp)).bias.sum()
    m = whole_entropy - float(((unit * entropies(n)).sum() + left) / unit.sum())
    return float(m), float(m / whole_entropy)


def entropies(n: Floats) -> Floats:
    """The entropy of each row by the jackknife: t times that of all, less t - 1 times the mean with a pupil left out.

    Over tables with planted segregation, from none to nearly whole and from 25 pupils a school, it had at most a tenth of
    the plain bias and never a larger error than the estimates of Grassberger (2003) and Miller & Madow (1955).
    """
    total, logs = n.sum(axis=1, keepdims=True), xlogy(n, n)
    size, less = np.maximum(total, 1.0), np.maximum(total - 1, 1.0)
    fewer = np.maximum(n - 1, 0.0)
    left_out = np.log(less) - (logs.sum(axis=1, keepdims=True) - logs + xlogy(fewer, fewer)) / less
    every = np.log(size) - logs.sum(axis=1, keepdims=True) / size
    found = total * every - (total - 1) * (n * left_out).sum(axis=1, keepdims=True) / size
    return np.asarray(np.where(total > 1, found, 0.0)[:, 0])


def distance_influence(pupils: Floats, place: Codes) -> Floats:
    """What a pupil of each unit and group adds to its place's D (U, G): by leaving one out.

    Distances are those under which the distance seen is the most likely, given its error (Allen, Burgess, Davidson &
    Windmeijer 2015, Econometrics Journal 18: 40): a unit that chance alone may have moved hardly counts.
    """
    own = _by_place(pupils, place)
    total = own.sum(axis=1)
    mix = own / np.maximum(total, 1)[:, None]
    unit, share = pupils.sum(axis=1, keepdims=True), mix[place]
    here = _distances(pupils, unit, share)
    kept, most = np.bincount(place, here.sum(axis=1)), 2 * total * (mix * (1 - mix)).sum(axis=1)
    found = np.zeros_like(pupils)
    for g in range(pupils.shape[1]):
        one = np.zeros(pupils.shape[1])
        one[g] = 1.0
        left = _distances(np.maximum(pupils - one, 0.0), np.maximum(unit - 1, 0.0), share)
        near = (total[:, None] * mix - one) / np.maximum(total - 1, 1)[
            :, None
        ]  # the place's mix with such a pupil less
        moved = np.bincount(place, _distances(pupils, unit, near[place]).sum(axis=1)) - kept
        fewer = 2 * total * (near * (1 - near)).sum(axis=1)
        two = (most > 0) & (fewer > 0)  # without its only pupil a group is none, and there is no mix to move
        of_mix = np.where(two, (kept + moved) / np.where(two, fewer, 1.0) - kept / np.where(two, most, 1.0), 0.0)
        found[:, g] = -((left - here).sum(axis=1) / np.where(most > 0, most, np.nan)[place] + of_mix[place])
    return found


def _distances(pupils: Floats, unit: Floats, share: Floats) -> Floats:
    """Of each cell (U, G): how far from the mix (U, G) its unit (U, 1) is, chance taken out."""
    smooth = (pupils + share) / (unit + 1)  # an empty cell has an error too
    error = np.sqrt(np.maximum(unit, 1) * np.maximum(smooth * (1 - smooth), 0.0))
    away = np.abs(pupils - unit * share)
    return np.asarray(np.where(error > 0, _unfolded(away / np.where(error > 0, error, 1.0)) * error, away))


def _unfolded(away: Floats) -> Floats:
    """The mean of a normal number with deviation 1 for which its size `away` is the most likely: 0 up to 1."""
    mean = np.where(away > 1, away, 0.0)
    for _ in range(60):
        mean = np.where(away > 1, away * np.tanh(mean * away), 0.0)
    return np.asarray(mean)


@dataclass(frozen=True, eq=False)
class Draws:
    """Indices of R replicates: M and H of the whole and D (R,), and M of the parts by level (R, L + 1), that add up."""

    m: Floats
    h: Floats
    d: Floats
    parts: Floats

    def interval(self, name: str, around: float, half: float) -> tuple[float, float]:
        """The 95 % interval of `m`, `h` or `d` around a corrected value, `half` as wide as said and as skew as the draws."""
        return _stretched(getattr(self, name), around, half)

    def interval_of_part(self, part: int, around: float, half: float) -> tuple[float, float]:
        """The interval of the M of a part, the largest level first."""
        return _stretched(self.parts[:, part], around, half)

    def interval_of_share(self, part: int, around: float, half: float) -> tuple[float, float]:
        """The interval of what share of M a part is."""
        return _stretched(self.parts[:, part] / np.where(self.m > 0, self.m, np.nan), around, half)

    def bias(self, name: str, plain: float) -> float:
        """What drawing anew adds to `m`, `h` or `d`: R `segregation` takes this away, which is not all that chance gives."""
        return float(np.nanmean(getattr(self, name)) - plain)

    def error(self, name: str) -> float:
        """The standard error of `m`, `h` or `d`."""
        return float(np.nanstd(getattr(self, name), ddof=1))


def _stretched(draws: Floats, around: float, half: float) -> tuple[float, float]:
    known = draws[np.isfinite(draws)]  # a draw that leaves one group only has no index
    if len(known) < len(draws) / 2:
        return float("nan"), float("nan")
    low, high = np.quantile(known - known.mean(), [0.025, 0.975])
    if high - low < STILL:
        return float("nan"), float("nan")
    wide = 2 * half / (high - low)
    return float(around + low * wide), float(around + high * wide)


STILL = 1e-9
"""Draws that differ by less are all alike, as where no unit has two groups: nothing is then told of the doubt."""


def bootstrap(counts: Counts, *, replicates: int = 500, seed: int = 1) -> Draws:
    """Draw pupils anew, with every unit's and group's number Poisson: what other pupils of the same schools would give.

    The doubt is about pupils, not about which schools there are. Values of x ln x come from a table, so the country
    takes a few milliseconds a replicate.
    """
    if replicates < 2:
        raise ModelError(f"{replicates} replicates give no interval.", "Ask for at least 100.")
    order = np.lexsort(counts.places.T[::-1]) if counts.levels else np.arange(len(counts.units))
    pupils = counts.pupils[order]
    starts = [np.flatnonzero(np.diff(counts.places[order, i], prepend=-1)) for i in range(len(counts.levels))]
    rng = np.random.default_rng(seed)
    top = int(pupils.sum() * 1.5) + 1000
    table = xlogy(np.arange(min(top, _TABLE), dtype=float), np.arange(min(top, _TABLE), dtype=float))
    found = np.empty((replicates, 3 + len(starts)))
    for first in range(0, replicates, _AT_A_TIME):
        size = min(_AT_A_TIME, replicates - first)
        drawn = rng.poisson(pupils, size=(size, *pupils.shape))
        with np.errstate(invalid="ignore", divide="ignore"):
            found[first : first + size] = _indices(drawn, starts, table)
    found[~np.isfinite(found).all(axis=1)] = np.nan
    chain = found[:, 2:]
    return Draws(chain[:, -1], found[:, 0], found[:, 1], np.diff(chain, axis=1, prepend=0.0))


_TABLE = 1 << 17
_AT_A_TIME = 16
"""Replicates drawn together: 16 of the country's schools by two groups are 1 MB, which stays in the cache."""


def _indices(drawn: np.ndarray, starts: list[np.ndarray], table: Floats) -> Floats:
    """H, D and M by level, the units last, of replicates (R, U, G)."""
    unit, group = drawn.sum(axis=2), drawn.sum(axis=1)
    total = group.sum(axis=1)
    among = (_logs(group, table).sum(axis=1)) / total
    h = np.log(total) - among

    def information(cells: np.ndarray, rows: np.ndarray) -> Floats:
        inside = _logs(cells, table).sum(axis=(1, 2)) - _logs(rows, table).sum(axis=1)
        return np.asarray(inside / total + h)

    levels = [information(np.add.reduceat(drawn, s, axis=1), np.add.reduceat(unit, s, axis=1)) for s in starts]
    m = information(drawn, unit)
    share = group / total[:, None]
    apart = np.abs(drawn - unit[:, :, None] * share[:, None, :]).sum(axis=(1, 2))
    d = apart / (2 * total * (share * (1 - share)).sum(axis=1))
    return np.stack([m / h, d, *levels, m], axis=1)


def _logs(numbers: np.ndarray, table: Floats) -> Floats:
    if numbers.max(initial=0) < len(table):
        return np.asarray(table[numbers])
    return np.asarray(xlogy(numbers, numbers))
