"""A synthetic Sweden, delivered like anything else, with the truth beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from likvard import simulate
from likvard.records.delivery import Delivery
from likvard.records.lake import Lake
from likvard.records.questions import published as question
from likvard.terms import UsageError

Progress = Callable[[int, int], None]


def simulated(size: str, seed: int, lake: Path, *, at: datetime, progress: Progress) -> Iterator[Delivery]:
    """Deliver the simulated country part by part, and write the truth beside the deliveries, in `truth/`.

    Raises `UsageError` for a size that there is not, and for a lake that holds real records: the two are never mixed.
    """
    settings = simulate.sized(size, seed=seed)
    opened = Lake.open(lake, create=True)
    real = next((one for one in opened.deliveries() if not one.synthetic), None)
    if real is not None:
        raise UsageError(
            f"The lake in {lake} holds what is not invented: {real.id}.",
            "Name another folder with --lake; an invented country has a lake of its own.",
        )
    for reading in simulate.readings(settings, progress):
        yield opened.deliver(reading, at=at)
    simulate.write_truth(settings, lake / "truth")


def largest_municipality(lake: Path) -> str:
    """The code of the municipality with most school units: the one that a demonstration reports on."""
    return _most(question.units(Lake.open(lake).connect())["municipality_code"])


def largest_organiser(lake: Path) -> str:
    """The number of the organiser with most school units."""
    return _most(question.units(Lake.open(lake).connect())["organiser_number"])


def _most(codes: Iterable[object]) -> str:
    known = [str(code) for code in codes if code]
    return max(sorted(set(known)), key=known.count)
