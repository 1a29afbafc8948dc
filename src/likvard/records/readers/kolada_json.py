"""Kolada's API answers (v2 and v3) in JSON: one page, or a list of pages, of values per KPI, area and year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from likvard.records.readers import sayings, tables
from likvard.records.readers.codes import bad_code, is_code
from likvard.records.readers.findings import Findings
from likvard.records.readers.json_file import number, objects, read_json, text
from likvard.records.readers.kolada_terms import GROUPS, STATUSES, area_of, level_of
from likvard.records.readers.naming import EARLIEST_YEAR, LATEST_YEAR
from likvard.records.readers.symbols import optional
from likvard.records.reading import ReadContext, Reading
from likvard.terms import InputError


@dataclass(frozen=True, slots=True)
class Value:
    """One value as Kolada gives it: for which KPI, area, year and group; a number or a status."""

    kpi: str
    area: str
    year: int
    group: str
    status: str
    value: float | None


@dataclass(frozen=True, slots=True)
class KoladaJson:
    """Reader of answers of Kolada's API."""

    name: str = "kolada-json"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the keys of the answer: values with kpi and period, or KPIs with titles."""
        start = head[:50_000]
        values = b'"values"' in start and b'"kpi"' in start and b'"period"' in start
        kpis = b'"is_divided_by_gender"' in start
        return path.suffix.lower() == ".json" and (values or kpis)

    def read(self, path: Path, context: ReadContext) -> Reading:
        """Statistics, or measures if the answer lists KPIs. A page with a next page is told of."""
        file = read_json(path)
        findings = Findings()
        pages = objects(file.content) if isinstance(file.content, list) else objects([file.content])
        if pages and text(pages[-1].get("next_page") or pages[-1].get("next_url")):
            findings.add(sayings.MORE_PAGES.at())
        items = [item for page in pages for item in objects(page.get("values") or page.get("results"))]
        kpis = [item for item in items if "is_divided_by_gender" in item and text(item.get("id"))]
        values = [] if kpis else list(_values(items, findings))
        if not kpis and not values and not findings.kept:
            raise InputError(f"{path.name} has no values of Kolada.", "Fetch /data/kpi/…/municipality/…/year/… again.")
        context.progress(1, 1)
        return Reading(
            source="kolada-json",
            scope="kpis" if kpis else scope_of(values),
            vintage=file.fetched[:10],
            file=path.name,
            reader=self.name,
            sha256=file.sha256,
            tables=_measures(kpis) if kpis else _statistics(values),
            findings=findings.done(),
        )


def _values(items: list[dict[str, Any]], findings: Findings) -> Iterator[Value]:
    """Every value of every item; what cannot be is told of, and units of Kolada's own numbering are left out."""
    for row, item in enumerate(items, start=1):
        kpi, year = text(item.get("kpi")), number(item.get("period") or item.get("year"))
        area = text(item.get("municipality"))
        if not area and text(item.get("ou")):
            findings.add(sayings.KOLADA_UNIT.at(row, "ou"))
        elif re.fullmatch(r"[NU]\d{5}", kpi) is None:
            findings.add(sayings.BAD_KPI.at(row, "kpi", kpi=kpi[:20]))
        elif not is_code(area, 4):
            findings.add(bad_code(area, 4, row, "municipality"))
        elif year is None or not EARLIEST_YEAR <= year <= LATEST_YEAR:
            findings.add(sayings.BAD_YEAR.at(row, "period", year=text(item.get("period"))[:20]))
        else:
            yield from _by_group(item, kpi, area, int(year), row, findings)


def _by_group(item: dict[str, Any], kpi: str, area: str, year: int, row: int, findings: Findings) -> Iterator[Value]:
    for given in objects(item.get("values")):
        group, status = text(given.get("gender")), text(given.get("status"))
        value = number(given.get("value"))
        if group not in GROUPS:
            findings.add(sayings.UNKNOWN_GROUP.at(row, "gender", group=group[:20]))
        elif status not in STATUSES:
            findings.add(sayings.UNKNOWN_STATUS.at(row, "status", status=status[:20]))
        elif (value is None) == (status == ""):
            findings.add(sayings.VALUE_WITH_STATUS.at(row, "value", status=status))
        else:
            yield Value(kpi, area, year, GROUPS[group], STATUSES[status], value)


def scope_of(values: list[Value]) -> str:
    """What a newer answer replaces: the same KPIs, areas and years."""
    if not values:
        return ""
    spans = []
    for found in (
        sorted({v.kpi for v in values}),
        sorted({v.area for v in values}),
        [str(y) for y in sorted({v.year for v in values})],
    ):
        spans.append(found[0] if len(found) == 1 else f"{found[0]}–{found[-1]} ({len(found)})")
    return " ".join(spans)


def _statistics(values: list[Value]) -> dict[str, Any]:
    numbers = np.array([np.nan if v.value is None else v.value for v in values], dtype=np.float64)
    columns: dict[str, tables.Cells] = {
        "measure": [f"kolada:{v.kpi}" for v in values],
        "level": [level_of(v.area) for v in values],
        "area_code": [area_of(v.area) for v in values],
        "school_form": "",
        "group": [v.group for v in values],
        "period_kind": "calendar_year",
        "year": [v.year for v in values],
        "value": optional(numbers),
        "status": [v.status for v in values],
        "raw": [v.status if v.value is None else str(v.value) for v in values],
    }
    return {"statistic": tables.fill("statistic", len(values), columns)}


def _measures(kpis: list[dict[str, Any]]) -> dict[str, Any]:
    columns: dict[str, tables.Cells] = {
        "measure": [f"kolada:{text(kpi['id'])}" for kpi in kpis],
        "title": [text(kpi.get("title")) for kpi in kpis],
        "about": [text(kpi.get("description")) or None for kpi in kpis],
        "sex_split": [bool(kpi.get("is_divided_by_gender")) for kpi in kpis],
        "unit_level": [bool(kpi["has_ou_data"]) if kpi.get("has_ou_data") is not None else None for kpi in kpis],
        "published": [text(kpi.get("publication_date")) or None for kpi in kpis],
    }
    return {"measure": tables.fill("measure", len(kpis), columns)}
