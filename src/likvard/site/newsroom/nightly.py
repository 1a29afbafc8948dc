"""Write the open data once a night: every file anew, all put in place in one step, so that what is fetched fits together."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from likvard.flow import tables
from likvard.site.newsroom import exports
from likvard.site.newsroom.actions.telling import locked
from likvard.site.newsroom.models import Publication
from likvard.site.newsroom.open_data import BY_NAME, ENDINGS, LICENCE, TABLES

HOUR = 2
"""The hour, local time, from which a night's files are written."""

GIVEN_UP = timedelta(hours=1)
"""A worker that began so long ago and has not finished has ended: the next one begins anew."""

MANIFEST = "manifest.json"
CURRENT = "current"


@dataclass(frozen=True)
class Edition:
    """One night's files: where they lie, when they were made, rows of each table, size and SHA-256 of each file."""

    folder: Path
    made_at: datetime
    rows: Mapping[str, int]
    files: Mapping[str, Mapping[str, Any]]
    first_day: date | None

    def path(self, name: str) -> Path | None:
        """Where a file lies; None for one that there is not."""
        return self.folder / name if name in self.files else None


def edition(folder: Path) -> Edition | None:
    """The edition that stands; None before the first night."""
    place = (folder / CURRENT).resolve()
    try:
        told = json.loads((place / MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        return None
    first = date.fromisoformat(told["first_day"]) if told["first_day"] else None
    return Edition(place, datetime.fromisoformat(told["made_at"]), told["rows"], told["files"], first)


def write_if_due(at: datetime, folder: Path, address: str) -> Edition | None:
    """Write the night's edition, if its hour has come and nobody has; None if there was nothing to do.

    One worker writes; if it is killed, the edition before stands, and another worker begins anew after an hour.
    """
    local = timezone.localtime(at)
    day = (local - timedelta(hours=HOUR)).date()
    if not _begin(day, at, folder):
        return None
    made = write(at, folder, address)
    with transaction.atomic():
        mark = locked("open_data")
        mark.finished = True
        mark.save(update_fields=["finished"])
    return made


@transaction.atomic
def _begin(day: date, at: datetime, folder: Path) -> bool:
    """Take on the night's work; False if it is done, or somebody does it."""
    mark = locked("open_data")
    begun = int(at.timestamp())
    is_done = mark.finished and mark.day is not None and mark.day >= day and (folder / CURRENT).exists()
    is_done_by_another = not mark.finished and begun - mark.value < GIVEN_UP.total_seconds()
    if is_done or is_done_by_another:
        return False
    mark.day, mark.value, mark.finished = day, begun, False
    mark.save(update_fields=["day", "value", "finished"])
    return True


def write(at: datetime, folder: Path, address: str) -> Edition:
    """Write every table in every form, and let them stand instead of what stood. The edition before stays for who reads it."""
    name = f"{at:%Y%m%dT%H%M%S%f}"
    fresh = folder / f".{name}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    about = {"licence": LICENCE, "source": f"{address}/oppna-data/", "made_at": at.isoformat(timespec="seconds")}
    rows = _write(fresh, address, about)
    first = Publication.objects.public().aggregate(first=Min("decided_on"))["first"]
    told = {
        "made_at": at.isoformat(),
        "first_day": first.isoformat() if first else None,
        "rows": rows,
        "files": {path.name: _told(path) for path in sorted(fresh.iterdir())},
    }
    (fresh / MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")
    _put_in_place(fresh, folder / name)
    made = edition(folder)
    if made is None:
        raise tables.TablesError("The open data that were just written are gone.", f"Look at {folder}.")
    return made


def _write(folder: Path, address: str, about: Mapping[str, str]) -> dict[str, int]:
    """Write every table in one pass over the decisions; return the number of rows of each."""
    number = dict.fromkeys(BY_NAME, 0)
    with ExitStack() as opened:
        put = {table.name: opened.enter_context(tables.writing(folder, table, about)) for table in TABLES}
        for some in exports.rows(address):
            for name, rows in some.items():
                put[name](rows)
                number[name] += len(rows)
    return number


def _told(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        found = {"size": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
        os.fsync(file.fileno())
    return found


def _put_in_place(fresh: Path, stands: Path) -> None:
    """Name the finished folder, point `current` at it in one step, and take away all but the one that stood."""
    folder = stands.parent
    before = (folder / CURRENT).resolve().name
    fresh.replace(stands)
    beside = folder / f".{CURRENT}"
    beside.unlink(missing_ok=True)
    beside.symlink_to(stands.name)
    beside.replace(folder / CURRENT)
    for old in folder.iterdir():
        if old.is_dir() and not old.is_symlink() and old.name not in (before, stands.name):
            shutil.rmtree(old)


def names() -> tuple[str, ...]:
    """Every file of an edition, in the order of the tables."""
    return tuple(f"{table}.{ending}" for table in BY_NAME for ending in ENDINGS)
