"""A whole database to a file and back, by each database's own means: SQLite's backup, PostgreSQL's pg_dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from likvard.terms import LikvardError, UsageError

MEMBERS = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


def member(vendor: str) -> str:
    """What the database is called in a backup."""
    return MEMBERS[vendor]


def dump(database: Mapping[str, Any], path: Path) -> None:
    """Write a consistent copy of the database while others use it."""
    if "sqlite" in database["ENGINE"]:
        with closing(sqlite3.connect(database["NAME"])) as source, closing(sqlite3.connect(path)) as copy:
            source.backup(copy)
        return
    _run(database, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")


def load(database: Mapping[str, Any], path: Path) -> None:
    """Fill an empty database from a copy."""
    if "sqlite" in database["ENGINE"]:
        with closing(sqlite3.connect(path)) as copy, closing(sqlite3.connect(database["NAME"])) as target:
            copy.backup(target)
        return
    _run(
        database,
        "pg_restore",
        "--exit-on-error",
        "--single-transaction",
        "--no-owner",
        f"--dbname={database['NAME']}",
        str(path),
    )


def in_use(connection: BaseDatabaseWrapper) -> bool:
    """Whether there is any table."""
    return bool(connection.introspection.table_names())


def _run(database: Mapping[str, Any], program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs against the database."""
    found = shutil.which(program)
    if found is None:
        raise UsageError(f"{program} is not installed here.", "Install PostgreSQL's client programs.")
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = {**os.environ, **{key: str(database[name]) for key, name in names.items() if database.get(name)}}
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise LikvardError(
            f"{program} failed: {done.stderr.strip()}", "See that the versions match and the address is right."
        )
