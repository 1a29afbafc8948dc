"""The rate holds for all worker processes together."""

from __future__ import annotations

TAKES = """
import sys
from datetime import UTC, datetime
from likvard.site.api.actions import take
from likvard.site.api.rules import Rate
rate, at = Rate("test", 100, 1.0), datetime(2025, 11, 14, tzinfo=UTC)
print(sum(take(rate=rate, caller="192.0.2.1", at=at).allowed for _ in range(60)))
"""


def test_three_workers_together_let_no_more_through_than_one(process):
    workers = [process(TAKES) for _ in range(3)]
    allowed = [int(worker.communicate()[0]) for worker in workers]
    assert sum(allowed) == 100
    assert all(worker.returncode == 0 for worker in workers)
