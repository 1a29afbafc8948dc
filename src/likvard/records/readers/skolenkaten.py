"""Skolenkäten (XLSX): Skolinspektionen's survey of pupils, staff and guardians, one file per group and round.

Three header rows are combined: index or question, answer option, and what the column holds. Columns are found by
these texts, never by position: files of other years have other orders.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from likvard.records.readers import skolenkaten_tables, tables
from likvard.records.readers.findings import Findings
from likvard.records.readers.naming import plausible_year
from likvard.records.readers.skolenkaten_tables import Round
from likvard.records.readers.workbook import Grid, as_text, open_workbook, peek
from likvard.records.reading import ReadContext, Reading
from likvard.rulebook import school_form
from likvard.terms import InputError, Level, SchoolForm

_NAME = re.compile(r"excelrapport[-_ ].*\.xlsx$", re.IGNORECASE)
_GROUPS = (("elev", "pupils"), ("vårdnadshavare", "guardians"), ("pedagog", "staff"), ("personal", "staff"))


@dataclass(frozen=True, slots=True)
class Skolenkaten:
    """Reader of Skolenkäten's Excel reports."""

    name: str = "skolenkaten"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the name that the report has, or by the texts in the workbook."""
        if path.suffix.lower() != ".xlsx":
            return False
        return _NAME.match(path.name) is not None or (head[:2] == b"PK" and "Svarsfrekvens" in peek(path))

    def read(self, path: Path, context: ReadContext) -> Reading:
        """Indexes and means as statistics, counts and shares per option as survey answers, for every level."""
        book = open_workbook(path)
        findings = Findings()
        findings.add(*book.findings)
        context.progress(1, 3)
        found = [(name, header_row(grid)) for name, grid in book.sheets.items()]
        sheets = [(book.sheets[name], at) for name, at in found if at is not None]
        if not sheets:
            raise InputError(
                f"{path.name} has no sheet with a column Skolenhetskod.", "Download the Excel report again."
            )
        about = _explanation([book.sheets[name] for name, at in found if at is None])
        asked = round_of(path.name, [name for name, _ in found], sheets[0][0])
        made = _combine([skolenkaten_tables.make(grid, at, asked, about, findings) for grid, at in sheets])
        context.progress(3, 3)
        return Reading(
            source="skolinspektionen-skolenkaten",
            scope=f"{asked.year} {asked.respondents}",
            vintage=str(asked.year),
            file=path.name,
            reader=self.name,
            sha256=book.sha256,
            tables=made,
            findings=findings.done(),
        )


def header_row(grid: Grid) -> int | None:
    """Index of the middle header row, the one with Skolenhetskod; None if the sheet has none."""
    for at, row in enumerate(grid[:20]):
        if at and any(isinstance(cell, str) and cell.strip().lower() == "skolenhetskod" for cell in row):
            return at
    return None


def _explanation(grids: list[Grid]) -> str:
    """The report's own rules, from the sheets that hold no results."""
    lines = [" ".join(as_text(cell) for cell in row if cell != "").strip() for grid in grids for row in grid]
    return "\n".join(re.sub(r"\S+@\S+", "…", line) for line in lines if line)


def round_of(name: str, sheets: list[str], grid: Grid) -> Round:
    """Which year and respondents the file is about, from the title in its first row, its sheets' names or its own."""
    titles = [as_text(cell) for row in grid[:3] for cell in row[:3] if isinstance(cell, str)]
    texts = [*titles, *sheets, re.sub(r"[-_]", " ", name)]
    years = [match[0] for text in texts if (match := re.search(r"20\d\d", text))]
    if not years:
        raise InputError(f"{name} does not say which year it is about.", "Keep the title in the first row.")
    text = next((text for text in texts if _respondents(text)), "")
    return Round(plausible_year(int(years[0])), _respondents(text) or "unknown", _form(text))


def _form(text: str) -> SchoolForm:
    """The school form that a title names; a year of study alone means compulsory school, "år 2" upper secondary."""
    lowered = text.lower()
    words = re.findall(r"anpassad[e]? \w+|\w+", lowered)
    named = [form for form in map(school_form, words) if form is not None]
    if named:
        return named[0]
    upper = "gymnasi" in lowered or re.search(r"\bår 2\b", lowered) is not None
    return SchoolForm.UPPER_SECONDARY if upper else SchoolForm.COMPULSORY


def _respondents(text: str) -> str:
    """Who answered, as in pupils-GR-8, guardians-GR or staff-GY; empty if the text does not say."""
    lowered = text.lower()
    who = next((who for word, who in _GROUPS if word in lowered), "")
    year = re.search(r"\b(?:årskurs|åk|ak|år)\s*(\d{1,2})\b", lowered)
    return "-".join(part for part in (who, _form(text).value, year[1] if year else "") if part) if who else ""


def _combine(made: list[Mapping[str, pa.Table]]) -> Mapping[str, pa.Table]:
    """The sheets' tables together. Later sheets add what is split by sex; what they repeat is left out."""
    first, *later = made
    split = [part["statistic"].filter(_is_new(part["statistic"], first["statistic"])) for part in later]
    return {**first, "statistic": tables.join("statistic", [first["statistic"], *split])}


def _is_new(rows: pa.Table, first: pa.Table) -> pa.Array:
    """Which rows are not for all, and not for a group that the first sheet has for the nation."""
    known = first.filter(pc.equal(first["level"], Level.NATION.value))["group"].unique()
    said = pc.and_(pc.equal(rows["level"], Level.NATION.value), pc.is_in(rows["group"], value_set=known))
    return pc.invert(pc.or_(pc.equal(rows["group"], "all"), said))
