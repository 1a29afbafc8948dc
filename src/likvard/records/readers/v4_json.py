"""Raw answers of Skolverket's open API v4 (planned educations) in JSON: statistics per school, SALSA, and surveys.

An answer is `{status, message, body}`, bare or in the envelope of a cache. Bodies of v4 still link to v3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from likvard.records.readers import sayings, tables, v4_surveys
from likvard.records.readers.codes import bad_code, is_code
from likvard.records.readers.findings import Findings
from likvard.records.readers.json_file import Json, objects, read_json, text
from likvard.records.readers.naming import school_year, slug
from likvard.records.readers.v4_metrics import Metric, metric_or_own, parse_values
from likvard.records.reading import ReadContext, Reading
from likvard.terms import InputError, Level, SchoolForm

_FORMS = {
    "gr": SchoolForm.COMPULSORY,
    "gran": SchoolForm.ADAPTED_COMPULSORY,
    "gy": SchoolForm.UPPER_SECONDARY,
    "gyan": SchoolForm.ADAPTED_UPPER_SECONDARY,
    "fsk": SchoolForm.PRESCHOOL_CLASS,
}
_SALSA = {
    "salsaAverageGradesIn9thGradeActual": Metric("salsa_merit_value_actual", 0, "Meritvärde, faktiskt (SALSA)"),
    "salsaAverageCalculated": Metric("salsa_merit_value_expected", 0, "Meritvärde, modellberäknat (SALSA)"),
    "salsaAverageGradesIn9thGradeCalculated": Metric(
        "salsa_merit_value_expected", 0, "Meritvärde, modellberäknat (SALSA)"
    ),
    "salsaAverageGradesIn9thGradeDeviation": Metric("salsa_merit_value_residual", 0, "Meritvärde, avvikelse (SALSA)"),
    "salsaRequirementsReachedActual": Metric(
        "salsa_share_all_subjects_actual", -2, "Andel godkänt i alla ämnen, faktisk (SALSA)"
    ),
    "salsaRequirementsReachedCalculated": Metric(
        "salsa_share_all_subjects_expected", -2, "Andel godkänt i alla ämnen, modellberäknad (SALSA)"
    ),
    "salsaRequirementsReachedDeviation": Metric(
        "salsa_share_all_subjects_residual", -2, "Andel godkänt i alla ämnen, avvikelse (SALSA)"
    ),
    "salsaParentsEducation": Metric(
        "salsa_parents_education", 0, "Föräldrarnas genomsnittliga utbildningsnivå (SALSA)"
    ),
    "salsaShareOfBoys": Metric("salsa_share_boys", -2, "Andel pojkar (SALSA)"),
    "salsaShareOfNewlyArrived": Metric("salsa_share_newly_arrived", -2, "Andel nyinvandrade (SALSA)"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One published value: of which school and metric, for which period, as written, and its value type."""

    unit: str
    metric: str
    period: str
    raw: str
    type: str


@dataclass(frozen=True, slots=True)
class V4Json:
    """Reader of answers of the open API v4."""

    name: str = "v4-json"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the keys of the answer."""
        start = head[:50_000]
        ours = b'"valueType"' in start or b'"schoolYearMetrics"' in start or b'"compulsorySchoolUnitSalsa' in start
        return path.suffix.lower() == ".json" and (ours or b"planned-educations/v" in start)

    def read(self, path: Path, context: ReadContext) -> Reading:
        """Statistics, and survey answers where the answer is a survey's."""
        file = read_json(path)
        body = body_of(path.name, file)
        findings = Findings()
        if v4_surveys.is_survey(body):
            scope, made = v4_surveys.make(path.name, body, findings)
        elif "compulsorySchoolUnitSalsaMetricList" in body:
            scope, made = _salsa(body, findings)
        else:
            scope, made = _of_unit(path.name, body, _form(file), findings)
        context.progress(1, 1)
        return Reading(
            source="skolverket-v4-json",
            scope=scope,
            vintage=file.fetched[:10],
            file=path.name,
            reader=self.name,
            sha256=file.sha256,
            tables=made,
            findings=findings.done(),
        )


def body_of(name: str, file: Json) -> dict[str, Any]:
    """The body of an answer. Raises `InputError` if the answer is an error or has no body."""
    answer = file.content
    if not isinstance(answer, dict) or not isinstance(answer.get("body"), dict):
        message = text(answer.get("message"))[:100] if isinstance(answer, dict) else ""
        raise InputError(f"{name} is no answer with a body. {message}".strip(), "Fetch it again.")
    body: dict[str, Any] = answer["body"]
    return body


def _form(file: Json) -> SchoolForm:
    links = file.content.get("body", {}).get("_links")
    own = links.get("self") if isinstance(links, dict) else None
    url = file.url or (text(own.get("href")) if isinstance(own, dict) else "")
    found = re.search(r"/statistics/([a-z]+)", url)
    return _FORMS.get(found[1] if found else "gr", SchoolForm.COMPULSORY)


def _of_unit(
    name: str, body: Mapping[str, Any], form: SchoolForm, findings: Findings
) -> tuple[str, Mapping[str, pa.Table]]:
    """All metrics of one school over the years."""
    unit = text(body.get("schoolUnit") or body.get("schoolUnitCode"))
    if not is_code(unit, 8):
        raise InputError(f"{name} does not say which school unit it is about.", "Fetch /statistics/gr again.")
    entries = [
        Entry(unit, metric, text(value.get("timePeriod")), text(value.get("value")), text(value.get("valueType")))
        for metric, values in body.items()
        for value in objects(values)
        if "valueType" in value
    ]
    if not entries:
        findings.add(sayings.NO_METRICS.at())
    metrics = {entry.metric: metric_or_own(entry.metric, findings) for entry in entries}
    return f"{unit} {form.value}", _tables(entries, metrics, form, findings)


def _salsa(body: Mapping[str, Any], findings: Findings) -> tuple[str, Mapping[str, pa.Table]]:
    """Every school's SALSA values of one school year."""
    period = text(body.get("timePeriod"))
    entries = list(_salsa_entries(body, period, findings))
    metrics = {name: _SALSA.get(name) or metric_or_own(name, findings) for name in {e.metric: None for e in entries}}
    units = {entry.unit for entry in entries}
    scope = f"salsa {period} {units.pop()}" if len(units) == 1 else f"salsa {period}"
    return scope, _tables(entries, metrics, SchoolForm.COMPULSORY, findings)


def _salsa_entries(body: Mapping[str, Any], period: str, findings: Findings) -> Iterator[Entry]:
    for row, school in enumerate(objects(body.get("compulsorySchoolUnitSalsaMetricList")), start=1):
        unit = text(school.get("schoolUnitCode"))
        if not is_code(unit, 8):
            findings.add(bad_code(unit, 8, row, "schoolUnitCode"))
            continue
        for name, value in school.items():
            if isinstance(value, dict) and "valueType" in value:
                yield Entry(unit, name, period, text(value.get("value")), text(value.get("valueType")))


def _tables(
    entries: list[Entry], metrics: Mapping[str, Metric], form: SchoolForm, findings: Findings
) -> Mapping[str, pa.Table]:
    parts = []
    for name, metric in metrics.items():
        own = [(entry, year) for entry in entries if entry.metric == name for year in _year(entry, findings)]
        raw, types = [entry.raw for entry, _ in own], [entry.type for entry, _ in own]
        parsed = parse_values(raw, types, metric.scale, [None] * len(own), name, findings)
        parts.append(
            tables.statistic(
                metric.measure,
                parsed,
                level=Level.UNIT,
                area_code=[entry.unit for entry, _ in own],
                school_form=form.value,
                group="all",
                period_kind=["school_year" if year else "undated" for _, year in own],
                year=[year for _, year in own],
            )
        )
    return {"statistic": tables.join("statistic", parts), "measure": _measures(metrics)}


def _year(entry: Entry, findings: Findings) -> Iterator[int]:
    """The school year of an entry; 0 where the answer names none; nothing where it names no year at all."""
    if not entry.period:
        findings.add(sayings.UNDATED.at(column=entry.metric))
        yield 0
        return
    try:
        yield school_year(entry.period).start
    except InputError:
        findings.add(sayings.BAD_YEAR.at(column=slug(entry.metric), year=entry.period[:20]))


def _measures(metrics: Mapping[str, Metric]) -> pa.Table:
    titles = {metric.measure: (metric.title, name) for name, metric in metrics.items()}
    columns: dict[str, tables.Cells] = {
        "measure": list(titles),
        "title": [title for title, _ in titles.values()],
        "about": [f"Skolverkets öppna api Planned educations v4, {name}." for _, name in titles.values()],
        "sex_split": False,
        "unit_level": True,
    }
    return tables.fill("measure", len(titles), columns)
