"""How one delivery lies on disk: its tables in Parquet, and a manifest of what was said when it came."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from likvard.records import durable, parquet
from likvard.records.delivery import Delivery, Stored, as_json
from likvard.records.durable import LakeError
from likvard.records.reading import Finding, Reading, Severity
from likvard.records.schema import TABLES, Table
from likvard.terms import Words

MANIFEST = "manifest.json"
Progress = Callable[[int, int], None]
"""Told how many rows are written, of how many."""


def personal(names: Iterable[str]) -> bool:
    """Whether any of the tables is about persons; a table that this version does not know is taken to be."""
    return any(name not in TABLES or TABLES[name].personal for name in names)


def make_folder(path: Path, *, private: bool) -> None:
    """Make a folder; a private one is for its owner alone from its first moment."""
    path.mkdir(mode=0o700 if private else 0o777)


def write_tables(folder: Path, reading: Reading, identity: str, progress: Progress) -> Mapping[str, Stored]:
    """Write every table of the reading, force it to disk, and return what was written by table."""
    tell = _Tally(progress, sum(rows.num_rows for rows in reading.tables.values()))
    with duckdb.connect() as con:
        for name, rows in reading.tables.items():
            origin = (identity, reading.source)
            parquet.write(con, folder / f"{name}.parquet", TABLES[name], rows, origin, tell.wrote)
    return {
        name: _settle(folder / f"{name}.parquet", TABLES[name], rows.num_rows) for name, rows in reading.tables.items()
    }


def _settle(path: Path, declared: Table, rows: int) -> Stored:
    """Close a written file to others if it is about persons, force it to disk, and take its measure."""
    if declared.personal:
        path.chmod(0o600)
    durable.sync(path)
    return Stored(rows, path.stat().st_size, durable.digest(path))


@dataclass(slots=True)
class _Tally:
    """Counts rows over all tables of a delivery."""

    progress: Progress
    total: int
    done: int = 0

    def wrote(self, rows: int) -> None:
        self.done += rows
        self.progress(self.done, self.total)


def write_manifest(folder: Path, delivery: Delivery, reading: Reading, findings: tuple[Finding, ...]) -> None:
    """Lay beside the tables what was said when they came: findings, and the source's own description of its report.

    The rules that a source states are changed afterwards, so its words of the day are kept with its numbers.
    """
    described = reading.tables["measure"].to_pylist() if "measure" in reading.tables else []
    content = {
        "delivery": as_json(delivery),
        "findings": [asdict(f) for f in findings],
        "described_by_source": [
            {k: v for k, v in row.items() if k in TABLES["measure"].arrow.names} for row in described
        ],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    durable.write(folder / MANIFEST, text.encode(), private=personal(reading.tables))
    durable.sync(folder)


def read_findings(folder: Path) -> tuple[Finding, ...]:
    """The findings that were laid beside a delivery. Raises `LakeError` if its manifest is missing or broken."""
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_bytes())
        return tuple(_finding(entry) for entry in content["findings"])
    except (OSError, ValueError, KeyError, TypeError):
        raise LakeError(f"{path} is missing or broken.", "Bring the file back from a backup.") from None


def _finding(entry: Mapping[str, Any]) -> Finding:
    return Finding(
        rule=entry["rule"],
        severity=Severity(entry["severity"]),
        found=_words(entry["found"]),
        expected=_words(entry["expected"]),
        remedy=_words(entry["remedy"]),
        row=entry["row"],
        column=entry["column"],
        times=entry["times"],
    )


def _words(text: str | Mapping[str, str]) -> str | Words:
    return text if isinstance(text, str) else Words(**text)
