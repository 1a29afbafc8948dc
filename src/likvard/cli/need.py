"""`likvard need`: the index of need of an organiser's units."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click
from rich.console import JustifyMethod

from likvard.cli.terminal import audience_option, lake_option, now, on_option, out, out_option, table, write_whole
from likvard.disclosure.cells import Released
from likvard.flow import need_table as flow
from likvard.flow.need_table import NeedRow, NeedTable
from likvard.terms import Audience, Level, SchoolForm, SchoolYear


@click.command()
@click.argument("organiser")
@lake_option
@click.option(
    "--form",
    type=click.Choice([f.value for f in SchoolForm], case_sensitive=False),
    default="GR",
    show_default=True,
    help="Form of schooling: GR is compulsory, GY upper secondary, FSK preschool, FKLASS preschool class, FTH leisure-time centre.",
)
@click.option(
    "--year",
    type=click.IntRange(1990, 2098),
    help="The calendar year in which the school year begins; the newest if left out.",
)
@audience_option
@on_option
@out_option("Write CSV and JSON files into this folder.")
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
    """Show the index of need of every unit of an organiser.

    ORGANISER is its ten digits. Shown are the index with its interval, and how the model fared. docs/need.md tells more.
    """
    day: date = on.date() if on else now().date()
    reader = Audience(audience)
    made = flow.need_table(lake, organiser, form=form, year=year, audience=reader, on=day, unit_effect=unit_effect)
    written = write_whole(folder, lambda beside: flow.write(made, beside)) if folder is not None else ()
    if as_json:
        click.echo(json.dumps(flow.as_dict(made), ensure_ascii=False, indent=1))
        return
    _print(made)
    for path in written:
        out.print(str(path), soft_wrap=True, markup=False)


COLUMNS: tuple[tuple[str, JustifyMethod], ...] = (
    ("unit", "left"),
    ("index", "right"),
    ("95 % interval", "right"),
    ("chance", "right"),
    ("unseen", "right"),
    ("pupils", "right"),
)


def _print(made: NeedTable) -> None:
    if made.without is not None:
        out.print(f"{made.name}, {made.form}: no index. {made.without.en}", markup=False)
        return
    out.print(f"{made.name}, {made.form}, {SchoolYear(made.year or 0)}", markup=False)
    out.print(f"100 is all pupils in the records; the goal: {made.facts['goal']['en']}\n", markup=False)
    out.print(table(COLUMNS, [_cells(row) for row in made.rows], may_go=((5,), (4,), (3,))))
    out.print("\nchance: that such pupils miss the goal; unseen: pupils of whom something is not known.")
    _print_model(made)


def _cells(row: NeedRow) -> tuple[str, ...]:
    name = row.name if row.level is Level.UNIT else "all units that are shown"
    if row.index.value is None:
        return f"{name}: {row.index.reason.en}", "", "", "", "", ""
    ends = "" if row.index.low is None or row.index.high is None else f"{row.index.low:.0f} to {row.index.high:.0f}"
    return name, f"{row.index.value:.0f}", ends, _percent(row.probability), _percent(row.unseen), str(row.index.n)


def _percent(cell: Released | None) -> str:
    return "" if cell is None or cell.value is None else f"{100 * cell.value:.0f} %"


def _print_model(made: NeedTable) -> None:
    facts = made.facts
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
