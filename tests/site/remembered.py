"""What takes long to make is made once, by the actions of the product, and put back as rows in the tests after it.

A signed decision is made by forty actions and some five hundred questions to the database; its rows are put back by one
INSERT a table. The cast has the first numbers of its tables, so that what points at it is right in every test.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

BEHIND_THE_CAST = 1_000

Rows = dict[type[Model], dict[Any, tuple[Any, ...]]]


@dataclass(frozen=True)
class Kept:
    """The rows that were added, those that were changed, the files beside them, and what the maker gave back."""

    added: Rows
    changed: Rows
    files: Path
    given: Any


_kept: dict[str, Kept] = {}


def leave_room_for_the_cast() -> None:
    """Memberships that a test adds are numbered from a thousand."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence('people_membership', 'id'), %s)", [BEHIND_THE_CAST])
        else:
            cursor.execute("INSERT INTO sqlite_sequence VALUES ('people_membership', %s)", [BEHIND_THE_CAST])


def put_back_or_make(name: str, make: Callable[[], Any], *, files: Path, keep: Path) -> Any:
    """What `make` gives, a number that names what it made: by making it the first time, by its rows and files after that.

    `files` is the test's folder of documents, `keep` one that outlives it. What is in the database before must be the same
    each time: the cast and its places, and what was put back before.
    """
    if name in _kept:
        _put_back(_kept[name], files)
    else:
        before = _rows()
        given = make()
        _kept[name] = _keep(before, _rows(), files, keep, given)
    return _kept[name].given


def _models() -> Iterator[type[Model]]:
    return (model for model in apps.get_models(include_auto_created=True) if model._meta.managed)


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if not field.generated]


def _rows() -> Rows:
    return {
        model: {row[0]: row[1:] for row in model._base_manager.values_list("pk", *_columns(model))}
        for model in _models()
    }


def _keep(before: Rows, after: Rows, files: Path, keep: Path, given: Any) -> Kept:
    added: Rows = {}
    changed: Rows = {}
    for model, rows in after.items():
        if gone := before[model].keys() - rows.keys():
            raise ValueError(f"rows of {model.__name__} are gone, which cannot be put back: {gone}")
        added[model] = {pk: row for pk, row in rows.items() if pk not in before[model]}
        changed[model] = {pk: row for pk, row in rows.items() if before[model].get(pk, row) != row}
    if files.exists():
        shutil.copytree(files, keep)
    return Kept(added, changed, keep, given)


@transaction.atomic  # rows point at one another, whatever the order
def _put_back(kept: Kept, files: Path) -> None:
    for model, rows in kept.added.items():
        names = _columns(model)
        model._base_manager.bulk_create([model(**dict(zip(names, row, strict=True))) for row in rows.values()])
    for model, rows in kept.changed.items():
        for pk, row in rows.items():
            model._base_manager.filter(pk=pk).update(**dict(zip(_columns(model), row, strict=True)))
    if kept.files.exists():
        shutil.copytree(kept.files, files, dirs_exist_ok=True)
