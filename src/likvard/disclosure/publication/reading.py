"""Read a publication: figures by key, by organiser, by area, and page by page."""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from likvard.disclosure.cells import _SEAL, CellKind, Key, Released
from likvard.disclosure.publication.keys import FIELDS, FigureKey, figure_key
from likvard.disclosure.publication.layout import (
    APPLICATION,
    SEEN,
    VERSION,
    Published,
    SourceRow,
    checksum,
    damaged,
    salt_of,
    seal_of,
)
from likvard.terms import Audience, DisclosureError, Missing, Words

Choice = str | Iterable[str] | None
"""One text, several, or None for any."""

_KEY = ", ".join(f'"{name}"' for name in FIELDS)


@dataclass(frozen=True, slots=True)
class _Verdict:
    kind: CellKind
    missing: Missing | None
    reason: Words
    rule: str
    source: str


class Publication:
    """An immutable file of released figures. Made by `Publication.open`; may be shared between threads.

    Each thread reads through a connection of its own; `close` closes them all, as the end of the value does.
    """

    def __init__(self, path: Path, meta: Mapping[str, str], words: Sequence[str], verdicts: Sequence[_Verdict]) -> None:
        self.path = path
        self.id = meta["id"]
        self.on = date.fromisoformat(meta["on"])
        self.lake = meta["lake"]
        self.software = meta["software"]
        self.part = meta["part"]
        self.synthetic: bool = json.loads(meta["synthetic"])
        self.facts: Mapping[str, Any] = json.loads(meta["facts"])
        self.count = int(meta["cells"])
        self.sources: Mapping[str, SourceRow] = {
            name: SourceRow(sv, en, vintage, tuple(deliveries))
            for name, (sv, en, vintage, deliveries) in json.loads(meta["sources"]).items()
        }
        self._total = int(meta["total"])
        self._salt = salt_of(self.id)
        self._words = words
        self._verdicts = verdicts
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self.close = weakref.finalize(self, _close, self._open)

    @classmethod
    def open(cls, path: Path) -> Publication:
        """Open the file at `path` for reading.

        Raises `DisclosureError` if there is none, if it is of another version, or if its seal is broken.
        """
        if not path.is_file():
            raise DisclosureError(f"There is no publication {path}.", "Make one from the lake with `likvard publish`.")
        try:
            con = _connect(path)
            try:
                return cls(path, *_header(con, path))
            finally:
                con.close()
        except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
            raise damaged(path, f"it is no publication, or not whole ({error})") from error

    def cells(
        self,
        audience: Audience,
        *,
        measure: Choice = None,
        aspect: Choice = None,
        subject: Choice = None,
        group: Choice = None,
        level: Choice = None,
        areas: Iterable[str] | None = None,
        form: Choice = None,
        organiser: str | None = None,
        years: Iterable[str | int] | None = None,
        kept: bool = False,
    ) -> dict[FigureKey, Published]:
        """Return what `audience` may see of the figures asked for, by key, in the order of the keys.

        `organiser` selects the figures of that organiser and of its units; an empty text those of the country. With
        `kept`, only those that survived the budget for false alarms.
        """
        chosen = {
            "measure": measure,
            "aspect": aspect,
            "subject": subject,
            "group": group,
            "level": level,
            "area": areas,
            "form": form,
            "year": None if years is None else [str(year) for year in years],
        }
        where, values = self._where(audience, chosen, organiser)
        if where is None:
            return {}
        only = " and kept = 1" if kept else ""
        found = self._ask(f"select * from cell where {where}{only} order by {_KEY}", values)
        return {published.cell.key: published for published in found}  # type: ignore[misc]

    def get(self, audience: Audience, key: Key) -> Published | None:
        """Return the figure of that key, or None if the publication has none for this audience."""
        asked = figure_key(key)
        return self.cells(
            audience,
            measure=asked.measure,
            aspect=asked.aspect,
            subject=asked.subject,
            group=asked.group,
            level=asked.level,
            areas=(asked.area,),
            form=asked.form,
            years=(asked.year,),
        ).get(asked)

    def page(
        self,
        audience: Audience,
        filters: Mapping[str, Choice] | None = None,
        *,
        after: Key | None = None,
        limit: int = 100,
        organiser: str | None = None,
    ) -> list[Published]:
        """Return at most `limit` figures in the order of their keys, those that come after the key `after`.

        `filters` are by the names of `FIELDS`. Raises `DisclosureError` for a name that is no part of a key.
        """
        given = dict(filters or {})
        _known(given)
        where, values = self._where(audience, given, organiser)
        if where is None:
            return []
        if after is not None:
            where += f" and ({_KEY}) > ({', '.join('?' * len(FIELDS))})"
            values += [self._place(part) for part in figure_key(after)]
        return self._ask(f"select * from cell where {where} order by {_KEY} limit ?", [*values, max(limit, 0)])

    def values(
        self, audience: Audience, field: str, *, organiser: str | None = None, **filters: Choice
    ) -> tuple[str, ...]:
        """Return which texts occur in one part of the keys, in order: the years of a measure, its groups, its areas."""
        _known({field, *filters})
        where, values = self._where(audience, filters, organiser)
        if where is None:
            return ()
        rows = self._con.execute(f'select distinct "{field}" from cell where {where} order by 1', values)
        return tuple(self._words[i] for (i,) in rows)

    def measures(self, audience: Audience) -> tuple[str, ...]:
        """Return the measures of which this audience may see anything, in order."""
        return self.values(audience, "measure")

    def verify(self) -> None:
        """Read every row and compare it with its checksum, and all of them with the count and sum of the header.

        Raises `DisclosureError` on the first difference. A country's publication takes some seconds.
        """
        count = total = 0
        for row in self._con.execute("select * from cell"):
            self._check(row)
            count, total = count + 1, total + row[-1]
        if (count, total) != (self.count, self._total):
            raise damaged(self.path, f"it holds {count} figures where there were {self.count}")

    def _where(
        self, audience: Audience, chosen: Mapping[str, Choice], organiser: str | None
    ) -> tuple[str | None, list[Any]]:
        """The condition and its values; None where no figure can fit it."""
        parts, values = ["(seen & ?) > 0"], [SEEN[audience]]
        if organiser is None and chosen.get("area") is not None:
            owners = self._owners(chosen["area"])
            parts.append(f"organiser in ({', '.join('?' * len(owners))})")
            values += owners
        elif organiser is not None:
            chosen = {"organiser": organiser, **chosen}
        for name, choice in chosen.items():
            if choice is None:
                continue
            ids = self._ids(choice)
            if not ids:
                return None, []
            parts.append(f'"{name}" in ({", ".join("?" * len(ids))})')
            values += ids
        return " and ".join(parts), values

    def _ids(self, choice: Choice) -> list[int]:
        texts = (choice,) if isinstance(choice, str) else tuple(choice or ())
        places = ((text, bisect_left(self._words, text)) for text in dict.fromkeys(texts))
        return [at for text, at in places if at < len(self._words) and self._words[at] == text]

    def _place(self, text: str) -> float:
        """Where a text stands among the words; between two of them if it is none."""
        at = bisect_left(self._words, text)
        return at if at < len(self._words) and self._words[at] == text else at - 0.5

    def _owners(self, areas: Choice) -> list[int]:
        ids = self._ids(areas)
        marks = ", ".join("?" * len(ids))
        return [i for (i,) in self._con.execute(f"select distinct organiser from place where area in ({marks})", ids)]

    @property
    def _con(self) -> sqlite3.Connection:
        con: sqlite3.Connection | None = getattr(self._local, "con", None)
        if con is None:
            con = self._local.con = _connect(self.path)
            self._open.append(con)
        return con

    def _ask(self, sql: str, values: Sequence[Any]) -> list[Published]:
        return [self._published(row) for row in self._con.execute(sql, values)]

    def _check(self, row: Sequence[Any]) -> None:
        if checksum(self._salt, row) != row[-1]:
            raise damaged(self.path, "a figure in it has been changed")

    def _published(self, row: Sequence[Any]) -> Published:
        self._check(row)
        key, told = FigureKey(*(self._words[i] for i in row[1:9])), self._verdicts[row[10]]
        value, low, high, n = row[12:16]
        cell = Released(
            key, told.kind, value, low, high, n, told.missing, told.reason, told.rule, told.source, seal=_SEAL
        )
        return Published(cell, bool(row[11]))


def _known(names: Iterable[str]) -> None:
    for name in names:
        if name not in FIELDS:
            raise DisclosureError(f"{name!r} is no part of a key.", f"Use one of {', '.join(FIELDS)}.")


def _connect(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)


def _close(connections: list[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()


def _header(con: sqlite3.Connection, path: Path) -> tuple[Mapping[str, str], Sequence[str], Sequence[_Verdict]]:
    """What the file says of itself. Raises `DisclosureError` if it is of another version or its seal is broken."""
    application, version = (con.execute(f"pragma {name}").fetchone()[0] for name in ("application_id", "user_version"))
    if application != APPLICATION:
        raise damaged(path, "it is no publication")
    if version != VERSION:
        raise damaged(path, f"it has layout {version}, and this version of Likvärd reads {VERSION}")
    meta = dict(con.execute("select name, value from meta"))
    words = [text for (text,) in con.execute("select text from word order by id")]
    told = con.execute("select kind, missing, sv, en, rule, source from verdict order by id").fetchall()
    if meta["seal"] != seal_of(meta, words, told):
        raise damaged(path, "its seal is broken")
    verdicts = [
        _Verdict(CellKind(kind), Missing(missing) if missing else None, Words(sv, en), rule, source)
        for kind, missing, sv, en, rule, source in told
    ]
    return meta, words, verdicts
