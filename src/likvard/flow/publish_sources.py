"""Where the figures of each measure come from: the deliveries behind it, by the names that readers know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from likvard.disclosure.publication import SourceRow
from likvard.flow.area import SOURCES
from likvard.flow.publish_results import Measured
from likvard.records.questions import conditions as question
from likvard.records.questions import published
from likvard.terms import Words

TABLES: Mapping[str, Sequence[str]] = {
    "grade": ("merit_value", "grade_points", "share_passing", "share_all_subjects_year_9", "share_eligible_vocational"),
    "attendance": ("share_absent", "absence_share", "absence_unauthorised_share"),
    "enrolment": (
        *("share_parents_tertiary", "share_foreign_background", "share_girls"),
        *("segregation_h", "segregation_m", "segregation_d", "segregation_exposure", "segregation_change"),
    ),
    "pupil": ("need_index", "need_index_within", "need_unseen", "need_probability"),
    "matter_count": ("abuse_reports_per_1000", "support_plan_share"),
    "principal_spell": ("principal_turnover",),
    "money": ("crowns_per_pupil",),
}
"""The tables of own records, and the measures that are made from each."""


def sources(
    con: duckdb.DuckDBPyConnection, measures: Sequence[Measured], stated: frozenset[str]
) -> Mapping[str, SourceRow]:
    """The source of every measure: published statistics where there are any, and own records where they give it."""
    rows = published.deliveries(con)
    names = {
        str(d): (str(s), str(v or "")) for d, s, v in zip(rows["id"], rows["source"], rows["vintage"], strict=True)
    }
    found = {m: _row(ids, names) for m, ids in question.deliveries_by_measure(con).items() if m in stated}
    summed = {measure.sums.measure for measure in measures}
    for table, made in TABLES.items():
        deliveries = question.deliveries_of(con, table)
        for measure in made if deliveries else ():
            if measure in summed or measure not in stated:
                found[measure] = _row(deliveries, names)
    return found


def _row(deliveries: Sequence[str], names: Mapping[str, tuple[str, str]]) -> SourceRow:
    known = [names[d] for d in deliveries if d in names]
    called = dict.fromkeys(_called(source) for source, _ in known)
    vintages = ", ".join(dict.fromkeys(vintage for _, vintage in known if vintage))
    sv, en = ("; ".join(texts) for texts in zip(*((w.sv, w.en) for w in called), strict=True)) if called else ("", "")
    return SourceRow(sv, en, vintages, tuple(deliveries))


def _called(source: str) -> Words:
    return next((words for name, words in SOURCES.items() if source.startswith(name)), Words(source, source))
