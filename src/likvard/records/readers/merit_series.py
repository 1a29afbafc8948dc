"""The merit value per school and spring term 2014–2025: a derived file, put together from copies of Skolverket's.

Composition columns hold Skolverket's raw symbols and are about October of the same school year; the number of
pupils in year 9 is that of October, not the number behind the merit value, so no `n` is given to the merit value.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from likvard.records.readers import sayings, tables
from likvard.records.readers.codes import bad_code, is_code
from likvard.records.readers.findings import Findings
from likvard.records.readers.naming import organiser_kind
from likvard.records.readers.siris_tables import LAST_YEAR_OF_16
from likvard.records.readers.symbols import SIRIS, Floats, Parsed, counts, parse
from likvard.records.readers.text import columns, read_comma_file, read_text
from likvard.records.reading import ReadContext, Reading
from likvard.terms import InputError, Level, SchoolForm

HEADER = (
    "skolenhetskod",
    "skola",
    "kommun",
    "kommunkod",
    "huvudmannatyp",
    "varterminsar",
    "meritvarde",
    "kalla",
    "elever_ak9",
    "elever_1_9",
    "andel_flickor_1_9",
    "andel_utl_bakgrund_1_9",
    "andel_foraldrar_eftergymn_1_9",
)
_COMPOSITION = (
    ("elever_ak9", "pupils_year_9", 0),
    ("elever_1_9", "pupils", 0),
    ("andel_flickor_1_9", "share_girls", -2),
    ("andel_utl_bakgrund_1_9", "share_foreign_background", -2),
    ("andel_foraldrar_eftergymn_1_9", "share_parents_tertiary", -2),
)
FIRST_SPRING, LAST_SPRING = 1998, 2060


@dataclass(frozen=True, slots=True)
class MeritSeries:
    """Reader of `merit_per_school_2014_2025.csv` and files of the same columns."""

    name: str = "merit-series"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the file's name or its first columns."""
        return path.name.startswith("merit_per_school_") or head.lstrip(b"\xef\xbb\xbf").startswith(
            b"skolenhetskod,skola,kommun,kommunkod"
        )

    def read(self, path: Path, context: ReadContext) -> Reading:
        """Units and statistics per school year; the source of each merit value is told in a note."""
        text = read_text(path)
        findings = Findings()
        findings.add(*text.findings)
        rows, numbers = read_comma_file(path.name, text.content, HEADER)
        rows, numbers = _sound_rows(rows, numbers, findings)
        if not rows:
            raise InputError(f"{path.name} has no rows that can be read.", "Check that it is the right file.")
        cell = dict(zip(HEADER, columns(rows, len(HEADER)), strict=True))
        springs = np.array([int(year) for year in cell["varterminsar"]])
        parts = _statistics(cell, springs, numbers, findings)
        sources = Counter(cell["kalla"])
        for source, times in sources.items():
            findings.add(sayings.PROVENANCE.at(column=f"kalla: {source[:60]}", n=times, source=source[:60]))
        findings.add(sayings.LATEST_KNOWN.at())
        context.progress(1, 1)
        return Reading(
            source="skolverket-merit-series",
            scope="",
            vintage=str(springs.max()),
            file=path.name,
            reader=self.name,
            sha256=text.sha256,
            tables={
                "statistic": tables.join("statistic", parts),
                "unit": _units(cell, springs, numbers),
                "measure": _measures(sources),
            },
            findings=findings.done(),
        )


def _sound_rows(rows: list[list[str]], numbers: list[int], findings: Findings) -> tuple[list[list[str]], list[int]]:
    """The rows that have all their cells, a code and a year; the others are told of."""
    kept: list[tuple[list[str], int]] = []
    for row, number in zip(rows, numbers, strict=True):
        if len(row) != len(HEADER):
            findings.add(sayings.ROW_WIDTH.at(number, got=len(row), width=len(HEADER)))
        elif not is_code(row[0], 8):
            findings.add(bad_code(row[0], 8, number, "skolenhetskod"))
        elif not is_code(row[5], 4) or not FIRST_SPRING <= int(row[5]) <= LAST_SPRING:
            findings.add(sayings.BAD_YEAR.at(number, "varterminsar", year=row[5][:20]))
        else:
            kept.append(([cell.strip() for cell in row], number))
    return [row for row, _ in kept], [number for _, number in kept]


def _statistics(
    cell: dict[str, list[str]], springs: np.ndarray, numbers: list[int], findings: Findings
) -> list[pa.Table]:
    merit = _parsed(cell["meritvarde"], "meritvarde", 0, None, numbers, findings)
    pupils = counts(parse(cell["elever_1_9"], SIRIS))
    old = springs <= LAST_YEAR_OF_16 + 1
    made = [
        _rows("merit_value_16", merit, cell, springs, numbers).filter(pa.array(old)),
        _rows("merit_value", merit, cell, springs, numbers).filter(pa.array(~old)),
    ]
    for column, measure, scale in _COMPOSITION:
        base = pupils if scale else None
        parsed = _parsed(cell[column], column, scale, base, numbers, findings)
        made.append(_rows(measure, parsed, cell, springs, numbers, base))
    return made


def _parsed(
    cells: list[str], column: str, scale: int, base: Floats | None, numbers: list[int], findings: Findings
) -> Parsed:
    parsed = parse(cells, SIRIS, scale=scale, base=base)
    for row in parsed.unreadable:
        findings.add(sayings.UNREADABLE_CELL.at(numbers[row], column, cell=cells[row][:40]))
    most = 1.0 if scale else 340.0 if column == "meritvarde" else 10_000.0
    values = counts(parsed)
    for row in np.flatnonzero((values < 0) | (values > most)).tolist():
        told = sayings.OUT_OF_RANGE.at(
            numbers[row], column, cell=cells[row], least=0, most=most * (100 if scale else 1)
        )
        findings.add(told)
    return parsed


def _rows(
    measure: str,
    parsed: Parsed,
    cell: dict[str, list[str]],
    springs: np.ndarray,
    numbers: list[int],
    base: Floats | None = None,
) -> pa.Table:
    return tables.statistic(
        measure,
        parsed,
        level=Level.UNIT,
        area_code=cell["skolenhetskod"],
        school_form=SchoolForm.COMPULSORY.value,
        group="all",
        period_kind="school_year",
        year=pa.array(springs - 1, pa.int16()),
        n=None if base is None else tables.whole(base),
        _line=numbers,
    )


def _units(cell: dict[str, list[str]], springs: np.ndarray, numbers: list[int]) -> pa.Table:
    """Names are those of the year; municipality and kind of organiser are the latest known."""
    known = [code if is_code(code, 4) else None for code in cell["kommunkod"]]
    columns: dict[str, tables.Cells] = {
        "unit_code": cell["skolenhetskod"],
        "school_year": pa.array(springs - 1, pa.int16()),
        "name": cell["skola"],
        "school_form": SchoolForm.COMPULSORY.value,
        "municipality_code": known,
        "organiser_kind": [organiser_kind(kind) for kind in cell["huvudmannatyp"]],
        "_line": numbers,
    }
    return tables.fill("unit", len(numbers), columns)


def _measures(sources: Counter[str]) -> pa.Table:
    origin = "; ".join(f"{source}: {times}" for source, times in sources.most_common())
    about = f"Skolverkets meritvärde per skola och vårtermin, sammanställt ur: {origin}."
    titles = {
        "merit_value": "Genomsnittligt meritvärde (17 ämnen)",
        "merit_value_16": "Genomsnittligt meritvärde (16 ämnen)",
    }
    columns: dict[str, tables.Cells] = {
        "measure": list(titles),
        "title": list(titles.values()),
        "about": about,
        "sex_split": False,
        "unit_level": True,
    }
    return tables.fill("measure", len(titles), columns)
