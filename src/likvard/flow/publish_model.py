"""What published statistics say of units' merit values: expected, change, spread, and the country's shares of variance.

For lakes without pupils' records. Everything here is made from figures that their source has published, so nothing
ties it to what the source hides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import duckdb
import numpy as np

from likvard.disclosure.cells import Cell, Key
from likvard.disclosure.publication import FigureKey
from likvard.figures.chapters.evidence import Deviations
from likvard.figures.chapters.frame import schools
from likvard.flow import published, published_groups
from likvard.flow.area import RULES
from likvard.flow.publish_derived import LEAST_TESTED, LEAST_UNITS, NOTHING_TESTED, Alarms, alarms, spread_of
from likvard.flow.publish_nation import PARTS
from likvard.flow.publish_results import MERIT
from likvard.flow.publish_sheet import Sheet, Shown, estimate
from likvard.flow.publish_sums import REACH
from likvard.terms import NATION, Level, Words


@dataclass(frozen=True, eq=False)
class Modelled:
    """Cells by organiser, the country's, and what there is to tell of the whole; `within` is the pupils' SD."""

    cells: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    country: tuple[Cell, ...] = ()
    units: Mapping[str, Sequence[str]] = field(default_factory=dict)
    years: tuple[int, ...] = ()
    pooled: tuple[int, ...] = ()
    within: float = 0.0
    differences: Alarms = NOTHING_TESTED
    changes: Alarms = NOTHING_TESTED
    left_out: tuple[Words, ...] = ()
    pupils: Mapping[tuple[str, int], float] = field(default_factory=dict)

    def ask(self, sheet: Sheet) -> None:
        """Add the cells of the sheet's organiser, and how far apart its units lie."""
        sheet.cells += self.cells.get(sheet.organiser, ())
        sheet.kept |= self.differences.kept | self.changes.kept
        units = self.units.get(sheet.organiser, ())
        if len(units) >= LEAST_UNITS:
            sheet.late.append(lambda shown: self._apart(sheet.organiser, units, shown))

    def _apart(self, organiser: str, units: Sequence[str], shown: Shown) -> Iterator[Cell]:
        for year in self.years:
            key = _key("sd", organiser, year, level=Level.ORGANISER)
            cell = spread_of(key, [_key("observed", unit, year) for unit in units], shown, self.within, RULES)
            if cell is not None:
                yield cell


def _key(aspect: str, area: str, year: int, *, level: Level = Level.UNIT, group: str = "all") -> FigureKey:
    return FigureKey(MERIT, aspect, "", group, level.value, area, "GR", str(int(year)))


def modelled(con: duckdb.DuckDBPyConnection, owner: Mapping[str, str], *, expect: bool) -> Modelled:
    """Fit the models of published merit values and test results; nothing where the lake has too few.

    Without `expect` only the numbers of pupils are told: then pupils' own records say what is expected.
    """
    found = published.panel(con)
    if found is None:
        return Modelled()
    behind = {
        (str(u), int(y)): float(n)
        for u, y, n in zip(found.rows["unit"], found.rows["year"], found.rows["n"], strict=True)
        if n >= published.LEAST_TOLD
    }
    if not (expect and found.enough):
        return Modelled(pupils=behind)
    compared = published.deviations(found)
    heat = _subjects(con, found)
    moved = tuple(_changes(found))
    every = (*_differences(compared), *heat[0], *_bands(found), *(cell for cell, _ in moved))
    units = sorted({str(u) for u in found.rows["unit"]})
    return Modelled(
        cells=_by(owner, every),
        country=tuple(_country(con, found, compared, owner)),
        units=_grouped(owner, units),
        years=found.years,
        pooled=compared.years,
        within=found.within.value,
        differences=alarms(chain(_tested(compared), heat[1])),
        changes=alarms((cell.key, float(cell.value or 0.0), error) for cell, error in moved),
        left_out=tuple(_left_out(why, count) for why, count in compared.left_out.items() if count),
        pupils=behind,
    )


def _left_out(why: Words, count: int) -> Words:
    return Words(
        f"{schools(count).sv} i landet är inte med: {why.sv}.",
        f"Left out in the country, {schools(count).en}: {why.en}.",
    )


def _by(owner: Mapping[str, str], cells: Sequence[Cell]) -> Mapping[str, Sequence[Cell]]:
    found: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        found[owner.get(cell.key[5], "")].append(cell)
    return found


def _grouped(owner: Mapping[str, str], units: Sequence[str]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for unit in units:
        found[owner.get(unit, "")].append(unit)
    return found


def _estimate(key: FigureKey, value: float, n: float, low: float = np.nan, high: float = np.nan) -> Cell:
    return estimate(key, float(value), n=float(n), low=float(low), high=float(high), source=RULES)


def _differences(found: Deviations) -> Iterator[Cell]:
    last = found.years[-1]
    for i, unit in enumerate(found.unit):
        n = float(found.n[i])
        yield _estimate(_key("difference", str(unit), last), found.difference[i], n, found.low[i], found.high[i])
        yield _estimate(_key("expected", str(unit), last), found.expected[i], n)
        yield _estimate(_key("result", str(unit), last), found.result[i], n)


def _tested(found: Deviations) -> Iterator[tuple[Key, float, float]]:
    errors = (found.high - found.low) / (2 * REACH)
    for unit, value, error, n in zip(found.unit, found.difference, errors, found.n, strict=True):
        if n >= LEAST_TESTED:
            yield _key("difference", str(unit), found.years[-1]), float(value), float(error)


def _subjects(
    con: duckdb.DuckDBPyConnection, found: published.Panel
) -> tuple[list[Cell], list[tuple[Key, float, float]]]:
    """Distances from the expected on national tests: the cells, and what is tested."""
    heat = published_groups.subject_tests(con, found, frozenset(str(u) for u in found.rows["unit"]))
    cells: list[Cell] = []
    tested: list[tuple[Key, float, float]] = []
    for u, unit in enumerate(heat.unit if heat is not None else ()):
        for s, (measure, _, _) in enumerate(heat.subjects if heat is not None else ()):
            if heat is None or np.isnan(heat.difference[u, s]):
                continue
            key = _key("difference", str(unit), heat.years[-1])._replace(measure=measure)
            value, low, high = (float(part[u, s]) for part in (heat.difference, heat.low, heat.high))
            cells.append(_estimate(key, value, heat.n[u, s], low, high))
            tested.append((key, value, (high - low) / (2 * REACH)))
    return cells, tested


def _bands(found: published.Panel) -> Iterator[Cell]:
    rows = published.unit_years(found)
    known = np.flatnonzero(np.isfinite(rows.expected_low) & (rows.status == ""))
    for i in known.tolist():
        unit, year, n = str(rows.unit[i]), int(rows.year[i]), rows.n[i]
        yield _estimate(_key("expected_low", unit, year), rows.expected_low[i], n)
        yield _estimate(_key("expected_high", unit, year), rows.expected_high[i], n)


def _changes(found: published.Panel) -> Iterator[tuple[Cell, float]]:
    """Changes of merit to the newest year from the year before, with their standard errors.

    Results are published before the numbers of pupils: until those of the newest year are there, the year before's
    stand in for them.
    """
    rows = published.unit_years(found)
    last = max(found.years)
    at = {(str(u), int(y)): i for i, (u, y) in enumerate(zip(rows.unit, rows.year, strict=True))}
    for (unit, year), i in at.items():
        j = at.get((unit, last - 1))
        if year != last or j is None or not np.isfinite([rows.value[i], rows.value[j], rows.n[j]]).all():
            continue
        n = float(rows.n[i] if np.isfinite(rows.n[i]) else rows.n[j])
        value = float(rows.value[i] - rows.value[j])
        error = found.within.value * float(np.sqrt(1 / n + 1 / rows.n[j]))
        reach = REACH * error
        yield _estimate(_key("change", unit, last), value, n, value - reach, value + reach), error


def _country(
    con: duckdb.DuckDBPyConnection, found: published.Panel, compared: Deviations, owner: Mapping[str, str]
) -> Iterator[Cell]:
    key = _key("explained", NATION, compared.years[-1], level=Level.NATION)
    n = float(compared.n.sum())
    yield _estimate(key, compared.explained, n, compared.explained_low, compared.explained_high)
    shares = published.shares(found, {u: o for u, o in owner.items() if o})
    if shares is None:
        return
    parts = (PARTS[0], PARTS[1], PARTS[3])
    for bar, group in enumerate(("before", "after")):
        for i, part in enumerate(parts):
            at = _key(part, NATION, shares.years[-1], level=Level.NATION, group=group)
            yield _estimate(at, shares.value[bar, i], shares.n, shares.low[bar, i], shares.high[bar, i])
