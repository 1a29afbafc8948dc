"""`likvard site verify-audit`: is the audit chain whole?"""

from __future__ import annotations

import sys

import click

from likvard.site.audit import chain


@click.command("verify-audit")
@click.option("--head", default="", help="A head noted earlier: the chain must still contain it.")
def verify_audit(head: str) -> None:
    """Recompute the audit chain; find a row that was changed, taken out or put in."""
    found = chain.verify(head=head)
    if found.broken is not None:
        click.echo(f"BROKEN at event {found.broken}: {found.why}", err=True)
        click.echo("Keep a copy of the database as it is, and compare with the last backup.", err=True)
        sys.exit(1)
    click.echo(f"{found.count} events, unbroken. Head: {found.head}")
    click.echo("Note the head somewhere else: with it, a tail that was cut off is found too.")
