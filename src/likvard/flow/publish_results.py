"""Year 9's results from pupils' records: exact sums per subject and group, and what the country's model expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from likvard.disclosure.cells import CellKind
from likvard.flow import pupils
from likvard.flow.publish_sums import Layout, Sums
from likvard.models.luck import year_luck
from likvard.models.multilevel import Fit
from likvard.models.multilevel_effects import effects
from likvard.moments.columns import number
from likvard.moments.moments import Moments, marginalise
from likvard.records.questions import pupils as leavers
from likvard.records.questions import results as question
from likvard.records.questions.columns import Columns

MERIT, POINTS, PASSING = "merit_value", "grade_points", "share_passing"
SHARES = {"share_all_subjects_year_9": "all_subjects", "share_eligible_vocational": "eligible"}
PASSING_YEARS = 5
"""For how many years organisers' shares who pass a subject come by group: few fail, so that most are hidden anyway."""

CEILING = {MERIT: 340.0, POINTS: 20.0}


@dataclass(frozen=True, eq=False)
class Expected:
    """What is expected of units in one measure over `years` taken together, in the measure's own unit.

    By unit: `difference` the conditional mode and the standard deviation of its error, `mean` what is expected over
    the years. By unit and year: `band` where the unit's result is expected to lie, 95 %.
    """

    years: tuple[int, ...]
    difference: Mapping[str, tuple[float, float]]
    mean: Mapping[str, float]
    band: Mapping[tuple[str, int], tuple[float, float]]


@dataclass(frozen=True, eq=False)
class Measured:
    """One measure of one subject: its sums, a year's luck (standard deviation), and what is expected, if anything is."""

    sums: Sums
    luck: float
    expected: Expected | None = None


@dataclass(frozen=True, eq=False)
class Results:
    """Every measure of year 9's results, and the records that the country's figures of merit are made from."""

    records: pupils.Records
    measures: tuple[Measured, ...]

    @property
    def pooled(self) -> tuple[int, ...]:
        """The years taken together where something is expected; none where there are too few units for that."""
        return self.records.pooled if self.records.enough else ()


def results(con: duckdb.DuckDBPyConnection, owner: Mapping[str, str]) -> Results | None:
    """Ask for every sum and fit every model, once for the country; None where the lake has no grades of year 9.

    `owner` is the organiser of each unit.
    """
    if not leavers.has_grades(con, sorted(owner)):
        return None
    found = pupils.records(con)
    return Results(found, (*_graded(con, found, owner), *_passing(con, owner)))


def _graded(con: duckdb.DuckDBPyConnection, found: pupils.Records, owner: Mapping[str, str]) -> Iterator[Measured]:
    """Merit, mean points in each subject, and shares of those who reach a goal, with what is expected of them."""
    columns = ("merit", *pupils.SUBJECTS, *SHARES.values())
    rows = question.sums(con, columns)
    layout = Layout.of(rows, owner)
    scale = float(leavers.SCALE)
    merit = _sums(rows, layout, "merit", MERIT, "", CellKind.MEAN, scale)
    yield _measured(merit, (found.moments, found.model), scale, found)
    for code in pupils.SUBJECTS:
        sums = _sums(rows, layout, code, POINTS, code, CellKind.MEAN, scale)
        if sums.n.any():
            model = _model(con, found, code, pupils.POINTS_REFERENCE)
            yield _measured(sums, model, scale, found)
    for measure, column in SHARES.items():
        sums = _sums(rows, layout, column, measure, "", CellKind.SHARE, 1.0)
        yield _measured(sums, _model(con, found, column, 0.0), 1.0, found)


def _model(
    con: duckdb.DuckDBPyConnection, found: pupils.Records, column: str, reference: float
) -> tuple[Moments, Fit] | None:
    return pupils.compared(con, found.pooled, number(column, reference)) if found.enough else None


def _sums(rows: Columns, layout: Layout, column: str, measure: str, subject: str, kind: CellKind, scale: float) -> Sums:
    n, total, squares = layout.dense(rows, f"{column}_n", f"{column}_total", f"{column}_squares")
    return Sums(
        measure,
        subject,
        "GR",
        kind,
        CEILING.get(measure),
        layout.unit,
        layout.years,
        n,
        total / scale,
        squares / scale**2,
        layout.places,
    )


def _passing(con: duckdb.DuckDBPyConnection, owner: Mapping[str, str]) -> Iterator[Measured]:
    """Shares who pass each subject; by group only for organisers, since few fail in a unit's group."""
    every = question.passing(con, pupils.SUBJECTS)
    for code in pupils.SUBJECTS:
        rows = {name: column[every["subject"] == code] for name, column in every.items()}
        if len(rows["unit"]):
            layout = Layout.of(rows, owner)
            n, total = layout.dense(rows, "n", "total")
            sums = Sums(
                PASSING,
                code,
                "GR",
                CellKind.SHARE,
                None,
                layout.unit,
                layout.years,
                n,
                total,
                total,
                layout.places,
                by_group=False,
                group_years=PASSING_YEARS,
            )
            yield Measured(sums, luck_of(sums))


def luck_of(sums: Sums) -> float:
    """A year's luck where no model tells it: from how units move from year to year."""
    within = float(sums.within[0])
    if not np.isfinite(within):
        return 0.0
    n = sums.n[:, :, 0]
    return year_luck(sums.total[:, :, 0] / np.where(n > 0, n, np.nan), n, within)


def _measured(sums: Sums, found: tuple[Moments, Fit] | None, scale: float, records: pupils.Records) -> Measured:
    if found is None or not records.enough:
        return Measured(sums, luck_of(sums))
    moments, model = found
    luck = float(model.varcomp[pupils.UNIT_YEAR.name][0, 0]) ** 0.5 / scale
    return Measured(sums, luck, _expected(moments, model, scale, records.pooled))


def _expected(moments: Moments, model: Fit, scale: float, years: tuple[int, ...]) -> Expected:
    effect = {e.name: e for e in effects(model)}["unit"]
    per_unit, per_year = marginalise(moments, ("unit",)), marginalise(moments, ("unit", "year"))
    units = _texts(effect.keys[0])
    sd = np.maximum(effect.comparison_sd[:, 0], 1e-9)
    pairs = zip((effect.mode[:, 0] / scale).tolist(), (sd / scale).tolist(), strict=True)
    means = (pupils.expected_means(model, per_unit) / scale).tolist()
    middle = pupils.expected_means(model, per_year) / scale
    spread = sum(float(c.covariance[0, 0]) for c in model.components)
    half = 1.96 * np.sqrt(spread + model.sigma2 / per_year.n) / scale
    ends = zip((middle - half).tolist(), (middle + half).tolist(), strict=True)
    places = zip(_texts(per_year.keys[0]), (int(y) for y in per_year.keys[1]), strict=True)
    return Expected(
        years,
        dict(zip(units, pairs, strict=True)),
        dict(zip(_texts(per_unit.keys[0]), means, strict=True)),
        dict(zip(places, ends, strict=True)),
    )


def _texts(keys: npt.NDArray[Any]) -> list[str]:
    return [str(key) for key in keys]
