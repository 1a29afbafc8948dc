"""A synthetic Sweden, delivered like anything else, with the truth beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from likvard import simulate
from likvard.records.delivery import Delivery
from likvard.records.lake import Lake


def simulated(settings: simulate.Settings, lake: Path, *, at: datetime) -> Iterator[Delivery]:
    """Deliver the simulated country part by part, and write the truth to `truth/` in the lake's folder."""
    opened = Lake.open(lake, create=True)
    for reading in simulate.readings(settings):
        yield opened.deliver(reading, at=at)
    simulate.write_truth(settings, lake / "truth")
