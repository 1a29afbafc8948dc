"""From files to deliveries: find what can be read, screen it, take it in, say what was left and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from likvard.records.delivery import Delivery
from likvard.records.lake import Lake
from likvard.records.readers import recognise, why_left
from likvard.records.reading import ReadContext, Reading
from likvard.records.screening import ScreeningReport, screened
from likvard.terms import InputError, UsageError, Words

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Taken:
    """What became of one file: delivered, refused with its screening report, or left with the reason."""

    path: Path
    delivery: Delivery | None = None
    screening: ScreeningReport | None = None
    refused: InputError | None = None
    left: Words | None = None


def ingest(paths: tuple[Path, ...], lake: Path, *, at: datetime, progress: Progress) -> Iterator[Taken]:
    """Read every file under `paths` into the lake, one delivery each, and yield what became of it.

    A refused file changes nothing; the others are taken in all the same. Raises `UsageError` if a path is not there.
    """
    opened = Lake.open(lake, create=True)
    key = opened.pseudonym_key()
    files = tuple(_files(paths))
    for number, path in enumerate(files):
        progress(path.name, number, len(files))
        yield _take(path, opened, ReadContext(key), at)
    progress("", len(files), len(files))


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise UsageError(f"There is no file or folder {path}.", "Check the path.")
        if path.is_file():
            yield path
        else:
            yield from sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))


def _take(path: Path, lake: Lake, context: ReadContext, at: datetime) -> Taken:
    reader = recognise(path)
    if reader is None:
        return Taken(path, left=why_left(path))
    try:
        reading: Reading = screened(reader.read(path, context))
        report = ScreeningReport.of(reading)
        if reading.errors:
            return Taken(path, screening=report, refused=InputError(f"{path.name} was not imported."))
        return Taken(path, lake.deliver(reading, at=at), report)
    except InputError as error:
        return Taken(path, refused=error)
