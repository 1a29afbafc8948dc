"""Expected result given intake, on published means of school units, in the manner of Skolverket's SALSA.

    y_jt = x_jt' b_t + u_j + v_jt + e_jt,    e_jt ~ N(0, s^2 / n_jt)

`u` is what a unit keeps from year to year, `v` what belongs to one year, `e` the chance that lies in n_jt pupils, whose
standard deviation s is known from elsewhere (`within_sd`). One year alone is a Fay-Herriot model and cannot tell u from
v; several years together can. A single year's distance from the expected is mostly noise and is never to be ranked
(handbook domain.md 5.7; Skolverket, SALSA: at least 15 pupils in grade 9, composition known).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from likvard.models.fay_herriot import (
    GROUP,
    ROW,
    AreaLevelFit,
    Floats,
    Interval,
    between_variances,
    component_interval,
    fit_area_level,
    normal_quantile,
)
from likvard.models.published import PublishedMeans
from likvard.models.shrinkage import Predicted, expected_means, group_effects, row_effects
from likvard.terms import ModelError


@dataclass(frozen=True, eq=False)
class Deviations:
    """How far units truly lie from what is expected, shrunken, with the interval that carries it.

    One entry per unit (or per unit and year): `unit`, `year` (the last one behind it), `years` and `pupils` behind it,
    `value`, `se` of prediction, `low` and `high` at `level`.
    """

    unit: NDArray[np.str_]
    year: NDArray[np.int64]
    years: NDArray[np.int64]
    pupils: Floats
    value: Floats
    se: Floats
    low: Floats
    high: Floats
    level: float

    def probability_below(self, line: float) -> Floats:
        """Probability, given the data, that the true deviation lies below `line`."""
        return np.asarray(ndtr((line - self.value) / self.se), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Coefficients:
    """Coefficients b_t with standard errors and covariance; `names` as "2024 share_girls", "2024" for the level."""

    names: tuple[str, ...]
    value: Floats
    se: Floats
    cov: Floats


@dataclass(frozen=True, eq=False)
class ExpectedResults:
    """Every unit's result beside the expected one; arrays run along the rows of `means`.

    `expected` with its interval `expected_low`..`expected_high` (of the expectation itself); `band_low`..`band_high`
    hold `level` of all results of units with the same intake and size; `residual` = result - expected, chance included;
    `deviation` is the true distance of that year, shrunken.
    """

    means: PublishedMeans
    expected: Floats
    expected_low: Floats
    expected_high: Floats
    band_low: Floats
    band_high: Floats
    residual: Floats
    deviation: Deviations
    coefficients: Coefficients
    within_sd: float
    level: float
    fit: AreaLevelFit


@dataclass(frozen=True, eq=False)
class ExpectedOverYears:
    """Several years together: `rows` as for one year, and per unit the `persistent` deviation u and the `latest` u + v.

    `persistent_sd` and `yearly_sd` are the standard deviations of u and v between units.
    """

    rows: ExpectedResults
    persistent: Deviations
    latest: Deviations
    persistent_sd: float
    yearly_sd: float


def design(means: PublishedMeans) -> tuple[Floats, tuple[str, ...]]:
    """Columns of ones and of intake for each year by itself: (N, years x (1 + k)) and their names."""
    columns = np.column_stack([np.ones(len(means.year)), means.intake])
    years = np.unique(means.year)
    blocks = [columns * (means.year == year)[:, None] for year in years]
    names = [f"{year} {name}".strip() for year in years for name in ("", *means.names)]
    return np.column_stack(blocks), tuple(names)


def _deviations(
    means: PublishedMeans,
    rows: NDArray[np.intp],
    years: NDArray[np.int64],
    pupils: Floats,
    found: Predicted,
    level: float,
) -> Deviations:
    half = normal_quantile(level) * found.se
    return Deviations(
        unit=means.unit[rows], year=means.year[rows], years=years, pupils=pupils,
        value=found.value, se=found.se, low=found.value - half, high=found.value + half, level=level,
    )  # fmt: skip


def _results(
    means: PublishedMeans, fit: AreaLevelFit, names: tuple[str, ...], within: float, level: float, leave_one_out: bool
) -> ExpectedResults:
    expected = expected_means(fit, leave_one_out=leave_one_out)
    z = normal_quantile(level)
    spread = np.sqrt(fit.components.sum() + within**2 / means.pupils + expected.se**2)
    rows = np.arange(len(means.unit), dtype=np.intp)
    found = row_effects(fit, leave_one_out=leave_one_out)
    return ExpectedResults(
        means=means,
        expected=expected.value,
        expected_low=expected.value - z * expected.se,
        expected_high=expected.value + z * expected.se,
        band_low=expected.value - z * spread,
        band_high=expected.value + z * spread,
        residual=means.result - expected.value,
        deviation=_deviations(means, rows, np.ones(len(rows), dtype=np.int64), means.pupils, found, level),
        coefficients=Coefficients(names, fit.beta, np.sqrt(np.diag(fit.beta_cov)), fit.beta_cov),
        within_sd=within,
        level=level,
        fit=fit,
    )


def _check_within(within: float) -> None:
    if not (np.isfinite(within) and within > 0):
        raise ModelError(f"A standard deviation between pupils of {within} is not above 0.", "Use `within_sd`.")


def expected_results(
    means: PublishedMeans, within: float, *, level: float = 0.95, leave_one_out: bool = False
) -> ExpectedResults:
    """Expected results of one year, and every unit's shrunken deviation from them.

    `within` is the standard deviation between pupils of one unit, in the units of the result. With `leave_one_out` a
    unit's own result is no part of its own expectation. Method: Fay-Herriot by REML, errors of prediction after Prasad
    and Rao. Raises ModelError when `means` holds more than one year or is too thin.
    """
    _check_within(within)
    if len(np.unique(means.year)) != 1:
        raise ModelError("One year is expected here.", "Use `expected_over_years` for several.")
    X, names = design(means)
    fit = fit_area_level(means.result, X, within**2 / means.pupils)
    return _results(means, fit, names, within, level, leave_one_out)


def expected_over_years(
    means: PublishedMeans, within: float, *, level: float = 0.95, leave_one_out: bool = False
) -> ExpectedOverYears:
    """Several years pooled: expected results year by year, and what each unit keeps over the years.

    Coefficients are the year's own; the unit's deviation is split into a persistent and a yearly part. With
    `leave_one_out` none of a unit's years is part of its own expectation. Raises ModelError when no unit has two years.
    """
    _check_within(within)
    X, names = design(means)
    fit = fit_area_level(means.result, X, within**2 / means.pupils, means.unit)
    rows = _results(means, fit, names, within, level, leave_one_out)
    codes = np.unique(means.unit, return_inverse=True)[1]
    by_unit = np.lexsort((means.year, codes))
    last = by_unit[np.r_[np.diff(codes[by_unit]) > 0, True]]
    years = np.bincount(codes).astype(np.int64)
    pupils = np.bincount(codes, weights=means.pupils).astype(np.float64)
    kept = group_effects(fit, leave_one_out=leave_one_out)
    newest = Predicted(rows.deviation.value[last], rows.deviation.se[last])
    return ExpectedOverYears(
        rows=rows,
        persistent=_deviations(means, last, years, pupils, kept, level),
        latest=_deviations(means, last, years, pupils, newest, level),
        persistent_sd=float(np.sqrt(fit.components[GROUP])),
        yearly_sd=float(np.sqrt(fit.components[ROW])),
    )


def residual_sd(results: ExpectedResults) -> Interval:
    """True standard deviation between units with the same intake, from a year's fit; profile-likelihood interval."""
    found = component_interval(results.fit, ROW, results.level)
    return Interval(float(np.sqrt(found.value)), float(np.sqrt(found.low)), float(np.sqrt(found.high)), found.level)


def share_explained(
    means: PublishedMeans,
    within: float,
    rng: np.random.Generator,
    *,
    replicates: int = 400,
    level: float = 0.95,
) -> Interval:
    """Share of the true variance between units that goes with intake, in one year: 1 - s_v(intake) / s_v(none).

    Chance is taken out of both variances, so this is higher than the R2 of the published means. The interval comes from
    `replicates` draws of whole units: the standard error of the log of the unexplained part, or percentiles where a
    draw leaves nothing unexplained. A share below 0 is shown as 0 (Raudenbush & Bryk 2002 p. 74). Raises ModelError
    where units do not differ beyond chance.
    """
    _check_within(within)
    X = design(means)[0]
    d = within**2 / means.pupils
    fitted = fit_area_level(means.result, X, d)  # refuses what cannot be fitted
    null = fit_area_level(means.result, X[:, :1], d)
    if null.components[ROW] <= 0:
        raise ModelError("The units do not differ beyond chance, so there is nothing to explain.", "Use another year.")
    units = len(d)
    counts = rng.multinomial(units, np.full(units, 1 / units), size=replicates).astype(np.float64)
    with_intake = between_variances(means.result, X, d, counts)
    without = between_variances(means.result, X[:, :1], d, counts)
    share = float(1 - fitted.components[ROW] / null.components[ROW])
    low, high = _share_interval(1 - share, with_intake / np.maximum(without, 1e-300), level)
    return Interval(max(share, 0.0), max(1 - high, 0.0), min(max(1 - low, 0.0), 1.0), level)


def _share_interval(unexplained: float, draws: Floats, level: float) -> tuple[float, float]:
    """Interval of the unexplained part from its bootstrap draws: 94.6 % coverage on the log scale, 93.8 % by percentiles."""
    if unexplained > 0 and (draws > 0).all():
        factor = float(np.exp(normal_quantile(level) * np.log(draws).std(ddof=1)))
        return unexplained / factor, unexplained * factor
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
