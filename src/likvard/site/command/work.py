"""`likvard site work`: what is done in the background."""

from __future__ import annotations

import signal
import threading

import click
from django.conf import settings
from django.utils import timezone

from likvard.site.cases import actions, outbox
from likvard.site.newsroom import background
from likvard.site.resources.actions import reminding
from likvard.site.supervision.actions import warning


@click.command()
@click.option("--once", is_flag=True, help="Send what is due and stop.")
@click.option("--every", type=click.IntRange(1), default=5, show_default=True, help="Seconds between looks.")
def work(once: bool, every: int) -> None:
    """Warn of clocks that are soon due or late, remind schools of the last day for views on an allocation, write to subscribers,
    send the mail that is due, and every night write the open data, until interrupted. Several workers may run at once.
    """
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    while not stop.is_set():
        actions.warn_of_clocks(timezone.now(), address=settings.BASE_URL)
        warning.warn_of_deadlines(timezone.now(), address=settings.BASE_URL)
        reminding.remind_of_views(timezone.now(), address=settings.BASE_URL)
        background.do_due(timezone.now())
        sent = outbox.send_due(timezone.now(), limit=100)
        if once and not sent:
            return
        if not sent:
            stop.wait(every)
