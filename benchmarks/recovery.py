"""Does the report from pupils' records find what was planted in the simulated country?

Countries are simulated with several seeds, the report's own functions (`flow.pupils`) are run on them, and their 95 %
intervals are held against the truth. The aim is 93 to 97 %. What "the truth" is for each row is said in
docs/simulation.md, section Recovery. Only year 9 is simulated, which is all that these functions read: a test shows
that it is row for row what `simulate.readings` delivers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat

import duckdb
import numpy as np
import pyarrow as pa

from likvard import simulate
from likvard.flow import pupils as report
from likvard.models import profile
from likvard.models.multilevel import Effect, fit
from likvard.moments.columns import ONE, flag
from likvard.moments.gather import gather
from likvard.records.questions.pupils import BACKGROUND
from likvard.simulate import register
from likvard.simulate.climate import climate
from likvard.simulate.effects import effects
from likvard.simulate.grades import grades
from likvard.simulate.people import TERTIARY, cohort
from likvard.simulate.pupils import enrolments, pupils, unknown_education
from likvard.simulate.results import background, context, marks
from likvard.simulate.rolls import Roll
from likvard.simulate.rolls import together as joined_rolls
from likvard.simulate.settings import Settings
from likvard.simulate.tables import joined
from likvard.simulate.truth import _graded
from likvard.simulate.units import plan
from likvard.simulate.years import Year, final_roll
from likvard.terms import Words

AIM = (0.93, 0.97)
SEEDS = range(1001, 1041)
MUNICIPALITIES, FIRST_YEAR, YEARS = 20, 2018, 5
REDRAWN = 8
"""Times that pupils are drawn anew for a true gap: what is left of their background's chance is 2 % of the variance."""
GAP_SEEDS = 15
SUBJECTS = ("Ma", "En")
GROUPS = {"girl": 1, "tertiary": 1, "foreign": 0}
LEVELS = ("organisers", "schools", "classes")
_LABELS = (Words("ena", "one"), Words("andra", "other"))

Arrays = Mapping[str, np.ndarray]
Ends = tuple[str, str, float, float, float]  # row, column of the background, low, expected gap, high


def settings_of(seed: int, municipalities: int = MUNICIPALITIES) -> Settings:
    """A country of moderate size: about 130 units with year 9, five school years, shocks from the third."""
    return Settings(seed=seed, municipalities=municipalities, first_year=FIRST_YEAR, years=YEARS)


# --- The country, as the report reads it -----------------------------------------------------------------------------


def leaving(settings: Settings, index: int, year: int) -> Year:
    """A municipality's school year with nobody on the roll but year 9."""
    schools, school = plan(settings, index), effects(settings, index)
    roll = final_roll(schools, cohort(settings, schools, year - 15), year)
    nobody = roll.where(np.zeros(len(roll), dtype=bool))
    final, none = (marks(settings, schools, school, some, year) for some in (roll, nobody))
    return Year(year, schools, school, climate(settings, index), roll, nobody, final, none, none, (), ())


def tables(by_year: Sequence[Sequence[Year]], settings: Settings) -> Mapping[str, pa.Table]:
    """The declared tables that `flow.pupils` asks: grade, pupil, enrolment and unit."""
    every = [one for year in by_year for one in year]
    return {
        "grade": joined("grade", [grades(settings, one) for one in every]),
        "pupil": joined("pupil", [pupils(one) for one in every]),
        "enrolment": joined("enrolment", [enrolments(one) for one in every]),
        "unit": joined("unit", [register.units(year) for year in by_year]),
    }


def years_of(settings: Settings) -> list[list[Year]]:
    """Every school year's municipalities."""
    places = range(settings.municipalities)
    return [[leaving(settings, index, year) for index in places] for year in settings.school_years]


def connected(found: Mapping[str, pa.Table]) -> duckdb.DuckDBPyConnection:
    """The tables under the names that a lake gives them."""
    con = duckdb.connect(config={"threads": 1})
    for name, rows in found.items():
        con.register(name, rows)
    return con


# --- The truth -------------------------------------------------------------------------------------------------------


def without_chance(settings: Settings) -> Settings:
    """The same country without the chance of single years: what a school adds through its climate and shocks stays."""
    return replace(settings, results=replace(settings.results, unit_year=0.0))


def for_ever(settings: Settings) -> Settings:
    """The same country with only what a school keeps for ever: no chance, no shock, and a circle that stands still."""
    links = tuple(link for link in settings.circle.links if link[0] != "turnover")
    return replace(
        settings,
        results=replace(settings.results, unit_year=0.0, shock=0.0),
        circle=replace(settings.circle, innovation=0.0, links=links),
    )


def true_effects(settings: Settings, years: Sequence[int]) -> Mapping[str, Mapping[str, float]]:
    """By outcome and unit: the truth's effect beyond intake and context over the years, weighted by pupils."""
    rows = simulate.truth(settings).units.select(["unit_code", "school_year", "outcome", "n", "effect"])
    con = duckdb.connect()
    con.register("truth", rows)
    wanted = ", ".join(str(year) for year in years)
    found: dict[str, dict[str, float]] = {}
    for outcome, unit, effect in con.execute(
        f"""select outcome, unit_code, sum(n * effect) / sum(n) from truth
            where school_year in ({wanted}) group by all order by all"""
    ).fetchall():
        found.setdefault(outcome, {})[unit] = effect
    return found


def redrawn(settings: Settings, year: Year, draw: int) -> Roll:
    """Other pupils of the same municipality, areas and schools."""
    other = replace(settings, seed=settings.seed + 1_000_003 * (draw + 1))
    return final_roll(year.plan, cohort(other, year.plan, year.year - 15), year.year)


def expected_merit(settings: Settings, year: Year, roll: Roll) -> Arrays:
    """Each leaver's expected merit, chance of the year left out, and groups; -1 in a group that is not known.

    The unit's composition is that of the year's own pupils, also for redrawn ones: as many of each group as there are.
    """
    school = effects(without_chance(settings), year.plan.place.index)
    own = year.final.roll
    around = np.zeros(len(year.plan.units))
    around[own.unit] = context(settings, own)
    given = settings.results.mean + background(settings, roll, year.year) + around[roll.unit]
    added = school.of_pupils(year.year, roll.seat, roll.education == TERTIARY, roll.group)
    return {
        "merit": _graded(settings, school, roll, given, added, year.year)["merit_value"][1],
        "girl": roll.girl.astype(int),
        "tertiary": np.where(unknown_education(roll), -1, roll.education == TERTIARY),
        "foreign": roll.foreign.astype(int),
    }


def sums(merit: Arrays, column: str) -> np.ndarray:
    """Sum and number of a group's expected merit, outsiders and members below one another: 2 x 2."""
    groups = [merit["merit"][merit[column] == group] for group in (0, 1)]
    return np.array([[values.sum(), len(values)] for values in groups])


# --- One country ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Held:
    """Intervals of one kind in one country, against the truth: `low`, `truth` and `high` of equal length."""

    row: str
    low: np.ndarray
    truth: np.ndarray
    high: np.ndarray

    @property
    def counted(self) -> tuple[int, int]:
        """How many intervals hold the truth, and how many there are."""
        there = np.isfinite(self.low) & np.isfinite(self.truth)
        return int(((self.low <= self.truth) & (self.truth <= self.high))[there].sum()), int(there.sum())


@dataclass(frozen=True, eq=False)
class Replicate:
    """What one country gives: what can be judged alone, and what needs the others for its truth.

    `left` is what pupils of a group got beyond what the truth expects (dashes, mother tongue, nobody without a pass):
    by column, the sum over (outsiders, members) and their number. `gaps` are (row, column, low, gap of the expected,
    high), `newest` the rows of the newest year's leavers.
    """

    held: tuple[Held, ...]
    beta: np.ndarray
    se: np.ndarray
    sloped: tuple[float, float]
    within: tuple[np.ndarray, np.ndarray]
    shares: tuple[np.ndarray, np.ndarray]
    sd: Mapping[str, tuple[float, float]]
    effects: np.ndarray
    left: Arrays
    gaps: Sequence[Ends]
    newest: pa.Table


def replicate(seed: int, municipalities: int = MUNICIPALITIES, with_gaps: bool = True) -> Replicate:
    """Simulate a country, run the report's functions on it and hold them against the truth."""
    settings = settings_of(seed, municipalities)
    by_year = years_of(settings)
    found = report.records(connected(tables(by_year, settings)))
    deviations = report.deviations(found)
    at = [found.model.names.index(name) for name in BACKGROUND]
    shares = report.shares(found)
    sd = {i.name: (i.low / report.SCALE, i.high / report.SCALE) for i in profile.intervals(found.model)}
    true = true_effects(without_chance(settings), found.pooled)
    return Replicate(
        held=(*_effects(settings, found, deviations, true), *_subjects(found, deviations, true)),
        beta=found.model.beta[at] / report.SCALE,
        se=found.model.se[at] / report.SCALE,
        sloped=_sloped(found),
        within=_within(found),
        shares=(shares.low[:, :3], shares.high[:, :3]),
        sd=sd,
        effects=_of(true["merit_value"], deviations.unit),
        left=_left(settings, found, by_year),
        gaps=tuple(_gaps(settings, found, by_year)) if with_gaps else (),
        newest=_newest(found, seed),
    )


def _of(true: Mapping[str, float], units: np.ndarray) -> np.ndarray:
    """The true effects of the units, from the country's mean: an effect is against the country's schools."""
    effect = np.array([true[str(unit)] for unit in units])
    return effect - effect.mean()


def _effects(
    settings: Settings, found: report.Records, deviations: report.Deviations, true: Mapping[str, Mapping[str, float]]
) -> Iterator[Held]:
    rows = {
        "a school's effect (beyond the chance of a year)": true,
        "  the same with the chance of those years": true_effects(settings, found.pooled),
        "  only what it keeps for ever": true_effects(for_ever(settings), found.pooled),
    }
    for row, effect in rows.items():
        yield Held(row, deviations.low, _of(effect["merit_value"], deviations.unit), deviations.high)


def _subjects(
    found: report.Records, deviations: report.Deviations, true: Mapping[str, Mapping[str, float]]
) -> Iterator[Held]:
    rows = report.subjects(found, frozenset(str(unit) for unit in deviations.unit))
    codes = [code for code, *_ in rows.subjects]
    for code in SUBJECTS:
        j = codes.index(code)
        yield Held(
            f"a school's effect in {code}", rows.low[:, j], _of(true[f"points:{code}"], rows.unit), rows.high[:, j]
        )


def _sloped(found: report.Records) -> tuple[float, float]:
    """The coefficient of tertiary-educated parents and its error where the model lets it differ between units."""
    model = found.model.problem.model
    unit = Effect("unit", ("unit",), (ONE, flag("tertiary")))
    years = ", ".join(str(year) for year in found.pooled)
    known = f'(select * from leaver where known = 1 and "year" in ({years}))'
    columns = (*(column for column in model.fixed if column is not ONE), model.outcome)
    moments = gather(found.con, known, ("unit", "year"), columns, rows=(flag("tertiary"),))
    fitted = fit(moments, replace(model, effects=(unit, report.UNIT_YEAR)))
    at = fitted.names.index("tertiary")
    return float(fitted.beta[at]) / report.SCALE, float(fitted.se[at]) / report.SCALE


def _within(found: report.Records) -> tuple[np.ndarray, np.ndarray]:
    """Cross-products of merit and background among pupils of the same unit and year, for a truth from all countries."""
    sql = ", ".join(f'"{name}"::double' for name in BACKGROUND)
    years = ", ".join(str(year) for year in found.pooled)
    rows = found.con.execute(
        f"""select dense_rank() over (order by unit, "year")::int - 1 as place, merit / {report.SCALE}::double, {sql}
            from leaver where known = 1 and merit is not null and "year" in ({years})"""
    ).fetchnumpy()
    place, *columns = (np.asarray(column, dtype=float) for column in rows.values())
    at = place.astype(int)
    n = np.bincount(at)
    y, *x = (column - (np.bincount(at, column) / n)[at] for column in columns)
    X = np.array(x)
    return X @ X.T, X @ y


def _left(settings: Settings, found: report.Records, by_year: Sequence[Sequence[Year]]) -> Arrays:
    merit = [expected_merit(settings, one, one.final.roll) for year in by_year for one in year]
    result = {}
    for column in GROUPS:
        got = found.con.execute(
            f"""select avg(merit) / {report.SCALE}::double from leaver where merit is not null and "{column}" is not null
                group by "{column}" order by "{column}" """
        ).fetchall()
        total = sum(sums(one, column) for one in merit)
        result[column] = np.array(got)[:, 0] - total[:, 0] / total[:, 1]
    return result


def _gaps(settings: Settings, found: report.Records, by_year: Sequence[Sequence[Year]]) -> Iterator[Ends]:
    """Every municipality's gaps in every year, and the country's, with the expected gap of redrawn pupils."""
    expected = [[_redrawn_sums(settings, one) for one in year] for year in by_year]
    graded = {str(unit) for unit in found.merit["unit"]}
    alone = [[index] for index in range(settings.municipalities)]
    for chosen in (*alone, list(range(settings.municipalities))):
        units = frozenset(u.code for i in chosen for u in by_year[0][i].plan.units if u.code in graded)
        where = _size(len(units)) if len(chosen) == 1 else "the country"
        for column, first in GROUPS.items():
            gap = report.gap(found, column, first, _LABELS, units)
            if gap is not None:
                total = [sum(year[i][column] for i in chosen) for year in expected]
                means = np.array([rows[:, 0] / np.where(rows[:, 1] > 0, rows[:, 1], np.nan) for rows in total])
                yield from _ends(
                    settings, gap, f"gap by {column}, {where}", column, means[:, first] - means[:, 1 - first]
                )


def _redrawn_sums(settings: Settings, year: Year) -> Arrays:
    """Sum and number of a group's expected merit if its pupils in each school were others: as many as there are."""
    drawn = joined_rolls([redrawn(settings, year, draw) for draw in range(REDRAWN)])
    there, other = (expected_merit(settings, year, roll) for roll in (year.final.roll, drawn))
    return {column: _as_many(column, there, year.final.roll.unit, other, drawn.unit) for column in GROUPS}


def _as_many(column: str, there: Arrays, unit: np.ndarray, other: Arrays, other_unit: np.ndarray) -> np.ndarray:
    """Outsiders and members below one another: 2 x 2. A school that no redrawn pupil of the group goes to is left out."""
    found, size = np.zeros((2, 2)), int(max(unit.max(), other_unit.max())) + 1
    for group in (0, 1):
        pupils_there = np.bincount(unit[there[column] == group], minlength=size)
        chosen = other[column] == group
        drawn = np.bincount(other_unit[chosen], minlength=size)
        total = np.bincount(other_unit[chosen], other["merit"][chosen], minlength=size)
        weights = np.where(drawn > 0, pupils_there, 0)
        found[group] = (weights * total / np.maximum(drawn, 1)).sum(), weights.sum()
    return found


def _ends(settings: Settings, gap: report.Gap, row: str, column: str, expected: np.ndarray) -> Iterator[Ends]:
    at = gap.gap.year - settings.first_year
    for low, truth, high in zip(gap.gap.low, expected[at], gap.gap.high, strict=True):
        yield row, column, float(low), float(truth), float(high)
    yield (
        "change of a gap, first to last year",
        "",
        gap.change[1],
        float(expected[at[-1]] - expected[at[0]]),
        gap.change[2],
    )


def _size(units: int) -> str:
    return "2-3 schools" if units < 4 else "4-7 schools" if units < 8 else "8 schools or more"


def _newest(found: report.Records, seed: int) -> pa.Table:
    """The newest year's leavers, under names that no other country has."""
    columns = ", ".join(f'\'{seed} \' || "{name}" as "{name}"' for name in ("organiser", "unit", "class"))
    year = int(found.years[-1])
    rows = found.con.sql(f'select * exclude (organiser, unit, class), {columns} from leaver where "year" = {year}')
    return rows.to_arrow_table()


# --- All countries -----------------------------------------------------------------------------------------------------


def together(countries: Sequence[Replicate]) -> Iterator[Held]:
    """What all countries' intervals are held against: what needs them all for its truth comes last."""
    for one in countries:
        yield from one.held
    yield from _gaps_held(countries)
    yield from _coefficients(countries)
    yield from _components(countries)


def _coefficients(countries: Sequence[Replicate]) -> Iterator[Held]:
    """Each country's coefficients against the same among pupils of the same school and year in all the others."""
    XX, Xy = (sum(one.within[k] for one in countries) for k in (0, 1))
    for one in countries:
        truth = np.linalg.solve(XX - one.within[0], Xy - one.within[1])
        low, high = one.beta - 1.96 * one.se, one.beta + 1.96 * one.se
        for j, name in enumerate(BACKGROUND):
            yield Held(f"coefficient: {name}", low[j : j + 1], truth[j : j + 1], high[j : j + 1])
        (b, se), tertiary = one.sloped, truth[BACKGROUND.index("tertiary")]
        row = "  tertiary, in a model that lets it differ by school"
        yield Held(row, *(np.array([value]) for value in (b - 1.96 * se, tertiary, b + 1.96 * se)))


def _components(countries: Sequence[Replicate]) -> Iterator[Held]:
    truth = whole(countries)
    sd = float(np.sqrt(np.mean([np.var(one.effects, ddof=1) for one in countries])))
    for one in countries:
        low, high = one.sd["unit"]
        yield Held("SD between schools given intake", *(np.array([value]) for value in (low, sd, high)))
        for bar, when in enumerate(("before intake", "after intake")):
            for level, name in enumerate(LEVELS):
                at = np.s_[bar, level : level + 1]
                yield Held(f"share of {name}, {when}", one.shares[0][at], truth[at], one.shares[1][at])


def whole(countries: Sequence[Replicate]) -> np.ndarray:
    """Shares of variance (before and after intake, by level) in all countries taken as one."""
    con = connected({"leaver": pa.concat_tables([one.newest for one in countries])})
    year = con.execute('select max("year") from leaver').fetchall()[0][0]
    nothing = {"year": np.array([year])}
    shares = report.shares(report.Records(con, nothing, (int(year),), None, None))  # type: ignore[arg-type]
    return shares.value[:, :3]


def _gaps_held(countries: Sequence[Replicate]) -> Iterator[Held]:
    left = {column: np.mean([one.left[column] for one in countries], axis=0) for column in GROUPS}
    beyond = {column: left[column][first] - left[column][1 - first] for column, first in GROUPS.items()} | {"": 0.0}
    for one in countries:
        by_row: dict[str, list[tuple[float, float, float]]] = {}
        for row, column, low, gap, high in one.gaps:
            by_row.setdefault(row, []).append((low, gap + beyond[column], high))
        for row, ends in by_row.items():
            yield Held(row, *np.array(ends).T)


@dataclass(frozen=True)
class Coverage:
    """The share of intervals that hold the truth, its Monte Carlo error, and the number of intervals.

    Intervals of one country share its draws, so the error is clustered by country, and at least what independent
    intervals that cover 95 % would have.
    """

    share: float
    error: float
    intervals: int

    @property
    def verdict(self) -> str:
        """Whether the share lies in the aim, and if not, whether it could by its error."""
        beyond = max(AIM[0] - self.share, self.share - AIM[1])
        return "" if beyond <= 0 else "outside, within two errors" if beyond <= 2 * self.error else "outside"


def coverage(held: Sequence[Held]) -> Mapping[str, Coverage]:
    """By row, in the order in which they first come."""
    by_row: dict[str, list[tuple[int, int]]] = {}
    for one in held:
        by_row.setdefault(one.row, []).append(one.counted)
    return {row: _coverage(np.array(counts, dtype=float)) for row, counts in by_row.items()}


def _coverage(counts: np.ndarray) -> Coverage:
    hits, n = counts.T
    share = float(hits.sum() / n.sum())
    clustered = np.sqrt(((hits - share * n) ** 2).sum()) / n.sum()
    binomial = np.sqrt(0.95 * 0.05 / n.sum())
    return Coverage(share, float(max(clustered, binomial)), int(n.sum()))


def run(seeds: Sequence[int] = SEEDS) -> Mapping[str, Coverage]:
    """Print and return the table."""
    with ProcessPoolExecutor(max_workers=2) as pool:
        countries = list(pool.map(replicate, seeds, repeat(MUNICIPALITIES), (i < GAP_SEEDS for i in range(len(seeds)))))
    found = coverage(list(together(countries)))
    print(f"{len(countries)} countries of {MUNICIPALITIES} municipalities; 95 % intervals, aim 93-97 %")
    print(f"  {'':<52} {'covers':>8} {'± MC':>6} {'intervals':>10}")
    for row, one in found.items():
        print(f"  {row:<52} {100 * one.share:6.1f} % {100 * one.error:5.1f} {one.intervals:>10,}   {one.verdict}")
    return found


if __name__ == "__main__":
    run()
