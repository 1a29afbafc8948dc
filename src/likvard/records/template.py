"""Writing the organiser's templates: one file per table as CSV or XLSX, each with its explanation in two languages.

Every table has one header row, an example row that is never read as data, and a last column for remarks that is never
read at all. `readers.organiser` reads what is filled in.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path

import xlsxwriter

from likvard.records.template_tables import EXAMPLE, REMARK, Field, Form, Template, templates
from likvard.terms import Language, UsageError, Words

FORMATS = ("csv", "xlsx")
PREFIX = "likvard-"
EXPLANATION = Words("Förklaring", "Explanation")
DATA = Words("Uppgifter", "Data")

# Kept as text, so that no spreadsheet takes away a zero or makes a date of a school year.
_AS_TEXT = frozenset(
    {Form.UNIT, Form.ORGANISER, Form.MUNICIPALITY, Form.SCHOOL_YEAR, Form.PUPIL, Form.STAFF, Form.MONTH}
)
_EXPLAINED = (
    "Fil / File",
    "Kolumn",
    "Column",
    "Förklaring",
    "Explanation",
    "Krävs / Required",
    "Ord / Words",
    "Exempel / Example",
)
_MADE = datetime(2026, 1, 1)  # a fixed date, so that two templates are the same to the byte


def write(folder: Path, format: str, *, language: Language = Language.SV) -> tuple[Path, ...]:
    """Write every template into a folder, which is made if need be, and return the files in order.

    `format` is csv or xlsx. CSV comes with a file of explanations; a workbook has them in a sheet of its own. The
    header rows are in `language`; both are read. Raises `UsageError` on another format, or if a file is there already.
    """
    if format not in FORMATS:
        raise UsageError(f"There is no template in the format {format!r}.", f"Choose one of {', '.join(FORMATS)}.")
    made = list(_csv_files(language) if format == "csv" else _xlsx_files(language))
    paths = tuple(folder / name for name, _ in made)
    there = [path.name for path in paths if path.exists()]
    if there:
        raise UsageError(f"{there[0]} is already in {folder}.", "Choose an empty folder, so that nothing is lost.")
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in zip(paths, (content for _, content in made), strict=True):
        path.write_bytes(content)
    return paths


def header(template: Template, language: Language) -> list[str]:
    """The header row of a template."""
    return [field.name[language] for field in template.fields] + [REMARK[language]]


def example(template: Template, language: Language) -> list[str]:
    """The example row of a template, marked as such in the column for remarks."""
    return [field.example for field in template.fields] + [EXAMPLE[language]]


def explanation() -> list[list[str]]:
    """The explanation of every column of every template, in both languages, with a header row."""
    rows = [list(_EXPLAINED)]
    for template in templates():
        title, about = template.title, template.about
        rows.append([f"{PREFIX}{template.key}", title.sv, title.en, about.sv, about.en, "", "", ""])
        rows += [_explained(template, field) for field in template.fields]
    return rows


def _explained(template: Template, field: Field) -> list[str]:
    needed = "ja / yes" if field.required else "nej / no"
    words = " / ".join(part for part in (field.words(Language.SV), field.words(Language.EN)) if part)
    file = f"{PREFIX}{template.key}"
    return [file, field.name.sv, field.name.en, field.about.sv, field.about.en, needed, words, field.example]


def _csv_files(language: Language) -> Iterator[tuple[str, bytes]]:
    for template in templates():
        rows = [header(template, language), example(template, language)]
        yield f"{PREFIX}{template.key}.csv", _csv(rows)
    yield f"{PREFIX}forklaring.csv", _csv(explanation())


def _csv(rows: list[list[str]]) -> bytes:
    """Semicolons and a UTF-8 mark, as a Swedish Excel expects; a cell that would be calculated is quoted out."""
    text = StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([[harmless(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "@", "\t", "\r") else cell


def _xlsx_files(language: Language) -> Iterator[tuple[str, bytes]]:
    rows = explanation()
    for template in templates():
        own = [rows[0], *(row for row in rows if row[0] == f"{PREFIX}{template.key}")]
        yield f"{PREFIX}{template.key}.xlsx", _workbook(template, language, own)


def _workbook(template: Template, language: Language, explained: list[list[str]]) -> bytes:
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"created": _MADE, "title": template.title[language]})
        text, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
        grey = book.add_format({"italic": True, "font_color": "#595959", "num_format": "@"})
        sheet = book.add_worksheet(DATA[language])
        for column, name in enumerate(header(template, language)):
            field = template.fields[column] if column < len(template.fields) else None
            kept = text if field is None or field.form in _AS_TEXT else None
            sheet.set_column(column, column, max(12, len(name) + 2), kept)
            sheet.write_string(0, column, name, head)
        for column, cell in enumerate(example(template, language)):
            sheet.write_string(1, column, cell, grey)
        sheet.freeze_panes(1, 0)
        other = book.add_worksheet(EXPLANATION[language])
        other.set_column(0, 7, 30)
        for row, cells in enumerate(explained):
            for column, cell in enumerate(cells):
                other.write_string(row, column, cell, head if row == 0 else text)
    return content.getvalue()
