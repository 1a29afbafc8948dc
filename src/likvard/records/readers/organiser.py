"""The organiser's own files, filled in by the template of `likvard template`: CSV or XLSX, one table per file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from likvard.records.readers import organiser_tables, sayings
from likvard.records.readers.codes import is_code
from likvard.records.readers.findings import Findings
from likvard.records.readers.naming import organiser_number, slug
from likvard.records.readers.organiser_cells import EXPECTED, is_formula, parser
from likvard.records.readers.pseudonyms import looks_like_personal_number
from likvard.records.readers.text import MAX_COLUMNS, delimiter_of, read_text
from likvard.records.readers.workbook import open_workbook, peek, texts
from likvard.records.reading import Finding, ReadContext, Reading
from likvard.records.template import PREFIX
from likvard.records.template_tables import EXAMPLE, REMARK, Field, Form, Template, templates
from likvard.terms import InputError, Language

_HIDDEN = frozenset({Form.PUPIL, Form.STAFF})
_EXAMPLES = tuple(EXAMPLE[language].partition(":")[0].upper() + ":" for language in Language)

Line = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled-in template: which one, its cells parsed by column, and the line of each row."""

    template: Template
    columns: Mapping[str, list[Any]]
    lines: list[int]


@dataclass(frozen=True, slots=True)
class Organiser:
    """Reader of the organiser's own files."""

    name: str = "organiser"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the template's file name, or by a header row that has all that a template requires."""
        if path.suffix.lower() not in (".csv", ".txt", ".xlsx"):
            return False
        if _by_name(path.name) is not None:
            return True
        if path.suffix.lower() == ".xlsx":
            shared = set(re.findall(r">([^<>]{1,40})</", peek(path))) if head[:2] == b"PK" else set()
            return any(_fits(template, shared) for template in templates())
        first = head.decode("utf-8-sig", "replace").partition("\n")[0].strip("\r")
        names = {cell.strip().strip('"') for cell in first.split(delimiter_of(first))}
        return any(_fits(template, names) for template in templates())

    def read(self, path: Path, context: ReadContext) -> Reading:
        """The declared tables that the template feeds. Cells that cannot be read stop the import, by row and column."""
        findings = Findings()
        lines, digest = _lines(path, findings)
        filled = _filled(path.name, lines, findings)
        context.progress(1, 2)
        made = organiser_tables.make(filled.template.key, filled.columns, filled.lines, context.pseudonym_key, findings)
        context.progress(2, 2)
        return Reading(
            source=f"organiser-{filled.template.key}",
            scope=organiser_tables.scope(filled.columns, organiser_number(path.name)),
            vintage="",
            file=path.name,
            reader=self.name,
            sha256=digest,
            tables=made,
            findings=findings.done(),
        )


def _by_name(name: str) -> Template | None:
    lowered = name.lower()
    return next((t for t in templates() if re.match(rf"{PREFIX}{t.key}\b", lowered)), None)


def _by_header(header: Sequence[str]) -> Template | None:
    """The template that a header row has all required columns of, and most columns in all."""
    names = {slug(title) for title in header}
    fitting = [t for t in templates() if _fits(t, set(header))]
    shared = [len(names & {slug(word) for f in t.fields for word in (f.name.sv, f.name.en)}) for t in fitting]
    return fitting[shared.index(max(shared))] if fitting else None


def _fits(template: Template, names: set[str]) -> bool:
    folded = {slug(name) for name in names}
    needed = [f for f in template.fields if f.required]
    return all(folded & {slug(f.name.sv), slug(f.name.en)} for f in needed) and len(needed) >= 3


def _lines(path: Path, findings: Findings) -> tuple[list[Line], str]:
    """The rows with something in them, each with its line, and the file's hash."""
    if path.suffix.lower() == ".xlsx":
        book = open_workbook(path)
        findings.add(*(sayings.FORMULA_CELL.at(column=f.column, times=f.times) for f in book.findings))
        grid = next((rows for rows in book.sheets.values() if rows), [])
        return [(at, row) for at, cells in enumerate(grid, start=1) if any(row := texts(cells))], book.sha256
    text = read_text(path)
    findings.add(*text.findings)
    first = text.content.lstrip("\r\n").partition("\n")[0]
    rows = csv.reader(StringIO(text.content, newline=""), delimiter=delimiter_of(first))
    try:
        found = [(rows.line_num, [cell.strip() for cell in row]) for row in rows if any(cell.strip() for cell in row)]
    except csv.Error as problem:
        raise InputError(f"{path.name}, line {rows.line_num}, cannot be read: {problem}.", "Save it again.") from None
    return found, text.sha256


def _filled(name: str, lines: Sequence[Line], findings: Findings) -> Filled:
    """Find the template and its columns by the header row, and parse the rows below it."""
    if not lines:
        raise InputError(f"{name} is empty.", "Fill in the template and save it again.")
    header = lines[0][1]
    if len(header) > MAX_COLUMNS:
        raise InputError(f"{name} has more than {MAX_COLUMNS:,} columns.", "Check that it is the right file.")
    template = _by_name(name) or _by_header(header)
    if template is None:
        raise InputError(f"{name} has the header row of no template.", "Write the templates with likvard template.")
    places = _places(name, template, header, findings)
    kept = list(_data_rows(template, places, lines, findings))
    if not kept:
        raise InputError(f"{name} has no rows besides the header and the example.", "Fill in the template.")
    columns = {field.key: _column(field, places.get(field.key), kept, findings) for field in template.fields}
    return Filled(template, columns, [line for line, _ in kept])


def _places(name: str, template: Template, header: Sequence[str], findings: Findings) -> dict[str, int]:
    """Where each column of the template stands. Raises `InputError` if one that is required is missing or doubled."""
    known = {slug(word): f.key for f in template.fields for word in (f.name.sv, f.name.en, f.key)}
    remarks = {slug(REMARK[language]) for language in Language}
    places: dict[str, int] = {}
    for at, title in enumerate(header):
        key = known.get(slug(title))
        if key in places:
            raise InputError(f"{name} has the column {title!r} twice.", "Remove one of them.")
        if key is not None:
            places[key] = at
        elif title and slug(title) not in remarks:
            findings.add(sayings.LEFT_COLUMN.at(column=title[:40], name=title[:40]))
    missing = [f.name.sv for f in template.fields if f.required and f.key not in places]
    if missing:
        raise InputError(
            f"{name} lacks the column {', '.join(missing)}.", "Keep the header row as likvard template writes it."
        )
    return places


def _data_rows(
    template: Template, places: Mapping[str, int], lines: Sequence[Line], findings: Findings
) -> Iterator[Line]:
    """The rows below the header that are data: no example, no second header, no more cells than the header."""
    header = lines[0][1]
    keys = [f.key for f in template.fields if f.key in places]
    shown = [template[key].example for key in keys]
    named = [slug(title) for title in header]
    for line, row in lines[1:]:
        full = row + [""] * (len(header) - len(row))
        if any(mark in "".join(full).upper() for mark in _EXAMPLES) or [full[places[key]] for key in keys] == shown:
            findings.add(sayings.EXAMPLE_ROW.at(line))
        elif full[0].casefold() == header[0].casefold() and [slug(cell) for cell in full[: len(header)]] == named:
            findings.add(sayings.SECOND_HEADER.at(line))
        elif any(full[len(header) :]):
            findings.add(sayings.ROW_WIDTH.at(line, got=len(row), width=len(header)))
        else:
            yield line, full


def _column(field: Field, place: int | None, rows: Sequence[Line], findings: Findings) -> list[Any]:
    """The values of one column; None where a cell is empty or cannot be read, which is then told of."""
    if place is None:
        return [None] * len(rows)
    parse = parser(field)
    known: dict[str, Any] = {}
    wrong: dict[str, Finding] = {}
    for line, row in rows:
        cell = row[place]
        if cell in wrong:
            findings.add(wrong[cell])
        elif cell not in known:
            problem = _problem(field, cell, line)
            if problem is None:
                try:
                    known[cell] = parse(cell) if cell else None
                except ValueError:
                    problem = _wrong(field, cell, line)
            if problem is not None:
                findings.add(problem)
                wrong[cell], known[cell] = problem, None
    return [known[row[place]] for _, row in rows]


def _problem(field: Field, cell: str, line: int) -> Finding | None:
    if cell == "":
        return sayings.EMPTY_CELL.at(line, field.name.sv) if field.required else None
    if is_formula(cell):
        return sayings.FORMULA_CELL.at(line, field.name.sv)
    if field.form is not Form.PUPIL and looks_like_personal_number(cell) and field.form is not Form.ORGANISER:
        return _wrong(field, cell, line)
    return None


def _wrong(field: Field, cell: str, line: int) -> Finding:
    """What is wrong with a cell; one that could name somebody is not shown."""
    digits = {Form.UNIT: 8, Form.ORGANISER: 10, Form.MUNICIPALITY: 4}.get(field.form)
    if digits and is_code(cell, digits - 1):
        return sayings.LOST_ZERO.at(line, field.name.sv, code=cell, got=digits - 1, digits=digits)
    hidden = field.form in _HIDDEN or looks_like_personal_number(cell)
    sv, en = EXPECTED[field.form]
    words = {Language.SV: field.words(Language.SV), Language.EN: field.words(Language.EN)}
    return sayings.WRONG_CELL.at(
        line,
        field.name.sv,
        cell="…" if hidden else repr(cell[:40]),
        sv=words[Language.SV] or sv,
        en=words[Language.EN] or en,
    )
