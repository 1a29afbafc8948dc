"""`likvard simulate` and `demo`: a synthetic Sweden, and a report made from it."""

from __future__ import annotations

from pathlib import Path

import click

from likvard.cli.terminal import FOLDER, lake_option, now, out, progress
from likvard.flow import report as reporting
from likvard.flow import simulated as flow
from likvard.terms import Audience


@click.command()
@lake_option
@click.option(
    "--size",
    type=click.Choice(["municipality", "demo", "country"]),
    default="demo",
    show_default=True,
    help="One municipality, eight, or 290; the last takes minutes.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another country.")
def simulate(lake: Path, size: str, seed: int) -> None:
    """Write an invented Sweden as deliveries, with its truth.

    A lake to try everything on, without a single real pupil. docs/simulation.md tells how it is made.
    """
    _simulate(lake, size, seed)
    code, number = flow.largest_municipality(lake), flow.largest_organiser(lake)
    out.print(f"Try: likvard report {code} --lake {lake} --out out", soft_wrap=True, markup=False)
    out.print(f"     likvard need {number} --lake {lake}", soft_wrap=True, markup=False)


def _simulate(lake: Path, size: str, seed: int) -> None:
    rows = 0
    with progress() as bar:
        task = bar.add_task("Simulating", total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        for delivery in flow.simulated(size, seed, lake, at=now(), progress=tell):
            rows += sum(delivery.rows.values())
            bar.update(task, description=f"{delivery.source} {delivery.scope}")
    out.print(f"{rows:,} rows in {lake}, all invented.", soft_wrap=True)


@click.command()
@click.option(
    "--dir", "folder", type=FOLDER, default=Path("demo"), show_default=True, help="Where its lake and report are put."
)
def demo(folder: Path) -> None:
    """Invent a Sweden and write the report of a municipality."""
    lake = folder / "lake"
    if not (lake / "truth").exists():
        _simulate(lake, "demo", 1)
    written = folder / "report"
    if not written.exists():
        code = flow.largest_municipality(lake)
        reporting.write(reporting.report(lake, code, audience=Audience.ORGANISER, on=now().date()), written)
    out.print(f"A report, all invented: [bold]{next(written.glob('*-sv.html'))}[/]", soft_wrap=True)
