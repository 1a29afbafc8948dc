"""The memory of what is already out: reports, pages, files, to whom and when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from likvard.disclosure.cells import Cell, CellKind, Key, Release
from likvard.terms import Audience, DisclosureError


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure that one audience has seen: its value and the number of pupils it rests on."""

    key: Key
    kind: CellKind
    audience: Audience
    on: date
    value: float
    n: int | None

    @property
    def persons(self) -> float | None:
        """How many pupils a count or share stands for; None for other kinds, and for a share without n."""
        if self.kind is CellKind.COUNT:
            return self.value
        if self.kind in (CellKind.SHARE, CellKind.OPTION) and self.n is not None:
            return float(round(self.value * self.n))
        return None

    def same_as(self, cell: Cell) -> bool:
        """Whether `cell` is the same figure with the same value and n."""
        alike = cell.value is not None and abs(cell.value - self.value) <= 1e-9 * max(1.0, abs(self.value))
        return alike and cell.n == self.n


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything released before, oldest first. A value: `after` returns a new one, `to_json` and `from_json` keep it."""

    entries: tuple[Entry, ...] = ()

    def after(self, release: Release) -> Ledger:
        """Return the ledger with what a release shows exactly. What it repeats is not entered twice."""
        known = {(e.key, e.audience, e.value, e.n) for e in self.entries}
        new = [
            Entry(cell.key, cell.kind, release.audience, release.on, cell.value, cell.n)
            for key, cell in sorted(release.cells.items())
            if cell.value is not None and (key, release.audience, cell.value, cell.n) not in known
        ]
        return Ledger(self.entries + tuple(new))

    def seen_by(self, audience: Audience) -> Mapping[Key, tuple[Entry, ...]]:
        """Return what an audience has seen, by key. What is public everybody has seen."""
        found: dict[Key, tuple[Entry, ...]] = {}
        for entry in self.entries:
            if entry.audience in (Audience.PUBLIC, audience):
                found[entry.key] = (*found.get(entry.key, ()), entry)
        return found

    def to_json(self) -> str:
        """Return the ledger as text; equal ledgers give equal texts."""
        rows = [asdict(entry) | {"on": entry.on.isoformat()} for entry in self.entries]
        return json.dumps({"ledger": 1, "entries": rows}, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Ledger:
        """Read what `to_json` wrote. Raises `DisclosureError` on anything else: without its memory the gate is blind."""
        try:
            data = json.loads(text)
            if data["ledger"] != 1:
                raise ValueError(data["ledger"])
            return cls(tuple(_entry(row) for row in data["entries"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DisclosureError(
                f"The ledger of earlier releases cannot be read ({error!r}).", "Restore it from a copy."
            ) from error


def _entry(row: Mapping[str, object]) -> Entry:
    value, n = row["value"], row["n"]
    key = row["key"]
    if not isinstance(value, int | float) or not (n is None or isinstance(n, int)) or not isinstance(key, list):
        raise ValueError(row)
    return Entry(
        tuple(str(part) for part in key),
        CellKind(str(row["kind"])),
        Audience(str(row["audience"])),
        date.fromisoformat(str(row["on"])),
        float(value),
        n,
    )
