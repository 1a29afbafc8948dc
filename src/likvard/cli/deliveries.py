"""`likvard deliveries`, `undo` and `verify`: what lies in the lake."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.table import Table

from likvard.cli.terminal import lake_option, now, out
from likvard.flow import deliveries as flow


@click.command(name="deliveries")
@lake_option
@click.option("--all", "everything", is_flag=True, help="Show replaced and withdrawn deliveries too.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_deliveries(lake: Path, everything: bool, as_json: bool) -> None:
    """List what lies in the lake: source, vintage, rows and hash."""
    found = flow.deliveries(lake, everything=everything)
    if as_json:
        click.echo(json.dumps([flow.as_dict(d) for d in found], ensure_ascii=False, indent=1, sort_keys=True))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "source", "scope", "vintage", "rows", "sha256", "file", "state"):
        table.add_column(
            heading, no_wrap=heading == "id", justify="right" if heading == "rows" else "left", overflow="fold"
        )
    for d in found:
        table.add_row(
            d.id, d.source, d.scope, d.vintage, f"{sum(d.rows.values()):,}", d.sha256[:12], d.file, str(d.state)
        )
    out.print(table)


@click.command()
@click.argument("delivery")
@lake_option
@click.option("--reason", required=True, help="Why it is withdrawn; kept in the catalogue.")
def undo(delivery: str, lake: Path, reason: str) -> None:
    """Undo an import: what it replaced is read again. No file is removed."""
    gone = flow.undo(lake, delivery, at=now(), reason=reason)
    out.print(f"{gone.id} is withdrawn.")


@click.command()
@lake_option
def verify(lake: Path) -> None:
    """Hold every delivery against the hash that it came with."""
    out.print(f"{flow.verify(lake)} deliveries are whole.")
