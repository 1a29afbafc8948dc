"""Excel workbooks, opened with care: only worksheets, their texts and styles are read, after Python has weighed them.

A workbook is a zip of XML. Each part that is needed is inflated here against a budget and handed on uncompressed, so
that neither a bomb nor a false directory reaches the parser; pivot caches, document properties, macros and links are
left behind. The parser lays a sheet out as a full rectangle, so the cells' own addresses are checked as well.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypeAlias

import python_calamine

from likvard.records.readers import sayings
from likvard.records.readers.text import digest, read_bytes
from likvard.records.reading import Finding
from likvard.terms import InputError

MAX_PART = 400_000_000  # bytes of one part, inflated; the largest real sheet, Skolenkäten's, has 17 million
MAX_RATIO = 200  # inflated to deflated; real sheets lie between 8 and 15
MAX_PARTS = 2_000
MAX_CELLS = 20_000_000  # of the rectangle around a sheet; Skolenkäten's has 0.4 million
SMALL = 1_000_000  # below this many bytes a ratio says nothing

Cell: TypeAlias = str | float | int | bool | date | datetime | time | timedelta
Grid: TypeAlias = list[list[Cell]]

_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml|"
    r"xl/sharedStrings\.xml|xl/worksheets/[^/]+\.xml"
)
_LETTERS = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})[0-9]")
_DIGITS = re.compile(rb"\br\s*=\s*[\"'][A-Za-z]{0,3}([0-9]{1,9})[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")


@dataclass(frozen=True, slots=True)
class Workbook:
    """An opened workbook: its sheets' names and content, the file's hash, and what was found on the way."""

    sheets: dict[str, Grid]
    sha256: str
    findings: tuple[Finding, ...]


def open_workbook(path: Path) -> Workbook:
    """All worksheets of an XLSX file, each from its first row and column; empty cells are `""`.

    Raises `InputError` if it is no workbook, is damaged, or would inflate beyond the limits of this module.
    """
    content = read_bytes(path)
    parts = _parts(path.name, content)
    findings = []
    for name, part in parts.items():
        if name.startswith("xl/worksheets/"):
            _check_extent(path.name, part)
            if formulas := len(_FORMULA.findall(part)):
                findings.append(sayings.FORMULAS.at(column=name, times=formulas, sheet=name.rpartition("/")[2]))
    return Workbook(_sheets(path.name, _repack(parts)), digest(content), tuple(findings))


def peek(path: Path) -> str:
    """The first texts of a workbook, enough to tell which one it is; empty if it cannot be opened."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/sharedStrings.xml") as part:
            return part.read(200_000).decode("utf-8", "replace")
    except (OSError, KeyError, ValueError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error, EOFError):
        return ""


def _parts(name: str, content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_PARTS:
                raise InputError(f"{name} has {len(entries):,} parts.", "Check that it is an ordinary workbook.")
            return {e.filename: _inflate(name, archive, e) for e in entries if _NEEDED.fullmatch(e.filename)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise InputError(f"{name} is not an Excel workbook, or is damaged.", "Save it again as XLSX.") from None


def _inflate(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Inflate one part. The zip module stops at the size that the directory states, and the sum must then agree."""
    stated, packed = entry.file_size, max(entry.compress_size, 1)
    if stated > MAX_PART or (stated > SMALL and stated / packed > MAX_RATIO):
        raise InputError(
            f"{name} would inflate from {packed:,} to {stated:,} bytes.",
            "This is not an ordinary workbook; do not open it.",
        )
    return archive.read(entry)


def _check_extent(name: str, part: bytes) -> None:
    """Refuse a sheet whose cells lie so far apart that the rectangle around them would fill the memory."""
    if not part.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise InputError(f"{name} has a worksheet that is not XML in UTF-8.", "Save it again as XLSX.")
    widest = max(map(_column_number, set(_LETTERS.findall(part))), default=1)
    deepest = max(map(int, set(_DIGITS.findall(part))), default=1)
    if widest * deepest > MAX_CELLS:
        raise InputError(
            f"{name} has a worksheet of {deepest:,} rows and {widest:,} columns.",
            "Remove cells far outside the table and save it again.",
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _repack(parts: dict[str, bytes]) -> io.BytesIO:
    """A workbook of the weighed parts alone, uncompressed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    packed.seek(0)
    return packed


def _sheets(name: str, packed: io.BytesIO) -> dict[str, Grid]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(packed)
        return {sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) for sheet in _worksheets(book)}
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # the parser's own panics are no Exception
        raise InputError(f"{name} is not an Excel workbook, or is damaged.", "Save it again as XLSX.") from None


def _worksheets(book: python_calamine.CalamineWorkbook) -> list[str]:
    kind = python_calamine.SheetTypeEnum.WorkSheet
    return [sheet.name for sheet in book.sheets_metadata if sheet.typ == kind]


def as_text(cell: Cell) -> str:
    """A cell as a person would write it: whole numbers without a point, dates as 2025-09-01."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()


def texts(row: Sequence[Cell]) -> list[str]:
    """A row of cells as texts."""
    return [as_text(cell) for cell in row]


def column_texts(rows: Sequence[Sequence[Cell]], place: int, known: dict[Cell, str]) -> list[str]:
    """The cells of one column as texts. `known` remembers what has been turned before; it lives as long as one file."""
    column = [row[place] for row in rows]
    known.update({cell: as_text(cell) for cell in set(column) - known.keys()})
    return [known[cell] for cell in column]
