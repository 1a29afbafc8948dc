"""Pages' parts that were made before, kept by everything that they were made from.

Nothing is ever thrown away because it is stale: another version of the data is another key. What was asked for longest
ago goes when there is no room.
"""

from __future__ import annotations

import json
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from threading import Lock

ROOM = 64 * 1024 * 1024
"""Bytes per process. A page's parts take 10 to 40 kB, pressed together: some thousands of pages."""

Parts = Mapping[str, str]


@dataclass(slots=True)
class Memory:
    """Parts of pages by key, at most `room` bytes of them. May be shared between threads."""

    room: int = ROOM
    held: int = 0
    _kept: OrderedDict[Hashable, bytes] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def parts(self, key: Hashable, make: Callable[[], Parts]) -> Parts:
        """The parts kept under a key, made first if there are none. Two threads may make the same at the same time."""
        with self._lock:
            packed = self._kept.get(key)
            if packed is not None:
                self._kept.move_to_end(key)
        if packed is not None:
            return json.loads(zlib.decompress(packed))
        made = make()
        self._keep(key, zlib.compress(json.dumps(dict(made), ensure_ascii=False).encode(), 1))
        return made

    def forget(self) -> None:
        """Begin anew, as a new process does."""
        with self._lock:
            self._kept.clear()
            self.held = 0

    def _keep(self, key: Hashable, packed: bytes) -> None:
        with self._lock:
            self.held += len(packed) - len(self._kept.pop(key, b""))
            self._kept[key] = packed
            while self.held > self.room and len(self._kept) > 1:
                self.held -= len(self._kept.popitem(last=False)[1])


MEMORY = Memory()
"""The memory of this process."""
