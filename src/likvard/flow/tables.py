"""A table as open data: the same rows as CSV, JSON and Parquet, written in one pass over them.

Rows come one by one, so that a register of any size is written in the same memory. Nothing of Likvärd's own is known here.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from itertools import chain, islice, repeat
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from likvard.terms import LikvardError, Words

Value = str | int | bool | date | datetime | Sequence[str] | None
Row = Sequence[Value]

GROUP = 10_000
"""Rows that are held in memory, and of a row group in Parquet."""

LIST_BREAK = "|"
"""Between the values of a list in a cell of CSV."""

_DANGER = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is a formula to a spreadsheet (CWE-1236)."""


class TablesError(LikvardError):
    """A row that does not fit its table."""


class Kind(Enum):
    """What a column holds, and its type in Parquet."""

    TEXT = pa.string()
    WHOLE = pa.int64()
    YES_NO = pa.bool_()
    DAY = pa.date32()
    MOMENT = pa.timestamp("ms", "UTC")
    TEXTS = pa.list_(pa.string())


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the files, what it holds, and what it means."""

    name: str
    kind: Kind
    means: Words

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise TablesError(f"{self.name!r} is not a name of a column.", "Use letters, digits and _.")


@dataclass(frozen=True)
class Table:
    """A table: the name of its files, what it is, and its columns."""

    name: str
    title: Words
    about: Words
    columns: tuple[Column, ...]

    @property
    def arrow(self) -> pa.Schema:
        """Its columns as Parquet has them, each with its meaning in both languages."""
        return pa.schema(
            [
                pa.field(c.name, c.kind.value, metadata={"sv": c.means.sv.encode(), "en": c.means.en.encode()})
                for c in self.columns
            ]
        )


def write(folder: Path, table: Table, rows: Iterable[Row], about: Mapping[str, str]) -> int:
    """Write `NAME.csv`, `NAME.json` and `NAME.parquet` into the folder; return the number of rows. See `writing`."""
    number, given = 0, iter(rows)
    with writing(folder, table, about) as put:
        while group := list(islice(given, GROUP)):
            put(group)
            number += len(group)
    return number


@contextmanager
def writing(folder: Path, table: Table, about: Mapping[str, str]) -> Iterator[Callable[[Sequence[Row]], None]]:
    """Open `NAME.csv`, `NAME.json` and `NAME.parquet` in the folder; what is handed over adds rows to all three.

    `about` (where it comes from, its licence, when it was made) leads the JSON and lies in the Parquet's metadata; a CSV has
    only rows. A row of another length is refused with `TablesError`. Nothing is forced to disk here.
    """
    schema = table.arrow.with_metadata({k: v.encode() for k, v in {**about, "table": table.name}.items()})
    with (
        (folder / f"{table.name}.csv").open("w", encoding="utf-8-sig", newline="") as comma,
        (folder / f"{table.name}.json").open("w", encoding="utf-8") as out,
        pq.ParquetWriter(folder / f"{table.name}.parquet", schema, compression="zstd") as parquet,
    ):
        writer = csv.writer(comma, lineterminator="\r\n")
        writer.writerow([column.name for column in table.columns])
        _begin(out, table, about)
        breaks = chain(["\n"], repeat(",\n"))

        def put(group: Sequence[Row]) -> None:
            if group:
                _check(table, group)
                writer.writerows([_cells(row) for row in group])
                out.write(next(breaks) + _lines(table, group))
                parquet.write_table(_arrow(schema, group))

        yield put
        out.write("\n]}\n")


def _check(table: Table, group: Sequence[Row]) -> None:
    width = len(table.columns)
    for row in group:
        if len(row) != width:
            raise TablesError(f"A row of {table.name} has {len(row)} values.", f"Give it {width}.")


def _cells(row: Row) -> list[str]:
    return [_cell(value) for value in row]


def _cell(value: Value) -> str:
    """A value in CSV: points in numbers, days and times by ISO 8601, `true` and `false`, lists with `|` between."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return _plain(value)
        case int():
            return str(value)
        case date():
            return _iso(value)
        case _:
            return _plain(LIST_BREAK.join(value))


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_DANGER) else text


def _iso(value: date) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def _begin(out: IO[str], table: Table, about: Mapping[str, str]) -> None:
    columns = [{"name": c.name, "type": c.kind.name.lower(), "sv": c.means.sv, "en": c.means.en} for c in table.columns]
    head = json.dumps({"table": table.name, **about, "columns": columns}, ensure_ascii=False)
    out.write(f'{head[:-1]}, "rows": [')


def _lines(table: Table, group: Sequence[Row]) -> str:
    names = [column.name for column in table.columns]
    return ",\n".join(_encode(dict(zip(names, row, strict=True))) for row in group)


def _default(value: date | Sequence[str]) -> str | list[str]:
    return _iso(value) if isinstance(value, date) else list(value)


_encode = json.JSONEncoder(ensure_ascii=False, default=_default, separators=(",", ":")).encode


def _arrow(schema: pa.Schema, group: Sequence[Row]) -> pa.Table:
    columns = zip(*group, strict=True)
    return pa.Table.from_arrays(
        [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)], schema=schema
    )
