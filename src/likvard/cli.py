"""The command line: words over `flow`. The only module that reads the clock and speaks to the terminal."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from likvard import __version__
from likvard.flow import deliveries as delivered
from likvard.flow import ingest as ingesting
from likvard.flow import report as reporting
from likvard.flow import simulated as simulating
from likvard.records.template import write as write_template
from likvard.terms import Audience, Language, LikvardError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

lake_option = click.option(
    "--lake", type=click.Path(path_type=Path), default=Path("lake"), show_default=True, help="The lake's folder."
)


class _Words(click.Group):
    """A group whose users' errors are words and an exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except LikvardError as error:
            err.print(f"[bold]{error.message}[/]", soft_wrap=True)
            if error.remedy:
                err.print(error.remedy, soft_wrap=True)
            ctx.exit(error.exit_code)


@click.group(cls=_Words, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="likvard")
def main() -> None:
    """See, explain and close the gaps between schools."""


def _now() -> datetime:
    return datetime.now(UTC)


def _progress() -> Progress:
    """A bar on standard error; silent where nobody looks."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
    )


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@lake_option
@click.option("--screening", type=click.Path(path_type=Path), help="Write a screening report per file to this folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def ingest(paths: tuple[Path, ...], lake: Path, screening: Path | None, as_json: bool) -> None:
    """Read files or folders into the lake: all of a file, or nothing of it."""
    with _progress() as bar:
        task = bar.add_task("Reading", total=None)

        def tell(name: str, done: int, total: int) -> None:
            bar.update(task, description=name or "Reading", completed=done, total=total)

        taken = list(ingesting.ingest(paths, lake, at=_now(), progress=tell))
    if screening is not None:
        ingesting.write_screenings(taken, screening)
    if as_json:
        click.echo(ingesting.as_json(taken))
    else:
        _print_taken(taken)
    sys.exit(3 if any(t.refused for t in taken) else 0)


def _print_taken(taken: list[ingesting.Taken]) -> None:
    for file in taken:
        if file.delivery is not None:
            state = "already there" if file.delivery.repeated else "delivered"
            rows = sum(file.delivery.rows.values())
            out.print(f"[green]✓[/] {file.path.name}: {state} as {file.delivery.id}, {rows:,} rows", soft_wrap=True)
        if file.screening is not None and (file.refused or file.screening.findings):
            file.screening.to_terminal(out)
        if file.refused is not None:
            out.print(f"[red]✗[/] {file.path.name}: {file.refused}", soft_wrap=True)
    left = [t for t in taken if t.left is not None]
    if left:
        out.print(f"\nLeft {len(left)} files:")
        for file in left:
            reason = file.left[Language.EN] if file.left else ""
            out.print(f"[dim]–[/] {file.path.name}: {reason}", soft_wrap=True)


@main.command(name="deliveries")
@lake_option
@click.option("--all", "everything", is_flag=True, help="Show replaced and withdrawn deliveries too.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_deliveries(lake: Path, everything: bool, as_json: bool) -> None:
    """List what lies in the lake: source, vintage, rows and hash."""
    found = delivered.deliveries(lake, everything=everything)
    if as_json:
        click.echo(json.dumps([delivered.as_dict(d) for d in found], ensure_ascii=False, indent=1, sort_keys=True))
        return
    table = Table("id", "source", "scope", "vintage", "rows", "sha256", "file", "state", box=None, pad_edge=False)
    for d in found:
        table.add_row(
            d.id, d.source, d.scope, d.vintage, f"{sum(d.rows.values()):,}", d.sha256[:12], d.file, str(d.state)
        )
    out.print(table)


@main.command()
@click.argument("delivery")
@lake_option
@click.option("--reason", required=True, help="Why it is withdrawn; kept in the catalogue.")
def undo(delivery: str, lake: Path, reason: str) -> None:
    """Undo an import: what it replaced is read again. No file is removed."""
    gone = delivered.undo(lake, delivery, at=_now(), reason=reason)
    out.print(f"{gone.id} is withdrawn.")


@main.command()
@lake_option
def verify(lake: Path) -> None:
    """Read every delivery again and compare it with the hash it came with."""
    out.print(f"{delivered.verify(lake)} deliveries are whole.")


@main.command()
@click.argument("code")
@lake_option
@click.option("--out", "folder", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
@click.option("--audience", type=click.Choice([a.value for a in Audience]), default="public", show_default=True)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day whose rules apply; today if left out.")
def report(code: str, lake: Path, folder: Path, audience: str, on: datetime | None) -> None:
    """Write the equity report of a municipality (0127) or an organiser (2120002882)."""
    day: date = on.date() if on else _now().date()
    made = reporting.report(lake, code, audience=Audience(audience), on=day)
    for path in reporting.write(made, folder):
        out.print(str(path), soft_wrap=True)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--format", "kind", type=click.Choice(["xlsx", "csv"]), default="xlsx", show_default=True)
def template(folder: Path, kind: str) -> None:
    """Write the template that an organiser fills with its own records."""
    for path in write_template(folder, kind):
        out.print(str(path), soft_wrap=True)


@main.command()
@lake_option
@click.option("--size", type=click.Choice(["municipality", "demo", "country"]), default="demo", show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
def simulate(lake: Path, size: str, seed: int) -> None:
    """Write a synthetic Sweden as ordinary deliveries, with the truth beside it."""
    _simulate(lake, size, seed)


def _simulate(lake: Path, size: str, seed: int) -> None:
    with _progress() as bar:
        task = bar.add_task("Simulating", total=None)
        rows = 0
        for delivery in simulating.simulated(simulating.settings(size, seed), lake, at=_now()):
            rows += sum(delivery.rows.values())
            bar.update(task, description=f"{delivery.source} {delivery.scope}", advance=1)
    out.print(f"{rows:,} rows in {lake}, all invented.")


@main.command()
@click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path("demo"), show_default=True)
def demo(folder: Path) -> None:
    """Build a synthetic Sweden and write the report of one of its municipalities."""
    lake = folder / "lake"
    if not (lake / "catalogue.json").exists():
        _simulate(lake, "demo", 1)
    made = reporting.report(lake, simulating.first_municipality(lake), audience=Audience.ORGANISER, on=_now().date())
    paths = reporting.write(made, folder / "report")
    out.print(f"The report, all invented: [bold]{paths[0]}[/]", soft_wrap=True)
    for path in paths[1:]:
        out.print(f"  {path}", soft_wrap=True)
