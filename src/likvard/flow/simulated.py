"""A synthetic Sweden, delivered like anything else, with the truth beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from likvard import simulate
from likvard.records.delivery import Delivery
from likvard.records.lake import Lake
from likvard.records.questions import published as question

Progress = Callable[[int, int], None]


def simulated(size: str, seed: int, lake: Path, *, at: datetime, progress: Progress) -> Iterator[Delivery]:
    """Deliver the simulated country part by part, and write the truth beside the deliveries, in `truth/`.

    Raises `UsageError` for a size that there is not.
    """
    opened = Lake.open(lake, create=True)
    settings = simulate.sized(size, seed=seed)
    for reading in simulate.readings(settings, progress):
        yield opened.deliver(reading, at=at)
    simulate.write_truth(settings, lake / "truth")


def largest_municipality(lake: Path) -> str:
    """The code of the municipality with most school units: the one that a demonstration reports on."""
    units = question.units(Lake.open(lake).connect())
    codes = [str(c) for c in units["municipality_code"] if c]
    return max(sorted(set(codes)), key=codes.count)
