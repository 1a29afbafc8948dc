"""What lies in the lake: list it, undo an import, and prove that it is whole."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from likvard.records.delivery import Delivery, as_json
from likvard.records.lake import Lake


def deliveries(lake: Path, *, everything: bool) -> tuple[Delivery, ...]:
    """The active deliveries, oldest first; `everything` adds those that were replaced or withdrawn."""
    return Lake.open(lake).deliveries(withdrawn=everything)


def as_dict(delivery: Delivery) -> dict[str, Any]:
    """A delivery as JSON has it."""
    return dict(as_json(delivery))


def undo(lake: Path, delivery: str, *, at: datetime, reason: str) -> Delivery:
    """Withdraw a delivery. Raises `UsageError` if there is none of that id."""
    return Lake.open(lake).withdraw(delivery, at=at, reason=reason)


def verify(lake: Path) -> int:
    """Compare every file with its hash and return how many deliveries there are. Raises `LakeError` on damage."""
    opened = Lake.open(lake)
    opened.verify()
    return len(opened.deliveries(withdrawn=True))
