"""Letters against a real mail server, that refuses, breaks off and is slow; and workers that die."""

from __future__ import annotations

import asyncio
import socket
import threading
from datetime import timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction

from likvard.site.cases import outbox
from likvard.site.cases.models import Outgoing
from likvard.site.cases.states import CaseError

MINUTE = timedelta(minutes=1)
WORKER = """
from django.utils import timezone
from likvard.site.cases import outbox
print(outbox.send_due(timezone.now(), limit=100))
"""
WRITER = """
import sys
from django.db import transaction
from django.utils import timezone
from likvard.site.cases import outbox
with transaction.atomic():
    for n in range(int(sys.argv[1])):
        outbox.post(to=f"{n}@example.se", subject="Hej", body="Text", at=timezone.now())
"""
STATES = """
from datetime import timedelta
from django.utils import timezone
from likvard.site.cases import outbox
from likvard.site.cases.models import Outgoing
outbox.send_due(timezone.now() + timedelta(minutes=11))
print(*Outgoing.objects.values_list("state", flat=True))
"""


class Server:
    """Keeps the letters it is given, and answers as it is told to; it can break the line off, and wait before it answers."""

    def __init__(self):
        self.letters = []
        self.rcpt = self.data = "250 OK"
        self.cut = False
        self.arrived, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(message_from_bytes(envelope.content))
        self.arrived.set()
        await asyncio.to_thread(self.go_on.wait, 10)
        if self.cut:
            server.transport.abort()
        return self.data


@pytest.fixture
def server(settings):
    found = Server()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found.port = free.getsockname()[1]
    controller = Controller(found, hostname="127.0.0.1", port=found.port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
    yield found
    found.go_on.set()
    controller.stop()


def write(at, number=1):
    with transaction.atomic():
        return [outbox.post(to=f"{n}@example.se", subject="Hej", body="En text", at=at) for n in range(number)]


def states():
    return list(Outgoing.objects.order_by("id").values_list("state", flat=True))


@pytest.mark.django_db
def test_a_letter_is_sent_once_with_its_own_message_id(server, now):
    [letter] = write(now)
    assert [outbox.send_due(now), outbox.send_due(now + MINUTE)] == [1, 0]
    [received] = server.letters
    assert (received["Message-ID"], received["To"], received["Subject"]) == (letter.message_id, "0@example.se", "Hej")
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at, letter.attempts) == ("sent", now, 1)


@pytest.mark.django_db
def test_a_letter_is_not_sent_before_its_time_nor_more_than_the_limit(server, now):
    write(now + MINUTE)
    assert outbox.send_due(now) == 0
    write(now, 3)
    assert [outbox.send_due(now, limit=2), outbox.send_due(now, limit=2)] == [2, 1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rcpt", "data", "state"),
    [
        ("550 No such person", "250 OK", "failed"),
        ("451 Try again", "250 OK", "queued"),
        ("250 OK", "554 Not here", "failed"),
        ("250 OK", "452 Full", "queued"),
    ],
)
def test_a_letter_that_the_server_refuses_is_tried_again_only_if_that_can_help(server, now, rcpt, data, state):
    server.rcpt, server.data = rcpt, data
    write(now)
    assert outbox.send_due(now) == 0
    assert states() == [state]


@pytest.mark.django_db
def test_one_refused_letter_does_not_hold_up_the_rest(server, now):
    server.rcpt = "550 No such person"
    write(now)
    outbox.send_due(now)
    server.rcpt = "250 OK"
    write(now, 2)
    assert outbox.send_due(now) == 2


@pytest.mark.django_db
def test_without_a_server_each_wait_is_twice_the_one_before_until_it_is_given_up(settings, server, now):
    settings.EMAIL_PORT = 1
    [letter] = write(now)
    waits, at = [], now
    while letter.state != "failed":
        outbox.send_due(at)
        letter.refresh_from_db()
        waits.append(letter.due_at - at)
        at = letter.due_at
    assert waits[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert len(waits) == outbox.ATTEMPTS
    assert max(waits) == timedelta(hours=6)
    assert list(Outgoing.objects.unsettled()) == [letter]


@pytest.mark.django_db
def test_when_the_line_breaks_before_the_answer_nobody_knows_and_nothing_is_sent_again(server, now):
    server.cut = True
    write(now)
    assert outbox.send_due(now) == 0
    server.cut = False
    assert outbox.send_due(now + timedelta(days=3)) == 0
    assert states() == ["unknown"]
    assert len(server.letters) == 1
    assert Outgoing.objects.unsettled().count() == 1


@pytest.mark.django_db
def test_the_line_is_opened_anew_after_it_broke(server, now):
    server.cut = True
    write(now)
    outbox.send_due(now)
    server.cut = False
    write(now, 2)
    assert outbox.send_due(now) == 2


@pytest.mark.django_db(transaction=True)
def test_a_letter_goes_with_the_deed_that_failed(now):
    with transaction.atomic():
        write(now)
        transaction.set_rollback(True)
    assert states() == []
    with pytest.raises(CaseError, match="outside a transaction"):
        outbox.post(to="a@example.se", subject="", body="", at=now)


@pytest.mark.django_db
def test_a_subject_cannot_smuggle_in_another_header(server, now):
    with transaction.atomic():
        outbox.post(to="a@example.se", subject="Hej\r\nBcc: b@example.se", body="x", at=now)
    outbox.send_due(now)
    assert server.letters[0]["Bcc"] is None


def test_a_worker_killed_while_it_sends_never_sends_twice(server, process):
    mail = {"LIKVARD_EMAIL": f"smtp://127.0.0.1:{server.port}"}
    server.go_on.clear()
    process(WRITER, 1).communicate()
    worker = process(WORKER, **mail)
    assert server.arrived.wait(120)
    worker.kill()
    worker.communicate()
    server.go_on.set()
    assert process(WORKER, **mail).communicate()[0].split() == ["0"]
    assert process(STATES, **mail).communicate()[0].split() == ["unknown"]
    assert len(server.letters) == 1


def test_two_workers_at_once_send_each_letter_once(server, process):
    mail = {"LIKVARD_EMAIL": f"smtp://127.0.0.1:{server.port}"}
    process(WRITER, 60).communicate()
    workers = [process(WORKER, **mail) for _ in range(2)]
    sent = [int(worker.communicate()[0]) for worker in workers]
    assert sum(sent) == len(server.letters) == 60
    assert len({letter["Message-ID"] for letter in server.letters}) == 60
