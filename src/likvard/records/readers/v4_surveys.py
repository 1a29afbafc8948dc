"""Surveys in the open API v4: per school and group of respondents, one question per theme with its answers' shares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from likvard.records.readers import sayings, tables
from likvard.records.readers.codes import bad_code, is_code
from likvard.records.readers.findings import Findings
from likvard.records.readers.json_file import objects, text
from likvard.records.readers.naming import plausible_year, slug
from likvard.records.readers.skolenkaten_tables import Round
from likvard.records.readers.symbols import SURVEY, counts, parse
from likvard.terms import InputError, Level, SchoolForm

_YEARS = {"ak5": "5", "ak8": "8", "ar2": "2"}
_THEMES = {
    "security": "Trygghet",
    "workingEnvironment": "Studiero",
    "support": "Stöd",
    "inspiration": "Stimulans",
    "satisfaction": "Övergripande nöjdhet",
    "recommend": "Rekommenderar",
}
_SIZES = {
    "noInGroup": "survey_group_size",
    "noOfAnswers": "survey_answers",
    "answeringFrequency": "survey_response_rate",
}


@dataclass(frozen=True, slots=True)
class Group:
    """One group of respondents at one school in one round, as the answer gives it."""

    unit: str
    round: Round
    given: Mapping[str, Any]


def is_survey(body: Mapping[str, Any]) -> bool:
    """Whether a body is a survey's: of pupils per year of study, or of guardians in the body itself."""
    return "schoolYearMetrics" in body or ("noOfAnswers" in body and "semester" in body)


def make(name: str, body: Mapping[str, Any], findings: Findings) -> tuple[str, Mapping[str, pa.Table]]:
    """Scope and tables of an answer. Raises `InputError` if it names no school."""
    groups = list(_groups(body, findings))
    if not groups and not findings.kept:
        raise InputError(f"{name} has no groups of respondents.", "Fetch /nestedsurveys/… again.")
    measures: dict[str, str] = {}
    statistics = [part for group in groups for part in _statistics(group, measures, findings)]
    answers = [part for group in groups for part in _answers(group, findings)]
    scope = " ".join(dict.fromkeys(f"survey {g.unit} {g.round.year} {g.round.respondents}" for g in groups))
    columns: dict[str, tables.Cells] = {
        "measure": list(measures),
        "title": list(measures.values()),
        "about": "Skolenkäten, ur Skolverkets öppna api Planned educations v4.",
        "sex_split": False,
        "unit_level": True,
    }
    return scope, {
        "statistic": tables.join("statistic", statistics),
        "survey_answer": tables.join("survey_answer", answers),
        "measure": tables.fill("measure", len(measures), columns),
    }


def _groups(body: Mapping[str, Any], findings: Findings) -> Iterator[Group]:
    given: list[Mapping[str, Any]] = [*objects(body.get("schoolYearMetrics"))] or [body]
    for row, item in enumerate(given, start=1):
        unit = text(item.get("schoolUnitCode") or body.get("schoolUnitCode"))
        term = re.fullmatch(r"(VT|HT)(\d{2})", text(item.get("semester")))
        if not is_code(unit, 8):
            findings.add(bad_code(unit, 8, row, "schoolUnitCode"))
        elif term is None:
            findings.add(sayings.BAD_YEAR.at(row, "semester", year=text(item.get("semester"))[:20]))
        else:
            yield Group(unit, _round(plausible_year(2000 + int(term[2])), text(item.get("schoolYear"))), item)


def _round(year: int, school_year: str) -> Round:
    """Pupils of a year of study, or guardians where none is named."""
    form = SchoolForm.UPPER_SECONDARY if school_year.startswith("ar") else SchoolForm.COMPULSORY
    if not school_year:
        return Round(year, f"guardians-{form.value}", form)
    return Round(year, f"pupils-{form.value}-{_YEARS.get(school_year, slug(school_year))}", form)


def _questions(group: Group) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Area, question and content of each theme of a group."""
    for key, theme in group.given.items():
        if key.endswith("Metrics") and isinstance(theme, dict):
            stem = key.removesuffix("Metrics")
            area = _THEMES.get(stem) or stem
            yield area, text(theme.get("questionDescription")) or text(theme.get("questionSubject")) or area, theme


def _statistics(group: Group, measures: dict[str, str], findings: Findings) -> Iterator[pa.Table]:
    for key, stem in _SIZES.items():
        measure = group.round.measure(stem)
        measures[measure] = stem.replace("_", " ")
        yield _one(
            measure, _plain(text(group.given.get(key))), -2 if key == "answeringFrequency" else 0, group, findings
        )
    for _, question, theme in _questions(group):
        measure = group.round.measure(f"survey_mean_{slug(question)}")
        measures[measure] = f"{question} Medelvärde 0–10"
        yield _one(measure, text(theme.get("average")), 0, group, findings)


def _plain(cell: str) -> str:
    return cell.removesuffix("%").strip()


def _one(measure: str, cell: str, scale: int, group: Group, findings: Findings) -> pa.Table:
    parsed = parse([cell], SURVEY, scale=scale)
    if parsed.unreadable:
        findings.add(sayings.UNREADABLE_CELL.at(column=measure, cell=cell[:40]))
    return tables.statistic(
        measure,
        parsed,
        level=Level.UNIT,
        area_code=[group.unit],
        school_form=group.round.form.value,
        group="all",
        period_kind="calendar_year",
        year=group.round.year,
    )


def _answers(group: Group, findings: Findings) -> Iterator[pa.Table]:
    """The shares of the options, called as the API calls them; it gives no counts."""
    for area, question, theme in _questions(group):
        given = {key.removeprefix("ratio"): value for key, value in theme.items() if key.startswith("ratio")}
        cells = [_plain(text(value)) for value in given.values()]
        parsed = parse(cells, SURVEY, scale=-2)
        for at in parsed.unreadable:
            findings.add(sayings.UNREADABLE_CELL.at(column=question, cell=cells[at][:40]))
        shares = counts(parsed)
        columns: dict[str, tables.Cells] = {
            "survey": "skolenkaten",
            "year": group.round.year,
            "respondents": group.round.respondents,
            "level": Level.UNIT.value,
            "area_code": group.unit,
            "group": "all",
            "area": area,
            "question": question,
            "option": list(given),
            "option_order": list(range(1, len(given) + 1)),
            "share": pa.array(shares, pa.float64(), mask=np.isnan(shares)),
            "status": parsed.status,
        }
        if given:
            yield tables.fill("survey_answer", len(given), columns)
