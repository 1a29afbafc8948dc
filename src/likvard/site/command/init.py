"""`likvard site init`: a new site."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from likvard.site.people import actions
from likvard.site.people.models import User
from likvard.site.people.roles import Role
from likvard.site.settings import secret
from likvard.terms import UsageError


@click.command()
@click.option("--admin", metavar="E-MAIL", help="Invite this address as the first administrator.")
def init(admin: str | None) -> None:
    """Make the site's folder, key and database, and invite the first administrator."""
    prepare()
    click.echo(f"The site's folder is {settings.HOME}.")
    if admin:
        click.echo(
            f"{admin} becomes administrator by opening, within a week:\n{first_administrator(admin, timezone.now())}"
        )
    elif not User.objects.exists():
        click.echo("Nobody can sign in yet. Invite an administrator: likvard site init --admin name@example.se")


def prepare() -> None:
    """Make what a site needs and does not have yet: folders, signing key, tables, static files. Safe to repeat."""
    home: Path = settings.HOME
    for folder in (home, settings.DOCUMENTS):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    key = home / "secret.key"
    if not secret(home):
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(64) + "\n", "ascii")
        settings.SECRET_KEY = secret(home)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def first_administrator(email: str, at: datetime) -> str:
    """Invite the first administrator and return the link. Raises `UsageError` if there is somebody already."""
    if User.objects.exists():
        raise UsageError("The site has accounts already.", "Let an administrator invite others, under Administration.")
    link: str = actions.invite(by=None, email=email, role=Role.ADMINISTRATOR, at=at)
    return link
