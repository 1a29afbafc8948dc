"""The screening report: what was read, what was found, what to do, and what was left. Terminal, JSON and HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from likvard.records.delivery import Delivery
from likvard.records.masking import mask, masked
from likvard.records.reading import Finding, Reading, Severity, said
from likvard.terms import Language, Words

FORMAT = 1
_LOCALES: Mapping[Language, str] = MappingProxyType({Language.SV: "sv_SE", Language.EN: "en_GB"})


class Outcome(StrEnum):
    """What became of a file."""

    DELIVERED = "delivered"
    REPEATED = "repeated"
    CHECKED = "checked"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class ScreenedFile:
    """One file that was read: what it is, how many rows it gave per table, what was found, and what became of it."""

    file: str
    source: str
    scope: str
    vintage: str
    reader: str
    sha256: str
    synthetic: bool
    rows: Mapping[str, int]
    findings: tuple[Finding, ...]
    outcome: Outcome
    delivery: str = ""

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of one severity, in the order they were made."""
        return tuple(f for f in self.findings if f.severity == severity)

    @property
    def ordered(self) -> tuple[Finding, ...]:
        """All findings, those that stop the import first."""
        return tuple(f for severity in Severity for f in self.of(severity))


@dataclass(frozen=True, slots=True)
class LeftFile:
    """One file that was not read, and why."""

    file: str
    why: Words


@dataclass(frozen=True, slots=True)
class ScreeningReport:
    """What became of a number of files. `at` is the time of the import, if it is to be shown.

    The same files, findings and time give the same bytes.
    """

    files: tuple[ScreenedFile, ...]
    left: tuple[LeftFile, ...] = ()
    at: datetime | None = None

    @property
    def stopped(self) -> tuple[ScreenedFile, ...]:
        """The files with errors: nothing of them was delivered."""
        return tuple(f for f in self.files if f.outcome is Outcome.STOPPED)

    @property
    def synthetic(self) -> bool:
        """Whether any of the files holds invented data."""
        return any(f.synthetic for f in self.files)

    def to_json(self) -> str:
        """The report as JSON, each text in both languages."""
        content = {
            "format": FORMAT,
            "at": self.at and self.at.isoformat(),
            "synthetic": self.synthetic,
            "files": [_file_json(f) for f in self.files],
            "left": [{"file": f.file, "why": _both(f.why)} for f in self.left],
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

    def to_html(self, language: Language = Language.SV) -> str:
        """The report as one HTML page that needs nothing else: no script, no other file, no network."""
        page = _ENVIRONMENT.get_template("screening.html.j2")
        words = {key: text[language] for key, text in TEXTS.items()}
        return page.render(report=self, t=words, language=language, verdict=verdict(self, language), **_ways(language))

    def to_terminal(self, console: Console, language: Language = Language.SV) -> None:
        """Print the report: a line per file, its findings below it, files that were left, and a verdict."""
        for file in self.files:
            _print_file(console, file, language)
        for left in self.left:
            console.print(Text(f"– {left.file}: {TEXTS['left_one'][language]}. {left.why[language]}"))
        console.print(Text(verdict(self, language), style="bold"))


def screened(reading: Reading, findings: Iterable[Finding], delivery: Delivery | None = None) -> ScreenedFile:
    """A file for the report, from its reading, all that was found, and the delivery that it became, if any.

    Personal numbers are struck out, also of the file's name.
    """
    shown = tuple(masked(f) for f in findings)
    return ScreenedFile(
        file=mask(reading.file),
        source=reading.source,
        scope=reading.scope,
        vintage=reading.vintage,
        reader=reading.reader,
        sha256=reading.sha256,
        synthetic=reading.synthetic,
        rows=MappingProxyType({name: rows.num_rows for name, rows in reading.tables.items()}),
        findings=shown,
        outcome=_outcome(shown, delivery),
        delivery=delivery.id if delivery else "",
    )


def _outcome(findings: tuple[Finding, ...], delivery: Delivery | None) -> Outcome:
    if delivery is not None:
        return Outcome.REPEATED if delivery.repeated else Outcome.DELIVERED
    return Outcome.STOPPED if any(f.severity is Severity.ERROR for f in findings) else Outcome.CHECKED


def verdict(report: ScreeningReport, language: Language) -> str:
    """The whole report in two or three sentences."""
    counts = {outcome: sum(f.outcome is outcome for f in report.files) for outcome in Outcome}
    sentences = [_counted(f"verdict_{outcome}", n, language) for outcome, n in counts.items() if n]
    if report.left:
        sentences.append(_counted("verdict_left", len(report.left), language))
    return " ".join(sentences) or TEXTS["verdict_none"][language]


def _counted(key: str, n: int, language: Language) -> str:
    return TEXTS[f"{key}_{'one' if n == 1 else 'many'}"][language].format(n=_number(n, language))


def _number(n: int, language: Language) -> str:
    return str(format_decimal(n, locale=_LOCALES[language]))


def where(finding: Finding, language: Language) -> str:
    """Where a finding stands: row and column, and on how many rows more."""
    row = f"{TEXTS['row'][language]} {_number(finding.row, language)}" if finding.row is not None else ""
    column = f"{TEXTS['column'][language]} {finding.column}" if finding.column else ""
    times = f"{_number(finding.times, language)} {TEXTS['rows'][language]}" if finding.times > 1 else ""
    return ", ".join(part for part in (row, column, times) if part)


def _ways(language: Language) -> dict[str, object]:
    """The functions that the page calls, in one language."""
    return {
        "say": lambda text: said(text, language),
        "number": lambda n: _number(n, language),
        "where": lambda finding: where(finding, language),
    }


def _both(text: str | Words) -> dict[str, str]:
    return {language.value: said(text, language) for language in Language}


def _file_json(file: ScreenedFile) -> dict[str, object]:
    return {
        "file": file.file,
        "outcome": file.outcome.value,
        "delivery": file.delivery or None,
        "source": file.source,
        "scope": file.scope,
        "vintage": file.vintage,
        "reader": file.reader,
        "sha256": file.sha256,
        "synthetic": file.synthetic,
        "rows": dict(file.rows),
        "findings": [_finding_json(f) for f in file.ordered],
    }


def _finding_json(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "row": finding.row,
        "column": finding.column,
        "times": finding.times,
        "found": _both(finding.found),
        "expected": _both(finding.expected),
        "remedy": _both(finding.remedy),
    }


_STYLES: Mapping[str, str] = MappingProxyType(
    {
        **{Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"},
        **{Outcome.STOPPED: "bold red", Outcome.DELIVERED: "green", Outcome.REPEATED: "cyan", Outcome.CHECKED: "cyan"},
    }
)


def _print_file(console: Console, file: ScreenedFile, language: Language) -> None:
    rows = f"{_number(sum(file.rows.values()), language)} {TEXTS['rows'][language]}"
    about = " · ".join(part for part in (file.source, file.scope, file.vintage, rows, file.delivery) if part)
    outcome = Text(TEXTS[file.outcome][language], style=_STYLES[file.outcome])
    console.print(Text.assemble((file.file, "bold"), "  ", outcome, "  ", (about, "dim")))
    for finding in file.ordered:
        console.print(Padding(_finding_text(finding, language), (0, 0, 0, 2)))


def _finding_text(finding: Finding, language: Language) -> Text:
    label = Text(f"{TEXTS[finding.severity][language]} {finding.rule}", style=_STYLES[finding.severity])
    text = Text.assemble(label, "  ", where(finding, language))
    for key in ("found", "expected", "remedy"):
        if words := said(getattr(finding, key), language):
            text.append(f"\n  {TEXTS[key][language]}: ", style="dim").append(words)
    return text


TEXTS: Mapping[str, Words] = MappingProxyType(
    {
        "title": Words("Granskning av filer", "Screening of files"),
        "made": Words("Gjord", "Made"),
        "synthetic": Words("Påhittade uppgifter.", "Invented data."),
        "synthetic_more": Words(
            "Minst en fil innehåller ett simulerat Sverige. Inga elever, skolor eller siffror i den är verkliga.",
            "At least one file holds a simulated Sweden. No pupils, schools or figures in it are real.",
        ),
        "files": Words("Filer", "Files"),
        "file": Words("Fil", "File"),
        "result": Words("Resultat", "Result"),
        "row": Words("rad", "row"),
        "rows": Words("rader", "rows"),
        "rows_head": Words("Rader", "Rows"),
        "column": Words("kolumn", "column"),
        "errors": Words("Fel", "Errors"),
        "warnings": Words("Varningar", "Warnings"),
        "notes": Words("Upplysningar", "Notes"),
        "findings": Words("Vad granskningen fann", "What was found"),
        "nothing": Words("Inget att anmärka på.", "Nothing to remark on."),
        "source": Words("Källa", "Source"),
        "scope": Words("Omfattning", "Scope"),
        "vintage": Words("Årgång", "Vintage"),
        "reader": Words("Läsare", "Reader"),
        "sha256": Words("Kontrollsumma (SHA-256)", "Checksum (SHA-256)"),
        "delivery": Words("Leverans", "Delivery"),
        "found": Words("Hittat", "Found"),
        "expected": Words("Väntat", "Expected"),
        "remedy": Words("Gör så här", "What to do"),
        "left": Words("Filer som inte lästes", "Files that were not read"),
        "left_one": Words("inte läst", "not read"),
        "why": Words("Skäl", "Reason"),
        "how": Words(
            "Fel stoppar hela filen. Varningar och upplysningar stoppar inget. Personnummer visas aldrig.",
            "Errors stop the whole file. Warnings and notes stop nothing. Personal numbers are never shown.",
        ),
        Severity.ERROR: Words("Fel", "Error"),
        Severity.WARNING: Words("Varning", "Warning"),
        Severity.NOTE: Words("Upplysning", "Note"),
        Outcome.DELIVERED: Words("inläst", "imported"),
        Outcome.REPEATED: Words("fanns redan", "already there"),
        Outcome.CHECKED: Words("granskad, inte inläst", "screened, not imported"),
        Outcome.STOPPED: Words("stoppad", "stopped"),
        "verdict_delivered_one": Words("En fil är inläst.", "One file is imported."),
        "verdict_delivered_many": Words("{n} filer är inlästa.", "{n} files are imported."),
        "verdict_repeated_one": Words("En fil fanns redan, oförändrad.", "One file was already there, unchanged."),
        "verdict_repeated_many": Words(
            "{n} filer fanns redan, oförändrade.", "{n} files were already there, unchanged."
        ),
        "verdict_checked_one": Words("En fil är granskad.", "One file is screened."),
        "verdict_checked_many": Words("{n} filer är granskade.", "{n} files are screened."),
        "verdict_stopped_one": Words(
            "En fil har fel. Inget av den är inläst.", "One file has errors. Nothing of it is imported."
        ),
        "verdict_stopped_many": Words(
            "{n} filer har fel. Inget av dem är inläst.", "{n} files have errors. Nothing of them is imported."
        ),
        "verdict_left_one": Words("En fil lästes inte.", "One file was not read."),
        "verdict_left_many": Words("{n} filer lästes inte.", "{n} files were not read."),
        "verdict_none": Words("Det fanns inga filer att läsa.", "There were no files to read."),
    }
)
"""What the report says, in both languages."""

_ENVIRONMENT = Environment(
    loader=PackageLoader("likvard.records"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
