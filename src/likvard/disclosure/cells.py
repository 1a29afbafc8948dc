"""Cells that ask to be shown, the sums that tie them together, and what comes out of the gate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from likvard.terms import Audience, DisclosureError, Level, Missing, Words

Key = tuple[str, ...]
"""What identifies a figure: measure, level, area, group, year … Any texts, as long as they are the same each time."""

SHOWN = Words("", "")
"""The reason of a cell that is shown as it is."""

WITH_VALUE = frozenset({Missing.APPROXIMATE})
"""States in which the source gives a number all the same."""


class CellKind(StrEnum):
    """What a number is; the rules differ. The last part of an option's key names the answer option."""

    COUNT = "count"
    SHARE = "share"
    MEAN = "mean"
    ESTIMATE = "estimate"
    INDEX = "index"
    OPTION = "option"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number that asks to be shown. Valid from birth; raises `DisclosureError` if it cannot be what it says.

    The first part of `key` is the id of the measure; a part `girls` or `boys` names the sex.
    `value` is a count, a share (0-1), a mean, an estimate or an index, and None exactly when `missing` says why
    (a source's "cirka 450" has both). `n` is the number of pupils it rests on, `numerator` how many of them reached
    (a share without one has `value * n`). `low` and `high` are an interval, or the range a source's symbol allows.
    `source` is the rulebook's name of the source, empty for the organiser's own records. `ceiling` is the largest
    possible mean or index; `precision` half the last published digit, in the unit of `value`. `shown=False` asks
    for no release, only that the cell be protected: a group that no figure has, but that a total minus the others
    would give away. `period` is the first day of the school year or year it is about: a source's rule is looked up
    by that day, our own by the day of release.
    """

    key: Key
    kind: CellKind
    value: float | None
    n: int | None = None
    numerator: float | None = None
    low: float | None = None
    high: float | None = None
    missing: Missing | None = None
    source: str = ""
    level: Level = Level.UNIT
    ceiling: float | None = None
    precision: float = 0.0
    shown: bool = True
    period: date | None = None

    def __post_init__(self) -> None:
        if not self.key:
            raise DisclosureError("A cell has no key.", "Say which figure it is.")
        if self.value is None:
            if self.missing is None:
                raise self._wrong("no value and no reason why", "Give `missing`.")
        elif self.missing is not None and self.missing not in WITH_VALUE:
            raise self._wrong(f"both a value and the reason {self.missing.value!r}", "Give one of them.")
        self._check_numbers()

    def _check_numbers(self) -> None:
        for number in (self.value, self.n, self.numerator, self.low, self.high, self.ceiling, self.precision):
            if number is not None and not math.isfinite(number):
                raise self._wrong(f"the number {number}", "Give a finite number, or `missing`.")
        if self.n is not None and self.n < 0:
            raise self._wrong(f"n = {self.n}", "Count the pupils again.")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise self._wrong(f"a range from {self.low} to {self.high}", "Swap them.")
        if self.kind in (CellKind.SHARE, CellKind.OPTION):
            self._check_share()
        elif self.kind is CellKind.COUNT and self.value is not None and self.value < 0:
            raise self._wrong(f"the count {self.value}", "Count again.")

    def _check_share(self) -> None:
        if self.value is not None and not 0 <= self.value <= 1:
            raise self._wrong(f"the share {self.value}", "Give shares as 0 to 1, not as per cent.")
        if self.numerator is not None and not 0 <= self.numerator <= (math.inf if self.n is None else self.n):
            raise self._wrong(f"{self.numerator} of {self.n}", "Count again.")

    def _wrong(self, got: str, remedy: str) -> DisclosureError:
        return DisclosureError(f"The cell {'/'.join(self.key)} has {got}.", remedy)

    @property
    def reached(self) -> float | None:
        """How many pupils the count or share stands for; None if unknown or if it is no such cell."""
        if self.kind is CellKind.COUNT:
            return self.value
        if self.kind not in (CellKind.SHARE, CellKind.OPTION):
            return None
        if self.numerator is not None or self.value is None or self.n is None:
            return self.numerator
        product = self.value * self.n
        whole = round(product)
        return float(whole) if abs(product - whole) <= max(1e-6, self.precision * self.n) else product


@dataclass(frozen=True, slots=True)
class Relation:
    """A sum that anybody can check: what `total` stands for is what its `parts` stand for, together.

    For counts the values add up, for shares the numerators, for means and indices the value times n.
    """

    total: Key
    parts: tuple[Key, ...]

    def __post_init__(self) -> None:
        if not self.parts or len({self.total, *self.parts}) != len(self.parts) + 1:
            raise DisclosureError(
                f"The sum {'/'.join(self.total)} has no parts, or one of them twice.", "Name every part once."
            )


_SEAL = object()


@dataclass(frozen=True, slots=True)
class Released:
    """A cell as one audience may see it: a value, a range, or the reason why it is withheld.

    `missing` is None for an exact value; `reason` is then empty. `rule` names the rule that decided. Only `release`
    makes these: anything else raises `DisclosureError`.
    """

    key: Key
    kind: CellKind
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    missing: Missing | None
    reason: Words
    rule: str = ""
    source: str = ""
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise DisclosureError("A released cell is made by the gate only.", "Call disclosure.release(cells, …).")


@dataclass(frozen=True, slots=True)
class Release:
    """What one audience may see on one day: the cells by key. Made by `release` only.

    `exposed` are hidden cells that stay narrower than we want whatever we hide, because the source or an earlier
    release has told too much; `programs` is how many linear programs the audit solved.
    """

    audience: Audience
    on: date
    cells: Mapping[Key, Released]
    exposed: tuple[Key, ...] = ()
    programs: int = 0
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise DisclosureError("A release is made by the gate only.", "Call disclosure.release(cells, …).")
        object.__setattr__(self, "cells", MappingProxyType(dict(self.cells)))

    def __getitem__(self, key: Key) -> Released:
        try:
            return self.cells[key]
        except KeyError:
            raise DisclosureError(
                f"The figure {'/'.join(key)} was not put through the gate.", "Hand it to disclosure.release."
            ) from None

    @property
    def hidden(self) -> int:
        """How many cells have no value."""
        return sum(cell.value is None for cell in self.cells.values())
