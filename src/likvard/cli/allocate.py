"""`likvard allocate`: share the money of a round by pupils and need."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click
from rich.table import Table

from likvard.allocation import memo, staleness
from likvard.allocation.compare import unseen_need
from likvard.cli.terminal import lake_option, now, out, out_option, table, write_whole
from likvard.flow import allocate as flow
from likvard.terms import Language


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="ROUND.yaml")
@lake_option
@out_option("Write the memo (HTML), CSV and JSON into this folder.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON with full precision.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day from which ages are counted; today if left out.")
def allocate(file: Path, lake: Path, folder: Path | None, as_json: bool, on: datetime | None) -> None:
    """Share the money of a round by pupils and need.

    Within the limits of ROUND.yaml, to the last crown.

    The units are written in the file, or taken from the lake's newest publication. docs/allocation.md tells the fields.
    """
    day: date = on.date() if on else now().date()
    shared = flow.share_out(file, lake=lake, on=day)
    written = write_whole(folder, lambda beside: flow.write(shared, beside)) if folder is not None else ()
    if as_json:
        click.echo(json.dumps(flow.document(shared), ensure_ascii=False, indent=1))
        return
    _print(shared)
    for path in written:
        out.print(str(path), soft_wrap=True, markup=False)


def _print(shared: flow.Shared) -> None:
    name = shared.round.name.en
    out.print(f"{name}: {shared.outcome.frame:,} crowns to {len(shared.outcome.rows)} units\n", markup=False)
    out.print(_table(memo.schools(shared.outcome)))
    for words in shared.outcome.messages:
        out.print(words.en, markup=False)
    follows = shared.compared
    for what, found in (("The year before", follows.now), ("As proposed", follows.proposed)):
        if found.slope is not None:
            rank = "" if found.rank is None else f", rank correlation {found.rank:.2f}"
            out.print(f"{what}: {found.slope:.0f} crowns a pupil for each index point{rank}.")
    for one in unseen_need(shared.outcome.rows):
        out.print(f"In need, gets nothing extra: {one.unit.name} (index {one.need:.0f}): {one.why.en}.", markup=False)
    told = staleness.warning(staleness.ages(shared.round.inputs, shared.on))
    if told is not None:
        out.print(told.en, markup=False)
    if shared.taken.calibration is not None:
        out.print(shared.taken.calibration.says.en, markup=False)
    if shared.taken.left_out:
        out.print(f"Left out, for no number of pupils is known: {', '.join(shared.taken.left_out)}.", markup=False)


MAY_GO = ("Organiser", "Alike", "By limits", "Set apart", "By need", "Limit", "Change", "Pupils")
"""Columns that a narrow terminal leaves out, the first of them first."""


def _table(made: memo.Table) -> Table:
    names = [column.heading.en for column in made.columns]
    return table(
        [(name, "left" if c.places is None else "right") for name, c in zip(names, made.columns, strict=True)],
        [_cells(row, made) for row in made.rows],
        footer=_cells(made.total, made) if made.total else (),
        may_go=[(names.index(name),) for name in MAY_GO if name in names],
    )


def _cells(row: Sequence[memo.Value], made: memo.Table) -> tuple[str, ...]:
    return tuple(memo.written(value, column, Language.EN) for value, column in zip(row, made.columns, strict=True))
