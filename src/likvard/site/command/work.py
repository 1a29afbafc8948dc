"""`likvard site work`: what is done in the background."""

from __future__ import annotations

import signal
import threading

import click
from django.utils import timezone

from likvard.site.cases import outbox


@click.command()
@click.option("--once", is_flag=True, help="Send what is due and stop.")
@click.option("--every", type=click.IntRange(1), default=5, show_default=True, help="Seconds between looks.")
def work(once: bool, every: int) -> None:
    """Send the mail that is due, with retries, until interrupted. Several workers may run at once."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    while not stop.is_set():
        sent = outbox.send_due(timezone.now(), limit=100)
        if once and not sent:
            return
        if not sent:
            stop.wait(every)
