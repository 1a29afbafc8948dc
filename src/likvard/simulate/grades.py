"""Grades of every form, in long form: one row a pupil and subject."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from likvard.simulate.programmes import COURSES
from likvard.simulate.results import STATUS, Marks
from likvard.simulate.rolls import Roll
from likvard.simulate.settings import Settings
from likvard.simulate.streams import Topic, Whole, stream
from likvard.simulate.subjects import CODES, COLUMN, GRADES, LANGUAGES, MOTHER_TONGUES, points
from likvard.simulate.tables import declared, joined, numbers, pseudonyms, same, texts
from likvard.simulate.years import FINAL_STUDY, Year, codes
from likvard.terms import SchoolForm

_SECOND = "Sva"
_SUBJECTS = [*CODES, _SECOND]
_ADAPTED = ("Bl", "En", "Hkk", "Idh", "Ma", "Mu", "NO", "SO", "Sl", "Sv", "Tk")
_ADAPTED_UPPER = ("En", "Ma", "Sv")
_IN_SUBJECTS, _REQUESTED = 0.55, 0.65
_GY25_FIRST = 2025  # autumn in which those who begin have levels in place of courses


def grades(settings: Settings, year: Year) -> pa.Table:
    """Return all grades set in the spring of a school year in a municipality."""
    parts = [
        _of_marks(year, year.final, SchoolForm.COMPULSORY),
        _of_marks(year, year.earlier.of_form(SchoolForm.COMPULSORY), SchoolForm.COMPULSORY),
        _of_marks(year, year.earlier.of_form(SchoolForm.SAMI), SchoolForm.SAMI),
        _of_marks(year, year.special, SchoolForm.SPECIAL),
        *(_adapted(settings, year, SchoolForm.ADAPTED_COMPULSORY, study, _ADAPTED) for study in (6, FINAL_STUDY)),
        *(_adapted(settings, year, SchoolForm.ADAPTED_UPPER_SECONDARY, study, _ADAPTED_UPPER) for study in range(1, 5)),
        *(_upper(year, ago) for ago in range(1, len(year.leaving) + 1)),
        *(_adults(settings, year, form) for form in (SchoolForm.ADULT, SchoolForm.SWEDISH_FOR_IMMIGRANTS)),
    ]
    return joined("grade", parts)


def _rows(
    year: Year,
    roll: Roll,
    pupil: Whole,
    *,
    form: SchoolForm,
    kind: str,
    scale: str,
    grade: npt.NDArray[np.int8],
    **columns: pa.Array,
) -> pa.Table:
    """Rows of the table: `pupil` says which of the roll each is about, `grade` 0-5 for F-A or -1 for none."""
    size = len(pupil)
    worth = points(scale, date(year.year + 1, 6, 10))
    study = roll.study[pupil]
    standard = {
        "pupil_id": pseudonyms(roll.key).take(pa.array(pupil)),
        "unit_code": texts(codes(year), roll.unit[pupil]),
        "school_form": same(str(form), size),
        "school_year": same(year.year, size, pa.int16()),
        "grade_year": numbers(study, pa.int8(), study < 0),
        "term": same("VT", size),
        "kind": same(kind, size),
        "grade": texts(GRADES, grade),
        "points": numbers(worth[grade], pa.float64(), grade < 0),
        "status": same("", size),
    }
    return declared("grade", standard | columns)


def _of_marks(year: Year, marks: Marks, form: SchoolForm) -> pa.Table:
    pupil, column = np.nonzero(marks.present)
    subject = np.where(marks.second[pupil] & (column == COLUMN["Sv"]), len(CODES), column)
    final = len(marks.roll) > 0 and int(marks.roll.study[0]) >= FINAL_STUDY
    return _rows(
        year,
        marks.roll,
        pupil,
        form=form,
        kind="final" if final else "term",
        scale="AF",
        grade=marks.grade[pupil, column],
        subject=texts(_SUBJECTS, subject),
        language=texts([*LANGUAGES, *MOTHER_TONGUES], _languages(marks.roll, pupil, column)),
        status=texts(STATUS, marks.status[pupil, column]),
    )


def _languages(roll: Roll, pupil: Whole, column: Whole) -> Whole:
    """The modern language or the mother tongue that a row is about, -1 in other subjects."""
    draw = roll.coin[pupil] * 31 % 1
    modern = np.searchsorted((0.56, 0.81, 1.0), draw, side="right").clip(max=len(LANGUAGES) - 1)
    tongue = len(LANGUAGES) + (draw**1.5 * len(MOTHER_TONGUES)).astype(np.int64)
    return np.where(column == COLUMN["M1"], modern, np.where(column == COLUMN["ML"], tongue, -1))


def _adapted(settings: Settings, year: Year, form: SchoolForm, study: int, subjects: tuple[str, ...]) -> pa.Table:
    """Adapted school: A-E in subjects for those who ask; where E is not reached no grade is set. Others study subject
    areas, without grades."""
    roll = year.roll.of(form, study=study)
    roll = roll.where((roll.coin < _IN_SUBJECTS) & (roll.coin / _IN_SUBJECTS < _REQUESTED))
    place = (year.plan.place.index, year.year, study, form is SchoolForm.ADAPTED_COMPULSORY)
    rng = stream(settings.seed, Topic.ADAPTED, *(int(number) for number in place))
    pupil, column = (side.ravel() for side in np.indices((len(roll), len(subjects))))
    latent = 0.7 * roll.ability[pupil] + 0.7 * rng.normal(size=len(pupil))
    grade = np.searchsorted((-1.3, -0.1, 0.6, 1.3, 1.9), latent).astype(np.int8)
    return _rows(
        year,
        roll,
        pupil,
        form=form,
        kind="final" if study == FINAL_STUDY or form is SchoolForm.ADAPTED_UPPER_SECONDARY else "term",
        scale="adapted",
        grade=np.where(grade > 0, grade, np.int8(-1)),
        subject=texts(subjects, column),
        course=same("år " + str(study) if form is SchoolForm.ADAPTED_UPPER_SECONDARY else None, len(pupil)),
        status=texts(("", "not_graded"), (grade == 0).astype(np.int8)),
    )


def _upper(year: Year, ago: int) -> pa.Table:
    """The courses that end this year, for those who began `ago` years back."""
    career = year.leaving[ago - 1]
    here = career.stays >= ago
    roll = year.uppers[ago - 1]
    due = np.array([course.year == ago for course in COURSES])
    pupil, column = np.nonzero((career.grade[here] >= 0) & due)
    levels = year.year - ago + 1 >= _GY25_FIRST
    names = [_level(course.name) if levels else course.name for course in COURSES]
    return _rows(
        year,
        roll,
        pupil,
        form=SchoolForm.UPPER_SECONDARY,
        kind="final",
        scale="Gy25" if levels else "AF",
        grade=career.grade[here][pupil, column],
        subject=texts([course.subject for course in COURSES], column),
        course=texts(names, column),
    )


def _level(course: str) -> str:
    """A course as a level of its subject under Gy25; English 5 and 6 are levels 1 and 2."""
    subject, _, number = course.rpartition(" ")
    if not subject:
        return course
    return f"{subject} nivå {int(number) - 4 if subject == 'Engelska' else number}"


def _adults(settings: Settings, year: Year, form: SchoolForm) -> pa.Table:
    """One course each: Swedish or mathematics 1, or one of the courses A-D of Swedish for immigrants."""
    roll = year.roll.of(form)
    learns = form is SchoolForm.SWEDISH_FOR_IMMIGRANTS
    rng = stream(settings.seed, Topic.ADULTS, year.plan.place.index, year.year, 1 + learns)
    done = np.flatnonzero(rng.random(len(roll)) < 0.7)
    which = rng.integers(0, 4 if learns else 2, len(done))
    grade = np.searchsorted((-1.1, 0.1, 0.7, 1.2, 1.7), roll.ability[done]).astype(np.int8)
    return _rows(
        year,
        roll,
        done,
        form=form,
        kind="final",
        scale="AF",
        grade=grade,
        subject=texts(("Sfi",) * 4 if learns else ("Sv", "Ma"), which),
        course=texts(("A", "B", "C", "D") if learns else ("Svenska 1", "Matematik 1"), which),
    )
