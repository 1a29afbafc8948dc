"""Several processes at once: the chain never forks, and what was confirmed is there."""

from __future__ import annotations

import subprocess
import sys

VERDICT = """
import django; django.setup()
from likvard.site.audit import chain
found = chain.verify()
print(found.count, found.whole)
"""


def verdict(environment):
    done = subprocess.run([sys.executable, "-c", VERDICT], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_writers_at_once_make_one_chain(writer, environment):
    processes = [writer(60) for _ in range(3)]
    printed = [int(line) for process in processes for line in process.communicate()[0].split()]
    assert sorted(printed) == list(range(1, 181))
    assert verdict(environment) == ["180", "True"]


def test_a_writer_that_is_killed_leaves_all_that_it_confirmed(writer, environment):
    process = writer(100_000)
    confirmed = [int(process.stdout.readline()) for _ in range(40)]
    process.kill()
    rest = process.communicate()[0].split("\n")[:-1]  # lines that were on their way
    count, whole = verdict(environment)
    assert whole == "True"
    assert int(count) >= len(confirmed) + len(rest)
