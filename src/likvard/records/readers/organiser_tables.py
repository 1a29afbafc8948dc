"""From a filled-in template to the declared tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

import pyarrow as pa

from likvard.records.readers import sayings, tables
from likvard.records.readers.findings import Findings
from likvard.records.readers.organiser_grades import grades
from likvard.records.readers.pseudonyms import Person, looks_like_personal_number, own_identity, person, pseudonym
from likvard.terms import Level

Columns: TypeAlias = Mapping[str, list[Any]]
Tables: TypeAlias = Mapping[str, pa.Table]

SUMMER = 7  # from July on a month belongs to the school year that begins


def make(key: str, columns: Columns, lines: list[int], secret: bytes, findings: Findings) -> Tables:
    """The declared tables of a template. Rows that lack what is required are left out: an error was told for each."""
    kept = _complete(key, columns)
    own = {name: [values[at] for at in kept] for name, values in columns.items()}
    return _MAKERS[key](own, [lines[at] for at in kept], secret, findings)


def scope(columns: Columns, organiser: str) -> str:
    """What a newer file replaces: the years of the file; and the organiser if the file's name has its number, or else
    the school if the file is of one alone."""
    years = sorted({year for name in ("school_year", "year") for year in columns.get(name, []) if year is not None})
    months = sorted({_school_year(month) for month in columns.get("month", []) if month is not None})
    span = [str(year) for year in years or months]
    units = {unit for unit in columns.get("unit", []) if unit}
    who = organiser or (next(iter(units)) if len(units) == 1 else "")
    return " ".join(part for part in ("–".join(dict.fromkeys((span[0], span[-1]))) if span else "", who) if part)


_NEEDED: Mapping[str, tuple[str, ...]] = {
    "units": ("unit", "school_year", "name", "school_form", "organiser", "organiser_kind"),
    "pupils": ("pupil", "unit", "school_form", "school_year"),
    "grades": ("pupil", "unit", "school_form", "school_year", "term", "kind", "subject", "grade"),
    "attendance": ("pupil", "unit", "school_form", "month", "scheduled", "authorised", "unauthorised"),
    "survey": ("survey", "year", "respondents", "unit", "question", "option", "order", "n"),
    "money": ("organiser", "year", "school_form", "kind", "crowns"),
    "matters": ("unit", "school_form", "school_year", "kind", "n"),
    "principals": ("unit", "principal", "start"),
}


def _complete(key: str, columns: Columns) -> list[int]:
    needed = [columns[name] for name in _NEEDED[key]]
    return [at for at, row in enumerate(zip(*needed, strict=True)) if all(value is not None for value in row)]


def _school_year(day: date) -> int:
    return day.year if day.month >= SUMMER else day.year - 1


def _units(own: Columns, lines: list[int], secret: bytes, findings: Findings) -> Tables:
    units: dict[str, tables.Cells] = {
        "unit_code": own["unit"],
        "school_year": own["school_year"],
        "name": own["name"],
        "school_form": own["school_form"],
        "municipality_code": own["municipality"],
        "organiser_number": own["organiser"],
        "organiser_name": own["organiser_name"],
        "organiser_kind": own["organiser_kind"],
        "status": own["status"],
        "_line": lines,
    }
    names = [name or number for name, number in zip(own["organiser_name"], own["organiser"], strict=True)]
    organisers: dict[str, tables.Cells] = {
        "organiser_number": own["organiser"],
        "school_year": own["school_year"],
        "name": names,
        "kind": own["organiser_kind"],
        "municipality_code": [
            place if kind == "municipal" else None
            for place, kind in zip(own["municipality"], own["organiser_kind"], strict=True)
        ],
        "_line": lines,
    }
    made = tables.fill("organiser", len(lines), organisers)
    return {
        "unit": tables.fill("unit", len(lines), units),
        "organiser": tables.first_rows(made, ["organiser_number", "school_year"]),
    }


def _identities(texts: Sequence[str], lines: Sequence[int], secret: bytes, findings: Findings) -> list[Person | str]:
    """A person where the text is a personal number, else the pseudonym of an own id. A number that is wrong is told of."""
    known: dict[str, Person | str] = {}
    own = False
    for text, line in zip(texts, lines, strict=True):
        if text not in known:
            found = person(secret, text)
            if found is None and looks_like_personal_number(text):
                findings.add(sayings.BAD_PERSONAL_NUMBER.at(line, "Elev"))
            if found is not None and not found.checked:
                findings.add(sayings.CHECK_DIGIT.at(line, "Elev"))
            own = own or found is None
            known[text] = found or own_identity(secret, text)
    if own:
        findings.add(sayings.OWN_IDS.at())
    return [known[text] for text in texts]


def _ids(found: Sequence[Person | str]) -> list[str]:
    return [one.pseudonym if isinstance(one, Person) else one for one in found]


def _pupils(own: Columns, lines: list[int], secret: bytes, findings: Findings) -> Tables:
    found = _identities(own["pupil"], lines, secret, findings)
    people = [one if isinstance(one, Person) else None for one in found]
    for person_, sex, line in zip(people, own["sex"], lines, strict=True):
        if person_ is not None and sex and person_.sex and sex != person_.sex:
            findings.add(sayings.SEX_DIFFERS.at(line, "Kön"))
    _check_days(own, lines, findings)
    pupils: dict[str, tables.Cells] = {
        "pupil_id": _ids(found),
        "school_year": own["school_year"],
        "birth_year": [p.birth_year if p else year for p, year in zip(people, own["birth_year"], strict=True)],
        "birth_month": [p.birth_month if p else None for p in people],
        "sex": [(p.sex if p else None) or sex for p, sex in zip(people, own["sex"], strict=True)],
        "parents_education": own["parents_education"],
        "foreign_background": own["foreign_background"],
        "years_in_sweden": [None if years is None else min(years, 100) for years in own["years_in_sweden"]],
        "municipality_code": own["municipality"],
        "protected": [bool(flag) or bool(p and p.temporary) for flag, p in zip(own["protected"], people, strict=True)],
        "_line": lines,
    }
    enrolments: dict[str, tables.Cells] = {
        "pupil_id": _ids(found),
        "unit_code": own["unit"],
        "school_form": own["school_form"],
        "school_year": own["school_year"],
        "grade_year": [None if year is None else min(year, 100) for year in own["grade_year"]],
        "class_name": own["class_name"],
        "programme": own["programme"],
        "start": own["start"],
        "end": own["end"],
        "_line": lines,
    }
    made = tables.fill("pupil", len(lines), pupils)
    return {
        "pupil": _one_background(made, findings),
        "enrolment": tables.fill("enrolment", len(lines), enrolments),
    }


def _one_background(pupils: pa.Table, findings: Findings) -> pa.Table:
    """One row per pupil and year; rows that contradict one another are told of."""
    whole = [name for name in pupils.column_names if name != "_line"]
    distinct = tables.first_rows(pupils, whole)
    for row in tables.repeats(distinct, ["pupil_id", "school_year"]):
        findings.add(sayings.PUPIL_DIFFERS.at(distinct["_line"][row].as_py()))
    return tables.first_rows(distinct, ["pupil_id", "school_year"])


def _check_days(own: Columns, lines: list[int], findings: Findings) -> None:
    for start, end, line in zip(own["start"], own["end"], lines, strict=True):
        if start and end and end < start:
            findings.add(sayings.ENDS_BEFORE.at(line, "Sista dag"))


def _grades(own: Columns, lines: list[int], secret: bytes, findings: Findings) -> Tables:
    ids = _ids(_identities(own["pupil"], lines, secret, findings))
    return {"grade": grades(ids, own, lines, findings)}


def _attendance(own: Columns, lines: list[int], secret: bytes, findings: Findings) -> Tables:
    absent = zip(own["scheduled"], own["authorised"], own["unauthorised"], lines, strict=True)
    for scheduled, authorised, unauthorised, line in absent:
        if authorised + unauthorised > scheduled:
            findings.add(sayings.MORE_ABSENCE.at(line))
    columns: dict[str, tables.Cells] = {
        "pupil_id": _ids(_identities(own["pupil"], lines, secret, findings)),
        "unit_code": own["unit"],
        "school_form": own["school_form"],
        "school_year": [_school_year(month) for month in own["month"]],
        "month": own["month"],
        "scheduled_minutes": own["scheduled"],
        "authorised_minutes": own["authorised"],
        "unauthorised_minutes": own["unauthorised"],
        "unreported_minutes": own["unreported"],
        "_line": lines,
    }
    return {"attendance": tables.fill("attendance", len(lines), columns)}


def _survey(own: Columns, lines: list[int], secret: bytes, findings: Findings) -> Tables:
    columns: dict[str, tables.Cells] = {
        "survey": own["survey"],
        "year": own["year"],
        "respondents": own["respondents"],
        "level": Level.UNIT.value,
        "area_code": own["unit"],
        "group": [group or "all" for group in own["group"]],
        "area": [area or "" for area in own["area"]],
        "question": own["question"],
        "option": own["option"],
        "option_order": [min(order, 100) for order in own["order"]],
        "n": [n for n, _ in own["n"]],
        "status": [status for _, status in own["n"]],
        "_line": lines,
    }
    return {"survey_answer": tables.fill("survey_answer", len(lines), columns)}


def _money(own: Columns, lines: list[int], secret: bytes, findings: Findings) -> Tables:
    columns: dict[str, tables.Cells] = {
        "organiser_number": own["organiser"],
        "unit_code": own["unit"],
        "year": own["year"],
        "school_form": own["school_form"],
        "kind": own["kind"],
        "crowns": own["crowns"],
        "_line": lines,
    }
    return {"money": tables.fill("money", len(lines), columns)}


def _matters(own: Columns, lines: list[int], secret: bytes, findings: Findings) -> Tables:
    columns: dict[str, tables.Cells] = {
        "unit_code": own["unit"],
        "school_form": own["school_form"],
        "school_year": own["school_year"],
        "kind": own["kind"],
        "n": [n for n, _ in own["n"]],
        "status": [status for _, status in own["n"]],
        "_line": lines,
    }
    return {"matter_count": tables.fill("matter_count", len(lines), columns)}


def _principals(own: Columns, lines: list[int], secret: bytes, findings: Findings) -> Tables:
    _check_days(own, lines, findings)
    columns: dict[str, tables.Cells] = {
        "unit_code": own["unit"],
        "principal_id": [pseudonym(secret, "principal", text.strip().lower()) for text in own["principal"]],
        "start": own["start"],
        "end": own["end"],
        "_line": lines,
    }
    return {"principal_spell": tables.fill("principal_spell", len(lines), columns)}


_MAKERS: Mapping[str, Callable[[Columns, list[int], bytes, Findings], Tables]] = {
    "units": _units,
    "pupils": _pupils,
    "grades": _grades,
    "attendance": _attendance,
    "survey": _survey,
    "money": _money,
    "matters": _matters,
    "principals": _principals,
}
