"""What is derived from observed figures: distance from the expected, changes, gaps between groups, and spread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from likvard.disclosure.cells import Cell, CellKind, Key
from likvard.disclosure.publication import FigureKey
from likvard.flow.publish_results import PASSING, Measured
from likvard.flow.publish_sheet import Sheet, Shown, estimate
from likvard.flow.publish_sums import ALL, GROUPS, REACH, SPLITS, Numbers, Sums
from likvard.models import spread
from likvard.models.alarms import RATE, AlarmBudget, alarm_budget
from likvard.models.gaps import GroupGap, group_gap
from likvard.terms import Level, Missing

LEAST_TESTED = 10
"""Fewest pupils behind each figure that is tested: the fewest that anybody may see of a unit."""

LEAST_UNITS = 3
"""Fewest units whose spread is told."""


@dataclass(frozen=True, eq=False)
class Alarms:
    """Which figures survive one budget for false alarms over all that were tested in the lake."""

    kept: frozenset[Key]
    tests: int
    rate: float

    def facts(self) -> dict[str, float]:
        """The budget as the publication tells it."""
        return {"tests": self.tests, "rate": self.rate, "kept": len(self.kept)}


NOTHING_TESTED = Alarms(frozenset(), 0, RATE)


def alarms(tested: Iterator[tuple[Key, float, float]]) -> Alarms:
    """One budget over figures, each with its value and standard error."""
    rows = [row for row in tested if row[2] > 0]
    if not rows:
        return NOTHING_TESTED
    budget: AlarmBudget = alarm_budget([row[1] for row in rows], [row[2] for row in rows])
    kept = frozenset(key for (key, _, _), survives in zip(rows, budget.survives, strict=True) if survives)
    return Alarms(kept, budget.tests, budget.rate)


def tested_differences(measures: Sequence[Measured]) -> Iterator[tuple[Key, float, float]]:
    """Every unit's distance from the expected that rests on enough pupils, with its standard error."""
    for found in measures:
        if found.expected is not None:
            enough = _pooled_pupils(found)
            for unit, (mode, sd) in found.expected.difference.items():
                if enough.get(unit, 0) >= LEAST_TESTED:
                    yield _difference(found, unit), mode, sd


def _pooled_pupils(found: Measured) -> dict[str, float]:
    sums, years = found.sums, found.expected.years if found.expected is not None else ()
    at = [sums.years.index(year) for year in years]
    return dict(zip(sums.unit.tolist(), sums.n[:, at, ALL].sum(axis=1).tolist(), strict=True))


def _difference(found: Measured, unit: str) -> FigureKey:
    sums = found.sums
    last = found.expected.years[-1] if found.expected is not None else sums.years[-1]
    return sums.key(unit, sums.years.index(last), aspect="difference")


def expect(sheet: Sheet, found: Measured, kept: frozenset[Key]) -> None:
    """Add the units' distance from the expected over the pooled years, the expected, and each year's expected band."""
    rows, awaited, sums = found.sums.places.get(sheet.organiser), found.expected, found.sums
    if rows is None or awaited is None:
        return
    pupils = _pooled_pupils(found)
    top = sums.ceiling if sums.kind is CellKind.MEAN else 1.0
    for u, code in enumerate(sums.unit[rows].tolist(), rows.start):
        if code not in awaited.difference:
            continue
        key, n = _difference(found, code), pupils[code]
        mode, sd = awaited.difference[code]
        base = key._replace(aspect="result")
        sheet.derive(estimate(key, mode, n=n, low=mode - REACH * sd, high=mode + REACH * sd), base, kept=key in kept)
        sheet.derive(estimate(key._replace(aspect="expected"), awaited.mean[code], n=n), base)
        for year in awaited.years:
            if (code, year) in awaited.band:
                _band(sheet, sums, u, sums.years.index(year), awaited.band[code, year], top)


def _band(sheet: Sheet, sums: Sums, u: int, y: int, ends: tuple[float, float], top: float | None) -> None:
    n = sums.n[u, y, ALL]
    if n > 0:
        base = sums.key(str(sums.unit[u]), y)
        low, high = max(ends[0], 0.0), ends[1] if top is None else min(ends[1], top)
        sheet.derive(estimate(base._replace(aspect="expected_low"), low, n=n), base)
        sheet.derive(estimate(base._replace(aspect="expected_high"), high, n=n), base)


def moved(found: Measured) -> tuple[Numbers, Numbers] | None:
    """Each unit's change from the year before to the newest and its standard error, U x 7; None without such years."""
    sums = found.sums
    if len(sums.years) < 2 or sums.years[-1] != sums.years[-2] + 1:
        return None
    n, before = (np.where(sums.n[:, y] > 0, sums.n[:, y], np.nan) for y in (-1, -2))
    value = sums.total[:, -1] / n - sums.total[:, -2] / before
    error = np.sqrt(sums.within**2 * (1 / n + 1 / before) + 2 * found.luck**2)
    if not sums.by_group:
        value[:, 1:] = np.nan
    return value, error


def tested_changes(measures: Sequence[Measured]) -> Iterator[tuple[Key, float, float]]:
    """Every unit's change, in every subject and group, that rests on enough pupils in both years.

    Shares who pass a subject are left out: they would test the subject's points a second time.
    """
    for found in measures:
        change = moved(found)
        if change is not None and found.sums.measure != PASSING:
            sums, last = found.sums, len(found.sums.years) - 1
            enough = np.minimum(sums.n[:, -1], sums.n[:, -2]) >= LEAST_TESTED
            for u, g in np.argwhere(enough & np.isfinite(change[0]) & np.isfinite(change[1])).tolist():
                key = sums.key(str(sums.unit[u]), last, g, aspect="change")
                yield key, float(change[0][u, g]), float(change[1][u, g])


def change(sheet: Sheet, found: Measured, kept: frozenset[Key]) -> None:
    """Add the changes of an organiser's units since the year before, and its own."""
    sums, rows, every = found.sums, found.sums.places.get(sheet.organiser), moved(found)
    if rows is None or every is None:
        return
    last = len(sums.years) - 1
    for u, g in np.argwhere(np.isfinite(every[0][rows]) & np.isfinite(every[1][rows])).tolist():
        value, error = (float(part[rows][u, g]) for part in every)
        pupils = float(sums.n[rows][u, -1, g])
        _change(sheet, sums.key(str(sums.unit[rows][u]), last, g), value, error, pupils, kept)
    for g in range(len(GROUPS)):
        n, total = sums.n[rows, -2:, g], sums.total[rows, -2:, g]
        whole = n.sum(axis=0)
        if whole.min() > 0 and np.isfinite(sums.within[g]):
            value = float(total[:, 1].sum() / whole[1] - total[:, 0].sum() / whole[0])
            luck = ((n / whole) ** 2).sum() * found.luck**2
            error = float(np.sqrt(sums.within[g] ** 2 * (1 / whole).sum() + luck))
            key = sums.key(sheet.organiser, last, g, level=Level.ORGANISER)
            _change(sheet, key, value, error, float(whole[1]), kept)


def _change(sheet: Sheet, now: FigureKey, value: float, error: float, n: float, kept: frozenset[Key]) -> None:
    before, key = now._replace(year=str(int(now.year) - 1)), now._replace(aspect="change")
    cell = estimate(key, value, n=n, low=value - REACH * error, high=value + REACH * error)
    sheet.derive(cell, now, before, kept=key in kept)


def gap(sheet: Sheet, found: Measured) -> None:
    """Add the gaps between groups: the organiser's in every year with what they moved since the first, and its units'."""
    sums, rows = found.sums, found.sums.places.get(sheet.organiser)
    if rows is None:
        return
    for _, a, b in SPLITS:
        if not np.isfinite(sums.within[[a, b]]).all():
            continue
        first: tuple[int, GroupGap] | None = None
        for y in range(max(len(sums.years) - sums.group_years, 0), len(sums.years)):
            told = _gap(found, slice(rows.start, rows.stop), y, a, b)
            if told is not None:
                key = sums.key(sheet.organiser, y, level=Level.ORGANISER)
                _told(sheet, key, told, a, b)
                if first is not None:
                    _moved(sheet, key, told, str(sums.years[first[0]]), first[1], a, b)
                first = first or (y, told)
        for y in sums.recent if sums.by_group else ():
            _of_units(sheet, sums, rows, y, a, b)


def _of_units(sheet: Sheet, sums: Sums, rows: slice, y: int, a: int, b: int) -> None:
    """Add the gap within each unit: a year's luck is the same for both groups there, so only the pupils' chance is left."""
    code = f"{GROUPS[a]}-{GROUPS[b]}"
    for u in np.flatnonzero(sums.n[rows, y][:, [a, b]].min(axis=1) > 0) + rows.start:
        (n, m), (first, second) = sums.n[u, y, [a, b]].tolist(), sums.total[u, y, [a, b]].tolist()
        value = first / n - second / m
        reach = REACH * (sums.deviations[a] ** 2 / n + sums.deviations[b] ** 2 / m) ** 0.5
        key = sums.key(str(sums.unit[u]), y)
        cell = estimate(key._replace(aspect="gap", group=code), value, n=n + m, low=value - reach, high=value + reach)
        sheet.derive(cell, key._replace(group=GROUPS[a]), key._replace(group=GROUPS[b]))


def _gap(found: Measured, rows: slice, y: int, a: int, b: int) -> GroupGap | None:
    sums = found.sums
    first_n, second_n = sums.n[rows, y, a], sums.n[rows, y, b]
    if min(first_n.sum(), second_n.sum()) == 0:
        return None
    within = float(sums.within[a]), float(sums.within[b])
    first, second = sums.total[rows, y, a], sums.total[rows, y, b]
    return group_gap(first, first_n, second, second_n, within=within, luck=found.luck)


def _told(sheet: Sheet, key: FigureKey, told: GroupGap, a: int, b: int) -> None:
    low, high = told.interval()
    name = key._replace(aspect="gap", group=f"{GROUPS[a]}-{GROUPS[b]}")
    cell = estimate(name, told.gap, n=told.first_n + told.second_n, low=low, high=high)
    sheet.derive(cell, key._replace(group=GROUPS[a]), key._replace(group=GROUPS[b]))


def _moved(sheet: Sheet, key: FigureKey, now: GroupGap, since: str, then: GroupGap, a: int, b: int) -> None:
    value, error = now.gap - then.gap, REACH * float(np.hypot(now.gap_se, then.gap_se))
    name = key._replace(aspect="gap_change", group=f"{GROUPS[a]}-{GROUPS[b]}")
    cell = estimate(name, value, n=now.first_n + now.second_n, low=value - error, high=value + error)
    ends = [key._replace(group=GROUPS[g], year=year) for year in (key.year, since) for g in (a, b)]
    sheet.derive(cell, *ends)


def apart(sheet: Sheet, sums: Sums) -> None:
    """Add how far apart the organiser's units lie in each year, chance taken out: over the units that are shown."""
    rows = sums.places.get(sheet.organiser)
    if rows is None or rows.stop - rows.start < LEAST_UNITS or not np.isfinite(sums.within[ALL]):
        return

    within = float(sums.within[ALL])

    def of_shown(shown: Shown) -> Iterator[Cell]:
        for y in range(len(sums.years)):
            keys = [sums.key(code, y) for code in sums.unit[rows].tolist()]
            cell = spread_of(sums.key(sheet.organiser, y, aspect="sd", level=Level.ORGANISER), keys, shown, within)
            if cell is not None:
                yield cell

    sheet.late.append(of_shown)


def spread_of(key: FigureKey, keys: Sequence[Key], shown: Shown, within: float, source: str = "") -> Cell | None:
    """The standard deviation between units in one year, from what is shown of them; None where none is published."""
    found = [shown[k] for k in keys if k in shown]
    told = [(cell.value, cell.n) for cell in found if cell.value is not None and cell.n]
    if not found:
        return None
    if len(told) < LEAST_UNITS:
        return Cell(key, CellKind.ESTIMATE, None, missing=Missing.FEW, source=source, level=Level(key.level))
    value, n = np.array(told, dtype=float).T
    sd = spread.between_sd(value, n, within)
    return estimate(key, sd.true, n=float(n.sum()), low=sd.low, high=sd.high, source=source)
