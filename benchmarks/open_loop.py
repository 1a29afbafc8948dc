"""Ask a server at a constant rate, whether it keeps up or not, and tell how long each answer took.

The time of an answer runs from when it was due to be asked, not from when a connection was free: a server that stands
still for a second is charged for everything that should have been asked in that second.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

CONNECTIONS = 32

PATIENCE = 20
"""Seconds after the last question was due; what has not been asked by then never is, and has failed."""


@dataclass(frozen=True)
class Asked:
    """What came of asking: seconds of each answer, and how many were anything but 200 or never came."""

    seconds: tuple[float, ...]
    failed: int

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)]


class Caller:
    """Keeps one connection to the server per thread."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._local = threading.local()

    def ask(self, path: str) -> int:
        """GET a page to its end; return the status, 0 for no answer. A connection that was closed is opened again."""
        for _ in range(2):
            connection = getattr(self._local, "connection", None)
            if connection is None:
                connection = self._local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                connection.request("GET", path, headers={"Accept": "text/html"})
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                self._local.connection = None
                continue
            return answer.status
        return 0


def once(port: int, path: str) -> float:
    """Seconds of one answer on a connection of its own. Raises `RuntimeError` if it is not 200."""
    began = time.perf_counter()
    status = Caller(port).ask(path)
    if status != 200:
        raise RuntimeError(f"{path} was answered with {status}")
    return time.perf_counter() - began


def at_rate(port: int, paths: Sequence[str], *, per_second: float, seconds: float) -> Asked:
    """Ask for the paths in turn, `per_second` of them, for so many seconds."""
    caller, statuses = Caller(port), []
    count = round(per_second * seconds)
    begin = time.perf_counter() + 0.2
    end = begin + seconds + PATIENCE

    def one(number: int) -> float:
        due = begin + number / per_second
        time.sleep(max(due - time.perf_counter(), 0))
        in_time = time.perf_counter() < end
        statuses.append(caller.ask(paths[number % len(paths)]) if in_time else 0)
        return time.perf_counter() - due

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        took = tuple(pool.map(one, range(count)))
    return Asked(took, sum(status != 200 for status in statuses))
