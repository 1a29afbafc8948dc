"""Whether a lake is whole: every file that the catalogue names is there, with the bytes it had when it came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from likvard.records import durable
from likvard.records.catalogue import Catalogue
from likvard.records.delivery import Delivery, Stored
from likvard.records.durable import LakeError
from likvard.records.storage import MANIFEST


@dataclass(frozen=True, slots=True)
class Damage:
    """A file or folder of the lake that is not as the catalogue says."""

    path: Path
    what: str
    remedy: str


class DamagedLakeError(LakeError):
    """The lake is not as its catalogue says; `damages` lists all of it."""

    def __init__(self, damages: tuple[Damage, ...]) -> None:
        more = f" And {len(damages) - 1} more like it." if len(damages) > 1 else ""
        super().__init__(f"{damages[0].path} {damages[0].what}.{more}", damages[0].remedy)
        self.damages = damages


def missing(root: Path, delivery: Delivery) -> Iterator[Damage]:
    """Files of a delivery that are gone or of another size: quick, so asked before every question."""
    for table, stored in delivery.tables.items():
        path = _path(root, delivery, table)
        if not path.is_file():
            yield Damage(path, "is missing", _remedy(delivery))
        elif path.stat().st_size != stored.bytes:
            yield Damage(path, "is not whole", _remedy(delivery))


def damages(root: Path, catalogue: Catalogue) -> Iterator[Damage]:
    """Everything in the lake that is not as it should be. Reads every byte of every delivery, withdrawn ones too."""
    for delivery in catalogue.deliveries:
        yield from missing(root, delivery)
        for table, stored in delivery.tables.items():
            yield from _changed(_path(root, delivery, table), delivery, stored)
        manifest = root / "deliveries" / delivery.id / MANIFEST
        if not manifest.is_file():
            yield Damage(manifest, "is missing", "Bring it back from a backup.")
    known = {d.id for d in catalogue.deliveries} | {p.name for p in (root / "staging").glob("*")}
    for folder in sorted((root / "deliveries").iterdir()):
        if folder.name not in known:
            yield Damage(folder, "is not in the catalogue", "Bring back the catalogue that lists it, or move it away.")


def _changed(path: Path, delivery: Delivery, stored: Stored) -> Iterator[Damage]:
    same_size = path.is_file() and path.stat().st_size == stored.bytes
    if same_size and durable.digest(path) != stored.sha256:
        yield Damage(path, "has been changed since it came", _remedy(delivery))


def _path(root: Path, delivery: Delivery, table: str) -> Path:
    return root / "deliveries" / delivery.id / f"{table}.parquet"


def _remedy(delivery: Delivery) -> str:
    return f"Bring it back from a backup, or withdraw {delivery.id} and import {delivery.file} again."
