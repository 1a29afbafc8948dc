"""How a publication lies on disk: one SQLite file, whose texts are numbered in their order.

    meta     what the publication is, as JSON, and a seal over it, the words and the verdicts
    word     every text of a key, numbered in alphabetical order: numbers sort as the texts do
    verdict  kind of number, reason if hidden, rule and source: the few combinations that there are
    place    which organiser's part of the file an area's figures lie in
    cell     one row per figure, clustered by organiser; `seen` is a sum: 1 the public, 2 the organiser

Each row carries a checksum of itself and of the publication's id, which is compared whenever the row is read: a number
that somebody has changed, or copied from another publication, is refused. Rows that somebody has taken out are found
by `Publication.verify`, which counts.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from likvard.disclosure.cells import Released
from likvard.terms import Audience, DisclosureError

APPLICATION = 0x4C4B5632
"""What SQLite calls the application id of the file."""

VERSION = 1
"""The version of this layout. A file of another version is refused, and made anew from the lake."""

SEEN: Mapping[Audience, int] = {Audience.PUBLIC: 1, Audience.ORGANISER: 2}

SCHEMA = """
create table meta (name text primary key, value text not null) without rowid;
create table word (id integer primary key, text text not null unique);
create table verdict (id integer primary key, kind text not null, missing text not null, sv text not null,
    en text not null, rule text not null, source text not null);
create table cell (organiser integer not null, measure integer not null, aspect integer not null,
    subject integer not null, "group" integer not null, level integer not null, area integer not null,
    form integer not null, year integer not null, seen integer not null, verdict integer not null,
    kept integer not null, value real, low real, high real, n integer, checksum integer not null,
    primary key (organiser, measure, aspect, subject, "group", level, area, form, year, seen)) without rowid;
create table place (area integer not null, organiser integer not null, primary key (area, organiser)) without rowid;
"""

INDEX = 'create index by_key on cell (measure, aspect, subject, "group", level, area, form, year, seen)'

COLUMNS = 17
"""How many columns a row of `cell` has."""

_ROW = struct.Struct("<12q3dq")


@dataclass(frozen=True, slots=True)
class Published:
    """A figure of a publication: the released cell, and whether it survived the budget for false alarms."""

    cell: Released
    kept: bool = False


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source of the publication's figures: its name in both languages, its vintage and the deliveries behind it."""

    name_sv: str
    name_en: str
    vintage: str
    deliveries: tuple[str, ...] = ()


def checksum(salt: int, row: Sequence[Any]) -> int:
    """The checksum of a row of `cell`, without its last column.

    SQLite keeps neither the sign of a zero nor what is not a number: 0.0 and -0.0 are one, and so are null and NaN.
    """
    value, low, high, n = row[12:16]
    numbers = (x + 0.0 if x is not None and x == x else float("nan") for x in (value, low, high))
    return zlib.crc32(_ROW.pack(*row[:12], *numbers, -1 if n is None else n), salt)


def salt_of(id: str) -> int:
    """The publication's part of every row's checksum."""
    return zlib.crc32(id.encode())


def seal_of(meta: Mapping[str, str], words: Sequence[str], verdicts: Sequence[Sequence[Any]]) -> str:
    """The seal over everything but the cells: a SHA-256 in hexadecimal."""
    rest = sorted((name, value) for name, value in meta.items() if name != "seal")
    text = json.dumps([VERSION, rest, list(words), [list(v) for v in verdicts]], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def damaged(path: object, why: str) -> DisclosureError:
    """The error of a file that cannot be trusted."""
    return DisclosureError(
        f"The publication {path} cannot be used: {why}.", "Make it anew from the lake with `likvard publish`."
    )
