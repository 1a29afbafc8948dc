"""Rules on the shape of a reading: its tables, their columns and types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import pyarrow as pa

from likvard.records.checks.rule import Rule
from likvard.records.reading import Finding, Reading, Severity
from likvard.records.schema import LINE, TABLES, Table
from likvard.terms import Words

EMPTY = Rule(
    "empty",
    Severity.ERROR,
    Words("Om det finns några rader alls.", "Whether there are any rows at all."),
    Words("Minst en rad.", "At least one row."),
    Words("Kontrollera att filen är hel och att rätt rader är kvar.", "Check that the file is whole and has its rows."),
)
TABLE = Rule(
    "table",
    Severity.ERROR,
    Words("Om tabellen är en av dem som sjön har.", "Whether the table is one that the lake has."),
    Words("En tabell i datakatalogen.", "A table of the data catalogue."),
    Words("Ta bort tabellen ur leveransen.", "Leave the table out."),
)
COLUMNS = Rule(
    "columns",
    Severity.ERROR,
    Words("Om kolumnerna är tabellens egna, alla och inga andra.", "Whether the columns are the table's, all of them."),
    Words("Tabellens kolumner enligt datakatalogen.", "The table's columns as in the data catalogue."),
    Words("Använd mallens kolumner med mallens namn.", "Use the template's columns under the template's names."),
)
TYPE = Rule(
    "type",
    Severity.ERROR,
    Words("Om kolumnens värden är av rätt slag.", "Whether the values of a column are of the right kind."),
    Words("Värden av kolumnens slag, inom dess gränser.", "Values of the column's kind, within its limits."),
    Words("Rätta värdena i kolumnen.", "Mend the values of the column."),
)
RULES = (EMPTY, TABLE, COLUMNS, TYPE)


def conform(reading: Reading) -> tuple[Mapping[str, pa.Table], tuple[Finding, ...]]:
    """The reading's tables in their declared columns, order and types, and what stands in the way.

    A table with findings is left out. Nothing is changed by the conversion: a number that does not fit is refused.
    """
    conformed, findings = {}, list(_empty(reading))
    for name, rows in reading.tables.items():
        if name not in TABLES:
            findings.append(_finding(TABLE, name, None))
            continue
        wrong = [*_columns(TABLES[name], rows)]
        if not wrong:
            conformed[name], wrong = _cast(TABLES[name], rows)
        if wrong:
            conformed.pop(name, None)
        findings += wrong
    return MappingProxyType(conformed), tuple(findings)


def _empty(reading: Reading) -> Iterator[Finding]:
    """A file without tables is one that its reader only compares; tables without rows are half a file."""
    if reading.tables and not reading.errors and not any(rows.num_rows for rows in reading.tables.values()):
        yield _finding(EMPTY, Words("Inga rader.", "No rows."), None)


def _columns(declared: Table, rows: pa.Table) -> Iterator[Finding]:
    wanted, there = declared.arrow.names, rows.column_names
    for column in wanted:
        if there.count(column) != 1:
            times = there.count(column)
            found = Words("saknas", "missing") if not times else Words(f"{times} gånger", f"{times} times")
            yield _finding(COLUMNS, found, f"{declared.name}.{column}")
    for column in there:
        if column not in wanted and column != LINE:
            yield _finding(COLUMNS, Words("okänd kolumn", "unknown column"), f"{declared.name}.{column}")


def _cast(declared: Table, rows: pa.Table) -> tuple[pa.Table, list[Finding]]:
    columns, findings = {}, []
    for column in declared.columns:
        values = rows.column(column.name)
        try:
            columns[column.name] = values if values.type == column.type else values.cast(column.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            found = Words(f"värden av typ {values.type}", f"values of type {values.type}")
            expected = Words(f"Värden av typ {column.type}.", f"Values of type {column.type}.")
            findings.append(_finding(TYPE, found, f"{declared.name}.{column.name}", expected))
    if LINE in rows.column_names:
        columns[LINE] = rows.column(LINE)
    return pa.table(columns), findings


def _finding(rule: Rule, found: str | Words, column: str | None, expected: Words | None = None) -> Finding:
    return Finding(rule.id, rule.severity, found, expected or rule.expected, rule.remedy, column=column)
