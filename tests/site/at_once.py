"""Deeds that several people do at the same moment: each in a thread and a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from likvard.site.cases.states import CaseError

only_on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer at a time, and a test's database one connection"
)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do all deeds from the same moment on; return in their order what each gave, or the `CaseError` that it met."""
    start = threading.Barrier(len(deeds))

    def done(deed: Callable[[], object]) -> object:
        start.wait(timeout=30)
        try:
            return deed()
        except CaseError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as people:
        return [one.result() for one in [people.submit(done, deed) for deed in deeds]]
