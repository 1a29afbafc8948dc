"""Several processes at once: the chain never forks, and what was confirmed is there."""

from __future__ import annotations

WRITER = """
import sys
from datetime import datetime, UTC
from django.db import transaction
from likvard.site.audit import events
for n in range(int(sys.argv[1])):
    with transaction.atomic():
        event = events.record(at=datetime.now(UTC), actor=None, what="case.read", data={"n": n})
    print(event.seq, flush=True)
"""
VERDICT = """
from likvard.site.audit import chain
found = chain.verify()
print(found.count, found.whole)
"""


def test_writers_at_once_make_one_chain(process):
    writers = [process(WRITER, 60) for _ in range(3)]
    printed = [int(line) for writer in writers for line in writer.communicate()[0].split()]
    assert sorted(printed) == list(range(1, 181))
    assert process(VERDICT).communicate()[0].split() == ["180", "True"]


def test_a_writer_that_is_killed_leaves_all_that_it_confirmed(process):
    writer = process(WRITER, 100_000)
    confirmed = [int(writer.stdout.readline()) for _ in range(40)]
    writer.kill()
    rest = writer.communicate()[0].split("\n")[:-1]  # lines that were on their way
    count, whole = process(VERDICT).communicate()[0].split()
    assert whole == "True"
    assert int(count) >= len(confirmed) + len(rest)
