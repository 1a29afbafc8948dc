"""Columns of a design as values: a product of indicators of factor levels and powers of shifted numbers, with its SQL."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from likvard.terms import UsageError

Level = str | int | float | bool
Content = tuple[frozenset[tuple[str, int]], frozenset[tuple[str, int]]]

_CONTROL = re.compile(r"[\x00-\x1f]")


def identifier(name: str) -> str:
    """Quote a column or table name for SQL. Raises `UsageError` for names that no file can mean."""
    if not name or len(name) > 255 or _CONTROL.search(name):
        raise UsageError(
            f"{name!r} cannot be a column name.", "Use a name of 1-255 characters without line breaks or tabs."
        )
    return '"' + name.replace('"', '""') + '"'


def literal(value: Level) -> str:
    """Write a value as an SQL literal: text in single quotes, numbers so that they read back as the same double."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if not math.isfinite(value):
        raise UsageError(f"{value} cannot be written in SQL.", "Use a finite number.")
    return repr(value) if isinstance(value, int) else f"CAST('{value!r}' AS DOUBLE)"


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric SQL expression, from which `shift` is taken before any product, so that sums keep their digits."""

    name: str
    sql: str
    shift: float = 0.0

    @property
    def shifted(self) -> str:
        """The SQL of the shifted number, as a double."""
        bare = f"CAST({self.sql} AS DOUBLE)"
        return bare if self.shift == 0 else f"({bare} - {literal(float(self.shift))})"


@dataclass(frozen=True, slots=True)
class Factor:
    """An SQL expression with few values. The first of `levels` is the reference level of treatment contrasts."""

    name: str
    sql: str
    levels: tuple[Level, ...]

    @property
    def code(self) -> str:
        """The SQL of the level's index, as narrow an integer as it can be: grouping by it is what a pass costs."""
        width = "TINYINT" if len(self.levels) <= 127 else "INTEGER"
        if self.levels == (0, 1) or self.levels == (False, True):
            return f"CAST({self.sql} AS {width})"
        whens = " ".join(f"WHEN {literal(level)} THEN {i}" for i, level in enumerate(self.levels))
        return f"CAST(CASE {self.sql} {whens} END AS {width})"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the design: the product of its indicators and of its powers of shifted numbers; alone it is 1.

    `marks` are pairs (factor, index of the level), `powers` pairs (number, positive whole power).
    """

    name: str
    marks: tuple[tuple[Factor, int], ...] = ()
    powers: tuple[tuple[Number, int], ...] = ()

    @property
    def content(self) -> Content:
        """What the column is, whatever it is called and whatever the shifts."""
        return frozenset((f.name, i) for f, i in self.marks), frozenset((x.name, k) for x, k in self.powers)

    @property
    def is_constant(self) -> bool:
        """Whether the column is 1 in every row."""
        return not self.marks and not self.powers


ONE = Column("(Intercept)")


def number(name: str, shift: float = 0.0) -> Column:
    """Make the column of a table's numeric column `name`, shifted by a declared reference."""
    return Column(name, powers=((Number(name, identifier(name), shift), 1),))


def flag(name: str) -> Column:
    """Make the column of a table's column `name` that holds only 0 and 1, or only false and true."""
    return Column(name, marks=((Factor(name, identifier(name), (0, 1)), 1),))


def factors_of(columns: Iterable[Column]) -> tuple[Factor, ...]:
    """List the factors that the columns use, each once, in order of appearance."""
    return tuple({f.name: f for c in columns for f, _ in c.marks}.values())


def numbers_of(columns: Iterable[Column]) -> tuple[Number, ...]:
    """List the numbers that the columns use, each once, in order of appearance."""
    return tuple({x.name: x for c in columns for x, _ in c.powers}.values())
