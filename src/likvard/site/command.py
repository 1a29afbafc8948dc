"""`likvard site`: the way in for whoever runs the site."""

from __future__ import annotations

import os

import click
import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "likvard.site.settings")


@click.group()
def site() -> None:
    """Set up, serve and look after the site."""
    django.setup()


@site.command()
def check() -> None:
    """Check the settings, the database and the folders."""
    call_command("check", deploy=True)
