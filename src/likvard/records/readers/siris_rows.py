"""The rows of a SIRIS export: what its columns are, which lines are data, and which are the report's description."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from likvard.records.readers import sayings
from likvard.records.readers.codes import bad_code, is_code
from likvard.records.readers.findings import Findings
from likvard.records.readers.siris_reports import Meant, Report, meaning, normalise
from likvard.records.readers.text import cells, columns, trim
from likvard.terms import InputError

_IDENTITY = {
    "skola": "name",
    "skolenhet": "name",
    "skol-enhetskod": "unit",
    "skolenhetskod": "unit",
    "skolkommun": "place",
    "kommun": "place",
    "lägeskommun": "place",
    "kommun-kod": "municipality",
    "kommunkod": "municipality",
    "län": "county",
    "läns-kod": "county_code",
    "länskod": "county_code",
    "typ av huvudman": "kind",
    "huvudmannatyp": "kind",
    "huvudman": "organiser",
    "huvudman orgnr": "number",
    "huvudmans orgnr": "number",
    "kön": "sex",
    "ämne": "subject",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns lie: identity columns by name, and what each of the others means."""

    identity: dict[str, int]
    measures: dict[int, Meant]
    width: int
    grade: str

    @property
    def units(self) -> bool:
        """Whether a row is a school unit (else a municipality)."""
        return "unit" in self.identity

    @property
    def code(self) -> int:
        """The column of the code that identifies a row."""
        return self.identity["unit" if self.units else "municipality"]

    @property
    def municipality(self) -> int | None:
        """The column of the municipality's code, if there is one."""
        return self.identity.get("municipality")


@dataclass(frozen=True, slots=True)
class Rows:
    """The data by column, the line number of each row, and the text that is not data."""

    columns: list[list[str]]
    numbers: list[int]
    footer: str


def layout_of(lines: Sequence[str], at: int, report: Report, grade: str) -> Layout:
    """Read the header row, and the category row above it if there is one. Raises `InputError` without a code column."""
    names = trim(cells(lines[at].lstrip("\ufeff"), ";"))
    above = cells(lines[at - 1], ";") if at else []
    categories = above if above and not above[0] and len(trim(above)) > 1 else []
    identity: dict[str, int] = {}
    measures: dict[int, Meant] = {}
    for place, name in enumerate(names):
        category = categories[place] if place < len(categories) else ""
        known = _IDENTITY.get(normalise(name)) if not category else None
        if known is not None and known not in identity and not measures:
            identity[known] = place
        else:
            measures[place] = meaning(report, category, name, grade)
    layout = Layout(identity, measures, len(names), grade)
    if "unit" not in identity and "municipality" not in identity:
        raise InputError(
            "The header row has neither Skol-enhetskod nor Kommun-kod.", "Export the report again as CSV from SIRIS."
        )
    return layout


def read_rows(lines: Sequence[str], at: int, layout: Layout, findings: Findings) -> Rows:
    """Part the lines below the header into data and description; tell of rows that are damaged."""
    digits = 8 if layout.units else 4
    header = trim(cells(lines[at].lstrip("\ufeff"), ";"))
    kept: list[list[str]] = []
    numbers: list[int] = []
    footer: list[str] = []
    for number, line in enumerate(lines[at + 1 :], start=at + 2):
        row = cells(line, ";")
        filled = trim(row)
        if len(filled) < 3:
            footer.append(line.strip().rstrip(";").rstrip())
        elif filled == header:
            findings.add(sayings.SECOND_HEADER.at(number))
        elif is_code(row[layout.code] if layout.code < len(row) else "", digits):
            _check_width(filled, layout, number, findings)
            kept.append(row)
            numbers.append(number)
        elif len(filled) >= layout.width - 1:
            findings.add(bad_code(row[layout.code], digits, number))
        else:
            footer.append(line.strip())
    return Rows(columns(kept, layout.width), numbers, "\n".join(footer).strip())


def _check_width(filled: list[str], layout: Layout, number: int, findings: Findings) -> None:
    if len(filled) != layout.width:
        findings.add(sayings.ROW_WIDTH.at(number, got=len(filled), width=layout.width))


def check_end(report: Report, rows: Rows, findings: Findings) -> None:
    """Warn if the description that ends every export of pupils per grade is missing: half a file, perhaps."""
    if report.name == "pupils" and "Rapportbeskrivning" not in rows.footer:
        findings.add(sayings.NO_DESCRIPTION.at())
