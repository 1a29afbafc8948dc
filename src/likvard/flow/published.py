"""Evidence for the equity report from published statistics: questions to the lake, models, arrays for the chapters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from likvard.figures.chapters.evidence import Deviations, Funnels, Shares, UnitYears, YearSeries
from likvard.figures.chapters.frame import joined
from likvard.models import expected, spread
from likvard.models import funnel as limits
from likvard.models.published import DEFAULT_MERIT, LeftOut, PublishedMeans, WithinSd, usable, within_sd
from likvard.models.shares import of_total
from likvard.records.questions import published as question
from likvard.records.questions.columns import Columns
from likvard.terms import Words

RESULTS = ("merit_value", "merit_value_16")
INTAKE = ("share_parents_tertiary", "share_foreign_background", "share_girls")
INTAKE_WORDS = (
    Words("föräldrars utbildning", "parents' education"),
    Words("utländsk bakgrund", "foreign background"),
    Words("kön", "sex"),
)
POOLED_YEARS = 5
LEAST_COMPARED = 20  # schools; a model of fewer would explain their differences whatever they were
HIDES_FEWER_THAN = 10
Values = npt.NDArray[np.float64]
SEED = 20260821  # drawn once; the bootstrap must come out the same every time
REASONS = {
    LeftOut.NO_RESULT: Words("inget resultat har publicerats", "no result was published"),
    LeftOut.PUPILS_UNKNOWN: Words("antalet elever är okänt", "the number of pupils is unknown"),
    LeftOut.FEW_PUPILS: Words("färre än 15 elever i årskurs 9", "fewer than 15 pupils in year 9"),
    LeftOut.NO_COMPOSITION: Words("elevsammansättningen är okänd", "the intake is unknown"),
}


@dataclass(frozen=True, eq=False)
class Panel:
    """Merit values of the country's schools with size and intake; `means` are the rows that can be compared."""

    rows: Columns
    means: PublishedMeans
    left_out: Mapping[LeftOut, int]
    within: WithinSd

    @property
    def years(self) -> tuple[int, ...]:
        """School years with results."""
        return tuple(int(y) for y in np.unique(self.rows["year"]))

    @property
    def enough(self) -> bool:
        """Whether there are schools enough to say what is expected."""
        return len(np.unique(self.means.unit)) >= LEAST_COMPARED

    @property
    def pooled(self) -> PublishedMeans:
        """The last years that can be compared, taken together."""
        last = int(self.means.year.max())
        return self.means.between(last - POOLED_YEARS + 1, last)


def panel(con: duckdb.DuckDBPyConnection) -> Panel | None:
    """Ask the lake for merit values and intakes; None where it has none."""
    rows = question.unit_years(con, RESULTS, ("pupils_year_9", "pupils"), INTAKE)
    if not len(rows["unit"]):
        return None
    rows["n"] = rows["pupils_year_9"].astype(float)
    sorted_out = usable(rows["unit"].astype(str), rows["year"], rows["value"], rows["n"], intake_shares(rows), INTAKE)
    means = sorted_out.means
    return Panel(rows, means, sorted_out.left_out, within_sd(means, breaks=(2014,)))


def intake_shares(rows: Columns) -> npt.NDArray[np.float64]:
    """Shares of the intake (N, 3); a share hidden for too few stands at the middle of what its rule allows.

    The rule hides a share whose numerator is below ten, so it lies between 0 and 9 pupils of all; the model takes the
    middle, and no page ever shows it (docs/adr/0003).
    """
    columns = []
    for name in INTAKE:
        value, status = rows[name].astype(float), rows[f"{name}_status"]
        hidden = (HIDES_FEWER_THAN - 1) / 2 / rows["pupils"]
        near_all = (rows[f"{name}_low"] + rows[f"{name}_high"]) / 2
        columns.append(np.select([status == "few", status == "near_all"], [hidden, near_all], value))
    return np.column_stack(columns)


def unit_years(found: Panel) -> UnitYears:
    """Every school's published result year by year, with chance's interval and the expected band where there is one."""
    rows = found.rows
    value, n = rows["value"].astype(float), rows["n"].astype(float)
    n = np.where(n >= LEAST_TOLD, n, np.nan)
    half = 1.96 * found.within.value / np.sqrt(n)
    low, high = np.full(len(value), np.nan), np.full(len(value), np.nan)
    place = {pair: i for i, pair in enumerate(zip(rows["unit"].tolist(), rows["year"].tolist(), strict=True))}
    for year in np.unique(found.means.year):
        fit = expected.expected_results(found.means.of_year(int(year)), found.within.value)
        at = [place[unit, int(year)] for unit in fit.means.unit.tolist()]
        low[at], high[at] = fit.band_low, fit.band_high
    return UnitYears(
        unit=rows["unit"],
        year=rows["year"],
        value=value,
        status=rows["status"],
        n=n,
        low=np.maximum(value - half, 0),
        high=np.minimum(value + half, 340),
        expected_low=low,
        expected_high=high,
    )


def nation(found: Panel) -> tuple[YearSeries, YearSeries, YearSeries]:
    """The country's pupil-weighted mean and the edges between which eight pupils in ten go to school, per year."""
    years, spreads = [], []
    for year in found.years:
        here = _with_size(found.rows, year)
        if here.sum() >= 2:
            years.append(year)
            spreads.append(spread.distribution(found.rows["value"][here], found.rows["n"][here], (10, 90)))
    at = np.array(years)
    n = np.array([s.pupils for s in spreads])
    nothing = np.full(len(at), np.nan)
    mean, low, high = (np.array(v) for v in zip(*((s.mean, *s.values) for s in spreads), strict=True))
    return tuple(YearSeries(at, v, nothing, nothing, n) for v in (mean, low, high))  # type: ignore[return-value]


def _with_size(rows: Columns, year: int, units: frozenset[str] | None = None) -> npt.NDArray[np.bool_]:
    here = (rows["year"] == year) & ~np.isnan(rows["value"].astype(float)) & (rows["n"].astype(float) > 0)
    if units is not None:
        here &= np.array([u in units for u in rows["unit"]])
    return np.asarray(here, dtype=np.bool_)


def spread_series(found: Panel, years: npt.NDArray[np.int64], units: frozenset[str] | None) -> YearSeries:
    """The true standard deviation between schools per year, chance taken out; the country, or these units only."""
    here = [_with_size(found.rows, int(year), units) for year in years]
    return spreads(years, [(found.rows["value"][rows], found.rows["n"][rows]) for rows in here], found.within.value)


def spreads(years: npt.NDArray[np.int64], per_year: Sequence[tuple[Values, Values]], within: float) -> YearSeries:
    """Each year's standard deviation between schools, from their means and numbers of pupils, with its interval.

    It is missing for "few" where fewer than three schools may be shown. `within` is the pupils' standard deviation.
    """
    rows = [_spread(value, n, within) for value, n in per_year]
    value, low, high, n = np.array([row[:4] for row in rows], dtype=float).reshape(-1, 4).T
    return YearSeries(years, value, low, high, n, status=np.array([row[4] for row in rows], dtype=object))


def _spread(value: Values, n: Values, within: float) -> tuple[float, float, float, float, str]:
    if len(value) < LEAST_SCHOOLS:
        return np.nan, np.nan, np.nan, float(n.sum()), "few"
    sd = spread.between_sd(value, n, within)
    return sd.true, sd.low, sd.high, float(n.sum()), ""


LEAST_TOLD = 10  # October's pupils are not quite those behind the result: where few, the source's own rule has judged
LEAST_SCHOOLS = 3  # fewer have no spread worth the name
LINE = -10.0  # merit points: half a grade step in one subject of two; the probability below it is told


def deviations(found: Panel) -> Deviations:
    """What each school keeps of its distance from the expected over the pooled years."""
    means = found.pooled
    fit = expected.expected_over_years(means, found.within.value)
    kept, rows = fit.persistent, fit.rows
    result = _pupil_means(means.unit, means.result, means.pupils, kept.unit)
    awaited = _pupil_means(means.unit, rows.expected, means.pupils, kept.unit)
    last = found.means.of_year(int(found.means.year.max()))
    explained = expected.share_explained(last, found.within.value, np.random.default_rng(SEED))
    return Deviations(
        unit=kept.unit.astype(object),
        difference=kept.value,
        low=kept.low,
        high=kept.high,
        result=result,
        expected=awaited,
        n=kept.pupils,
        years=tuple(int(y) for y in np.unique(means.year)),
        below=kept.probability_below(LINE),
        line=LINE,
        intake=INTAKE_WORDS,
        explained=explained.value,
        explained_low=explained.low,
        explained_high=explained.high,
        left_out=_left_out(found),
    )


def intake_words() -> Words:
    """What the expected allows for, in running text."""
    return joined(INTAKE_WORDS)


def pupils_by_year(found: Panel, units: frozenset[str]) -> dict[int, float]:
    """Pupils in year 9 of these schools by school year, for the uncertainty of municipal figures."""
    return {year: float(found.rows["n"][_with_size(found.rows, year, units)].sum()) for year in found.years}


def _left_out(found: Panel) -> dict[Words, int]:
    """Schools of the newest comparable year that could not be compared, by reason."""
    year = found.rows["year"] == found.means.year.max()
    part = {name: column[year] for name, column in found.rows.items()}
    counted = usable(part["unit"].astype(str), part["year"], part["value"], part["n"], intake_shares(part), INTAKE)
    return {REASONS[reason]: count for reason, count in counted.left_out.items()}


def _pupil_means(
    unit: npt.NDArray[np.str_],
    value: npt.NDArray[np.float64],
    weight: npt.NDArray[np.float64],
    wanted: npt.NDArray[np.str_],
) -> npt.NDArray[np.float64]:
    """Pupil-weighted means per unit, in the order of `wanted` (sorted, every one present)."""
    codes = np.searchsorted(wanted, unit)
    sums = np.bincount(codes, weights=value * weight, minlength=len(wanted))
    return np.asarray(sums / np.bincount(codes, weights=weight, minlength=len(wanted)), dtype=np.float64)


def shares(found: Panel, organisers: Mapping[str, str]) -> Shares | None:
    """Shares of variance between organisers, schools and pupils in the newest comparable year, before and after intake."""
    means = found.means.of_year(int(found.means.year.max()))
    known = np.array([u in organisers for u in means.unit.tolist()])
    if known.sum() < 50:
        return None
    means = means.where(known)
    owner = np.array([organisers[u] for u in means.unit.tolist()])
    X = expected.design(means)[0]
    bars = [
        of_total(means.result, D, means.pupils, owner, noise=found.within.value, within=DEFAULT_MERIT[0])
        for D in (X[:, :1], X)
    ]
    return Shares(
        levels=(
            Words("huvudmän", "organisers"),
            Words("skolor hos samma huvudman", "schools of the same organiser"),
            Words("elever i samma skola", "pupils in the same school"),
        ),
        bars=(Words("före hänsyn till elevernas bakgrund", "before intake"), Words("efter", "after intake")),
        value=np.array([b.value for b in bars]),
        low=np.array([b.low for b in bars]),
        high=np.array([b.high for b in bars]),
        n=float(means.pupils.sum()),
        years=(int(means.year[0]),),
    )


def funnel(found: Panel, units: frozenset[str]) -> Funnels | None:
    """The newest year with sizes: results of the area's schools against size."""
    year = int(found.means.year.max())
    here = _with_size(found.rows, year, units) & (found.rows["n"] >= LEAST_TOLD)
    value, n = found.rows["value"][here].astype(float), found.rows["n"][here].astype(float)
    return funnel_of(found.rows["unit"][here], value, n, found.within.value, year)


def funnel_of(
    unit: npt.NDArray[Any], value: npt.NDArray[np.float64], n: npt.NDArray[np.float64], within: float, year: int
) -> Funnels | None:
    """Means of units (U,) against their sizes, around their own pupil-weighted mean; None for fewer than three.

    `within` is the standard deviation between pupils of a unit. Limits at 95 and 99.8 per cent.
    """
    if len(value) < LEAST_SCHOOLS:
        return None
    centre = float(np.average(value, weights=n))
    size = np.linspace(max(n.min() * 0.8, 5), n.max() * 1.1, 60)
    drawn = [limits.mean_limits(centre, within**2 / size, level=level) for level in (limits.INNER, limits.OUTER)]
    out = limits.outside(value, limits.mean_limits(centre, within**2 / n, level=limits.OUTER))
    return Funnels(
        unit=unit,
        value=value,
        n=n,
        year=year,
        centre=centre,
        centre_n=float(n.sum()),
        coverage=(limits.INNER, limits.OUTER),
        size=size,
        limit_low=np.array([d.low for d in drawn]),
        limit_high=np.array([d.high for d in drawn]),
        outside=frozenset(str(c) for c, low, high in zip(unit, out.low, out.high, strict=True) if low or high),
        by_chance=out.expected,
    )
