"""Workers that are killed while they write and send letters to some hundred subscribers, with a real mail server."""

from __future__ import annotations

import asyncio
import socket
import threading
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from tests.site.newsroom.conftest import AT

from likvard.site.newsroom.models import Subscription

FOLLOWERS = 240
WORK = """
import sys
from datetime import datetime
from likvard.site.cases import outbox
from likvard.site.newsroom.actions import mailing
at = datetime.fromisoformat(sys.argv[1])
mailing.ADDRESSES = 25
print(mailing.write_letters(at, "https://beslut.example.se"))
while outbox.send_due(at):
    pass
"""
STATES = """
from collections import Counter
from likvard.site.cases.models import Outgoing
print(*(f"{state}={n}" for state, n in sorted(Counter(Outgoing.objects.values_list("state", flat=True)).items())))
"""


class Server:
    """Counts the letters it takes, and tells when so many have come."""

    def __init__(self, enough):
        self.letters, self.enough, self.reached = [], enough, threading.Event()

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(message_from_bytes(envelope.content))
        if len(self.letters) >= self.enough and not self.reached.is_set():
            self.reached.set()
            await asyncio.sleep(0.3)  # the worker is killed while it waits for this answer
        return "250 OK"


@pytest.fixture
def server():
    found = Server(FOLLOWERS // 3)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found.port = free.getsockname()[1]
    controller = Controller(found, hostname="127.0.0.1", port=found.port)
    controller.start()
    yield found
    controller.stop()


@pytest.fixture
def followers(transactional_db, published):
    """Some hundred who follow everything; some of them follow the school too."""
    topics = {n: ["register:", "unit:90000001"] if n % 3 == 0 else ["register:"] for n in range(FOLLOWERS)}
    Subscription.objects.bulk_create(
        Subscription(email=f"{n}@example.org", topic=topic, asked_at=AT, confirmed_at=AT)
        for n, some in topics.items()
        for topic in some
    )


def test_none_is_lost_or_doubled_when_the_worker_is_killed_in_the_middle(followers, server, process):
    mail = {"LIKVARD_EMAIL": f"smtp://127.0.0.1:{server.port}"}
    at = AT.isoformat()
    worker = process(WORK, at, **mail)
    assert server.reached.wait(60)
    worker.kill()
    worker.communicate()
    process(WORK, at, **mail).communicate()
    told = dict(pair.split("=") for pair in process(STATES, **mail).communicate()[0].split())
    received = [letter["To"] for letter in server.letters]
    assert len(received) == len(set(received)) == FOLLOWERS  # each got one, also the one that was on its way
    assert all(letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" for letter in server.letters)
    assert int(told["sent"]) == FOLLOWERS - 1
    assert int(told.get("sending", 0)) == 1  # nobody knows of it here: a person is asked, and it is not sent again


def test_none_is_lost_or_doubled_when_the_worker_is_killed_while_it_writes(followers, process):
    """Killed in the third of its transactions, before that one ends; the next worker goes on."""
    broken = WORK.replace(
        "print(", "tell, left = mailing._tell, [3]\n"
        "def dying(*some):\n    left[0] -= 1\n    done = tell(*some)\n"
        "    if left[0] == 0: import os, signal; os.kill(os.getpid(), signal.SIGKILL)\n    return done\n"
        "mailing._tell = dying\nprint(", 1,
    )  # fmt: skip
    unsent = broken.partition("while ")[0], WORK.partition("while ")[0]
    first = process(unsent[0], AT.isoformat())
    first.communicate()
    assert first.returncode == -9
    written = int(process(unsent[1], AT.isoformat()).communicate()[0])
    assert written == FOLLOWERS - 2 * 25
    assert process(STATES).communicate()[0].split() == [f"queued={FOLLOWERS}"]
