"""Upper secondary school: who goes to which programme and unit after year 9, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from likvard.rulebook import eligibility_rule
from likvard.simulate.effects import Effects
from likvard.simulate.people import Cohort, Small
from likvard.simulate.programmes import CODES, COURSES, INTRODUCTORY, NATIONAL
from likvard.simulate.results import Marks, eligible
from likvard.simulate.rolls import FORM, Roll, roll
from likvard.simulate.seats import Role
from likvard.simulate.settings import Settings
from likvard.simulate.streams import Flags, Floats, Topic, Whole, stream
from likvard.simulate.subjects import COLUMN, NONE, points, thresholds
from likvard.simulate.units import Plan
from likvard.terms import SchoolForm

YEARS = 3
_LEAVING_AGE = 15
_IM = CODES.index(INTRODUCTORY)
_CENTRE = np.array([*(p.centre for p in NATIONAL), -1.6])
_TAUGHT = 1.0  # how far a programme's demands follow its pupils
_HARDER = 0.75  # than year 9, in latent units
_ENOUGH = 0.9  # of the points: 2,250 of 2,500


@dataclass(frozen=True, slots=True)
class Career:
    """What the leavers of one year do in upper secondary school. `stays` is how many years; `grade` has the courses
    of `COURSES` as columns, -1 where a course is not read or not reached."""

    birth_year: int
    row: Whole
    programme: Small
    seat: Whole
    stays: Small
    grade: npt.NDArray[np.int8]
    diploma: Flags
    average: Floats


def careers(settings: Settings, plan: Plan, effects: Effects, leavers: Marks, year: int) -> Career:
    """Return the careers of those who leave year 9 in a school year."""
    rng = stream(settings.seed, Topic.UPPER, plan.place.index, year)
    on = date(year + 1, 8, 1)
    programme = _choices(rng, plan, leavers, on)
    seat = _seats(rng, plan, programme)
    above = leavers.common - _HARDER - _TAUGHT * _CENTRE[programme]
    above += effects.total(year)[seat] / settings.results.points_per_unit
    likely = ndtr(-1.22 - 0.30 * above + 0.35 * leavers.roll.tendency)
    stays = np.where(rng.random(len(seat)) < likely, rng.integers(1, YEARS, len(seat)), YEARS)
    stays = np.where(programme == _IM, np.minimum(stays, 2), stays).astype(np.int8)
    grade = _grades(rng, programme, above, stays)
    worth = np.array([course.points for course in COURSES], dtype=float)
    read, passed = (grade >= 0) * worth, (grade > 0) * worth
    core = np.array([course.core for course in COURSES])
    national = (programme != _IM) & (stays == YEARS)
    diploma = national & (passed.sum(1) >= _ENOUGH * read.sum(1)) & ((grade != 0) | ~core).all(1)
    scale = points("AF", date(year, 8, 1))
    average = (np.where(grade >= 0, scale[grade], 0.0) * worth).sum(1) / np.maximum(read.sum(1), 1)
    return Career(
        year - _LEAVING_AGE,
        leavers.roll.row,
        programme,
        seat,
        stays,
        grade,
        diploma,
        average,
    )


def _choices(rng: np.random.Generator, plan: Plan, leavers: Marks, on: date) -> Small:
    """A programme for each leaver: by what draws pupils like them, among those that they are eligible for."""
    offered = {code for seat in plan.seats for code in seat.programmes}
    asked = eligibility_rule(on).needs or {}
    draws = np.full((len(leavers.roll), len(CODES)), -np.inf)
    draws[:, _IM] = -50.0
    side = np.where(leavers.roll.girl, 0.5, -0.5)
    noise = rng.gumbel(size=draws.shape)
    may = {kind: eligible(leavers, kind, on) for kind in asked}
    for column, programme in enumerate(NATIONAL):
        kind = next((k for k, need in asked.items() if programme.code in need.programmes), None)
        if kind is None or programme.code not in offered:
            continue
        fit = -0.7 * (leavers.common / 1.6 - programme.centre) ** 2
        liking = np.log(programme.share) + fit + 1.6 * programme.girls * side + noise[:, column]
        draws[:, column] = np.where(may[kind], liking, -np.inf)
    chosen: Small = draws.argmax(axis=1).astype(np.int8)
    return chosen


def _seats(rng: np.random.Generator, plan: Plan, programme: Small) -> Whole:
    """A seat for each pupil, among those that offer the programme."""
    upper = np.flatnonzero(plan.roles(Role.UPPER))
    draw = rng.random(len(programme))
    seat = np.full(len(programme), upper[0])
    for column, code in enumerate(CODES):
        offers = np.array([i for i in upper if code in plan.seats[i].programmes])
        if len(offers):
            upto = np.cumsum([plan.seats[i].weight for i in offers])
            mine = programme == column
            seat[mine] = offers[np.searchsorted(upto / upto[-1], draw[mine], side="right").clip(max=len(offers) - 1)]
    return seat


def _grades(rng: np.random.Generator, programme: Small, above: Floats, stays: Small) -> Small:
    preparatory = np.array([*(p.preparatory for p in NATIONAL), False])[programme]
    own = rng.normal(size=len(programme))
    latent = above[:, None] + 0.5 * own[:, None] + 0.87 * rng.normal(size=(len(programme), len(COURSES)))
    grade: Small = (latent[:, :, None] >= thresholds()[COLUMN["Sh"]] - 0.25).sum(axis=2).astype(np.int8)
    for column, course in enumerate(COURSES):
        reads = stays >= course.year
        if course.preparatory is not None:
            reads = reads & (preparatory == course.preparatory)
        if not (course.core and course.year == 1):
            reads = reads & (programme != _IM)
        grade[~reads, column] = NONE
    return grade


def upper_roll(plan: Plan, cohort: Cohort, career: Career, year: int) -> Roll:
    """The leavers of an earlier year who are in upper secondary school in a school year."""
    study = year - career.birth_year - 15
    here = career.stays >= study
    filled = plan.filled(year)
    seat = np.where(filled[career.seat] >= 0, career.seat, plan.heir_late[career.seat])
    form = np.full(len(seat), FORM[SchoolForm.UPPER_SECONDARY])
    return roll(
        plan,
        cohort,
        career.row[here],
        year,
        form=form[here],
        study=study,
        seat=seat[here],
        group=(cohort.coin[career.row[here]] * 3).astype(np.int8),
        programme=career.programme[here],
    )


def adapted_roll(plan: Plan, cohort: Cohort, year: int) -> Roll:
    """Those of the cohort in adapted upper secondary school, which has four years from the age of 16."""
    study = year - cohort.birth_year - 15
    rows = np.flatnonzero((cohort.special == 1) & (cohort.arrival <= 15))
    hosts = [i for i, seat in enumerate(plan.seats) if SchoolForm.ADAPTED_UPPER_SECONDARY in seat.forms]
    form = np.full(len(rows), FORM[SchoolForm.ADAPTED_UPPER_SECONDARY])
    return roll(plan, cohort, rows, year, form=form, study=study, seat=np.full(len(rows), hosts[0]), group=None)
