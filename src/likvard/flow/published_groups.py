"""Evidence for the equity report: subjects and groups in published statistics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from likvard.disclosure.cells import CellKind
from likvard.disclosure.verdicts import SUPPRESSED
from likvard.figures.chapters import scales
from likvard.figures.chapters.evidence import Gap, SubjectDeviations, YearSeries
from likvard.figures.chapters.overview import Measured
from likvard.figures.chapters.spread import FIRST_WITH_SEVENTEEN
from likvard.figures.measures import Scale
from likvard.flow.published import INTAKE, Panel, intake_shares
from likvard.models.heat import Heat, subject_deviations
from likvard.models.published import LEAST_PUPILS, PublishedMeans, usable, within_sd
from likvard.records.questions import published as question
from likvard.records.questions.columns import Columns
from likvard.terms import SchoolYear, Words

TESTS = {
    "sve": (Words("Svenska", "Swedish"), Words("Sv", "Sv")),
    "sva": (Words("Svenska som andraspråk", "Swedish as a second language"), Words("Sva", "Sva")),
    "eng": (Words("Engelska", "English"), Words("En", "En")),
    "ma": (Words("Matematik", "Mathematics"), Words("Ma", "Ma")),
}
TEST_WITHIN = (5.0, 4.5, 5.5)  # test points 0-20; standard deviation of pupils in a school where data are too thin


def subject_tests(con: duckdb.DuckDBPyConnection, found: Panel, units: frozenset[str]) -> SubjectDeviations | None:
    """National tests of years 6 and 9: each school's distance from the expected in each subject, one alarm budget."""
    asked = {
        f"test_mean_{code}_year_{year}": (f"{name.sv}, åk {year}", f"{name.en}, year {year}", f"{short.sv} {year}")
        for year in (6, 9)
        for code, (name, short) in TESTS.items()
    }
    every = question.unit_years(con, tuple(asked), ("pupils_year_6", "pupils_year_9", "pupils"), INTAKE)
    means, statuses, within, kept_years = {}, {}, {}, set()
    for measure in asked:
        rows = {name: column[every["measure"] == measure] for name, column in every.items()}
        n = rows[f"pupils_year_{measure[-1]}"]
        sorted_out = usable(rows["unit"].astype(str), rows["year"], rows["value"], n, intake_shares(rows), INTAKE)
        if len(np.unique(sorted_out.means.unit)) < 100:
            continue
        last = int(sorted_out.means.year.max())
        means[measure] = sorted_out.means.between(last - 2, last)
        within[measure] = within_sd(means[measure], default=TEST_WITHIN).value
        shown = (rows["year"] > last - 3) & (rows["year"] <= last)
        statuses[measure] = _why_not(rows["unit"][shown], rows["status"][shown], n[shown])
        kept_years |= set(np.unique(means[measure].year).tolist())
    if not means:
        return None
    heat = subject_deviations(means, within)
    return _of_units(heat, means, statuses, asked, units, kept_years)


def _why_not(unit: npt.NDArray[Any], status: npt.NDArray[Any], n: npt.NDArray[np.float64]) -> Mapping[str, str]:
    """Why each unit has no difference in the years shown: what the source hid in any of them, else the newest reason."""
    found: dict[str, str] = {}
    for u, said, pupils in zip(unit, status, n, strict=True):
        if found.get(u) not in SUPPRESSED:
            found[u] = said or ("few" if pupils < LEAST_PUPILS else "unavailable")
    return found


def _of_units(
    heat: Heat,
    means: Mapping[str, PublishedMeans],
    statuses: Mapping[str, Mapping[str, str]],
    asked: Mapping[str, tuple[str, str, str]],
    units: frozenset[str],
    years: set[int],
) -> SubjectDeviations:
    """The area's rows of the country's heat table, with the reason for every empty cell."""
    at = [i for i, u in enumerate(heat.units) if u in units]
    codes = [heat.units[i] for i in at]
    n = np.array([[_pupils(means[s], u) for s in heat.subjects] for u in codes]).reshape(len(codes), len(heat.subjects))
    status = np.array(
        [
            [
                "" if not np.isnan(heat.value[i, j]) else statuses[s].get(heat.units[i], "not_collected")
                for j, s in enumerate(heat.subjects)
            ]
            for i in at
        ],
        dtype=object,
    ).reshape(len(codes), len(heat.subjects))
    return SubjectDeviations(
        unit=np.array(codes, dtype=object),
        subjects=tuple((s, Words(*asked[s][:2]), Words(asked[s][2], asked[s][2])) for s in heat.subjects),
        difference=heat.value[at],
        low=heat.low[at],
        high=heat.high[at],
        n=n,
        status=status,
        kept=heat.budget.survives[at],
        tests=heat.budget.tests,
        rate=heat.budget.rate,
        years=tuple(sorted(years)),
    )


def _pupils(means: PublishedMeans, unit: str) -> float:
    here = means.unit == unit
    return float(means.pupils[here].sum()) if here.any() else np.nan


def intake_gap(found: Panel, units: frozenset[str] | None) -> Gap | None:
    """Merit in schools where fewest and most parents have post-secondary education: the outer quarters of pupils."""
    means = found.means if units is None else found.means.where(np.isin(found.means.unit, list(units)))
    years = [int(y) for y in np.unique(means.year) if (means.year == y).sum() >= 8]
    if len(years) < 3:
        return None
    table = np.array([_quarters(means.of_year(year), found.within.value) for year in years])
    at = np.array(years)
    high, low = (
        YearSeries(at, t[:, 0], t[:, 0] - t[:, 1], t[:, 0] + t[:, 1], t[:, 2]) for t in (table[:, :3], table[:, 3:])
    )
    gap, half = table[:, 0] - table[:, 3], np.hypot(table[:, 1], table[:, 4])
    comparable = np.flatnonzero(at >= FIRST_WITH_SEVENTEEN.start)
    return Gap(
        groups=(
            (Words("skolor med flest högutbildade föräldrar", "schools with the most educated parents"), high),
            (Words("skolor med färst", "schools with the fewest"), low),
        ),
        gap=YearSeries(at, gap, gap - half, gap + half, table[:, 2] + table[:, 5]),
        change=_moved(gap, half, comparable),
    )


def _quarters(means: PublishedMeans, within: float) -> list[float]:
    """Mean, half width and pupils of the quarter of pupils with most, then with fewest, educated parents."""
    order = np.argsort(means.intake[:, 0], kind="stable")
    share = (np.cumsum(means.pupils[order]) - means.pupils[order] / 2) / means.pupils.sum()
    out: list[float] = []
    for chosen in (order[share >= 0.75], order[share <= 0.25]):
        n, value = means.pupils[chosen], means.result[chosen]
        mean = float(np.average(value, weights=n))
        spread_of = np.sum((n * (value - mean)) ** 2) / n.sum() ** 2 * len(n) / max(len(n) - 1, 1)
        out += [mean, float(1.96 * np.sqrt(max(spread_of, within**2 / n.sum()))), float(n.sum())]
    return out


def sex_gap(con: duckdb.DuckDBPyConnection, municipality: str, pupils: Mapping[int, float]) -> Gap | None:
    """Girls and boys living in the municipality who are eligible for upper secondary school (Kolada N15428)."""
    rows = question.statistics(
        con, ["kolada:N15428"], level="municipality", period_kind="calendar_year", groups=("girls", "boys")
    )
    here = rows["area_code"] == municipality
    groups = {
        g: dict(
            zip(
                rows["year"][here & (rows["group"] == g)].tolist(),
                rows["value"][here & (rows["group"] == g)].tolist(),
                strict=True,
            )
        )
        for g in ("girls", "boys")
    }
    years = sorted(y for y in groups["girls"].keys() & groups["boys"].keys() if pupils.get(y - 1, 0) > 0)
    if len(years) < 3:
        return None
    at = np.array(years)
    value = {g: np.array([groups[g][y] for y in years], dtype=float) for g in groups}
    n = np.array([pupils[y - 1] / 2 for y in years])
    half = {g: 196 * np.sqrt(v / 100 * (1 - v / 100) / n) for g, v in value.items()}
    gap, doubt = value["girls"] - value["boys"], np.hypot(half["girls"], half["boys"])
    known = np.flatnonzero(~np.isnan(doubt))
    return Gap(
        groups=tuple(
            (label, YearSeries(at, value[g], value[g] - half[g], np.minimum(value[g] + half[g], 100), n))
            for g, label in (("girls", Words("flickor", "girls")), ("boys", Words("pojkar", "boys")))
        ),
        gap=YearSeries(at, gap, gap - doubt, gap + doubt, 2 * n),
        change=_moved(gap, doubt, known),
        calendar=True,
    )


def _moved(
    gap: npt.NDArray[np.float64], doubt: npt.NDArray[np.float64], known: npt.NDArray[np.intp]
) -> tuple[float, float, float]:
    """What the gap moved between the first and the last year whose uncertainty is known."""
    if len(known) < 2:
        return (np.nan, np.nan, np.nan)
    moved, half = gap[known[-1]] - gap[known[0]], np.hypot(doubt[known[-1]], doubt[known[0]])
    return (float(moved), float(moved - half), float(moved + half))


COLUMNS: tuple[tuple[str, Words, Words, Scale, CellKind, str], ...] = (
    (
        "pupils_year_9",
        Words("Elever i årskurs 9", "Pupils in year 9"),
        Words("Åk 9", "Yr 9"),
        scales.PUPILS,
        CellKind.COUNT,
        "siris_pupils",
    ),
    (
        "share_parents_tertiary",
        Words(
            "Elever med föräldrar med eftergymnasial utbildning", "Pupils whose parents have post-secondary education"
        ),
        Words("Föräldrar", "Parents"),
        scales.SHARE,
        CellKind.SHARE,
        "siris_pupils",
    ),
    ("merit_value", scales.MERIT_NAME, Words("Merit", "Merit"), scales.MERIT, CellKind.MEAN, "siris_grades"),
    (
        "share_all_subjects_year_9",
        Words("Godkända i alla ämnen", "Passes in all subjects"),
        Words("Alla ämnen", "All"),
        scales.SHARE,
        CellKind.SHARE,
        "siris_grades",
    ),
    (
        "share_eligible_vocational",
        Words("Behöriga till yrkesprogram", "Eligible for vocational programmes"),
        Words("Behöriga", "Eligible"),
        scales.SHARE,
        CellKind.SHARE,
        "siris_grades",
    ),
    (
        "share_certified_teachers",
        Words("Lärare med legitimation och behörighet", "Registered, qualified teachers"),
        Words("Lärare", "Teachers"),
        scales.SHARE,
        CellKind.SHARE,
        "siris_staff",
    ),
)
"""Columns of the table of schools: measure, heading, short heading, scale, kind, and whose rules of disclosure."""


def newest(con: duckdb.DuckDBPyConnection, units: frozenset[str]) -> Sequence[Measured]:
    """The newest school year of each measure that any of the area's schools has, for the table of schools."""
    rows = question.statistics(con, [c[0] for c in COLUMNS], level="unit")
    return [m for column in COLUMNS if (m := _newest_of(rows, column, units, calendar=False)) is not None]


def survey(con: duckdb.DuckDBPyConnection, units: frozenset[str]) -> Sequence[Measured]:
    """The newest round of the school survey in which any of the area's schools has an index."""
    rows = question.statistics(con, [c[0] for c in SURVEY], level="unit", period_kind="calendar_year")
    return [m for column in SURVEY if (m := _newest_of(rows, column, units, calendar=True)) is not None]


def _newest_of(
    rows: Columns, column: tuple[str, Words, Words, Scale, CellKind, str], units: frozenset[str], *, calendar: bool
) -> Measured | None:
    measure, heading, short, scale, kind, source = column
    own = np.array([u in units for u in rows["area_code"]], dtype=bool) & (rows["measure"] == measure)
    with_value = own & (rows["status"] == "")
    if not with_value.any():
        return None
    year = int(rows["year"][with_value].max())
    at = own & (rows["year"] == year)
    value, n, low, high = (rows[c][at].astype(float) for c in ("value", "n", "low", "high"))
    period = year if calendar else SchoolYear(year)
    return Measured(
        measure,
        heading,
        short,
        scale,
        kind,
        period,
        rows["area_code"][at],
        value,
        n,
        low,
        high,
        rows["status"][at],
        source,
    )


SURVEY: tuple[tuple[str, Words, Words, Scale, CellKind, str], ...] = (
    (
        "survey_answers",
        Words("Svar", "Answers"),
        Words("Svar", "Answers"),
        scales.PUPILS,
        CellKind.COUNT,
        "skolenkaten",
    ),
    (
        "survey_index_trygghet",
        Words("Trygghet", "Safety (trygghet)"),
        Words("Trygghet", "Safety"),
        scales.INDEX,
        CellKind.INDEX,
        "skolenkaten",
    ),
    (
        "survey_index_studiero",
        Words("Studiero", "Calm (studiero)"),
        Words("Studiero", "Calm"),
        scales.INDEX,
        CellKind.INDEX,
        "skolenkaten",
    ),
    (
        "survey_index_forhindra_krankningar",
        Words("Förhindra kränkningar", "Preventing abusive treatment"),
        Words("Kränkn.", "Abuse"),
        scales.INDEX,
        CellKind.INDEX,
        "skolenkaten",
    ),
)
"""Columns of the table of the school survey."""
