"""What has been read of the register of organisers and units, kept until it is taken from the lake anew.

The register changes only by being taken from a lake, which leaves an event. Until the first such event (in tests, and
on a site that has no lake yet) it is read each time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from likvard.site.audit.models import Event

MOST = 4000
"""Things kept at a time: every organiser of a country, and the lists of all schools and organisers."""

T = TypeVar("T")
_KEPT: dict[Hashable, tuple[int, Any]] = {}


def version() -> int | None:
    """The number of the event by which the register was last taken from a lake; None if it never was."""
    synced = Event.objects.of("register.synced").order_by("-seq")
    return synced.values_list("seq", flat=True).first()


def kept(name: Hashable, at: int | None, read: Callable[[], T]) -> T:
    """What was read before from the version `at` of the register, under a name; read now if there is nothing."""
    if at is None:
        return read()
    found = _KEPT.get(name)
    if found is None or found[0] != at:
        if len(_KEPT) >= MOST:
            _KEPT.clear()
        found = _KEPT[name] = (at, read())
    return found[1]
