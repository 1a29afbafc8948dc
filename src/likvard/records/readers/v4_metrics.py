"""What the metrics and value types of Skolverket's open API v4 (planned educations) are called here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from likvard.records.readers import sayings
from likvard.records.readers.findings import Findings
from likvard.records.readers.naming import slug
from likvard.records.readers.symbols import OPEN_API, Parsed, parse
from likvard.terms import Missing

VALUE_TYPES: Mapping[str, frozenset[str]] = {
    "EXISTS": frozenset({"", Missing.APPROXIMATE.value}),
    "MISSING": frozenset({Missing.UNAVAILABLE.value, Missing.EMPTY.value}),
    "OMITTED_DUE_TO_BASED_ON_FEW_PUPILS": frozenset({Missing.FEW.value}),
    "ROUNDED_OFF_DUE_TO_FEW_PUPILS_NOT_ELIGIBLE": frozenset({Missing.NEAR_ALL.value, Missing.NEAR_NONE.value}),
    "TEACHERS_EXCLUDED_DUE_TO_NO_REQUIRED_LEGITIMATION": frozenset({Missing.EXCLUDED.value}),
}


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric's measure, the scale of its values (-2: per cent made a share), and its title."""

    measure: str
    scale: int
    title: str


_PLAIN = {
    "averageGradesMeritRating9thGrade": Metric("merit_value", 0, "Genomsnittligt meritvärde årskurs 9 (17 ämnen)"),
    "ratioOfPupilsIn9thGradeWithAllSubjectsPassed": Metric(
        "share_all_subjects_year_9", -2, "Andel elever med godkänt i alla ämnen, årskurs 9"
    ),
    "ratioOfPupilsIn6thGradeWithAllSubjectsPassed": Metric(
        "share_all_subjects_year_6", -2, "Andel elever med godkänt i alla ämnen, årskurs 6"
    ),
    "certifiedTeachersQuota": Metric("share_certified_teachers", -2, "Andel lärare med legitimation och behörighet"),
    "specialEducatorsQuota": Metric("special_educators_quota", 0, "Specialpedagoger (källans egen kvot)"),
    "specialTeacherPositions": Metric("special_teacher_positions", 0, "Tjänster som speciallärare"),
    "studentsPerTeacherQuota": Metric("pupils_per_teacher", 0, "Elever per lärare"),
    "totalNumberOfPupils": Metric("pupils_total", 0, "Antal elever, avrundat av källan"),
}
_PROGRAMMES = {
    "YR": ("share_eligible_vocational", "yrkesprogram"),
    "ES": ("share_eligible_arts", "estetiska programmet"),
    "SAEKHU": ("share_eligible_social", "ekonomi-, humanistiska och samhällsvetenskapsprogrammet"),
    "NATE": ("share_eligible_science", "naturvetenskaps- och teknikprogrammet"),
}
_TEST = re.compile(r"averageResultNationalTestsSubject(SVE|SVA|ENG|MA)([369])(?:th|rd)Grade")
_ELIGIBLE = re.compile(r"ratioOfPupils9thGradeEligibleForNationalProgram(YR|ES|SAEKHU|NATE)")


def metric(name: str) -> Metric | None:
    """What a metric of the API is here; None if it is not known."""
    if test := _TEST.fullmatch(name):
        subject, year = test[1].lower(), test[2]
        return Metric(f"test_mean_{subject}_year_{year}", 0, f"Nationellt prov {test[1]} årskurs {year}, betygspoäng")
    if eligible := _ELIGIBLE.fullmatch(name):
        measure, programme = _PROGRAMMES[eligible[1]]
        return Metric(measure, -2, f"Andel behöriga till {programme}")
    return _PLAIN.get(name)


def metric_or_own(name: str, findings: Findings) -> Metric:
    """The metric, or, with a warning, a measure of its own name in the source's unit."""
    known = metric(name)
    if known is not None:
        return known
    own = Metric(f"v4:{slug(name)}", 0, name)
    findings.add(sayings.UNKNOWN_METRIC.at(column=name, name=name, measure=own.measure))
    return own


def parse_values(
    raw: Sequence[str], types: Sequence[str], scale: int, rows: Sequence[int | None], column: str, findings: Findings
) -> Parsed:
    """Parse values as published and check each against its value type: `~100` is never taken for 100.

    `rows` are the lines of the file, for findings.
    """
    parsed = parse(raw, OPEN_API, scale=scale)
    for at in parsed.unreadable:
        findings.add(sayings.UNREADABLE_CELL.at(rows[at], column, cell=raw[at][:40]))
    agrees = _agreement(parsed.status, types)
    unreadable = set(parsed.unreadable)
    for at in np.flatnonzero(~agrees).tolist():
        if at not in unreadable:
            saying = sayings.TYPE_DIFFERS if types[at] in VALUE_TYPES else sayings.UNKNOWN_TYPE
            findings.add(saying.at(rows[at], column, cell=raw[at][:40], type=types[at][:60]))
    return parsed


def _agreement(status: pa.Array, types: Sequence[str]) -> np.ndarray:
    """For each row, whether its status is one that its value type allows."""
    pairs = zip(status.to_pylist(), types, strict=True)
    return np.array([state in VALUE_TYPES.get(kind, ()) for state, kind in pairs], dtype=bool)
