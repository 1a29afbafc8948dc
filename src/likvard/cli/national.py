"""`likvard national`: how well the country's organisers work against segregation, from a marking round in the lake."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click
from rich.table import Table

from likvard.cli.terminal import lake_option, now, on_option, out, out_option, write_whole
from likvard.flow import national_lake as flow
from likvard.flow.national_data import as_data, files
from likvard.flow.national_rows import Estimate


@click.command()
@lake_option
@out_option("Write the report and its data files into this folder.")
@click.option("--year", type=int, help="The round's calendar year; the newest if left out.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the intervals of agreement.")
@on_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON with full precision.")
def national(lake: Path, folder: Path | None, year: int | None, seed: int, on: datetime | None, as_json: bool) -> None:
    """Work out how well organisers work against segregation.

    The national report: shares of organisers by class, corrected for how they were selected. Shares are of the country. No
    organiser's class is printed or written.
    """
    found = flow.of_lake(lake, on=(on or now()).date(), year=year, seed=seed)
    written = write_whole(folder, lambda beside: files(found, beside)) if folder is not None else ()
    if as_json:
        click.echo(json.dumps(as_data(found), ensure_ascii=False, indent=1, sort_keys=True))
        return
    _print(found)
    for path in written:
        out.print(str(path), soft_wrap=True, markup=False)


def _print(found: flow.Round) -> None:
    national_ = found.national
    names = {one.key: one.name.en for one in found.rubric.classes}
    out.print(
        f"{national_.marked} of {national_.population} organisers marked in {national_.round}, "
        f"{national_.doubled} of them by two. Alpha {national_.overall.alpha.value:.2f}.\n",
        markup=False,
    )
    table = Table(box=None, pad_edge=False)
    for i, heading in enumerate(("class", "corrected", "95 % interval", "as marked", "95 % interval")):
        table.add_column(heading, justify="left" if i == 0 else "right")
    for one in national_.shares:
        table.add_row(names[one.cls], *_ends(one.weighted), *_ends(one.unweighted))
    out.print(table)
    out.print()
    for statement in national_.statements:
        share, interval = _ends(statement.estimate)
        out.print(f"{statement.words.en} {share} ({interval}). {statement.told.en}", markup=False)
    for caution in national_.warnings:
        out.print(f"Bear in mind: {caution.words.en}", markup=False)


def _ends(one: Estimate) -> tuple[str, str]:
    return f"{one.value:.1%}", f"{one.low:.1%} to {one.high:.1%}"
