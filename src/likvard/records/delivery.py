"""A delivery: the content of one file as it lies in the lake, unchangeable, and what is known of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class State(StrEnum):
    """Where a delivery stands. Only active deliveries are read; the others are kept."""

    ACTIVE = "active"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Stored:
    """One table of a delivery on disk: rows, bytes and the SHA-256 of its Parquet file."""

    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One import. Of those with the same `source` and `scope`, the last that is not withdrawn is active.

    `sha256` is that of the file that was read. `replaces` is the delivery that was active before it. `repeated` is
    true only on the answer to an import whose content already lay in the lake.
    """

    id: str
    source: str
    scope: str
    vintage: str
    file: str
    reader: str
    sha256: str
    tables: Mapping[str, Stored]
    delivered_at: datetime
    replaces: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = ""
    synthetic: bool = False
    warnings: int = 0
    state: State = State.ACTIVE
    repeated: bool = False

    @property
    def rows(self) -> Mapping[str, int]:
        """Rows per table."""
        return MappingProxyType({name: stored.rows for name, stored in self.tables.items()})

    @property
    def bytes(self) -> int:
        """Bytes on disk."""
        return sum(stored.bytes for stored in self.tables.values())

    @property
    def place(self) -> tuple[str, str]:
        """What it may replace: its source and scope."""
        return self.source, self.scope


def as_json(delivery: Delivery) -> dict[str, Any]:
    """What the catalogue says of a delivery: plain JSON values, in the order a person reads them."""
    return {
        "id": delivery.id,
        "source": delivery.source,
        "scope": delivery.scope,
        "vintage": delivery.vintage,
        "file": delivery.file,
        "reader": delivery.reader,
        "sha256": delivery.sha256,
        "synthetic": delivery.synthetic,
        "warnings": delivery.warnings,
        "delivered_at": delivery.delivered_at.isoformat(),
        "replaces": delivery.replaces,
        "withdrawn_at": delivery.withdrawn_at and delivery.withdrawn_at.isoformat(),
        "withdrawn_reason": delivery.withdrawn_reason,
        "tables": {
            name: {"rows": stored.rows, "bytes": stored.bytes, "sha256": stored.sha256}
            for name, stored in delivery.tables.items()
        },
    }


def from_json(entry: Mapping[str, Any]) -> Delivery:
    """The delivery that `as_json` wrote. Raises `KeyError`, `TypeError` or `ValueError` on anything else."""
    withdrawn_at = entry["withdrawn_at"]
    if not re.fullmatch(r"[0-9a-z-]+", _text(entry, "id")):
        raise ValueError("the id of a delivery has other signs than 0-9, a-z and -")
    return Delivery(
        id=_text(entry, "id"),
        source=_text(entry, "source"),
        scope=_text(entry, "scope"),
        vintage=_text(entry, "vintage"),
        file=_text(entry, "file"),
        reader=_text(entry, "reader"),
        sha256=_text(entry, "sha256"),
        synthetic=bool(entry["synthetic"]),
        warnings=int(entry["warnings"]),
        delivered_at=datetime.fromisoformat(entry["delivered_at"]),
        replaces=None if entry["replaces"] is None else _text(entry, "replaces"),
        withdrawn_at=None if withdrawn_at is None else datetime.fromisoformat(withdrawn_at),
        withdrawn_reason=_text(entry, "withdrawn_reason"),
        tables=MappingProxyType(
            {
                name: Stored(int(stored["rows"]), int(stored["bytes"]), _text(stored, "sha256"))
                for name, stored in entry["tables"].items()
            }
        ),
    )


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value
