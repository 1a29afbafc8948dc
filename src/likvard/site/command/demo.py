"""`likvard site demo`: the site on loopback, filled with invented data and one account per role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any

import click
from django.conf import settings
from django.db import connections
from django.db.models import Count
from django.utils import timezone, translation

from likvard.flow import publish
from likvard.site import published
from likvard.site.cases import invented as matters
from likvard.site.command.bring import refresh
from likvard.site.command.init import prepare
from likvard.site.command.serve import run
from likvard.site.newsroom import invented as decisions
from likvard.site.people import actions
from likvard.site.people.models import Membership, Organiser, Unit, User
from likvard.site.people.roles import SCOPES, Role, Scope
from likvard.site.ratings import invented as marks
from likvard.site.resources import invented as money
from likvard.site.supervision import invented as inspections
from likvard.site.supervision.invented import programme
from likvard.terms import UsageError

PASSWORD = "likvard-demo-konto"  # noqa: S105 - of invented accounts on loopback, printed at every start

DOMAIN = "@demo.example"


@click.command()
@click.option("--port", type=int, envvar="PORT", default=8000, show_default=True)
def demo(port: int) -> None:
    """Serve a site of invented data on loopback. Its lake is the one that `likvard demo` made."""
    if not settings.DEMO:
        raise UsageError("This is no demo.", "Set LIKVARD_DEMO=1: a demo has accounts whose password everybody knows.")
    at = timezone.now()
    prepare()
    if publish.present(settings.LAKE) is None or not Organiser.objects.exists():
        click.echo("Publishing the figures. This is done once and takes a minute.")
        refresh(at)
    apart(populate, at)
    run("127.0.0.1", port, 2, started=lambda: greet(port))


def apart(work: Callable[[datetime], None], at: datetime) -> None:
    """Do some work in a process of its own. Raises `UsageError` if it fails.

    Setting a PDF starts threads that a server process, forked from this one, would wait for in vain.
    """
    connections.close_all()
    child = get_context("fork").Process(target=work, args=(at,))
    child.start()
    child.join()
    if child.exitcode:
        raise UsageError(
            "The demo could not be filled; what went wrong stands above.", "Remove its folder and try again."
        )


def populate(at: datetime) -> None:
    """One account per role, at the largest municipal organiser and its largest school; nothing if they are there."""
    organiser, unit = showcase()
    for role in Role:
        if not User.objects.filter(email=address(role)).exists():
            with translation.override("sv"):
                name = f"{role.label} (påhittad)"
            user = actions.demo_account(email=address(role), name=name, password=PASSWORD, at=at)
            since = timezone.localdate(at) - timedelta(days=365)  # the invented matters were opened by them, weeks ago
            where = place(role, organiser, unit)
            actions.give(by=None, user=user, role=role, at=at, start=since, reason="Demonstration", **where)
    matters.fill(matters.Crew(**crew(matters.Crew)), unit=unit, at=at)
    schools = Unit.objects.active().with_form("GR").filter(organiser__kind=Organiser.Kind.INDEPENDENT)
    inspectors = inspections.Crew(**crew(inspections.Crew))
    issued = inspections.fill(inspectors, organiser=organiser, unit=unit, independent=list(schools[:6]), at=at)
    decisions.fill(decisions.Crew(**crew(decisions.Crew)), issued, at=at)
    figures = published.current()
    programme.fill(inspectors.lead_inspector, publication=figures, at=at)
    money.fill(money.Crew(**crew(money.Crew)), organiser=organiser, publication=figures, at=at)
    marks.fill(marks.Crew(**crew(marks.Crew)), publication=figures, at=at)


def crew(of: Any) -> dict[str, User]:
    """The demo's accounts in the roles that the fields of a crew are named for."""
    return {name: User.objects.get(email=address(Role(name))) for name in of.__dataclass_fields__}


def showcase() -> tuple[Organiser, Unit]:
    """The municipal organiser with most compulsory schools, and its first school with year 9 in order of name.

    Raises `UsageError` for a lake without any.
    """
    units = Unit.objects.active().with_form("GR").filter(organiser__kind=Organiser.Kind.MUNICIPAL)
    counted = units.values("organiser").annotate(count=Count("code")).order_by("-count", "organiser").first()
    if counted is None:
        raise UsageError(f"The lake {settings.LAKE} has no compulsory school.", "Make it with `likvard demo`.")
    own = units.filter(organiser=counted["organiser"])
    school = own.filter(grades__endswith="9").order_by("name").first() or own.order_by("name")[0]
    return Organiser.objects.get(pk=counted["organiser"]), school


def place(role: Role, organiser: Organiser, unit: Unit) -> dict[str, Any]:
    """Where a role has its membership in the demo: the smallest place that it can be tied to."""
    if Scope.UNIT in SCOPES[role]:
        return {"unit": unit}
    national = Scope.NATIONAL in SCOPES[role]
    return {} if national else {"organiser": organiser}


def address(role: Role) -> str:
    """The demo account's e-mail address."""
    return f"{role.value.replace('_', '-')}{DOMAIN}"


def greet(port: int) -> None:
    """Say where the site is and who can sign in."""
    click.echo(f"\nLikvärd is at http://127.0.0.1:{port}/ . Everything in it is invented.\n")
    click.echo(f"Sign in as one of these, password {PASSWORD}:")
    for membership in Membership.objects.filter(user__email__endswith=DOMAIN).select_related(
        "user", "organiser", "unit"
    ):
        click.echo(f"  {membership.user.email:36} {membership.unit or membership.organiser or 'the whole country'}")
    click.echo("\nStop with Ctrl-C.")
