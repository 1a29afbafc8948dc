"""A backup of the whole site, put back into an empty one, on the database that the tests run on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from likvard.site.audit import events
from likvard.site.command import backup as commands
from likvard.site.command import database
from likvard.terms import LikvardError, UsageError


@pytest.fixture
def home(settings: object, tmp_path: Path) -> Path:
    """A site's folder with a document, a delivery and a key."""
    home = tmp_path / "home"
    settings.HOME, settings.DOCUMENTS, settings.LAKE = home, home / "documents", home / "lake"
    for name in ("documents/ab/paper", "lake/catalogue.json", "secret.key"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(name)
    return home


def _run(command: object, *words: object) -> Result:
    return CliRunner().invoke(command, [str(w) for w in words], catch_exceptions=False)


@pytest.mark.django_db(transaction=True)
def test_a_site_is_put_back_as_it_was(home: Path, settings: object, tmp_path: Path, now: datetime) -> None:
    with transaction.atomic():
        events.record(at=now, actor=None, what="site.tried", subject="site:tests")
    file = tmp_path / "backup.tar"
    settings.DATABASES["default"] = {**settings.DATABASES["default"], "NAME": connection.settings_dict["NAME"]}
    assert "documents" not in _run(commands.backup, file).output
    new = tmp_path / "new"
    settings.HOME, settings.DOCUMENTS, settings.LAKE = new, new / "documents", new / "lake"
    with emptied(connection):
        result = _run(commands.restore, file)
    assert "The audit chain is whole: 1 events" in result.output
    assert (new / "documents/ab/paper").read_text() == "documents/ab/paper"
    assert (new / "secret.key").stat().st_mode & 0o077 == 0


@contextmanager
def emptied(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Every table gone for a restore, which makes them again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("drop schema public cascade; create schema public")
        else:
            cursor.execute("pragma foreign_keys=off")
            for name in connection.introspection.table_names(cursor):
                cursor.execute(f'drop table if exists "{name}"')  # the search's own tables go with it
    yield


@pytest.mark.django_db
def test_a_backup_is_never_written_over(home: Path, tmp_path: Path) -> None:
    (tmp_path / "there.tar").touch()
    with pytest.raises(UsageError, match="exists already"):
        _run(commands.backup, tmp_path / "there.tar")


@pytest.mark.django_db
def test_nothing_is_restored_over_a_site_that_is_there(home: Path, tmp_path: Path) -> None:
    (tmp_path / "some.tar").touch()
    with pytest.raises(UsageError, match="is not empty"):
        _run(commands.restore, tmp_path / "some.tar")


@pytest.mark.django_db
def test_nothing_is_restored_over_a_database_in_use(settings: object, tmp_path: Path) -> None:
    settings.DOCUMENTS, settings.LAKE = tmp_path / "documents", tmp_path / "lake"
    (tmp_path / "some.tar").touch()
    with pytest.raises(UsageError, match="has tables already"):
        _run(commands.restore, tmp_path / "some.tar")


def test_a_program_of_postgresql_that_fails_says_why(tmp_path: Path) -> None:
    nowhere = {"ENGINE": "django.db.backends.postgresql", "NAME": "likvard", "HOST": str(tmp_path)}
    with pytest.raises(LikvardError, match="pg_dump"):
        database.dump(nowhere, tmp_path / "dump")
