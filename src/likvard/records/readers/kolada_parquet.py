"""Kolada in Parquet: values, survey values, the list of measures (KPIs), and the list of municipalities.

Measures are called `kolada:<KPI>` and keep Kolada's own units, mostly per cent. K (women, girls) is the group girls,
M (men, boys) the group boys, also where the measure is about adults.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from likvard.records.readers import sayings, tables
from likvard.records.readers.codes import bad_code, is_code
from likvard.records.readers.findings import Findings, Saying
from likvard.records.readers.kolada_terms import GROUPS, STATUSES, area_of, level_of
from likvard.records.readers.naming import EARLIEST_YEAR, LATEST_YEAR, municipality_code, slug, vintage_of
from likvard.records.readers.text import digest, read_bytes
from likvard.records.reading import ReadContext, Reading
from likvard.rulebook import municipalities
from likvard.terms import InputError, Missing

MAX_INFLATED = 4_000_000_000  # bytes; the value file of 140 000 rows has 4 million

_KINDS: Mapping[str, frozenset[str]] = {
    "values": frozenset({"kpi", "municipality_id", "year", "gender", "status", "value"}),
    "survey": frozenset({"Kommun", "kpi", "År", "Andel", "Kön"}),
    "kpis": frozenset({"id", "title", "description", "is_divided_by_gender", "has_ou_data"}),
    "municipalities": frozenset({"id", "title", "type"}),
}


@dataclass(frozen=True, slots=True)
class KoladaParquet:
    """Reader of Kolada's tables in Parquet."""

    name: str = "kolada-parquet"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the name; what the file holds is told by its columns."""
        return path.suffix.lower() == ".parquet" and (head[:4] == b"PAR1" or "kolada" in path.name.lower())

    def read(self, path: Path, context: ReadContext) -> Reading:
        """Statistics, or measures; the list of municipalities is compared with the rulebook and gives no rows."""
        content = read_bytes(path)
        table = _load(path.name, content)
        kind = next((kind for kind, needed in _KINDS.items() if needed <= set(table.column_names)), None)
        if kind is None:
            raise InputError(
                f"{path.name} has none of Kolada's known sets of columns.",
                "Values need the columns kpi, municipality_id, year, gender, status and value.",
            )
        findings = Findings()
        make = {"values": _values, "survey": _survey, "kpis": _kpis, "municipalities": _municipalities}[kind]
        try:
            made = make(table, findings)
        except (pa.ArrowException, ValueError, TypeError, OverflowError) as problem:
            raise InputError(
                f"{path.name} has columns of other types than Kolada's: {problem}.", "Download it again."
            ) from None
        context.progress(1, 1)
        return Reading(
            source=f"kolada-{kind}",
            scope="",
            vintage=vintage_of(path.name),
            file=path.name,
            reader=self.name,
            sha256=digest(content),
            tables=made,
            findings=findings.done(),
        )


def _load(name: str, content: bytes) -> pa.Table:
    try:
        file = pq.ParquetFile(BytesIO(content))
        groups = range(file.metadata.num_row_groups)
        inflated = sum(file.metadata.row_group(at).total_byte_size for at in groups)
        if inflated > MAX_INFLATED:
            raise InputError(f"{name} would inflate to {inflated:,} bytes.", "Check that it is the right file.")
        return file.read()
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError):
        raise InputError(f"{name} is not a Parquet file, or is damaged.", "Download it again.") from None


def _texts(column: pa.ChunkedArray) -> pa.Array:
    """A column as plain text, empty where it is null."""
    return pc.fill_null(column.combine_chunks().cast(pa.string()), "").cast(pa.string())


def _values(table: pa.Table, findings: Findings) -> dict[str, pa.Table]:
    status, group, area = (_texts(table[name]) for name in ("status", "gender", "municipality_id"))
    value = table["value"].combine_chunks().cast(pa.float64())
    _check_years(table["year"], findings)
    _check_known(status, STATUSES, sayings.UNKNOWN_STATUS, "status", findings)
    _check_known(group, GROUPS, sayings.UNKNOWN_GROUP, "group", findings)
    wrong = pc.equal(pc.equal(status, ""), pc.or_(pc.is_null(value), pc.is_nan(value).fill_null(False)))
    for row in np.flatnonzero(wrong.to_numpy(zero_copy_only=False)).tolist():
        findings.add(sayings.VALUE_WITH_STATUS.at(row + 1, status=status[row].as_py()[:30]))
    _check_areas(area, findings)
    raw = pc.coalesce(pc.cast(value, pa.string()), status)
    return {"statistic": _statistics(_texts(table["kpi"]), area, group, table["year"], value, status, raw)}


def _survey(table: pa.Table, findings: Findings) -> dict[str, pa.Table]:
    """Values with the municipalities' names instead of codes; Kolada does not say here why a value is missing."""
    names = _texts(table["Kommun"])
    codes = [municipality_code(name) for name in names.to_pylist()]
    for row, code in enumerate(codes):
        if code is None:
            findings.add(sayings.UNKNOWN_MUNICIPALITY.at(row + 1, "Kommun", name=names[row].as_py()[:40]))
    area = pa.array([code or "" for code in codes], pa.string())
    group = _texts(table["Kön"])
    _check_years(table["År"], findings)
    _check_known(group, GROUPS, sayings.UNKNOWN_GROUP, "group", findings)
    value = table["Andel"].combine_chunks().cast(pa.float64())
    status, raw = pc.if_else(pc.is_null(value), "Unavailable", ""), pc.cast(value, pa.string())
    return {"statistic": _statistics(_texts(table["kpi"]), area, group, table["År"], value, status, raw)}


def _check_years(years: pa.ChunkedArray, findings: Findings) -> None:
    outside = pc.invert(
        pc.fill_null(pc.and_(pc.greater_equal(years, EARLIEST_YEAR), pc.less_equal(years, LATEST_YEAR)), False)
    )
    for row in np.flatnonzero(outside.combine_chunks().to_numpy(zero_copy_only=False)).tolist():
        findings.add(sayings.BAD_YEAR.at(row + 1, "year", year=years[row].as_py()))


def _check_known(texts: pa.Array, known: Mapping[str, str], saying: Saying, name: str, findings: Findings) -> None:
    strange = pc.invert(pc.is_in(texts, value_set=pa.array(list(known))))
    for row in np.flatnonzero(strange.to_numpy(zero_copy_only=False)).tolist():
        findings.add(saying.at(row + 1, name, **{name: texts[row].as_py()[:30]}))


def _check_areas(areas: pa.Array, findings: Findings) -> None:
    strange = pc.invert(pc.match_substring_regex(areas, r"^[0-9]{4}$"))
    for row in np.flatnonzero(strange.to_numpy(zero_copy_only=False)).tolist():
        findings.add(bad_code(areas[row].as_py(), 4, row + 1, "municipality_id"))


def _statistics(
    kpi: pa.Array,
    area: pa.Array,
    group: pa.Array,
    year: pa.ChunkedArray,
    value: pa.Array,
    status: pa.Array,
    raw: pa.Array,
) -> pa.Table:
    states = [STATUSES.get(text, Missing.UNAVAILABLE.value) for text in status.to_pylist()]
    columns: dict[str, tables.Cells] = {
        "measure": pc.binary_join_element_wise("kolada", kpi, ":"),
        "level": [level_of(code) for code in area.to_pylist()],
        "area_code": [area_of(code) for code in area.to_pylist()],
        "school_form": "",
        "group": [GROUPS.get(text, slug(text)) for text in group.to_pylist()],
        "period_kind": "calendar_year",
        "year": pc.fill_null(year, 0).combine_chunks().cast(pa.int64()).cast(pa.int16(), safe=False),
        "value": value,
        "status": pc.if_else(pc.and_(pc.is_valid(value), pc.equal(pa.array(states), "")), "", pa.array(states)),
        "raw": raw,
    }
    return tables.fill("statistic", len(kpi), columns)


def _kpis(table: pa.Table, findings: Findings) -> dict[str, pa.Table]:
    """The measures with their titles, which are the only ones to trust: other lists carry wrong ones."""
    columns: dict[str, tables.Cells] = {
        "measure": pc.binary_join_element_wise("kolada", _texts(table["id"]), ":"),
        "title": _texts(table["title"]),
        "about": table["description"].combine_chunks().cast(pa.string()),
        "sex_split": pc.equal(table["is_divided_by_gender"].combine_chunks().cast(pa.int64()), 1),
        "unit_level": table["has_ou_data"].combine_chunks().cast(pa.bool_()),
        "published": table["publication_date"].combine_chunks().cast(pa.string())
        if "publication_date" in table.column_names
        else None,
    }
    return {"measure": tables.fill("measure", table.num_rows, columns)}


def _municipalities(table: pa.Table, findings: Findings) -> dict[str, pa.Table]:
    """Compare the list with the rulebook, which is where names and codes are looked up."""
    known = municipalities()
    rows = zip(
        _texts(table["id"]).to_pylist(),
        _texts(table["title"]).to_pylist(),
        _texts(table["type"]).to_pylist(),
        strict=True,
    )
    listed = {code: title for code, title, kind in rows if kind == "K"}
    for code in sorted(known.keys() | listed.keys()):
        got, expected = listed.get(code, "–"), known.get(code, "–")
        if got.casefold() != expected.casefold() and is_code(code, 4):
            findings.add(sayings.NAME_DIFFERS.at(column=code, got=got[:40], code=code, expected=expected))
    findings.add(sayings.NAMES_AGREE.at(n=len(listed), regions=table.num_rows - len(listed)))
    return {}
