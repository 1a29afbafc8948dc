"""From files to deliveries: find what can be read, screen it, take it in, say what was left and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from likvard.records.lake import Lake, RefusedError
from likvard.records.readers import recognise, why_left
from likvard.records.reading import Finding, ReadContext, Severity
from likvard.records.screening import LeftFile, Outcome, ScreenedFile, ScreeningReport, screened
from likvard.terms import InputError, Language, UsageError

Progress = Callable[[str, int, int], None]


def _silent(name: str, done: int, total: int) -> None:
    """Report progress to nobody."""


def ingest(paths: tuple[Path, ...], lake: Path, *, at: datetime, progress: Progress = _silent) -> ScreeningReport:
    """Read every file under `paths` into the lake, one delivery each, and return what became of it.

    A refused file changes nothing; the others are taken in all the same. Raises `UsageError` if a path is not there.
    """
    files = tuple(_files(paths))
    opened = Lake.open(lake, create=True)
    context = ReadContext(opened.pseudonym_key())
    taken = []
    for done, path in enumerate(files):
        progress(path.name, done, len(files))
        taken.append(_take(path, opened, context, at))
    progress("", len(files), len(files))
    return ScreeningReport(
        tuple(t for t in taken if isinstance(t, ScreenedFile)), tuple(t for t in taken if isinstance(t, LeftFile)), at
    )


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise UsageError(f"There is no file or folder {path}.", "Check the path.")
        if path.is_file():
            yield path
        else:
            yield from sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))


def _take(path: Path, lake: Lake, context: ReadContext, at: datetime) -> ScreenedFile | LeftFile:
    reader = recognise(path)
    if reader is None:
        return LeftFile(path.name, why_left(path))
    try:
        reading = reader.read(path, context)
    except InputError as error:
        return _unreadable(path, reader.name, error)
    try:
        delivery = lake.deliver(reading, at=at)
    except RefusedError as refused:
        return screened(reading, refused.findings)
    return screened(reading, lake.findings(delivery.id), delivery)


def _unreadable(path: Path, reader: str, error: InputError) -> ScreenedFile:
    """A file of which nothing could be read, with the reader's words."""
    finding = Finding("file.readable", Severity.ERROR, error.message, "A file that can be read", error.remedy)
    return ScreenedFile(path.name, "", "", "", reader, "", False, {}, (finding,), Outcome.STOPPED)


def write_screening(report: ScreeningReport, folder: Path) -> tuple[Path, ...]:
    """Write the screening report as a page per language and as JSON; return the files' paths."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {f"screening-{language}.html": report.to_html(language) for language in Language}
    contents["screening.json"] = report.to_json()
    for name, text in contents.items():
        (folder / name).write_text(text, encoding="utf-8")
    return tuple(folder / name for name in contents)
