"""Text files: which encoding, which lines, which cells. Guards against files that are not what their names say."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import zip_longest
from pathlib import Path

from likvard.records.readers import sayings
from likvard.records.reading import Finding
from likvard.terms import InputError

MAX_BYTES = 1_000_000_000  # a national grade file is 20 MB; a file fifty times that is not one of ours
MAX_LINE = 1_000_000  # characters; the widest real line, in Skolverket's report descriptions, is under 1 000
MAX_COLUMNS = 10_000  # PxWeb's widest export has 5 992

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TWICE_ENCODED = re.compile(r"Ã[¥¤¶\x85\x84\x96©]")


@dataclass(frozen=True, slots=True)
class Text:
    """The decoded content of a text file, its hash, and what was odd about it."""

    content: str
    sha256: str
    findings: tuple[Finding, ...]

    @property
    def lines(self) -> list[str]:
        """The lines without their endings, in order: `lines[0]` is row 1 in an editor."""
        return self.content.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_bytes(path: Path) -> bytes:
    """The whole file; `InputError` if it is empty, too large or cannot be opened."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(
                f"{path.name} is {size:,} bytes; at most {MAX_BYTES:,} are read.", "Check that it is the right file."
            )
        content = path.read_bytes()
    except OSError as problem:
        raise InputError(
            f"{path.name} cannot be opened: {problem.strerror}.", "Check the path and its rights."
        ) from None
    if not content.strip():
        raise InputError(f"{path.name} is empty.", "Export it again.")
    return content


def digest(content: bytes) -> str:
    """The SHA-256 of the file as it lay on disk, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_text(path: Path) -> Text:
    """Decode a text file: UTF-8 with or without a mark, or else Windows-1252, which is told in a warning.

    Raises `InputError` for UTF-16, binary content, and lines longer than `MAX_LINE`.
    """
    content = read_bytes(path)
    decoded, findings = _decode(path.name, content)
    if _CONTROL.search(decoded):
        raise InputError(f"{path.name} is not a text file.", "Export it again as CSV in UTF-8.")
    _refuse_long_lines(path.name, decoded)
    if _TWICE_ENCODED.search(decoded):
        findings += (sayings.TEXT_ENCODED_TWICE.at(),)
    return Text(decoded, digest(content), findings)


def _decode(name: str, content: bytes) -> tuple[str, tuple[Finding, ...]]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{name} is in UTF-16 (Excel's Unicode text).", "Save it as CSV UTF-8.")
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as problem:
        if 0 < len(content) - 3 <= problem.start:
            cut = sayings.TEXT_CUT.at()
            return content[: problem.start].decode("utf-8-sig"), (cut,)
    try:
        decoded = content.decode("cp1252")
    except UnicodeDecodeError:
        raise InputError(f"{name} is neither UTF-8 nor Windows-1252.", "Export it again as CSV in UTF-8.") from None
    return decoded, (sayings.TEXT_ENCODING.at(),)


def _refuse_long_lines(name: str, content: str) -> None:
    longest = max(len(line) for line in content.replace("\r", "\n").split("\n"))
    if longest > MAX_LINE:
        raise InputError(
            f"{name} has a line of {longest:,} characters; at most {MAX_LINE:,} are read.",
            "Check that the file has line breaks and is the right one.",
        )


def cells(line: str, delimiter: str) -> list[str]:
    """The trimmed cells of one line; quotes are honoured only where a cell begins with one.

    Raises `InputError` above `MAX_COLUMNS`.
    """
    if line.count(delimiter) >= MAX_COLUMNS:
        raise InputError(
            f"A line has {line.count(delimiter) + 1:,} columns; at most {MAX_COLUMNS:,} are read.",
            "Check that the file is the right one.",
        )
    parts = line.split(delimiter)
    if '"' in line and any(part.lstrip().startswith('"') for part in parts):
        parts = next(csv.reader([line], delimiter=delimiter))
    return [part.strip(" \t\u00a0") for part in parts]


def trim(row: list[str]) -> list[str]:
    """The row without the empty cells at its end, which a closing delimiter leaves behind."""
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]


def columns(rows: Sequence[list[str]], width: int) -> list[list[str]]:
    """Turn rows into `width` columns; short rows are filled with empty cells, longer ones cut."""
    turned = [list(column) for column in zip_longest(*(row[:width] for row in rows), fillvalue="")]
    return turned + [[""] * len(rows) for _ in range(width - len(turned))]


def delimiter_of(line: str) -> str:
    """The delimiter that parts the line: semicolon, tab or comma, whichever is most frequent."""
    return max((";", "\t", ","), key=line.count)


def read_comma_file(name: str, content: str, header: Sequence[str]) -> tuple[list[list[str]], list[int]]:
    """The data rows of a comma-separated file and their line numbers.

    Raises `InputError` if the header row is not as told, or a row cannot be parted into cells.
    """
    if content.partition("\n")[0].count(",") >= MAX_COLUMNS:
        raise InputError(f"{name} has more than {MAX_COLUMNS:,} columns.", "Check that it is the right file.")
    lines = csv.reader(StringIO(content, newline=""))
    rows: list[list[str]] = []
    numbers: list[int] = []
    try:
        found = [cell.strip() for cell in next(lines, [])]
        for row in lines:
            if row:
                rows.append(row)
                numbers.append(lines.line_num)
    except csv.Error as problem:
        raise InputError(f"{name}, line {lines.line_num}, cannot be read: {problem}.", "Export it again.") from None
    if found != list(header):
        missing = [column for column in header if column not in found]
        raise InputError(
            f"{name} has other columns than expected; missing: {', '.join(missing) or 'none, but the order differs'}.",
            f"The header row must be {','.join(header)}.",
        )
    return rows, numbers
