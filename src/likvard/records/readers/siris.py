"""SIRIS exports (CSV): Skolverket's reports per school unit or municipality, in every header shape that was met.

The header row lies anywhere, below a banner and sometimes below a row of categories; the report's own description
follows the data. What the description says of suppression is kept, because the rules are changed afterwards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from likvard.records.readers import sayings, siris_rows, siris_tables
from likvard.records.readers.codes import is_code
from likvard.records.readers.findings import Findings
from likvard.records.readers.naming import plausible_year, school_year
from likvard.records.readers.siris_reports import Report, report_of
from likvard.records.readers.siris_rows import Layout, Rows
from likvard.records.readers.text import cells, read_text, trim
from likvard.records.reading import ReadContext, Reading
from likvard.terms import InputError

_NAME = re.compile(
    r"^(Grundskol|Gymnasieskol|Förskoleklass|Anpassad|Grundsärskol|Gymnasiesärskol).* (Skolenhet|Kommun)\.csv$"
)
_FIRST_CELLS = ("Skola;", "Kommun;")


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands above the header: the report's title, its period as given, the extract's date, and notices."""

    title: str
    period: str
    extract: str
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Siris:
    """Reader of SIRIS exports in CSV."""

    name: str = "siris"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By Skolverket's banner or header row, or by the name that an export has."""
        text = head[:20_000].decode("utf-8", "replace").lstrip("\ufeff")
        if text.startswith("Statistik från Skolverket") or text.startswith("Statistik fr\ufffdn Skolverket"):
            return True
        return (
            _NAME.match(unicodedata.normalize("NFC", path.name)) is not None
            or re.search(r"^Skola;Skol-?enhetskod;", text, re.MULTILINE) is not None
        )

    def read(self, path: Path, context: ReadContext) -> Reading:
        """Units, organisers and statistics of one report and year."""
        text = read_text(path)
        lines = text.lines
        at = header_line(path.name, lines)
        banner = read_banner(lines[:at])
        report, grade = report_of(banner.title or path.stem)
        findings = Findings()
        findings.add(*text.findings)
        period = period_of(path.name, banner, report, findings)
        layout = siris_rows.layout_of(lines, at, report, grade)
        rows = siris_rows.read_rows(lines, at, layout, findings)
        if not rows.columns[layout.code]:
            raise InputError(f"{path.name} has no rows of schools or municipalities.", "Export it again.")
        about = "\n".join(part for part in (banner.title, *banner.notices, rows.footer) if part)
        siris_rows.check_end(report, rows, findings)
        context.progress(1, 2)
        made = siris_tables.make(layout, rows, banner.title, period, about, banner.extract, findings)
        context.progress(2, 2)
        return Reading(
            source=f"skolverket-siris-{report.name}" + ("" if layout.units else "-municipality"),
            scope=scope_of(period, layout, rows),
            vintage=banner.extract or str(period[1]),
            file=path.name,
            reader=self.name,
            sha256=text.sha256,
            tables=made,
            findings=findings.done(),
        )


def header_line(name: str, lines: Sequence[str]) -> int:
    """Index of the header row: the first whose first cell is Skola or Kommun and which has more cells."""
    for at, line in enumerate(lines[:200]):
        if line.lstrip("\ufeff").replace('"', "").startswith(_FIRST_CELLS) and len(trim(cells(line, ";"))) > 2:
            return at
    raise InputError(
        f"{name} has no header row that begins with Skola or Kommun.", "Export the report again as CSV from SIRIS."
    )


def read_banner(lines: Sequence[str]) -> Banner:
    """Title, chosen year and extract from the lines above the header. Category rows are left out."""
    plain = [line.strip().rstrip(";").strip() for line in lines if not line.startswith(";")]
    plain = [line for line in plain if line and not line.lstrip("\ufeff").startswith("Statistik ")]
    chosen = {key: value for line in plain for key, value in re.findall(r"^Valt (läsår|år|uttag): *(.*)$", line)}
    rest = [line for line in plain if not line.startswith("Valt ")]
    title = rest[0].lstrip("\ufeff") if rest else ""
    return Banner(title, chosen.get("läsår") or chosen.get("år", ""), chosen.get("uttag", ""), tuple(rest[1:]))


def period_of(name: str, banner: Banner, report: Report, findings: Findings) -> siris_tables.Period:
    """The period of the figures. Years alone mean the spring for results and the autumn for pupils and staff.

    Raises `InputError` if neither the banner nor the file name tells a year.
    """
    named = re.search(r"\b((?:19|20)\d\d)\b", name)
    if re.fullmatch(r"\d{4}\s*/\s*\d{2,4}", banner.period):
        start = school_year(banner.period).start
        _compare_years(named[1] if named else "", start, report, findings)
        return "school_year", start
    year = banner.period or (named[1] if named else "")
    if not is_code(year, 4):
        raise InputError(f"{name} does not say which year it is about.", "Keep the line 'Valt läsår' above the header.")
    if not report.rules:
        return "calendar_year", plausible_year(int(year))
    return "school_year", plausible_year(int(year) - report.spring)


def _compare_years(named: str, start: int, report: Report, findings: Findings) -> None:
    expected = start + report.spring
    if named and report.rules and int(named) != expected:
        findings.add(sayings.SHOWN_YEAR_DIFFERS.at(named=named, expected=expected))


def scope_of(period: siris_tables.Period, layout: Layout, rows: Rows) -> str:
    """What a newer file replaces: the year, and the municipality if the export was made for one alone."""
    kind, year = period
    text = f"{year}/{(year + 1) % 100:02d}" if kind == "school_year" else str(year)
    if layout.municipality is None:
        return text
    places = set(rows.columns[layout.municipality])
    return f"{text} {places.pop()}" if len(places) == 1 else text
