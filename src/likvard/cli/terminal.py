"""What every command shares: the terminal, the clock, a progress bar, the lake's option."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

# A pipe or file has no width of its own: rich would fold tables at 80 and cut what a script wants whole.
out = Console(highlight=False, width=None if sys.stdout.isatty() else 240)
err = Console(stderr=True, highlight=False)

lake_option = click.option(
    "--lake", type=click.Path(path_type=Path), default=Path("lake"), show_default=True, help="The lake's folder."
)


def now() -> datetime:
    """The time, with its zone. Nothing below the command line asks for it."""
    return datetime.now(UTC)


def progress() -> Progress:
    """A bar on standard error; silent where nobody looks."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
    )
