"""`likvard site import`: files into the lake, figures out of it, units into the register."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone
from rich.console import Console

from likvard.flow import ingest as flow
from likvard.flow import publish, register
from likvard.site.people import actions
from likvard.terms import Language


@click.command("import")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
def bring(paths: tuple[Path, ...]) -> None:
    """Read files into the site's lake, publish its figures anew, and take in its organisers and units.

    Without files only the last two are done: after `likvard ingest`, `undo` or `simulate` on the same lake.
    """
    at = timezone.now()
    stopped = 0
    if paths:
        report = flow.ingest(paths, settings.LAKE, at=at)
        stopped = len(report.stopped)
        report.to_terminal(Console(highlight=False), Language.EN)
    made = refresh(at)
    click.echo(f"The site shows {made.name}.")
    sys.exit(3 if stopped else 0)


def refresh(at: datetime) -> Path:
    """Publish the lake as it is now, and take its organisers and units into the register; return the publication."""
    made = publish.publish(settings.LAKE, on=timezone.localdate(at), at=at)
    actions.sync(register.register(settings.LAKE), at=at)
    return made
