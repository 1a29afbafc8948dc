"""Evidence for the equity report from pupils' records: moments and exact multilevel models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt

from likvard.figures.chapters.evidence import Gap, UnitYears, YearSeries
from likvard.models import spread
from likvard.models.gaps import GroupGap, group_gap
from likvard.models.multilevel import Fit, fit
from likvard.models.multilevel_problem import Effect, Model
from likvard.moments.columns import ONE, Column, Factor, flag, number
from likvard.moments.gather import gather
from likvard.moments.moments import Moments, marginalise
from likvard.records.questions import pupils as question
from likvard.records.questions.columns import Columns
from likvard.terms import Words

POOLED_YEARS = 3
SCALE = question.SCALE
MERIT_REFERENCE = 230.0 * SCALE
POINTS_REFERENCE = 13.0 * SCALE
SUBJECTS = ("Bi", "Bl", "En", "Fy", "Ge", "Hi", "Hkk", "Idh", "Ke", "M1", "Ma", "Mu", "Re", "Sh", "Sl", "SvSva", "Tk")
INTAKE = (
    Words("kön", "sex"),
    Words("föräldrars utbildning", "parents' education"),
    Words("utländsk bakgrund", "foreign background"),
    Words("tid i Sverige", "time in Sweden"),
)


@dataclass(frozen=True, eq=False)
class Records:
    """What every figure starts from: merit per unit and year, the years taken together, and the model of them.

    `moments` are by organiser, unit and year over the pooled years' pupils whose background is known.
    """

    con: duckdb.DuckDBPyConnection
    merit: Columns
    pooled: tuple[int, ...]
    moments: Moments
    model: Fit

    @property
    def years(self) -> npt.NDArray[np.int64]:
        """School years with grades."""
        return np.unique(self.merit["year"]).astype(np.int64)


def records(con: duckdb.DuckDBPyConnection) -> Records:
    """Pivot the grades once, gather the pooled years' moments and fit the model of merit."""
    question.gather_leavers(con, SUBJECTS)
    merit = _means(question.merit_by_unit(con))
    years = tuple(int(y) for y in np.unique(merit["year"])[-POOLED_YEARS:])
    outcome = number("merit", MERIT_REFERENCE)
    moments = gather(con, _known(years), ("organiser", "unit", "year"), (*_fixed(years), outcome))
    model = fit(moments, Model(outcome, (ONE, *_fixed(years)), (Effect("unit", ("unit",)), UNIT_YEAR)))
    return Records(con, merit, years, moments, model)


def _means(sums: Columns) -> Columns:
    """Means and standard deviations in merit points from exact sums."""
    n, total = sums["n"], sums["total"]
    squares = np.maximum(sums["squares"] - total**2 / n, 0)
    sd = np.sqrt(squares / np.where(n > 1, n - 1, np.nan))
    return {**sums, "value": total / n / SCALE, "sd": sd / SCALE}


UNIT_YEAR = Effect("unit:year", ("unit", "year"))


def _known(years: Sequence[int]) -> str:
    return f'(select * from {question.LEAVER} where known = 1 and "year" in ({", ".join(map(str, years))}))'


def _fixed(years: tuple[int, ...]) -> tuple[Column, ...]:
    """Each year its own level, and the pupils' background."""
    factor = Factor("year", '"year"', years)
    levels = tuple(Column(f"year{y}", marks=((factor, i),)) for i, y in enumerate(years) if i)
    return (*levels, *(flag(name) for name in question.BACKGROUND))


def unit_years(found: Records) -> UnitYears:
    """Every unit's mean year by year with its interval, and the band where a unit of its intake is expected to lie."""
    rows = found.merit
    half = 1.96 * rows["sd"].astype(float) / np.sqrt(rows["n"])
    value = rows["value"].astype(float)
    band = dict(_bands(found))
    low, high = np.array(
        [band.get((str(u), int(y)), (np.nan, np.nan)) for u, y in zip(rows["unit"], rows["year"], strict=True)]
    ).T
    return UnitYears(
        unit=rows["unit"],
        year=rows["year"],
        value=value,
        status=np.full(len(value), "", dtype=object),
        n=rows["n"].astype(float),
        low=np.maximum(value - half, 0),
        high=np.minimum(value + half, 340),
        expected_low=low,
        expected_high=high,
    )


def _bands(found: Records) -> list[tuple[tuple[str, int], tuple[float, float]]]:
    by_year = marginalise(found.moments, ("unit", "year"))
    expected = _expected(found.model, by_year)
    variances = sum(float(c.covariance[0, 0]) for c in found.model.components)
    half = 1.96 * np.sqrt(variances + found.model.sigma2 / by_year.n)
    return [
        ((str(u), int(y)), (float(e - h) / SCALE, float(e + h) / SCALE))
        for u, y, e, h in zip(*by_year.keys, expected, half, strict=True)
    ]


def _expected(model: Fit, moments: Moments) -> npt.NDArray[np.float64]:
    """Mean of the fixed part over each group's pupils, in the scaled unit of the outcome."""
    at = [moments.index(name) if name != "(Intercept)" else 0 for name in model.names]
    means = moments.s[:, at] / moments.n[:, None]
    return np.asarray(means @ model.beta, dtype=np.float64)


def nation(found: Records) -> tuple[YearSeries, YearSeries, YearSeries]:
    """The country's pupil-weighted mean and the edges between which eight pupils in ten go to school, per year."""
    spreads = [_quantiles(found.merit, int(y)) for y in found.years]
    n = np.array([s.pupils for s in spreads])
    nothing = np.full(len(n), np.nan)
    columns = np.array([(s.mean, *s.values) for s in spreads]).T
    return tuple(YearSeries(found.years, v, nothing, nothing, n) for v in columns)  # type: ignore[return-value]


def _quantiles(rows: Columns, year: int) -> spread.Distribution:
    value, n = _of_year(rows, year)
    return spread.distribution(value, n, (10, 90))


def _of_year(
    rows: Columns, year: int, units: frozenset[str] | None = None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    here = rows["year"] == year
    if units is not None:
        here = here & np.array([u in units for u in rows["unit"]])
    return rows["value"][here].astype(float), rows["n"][here].astype(float)


def spread_series(found: Records, units: frozenset[str] | None) -> YearSeries:
    """The true standard deviation between units per year, chance taken out."""
    within = float(np.sqrt(found.model.sigma2)) / SCALE
    table = []
    for year in found.years:
        value, n = _of_year(found.merit, int(year), units)
        if len(value) < 3:
            table.append((np.nan, np.nan, np.nan, n.sum(), "few"))
            continue
        sd = spread.between_sd(value, n, within)
        table.append((sd.true, sd.low, sd.high, n.sum(), ""))
    value, low, high, n = np.array([row[:4] for row in table], dtype=float).T
    return YearSeries(found.years, value, low, high, n, status=np.array([row[4] for row in table], dtype=object))


def gap(found: Records, column: str, labels: tuple[Words, Words], units: frozenset[str]) -> Gap | None:
    """Pupils with and without a background, year by year, in these units; the first label is for those with it."""
    rows = question.merit_by_group(found.con, column, sorted(units))
    per_year = [(int(y), _gap(rows, int(y))) for y in np.unique(rows["year"])]
    kept = [(y, g) for y, g in per_year if g is not None]
    if len(kept) < 3:
        return None
    years, gaps = np.array([y for y, _ in kept]), [g for _, g in kept]
    change = gaps[-1].gap - gaps[0].gap
    doubt = 1.96 * float(np.hypot(gaps[-1].gap_se, gaps[0].gap_se))
    return Gap(
        groups=(
            (labels[0], _series(years, [(g.first, g.first_se, g.first_n) for g in gaps])),
            (labels[1], _series(years, [(g.second, g.second_se, g.second_n) for g in gaps])),
        ),
        gap=_series(years, [(g.gap, g.gap_se, g.first_n + g.second_n) for g in gaps]),
        change=(change, change - doubt, change + doubt),
    )


def _series(years: npt.NDArray[np.int64], rows: list[tuple[float, float, float]]) -> YearSeries:
    value, se, n = np.array(rows).T
    return YearSeries(years, value, value - 1.96 * se, value + 1.96 * se, n)


def _gap(rows: Columns, year: int) -> GroupGap | None:
    here = rows["year"] == year
    units = np.unique(rows["unit"][here].astype(str))
    table = np.zeros((2, 2, len(units)))
    for unit, member, total, n in zip(*(rows[c][here] for c in ("unit", "member", "total", "n")), strict=True):
        table[int(member), :, np.searchsorted(units, str(unit))] = total, n
    counts = table[:, 1].sum(axis=1)
    return (
        group_gap(table[1, 0], table[1, 1], table[0, 0], table[0, 1]) if counts.min() > 0 and len(units) > 1 else None
    )
