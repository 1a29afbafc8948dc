"""Open a CSV or Parquet file as a relation, with the kinds and levels of its columns as R would see them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import duckdb
import numpy as np

from likvard.moments.columns import Level, Number, identifier, literal
from likvard.terms import InputError, ModelError, UsageError

_HEAD = 1 << 20
_FIELD = re.compile(r'(?:"((?:[^"]|"")*)"|([^,;\t\n"]*))([,;\t]|\r?\n|$)')
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_FLOATING = ("DOUBLE", "FLOAT")
_MISSING = ("", "NA")
_DECIMAL_COMMA = re.compile(rb"(?:^|;)-?\d+,\d+(?:;|\r?$)", re.MULTILINE)


class Kind(StrEnum):
    """What a column holds. `CODED` is text that is all numbers: a factor, unless a number is asked for."""

    NUMBER = "number"
    TEXT = "text"
    CODED = "coded"
    FLAG = "flag"
    OTHER = "other"


@dataclass(frozen=True)
class Table:
    """A relation on an open in-memory connection, with the kinds of the columns asked for and its number of rows."""

    con: duckdb.DuckDBPyConnection
    relation: str
    kinds: Mapping[str, Kind]
    rows: int


@dataclass(frozen=True)
class Facts:
    """What a plan must know of the complete rows: their number, factors' levels, and numbers' centres and spreads.

    `binary` are the numbers that are 0 or 1 in every row.
    """

    complete: int
    levels: Mapping[str, tuple[Level, ...]]
    centre: Mapping[str, float]
    spread: Mapping[str, float]
    binary: frozenset[str]


@contextmanager
def open_table(path: Path, columns: Sequence[str]) -> Iterator[Table]:
    """Open the columns of a CSV file (read into memory) or a Parquet file (read where it lies).

    In a CSV file, values in quotes are text, as R writes factors; empty fields and NA are missing. Raises
    `InputError` when the file cannot be read, `UsageError` when a column is not there.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.", "Check the path.")
    with duckdb.connect() as con:
        yield _load(con, path, columns)


def _load(con: duckdb.DuckDBPyConnection, path: Path, columns: Sequence[str]) -> Table:
    try:
        source = _parquet(path) if path.suffix.lower() in {".parquet", ".pq"} else _csv(con, path)
        types = {str(row[0]): str(row[1]) for row in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        _check_width(path, types)
        _check_columns(path, types, columns)
        chosen = ", ".join(_finite(c, types[c]) for c in columns) or "1 AS nothing"
        how = "VIEW" if path.suffix.lower() in {".parquet", ".pq"} else "TABLE"
        con.execute(f"CREATE {how} model_rows AS SELECT {chosen} FROM {source}")
        rows = con.execute("SELECT COUNT(*) FROM model_rows").fetchall()[0][0]
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path.name} cannot be read as a table: {reason}.", "Give a CSV or Parquet file.") from error
    kinds = {c: _kind(con, c, types[c]) for c in columns}
    return Table(con, "model_rows", kinds, int(rows))


def _finite(column: str, type_: str) -> str:
    """Select a column with NaN and infinity as missing.

    By arithmetic, because DuckDB 2.0 takes isnan() to be false where a Parquet file's minimum and maximum are numbers.
    """
    name = identifier(column)
    return f"CASE WHEN {name} - {name} = 0 THEN {name} END AS {name}" if type_ in _FLOATING else name


def _parquet(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"


def _csv(con: duckdb.DuckDBPyConnection, path: Path) -> str:
    _check_text(path)
    missing = "[" + ", ".join(literal(m) for m in _MISSING) + "]"
    options = f"header = true, sample_size = -1, nullstr = {missing}{_dialect(path)}"
    source = f"read_csv({literal(str(path))}, {options})"
    names = [str(row[0]) for row in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
    quoted = _quoted_columns(path)
    forced = {names[i]: "VARCHAR" for i in quoted if i < len(names)}
    if not forced:
        return source
    types = "{" + ", ".join(f"{literal(name)}: 'VARCHAR'" for name in forced) + "}"
    return f"read_csv({literal(str(path))}, {options}, types = {types})"


def _check_text(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip():
        raise InputError(f"{path.name} is empty.", "Give a CSV or Parquet file.")
    if b"\x00" in head:
        raise InputError(f"{path.name} is no text in UTF-8 or Latin-1.", "Save it as CSV (UTF-8), or give Parquet.")


def _dialect(path: Path) -> str:
    """Options for what cannot be sniffed: Windows' encoding, and decimal commas between semicolons."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    options = ", delim = ';', decimal_separator = ','" if _DECIMAL_COMMA.search(head) else ""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(head) < _HEAD or error.start < len(head) - 3:
            options += ", encoding = 'latin-1'"
    return options


def _quoted_columns(path: Path) -> set[int]:
    """Positions of the columns with a value in quotes (not just "") among the rows of the first megabyte."""
    with path.open("rb") as file:
        text = file.read(_HEAD).decode("utf-8", errors="replace")
    quoted: set[int] = set()
    place, line = 0, 0
    for match in _FIELD.finditer(text):
        if match[1] and line > 0:
            quoted.add(place)
        if match[3] in {"\n", "\r\n"}:
            place, line = 0, line + 1
        elif match[3]:
            place += 1
        else:
            break
    return quoted


def _check_width(path: Path, types: Mapping[str, str]) -> None:
    """Refuse text whose rows differ so in width that the heading was taken for one column, and say which row differs."""
    heading = next(iter(types), "")
    mark = next((m for m in (";", "\t", ",") if len(types) == 1 and m in heading), None)
    if mark is None:
        return
    width = heading.count(mark) + 1
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        for number, cells in enumerate(csv.reader(file, delimiter=mark), start=1):
            if cells and len(cells) != width:
                raise InputError(
                    f"Row {number} of {path.name} has {len(cells)} cells, and the heading {width} ({heading}).",
                    "Give every row as many cells as the heading; put text with the separator in it in quotes.",
                )


def _check_columns(path: Path, types: Mapping[str, str], columns: Sequence[str]) -> None:
    for column in columns:
        if column not in types:
            raise UsageError(f"{path.name} has no column {column!r}.", f"It has: {', '.join(types)}.")


def _kind(con: duckdb.DuckDBPyConnection, column: str, type_: str) -> Kind:
    if type_ in _NUMBERS or type_ in _FLOATING or type_.startswith("DECIMAL"):
        return Kind.NUMBER
    if type_ == "BOOLEAN":
        return Kind.FLAG
    if type_ == "VARCHAR" or type_.startswith("ENUM"):
        name = identifier(column)
        text = con.execute(
            f"SELECT COUNT(*) FROM model_rows WHERE {name} IS NOT NULL AND TRY_CAST({name} AS DOUBLE) IS NULL"
        ).fetchall()[0][0]
        return Kind.TEXT if text else Kind.CODED
    return Kind.OTHER


def facts(table: Table, numbers: Sequence[Number], factors: Mapping[str, str], groups: Sequence[str]) -> Facts:
    """Look at the rows that have a value in every number, factor (name to SQL) and group."""
    used = [x.sql for x in numbers] + list(factors.values()) + [identifier(g) for g in groups]
    where = " AND ".join(f"{sql} IS NOT NULL" for sql in dict.fromkeys(used)) or "TRUE"
    rows = f"FROM {table.relation} WHERE {where}"
    parts = ["COUNT(*)"]
    for x in numbers:
        value = f"CAST({x.sql} AS DOUBLE)"
        parts += [f"AVG({value})", f"STDDEV_POP({value})", f"COUNT(CASE WHEN {value} IN (0, 1) THEN 1 END)"]
    complete, *moments = table.con.execute(f"SELECT {', '.join(parts)} {rows}").fetchall()[0]
    centre = {x.name: float(v or 0.0) for x, v in zip(numbers, moments[0::3], strict=True)}
    if endless := [name for name, value in centre.items() if not np.isfinite(value)]:
        raise ModelError(f"{endless[0]} is infinite in some row.", "Leave such rows out of the file.")
    spread = {x.name: float(v or 0.0) for x, v in zip(numbers, moments[1::3], strict=True)}
    binary = frozenset(x.name for x, v in zip(numbers, moments[2::3], strict=True) if v == complete)
    levels = {
        name: tuple(sorted(row[0] for row in table.con.execute(f"SELECT DISTINCT {sql} {rows}").fetchall()))
        for name, sql in factors.items()
    }
    return Facts(int(complete), levels, centre, spread, binary)


def reference(centre: float, spread: float) -> float:
    """A short number near the centre to take from a column before summing: exact in binary, whole for whole numbers."""
    if not (np.isfinite(centre) and np.isfinite(spread)) or spread <= 0:
        return float(centre) if np.isfinite(centre) else 0.0
    grid = 2.0 ** np.floor(np.log2(spread))
    return float(np.round(centre / grid) * grid)
