"""Scheduled and missed minutes, month by month."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from likvard.simulate.climate import CALM, STEERING
from likvard.simulate.rolls import FORM, FORMS, Roll
from likvard.simulate.settings import Settings
from likvard.simulate.streams import Floats, Topic, Whole, stream
from likvard.simulate.tables import declared, numbers, pseudonyms, same, texts
from likvard.simulate.years import Year, codes
from likvard.terms import SchoolForm

TERMS = {"HT": (8, 9, 10, 11, 12), "VT": (1, 2, 3, 4, 5, 6)}
_DAYS = {8: 10, 9: 21, 10: 22, 11: 17, 12: 14, 1: 16, 2: 16, 3: 22, 4: 16, 5: 19, 6: 6}
_SEASON = {8: 0.6, 9: 0.85, 10: 0.95, 11: 1.1, 12: 1.15, 1: 1.05, 2: 1.2, 3: 1.15, 4: 1.0, 5: 0.95, 6: 0.8}
_WITH_DUTY = (
    SchoolForm.PRESCHOOL_CLASS,
    SchoolForm.COMPULSORY,
    SchoolForm.ADAPTED_COMPULSORY,
    SchoolForm.SPECIAL,
    SchoolForm.SAMI,
    SchoolForm.UPPER_SECONDARY,
    SchoolForm.ADAPTED_UPPER_SECONDARY,
)
_UPPER_AS = 10  # upper secondary school goes on where year 9 ends
_MOST = 0.97


def attendance(settings: Settings, year: Year, term: str) -> pa.Table:
    """Return the attendance of a term: pupils by months, those from preschool class to upper secondary school."""
    roll = year.roll.of(*_WITH_DUTY)
    months = TERMS[term]
    rng = stream(settings.seed, Topic.ATTENDANCE, year.plan.place.index, year.year, list(TERMS).index(term))
    lesson = settings.attendance.lesson
    lessons = np.outer(_daily_minutes(roll) // lesson, [_DAYS[m] for m in months])
    tendency = _tendency(settings, year, roll)
    shape = settings.attendance.shape
    rate = tendency[:, None] * [_SEASON[m] for m in months] * rng.gamma(shape, 1 / shape, lessons.shape)
    missed = np.floor(np.minimum(rate, _MOST) * lessons + rng.random(lessons.shape)).astype(np.int64)
    missed = np.minimum(missed, lessons)
    truant = rng.binomial(missed, _truant(settings, roll)[:, None])
    silent = np.minimum(rng.poisson(lessons * _unreported(year, roll)[:, None]), lessons - missed)
    return _table(year, roll, term, lesson, lessons, missed - truant, truant, silent)


def _daily_minutes(roll: Roll) -> Whole:
    """Teaching a day by the time plan, roughly: 180 minutes in preschool class to 330 in upper secondary school."""
    return np.where(roll.form == FORM[SchoolForm.PRESCHOOL_CLASS], 180, 240 + 10 * _study(roll))


def _study(roll: Roll) -> Whole:
    upper = np.isin(roll.form, (FORM[SchoolForm.UPPER_SECONDARY], FORM[SchoolForm.ADAPTED_UPPER_SECONDARY]))
    return np.where(upper, _UPPER_AS, roll.study.astype(np.int64))


def _tendency(settings: Settings, year: Year, roll: Roll) -> Floats:
    """The share of the time that a pupil is expected to miss: log-normal, less where the unit is calm."""
    numbers_of = settings.attendance
    calm = year.climate.at(year.year)[:, CALM][roll.seat]
    logarithm = numbers_of.spread * roll.tendency + numbers_of.by_year * (_study(roll) - 5) + numbers_of.calm * calm
    found: Floats = numbers_of.median * np.exp(logarithm)
    return found


def _truant(settings: Settings, roll: Roll) -> Floats:
    """Share of the missed time without leave: rises with age and with how much is missed."""
    found: Floats = settings.attendance.unauthorised * np.exp(0.12 * (_study(roll) - 5) + 0.4 * roll.tendency)
    return np.minimum(found, 0.85)


def _unreported(year: Year, roll: Roll) -> Floats:
    """Share of the lessons that nobody reports: more where steering is weak."""
    steering = year.climate.at(year.year)[:, STEERING][roll.seat]
    found: Floats = 0.004 * np.exp(-0.5 * steering)
    return found


def _table(
    year: Year,
    roll: Roll,
    term: str,
    lesson: int,
    lessons: Whole,
    authorised: Whole,
    unauthorised: Whole,
    unreported: Whole,
) -> pa.Table:
    months = len(TERMS[term])
    calendar = year.year + (term == "VT")
    days = np.array([date(calendar, month, 1) for month in TERMS[term]], dtype="datetime64[D]")
    pupil = np.repeat(np.arange(len(roll)), months)

    def minutes(count: npt.NDArray[np.int64]) -> pa.Array:
        return numbers(count.ravel() * lesson, pa.int32())

    return declared(
        "attendance",
        {
            "pupil_id": pseudonyms(roll.key).take(pa.array(pupil)),
            "unit_code": texts(codes(year), roll.unit[pupil]),
            "school_form": texts([str(form) for form in FORMS], roll.form[pupil]),
            "school_year": same(year.year, len(pupil), pa.int16()),
            "month": numbers(np.tile(days, len(roll)), pa.date32()),
            "scheduled_minutes": minutes(lessons),
            "authorised_minutes": minutes(authorised),
            "unauthorised_minutes": minutes(unauthorised),
            "unreported_minutes": minutes(unreported),
        },
    )
