"""Exact sums of a measure per unit, year and group of pupils, and the cells and ties that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import isfinite

import numpy as np
import numpy.typing as npt

from likvard.disclosure.cells import Cell, CellKind, Key, Relation
from likvard.disclosure.publication import FigureKey
from likvard.flow.publish_sheet import Sheet
from likvard.models.gaps import within_units
from likvard.records.questions.columns import Columns
from likvard.terms import Level

Numbers = npt.NDArray[np.float64]

ALL = 0
GROUPS = ("all", "girls", "boys", "tertiary", "not_tertiary", "swedish", "foreign")
"""The groups of pupils, in the order of the last axis of `Sums`."""

SPLITS = (("sex", 1, 2), ("education", 3, 4), ("background", 5, 6))
"""The splits of all pupils: a name for those in neither group, and the places of the two groups."""

PLACE = {
    ("", 1): 0,
    ("girl", 1): 1,
    ("girl", 0): 2,
    ("tertiary", 1): 3,
    ("tertiary", 0): 4,
    ("foreign", 0): 5,
    ("foreign", 1): 6,
}
"""Where a group of a question's answer (split, member) lies."""

REACH = 1.96

UNIT_GROUP_YEARS = 3
"""In how many of the newest years a unit's figures come by group too. Before them organisers' do: a unit's group is
small, its single years old, and each year multiplies the cells by seven."""


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums of one measure: U units x Y years x 7 groups.

    `n` pupils, `total` of their values (for shares: how many reached), `squares`. `unit` (U,) codes sorted by
    organiser and code, `places` each organiser's rows. `by_group` tells whether units' figures come by group,
    `group_years` in how many of the newest years organisers' do.
    """

    measure: str
    subject: str
    form: str
    kind: CellKind
    ceiling: float | None
    unit: npt.NDArray[np.str_]
    years: tuple[int, ...]
    n: Numbers
    total: Numbers
    squares: Numbers
    places: Mapping[str, slice]
    by_group: bool = True
    group_years: int = 100

    @cached_property
    def within(self) -> Numbers:
        """The standard deviation between pupils of the same unit and year, per group (7,); NaN where none has two."""
        found = np.full(self.n.shape[2], np.nan)
        for g in range(len(found)):
            n = self.n[:, :, g]
            if (n > 1).any():
                here = n > 0
                found[g] = within_units(self.total[:, :, g][here], self.squares[:, :, g][here], n[here])
        return found

    @property
    def recent(self) -> range:
        """The places of the years in which units' figures come by group."""
        return range(max(len(self.years) - UNIT_GROUP_YEARS, 0), len(self.years))

    def key(
        self, area: str, year: int, group: int = ALL, *, aspect: str = "observed", level: Level = Level.UNIT
    ) -> FigureKey:
        """The key of a figure of this measure; `year` is a place among the years."""
        return FigureKey(
            self.measure, aspect, self.subject, GROUPS[group], level.value, area, self.form, str(self.years[year])
        )

    def cell(self, key: FigureKey, n: float, total: float, *, group: int = ALL, shown: bool = True) -> Cell:
        """The cell of pupils `n` with the sum `total`, with its interval."""
        pupils, level, value = round(n), Level(key.level), total / n
        if self.kind is CellKind.SHARE:
            ends: tuple[float | None, float | None] = wilson(total, n)
            return Cell(key, self.kind, value, pupils, float(round(total)), *ends, level=level, shown=shown)
        half, top = REACH * self.deviations[group] / n**0.5, self.ceiling
        ends = (max(value - half, 0.0), value + half if top is None else min(value + half, top))
        low, high = ends if isfinite(half) else (None, None)
        return Cell(key, self.kind, value, n=pupils, low=low, high=high, level=level, ceiling=top, shown=shown)

    @cached_property
    def deviations(self) -> tuple[float, ...]:
        """`within` as plain numbers."""
        return tuple(float(sd) for sd in self.within)


def wilson(reached: float, n: float, z: float = 1.96) -> tuple[float, float]:
    """The interval of a share (Wilson 1927, J. Am. Stat. Assoc. 22: 209)."""
    share, room = reached / n, z**2 / n
    middle = (share + room / 2) / (1 + room)
    half = z / (1 + room) * (share * (1 - share) / n + room / (4 * n)) ** 0.5
    return max(middle - half, 0.0), min(middle + half, 1.0)


def ordered(units: Sequence[str], owner: Mapping[str, str]) -> tuple[npt.NDArray[np.str_], Mapping[str, slice]]:
    """Units sorted by organiser and code, and where each organiser's lie."""
    codes = sorted(set(units), key=lambda code: (owner.get(code, ""), code))
    places: dict[str, slice] = {}
    for i, code in enumerate(codes):
        number = owner.get(code, "")
        places[number] = slice(places[number].start if number in places else i, i + 1)
    return np.array(codes, dtype=np.str_), places


@dataclass(frozen=True, eq=False)
class Layout:
    """Which units and years the sums of an answer lie in, and where each row of the answer goes."""

    unit: npt.NDArray[np.str_]
    years: tuple[int, ...]
    places: Mapping[str, slice]

    @classmethod
    def of(cls, rows: Columns, owner: Mapping[str, str]) -> Layout:
        """The layout of an answer with the columns unit and year."""
        unit, places = ordered([str(u) for u in rows["unit"]], owner)
        return cls(unit, tuple(int(y) for y in np.unique(rows["year"])), places)

    def dense(self, rows: Columns, *columns: str) -> tuple[Numbers, ...]:
        """The columns as arrays of units x years x groups, 0 where the answer has no row."""
        at = {code: i for i, code in enumerate(self.unit.tolist())}
        u = np.array([at[str(code)] for code in rows["unit"]], dtype=np.int64)
        y = np.searchsorted(np.array(self.years), rows["year"].astype(np.int64))
        if "split" in rows:
            g = np.array([PLACE[str(s), int(m)] for s, m in zip(rows["split"], rows["member"], strict=True)])
        else:
            g = np.zeros(len(u), dtype=np.int64)
        found = []
        for column in columns:
            table = np.zeros((len(self.unit), len(self.years), len(GROUPS)))
            table[u, y, g] = rows[column]
            found.append(table)
        return tuple(found)


def ask(sheet: Sheet, sums: Sums) -> None:
    """Add an organiser's observed figures: its units', its own, and the sums that tie groups, units and organiser."""
    rows = sums.places.get(sheet.organiser)
    if rows is None:
        return
    for y in range(len(sums.years)):
        whole = sums.n[rows, y].sum(axis=0)
        if whole[ALL] == 0:
            continue
        grouped = y >= len(sums.years) - sums.group_years
        splits = [split for split in SPLITS if grouped and whole[list(split[1:])].sum() > 0]
        asked = splits if sums.by_group and y in sums.recent else []
        parts: dict[str, list[Key]] = {}
        for u in np.flatnonzero(sums.n[rows, y, ALL]) + rows.start:
            told = sums.n[u, y].tolist(), sums.total[u, y].tolist()
            found = _place(sheet, sums, str(sums.unit[u]), y, *told, Level.UNIT, asked)
            for name, key in found.items():
                parts.setdefault(name, []).append(key)
        total = sums.total[rows, y].sum(axis=0).tolist()
        own = _place(sheet, sums, sheet.organiser, y, whole.tolist(), total, Level.ORGANISER, splits)
        sheet.relations += [Relation(own[name], tuple(keys)) for name, keys in parts.items()]


def _place(
    sheet: Sheet,
    sums: Sums,
    area: str,
    y: int,
    n: Sequence[float],
    total: Sequence[float],
    level: Level,
    splits: Sequence[tuple[str, int, int]],
) -> dict[str, Key]:
    """Add the figures of one unit or organiser in one year; return them by group, as names of what adds up."""
    every = sums.key(area, y, level=level)
    found: dict[str, Key] = {"all": every}
    sheet.cells.append(sums.cell(every, n[ALL], total[ALL]))
    for rest, *pair in splits:
        parts: dict[str, Key] = {}
        for g in pair:
            if n[g] > 0:
                parts[GROUPS[g]] = sums.key(area, y, g, level=level)
                sheet.cells.append(sums.cell(sums.key(area, y, g, level=level), n[g], total[g], group=g))
        left = n[ALL] - sum(n[g] for g in pair)
        if left > 0:
            parts[rest] = key = every._replace(group=f"{rest}_unknown")
            sheet.cells.append(sums.cell(key, left, total[ALL] - sum(total[g] for g in pair), shown=False))
        sheet.relations.append(Relation(every, tuple(parts.values())))
        found |= parts
    return found


def pool(sheet: Sheet, sums: Sums, years: Sequence[int]) -> None:
    """Add the units' means over several years taken together, filed under the last, tied to the years."""
    rows = sums.places.get(sheet.organiser)
    at = [sums.years.index(year) for year in years if year in sums.years]
    if rows is None or not at:
        return
    for u in range(rows.start, rows.stop):
        taught = [y for y in at if sums.n[u, y, ALL] > 0]
        if taught:
            code = str(sums.unit[u])
            key = sums.key(code, at[-1], aspect="result")
            whole = float(sums.n[u, taught, ALL].sum()), float(sums.total[u, taught, ALL].sum())
            sheet.cells.append(sums.cell(key, *whole))
            sheet.relations.append(Relation(key, tuple(sums.key(code, y) for y in taught)))


def pairs() -> tuple[tuple[int, int, str], ...]:
    """The two groups of every split and the name of the gap between them."""
    return tuple((a, b, f"{GROUPS[a]}-{GROUPS[b]}") for _, a, b in SPLITS)


def filled(sums: Sums, group: int) -> list[tuple[int, int]]:
    """Units and years, by place, in which the group has pupils."""
    return [(u, y) for u, y in product(*map(range, sums.n.shape[:2])) if sums.n[u, y, group] > 0]
