"""Write a publication: all of it or nothing, the same bytes of cells for the same releases."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from likvard.disclosure.cells import Key, Release, Released
from likvard.disclosure.publication.keys import figure_key
from likvard.disclosure.publication.layout import (
    APPLICATION,
    COLUMNS,
    INDEX,
    SCHEMA,
    SEEN,
    VERSION,
    SourceRow,
    checksum,
    salt_of,
    seal_of,
)
from likvard.terms import DisclosureError, Missing

Part = tuple[Release, str, Collection[Key]]
"""A release, the organiser whose figures they are (empty for the country's), and which survived the alarm budget."""

_STAGING = f"create temp table staged ({', '.join(f'c{i}' for i in range(COLUMNS - 1))})"
_TELLS_N = frozenset({None, Missing.NEAR_ALL, Missing.NEAR_NONE, Missing.APPROXIMATE})


@dataclass(frozen=True)
class About:
    """What a publication is made from: the lake's version, the software, and the day whose rules it follows.

    `part` is empty for the whole lake, else it names what is in it. `facts` are figures about the whole, as JSON.
    """

    lake: str
    software: str
    on: date
    synthetic: bool
    sources: Mapping[str, SourceRow] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    part: str = ""

    @property
    def id(self) -> str:
        """The publication's id: the same for the same lake, software and day."""
        made_from = json.dumps([VERSION, self.lake, self.software, self.on.isoformat(), self.part])
        return hashlib.sha256(made_from.encode()).hexdigest()[:16]


@dataclass
class _Numbers:
    """Texts and verdicts by the number they were given as they came."""

    words: dict[str, int] = field(default_factory=dict)
    verdicts: dict[tuple[str, ...], int] = field(default_factory=dict)

    def word(self, text: str) -> int:
        return self.words.setdefault(text, len(self.words))

    def verdict(self, cell: Released) -> int:
        missing = "" if cell.missing is None else cell.missing.value
        told = (cell.kind.value, missing, cell.reason.sv, cell.reason.en, cell.rule, cell.source)
        return self.verdicts.setdefault(told, len(self.verdicts))


def write(path: Path, *, releases: Iterable[Part], about: About | Callable[[], About]) -> int:
    """Write the publication to `path` in one step and return how many figures it holds.

    `about` may be asked for when all releases have been taken, so that it can tell of them.

    A figure without a value has no n either, unless a range stands in its place: how many the others are, and how
    many all are, would tell how few it rests on. Raises `DisclosureError` for a key of another shape and for a figure
    that comes twice for one audience.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    beside.unlink(missing_ok=True)
    try:
        con = sqlite3.connect(beside, isolation_level=None)
        try:
            count = _fill(con, releases, about)
        finally:
            con.close()
        _sync(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    _sync(path.parent)
    return count


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _fill(con: sqlite3.Connection, releases: Iterable[Part], about: About | Callable[[], About]) -> int:
    con.executescript(f"pragma journal_mode = off; pragma synchronous = off; {SCHEMA}")
    con.execute("begin")
    con.execute(_STAGING)
    numbers = _Numbers()
    marks = ", ".join("?" * (COLUMNS - 1))
    for released, organiser, kept in releases:
        con.executemany(f"insert into staged values ({marks})", _rows(numbers, released, organiser, kept))
    words, rank = _ranked(numbers.words)
    verdicts, order = _ranked(numbers.verdicts)
    con.executemany("insert into word values (?, ?)", enumerate(words))
    con.executemany("insert into verdict values (?, ?, ?, ?, ?, ?, ?)", ((i, *v) for i, v in enumerate(verdicts)))
    _number(con, "word_rank", rank)
    _number(con, "verdict_rank", order)
    described = about() if callable(about) else about
    told = _Told(salt_of(described.id), words)
    con.executemany(f"insert into cell values ({marks}, ?)", told.rows(_sorted(con)))
    con.execute("insert into place select distinct area, organiser from cell")
    con.execute(INDEX)
    _describe(con, described, words, verdicts, told)
    for table in ("staged", "word_rank", "verdict_rank"):
        con.execute(f"drop table temp.{table}")
    con.execute("commit")
    con.executescript(f"pragma application_id = {APPLICATION}; pragma user_version = {VERSION}; analyze")
    return told.count


def _rows(numbers: _Numbers, released: Release, organiser: str, kept: Collection[Key]) -> Iterator[tuple[Any, ...]]:
    seen, place, words = SEEN[released.audience], numbers.word(organiser), numbers.words
    for key, cell in released.cells.items():
        try:
            parts = [words[part] for part in figure_key(key)]
        except KeyError:
            parts = [numbers.word(part) for part in key]
        n = cell.n if cell.value is not None or cell.missing in _TELLS_N else None
        yield (
            *(place, *parts, seen, numbers.verdict(cell), int(key in kept and cell.value is not None)),
            *(cell.value, cell.low, cell.high, n),
        )


def _ranked(numbers: Mapping[Any, int]) -> tuple[list[Any], list[int]]:
    """The texts in order, and for each number as given the place in that order."""
    ordered = sorted(numbers)
    rank = [0] * len(ordered)
    for place, text in enumerate(ordered):
        rank[numbers[text]] = place
    return ordered, rank


def _number(con: sqlite3.Connection, name: str, rank: list[int]) -> None:
    con.execute(f"create temp table {name} (given integer primary key, id integer not null)")
    con.executemany(f"insert into {name} values (?, ?)", enumerate(rank))


def _sorted(con: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    words = [f"(select id from word_rank where given = c{i})" for i in range(9)]
    verdict = "(select id from verdict_rank where given = c10)"
    rest = ", ".join(f"c{i}" for i in range(11, COLUMNS - 1))
    order = ", ".join(str(i) for i in range(1, 11))
    return con.cursor().execute(f"select {', '.join(words)}, c9, {verdict}, {rest} from staged order by {order}")


@dataclass
class _Told:
    """Rows on their way to the file, counted; a figure that both audiences see alike becomes one row."""

    salt: int
    words: list[str]
    count: int = 0
    total: int = 0

    def rows(self, staged: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        for key, same in groupby(staged, key=lambda row: row[:9]):
            rows = list(same)
            seen = [row[9] for row in rows]
            if len(set(seen)) < len(seen):
                named = "/".join(self.words[part] for part in key[1:])
                raise DisclosureError(f"The figure {named} is published twice.", "Release it once for each audience.")
            if len(rows) == 2 and rows[0][10:] == rows[1][10:]:
                rows = [(*key, sum(seen), *rows[0][10:])]
            for row in rows:
                check = checksum(self.salt, row)
                self.count, self.total = self.count + 1, self.total + check
                yield (*row, check)


def _describe(
    con: sqlite3.Connection, about: About, words: list[str], verdicts: list[tuple[str, ...]], told: _Told
) -> None:
    sources = {
        name: [row.name_sv, row.name_en, row.vintage, list(row.deliveries)]
        for name, row in sorted(about.sources.items())
    }
    meta = {
        "id": about.id,
        "lake": about.lake,
        "software": about.software,
        "on": about.on.isoformat(),
        "part": about.part,
        "synthetic": json.dumps(about.synthetic),
        "sources": json.dumps(sources, ensure_ascii=False),
        "facts": json.dumps(about.facts, ensure_ascii=False, sort_keys=True, allow_nan=False),
        "cells": str(told.count),
        "total": str(told.total),
    }
    meta["seal"] = seal_of(meta, words, verdicts)
    con.executemany("insert into meta values (?, ?)", sorted(meta.items()))
