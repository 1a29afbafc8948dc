"""`likvard site demo`: the site on loopback, filled with invented data and one account per role."""

from __future__ import annotations

from datetime import datetime

import click
from django.conf import settings
from django.utils import timezone

from likvard.site.command.bring import refresh
from likvard.site.command.init import prepare
from likvard.site.command.serve import run
from likvard.site.people import actions
from likvard.site.people.models import Membership, Organiser, User
from likvard.site.people.roles import Role
from likvard.terms import UsageError

PASSWORD = "likvard-demo-konto"  # noqa: S105 - of invented accounts on loopback, printed at every start


@click.command()
@click.option("--port", type=int, envvar="PORT", default=8000, show_default=True)
def demo(port: int) -> None:
    """Serve a site of invented data on loopback. Its lake is the one that `likvard demo` made."""
    if not settings.DEMO:
        raise UsageError("This is no demo.", "Set LIKVARD_DEMO=1: a demo has accounts whose password everybody knows.")
    at = timezone.now()
    prepare()
    refresh(at)
    populate(at)
    run("127.0.0.1", port, 2, started=lambda: greet(port))


def populate(at: datetime) -> None:
    """One account per role, at the largest municipal organiser and its largest school; nothing if they are there."""
    organiser = max(Organiser.objects.filter(kind="municipal"), key=lambda o: (o.units.count(), o.number))
    for role in Role:
        email = address(role)
        if not User.objects.filter(email=email).exists():
            user = actions.demo_account(email=email, name=str(role.label), password=PASSWORD, at=at)
            actions.give(by=None, user=user, role=role, at=at, **place(role, organiser))


def place(role: Role, organiser: Organiser) -> dict[str, object]:
    """Where a role has its membership in the demo."""
    return {}


def address(role: Role) -> str:
    """The demo account's e-mail address."""
    return f"{role.value.replace('_', '-')}@demo.example"


def greet(port: int) -> None:
    """Say where the site is and who can sign in."""
    click.echo(f"\nLikvärd is at http://127.0.0.1:{port}/ . Everything in it is invented.\n")
    click.echo(f"Sign in as one of these, password {PASSWORD}:")
    for membership in Membership.objects.select_related("user", "organiser", "unit"):
        click.echo(f"  {membership.user.email:38} {membership.place}")
    click.echo("\nStop with Ctrl-C.")
