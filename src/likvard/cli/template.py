"""`likvard template`: the files that an organiser fills."""

from __future__ import annotations

from pathlib import Path

import click

from likvard.cli.terminal import out
from likvard.flow import template as flow
from likvard.terms import Language


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--format", "kind", type=click.Choice(["xlsx", "csv"]), default="xlsx", show_default=True)
@click.option("--language", type=click.Choice([v.value for v in Language]), default="sv", show_default=True)
def template(folder: Path, kind: str, language: str) -> None:
    """Write the template that an organiser fills in."""
    for path in flow.template(folder, kind, language=Language(language)):
        out.print(str(path), soft_wrap=True)
