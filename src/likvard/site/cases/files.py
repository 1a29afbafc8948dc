"""Files of documents: checked by what they hold, kept by their SHA-256 outside the web's reach, never changed.

A name is never a path: the folder and the file are made from the hash. A file is written beside, synced and renamed, so a
crash leaves either the whole file or none. What the scanner does not let through lies in a folder of its own.
"""

from __future__ import annotations

import hashlib
import io
import os
import shlex
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from unicodedata import category

from django.utils.translation import gettext as _

from likvard.site.cases.models import Scan
from likvard.site.cases.states import CaseError

LARGEST = 25 * 1024 * 1024
SCANNER_SECONDS = 120
_HEAD = 8192

_OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES: Mapping[str, str] = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
"""What may be attached, by the end of its name. Nothing that a browser would run, nothing with macros."""

SHOWN = frozenset({"image/png", "image/jpeg"})
"""What may be shown in the page; everything else is only saved."""

_MARKS = {".pdf": b"%PDF-", ".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}
_INSIDE = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that has been taken in."""

    sha256: str
    size: int
    media_type: str
    filename: str
    scan: Scan


def clean_name(name: str) -> str:
    """The last part of a name, without characters that have no sign, at most 150 long. For showing, never for a path."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if category(letter)[0] != "C").strip(" .")
    stem, suffix = PurePath(kept).stem[:140], PurePath(kept).suffix[:10].lower()
    return f"{stem}{suffix}" if stem else f"dokument{suffix}"


def media_type(name: str, content: bytes) -> str:
    """The type of a file, if its content is what its name says and the type may be attached. Raises `CaseError`."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in TYPES:
        raise CaseError(
            _("Files of the type “%(suffix)s” cannot be attached.") % {"suffix": suffix or name},
            _("Attach one of: %(types)s.") % {"types": ", ".join(TYPES)},
        )
    if not _is(suffix, content):
        raise CaseError(
            _("“%(name)s” is not what its name says: its content is something else.") % {"name": name},
            _("Save it again as %(suffix)s and attach that.") % {"suffix": suffix},
        )
    return TYPES[suffix]


def _is(suffix: str, content: bytes) -> bool:
    if suffix in _MARKS:
        return content.startswith(_MARKS[suffix])
    if suffix in (".txt", ".csv"):
        return _is_text(content)
    return _is_office(suffix, content)


def _is_text(content: bytes) -> bool:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any(byte < 9 or 13 < byte < 32 for byte in content[:_HEAD])


def _is_office(suffix: str, content: bytes) -> bool:
    """Whether it is a document of an office program, without macros. Only the list of contents is read."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
            odf = parts.read("mimetype").decode("ascii", "replace") if _small(parts, "mimetype") else ""
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError):
        return False
    macros = any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names)
    inside = _INSIDE[suffix] in names if suffix in _INSIDE else odf.strip() == TYPES[suffix]
    return inside and not macros


def _small(parts: zipfile.ZipFile, name: str) -> bool:
    return name in parts.namelist() and parts.getinfo(name).file_size < 200


def gather(chunks: Iterable[bytes], *, largest: int = LARGEST) -> bytes:
    """The content of a file that comes in pieces. Raises `CaseError` as soon as it is too large, or if it is empty."""
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > largest:
            raise CaseError(
                _("The file is larger than %(size)s MB.") % {"size": largest // 1024**2},
                _("Make it smaller or divide it."),
            )
    if not content:
        raise CaseError(_("The file is empty."), _("Check that you chose the right one."))
    return bytes(content)


def take_in(folder: Path, name: str, chunks: Iterable[bytes], *, scanner: str) -> Stored:
    """Check a file, have it scanned, and keep it. Raises `CaseError` for what may not be attached; nothing is kept then.

    `scanner` is a command that gets the file's path as its last argument and ends with 0 for clean and 1 for a virus, as
    clamdscan does; empty for none.
    """
    filename, content = clean_name(name), gather(chunks)
    kind, seal = media_type(filename, content), hashlib.sha256(content).hexdigest()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=folder, prefix="incoming-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        verdict = scan(Path(beside), scanner)
        _move(Path(beside), path(folder, seal, verdict))
    finally:
        Path(beside).unlink(missing_ok=True)
    return Stored(seal, len(content), kind, filename, verdict)


def _move(file: Path, to: Path) -> None:
    """Put the file in its place, for good also if the power fails."""
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.replace(to)
    handle = os.open(to.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def path(folder: Path, seal: str, verdict: Scan) -> Path:
    """Where the content of this SHA-256 lies."""
    kept = folder if verdict in (Scan.CLEAN, Scan.UNSCANNED) else folder / "quarantine"
    return kept / seal[:2] / seal


def scan(file: Path, scanner: str) -> Scan:
    """What the scanner says of a file. A scanner that cannot be run or does not answer is a failure, never a pass."""
    if not scanner:
        return Scan.UNSCANNED
    try:
        done = subprocess.run(  # noqa: S603 - the command is the site keeper's own
            [*shlex.split(scanner), str(file)], capture_output=True, timeout=SCANNER_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return Scan.FAILED
    return {0: Scan.CLEAN, 1: Scan.INFECTED}.get(done.returncode, Scan.FAILED)


def read(folder: Path, seal: str, verdict: Scan) -> bytes:
    """The content of a file, checked against its SHA-256. Raises `CaseError` if it is gone or was changed."""
    try:
        content = path(folder, seal, verdict).read_bytes()
    except FileNotFoundError:
        content = b""
    if hashlib.sha256(content).hexdigest() != seal:
        raise CaseError(
            _("The file is not the one that was attached, or it is gone."), _("Tell whoever runs the site.")
        )
    return content
