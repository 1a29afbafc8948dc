"""`likvard site verify-audit`: is the audit chain whole?"""

from __future__ import annotations

import sys
from pathlib import Path

import click
from django.utils import timezone

from likvard.site.audit import chain


@click.command("verify-audit")
@click.option("--head", default="", help="A head noted earlier: the chain must still contain it.")
@click.option(
    "--heads",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file of heads: all must be there; today's is added.",
)
def verify_audit(head: str, heads: Path | None) -> None:
    """Recompute the audit chain; find a row that was changed, taken out or put in."""
    noted = chain.anchors(heads) if heads is not None and heads.exists() else ()
    found = chain.verify(head=head, anchors=noted)
    if not found.whole:
        where = "" if found.broken is None else f" at event {found.broken}"
        click.echo(f"BROKEN{where}: {found.why}.", err=True)
        click.echo("Keep a copy of the database as it is, and compare with the last backup.", err=True)
        sys.exit(1)
    click.echo(f"{found.count} events, unbroken. Head: {found.head}")
    if heads is not None:
        chain.anchor(heads, at=timezone.now())
        click.echo(f"The head is noted in {heads}. Keep it where the database's keeper cannot write.")
    else:
        click.echo("Note the head somewhere else: with it, a tail that was cut off is found too.")
