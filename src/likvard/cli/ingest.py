"""`likvard ingest`: files into the lake."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from likvard.cli.terminal import err, lake_option, now, out, progress
from likvard.flow import ingest as flow
from likvard.flow.deliveries import deliveries
from likvard.terms import Language


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@lake_option
@click.option("--screening", type=click.Path(path_type=Path), help="Write the screening report to this folder too.")
@click.option("--json", "as_json", is_flag=True, help="Print the screening report as JSON.")
def ingest(paths: tuple[Path, ...], lake: Path, screening: Path | None, as_json: bool) -> None:
    """Read files or folders into the lake.

    Of each file all is read, or nothing of it. What could not be read is said, with row, column and reason.
    """
    with progress() as bar:
        task = bar.add_task("Reading", total=None)

        def tell(name: str, done: int, total: int) -> None:
            bar.update(task, description=name or "Reading", completed=done, total=total)

        report = flow.ingest(paths, lake, at=now(), progress=tell)
    for path in flow.write_screening(report, screening) if screening else ():
        err.print(str(path), soft_wrap=True)
    if as_json:
        click.echo(report.to_json(), nl=False)
    else:
        report.to_terminal(out, Language.EN)
    if len({one.synthetic for one in deliveries(lake, everything=False)}) > 1:
        err.print("The lake holds both real and invented records: all its figures are marked as invented.")
    sys.exit(3 if report.stopped else 0)
