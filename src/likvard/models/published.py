"""Published means of school units: which of them can be used, and how large the chance in them is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from likvard.models.fay_herriot import Floats, normal_quantile
from likvard.terms import ModelError

LEAST_PUPILS = 15  # SALSA leaves out units with fewer pupils in grade 9
DEFAULT_MERIT = (64.0, 62.0, 68.0)  # merit value of grade 9, value and range: handbook domain.md 10.2
LEAST_CHANGES = 100  # the interval rests on many changes
WIDEST = 1.25  # an estimate known less closely than within a quarter is worth less than the stated default


class LeftOut(StrEnum):
    """Why a published mean is no part of the model; the first that holds is the one counted."""

    NO_RESULT = "no_result"
    PUPILS_UNKNOWN = "pupils_unknown"
    FEW_PUPILS = "few_pupils"
    NO_COMPOSITION = "no_composition"


@dataclass(frozen=True, eq=False)
class PublishedMeans:
    """Published means, one row per unit and year.

    `unit` (N,) codes, `year` (N,), `result` (N,) means, `pupils` (N,) behind each, `intake` (N, k) composition, k may
    be 0, `names` (k,) of its columns. Complete and finite; a pair of unit and year stands once.
    """

    unit: NDArray[np.str_]
    year: NDArray[np.int64]
    result: Floats
    pupils: Floats
    intake: Floats
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        rows = len(self.unit)
        shapes = {self.unit.shape, self.year.shape, self.result.shape, self.pupils.shape, self.intake.shape[:1]}
        if shapes != {(rows,)} or self.intake.shape != (rows, len(self.names)):
            raise ModelError(f"{rows} units with arrays of other lengths: {sorted(shapes)}, {self.intake.shape}.")
        if not all(np.isfinite(part).all() for part in (self.result, self.pupils, self.intake)):
            raise ModelError("A result, a number of pupils or a share of the intake is missing.", "Use `usable` first.")
        if rows and self.pupils.min() <= 0:
            raise ModelError("A unit without pupils has a result.", "Use `usable` first.")
        if len(set(zip(self.unit.tolist(), self.year.tolist(), strict=True))) < rows:
            raise ModelError("A unit has two results in one year.", "Keep one of them.")

    def where(self, mask: NDArray[np.bool_]) -> PublishedMeans:
        """The rows where `mask` (N,) is true."""
        return PublishedMeans(
            self.unit[mask], self.year[mask], self.result[mask], self.pupils[mask], self.intake[mask], self.names
        )

    def of_year(self, year: int) -> PublishedMeans:
        """The rows of one year."""
        return self.where(self.year == year)

    def between(self, first: int, last: int) -> PublishedMeans:
        """The rows of the years `first` to `last`, both counted in."""
        return self.where((self.year >= first) & (self.year <= last))


@dataclass(frozen=True, eq=False)
class Usable:
    """`means` that meet the rules, `kept` (rows given,) true where they are, and how many rows each rule took away."""

    means: PublishedMeans
    kept: NDArray[np.bool_]
    left_out: Mapping[LeftOut, int]


def usable(
    unit: ArrayLike,
    year: ArrayLike,
    result: ArrayLike,
    pupils: ArrayLike,
    intake: ArrayLike,
    names: Sequence[str],
    *,
    least_pupils: float = LEAST_PUPILS,
) -> Usable:
    """Sort out which published means can be compared with an expectation.

    Missing values are NaN. `intake` is (N, k). Every row left out is counted under one reason.
    """
    y, n, x = (np.asarray(part, dtype=np.float64) for part in (result, pupils, intake))
    fails = {
        LeftOut.NO_RESULT: np.isnan(y),
        LeftOut.PUPILS_UNKNOWN: np.isnan(n),
        LeftOut.FEW_PUPILS: ~(n >= least_pupils),
        LeftOut.NO_COMPOSITION: np.isnan(x).any(axis=1),
    }
    kept = np.ones(len(y), dtype=np.bool_)
    counts: dict[LeftOut, int] = {}
    for reason, fail in fails.items():
        counts[reason] = int((kept & fail).sum())
        kept &= ~fail
    labels, years = np.asarray(unit, dtype=np.str_), np.asarray(year, dtype=np.int64)
    return Usable(PublishedMeans(labels[kept], years[kept], y[kept], n[kept], x[kept], tuple(names)), kept, counts)


@dataclass(frozen=True)
class WithinSd:
    """Standard deviation between pupils with its interval.

    `changes` year-to-year changes were at hand, `yearly_sd` is the part of a unit's year-to-year movement that does not
    shrink with size, `estimated` is false where the stated default stands instead.
    """

    value: float
    low: float
    high: float
    changes: int
    yearly_sd: float
    estimated: bool


@dataclass(frozen=True, eq=False)
class _Changes:
    unit: NDArray[np.intp]
    squared: Floats
    inverse_sizes: Floats


def within_sd(
    means: PublishedMeans,
    *,
    breaks: Collection[int] = (),
    default: tuple[float, float, float] = DEFAULT_MERIT,
    least_changes: int = LEAST_CHANGES,
    level: float = 0.95,
) -> WithinSd:
    """Estimate the pupils' standard deviation s from how much unit means move from one year to the next.

    With the nation's movement and the unit's own change of intake taken out, the expected square of a change is
    2 s_v + s^2 (1/n_t + 1/n_t-1). Squares are regressed on the sum of inverse sizes with weights 1/mean^2 (as for a
    gamma variable, whose variance is proportional to mean^2), iterated; the interval is robust to several changes of
    one unit (Liang & Zeger 1986). What shrinks with size without being pupils, such as the luck of a class, is counted
    in: it is noise of the same kind, and makes s larger than the standard deviation of pupils' own results.

    `breaks` are years that begin a new series: the change into them is left out. With fewer than `least_changes`, a
    slope that is not above 0, or an interval that reaches beyond the value times or by WIDEST, the `default` (value,
    low, high) comes back and says so.
    """
    changes = _changes(means, breaks)
    if changes is None or len(changes.squared) < least_changes:
        return WithinSd(
            *default, changes=0 if changes is None else len(changes.squared), yearly_sd=0.0, estimated=False
        )
    H = np.column_stack([np.ones(len(changes.squared)), changes.inverse_sizes])
    line, cov = _squares_on_sizes(H, changes)
    slope = max(float(line[1]), 1e-300)
    reach = normal_quantile(level) * float(np.sqrt(cov[1, 1])) / (2 * slope)  # on the log scale: s is skew
    if reach > np.log(WIDEST):
        return WithinSd(*default, changes=len(changes.squared), yearly_sd=0.0, estimated=False)
    value, factor = float(np.sqrt(slope)), float(np.exp(reach))
    yearly = float(np.sqrt(max(line[0] / 2, 0.0)))
    return WithinSd(value, value / factor, value * factor, len(changes.squared), yearly, estimated=True)


def _changes(means: PublishedMeans, breaks: Collection[int]) -> _Changes | None:
    """Squared residual changes between neighbouring years; none at all gives None."""
    codes = np.unique(means.unit, return_inverse=True)[1]
    order = np.lexsort((means.year, codes))
    unit, year, n = codes[order], means.year[order], means.pupils[order]
    pair = (np.diff(unit) == 0) & (np.diff(year) == 1) & ~np.isin(year[1:], list(breaks))
    if not pair.any():
        return None
    into = year[1:][pair]
    moved = np.column_stack([into[:, None] == np.unique(into), np.diff(means.intake[order], axis=0)[pair]])
    change = np.diff(means.result[order])[pair]
    sizes = (1 / n[1:] + 1 / n[:-1])[pair]
    weight = 1 / np.sqrt(sizes + np.median(sizes))  # halfway between equal and fully size-driven noise
    found = np.linalg.lstsq(moved * weight[:, None], change * weight, rcond=None)[0]
    return _Changes(unit[1:][pair], (change - moved @ found) ** 2, sizes)


def _squares_on_sizes(H: Floats, changes: _Changes) -> tuple[Floats, Floats]:
    """Intercept and slope of the squares on the sizes, with their cluster-robust covariance."""
    floor = 0.05 * float(changes.squared.mean())
    fitted = np.full(len(H), changes.squared.mean())
    for _ in range(50):
        weighted = H / fitted[:, None] ** 2
        line = np.linalg.solve(H.T @ weighted, weighted.T @ changes.squared)
        reached = np.maximum(H @ line, floor)
        settled = np.abs(reached - fitted).max() <= 1e-9 * fitted.max()
        fitted = reached
        if settled:
            break
    bread = np.linalg.inv(H.T @ (H / fitted[:, None] ** 2))
    scores = H * ((changes.squared - H @ line) / fitted**2)[:, None]
    by_unit = np.column_stack([np.bincount(changes.unit, weights=column) for column in scores.T])
    return line, bread @ (by_unit.T @ by_unit) @ bread
