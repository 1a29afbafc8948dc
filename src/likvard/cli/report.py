"""`likvard report`: the equity report of an area."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from likvard.cli.terminal import audience_option, lake_option, now, on_option, out, out_option, write_whole
from likvard.flow import report as flow
from likvard.terms import Audience


@click.command()
@click.argument("code")
@lake_option
@out_option("The report's folder.", default=Path("out"), show_default=True)
@audience_option
@on_option
def report(code: str, lake: Path, folder: Path, audience: str, on: datetime | None) -> None:
    """Write the equity report of a municipality or organiser.

    CODE is a municipality's four digits (0127) or an organiser's ten (2120002882).
    """
    day: date = on.date() if on else now().date()
    made = flow.report(lake, code, audience=Audience(audience), on=day)
    for path in write_whole(folder, lambda beside: flow.write(made, beside)):
        out.print(str(path), soft_wrap=True)
