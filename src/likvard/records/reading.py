"""What a reader hands over: declared tables, and what it found on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from likvard.terms import Language, Words


class Severity(StrEnum):
    """Errors stop an import; warnings and notes tell."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


def said(text: str | Words, language: Language) -> str:
    """A text in one language; a text that has only one is given as it is."""
    return text if isinstance(text, str) else text[language]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that screening found: where, what was expected, and what to do.

    `row` counts the lines of the file from 1, as an editor or spreadsheet shows them. `times` is how many
    rows share the finding when only the first is shown.
    """

    rule: str
    severity: Severity
    found: str | Words
    expected: str | Words
    remedy: str | Words
    row: int | None = None
    column: str | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """The content of one file, in the declared tables of `schema.TABLES`.

    A delivery with the same `source` and `scope` replaces the one before it. `vintage` is what the source says
    of its age. A table may carry a column `schema.LINE`, the line of the file that each row came from: screening
    names it, the lake leaves it out. `findings` with an error means that nothing may be delivered.
    """

    source: str
    scope: str
    vintage: str
    file: str
    reader: str
    sha256: str
    tables: Mapping[str, pa.Table]
    findings: tuple[Finding, ...] = ()
    synthetic: bool = False

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stop the import."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)


def _silent(done: int, total: int) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What a reader needs besides the file: the key for pseudonyms, and somebody to tell how far it has come."""

    pseudonym_key: bytes = field(repr=False)
    progress: Callable[[int, int], None] = _silent


class Reader(Protocol):
    """A file format that can be read. Readers are values in the explicit list `readers.READERS`."""

    @property
    def name(self) -> str:
        """The reader's name in the catalogue of deliveries."""
        ...

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell from the name and the first bytes whether this reader is for the file."""
        ...

    def read(self, path: Path, context: ReadContext) -> Reading:
        """Read the whole file; findings say what is wrong with it. Raises `InputError` only if nothing can be read."""
        ...
