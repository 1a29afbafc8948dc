"""The list of readers, and which of them a file is for."""

from __future__ import annotations

from pathlib import Path

from likvard.records.readers.kolada_json import KoladaJson
from likvard.records.readers.kolada_parquet import KoladaParquet
from likvard.records.readers.merit_series import MeritSeries
from likvard.records.readers.organiser import Organiser
from likvard.records.readers.scb import Scb
from likvard.records.readers.shapes import Shapes
from likvard.records.readers.siris import Siris
from likvard.records.readers.skolenkaten import Skolenkaten
from likvard.records.readers.socioeconomic_index import SocioeconomicIndex
from likvard.records.readers.v4_json import V4Json
from likvard.records.readers.v4_long import V4Long
from likvard.records.reading import Reader

READERS: tuple[Reader, ...] = (
    Siris(),
    MeritSeries(),
    V4Long(),
    V4Json(),
    Skolenkaten(),
    KoladaParquet(),
    KoladaJson(),
    Shapes(),
    Scb(),
    SocioeconomicIndex(),
    Organiser(),
)

HEAD = 65_536


def recognise(path: Path) -> Reader | None:
    """The reader that a file is for, by its name and first bytes; None if there is none or it cannot be opened."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return None
    return next((reader for reader in READERS if reader.recognises(path, head)), None)
