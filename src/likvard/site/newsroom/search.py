"""The search index of the register: SQLite's FTS5, PostgreSQL's tsvector with GIN. Filled by the actions, with masked text only.

One table by one name on both: `newsroom_search`, its `rowid` the id of the publication. On SQLite the words are found as they are
and by the stems in a column of their own; on PostgreSQL by the swedish configuration and, for names and numbers, by the simple one. Made in the first migration.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.db import connection
from django.db.models import BooleanField, F
from django.db.models.expressions import RawSQL

from likvard.site.newsroom.models.register import PublicationQuerySet
from likvard.site.newsroom.wording import Phrase, Sought, stem, stems, tokens

TABLE = "newsroom_search"


def put(pk: int, title: str, body: str) -> None:
    """Let a publication be found by this title and this text, which must be masked already; in the caller's transaction."""
    put_many([(pk, title, body)])


def put_many(rows: Iterable[tuple[int, str, str]]) -> None:
    """Let publications be found: rows of id, title and masked text. What they were found by before is forgotten."""
    known = list(rows)
    with connection.cursor() as cursor:
        cursor.executemany(f"delete from {TABLE} where rowid = %s", [(pk,) for pk, _title, _body in known])
        if connection.vendor == "postgresql":
            cursor.executemany(_PUT_POSTGRESQL, [_for_postgresql(*row) for row in known])
        else:
            cursor.executemany(_PUT_SQLITE, [_for_sqlite(*row) for row in known])


def take_out(pk: int) -> None:
    """Let a publication be found no more."""
    with connection.cursor() as cursor:
        cursor.execute(f"delete from {TABLE} where rowid = %s", [pk])


def texts(keys: Iterable[int]) -> Mapping[int, str]:
    """The masked texts by which publications are found, for snippets."""
    wanted = list(keys)
    if not wanted:
        return {}
    marks = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(f"select rowid, body from {TABLE} where rowid in ({marks})", wanted)
        return dict(cursor.fetchall())


FEW = 1000
"""Hits that are fetched as ids. A search with more is in at least one decision in fifty of a national register."""


def few(asked: Sought) -> list[int] | None:
    """The ids of all that a search finds, if they are few; None if they are not. Read from the index of words alone."""
    query, values = _question(asked)
    with connection.cursor() as cursor:
        cursor.execute(f"select rowid from {TABLE} where {query} limit {FEW + 1}", values)
        ids = [pk for (pk,) in cursor.fetchall()]
    return ids if len(ids) <= FEW else None


def narrowed(publications: PublicationQuerySet, asked: Sought) -> PublicationQuerySet:
    """Those of the publications that a search finds.

    No database plans this well by itself: it does not know how rare the words are. Few hits are taken by their ids. Of many, the
    register's own index is walked in the order of the page, each row is asked whether it is one, and the walk ends when the page
    is full: on SQLite against the list of hits (an id plus zero keeps it from beginning there), on PostgreSQL against the words of the row.
    """
    ids = few(asked)
    if ids is not None:
        return publications.filter(pk__in=ids)
    query, values = _question(asked)
    if connection.vendor == "postgresql":
        own = f"(select {query} from {TABLE} where {TABLE}.rowid = newsroom_publication.id offset 0)"
        return publications.alias(hit=RawSQL(own, values, BooleanField())).filter(hit=True)  # noqa: S611 - bound
    hits = RawSQL(f"select rowid from {TABLE} where {query}", values)  # noqa: S611 - bound
    return publications.alias(key=F("pk") + 0).filter(key__in=hits)


def _question(asked: Sought) -> tuple[str, list[str]]:
    """A search as a condition in SQL, and the values bound in it."""
    if connection.vendor == "postgresql":
        query, values = _tsquery(asked)
        return f"words @@ ({query})", values
    return f"{TABLE} match %s", [_match(asked)]


_PUT_SQLITE = f"insert into {TABLE} (rowid, title, body, stems) values (%s, %s, %s, %s)"
# Titles weigh more; the parts of compounds come last, where no phrase reaches them.
_PUT_POSTGRESQL = f"""insert into {TABLE} (rowid, title, body, words) values (%s, %s, %s,
    setweight(to_tsvector('swedish', %s), 'A') || to_tsvector('swedish', %s) || to_tsvector('simple', %s)
    || to_tsvector('simple', %s))"""


def _for_sqlite(pk: int, title: str, body: str) -> tuple[int | str, ...]:
    return pk, title, body, " ".join(dict.fromkeys(stems(tokens(f"{title} {body}"))))


def _for_postgresql(pk: int, title: str, body: str) -> tuple[int | str, ...]:
    both = f"{title} {body}"
    own = dict.fromkeys(stems(tokens(both)))
    # The simple configuration takes each word once: its positions are not needed, and the vector stays short.
    words = dict.fromkeys(tokens(both))
    return pk, title, body, title, body, " ".join(words), " ".join(own)


def _match(asked: Sought) -> str:
    """An FTS5 query: groups joined by AND, phrases by OR."""
    return " AND ".join("(" + " OR ".join(map(_fts5, group)) + ")" for group in asked.groups)


def _fts5(phrase: Phrase) -> str:
    exact = '"' + " ".join(phrase.words) + '"'
    own = f"{{title body}} : {exact}{' *' if phrase.begins else ''}"
    if phrase.whole or len(phrase.words) > 1:
        return f"({own})"
    return f'({own}) OR (stems : "{stem(phrase.words[0])}")'


def _tsquery(asked: Sought) -> tuple[str, list[str]]:
    """A tsquery as SQL, and the values bound in it."""
    groups, values = [], []
    for group in asked.groups:
        made = [_postgresql(phrase) for phrase in group]
        groups.append("(" + " || ".join(sql for sql, _bound in made) + ")")
        values += [value for _sql, bound in made for value in bound]
    return " && ".join(groups), values


def _postgresql(phrase: Phrase) -> tuple[str, list[str]]:
    row = " ".join(phrase.words)
    if len(phrase.words) > 1:
        return "phraseto_tsquery('swedish', %s)", [row]
    if phrase.whole:
        return "plainto_tsquery('simple', %s)", [row]
    # Only letters and digits are in a word, so it can stand in a tsquery as it is.
    beginning = f"{row}:*" if phrase.begins else row
    return "(to_tsquery('simple', %s) || to_tsquery('simple', %s))", [beginning, stem(row)]


_AROUND = 90
"""Letters of a snippet on each side of what was found."""


def snippet(text: str, asked: Sought) -> tuple[tuple[str, bool], ...]:
    """A piece of a masked text around the first word that was found: runs of text, each found or not. Empty if none is in it."""
    marks = _pattern(asked)
    first = marks.search(text) if marks else None
    if marks is None or first is None:
        return ()
    start, end = _cut(text, first.start() - _AROUND, -1), _cut(text, first.end() + _AROUND, 1)
    runs: list[tuple[str, bool]] = [("… ", False)] if start else []
    at = start
    for mark in marks.finditer(text, start, end):
        runs += [(text[at : mark.start()], False), (mark[0], True)]
        at = mark.end()
    runs += [(text[at:end], False), (" …", False)] if end < len(text) else [(text[at:end], False)]
    return tuple((run.replace("\n", " · "), hit) for run, hit in runs if run)


def _cut(text: str, at: int, step: int) -> int:
    """The nearest end of a word, outwards."""
    while 0 < at < len(text) and not text[at - 1 if step < 0 else at].isspace():
        at += step
    return max(0, min(at, len(text)))


def _pattern(asked: Sought) -> re.Pattern[str] | None:
    """A pattern of everything sought: words by their stems and what they begin, phrases as they stand."""
    ways = []
    for phrase in asked.phrases:
        row = r"\W+".join(map(re.escape, phrase.words))
        if phrase.begins:
            row = rf"(?:{row}|{re.escape(stem(phrase.words[0]))})\w*"
        ways.append(row)
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", re.IGNORECASE) if ways else None
