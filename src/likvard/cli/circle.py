"""`likvard circle`: how steering, teaching, calm, support, pupil health and principals go together over time."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import JustifyMethod

from likvard.cli.terminal import lake_option, now, on_option, out, out_option, table, write_whole
from likvard.flow import circle_files as flow
from likvard.flow.circle_files import Told
from likvard.terms import SchoolYear


@click.command()
@lake_option
@on_option
@out_option("Write JSON and CSV files into this folder.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON with full precision.")
def circle(lake: Path, on: datetime | None, folder: Path | None, as_json: bool) -> None:
    """Work out links over time, from steering to results.

    The circle of a lake: links from one school year to the next, the same turned round in time, and what is left of
    them after a year. docs/circle.md tells what they are and are not. Links over time are no proof of cause.
    """
    day: date = on.date() if on else now().date()
    found = flow.told(lake, on=day)
    written = write_whole(folder, lambda beside: flow.write(found, beside)) if folder is not None else ()
    if as_json:
        click.echo(json.dumps(flow.as_dict(found), ensure_ascii=False, indent=1))
        return
    _print(flow.as_dict(found))
    _print_seen(found)
    for path in written:
        out.print(str(path), soft_wrap=True, markup=False)


COLUMNS: tuple[tuple[str, JustifyMethod], ...] = (
    ("link", "left"),
    ("size", "right"),
    ("95 % interval", "right"),
    ("turned round", "right"),
    ("95 % interval", "right"),
    ("", "left"),
)


def _print(found: dict[str, Any]) -> None:
    first, last = SchoolYear(found["years"][0]), SchoolYear(found["years"][-1])
    names = {code: one["en"] for code, one in found["domains"].items()}
    out.print(
        f"All {found['units']} units in the records, {first} to {last}. Links over time, not proof of cause.\n",
        markup=False,
    )
    rows = []
    for link in found["links"]:
        turned, sure = link["placebo"], "clear of chance" if link["survives"] else ""
        way = f"{names[link['from']]} to {names[link['to']].lower()}"
        rows.append((way, _two(link["value"]), _ends(link), _two(turned["value"]), _ends(turned), sure))
    out.print(table(COLUMNS, rows, may_go=((3, 4),)))
    out.print(f"\nLeft after a year: {found['gain']['value']:.2f} ({_ends(found['gain'])}); ", end="", markup=False)
    out.print(f"without links between domains {found['alone']['value']:.2f}.", markup=False)
    for way in found["ways"]:
        through = " > ".join(names[code].lower() for code in way["way"].split(">"))
        out.print(f"{through}: {way['value']:.4f} ({way['low']:.4f} to {way['high']:.4f})", markup=False)
    turned = found["placebo"]
    out.print(f"{turned['alarms']} of {turned['tests']} links turned round in time are clear of chance.", markup=False)


def _ends(one: dict[str, float]) -> str:
    return f"{_two(one['low'])} to {_two(one['high'])}"


def _two(value: float) -> str:
    """Two decimals, never a minus nought."""
    return f"{round(value, 2) + 0.0:.2f}"


def _print_seen(found: Told) -> None:
    for one in found.facts["domains"].values():
        seen = ", ".join(f"{p['en']} {100 * p['reliability']:.0f} %" for p in one["proxies"])
        out.print(f"{one['en']} is seen in: {seen}", markup=False)
    if found.facts["left_out"]:
        out.print(f"Nothing is seen of: {', '.join(found.facts['left_out'])}", markup=False)
