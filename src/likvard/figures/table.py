"""A table: the twin of a chart, with the same cells and the same hidden cells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from likvard.disclosure.cells import Released
from likvard.figures.charts import Status
from likvard.figures.measures import FigureError, Scale
from likvard.terms import Words

USUAL = (
    Words("under det väntade", "below expected"),
    Words("som väntat, eller går inte att säga", "as expected, or cannot be told"),
    Words("över det väntade", "above expected"),
)
"""Words for below, within and above."""


class Kind(StrEnum):
    """What a column shows of its cells."""

    TEXT = "text"
    NUMBER = "number"  # the value of a released cell
    INTERVAL = "interval"  # its low and high
    PUPILS = "pupils"  # its n
    STATUS = "status"  # below, within, above


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and how its cells are written. `scale` is needed for numbers and intervals.

    `says` are the words for below, within and above, where they differ from the usual ones.
    """

    heading: Words
    kind: Kind = Kind.TEXT
    scale: Scale | None = None
    short: Words | None = None
    says: tuple[Words, Words, Words] | None = None

    def said(self, status: Status) -> Words:
        """The words of a status in this column."""
        return (self.says or USUAL)[tuple(Status).index(status)]

    def __post_init__(self) -> None:
        if self.kind in (Kind.NUMBER, Kind.INTERVAL) and self.scale is None:
            raise FigureError(f"The column {self.heading.en!r} has numbers but no scale.", "Give its scale.")


Entry = Released | Words | Status | None
"""What may stand in a cell. None: nothing to say here (a school without this kind of result says so in words)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its head, its entries (one per column), the group it stands under, the entries to tint."""

    head: Words
    entries: tuple[Entry, ...]
    group: Words | None = None
    code: str = ""
    kept: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, the heading of the row heads, columns and rows. Rows stay in the order given."""

    caption: Words
    head: Words
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.entries) != len(self.columns):
                raise FigureError(
                    f"The row {row.head.en!r} has {len(row.entries)} entries for {len(self.columns)} columns."
                )
