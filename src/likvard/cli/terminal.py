"""What every command shares: the terminal, the clock, a progress bar, tables, options."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from rich.cells import cell_len
from rich.console import Console, JustifyMethod
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from likvard.terms import Audience

# A pipe or file has no width of its own: rich would fold tables at 80 and cut what a script wants whole.
out = Console(highlight=False, width=None if sys.stdout.isatty() else 240)
err = Console(stderr=True, highlight=False)

lake_option = click.option(
    "--lake", type=click.Path(path_type=Path), default=Path("lake"), show_default=True, help="The lake's folder."
)

on_option = click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="The day whose rules apply; today if left out."
)

audience_option = click.option(
    "--audience",
    type=click.Choice([a.value for a in Audience]),
    default="public",
    show_default=True,
    help="Whose rules of disclosure apply.",
)

FOLDER = click.Path(file_okay=False, writable=True, path_type=Path)
"""A folder to write into, made if it is not there. One that cannot be is refused before anything is worked out."""

NARROWEST = 20
"""Letters of a table's first column below which other columns are left out instead."""


def out_option(says: str, **more: Any) -> Callable[..., Any]:  # noqa: ANN401 - click's own options
    """The option `--out`, given to the command as `folder`."""
    return click.option("--out", "folder", type=FOLDER, help=says, **more)


def write_everything() -> None:
    """Let no letter stop a command: UTF-8 into pipes and files, a question mark where a terminal lacks a letter.

    Windows and the C locale give pipes encodings without the minus sign or without å, ä and ö. Who sets PYTHONIOENCODING has chosen.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            free = "PYTHONIOENCODING" not in os.environ and not stream.isatty()
            stream.reconfigure(encoding="utf-8" if free else None, errors="replace")


def table(
    columns: Sequence[tuple[str, JustifyMethod]],
    rows: Sequence[Sequence[str]],
    *,
    footer: Sequence[str] = (),
    may_go: Sequence[Sequence[int]] = (),
) -> Table:
    """A table that fits the terminal: columns of `may_go` are left out, group by group, while it is too wide.

    The caption says which. Only the first column may then be folded, down to `NARROWEST`; numbers never are.
    """
    lines = [[name for name, _ in columns], *rows, *([footer] if footer else [])]
    widths = [max(cell_len(line[i]) for line in lines) for i in range(len(columns))]
    shown = list(range(len(columns)))
    for group in may_go:
        least = sum(widths[j] for j in shown[1:]) + min(widths[0], NARROWEST) + 2 * len(shown)
        if least > out.width:
            shown = [i for i in shown if i not in group]
    made = Table(box=None, pad_edge=False, show_footer=bool(footer), caption_justify="left", caption_style="")
    for i in shown:
        name, justify = columns[i]
        made.add_column(name, footer[i] if footer else "", justify=justify, overflow="fold", no_wrap=i > 0)
    for row in rows:
        made.add_row(*(row[i] for i in shown))
    if gone := [name for i, (name, _) in enumerate(columns) if i not in shown]:
        made.caption = f"Left out to fit the width: {', '.join(gone)}. They are in --out and --json."
    return made


def write_whole(folder: Path, write: Callable[[Path], Iterable[Path]]) -> tuple[Path, ...]:
    """Let `write` fill a folder, then give its files their places in `folder`: all of them, or none. Return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".likvard-") as beside:
        made = tuple(write(Path(beside)))
        return tuple(path.replace(folder / path.name) for path in made)


def write_file(folder: Path, name: str, content: bytes) -> Path:
    """Write one file into a folder, whole or not at all; return its path."""

    def put(beside: Path) -> tuple[Path]:
        (beside / name).write_bytes(content)
        return (beside / name,)

    return write_whole(folder, put)[0]


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
