"""`likvard need`: the index of need of an organiser's units."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click
from rich.table import Table

from likvard.cli.terminal import lake_option, now, out
from likvard.disclosure.cells import Released
from likvard.flow import need_table as flow
from likvard.flow.need_table import NeedRow, NeedTable
from likvard.terms import Audience, Level, SchoolForm, SchoolYear


@click.command()
@click.argument("organiser")
@lake_option
@click.option("--form", type=click.Choice([f.value for f in SchoolForm]), default="GR", show_default=True)
@click.option("--year", type=int, help="The calendar year in which the school year begins; the newest if left out.")
@click.option("--audience", type=click.Choice([a.value for a in Audience]), default="public", show_default=True)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day whose rules apply; today if left out.")
@click.option("--out", "folder", type=click.Path(path_type=Path), help="Write CSV and JSON files into this folder.")
@click.option("--unit-effect", is_flag=True, help="Fit with an effect of each unit, integrated out.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON with full precision.")
def need(
    organiser: str,
    lake: Path,
    form: str,
    year: int | None,
    audience: str,
    on: datetime | None,
    folder: Path | None,
    unit_effect: bool,
    as_json: bool,
) -> None:
    """Tell the index of need of every unit of ORGANISER (ten digits), with its interval and how the model fared."""
    day: date = on.date() if on else now().date()
    reader = Audience(audience)
    table = flow.need_table(lake, organiser, form=form, year=year, audience=reader, on=day, unit_effect=unit_effect)
    written = flow.write(table, folder) if folder is not None else ()
    if as_json:
        click.echo(json.dumps(flow.as_dict(table), ensure_ascii=False, indent=1))
        return
    _print(table)
    for path in written:
        out.print(str(path), soft_wrap=True, markup=False)


def _print(table: NeedTable) -> None:
    if table.without is not None:
        out.print(f"{table.name}, {table.form}: no index. {table.without.en}", markup=False)
        return
    facts = table.facts
    out.print(f"{table.name}, {table.form}, {SchoolYear(table.year or 0)}", markup=False)
    out.print(f"100 is the country's pupils; the goal: {facts['goal']['en']}\n", markup=False)
    rows = Table(box=None, pad_edge=False)
    for name in ("unit", "index", "95 % interval", "chance", "unseen", "pupils"):
        rows.add_column(name, justify="left" if name == "unit" else "right", overflow="fold")
    for row in table.rows:
        rows.add_row(*_cells(row))
    out.print(rows)
    _print_model(table)


def _cells(row: NeedRow) -> tuple[str, ...]:
    name = row.name if row.level is Level.UNIT else "all units that are shown"
    if row.index.value is None:
        return name, row.index.reason.en, "", "", "", ""
    ends = "" if row.index.low is None or row.index.high is None else f"{row.index.low:.0f} to {row.index.high:.0f}"
    return name, f"{row.index.value:.0f}", ends, _percent(row.probability), _percent(row.unseen), str(row.index.n)


def _percent(cell: Released | None) -> str:
    return "" if cell is None or cell.value is None else f"{100 * cell.value:.0f} %"


def _print_model(table: NeedTable) -> None:
    facts = table.facts
    cohorts = ", ".join(str(SchoolYear(year)) for year in facts["cohorts"])
    out.print(f"\nFitted to {facts['n']:.0f} pupils of {facts['units']} units, results of {cohorts}.")
    told = facts["calibration"]
    if told is None:
        out.print("There is no later cohort to check it on.")
    else:
        out.print(
            f"Checked on a later cohort: slope {told['slope']:.2f} ({told['low']:.2f} to {told['high']:.2f}; 1 is right), "
            f"{100 * told['observed']:.1f} % missed the goal, {100 * told['expected']:.1f} % expected."
        )
    out.print(
        f"Units differ beyond this by a standard deviation of {facts['between_units_sd']:.2f} on the logit scale."
    )
