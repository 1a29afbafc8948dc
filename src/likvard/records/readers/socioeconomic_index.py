"""The statistics office's socio-economic index per school, organiser or municipality: CSV or XLSX, as it is delivered.

No layout is fixed: the office makes the files on order. The header row is found by its words within the first lines, the
year in a column, in a line above the header or in the file's name. What is read is the index as it stands, filed as the
measure `need_index_stated`, and the number of pupils behind it where the file gives it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
import pyarrow as pa

from likvard.records.readers import sayings, tables
from likvard.records.readers.codes import bad_code, is_code
from likvard.records.readers.findings import Findings
from likvard.records.readers.naming import plausible_year, school_year, slug
from likvard.records.readers.symbols import SIRIS, Floats, counts, number, parse
from likvard.records.readers.text import delimiter_of, read_text
from likvard.records.readers.workbook import open_workbook, peek, texts
from likvard.records.reading import ReadContext, Reading
from likvard.rulebook import school_form
from likvard.terms import InputError, Level, SchoolForm

MEASURE = "need_index_stated"
NAMES: Mapping[str, tuple[str, ...]] = {
    "unit": ("skolenhetskod", "skolenhets_kod", "skol_enhetskod", "school_unit_code"),
    "organiser": ("organisationsnummer", "huvudman_orgnr", "orgnr", "organisationsnr", "organiser_number"),
    "municipality": ("kommunkod", "kommun_kod", "lageskommunkod", "municipality_code"),
    "index": (
        "socioekonomiskt_index",
        "socioekonomiskt_indexvarde",
        "socio_ekonomiskt_index",
        "ses_index",
        "indexvarde",
        "socioeconomic_index",
        "socio_economic_index",
    ),
    "pupils": ("antal_elever", "elever", "elevantal", "pupils"),
    "form": ("skolform", "school_form"),
    "year": ("lasar", "school_year", "ar", "year"),
}
_TITLES = frozenset(
    {
        "skola",
        "skolenhet",
        "skolenhetsnamn",
        "skolnamn",
        "namn",
        "huvudman",
        "kommun",
        "skolkommun",
        "lan",
        "school",
        "name",
    }
)
"""Names beside the codes: not read, and nothing to tell of."""

_SURE = ("socioekonomiskt_index", "socioekonomiskt_indexvarde", "socio_ekonomiskt_index", "ses_index")
_PLACES = (("unit", Level.UNIT, 8), ("organiser", Level.ORGANISER, 10), ("municipality", Level.MUNICIPALITY, 4))
_SEARCHED = 30
"""Lines from the top in which the header row is looked for."""

_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*[/–-]\s*(20\d\d|\d\d)(?!\d)")
_MOST = 2_000.0
_SMALL = 20.0  # an index of the whole country lies around 100; a column around 1 is the same divided by 100

Line = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class SocioeconomicIndex:
    """Reader of files with the statistics office's socio-economic index."""

    name: str = "socioeconomic-index"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By a header with the index by its own name and a code of a place."""
        if path.suffix.lower() == ".xlsx":
            shared = re.findall(r">([^<>]{1,60})</", peek(path)) if head[:2] == b"PK" else []
            return _is_header([slug(text) for text in shared])
        if path.suffix.lower() not in (".csv", ".txt"):
            return False
        lines = head.decode("utf-8-sig", "replace").splitlines()[:_SEARCHED]
        return any(_is_header([slug(cell.strip('" ')) for cell in line.split(delimiter_of(line))]) for line in lines)

    def read(self, path: Path, context: ReadContext) -> Reading:
        """Statistics of one measure. Rows that cannot be read stop the import, by row and column."""
        findings = Findings()
        lines, digest = _lines(path, findings)
        at, above = _header(path.name, lines)
        cell = _columns(lines[at][1], lines[at + 1 :], findings)
        rows = lines[at + 1 :]
        table = _statistics(cell, rows, _stated_year(above, path.name), findings)
        context.progress(1, 1)
        if not table.num_rows:
            raise InputError(f"{path.name} has no rows that can be read.", "Check that it is the right file.")
        years = sorted(set(table.column("year").to_pylist()))
        forms = sorted(set(table.column("school_form").to_pylist()))
        levels = sorted(set(table.column("level").to_pylist()))
        vintage = str(years[-1]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
        return Reading(
            source=self.name,
            scope=" ".join([vintage, *forms, *levels]),
            vintage=vintage,
            file=path.name,
            reader=self.name,
            sha256=digest,
            tables={"statistic": table, "measure": _measure(above)},
            findings=findings.done(),
        )


def _is_header(names: Sequence[str]) -> bool:
    there = set(names)
    return bool(there & set(_SURE)) and any(there & set(NAMES[place]) for place, _, _ in _PLACES)


def _lines(path: Path, findings: Findings) -> tuple[list[Line], str]:
    """The rows with something in them, each with its line, and the file's hash."""
    if path.suffix.lower() == ".xlsx":
        book = open_workbook(path)
        findings.add(*book.findings)
        grid = next((rows for rows in book.sheets.values() if any(_is_header(_slugs(texts(row))) for row in rows)), [])
        return [(at, row) for at, cells in enumerate(grid, start=1) if any(row := texts(cells))], book.sha256
    text = read_text(path)
    findings.add(*text.findings)
    found = [line for line in text.lines[:_SEARCHED] if _is_header(_slugs(line.split(delimiter_of(line))))]
    rows = csv.reader(StringIO(text.content, newline=""), delimiter=delimiter_of(found[0]) if found else ";")
    try:
        return [(rows.line_num, [c.strip() for c in row]) for row in rows if any(c.strip() for c in row)], text.sha256
    except csv.Error as problem:
        raise InputError(f"{path.name}, line {rows.line_num}, cannot be read: {problem}.", "Save it again.") from None


def _slugs(cells: Sequence[str]) -> list[str]:
    return [slug(cell.strip('" ')) for cell in cells]


def _header(name: str, lines: Sequence[Line]) -> tuple[int, str]:
    """Where the header row is, and the text above it."""
    for at, (_, row) in enumerate(lines[:_SEARCHED]):
        if _is_header(_slugs(row)):
            return at, "\n".join(" ".join(cell for cell in above if cell) for _, above in lines[:at])
    raise InputError(
        f"{name} has no header row with a school's code and a socio-economic index.",
        "The header must hold Skolenhetskod (or Organisationsnummer or Kommunkod) and Socioekonomiskt index.",
    )


def _columns(header: Sequence[str], rows: Sequence[Line], findings: Findings) -> dict[str, list[str]]:
    """The known columns by what they mean; an unknown one is told of if it is not a name."""
    places: dict[str, int] = {}
    for at, title in enumerate(header):
        meaning = next((key for key, names in NAMES.items() if slug(title) in names), None)
        if meaning is not None and meaning in places:
            findings.add(sayings.SAME_COLUMN_TWICE.at(column=title[:40], name=title[:40]))
        elif meaning is not None:
            places[meaning] = at
        elif title and slug(title) not in _TITLES:
            findings.add(sayings.LEFT_COLUMN.at(column=title[:40], name=title[:40]))
    return {key: [row[at] if at < len(row) else "" for _, row in rows] for key, at in places.items()}


def _stated_year(above: str, name: str) -> int | None:
    """The school year that the lines above the header, or else the file's name, are about."""
    found = _YEAR.search(above) or _YEAR.search(name)
    return None if found is None else school_year(f"{found[1]}/{found[2][-2:]}").start


def _statistics(
    cell: Mapping[str, list[str]], rows: Sequence[Line], stated: int | None, findings: Findings
) -> pa.Table:
    kept = list(_places(cell, rows, findings))
    at = [i for i, _, _ in kept]
    lines = [rows[i][0] for i in at]
    parsed = parse([cell["index"][i] for i in at], SIRIS)
    for row in parsed.unreadable:
        findings.add(sayings.UNREADABLE_CELL.at(lines[row], "index", cell=cell["index"][at[row]][:40]))
    values = _hundred(counts(parsed), lines, findings)
    columns: dict[str, tables.Cells] = {
        "measure": MEASURE,
        "level": [level.value for _, level, _ in kept],
        "area_code": [code for _, _, code in kept],
        "school_form": _forms(cell, at, lines, findings),
        "group": "all",
        "period_kind": "school_year",
        "year": pa.array(_years(cell, at, lines, stated, findings), pa.int16()),
        "value": pa.array(values, pa.float64(), mask=np.isnan(values)),
        "status": parsed.status,
        "raw": parsed.raw,
        "n": _pupils(cell, at),
        "_line": lines,
    }
    return tables.fill("statistic", len(at), columns)


def _places(
    cell: Mapping[str, list[str]], rows: Sequence[Line], findings: Findings
) -> Iterator[tuple[int, Level, str]]:
    """Rows with a code: the place of the row, and its level and code by the smallest place that it names."""
    for i, (line, _) in enumerate(rows):
        named = ((level, digits, _code(cell[key][i])) for key, level, digits in _PLACES if key in cell)
        level, digits, code = next(((lv, d, c) for lv, d, c in named if c), (Level.UNIT, 0, ""))
        if not code or not cell["index"][i]:
            findings.add(sayings.INDEX_NO_PLACE.at(line))
        elif is_code(code, digits):
            yield i, level, code
        else:
            findings.add(bad_code(code, digits, line, level.value))


def _code(text: str) -> str:
    return text.replace("-", "").replace(" ", "") if re.fullmatch(r"\d{6}-?\d{4}", text.strip()) else text.strip()


def _hundred(values: Floats, lines: Sequence[int], findings: Findings) -> Floats:
    """The index with 100 as the average; numbers that can be none are told of."""
    known = values[np.isfinite(values)]
    if len(known) and float(np.median(known)) > 0 and float(known.max()) < _SMALL:
        findings.add(sayings.INDEX_SCALE.at(column="index", middle=float(np.median(known))))
        values = values * 100
    for row in np.flatnonzero((values < 0) | (values > _MOST)).tolist():
        findings.add(sayings.OUT_OF_RANGE.at(lines[row], "index", cell=f"{values[row]:g}", least=0, most=_MOST))
    return values


def _forms(cell: Mapping[str, list[str]], at: Sequence[int], lines: Sequence[int], findings: Findings) -> list[str]:
    if "form" not in cell:
        findings.add(sayings.INDEX_FORM.at())
        return [SchoolForm.COMPULSORY.value] * len(at)
    found = []
    for i, line in zip(at, lines, strict=True):
        form = school_form(cell["form"][i]) if cell["form"][i] else SchoolForm.COMPULSORY
        if form is None:
            findings.add(sayings.UNREADABLE_CELL.at(line, "form", cell=cell["form"][i][:40]))
        found.append((form or SchoolForm.COMPULSORY).value)
    return found


def _years(
    cell: Mapping[str, list[str]], at: Sequence[int], lines: Sequence[int], stated: int | None, findings: Findings
) -> list[int]:
    """Each row's school year. Raises `InputError` where neither a column, the lines above nor the name tell it."""
    if "year" not in cell and stated is None:
        raise InputError(
            "Nothing says which school year the index is of.",
            "Add a column Läsår (2025/26), or put it in the file's name.",
        )
    found = []
    for i, line in zip(at, lines, strict=True):
        text = cell["year"][i] if "year" in cell else ""
        year = _year(text, line, findings) if text else stated
        if year is None:
            findings.add(sayings.BAD_YEAR.at(line, "year", year=text[:20]))
        found.append(year or 0)
    return found


def _year(text: str, line: int, findings: Findings) -> int | None:
    try:
        if is_code(text, 4):
            findings.add(sayings.INDEX_YEAR.at(line, "year", year=text))
            return plausible_year(int(text))
        return school_year(text).start
    except InputError:
        return None


def _pupils(cell: Mapping[str, list[str]], at: Sequence[int]) -> pa.Array | None:
    """How many pupils the index rests on; empty where the file does not say."""
    if "pupils" not in cell:
        return None
    found = [number(cell["pupils"][i]) for i in at]
    return tables.whole(np.array([np.nan if n is None else n for n in found], dtype=np.float64))


def _measure(above: str) -> pa.Table:
    columns: dict[str, tables.Cells] = {
        "measure": [MEASURE],
        "title": ["Socioekonomiskt index"],
        "about": [above or None],
        "sex_split": False,
        "unit_level": True,
    }
    return tables.fill("measure", 1, columns)
