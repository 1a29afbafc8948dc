"""Rules on what has changed since the delivery that a reading replaces. They warn: a source may well be revised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from likvard.records import parquet
from likvard.records.checks.rule import Rule
from likvard.records.reading import Finding, Severity
from likvard.records.schema import TABLES
from likvard.terms import Words

FEWEST = 30  # rows; below this a share of them says little
LEAST, MOST = 0.7, 1.5
REVISED = 0.1  # share of the numbers, and how far each has moved

ROWS = Rule(
    "rows-changed",
    Severity.WARNING,
    Words(
        "Om tabellen har mycket färre eller fler rader än leveransen som ersätts.",
        "Whether the table has far fewer or more rows than the delivery that it replaces.",
    ),
    Words("Ungefär lika många rader som förut.", "About as many rows as before."),
    Words(
        "Kontrollera att filen är hel. Ångra annars leveransen, så gäller den förra igen.",
        "Check that the file is whole. Otherwise withdraw the delivery, and the former holds again.",
    ),
)
GONE = Rule(
    "measure-gone",
    Severity.WARNING,
    Words("Om ett mått i den förra leveransen saknas.", "Whether a measure of the former delivery is missing."),
    Words("Samma mått som förut.", "The same measures as before."),
    Words("Kontrollera att kolumnen är kvar i filen.", "Check that the column is still in the file."),
)
VALUES = Rule(
    "values-changed",
    Severity.WARNING,
    Words(
        "Om mer än en tiondel av ett måtts tal har ändrats med mer än en tiondel sedan förra leveransen.",
        "Whether more than a tenth of a measure's numbers have moved by more than a tenth since the former delivery.",
    ),
    Words("Nästan samma tal för samma skolor och år.", "Nearly the same numbers for the same schools and years."),
    Words(
        "Kontrollera att kolumnerna är rätt. Källan kan ha reviderat.",
        "Check the columns. The source may have revised.",
    ),
)
RULES = (ROWS, GONE, VALUES)


def compare(tables: Mapping[str, pa.Table], former: Mapping[str, Path]) -> tuple[Finding, ...]:
    """What has changed between a reading's tables and the Parquet files of the delivery that it replaces.

    A file that cannot be read is passed over: whether the lake is whole is asked elsewhere.
    """
    shared = {name: path for name, path in former.items() if name in tables and path.is_file()}
    with duckdb.connect() as con:
        return tuple(found for name, path in shared.items() for found in _table(con, name, tables[name], path))


def _table(con: duckdb.DuckDBPyConnection, name: str, rows: pa.Table, path: Path) -> Iterator[Finding]:
    con.register("now", rows)
    con.execute(f"create or replace view before as from read_parquet({parquet.text(parquet.literal(path))})")
    yield from _rows(con, name)
    if name == "statistic":
        yield from _gone(con)
        yield from _values(con)


def _rows(con: duckdb.DuckDBPyConnection, name: str) -> Iterator[Finding]:
    [(before, now)] = con.execute("select (select count(*) from before), (select count(*) from now)").fetchall()
    if before >= FEWEST and not LEAST <= now / before <= MOST:
        found = Words(f"{name}: {now} rader, förut {before}", f"{name}: {now} rows, before {before}")
        yield _finding(ROWS, found, name)


def _gone(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    gone = con.execute("select distinct measure from before except select measure from now order by 1").fetchall()
    if gone:
        more = f" (+{len(gone) - 1})" if len(gone) > 1 else ""
        yield _finding(GONE, Words(f"{gone[0][0]} saknas{more}", f"{gone[0][0]} is missing{more}"), "statistic.measure")


def _values(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    key = ", ".join(parquet.name(column) for column in TABLES["statistic"].key)
    moved = f"abs(now.value - before.value) > {REVISED} * greatest(abs(before.value), 1e-9)"
    query = (
        f"select measure, count(*), count(*) filter (where {moved}) from now join before using ({key})"
        " where now.value is not null and before.value is not null group by measure order by measure"
    )
    for measure, both, changed in con.execute(query).fetchall():
        if both >= FEWEST and changed > REVISED * both:
            found = Words(f"{measure}: {changed} av {both} tal", f"{measure}: {changed} of {both} numbers")
            yield _finding(VALUES, found, "statistic.value")


def _finding(rule: Rule, found: Words, column: str) -> Finding:
    return Finding(rule.id, rule.severity, found, rule.expected, rule.remedy, column=column)
