"""The selection of a programme from a whole country: 16,000 units by the open rule, beside merely sorting them four times."""

from __future__ import annotations

import timeit
from operator import attrgetter

from rich.console import Console

from likvard.site.supervision.selection import Candidate, Rule, select

UNITS, ORGANISERS = 16_000, 1_300
ROUNDS = 5
GOAL = 0.25
"""Seconds, so that what-if answers at once."""


def run() -> None:
    """Print the time of a selection, its ratio to sorting, and whether the goal is met."""
    country = [
        Candidate(f"{n:08}", f"{n % ORGANISERS:010}", ("GR", "FSK", "GY")[n % 3], float(n % 61 - 30) if n % 3 == 0 else None, n % 4, n % 90)
        for n in range(UNITS)
    ]  # fmt: skip
    rule = Rule(seed="7")
    ours = min(timeit.repeat(lambda: select(country, rule), number=1, repeat=ROUNDS))
    sorting = min(
        timeit.repeat(lambda: [sorted(country, key=attrgetter("code")) for _ in range(4)], number=1, repeat=ROUNDS)
    )
    verdict = "met   " if ours <= GOAL else "MISSED"
    Console().print(
        f"{verdict} selection of a country: {ours * 1000:.0f} ms, goal {GOAL * 1000:.0f}; {ours / sorting:.0f} x four sorts"
    )
