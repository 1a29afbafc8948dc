"""What is out: every figure that any publication has shown, so that a revised one does not give away a hidden one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from likvard.disclosure.cells import CellKind
from likvard.disclosure.ledger import Entry, Ledger
from likvard.disclosure.publication.keys import FIELDS
from likvard.disclosure.publication.layout import damaged
from likvard.disclosure.publication.reading import Publication
from likvard.terms import Audience

_BETWEEN = "\x1f"
_SCHEMA = """
create table if not exists taken (id text primary key) without rowid;
create table if not exists shown (organiser text not null, key text not null, audience text not null,
    kind text not null, value real not null, n integer not null, day text not null,
    primary key (organiser, key, audience, value, n)) without rowid;
"""
_KEY = " || char(31) || ".join(f'(select text from made.word where id = cell."{name}")' for name in FIELDS)
_TAKE = f"""
insert or ignore into shown
select (select text from made.word where id = organiser), {_KEY}, case when seen & 1 then 'public' else 'organiser' end,
    (select kind from made.verdict where id = verdict), value, coalesce(n, -1), ?
from made.cell where value is not null
"""


def take(memory: Path, publication: Publication) -> None:
    """Add what a publication shows to the memory; nothing happens if it has been added before.

    Raises `DisclosureError` if the memory cannot be read: without it the gate is blind.
    """
    memory.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(memory, isolation_level=None)) as con:
            con.executescript(_SCHEMA)
            if con.execute("select 1 from taken where id = ?", (publication.id,)).fetchone():
                return
            con.execute("attach ? as made", (f"{publication.path.absolute()}",))
            con.execute("begin immediate")
            con.execute(_TAKE, (publication.on.isoformat(),))
            con.execute("insert into taken values (?)", (publication.id,))
            con.execute("commit")
    except sqlite3.DatabaseError as error:
        raise damaged(memory, f"the memory of what is out cannot be written ({error})") from error


def out(memory: Path, organiser: str) -> Ledger:
    """Return what is out of an organiser's figures, oldest first; nothing where there is no memory yet."""
    if not memory.exists():
        return Ledger()
    try:
        with closing(sqlite3.connect(f"{memory.absolute().as_uri()}?mode=ro", uri=True)) as con:
            rows = con.execute(
                "select key, kind, audience, day, value, n from shown where organiser = ? order by day, key, audience",
                (organiser,),
            ).fetchall()
    except sqlite3.DatabaseError as error:
        raise damaged(memory, f"the memory of what is out cannot be read ({error})") from error
    return Ledger(
        tuple(
            Entry(
                tuple(key.split(_BETWEEN)),
                CellKind(kind),
                Audience(audience),
                date.fromisoformat(day),
                value,
                None if n < 0 else n,
            )
            for key, kind, audience, day, value, n in rows
        )
    )
