"""`likvard site serve`: the web server."""

from __future__ import annotations

import os
from collections.abc import Callable

import click
from django.conf import settings
from granian import Granian
from granian.constants import Interfaces

from likvard.site.settings import secret
from likvard.terms import UsageError


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=int, envvar="PORT", default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site until interrupted."""
    if not secret(settings.HOME):
        raise UsageError(f"{settings.HOME} is no site.", "Run `likvard site init` first, or set LIKVARD_HOME.")
    run(host, port, workers)


def run(host: str, port: int, workers: int, started: Callable[[], None] | None = None) -> None:
    """Serve until interrupted; call `started` when the workers are up."""
    # Its matrices are small: threads of the linear algebra would only stand in one another's way.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    server = Granian(
        "likvard.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        websockets=False,
        log_access=False,
        respawn_failed_workers=True,
    )
    if started is not None:
        server.on_startup(started)
    server.serve()
