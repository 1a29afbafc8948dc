"""What readers say about a file: sayings in both languages, made into findings with a row and a column."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from likvard.records.reading import Finding, Severity
from likvard.terms import Words

Text = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing that a reader may say. The texts are (Swedish, English) and may hold `{names}` to be filled in."""

    rule: str
    severity: Severity
    found: Text
    expected: Text
    remedy: Text

    def at(self, row: int | None = None, column: str | None = None, times: int = 1, **values: object) -> Finding:
        """The finding at a line of the file (from 1) and a column, with the names filled in."""
        found, expected, remedy = (
            Words(sv.format(**values), en.format(**values)) for sv, en in (self.found, self.expected, self.remedy)
        )
        return Finding(self.rule, self.severity, found, expected, remedy, row, column, times)


def error(rule: str, found: Text, expected: Text, remedy: Text) -> Saying:
    """A saying that stops the import."""
    return Saying(rule, Severity.ERROR, found, expected, remedy)


def warning(rule: str, found: Text, expected: Text, remedy: Text) -> Saying:
    """A saying that tells, and lets the import go on."""
    return Saying(rule, Severity.WARNING, found, expected, remedy)


def note(rule: str, found: Text, expected: Text = ("", ""), remedy: Text = ("", "")) -> Saying:
    """Something that the reader did and that a person may want to know."""
    return Saying(rule, Severity.NOTE, found, expected, remedy)


@dataclass(slots=True)
class Findings:
    """Collects findings while one file is read. The same rule and column again only raises `times`."""

    kept: dict[tuple[str, str | None], Finding] = field(default_factory=dict)

    def add(self, *findings: Finding) -> None:
        """Keep each finding, or count it as one more of its kind; the first is the one shown."""
        for finding in findings:
            key = (finding.rule, finding.column)
            seen = self.kept.get(key)
            self.kept[key] = finding if seen is None else replace(seen, times=seen.times + finding.times)

    def done(self) -> tuple[Finding, ...]:
        """All findings, in the order in which they were first made."""
        return tuple(self.kept.values())
