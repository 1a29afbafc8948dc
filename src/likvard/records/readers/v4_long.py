"""The open API v4's statistics per school in long form (CSV): one row per school, metric and school year.

The column `value` is not read: it holds 100.0 where the source says ~100.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from likvard.records.readers import sayings, tables
from likvard.records.readers.codes import bad_code, is_code
from likvard.records.readers.findings import Findings
from likvard.records.readers.naming import organiser_kind, school_year
from likvard.records.readers.text import columns, read_comma_file, read_text
from likvard.records.readers.v4_metrics import Metric, metric_or_own, parse_values
from likvard.records.reading import ReadContext, Reading
from likvard.terms import InputError, Level, SchoolForm

HEADER = ("skolenhetskod", "namn", "kommunkod", "huvudmannatyp", "metric", "lasar", "value_raw", "value_type", "value")
_FORMS = {"gr": SchoolForm.COMPULSORY, "gran": SchoolForm.ADAPTED_COMPULSORY, "gy": SchoolForm.UPPER_SECONDARY}


@dataclass(frozen=True, slots=True)
class V4Long:
    """Reader of `v4_gr_statistics_long.csv` and files of the same columns."""

    name: str = "v4-long"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the file's name or its header row."""
        start = b"skolenhetskod,namn,kommunkod,huvudmannatyp,metric,lasar"
        named = re.match(r"v4_\w+_statistics_long\.csv$", path.name) is not None
        return named or head.lstrip(b"\xef\xbb\xbf").startswith(start)

    def read(self, path: Path, context: ReadContext) -> Reading:
        """Statistics per unit, and the units as they are named today, under the latest school year of the file."""
        text = read_text(path)
        findings = Findings()
        findings.add(*text.findings, sayings.PARSED_DIFFERS.at())
        rows, numbers = read_comma_file(path.name, text.content, HEADER)
        years, kept = _years(rows, numbers, findings)
        if not kept:
            raise InputError(f"{path.name} has no rows that can be read.", "Check that it is the right file.")
        rows, numbers = [rows[at] for at in kept], [numbers[at] for at in kept]
        cell = dict(zip(HEADER, columns(rows, len(HEADER)), strict=True))
        form = _form(path.name)
        metrics = {name: metric_or_own(name, findings) for name in dict.fromkeys(cell["metric"])}
        parts = _statistics(cell, metrics, years, numbers, form, findings)
        context.progress(1, 1)
        return Reading(
            source="skolverket-v4" if form == SchoolForm.COMPULSORY else f"skolverket-v4-{form.value}",
            scope="",
            vintage=str(years.max()),
            file=path.name,
            reader=self.name,
            sha256=text.sha256,
            tables={
                "statistic": tables.join("statistic", parts),
                "unit": _units(cell, int(years.max()), numbers, form),
                "measure": _measures(metrics),
            },
            findings=findings.done(),
        )


def _form(name: str) -> SchoolForm:
    found = re.match(r"v4_([a-z]+)_", name)
    return _FORMS.get(found[1] if found else "gr", SchoolForm.COMPULSORY)


def _years(rows: list[list[str]], numbers: list[int], findings: Findings) -> tuple[np.ndarray, list[int]]:
    """The year of each sound row (0: undated), and which rows are sound."""
    years: list[int] = []
    kept: list[int] = []
    known: dict[str, int | None] = {"": 0}
    for at, (row, number) in enumerate(zip(rows, numbers, strict=True)):
        if len(row) != len(HEADER):
            findings.add(sayings.ROW_WIDTH.at(number, got=len(row), width=len(HEADER)))
            continue
        if not is_code(row[0], 8):
            findings.add(bad_code(row[0], 8, number, "skolenhetskod"))
            continue
        year = known[row[5]] if row[5] in known else known.setdefault(row[5], _year(row[5]))
        if year is None:
            findings.add(sayings.BAD_YEAR.at(number, "lasar", year=row[5][:20]))
            continue
        if year == 0:
            findings.add(sayings.UNDATED.at(number, "lasar"))
        years.append(year)
        kept.append(at)
    return np.array(years, dtype=np.int16), kept


def _year(text: str) -> int | None:
    try:
        return school_year(text).start
    except InputError:
        return None


def _statistics(
    cell: dict[str, list[str]],
    metrics: dict[str, Metric],
    years: np.ndarray,
    numbers: list[int],
    form: SchoolForm,
    findings: Findings,
) -> list[pa.Table]:
    of_metric = pa.array(cell["metric"]).dictionary_encode()
    where = of_metric.indices.to_numpy()
    found = {name: pa.array(cell[name]) for name in ("skolenhetskod", "value_raw", "value_type")}
    lines = np.array(numbers)
    made = []
    for at, name in enumerate(of_metric.dictionary.to_pylist()):
        rows = np.flatnonzero(where == at)
        chosen = {key: column.take(pa.array(rows)) for key, column in found.items()}
        raw, types = chosen["value_raw"].to_pylist(), chosen["value_type"].to_pylist()
        parsed = parse_values(raw, types, metrics[name].scale, lines[rows].tolist(), name, findings)
        kinds = pa.array(["undated", "school_year"]).take(pa.array((years[rows] > 0).astype(np.int8)))
        made.append(
            tables.statistic(
                metrics[name].measure,
                parsed,
                level=Level.UNIT,
                area_code=chosen["skolenhetskod"],
                school_form=form.value,
                group="all",
                period_kind=kinds,
                year=pa.array(years[rows]),
                _line=pa.array(lines[rows], pa.int32()),
            )
        )
    return made


def _units(cell: dict[str, list[str]], year: int, numbers: list[int], form: SchoolForm) -> pa.Table:
    """One row per unit, as the API names it when asked; it tells nothing of earlier years."""
    columns: dict[str, tables.Cells] = {
        "unit_code": cell["skolenhetskod"],
        "school_year": year,
        "name": cell["namn"],
        "school_form": form.value,
        "municipality_code": [code if is_code(code, 4) else None for code in cell["kommunkod"]],
        "organiser_kind": [organiser_kind(kind) for kind in cell["huvudmannatyp"]],
        "_line": numbers,
    }
    return tables.first_rows(tables.fill("unit", len(numbers), columns), ["unit_code"])


def _measures(metrics: dict[str, Metric]) -> pa.Table:
    columns: dict[str, tables.Cells] = {
        "measure": [metric.measure for metric in metrics.values()],
        "title": [metric.title for metric in metrics.values()],
        "about": [f"Skolverkets öppna api Planned educations v4, {name}." for name in metrics],
        "sex_split": False,
        "unit_level": True,
    }
    return tables.fill("measure", len(metrics), columns)
