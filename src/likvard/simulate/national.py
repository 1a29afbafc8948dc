"""National tests of years 6 and 9: a raw score, exactly linear in what lies behind it, and a test grade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from likvard.simulate.results import Marks
from likvard.simulate.settings import Settings
from likvard.simulate.streams import Flags, Floats, Topic, Whole, stream
from likvard.simulate.subjects import COLUMN, GRADES, points, thresholds
from likvard.simulate.tables import declared, joined, numbers, pseudonyms, same, texts
from likvard.simulate.years import FINAL_STUDY, Year, codes

CORE = ("En", "Ma", "Sv")
_SCIENCE, _SOCIETY = ("Bi", "Fy", "Ke"), ("Ge", "Hi", "Re", "Sh")
NOISE = 0.55
"""SD of a test's own chance, in latent units: a test and a grade agree in about six of ten."""
RAW_MEAN, RAW_UNIT = 100.0, 12.0
"""A raw score is 100 + 12 latent units, as a whole number: SD 22, so that hardly anybody reaches 0 or 200."""
RAW_MOST = 200
_STRICTER = {"Ma": 0.22, "Sv": -0.05, "En": -0.20}  # teachers set better grades in mathematics than the test gives
_ABSENT = 0.045


@dataclass(frozen=True, slots=True)
class Sitting:
    """One subject's test: which of the marks' pupils take it, who was away, raw scores and grades (0-5 for F-A)."""

    subject: str
    pupil: Whole
    away: Flags
    raw: Whole
    grade: npt.NDArray[np.int8]


def sittings(settings: Settings, year: Year, marks: Marks) -> list[Sitting]:
    """Return the tests that the pupils of a year of study take in a municipality, none in a year without tests.

    In year 9 every unit also has one subject of science and one of society, another each year.
    """
    if year.year in settings.results.cancelled_tests or not len(marks.roll):
        return []
    study = int(marks.roll.study[0])
    rng = stream(settings.seed, Topic.TESTS, year.plan.place.index, year.year, study)
    subjects: list[tuple[str, Whole]] = [(code, np.arange(len(marks.roll))) for code in CORE]
    if study == FINAL_STUDY:
        for pool in (_SCIENCE, _SOCIETY):
            turn = (marks.roll.seat + year.year) % len(pool)
            subjects += [(code, np.flatnonzero(turn == place)) for place, code in enumerate(pool)]
    return [_sitting(rng, marks, code, pupil) for code, pupil in subjects if len(pupil)]


def _sitting(rng: np.random.Generator, marks: Marks, code: str, pupil: Whole) -> Sitting:
    column = COLUMN[code]
    latent = marks.latent[pupil, column] + NOISE * rng.normal(size=len(pupil))
    raw = np.clip(np.rint(RAW_MEAN + RAW_UNIT * latent), 0, RAW_MOST).astype(np.int64)
    reached = (latent - _STRICTER.get(code, 0.0))[:, None] >= thresholds()[column]
    away = rng.random(len(pupil)) < np.clip(_ABSENT * np.exp(0.8 * marks.roll.tendency[pupil] - 0.3), 0, 0.6)
    return Sitting(code, pupil, away, raw, reached.sum(axis=1).astype(np.int8))


def tests(settings: Settings, year: Year) -> pa.Table:
    """Return the national tests of years 6 and 9: per pupil and subject a part (A, raw score) and the test (grade)."""
    parts = [
        _table(year, marks, sitting)
        for marks in (year.earlier, year.final)
        for sitting in sittings(settings, year, marks)
    ]
    return joined("national_test", parts)


def _table(year: Year, marks: Marks, sitting: Sitting) -> pa.Table:
    """Two rows a pupil: the part, then the whole test."""
    roll, pupil, size = marks.roll, np.repeat(sitting.pupil, 2), 2 * len(sitting.pupil)
    whole = np.arange(size) % 2 == 1
    away, grade = np.repeat(sitting.away, 2), np.repeat(sitting.grade, 2)
    second = marks.second[pupil] if sitting.subject == "Sv" else np.zeros(size, bool)
    return declared(
        "national_test",
        {
            "pupil_id": pseudonyms(roll.key).take(pa.array(pupil)),
            "unit_code": texts(codes(year), roll.unit[pupil]),
            "school_year": same(year.year, size, pa.int16()),
            "grade_year": numbers(roll.study[pupil], pa.int8()),
            "subject": texts((sitting.subject, "Sva"), second.astype(np.int8)),
            "part": texts(("A", "test"), whole.astype(np.int8)),
            "grade": texts(GRADES, np.where(whole & ~away, grade, np.int8(-1))),
            "points": numbers(_points(year, sitting, whole), pa.float64(), away),
            "status": texts(("", "did_not_take_part"), away.astype(np.int8)),
        },
    )


def _points(year: Year, sitting: Sitting, whole: Flags) -> Floats:
    worth = points("AF", date(year.year + 1, 6, 10))
    return np.where(whole, worth[np.repeat(sitting.grade, 2)], np.repeat(sitting.raw, 2).astype(float))
