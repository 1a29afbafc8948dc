"""`likvard site backup` and `restore`: all of a site in one file, and back again."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings
from django.db import connection
from django.utils import timezone

from likvard.site.audit import chain
from likvard.site.command import archive, database
from likvard.terms import InputError, UsageError


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write the whole site to FILE: database, documents, lake and key. The site may go on running."""
    if file.exists():
        raise UsageError(f"{file} exists already.", "Give another name: a backup is never written over.")
    with archive.Writer(file) as out:
        # The database first: documents and deliveries are written before the rows that name them, and never change.
        out.add_made(
            database.member(connection.vendor), lambda path: database.dump(settings.DATABASES["default"], path)
        )
        out.add_tree("documents", settings.DOCUMENTS)
        out.add_tree("lake", settings.LAKE, without=("staging", "spill", "writer.lock"))
        out.add_file("secret.key", settings.HOME / "secret.key")
        manifest = out.finish(head=chain.verify().head, at=timezone.now())
    click.echo(
        f"{file}: {len(manifest.files)} files, {file.stat().st_size / 1e6:.1f} MB. Head of the audit chain: {manifest.head}"
    )
    click.echo("It holds everything, the signing key too: keep it as safe as the site itself.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(file: Path) -> None:
    """Put the site back from FILE, into an empty folder and an empty database."""
    _must_be_empty()
    with archive.Reader(file) as kept:
        wanted = database.member(connection.vendor)
        if wanted not in kept.names:
            raise InputError(
                f"{file} was made from another kind of database than {connection.vendor}.",
                "Set LIKVARD_DATABASE to the kind that it was made from.",
            )
        kept.check()
        kept.take_tree("documents", settings.DOCUMENTS)
        kept.take_tree("lake", settings.LAKE)
        kept.take_file("secret.key", settings.HOME / "secret.key")
        with kept.taken(wanted) as dump:
            connection.close()
            database.load(settings.DATABASES["default"], dump)
        head = kept.manifest.head
    found = chain.verify(head=head)
    if not found.whole:
        raise InputError(f"The restored audit chain is broken: {found.why}.", "Take an older backup.")
    click.echo(f"Restored from {file}. The audit chain is whole: {found.count} events.")


def _must_be_empty() -> None:
    """Raise `UsageError` where a restore would mix with what is there already."""
    for folder in (settings.DOCUMENTS, settings.LAKE):
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty.", "Restore into an empty LIKVARD_HOME.")
    if database.in_use(connection):
        raise UsageError("The database has tables already.", "Restore into an empty database.")
