"""Evidence for the equity report from pupils' records: moments and exact multilevel models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from likvard import rulebook
from likvard.figures.chapters.evidence import (
    Deviations,
    Funnels,
    Gap,
    Shares,
    SubjectDeviations,
    UnitYears,
    YearSeries,
)
from likvard.flow.published import LEAST_COMPARED, LEAST_TOLD, LINE, SEED, Values, funnel_of, spreads
from likvard.models import profile, spread
from likvard.models.alarms import alarm_budget
from likvard.models.expected import share_explained
from likvard.models.fay_herriot import Interval
from likvard.models.gaps import GroupGap, group_gap, within_units
from likvard.models.multilevel import Fit, fit
from likvard.models.multilevel_effects import effects
from likvard.models.multilevel_problem import Effect, Model
from likvard.models.published import PublishedMeans
from likvard.moments.columns import ONE, Column, Factor, flag, number
from likvard.moments.gather import gather
from likvard.moments.moments import Moments, marginalise
from likvard.records.questions import pupils as question
from likvard.records.questions.columns import Columns
from likvard.terms import SchoolYear, Words

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
    def enough(self) -> bool:
        """Whether there are units enough to say what is expected."""
        return self.compared >= LEAST_COMPARED

    @property
    def compared(self) -> int:
        """How many units the expected result rests on."""
        return len(np.unique(self.moments.keys[1].astype(str)))

    @property
    def years(self) -> npt.NDArray[np.int64]:
        """School years with grades."""
        return np.unique(self.merit["year"]).astype(np.int64)


def records(con: duckdb.DuckDBPyConnection) -> Records:
    """Pivot the grades once, gather the pooled years' moments and fit the model of merit."""
    question.gather_leavers(con, SUBJECTS)
    merit = _means(question.merit_by_unit(con))
    years = tuple(int(y) for y in np.unique(merit["year"])[-POOLED_YEARS:])
    moments, model = compared(con, years, number("merit", MERIT_REFERENCE), ("organiser", "unit", "year"))
    return Records(con, merit, years, moments, model)


def compared(
    con: duckdb.DuckDBPyConnection,
    years: tuple[int, ...],
    outcome: Column,
    groups: tuple[str, ...] = ("unit", "year"),
) -> tuple[Moments, Fit]:
    """The moments of an outcome over years taken together, and the model of what is expected of each unit.

    Fixed: year, background and composition; random: unit, and unit in a year.
    """
    moments = gather(con, _known(years), groups, (*_fixed(years), outcome))
    return moments, fit(moments, Model(outcome, (ONE, *_fixed(years)), (Effect("unit", ("unit",)), UNIT_YEAR)))


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
    """Each year its own level, the pupils' background, and the composition of the unit that year.

    The expected is what schools with the same intake reach. Without the composition it would be what the same pupils
    reach in an average school: then a school stands above the expected because of whom its pupils meet there, and its
    effect goes with its intake, which the model takes for granted that it does not (Mundlak 1978).
    """
    factor = Factor("year", '"year"', years)
    levels = tuple(Column(f"year{y}", marks=((factor, i),)) for i, y in enumerate(years) if i)
    shares = (number(f"share_{name}") for name in question.COMPOSITION)
    return (*levels, *(flag(name) for name in question.BACKGROUND), *shares)


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
    expected = expected_means(found.model, by_year)
    variances = sum(float(c.covariance[0, 0]) for c in found.model.components)
    half = 1.96 * np.sqrt(variances + found.model.sigma2 / by_year.n)
    return [
        ((str(u), int(y)), (float(e - h) / SCALE, float(e + h) / SCALE))
        for u, y, e, h in zip(*by_year.keys, expected, half, strict=True)
    ]


def expected_means(model: Fit, moments: Moments) -> npt.NDArray[np.float64]:
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
    """The true standard deviation between units per year, chance taken out, over the units that may be shown.

    A unit too small to be shown is left out: whoever knew the others could else work it out.
    """
    within = float(np.sqrt(found.model.sigma2)) / SCALE
    return spreads(found.years, [_shown(found.merit, int(year), units) for year in found.years], within)


def _shown(rows: Columns, year: int, units: frozenset[str] | None) -> tuple[Values, Values]:
    value, n = _of_year(rows, year, units)
    return value[n >= LEAST_TOLD], n[n >= LEAST_TOLD]


def gap(found: Records, column: str, first: int, labels: tuple[Words, Words], units: frozenset[str]) -> Gap | None:
    """Two groups of the units' pupils by a column of the background, year by year; `first` is the first group's value."""
    country = question.merit_by_group(found.con, column, None)
    rows = {name: values[np.isin(country["unit"].astype(str), sorted(units))] for name, values in country.items()}
    within = _within(country, first)
    luck = float(found.model.varcomp[UNIT_YEAR.name][0, 0]) ** 0.5 / SCALE
    per_year = [(int(y), _gap(rows, int(y), first, within, luck)) for y in np.unique(rows["year"])]
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
        rest=_rest(found, units, years, gaps),
    )


def _rest(found: Records, units: frozenset[str], years: npt.NDArray[np.int64], gaps: Sequence[GroupGap]) -> YearSeries:
    """Pupils of the units who are in neither group, because the source does not say: years that have any."""
    left = []
    for year, groups in zip(years, gaps, strict=True):
        value, n = _of_year(found.merit, int(year), units)
        others = float(n.sum()) - groups.first_n - groups.second_n
        total = float((value * n).sum()) - groups.first * groups.first_n - groups.second * groups.second_n
        if others > 0:
            left.append((int(year), total / others, others))
    at, mean, pupils = (np.array(column) for column in zip(*left, strict=True)) if left else (np.array([]),) * 3
    nothing = np.full(len(at), np.nan)
    return YearSeries(at, mean, nothing, nothing, pupils)


def _series(years: npt.NDArray[np.int64], rows: list[tuple[float, float, float]]) -> YearSeries:
    value, se, n = np.array(rows).T
    return YearSeries(years, value, value - 1.96 * se, value + 1.96 * se, n)


def _within(country: Columns, first: int) -> tuple[float, float]:
    """The standard deviation between pupils of the same school and year in the whole country, for either group."""
    members = (country["member"] == group for group in (first, 1 - first))
    one, other = (within_units(*(country[c][here] for c in ("total", "squares", "n"))) for here in members)
    return one, other


def _gap(rows: Columns, year: int, first: int, within: tuple[float, float], luck: float) -> GroupGap | None:
    here = rows["year"] == year
    units = np.unique(rows["unit"][here].astype(str))
    table = np.zeros((2, 2, len(units)))
    for unit, member, total, n in zip(*(rows[c][here] for c in ("unit", "member", "total", "n")), strict=True):
        table[int(member), :, np.searchsorted(units, str(unit))] = total, n
    counts = table[:, 1].sum(axis=1)
    if counts.min() == 0 or len(units) < 2:
        return None
    (one, one_n), (other, other_n) = table[first], table[1 - first]
    return group_gap(one, one_n, other, other_n, within=within, luck=luck)


def funnel(found: Records, units: frozenset[str]) -> Funnels | None:
    """The newest year's means of the area's units against size."""
    year = int(found.years[-1])
    here = (found.merit["year"] == year) & np.array([str(u) in units for u in found.merit["unit"]])
    within = float(np.sqrt(found.model.sigma2)) / SCALE
    value, n = found.merit["value"][here].astype(float), found.merit["n"][here].astype(float)
    return funnel_of(found.merit["unit"][here], value, n, within, year)


def deviations(found: Records) -> Deviations:
    """What each unit keeps of its distance from the expected over the pooled years: conditional modes with intervals."""
    effect = {e.name: e for e in effects(found.model)}["unit"]
    unit = np.array([str(key) for key in effect.keys[0]], dtype=object)
    low, high = effect.interval()
    per_unit = marginalise(found.moments, ("unit",))
    order = np.searchsorted(per_unit.keys[0].astype(str), unit.astype(str))
    result, pupils, parts = _pooled(found, unit)
    share = explained(found)
    return Deviations(
        unit=unit,
        difference=effect.mode[:, 0] / SCALE,
        low=low[:, 0] / SCALE,
        high=high[:, 0] / SCALE,
        result=result,
        expected=expected_means(found.model, per_unit)[order] / SCALE,
        n=pupils,
        years=found.pooled,
        below=effect.chance_below(LINE * SCALE)[:, 0],
        line=LINE,
        intake=INTAKE,
        explained=share.value,
        explained_low=share.low,
        explained_high=share.high,
        parts=parts,
    )


def _pooled(
    found: Records, unit: npt.NDArray[Any]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], dict[str, tuple[int, ...]]]:
    """Each unit's mean over the pooled years, the pupils behind it, and the years that it is the mean of."""
    rows, result, pupils, parts = found.merit, [], [], {}
    for code in unit:
        at = (rows["unit"] == code) & (rows["year"] >= found.pooled[0])
        n = rows["n"][at]
        result.append(float((rows["value"][at] * n).sum() / n.sum()))
        pupils.append(float(n.sum()))
        parts[str(code)] = tuple(int(y) for y in rows["year"][at])
    return np.array(result), np.array(pupils), parts


def explained(found: Records) -> Interval:
    """Share of the newest year's variance between units that goes with their intake, on unit means."""
    by_unit = marginalise(found.moments, ("unit", "year"))
    newest = by_unit.keys[1] == found.pooled[-1]
    n, sums = by_unit.n[newest].astype(float), by_unit.s[newest]
    at = [by_unit.index(name) for name in question.COMPOSITION]
    means = PublishedMeans(
        unit=by_unit.keys[0][newest].astype(str),
        year=np.full(len(n), found.pooled[-1]),
        result=(sums[:, by_unit.index("merit")] / n + MERIT_REFERENCE) / SCALE,
        pupils=n,
        intake=sums[:, at] / n[:, None],
        names=question.COMPOSITION,
    )
    return share_explained(means, float(np.sqrt(found.model.sigma2)) / SCALE, np.random.default_rng(SEED))


LEVELS = (
    ("organiser", ("organiser",), Words("huvudmän", "organisers")),
    ("unit", ("unit",), Words("skolor hos samma huvudman", "schools of the same organiser")),
    ("class", ("class",), Words("klasser i samma skola", "classes in the same school")),
)


def shares(found: Records) -> Shares:
    """Shares of variance between organisers, units, classes and pupils in the newest year, before and after intake."""
    year = found.pooled[-1:]
    outcome = number("merit", MERIT_REFERENCE)
    intake = _fixed(year)
    groups = tuple(name for name, _, _ in LEVELS)
    moments = gather(found.con, _known(year), groups, (*intake, outcome))
    terms = tuple(Effect(name, group) for name, group, _ in LEVELS)
    rows = [_shares(fit(moments, Model(outcome, (ONE, *fixed), terms))) for fixed in ((), intake)]
    table = np.array(rows)
    return Shares(
        levels=(*(words for _, _, words in LEVELS), Words("elever i samma klass", "pupils in the same class")),
        bars=(Words("före hänsyn till elevernas bakgrund", "before intake"), Words("efter", "after intake")),
        value=table[:, 0],
        low=table[:, 1],
        high=table[:, 2],
        n=float(moments.nobs),
        years=year,
    )


def _shares(model: Fit) -> list[list[float]]:
    """Value, low and high of each level's share; the pupils' share is what remains and has no interval of its own."""
    named = {s.name: s for s in profile.shares(model)}
    found = [named[name] for name, _, _ in LEVELS]
    rest = 1 - sum(s.estimate for s in found)
    return [[*(s.estimate for s in found), rest], [*(s.low for s in found), np.nan], [*(s.high for s in found), np.nan]]


def subjects(found: Records, units: frozenset[str]) -> SubjectDeviations:
    """Each unit's distance from the expected in every subject over the pooled years, one alarm budget for the country."""
    fitted = [_subject(found, code) for code in SUBJECTS]
    every = np.array(sorted({u for rows in fitted for u in rows}), dtype=object)
    grid = np.array([[rows.get(u, (np.nan, np.nan, np.nan)) for rows in fitted] for u in every])
    value, se, n = grid[..., 0], grid[..., 1], grid[..., 2]
    budget = alarm_budget(value, se)
    own = np.array([u in units for u in every], dtype=bool)
    half = 1.96 * se[own]
    return SubjectDeviations(
        unit=every[own],
        subjects=tuple((code, *_named(code)) for code in SUBJECTS),
        difference=value[own],
        low=value[own] - half,
        high=value[own] + half,
        n=n[own],
        status=np.where(np.isnan(value[own]), "not_collected", "").astype(object),
        kept=budget.survives[own],
        tests=budget.tests,
        rate=budget.rate,
        years=found.pooled,
    )


def _subject(found: Records, code: str) -> dict[str, tuple[float, float, float]]:
    """Per unit: the conditional mode, the standard deviation of its error, and the pupils, in grade points."""
    moments, model = compared(found.con, found.pooled, number(code, POINTS_REFERENCE))
    effect = {e.name: e for e in effects(model)}["unit"]
    per_unit = marginalise(moments, ("unit",))
    pupils = dict(zip(per_unit.keys[0].astype(str).tolist(), per_unit.n.tolist(), strict=True))
    return {
        str(unit): (float(mode) / SCALE, max(float(sd), 1e-9) / SCALE, float(pupils[str(unit)]))
        for unit, mode, sd in zip(effect.keys[0], effect.mode[:, 0], effect.comparison_sd[:, 0], strict=True)
    }


def _named(code: str) -> tuple[Words, Words]:
    """A subject's name and its short form; Swedish and Swedish as a second language stand as one."""
    if code == "SvSva":
        return Words("Svenska eller svenska som andraspråk", "Swedish, or Swedish as a second language"), Words(
            "Sv", "Sv"
        )
    name = rulebook.subjects(rulebook.first_day(SchoolYear(2024)))[code].name
    return Words(name.sv.capitalize(), name.en.capitalize()), Words(code, code)
