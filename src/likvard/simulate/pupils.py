"""Who the pupils are and where they go to school."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from likvard.simulate.people import EDUCATION
from likvard.simulate.places import municipality_code
from likvard.simulate.programmes import CODES
from likvard.simulate.results import newcomer
from likvard.simulate.rolls import FORMS, Roll, together
from likvard.simulate.settings import MOST_MUNICIPALITIES
from likvard.simulate.streams import Flags, Whole
from likvard.simulate.tables import declared, numbers, pseudonyms, same, texts
from likvard.simulate.years import Year, codes

_MUNICIPALITIES = [municipality_code(index) for index in range(MOST_MUNICIPALITIES)]
_STUDIES, _LETTERS = 11, 26
_CLASSES = [f"{study}{chr(65 + letter)}" for study in range(_STUDIES) for letter in range(_LETTERS)]
_GROUPS = [f"{code}{study}{chr(97 + letter)}" for code in CODES for study in range(4) for letter in range(3)]
_UNKNOWN, _UNKNOWN_NEWCOMER = 0.006, 0.12


def unknown_education(roll: Roll) -> Flags:
    """Whose parents' education the register does not know: few, but many of those who came lately."""
    draw = roll.coin * 997 % 1
    found: Flags = draw < np.where(newcomer(roll), _UNKNOWN_NEWCOMER, _UNKNOWN)
    return found


def pupils(year: Year) -> pa.Table:
    """Return the background of everybody on the roll."""
    roll = year.roll
    education = np.where(unknown_education(roll), -1, roll.education)
    return declared(
        "pupil",
        {
            "pupil_id": pseudonyms(roll.key),
            "school_year": same(year.year, len(roll), pa.int16()),
            "birth_year": numbers(roll.birth_year, pa.int16()),
            "birth_month": numbers(roll.month, pa.int8()),
            "sex": texts(("boy", "girl"), roll.girl.astype(np.int8)),
            "parents_education": texts(EDUCATION, education),
            "foreign_background": pa.array(roll.foreign),
            "years_in_sweden": numbers(roll.here, pa.int8(), roll.here < 0),
            "municipality_code": texts(_MUNICIPALITIES, roll.home),
            "protected": pa.array(roll.protected),
        },
    )


def enrolments(year: Year) -> pa.Table:
    """Return every enrolment: the roll, and once more those who go to a leisure-time centre."""
    roll = together([year.roll, year.leisure])
    size = len(roll)
    return declared(
        "enrolment",
        {
            "pupil_id": pseudonyms(roll.key),
            "unit_code": texts(codes(year), roll.unit),
            "school_form": texts([str(form) for form in FORMS], roll.form),
            "school_year": same(year.year, size, pa.int16()),
            "grade_year": numbers(roll.study, pa.int8(), roll.study < 0),
            "class_name": texts([*_CLASSES, *_GROUPS], class_index(roll)),
            "programme": texts(CODES, roll.programme),
            "start": same(date(year.year, 8, 17), size, pa.date32()),
            "end": same(date(year.year + 1, 6, 12), size, pa.date32()),
        },
    )


def class_index(roll: Roll) -> Whole:
    """Index of the class name: 7A by year of study, NA1a in upper secondary school, none (-1) elsewhere."""
    study, group = roll.study.astype(np.int64), roll.group.astype(np.int64)
    compulsory = study * _LETTERS + group
    upper = len(_CLASSES) + (roll.programme.astype(np.int64) * 4 + study) * 3 + group
    return np.where(group < 0, -1, np.where(roll.programme >= 0, upper, compulsory))
