"""`likvard publish`: what may be shown of the lake, released once and kept in one file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from likvard.cli.terminal import err, lake_option, now, out, progress
from likvard.disclosure import LEGEND
from likvard.disclosure.publication import Publication
from likvard.flow import publish as flow
from likvard.terms import Missing


@click.command()
@lake_option
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day whose rules are followed; today if not given.")
@click.option("--prune", type=int, metavar="N", help="Remove all but the newest N publications, and say which.")
def publish(lake: Path, on: datetime | None, prune: int | None) -> None:
    """Publish the lake as it is now: every figure of the site.

    Each figure is put through disclosure control once, for the public and for its organiser. docs/publications.md tells more.
    """
    at = now()
    with progress() as bar:
        task = bar.add_task("Publishing", total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        path = flow.publish(lake, on=(on or at).date(), at=at, progress=tell)
    made = Publication.open(path)
    counts = made.facts["counts"]
    seconds = (now() - at).total_seconds()
    out.print(f"{made.count} figures, {counts['cells']} of them for the public, in {seconds:.0f} seconds.")
    for reason, count in sorted(counts["hidden"].items(), key=lambda item: -item[1]):
        symbol, words = LEGEND[Missing(reason)]
        out.print(f"{count:>9} {symbol:<5} {words.en}", markup=False)
    if counts["exposed"]:
        out.print(f"{counts['exposed']} hidden figures are told more narrowly by earlier releases than we want.")
    out.print(str(path), soft_wrap=True, markup=False)
    for gone in flow.prune(lake, prune) if prune is not None else ():
        err.print(f"Removed {gone.name}; what it showed is remembered.", markup=False)
