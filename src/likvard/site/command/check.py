"""`likvard site check`: is the site fit to be used?"""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass

import click
from django.conf import settings
from django.core import checks, mail
from django.core.checks import Tags
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from likvard.flow import publish
from likvard.site.audit import chain
from likvard.site.people.models import User
from likvard.site.settings import secret


@dataclass(frozen=True, slots=True)
class Found:
    """What one check found: whether it is well, what is the case, and what to do if not."""

    well: bool
    what: str
    remedy: str = ""


@click.command()
def check() -> None:
    """Check settings, folders, database, figures, mail and the audit chain; end with 1 if anything is wrong."""
    wrong = 0
    for look in CHECKS:
        found = look()
        wrong += not found.well
        click.echo(f"{'ok   ' if found.well else 'WRONG'} {found.what}")
        if not found.well and found.remedy:
            click.echo(f"      {found.remedy}")
    sys.exit(1 if wrong else 0)


def folders() -> Found:
    """The site's folder is there and closed to others."""
    home = settings.HOME
    if not home.is_dir():
        return Found(False, f"There is no folder {home}.", "Run `likvard site init`, or set LIKVARD_HOME.")
    open_to_others = stat.S_IMODE(home.stat().st_mode) & 0o077
    return Found(not open_to_others, f"Folder {home}", f"Others can read it: chmod 700 {home}")


def key() -> Found:
    """There is a signing key."""
    return Found(bool(secret(settings.HOME)), "Signing key", "Run `likvard site init`.")


def configuration() -> Found:
    """Django's own checks for a site in use; plain http only on loopback."""
    if not settings.SECURE and settings.ALLOWED_HOSTS[0] not in ("127.0.0.1", "localhost"):
        return Found(False, f"The address is {settings.BASE_URL}", "Use https: passwords travel in the clear.")
    tags = [Tags.security] if settings.SECURE else []
    worst = [
        m for m in checks.run_checks(tags=tags or None, include_deployment_checks=settings.SECURE) if m.is_serious()
    ]
    return Found(not worst, f"Settings for {settings.BASE_URL}", " ".join(f"{m.msg} {m.hint or ''}" for m in worst))


def tables() -> Found:
    """The database answers and has every table."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return Found(
            False, f"The database does not answer: {error}", "See that it runs and that LIKVARD_DATABASE is right."
        )
    return Found(
        not missing,
        f"Database ({connection.vendor})",
        f"{len(missing)} migrations are missing: run `likvard site init`.",
    )


def accounts() -> Found:
    """Somebody can sign in."""
    try:
        there = User.objects.filter(is_active=True).exists()
    except DatabaseError:
        return Found(False, "No accounts", "Mend the database first.")
    return Found(there, "Accounts", "Invite an administrator: likvard site init --admin name@example.se")


def figures() -> Found:
    """There are figures of the lake as it is now."""
    current = publish.current(settings.LAKE) if settings.LAKE.exists() else None
    return Found(current is not None, f"Figures in {settings.LAKE}", "Run `likvard site import FILE…`.")


def post() -> Found:
    """The mail server answers."""
    try:
        mail.get_connection().open()
    except OSError as error:
        return Found(False, f"The mail server does not answer: {error}", "See that LIKVARD_EMAIL is right.")
    return Found(True, f"Mail ({settings.EMAIL_BACKEND.split('.')[-2]})")


def audit() -> Found:
    """The audit chain is whole."""
    try:
        found = chain.verify()
    except DatabaseError:
        return Found(False, "No audit chain", "Mend the database first.")
    return Found(found.whole, f"Audit chain, {found.count} events", f"{found.why}: run `likvard site verify-audit`.")


CHECKS: tuple[Callable[[], Found], ...] = (folders, key, configuration, tables, accounts, figures, post, audit)
