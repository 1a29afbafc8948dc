"""Statistics as the agencies would publish them of the synthetic country: rounded, and hidden where they hide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from likvard.simulate.climate import TEACHING
from likvard.simulate.national import sittings
from likvard.simulate.people import TERTIARY
from likvard.simulate.programmes import CODES, INTRODUCTORY
from likvard.simulate.results import Marks, eligible, every_subject, merit
from likvard.simulate.settings import Settings
from likvard.simulate.streams import Flags, Floats, Topic, Whole, shares, stream
from likvard.simulate.subjects import points
from likvard.simulate.survey import AREAS, FEWEST_ANSWERS, GROUPS, Answers, ending, indexes
from likvard.simulate.tables import declared, joined, numbers, same, texts
from likvard.simulate.years import Year, codes
from likvard.terms import NATION, SchoolForm

FEWEST = 10
"""Pupils behind a figure of a unit, and pupils counted by a share of background (SIRIS from 2020/21)."""
NEAR_ALL = 4
ELIGIBILITY = ("vocational", "arts", "social", "science")
_TESTS = {"Sv": "sve", "Sva": "sva", "En": "eng", "Ma": "ma"}


@dataclass(frozen=True, slots=True)
class Where:
    """Which rows of the table some cells are: level, form, group, and the calendar year if it is one.

    `fewest` is how many must stand behind a figure for it to be shown.
    """

    level: str = "unit"
    form: str = str(SchoolForm.COMPULSORY)
    group: str = "all"
    calendar: int | None = None
    fewest: int = FEWEST


UNIT = Where()
COUNTED = replace(UNIT, fewest=0)


@dataclass(frozen=True, slots=True)
class Cells:
    """Figures of one measure. `reached` is the numerator of a share, for which nearly all is told apart.

    With `counted`, a share is also hidden if few reached it. `stored` is 100 for a share that is stored as per cent,
    `shown` 100 for one that is published as per cent and stored 0-1.
    """

    measure: str
    codes: Sequence[str]
    value: Floats
    n: Whole
    where: Where = UNIT
    reached: Whole | None = None
    counted: bool = False
    stored: float = 1.0
    shown: float = 1.0
    decimals: int = 1


@dataclass(frozen=True, slots=True)
class _Pooled:
    """Pupils with final grades of all municipalities, for a level above the unit."""

    codes: Sequence[str]
    place: Whole
    girl: Flags
    merit: Floats
    every: Flags
    eligible: Flags


def table(year: int, cells: Cells) -> pa.Table:
    """Return the cells as rows: a value, or the symbol that stands in its place."""
    size, where = len(cells.codes), cells.where
    few, near = _hidden(cells)
    status = np.where(near, 1, np.where(few, 2, 0))
    n = np.maximum(cells.n, 1)
    return declared(
        "statistic",
        {
            "measure": same(cells.measure, size),
            "level": same(where.level, size),
            "area_code": pa.array(cells.codes, pa.string()),
            "school_form": same(where.form, size),
            "group": same(where.group, size),
            "period_kind": same("school_year" if where.calendar is None else "calendar_year", size),
            "year": same(where.calendar or year, size, pa.int16()),
            "value": numbers(
                np.round(cells.value * cells.shown, cells.decimals) / cells.shown, pa.float64(), status > 0
            ),
            "low": numbers(np.maximum(n - NEAR_ALL, 0) / n * cells.stored, pa.float64(), ~near),
            "high": numbers((n - 1) / n * cells.stored, pa.float64(), ~near),
            "status": texts(("", "near_all", "few"), status),
            "raw": pa.array(_raw(cells, status), pa.string()),
            "n": numbers(cells.n, pa.int32(), few),
        },
    )


def _hidden(cells: Cells) -> tuple[Flags, Flags]:
    """Which cells rest on too few, and which are shown as nearly all."""
    few: Flags = (cells.n < cells.where.fewest) | np.isnan(cells.value)
    if cells.reached is None:
        return few, np.zeros(len(few), bool)
    if cells.counted:
        few = few | (cells.reached < FEWEST)
    missed = cells.n - cells.reached
    return few, ~few & (missed >= 1) & (missed <= NEAR_ALL)


def _raw(cells: Cells, status: npt.NDArray[np.integer]) -> list[str]:
    shown = (f"{value * cells.shown:.{cells.decimals}f}".replace(".", ",") for value in cells.value)
    return [("", "~100", "..")[s] or text for s, text in zip(status, shown, strict=True)]


def count(measure: str, names: Sequence[str], place: Whole, where: Where = COUNTED) -> Cells:
    """Return how many stand in each place, where there are any."""
    n = np.bincount(place, minlength=len(names))
    seen = np.flatnonzero(n)
    return Cells(measure, [names[int(i)] for i in seen], n[seen].astype(float), n[seen], where, decimals=0)


def mean(measure: str, names: Sequence[str], place: Whole, values: Floats, where: Where = UNIT) -> Cells:
    """Return the mean of each place that has pupils."""
    n = np.bincount(place, minlength=len(names))
    seen = np.flatnonzero(n)
    value = shares(place, values, len(names))
    return Cells(measure, [names[int(i)] for i in seen], value[seen], n[seen], where)


def share(
    measure: str, names: Sequence[str], place: Whole, reached: Flags, where: Where = UNIT, *, counted: bool = False
) -> Cells:
    """Return the share who reached something in each place that has pupils."""
    found = mean(measure, names, place, reached.astype(float), where)
    return replace(found, reached=np.rint(found.value * found.n).astype(np.int64), counted=counted, shown=100.0)


def statistics(settings: Settings, years: Sequence[Year], rounds: Sequence[Answers]) -> pa.Table:
    """Return everything that would be published of a school year and of the survey in its spring."""
    cells = [cell for year in years for cell in _of_municipality(settings, year)]
    cells += _above(years)
    cells += [cell for answers in rounds for cell in _of_survey(answers)]
    return joined("statistic", [table(years[0].year, cell) for cell in _merged(cells)])


def _merged(cells: Sequence[Cells]) -> Iterator[Cells]:
    """The cells of all municipalities together: a table for each of a hundred measures, not for each municipality."""
    alike: dict[tuple[str, Where], list[Cells]] = {}
    for cell in cells:
        if len(cell.codes):
            alike.setdefault((cell.measure, cell.where), []).append(cell)
    for parts in alike.values():
        reached = [part.reached for part in parts if part.reached is not None]
        yield replace(
            parts[0],
            codes=[code for part in parts for code in part.codes],
            value=np.concatenate([part.value for part in parts]),
            n=np.concatenate([part.n for part in parts]),
            reached=np.concatenate(reached) if reached else None,
        )


def _of_municipality(settings: Settings, year: Year) -> Iterator[Cells]:
    yield from _sizes(year)
    yield from _results(year, year.final, year_nine=True)
    yield from _results(year, year.earlier.of_form(SchoolForm.COMPULSORY), year_nine=False)
    yield from _tests(settings, year)
    yield from _staff(settings, year)
    yield from _upper(year)


def _sizes(year: Year) -> Iterator[Cells]:
    names, roll = codes(year), year.roll.of(SchoolForm.COMPULSORY)
    yield count("pupils", names, roll.unit)
    yield count("pupils_preschool_class", names, year.roll.of(SchoolForm.PRESCHOOL_CLASS).unit)
    for study in range(1, 10):
        yield count(f"pupils_year_{study}", names, roll.unit[roll.study == study])
    yield share("share_girls", names, roll.unit, roll.girl, counted=True)
    yield share("share_foreign_background", names, roll.unit, roll.foreign, counted=True)
    yield share("share_parents_tertiary", names, roll.unit, roll.education == TERTIARY, counted=True)


def _results(year: Year, marks: Marks, *, year_nine: bool) -> Iterator[Cells]:
    names, place = codes(year), marks.roll.unit
    taught = (marks.status != 3).all(axis=1)  # Waldorf schools set no grades in year 6
    if not year_nine:
        yield share("share_all_subjects_year_6", names, place[taught], every_subject(marks)[taught])
        return
    on = date(year.year + 1, 6, 10)
    passed = (marks.grade > 0).any(axis=1)
    yield mean("merit_value", names, place[passed], merit(marks, on)[passed])
    yield share("share_all_subjects_year_9", names, place, every_subject(marks))
    for kind in ELIGIBILITY:
        yield share(f"share_eligible_{kind}", names, place, eligible(marks, kind, on))


def _tests(settings: Settings, year: Year) -> Iterator[Cells]:
    names, worth = codes(year), points("AF", date(year.year + 1, 6, 10))
    for marks, study in ((year.earlier, 6), (year.final, 9)):
        for sitting in sittings(settings, year, marks):
            second = marks.second[sitting.pupil] & (sitting.subject == "Sv")
            for code, chosen in ((sitting.subject, ~second), ("Sva", second)):
                sat = chosen & ~sitting.away
                if code in _TESTS and sat.any():
                    place = marks.roll.unit[sitting.pupil[sat]]
                    yield mean(f"test_mean_{_TESTS[code]}_year_{study}", names, place, worth[sitting.grade[sat]])


def _staff(settings: Settings, year: Year) -> Iterator[Cells]:
    """Registered, qualified teachers: fewer where teaching is weak and intake is heavy. Headcounts are not kept."""
    roll = year.roll.of(SchoolForm.COMPULSORY)
    unit, place = np.unique(roll.unit, return_inverse=True)
    seat = year.plan.seat_of[unit]
    rng = stream(settings.seed, Topic.STAFF, year.plan.place.index, year.year)
    pupils = np.bincount(place)
    intake = shares(place, roll.education == TERTIARY, len(unit)) - 0.6
    level = 0.70 + 0.06 * year.climate.at(year.year)[seat, TEACHING] + 0.15 * intake + 0.07 * rng.normal(size=len(unit))
    per_teacher = np.exp(rng.normal(np.log(12.0), 0.14, len(unit)))
    teachers = np.maximum(np.rint(pupils / per_teacher), 1).astype(np.int64)
    qualified = rng.binomial(teachers, np.clip(level, 0.2, 0.97))
    names = [codes(year)[int(u)] for u in unit]
    staffed = replace(UNIT, fewest=3)
    yield Cells("share_certified_teachers", names, qualified / teachers, teachers, staffed, shown=100.0)
    yield Cells("pupils_per_teacher", names, pupils / teachers, teachers, staffed)


def _upper(year: Year) -> Iterator[Cells]:
    """Pupils per programme in the autumn; diploma within three years and grade points of those who leave."""
    names, roll = codes(year), year.roll.of(SchoolForm.UPPER_SECONDARY)
    upper = replace(UNIT, form=str(SchoolForm.UPPER_SECONDARY))
    for number, code in enumerate(CODES):
        place = roll.unit[roll.programme == number]
        yield count("pupils", names, place, replace(upper, group=code, fewest=0))
    leaving, filled = year.leaving[-1], year.plan.filled(year.year)
    unit = np.where(filled[leaving.seat] >= 0, filled[leaving.seat], filled[year.plan.heir_late[leaving.seat]])
    national = leaving.programme < CODES.index(INTRODUCTORY)
    for code in ("all", *CODES[:-1]):
        mine = national if code == "all" else leaving.programme == CODES.index(code)
        where, done = replace(upper, group=code), mine & leaving.diploma
        yield share("share_diploma", names, unit[mine], leaving.diploma[mine], where)
        yield mean("grade_points_mean", names, unit[done], leaving.average[done], where)


def _above(years: Sequence[Year]) -> Iterator[Cells]:
    """Organisers, municipalities and the nation, with girls and boys apart."""
    for level, fewest in (("organiser", 5), ("municipality", 5), ("nation", 3)):
        found = _pooled(years, level)
        for group in GROUPS:
            chosen = np.ones(len(found.place), bool) if group == "all" else found.girl == (group == "girls")
            where = Where(level=level, group=group, fewest=fewest)
            place, passed = found.place[chosen], chosen & ~np.isnan(found.merit)
            yield mean("merit_value", found.codes, found.place[passed], found.merit[passed], where)
            yield share("share_all_subjects_year_9", found.codes, place, found.every[chosen], where)
            able = share("share_eligible_vocational", found.codes, place, found.eligible[chosen], where)
            yield able
            if level == "municipality":
                yield _kolada(able, years[0].year)


def _kolada(able: Cells, year: int) -> Cells:
    """Eligibility as the municipal database gives it: per cent, by calendar year."""
    where = replace(able.where, form="", calendar=year + 1)
    return replace(able, measure="kolada:N15428", value=100 * able.value, where=where, stored=100.0, shown=1.0)


def _pooled(years: Sequence[Year], level: str) -> _Pooled:
    of_units = [np.array([_label(year, level, index) for index in range(len(year.plan.units))]) for year in years]
    labels = np.concatenate([of[year.final.roll.unit] for of, year in zip(of_units, years, strict=True)])
    names, place = np.unique(labels, return_inverse=True)
    marks = [year.final for year in years]
    on = date(years[0].year + 1, 6, 10)
    return _Pooled(
        codes=names.tolist(),
        place=place,
        girl=np.concatenate([m.roll.girl for m in marks]),
        merit=np.concatenate([np.where((m.grade > 0).any(axis=1), merit(m, on), np.nan) for m in marks]),
        every=np.concatenate([every_subject(m) for m in marks]),
        eligible=np.concatenate([eligible(m, "vocational", on) for m in marks]),
    )


def _label(year: Year, level: str, unit: int) -> str:
    if level == "organiser":
        return year.plan.units[unit].organiser.number
    return year.plan.place.code if level == "municipality" else NATION


def _of_survey(answers: Answers) -> Iterator[Cells]:
    """Indexes by sex, and how many were asked and answered; other rounds than year 8 name their respondents."""
    after = ending(answers.respondents)
    index, number = indexes(answers)
    where = Where(form=str(answers.form), calendar=answers.year, fewest=FEWEST_ANSWERS)
    most = number.max(axis=2).astype(np.int64)
    for g, group in enumerate(GROUPS):
        for a, area in enumerate(AREAS):
            own = replace(where, group=group)
            yield Cells(area.measure + after, answers.codes, index[:, g, a], most[:, g], own)
    size, all_of = answers.asked.sum(axis=1), replace(where, fewest=0)
    yield Cells("survey_group_size" + after, answers.codes, size.astype(float), size, all_of, decimals=0)
    yield Cells("survey_answers" + after, answers.codes, most[:, 0].astype(float), size, all_of, decimals=0)
    rate = most[:, 0] / np.maximum(size, 1)
    yield Cells("survey_response_rate" + after, answers.codes, rate, size, all_of, shown=100.0)
