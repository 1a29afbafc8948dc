"""The rows of SCB's pupil files: parted into columns, and each personal number made a pseudonym at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from likvard.records.readers import sayings, tables
from likvard.records.readers.codes import is_code
from likvard.records.readers.findings import Findings
from likvard.records.readers.naming import EARLIEST_YEAR, LATEST_YEAR
from likvard.records.readers.pseudonyms import Person, people
from likvard.records.readers.scb_layouts import (
    DROPPED,
    Layout,
    column_name,
    is_header,
    layout_of_cells,
    layout_of_header,
)
from likvard.records.readers.text import Text, cells, trim
from likvard.terms import InputError, SchoolYear

SHOWN_ROWS = 20


@dataclass(frozen=True, slots=True)
class Pupils:
    """The rows of a file whose pupils and schools are known: who, where, on which line, and the other columns."""

    persons: list[Person]
    pupil_id: pa.Array
    unit_code: pa.Array
    lines: pa.Array
    cells: pa.Table
    year: SchoolYear


def load(name: str, text: Text, findings: Findings) -> tuple[Layout, pa.Table, list[int]]:
    """The file as a table of texts with the layout's column names, and the line of each row."""
    lines = text.lines
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    top = trim(cells(lines[first], ";"))
    if is_header(top):
        columns = [column_name(cell) for cell in top]
        layout, first = layout_of_header(columns), first + 1
        for title, column in zip(top, columns, strict=True):
            if column not in layout.columns:
                findings.add(sayings.LEFT_COLUMN.at(column=title[:40], name=title[:40]))
    else:
        layout = layout_of_cells(name, [cells(line, ";") for line in lines[first : first + SHOWN_ROWS]])
        columns = list(layout.columns)
    if len(set(columns)) != len(columns):
        raise InputError(f"{name} has two columns of the same name.", "Export the file for SCB again.")
    kept, numbers = _sound_lines(lines, first, len(columns), findings)
    if not kept:
        raise InputError(f"{name} has no rows of pupils.", "Export the file for SCB again.")
    wanted = [column for column in columns if column not in DROPPED and column in layout.columns]
    return layout, _parse(name, kept, columns, wanted), numbers


def _sound_lines(lines: Sequence[str], first: int, width: int, findings: Findings) -> tuple[list[str], list[int]]:
    """The lines with as many cells as there are columns, and their numbers; the others are told of."""
    kept: list[str] = []
    numbers: list[int] = []
    for number, line in enumerate(lines[first:], start=first + 1):
        got = line.count(";") + 1
        if got == width + 1 and line.rstrip().endswith(";"):
            line, got = line.rstrip()[:-1], width
        if got == width and width > 1:
            kept.append(line)
            numbers.append(number)
        elif line.strip():
            findings.add(sayings.ROW_WIDTH.at(number, got=got, width=width))
    return kept, numbers


def _parse(name: str, lines: list[str], columns: list[str], wanted: list[str]) -> pa.Table:
    quoted = lines[0].lstrip().startswith('"')
    content = "\n".join(lines).encode()
    try:
        table = csv.read_csv(
            BytesIO(content),
            read_options=csv.ReadOptions(column_names=columns, block_size=max(len(content), 1)),
            parse_options=csv.ParseOptions(delimiter=";", quote_char='"' if quoted else False),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()), include_columns=wanted, strings_can_be_null=False
            ),
        )
    except pa.ArrowException:
        raise InputError(f"{name} cannot be parted into columns.", "Export the file for SCB again.") from None
    if table.num_rows != len(lines):
        raise InputError(f"{name} has quotation marks that span lines.", "Export the file for SCB again.")
    trimmed = [pc.utf8_trim_whitespace(column).combine_chunks() for column in table.columns]
    return pa.table(trimmed, names=wanted)


def pupils_of(raw: pa.Table, lines: list[int], key: bytes, findings: Findings) -> Pupils:
    """Turn numbers into persons; rows whose number, school or date cannot be right are told of and left out."""
    persons = people(key, raw["personnr"].to_pylist())
    codes = raw["skolenhetskod"].to_pylist()
    kept = []
    for row, (person, code) in enumerate(zip(persons, codes, strict=True)):
        if person is None:
            findings.add(sayings.BAD_PERSONAL_NUMBER.at(lines[row], "PersonNr"))
        elif not is_code(code, 8):
            saying = sayings.LOST_ZERO if is_code(code, 7) else sayings.HIDDEN_CODE
            findings.add(saying.at(lines[row], "Skolenhetskod", code=code[:8], got=7, digits=8))
        else:
            kept.append(row)
    rows = pa.array(kept, pa.int64())
    found = (
        [person for person in persons if person is not None]
        if len(kept) == len(persons)
        else [person for row in kept if (person := persons[row]) is not None]
    )
    if not found:
        raise InputError("No row has both a personal number and a school unit code.", "Check the order of the columns.")
    if wrong := sum(not person.checked for person in found):
        findings.add(sayings.CHECK_DIGIT.at(column="PersonNr", times=wrong))
    if temporary := sum(person.temporary for person in found):
        findings.add(sayings.TEMPORARY.at(times=temporary))
    pupils = Pupils(
        persons=found,
        pupil_id=pa.array([person.pseudonym for person in found], pa.string()),
        unit_code=raw["skolenhetskod"].combine_chunks().take(rows),
        lines=pa.array(lines, pa.int32()).take(rows),
        cells=raw.drop_columns(["personnr", "skolenhetskod"]).take(rows),
        year=_school_year(raw["datum"].combine_chunks().take(rows), findings),
    )
    _check_repeats(pupils, findings)
    return pupils


def _school_year(dates: pa.Array, findings: Findings) -> SchoolYear:
    """The school year whose spring the file's dates lie in. Raises `InputError` if no date is sound."""
    springs = set()
    for text in pc.unique(dates).to_pylist():
        try:
            day = date.fromisoformat(text)
        except ValueError:
            findings.add(sayings.BAD_DATE.at(column="Datum"))
            continue
        if EARLIEST_YEAR < day.year <= LATEST_YEAR:
            springs.add(day.year)
        else:
            findings.add(sayings.BAD_DATE.at(column="Datum"))
    if not springs:
        raise InputError("No row has a date that can be right.", "The column Datum must hold dates such as 2026-06-12.")
    if len(springs) > 1:
        findings.add(sayings.BAD_DATE.at(column="Datum"))
    return SchoolYear.of_spring(max(springs))


def _check_repeats(pupils: Pupils, findings: Findings) -> None:
    who = pa.table({"pupil_id": pupils.pupil_id, "unit_code": pupils.unit_code})
    for row in tables.repeats(who, ["pupil_id", "unit_code"]):
        findings.add(sayings.DUPLICATE_PUPIL.at(pupils.lines[row].as_py()))
    again = len(tables.repeats(who, ["pupil_id"])) - len(tables.repeats(who, ["pupil_id", "unit_code"]))
    if again:
        findings.add(sayings.TWO_SCHOOLS.at(times=again))
