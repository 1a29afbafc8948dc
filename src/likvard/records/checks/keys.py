"""Rules on rows together: no row twice, and pupils that are known."""

from __future__ import annotations

from collections.abc import Iterator

from likvard.records import parquet
from likvard.records.checks.content import NUMBER, Content
from likvard.records.checks.rule import Hit, Rule, at_row
from likvard.records.reading import Severity
from likvard.terms import Words


def _twice(content: Content) -> Iterator[Hit]:
    """Rows whose key has stood before.

    Keys are first counted by a 64-bit hash, which is several times faster than by nine texts; only rows whose hash
    stands more than once are compared in full, so that a chance collision is not taken for a repeated row.
    """
    key = ", ".join(parquet.name(column) for column in content.declared.key)
    hashes = f"select hash({key}) as h from content group by 1 having count(*) > 1"
    suspects = f"select {key}, {NUMBER} from content where hash({key}) in ({hashes})"
    numbered = f"select {NUMBER}, row_number() over (partition by {key} order by {NUMBER}) as nth from ({suspects})"
    query = f"select count(*), coalesce(min({NUMBER}), 0) from ({numbered}) where nth > 1"
    [(times, first)] = content.con.execute(query).fetchall()
    if times:
        place = content.place(first)
        yield Hit(content.declared.key[0], Words(f"en rad till för {place}", f"one more row for {place}"), times, first)


def _unknown(content: Content) -> Iterator[Hit]:
    if "pupil_id" not in content.declared.arrow.names or "pupil" not in content.others:
        return
    times, first = content.count("pupil_id not in (select pupil_id from pupil where pupil_id is not null)")
    if times:
        yield Hit("pupil_id", at_row(content, "pupil_id", first), times, first)


KEY = Rule(
    "key",
    Severity.ERROR,
    Words("Om samma rad, eller samma elev, finns två gånger.", "Whether the same row, or pupil, is there twice."),
    Words("En rad för varje nyckel.", "One row for each key."),
    Words("Ta bort den ena raden, om det inte är två olika.", "Take one of the rows out, unless they are different."),
    _twice,
)
KNOWN_PUPIL = Rule(
    "known-pupil",
    Severity.WARNING,
    Words("Om filen beskriver de elever som dess rader gäller.", "Whether the file describes the pupils of its rows."),
    Words("En rad om varje elev i tabellen pupil.", "A row for each pupil in the table pupil."),
    Words(
        "Komplettera med elevens uppgifter. Utan dem räknas eleven inte i jämförelser efter bakgrund.",
        "Add the pupil's particulars. Without them the pupil is not counted in comparisons by background.",
    ),
    _unknown,
)
RULES = (KEY, KNOWN_PUPIL)
