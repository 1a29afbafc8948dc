"""Segregation between schools as published figures: of the country, and of municipalities and organisers.

The figures are made of what the public is shown of units: their shares and numbers of pupils, a hidden share in the middle of
what it may be, a hidden number of pupils in tens. So they tell nothing that the public does not know, beyond the tens
(`tests/flow/test_segregation_attack.py` tries). One exception: a form of which nothing is told of any unit is measured on
everybody, for the country alone, in two decimals, if it is large (`_is_untold`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import nan
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from likvard.disclosure.cells import Cell, Release
from likvard.disclosure.publication import FigureKey, SourceRow
from likvard.flow import segregation
from likvard.flow.publish_sheet import estimate
from likvard.flow.register import Register
from likvard.flow.segregation_lake import GROUPS, WORDS, Mixed, Told, as_told, mixed
from likvard.models import spread
from likvard.models.segregation import indices
from likvard.models.segregation_change import Change, change
from likvard.models.segregation_places import Numbers, Places, exposures, places, unevenness
from likvard.records.questions.segregation import SHARES
from likvard.terms import NATION, Level, Missing

H, M, D = "segregation_h", "segregation_m", "segregation_d"
EXPOSURE, CHANGE, RESULTS = "segregation_exposure", "segregation_change", "results_between"
MEASURES = (H, M, D, EXPOSURE, CHANGE, RESULTS)

MERIT = "merit_value"
LEAST_UNITS = 3
"""Fewest units of a municipality or organiser whose segregation is told."""

LEAST_WITH_RESULTS = 5
"""Fewest units between which results are told to differ."""

UNTOLD_UNITS, UNTOLD_PUPILS, UNTOLD_OF_A_GROUP = 20, 5_000, 500
"""A form of which nothing is told of any unit is measured on everybody if it has so many: four pupils more or fewer of a group in
a unit then move H by less than the hundredth that it is told in, and others can make up for it."""

DECIMALS = 2
"""Decimals of what is measured on everybody."""

TENS = 10.0
"""A hidden unit has a number of pupils that is hidden too: it is taken in tens, and as ten where it is smaller."""

REPLICATES = 200
PARTS = ("additions", "removals", "group_marginal", "unit_marginal", "structural")

Seen = dict[tuple[str, str, str], dict[str, tuple[Told, int | None]]]
"""What the public is shown of units: shares and merit values by measure, form and year, and then by unit, with their n."""


def take(seen: Seen, made: Release) -> None:
    """Keep what a release to the public shows of units' shares and merit values."""
    for key, cell in made.cells.items():
        name = FigureKey(*key)
        if name.measure in _WATCHED and (name.aspect, name.group, name.level) == ("observed", "all", Level.UNIT):
            ends = (cell.low, cell.high)
            low, high = ends if cell.missing in (Missing.NEAR_ALL, Missing.NEAR_NONE) else (None, None)
            told = (_nan(cell.value), "" if cell.missing is None else cell.missing.value, _nan(low), _nan(high))
            seen.setdefault((name.measure, name.form, name.year), {})[name.area] = told, cell.n


_WATCHED = frozenset({*SHARES.values(), MERIT})


def _nan(number: float | None) -> float:
    return nan if number is None else float(number)


@dataclass(frozen=True, eq=False)
class Segregated:
    """Who goes where, by subject, form, frame and year; `first` is the first year of each series."""

    tables: tuple[Mixed, ...] = ()
    first: Mapping[tuple[str, str, str], int] = field(default_factory=dict)

    def country(self, seen: Seen, within: float, pupils: float | None = None) -> Iterator[Cell]:
        """The figures of the country and its municipalities.

        `within` is the standard deviation in merit inside a unit as units' means move, with what a year's luck adds; `pupils`
        is that of pupils themselves, the same if left out.
        """
        found = {(t.subject, t.form, t.frame, t.year): told_of(t, seen) for t in self.tables}
        for table, exact in filter(None, found.values()):
            yield from _untold(_nation(table)) if exact else _nation(table)
        for series, year in self.first.items():
            first, last = found[*series, year], found[*series, self._last(series)]
            if first is not None and last is not None and year < last[0].year:
                cells = _changed(last[0], change(first[0].counts, last[0].counts))
                yield from () if last[1] else cells
        for table in self.tables:
            yield from _of_places(table, seen, Level.MUNICIPALITY)
        yield from _results(self._municipality, seen, within, within if pupils is None else pupils)

    def _last(self, series: tuple[str, str, str]) -> int:
        return max(t.year for t in self.tables if (t.subject, t.form, t.frame) == series)

    def organisers(self, seen: Seen) -> Iterator[tuple[str, tuple[Cell, ...]]]:
        """The figures of every organiser with at least three units, by its number."""
        found: dict[str, list[Cell]] = defaultdict(list)
        for table in self.tables:
            for cell in _of_places(table, seen, Level.ORGANISER):
                found[FigureKey(*cell.key).area].append(cell)
        yield from ((number, tuple(cells)) for number, cells in sorted(found.items()))

    @property
    def _municipality(self) -> Mapping[str, str]:
        """The municipality of every unit."""
        return {
            str(unit): str(place)
            for table in self.tables
            for unit, place in zip(table.unit, table.municipality, strict=True)
        }

    @property
    def facts(self) -> dict[str, Any]:
        """What pages need to know: subjects in words with their groups, and since when the change is told."""
        found: dict[str, Any] = {}
        for table in self.tables:
            told = found.setdefault(table.subject, {**_words(table.subject), "frames": {}, "places": {}})
            told["places"] = max(told["places"], _places(table), key=lambda places: places.get("units", 0))
            frame = told["frames"].setdefault(f"{table.form}/{table.frame}", {"years": []})
            frame["years"].append(table.year)
            frame["since"] = self.first.get((table.subject, table.form, table.frame), table.year)
            frame["hidden"] = table.hidden
        return found


def _places(table: Mixed) -> dict[str, int]:
    """How many places a table is of: pages say "the country" of a country only."""
    names = {"municipalities": table.municipality, "organisers": table.organiser, "units": table.unit}
    return {name: len(np.unique(codes[codes != ""])) for name, codes in names.items()}


def _words(subject: str) -> dict[str, Any]:
    return {"sv": WORDS[subject].sv, "en": WORDS[subject].en, "groups": list(GROUPS[subject])}


def sourced(found: Mapping[str, SourceRow]) -> Mapping[str, SourceRow]:
    """The sources of these measures beside the others: those of the shares and results that they are made of."""
    shares = next((found[measure] for measure in SHARES.values() if measure in found), None)
    made = {measure: shares for measure in MEASURES if measure != RESULTS and shares is not None}
    return {**made, **({RESULTS: found[MERIT]} if MERIT in found else {}), **found}


def published_segregation(con: duckdb.DuckDBPyConnection, known: Register) -> Segregated:
    """Ask the lake who goes where."""
    tables = mixed(con, known)
    first: dict[tuple[str, str, str], int] = {}
    for table in tables:
        first.setdefault((table.subject, table.form, table.frame), table.year)
    return Segregated(tables, first)


def told_of(table: Mixed, seen: Seen) -> tuple[Mixed, bool] | None:
    """The country's counts that figures may be made of, and whether they are everybody's, not yet public.

    None where there is too little that may be told.
    """
    if table.public:
        return table, False
    shown = seen.get((SHARES[table.subject], table.form, str(table.year)), {})
    told = [shown.get(unit) for unit in table.unit.tolist()]
    if not any(_usable(t) for t in told):
        return (table, True) if _is_untold(table) else None
    usable = np.array([_usable(t) for t in told], dtype=bool)
    if usable.sum() < LEAST_UNITS:
        return None
    rows = [t[0] for t in told if t is not None and _usable(t)]
    sizes = _sizes(table, told)[usable]
    middle, low, high, unknown = as_told(rows, sizes, np.zeros(len(rows), dtype=np.intp))
    if not all((counts.sum(axis=0) > 0).all() for counts in (middle, low, high)):
        return None
    return (
        replace(
            table,
            unit=table.unit[usable],
            municipality=table.municipality[usable],
            organiser=table.organiser[usable],
            pupils=middle,
            low=low,
            high=high,
            hidden=int(unknown.sum()),
        ),
        False,
    )


def _is_untold(table: Mixed) -> bool:
    """Whether the country is so large that everybody may be counted although nothing is told of any unit."""
    groups = table.pupils.sum(axis=0)
    return bool(len(table.unit) >= UNTOLD_UNITS and groups.sum() >= UNTOLD_PUPILS and groups.min() >= UNTOLD_OF_A_GROUP)


def _sizes(table: Mixed, told: Sequence[tuple[Told, int | None] | None]) -> npt.NDArray[np.float64]:
    """The pupils of each unit (U,) as the public knows them: as told, or in tens; of published shares as they are."""
    own = table.pupils.sum(axis=1)
    if table.public:
        return np.asarray(own)
    tens = np.maximum(TENS, TENS * np.round(own / TENS))
    return np.array(
        [n if t is None or t[1] is None else t[1] for t, n in zip(told, tens.tolist(), strict=True)], dtype=float
    )


def _usable(told: tuple[Told, int | None] | None) -> bool:
    """Whether anything is told of a unit: its share, or how few it may stand for."""
    return told is not None and (told[0][0] == told[0][0] or told[0][1] in _RANGES)


def _untold(cells: Iterable[Cell]) -> Iterator[Cell]:
    """What is told of a form of which nothing is told of any unit: the indices alone, rounded.

    Not their parts by level: shares of a small index move by more than a hundredth for three pupils of one unit, and so does
    D with chance taken out where it is small.
    """
    for cell in cells:
        key = FigureKey(*cell.key)
        if key.aspect in ("observed", "expected", "corrected") and (key.measure, key.aspect) != (D, "corrected"):
            n = None if cell.n is None else 10 * round(cell.n / 10)
            low, high = _hundredths(cell.low), _hundredths(cell.high)
            yield replace(cell, value=_hundredths(cell.value), low=low, high=high, n=n)


def _hundredths(number: float | None) -> float | None:
    return None if number is None else round(number, DECIMALS)


def _key(table: Mixed, measure: str, aspect: str, level: Level, area: str, group: str = "") -> FigureKey:
    named = group or table.frame
    return FigureKey(measure, aspect, table.subject, named, level.value, area, table.form, str(table.year))


def _nation(table: Mixed) -> Iterator[Cell]:
    found = segregation.measure(table.counts, replicates=REPLICATES, seed=table.year)
    low, high = (indices(counts).h for counts in table.bounds)
    for measure, value in ((H, found.h), (M, found.m), (D, found.d)):
        known = table.hidden and measure == H
        ends = (min(low, value.plain), max(high, value.plain)) if known else (nan, nan)
        key = _national(table, measure, "observed")
        yield estimate(key, value.plain, n=found.pupils, low=ends[0], high=ends[1])
        yield estimate(_national(table, measure, "expected"), value.expected, n=found.pupils)
        yield _with_interval(_national(table, measure, "corrected"), value, found.pupils)
    for part in found.parts:
        for measure, value in ((H, part.h), (M, part.m)):
            yield _with_interval(_national(table, measure, f"between_{part.level}"), value, found.pupils)
        yield _with_interval(_national(table, H, f"share_{part.level}"), part.share, found.pupils)
    if table.frame == "all":
        met = exposures(table.pupils, np.zeros(len(table.unit), dtype=np.intp))[0]
        for group, share in zip(GROUPS[table.subject], met.tolist(), strict=True):
            yield estimate(_national(table, EXPOSURE, "observed", group), share, n=found.pupils)


def _national(table: Mixed, measure: str, aspect: str, group: str = "") -> FigureKey:
    return _key(table, measure, aspect, Level.NATION, NATION, group)


def _with_interval(key: FigureKey, value: segregation.Value, n: float) -> Cell:
    return estimate(key, value.corrected, n=n, low=value.low, high=value.high)


def _changed(table: Mixed, moved: Change) -> Iterator[Cell]:
    for aspect in ("before", "after", *PARTS):
        yield estimate(_national(table, CHANGE, aspect), float(getattr(moved, aspect)), n=table.counts.total)


def _of_places(table: Mixed, seen: Seen, level: Level) -> Iterator[Cell]:
    """The figures of every municipality or organiser with enough units of which the public is told anything."""
    shown = seen.get((SHARES[table.subject], table.form, str(table.year)), {})
    names = table.municipality if level is Level.MUNICIPALITY else table.organiser
    told = [shown.get(unit) for unit in table.unit.tolist()]
    usable = np.array([_usable(t) for t in told], dtype=bool)
    area, place, size = np.unique(names[usable], return_inverse=True, return_counts=True)
    many = (size >= LEAST_UNITS) & (area != "")
    usable[np.flatnonzero(usable)[~many[place]]] = False
    if not usable.any():
        return
    area, place = np.unique(names[usable], return_inverse=True)
    rows = [t[0] for t, here in zip(told, usable.tolist(), strict=True) if here and t is not None]
    middle, low, high, hidden = as_told(rows, _sizes(table, told)[usable], place)
    inner = np.unique(table.organiser[usable], return_inverse=True)[1]
    found = places(middle, place, inner, replicates=REPLICATES, seed=table.year)
    ends = np.stack([unevenness(low, place), unevenness(high, place)], axis=1)
    ends[np.bincount(place, hidden) == 0] = np.nan
    met = exposures(middle, place)
    for p, code in enumerate(area.tolist()):
        yield from _of_place(table, level, str(code), found, p, ends[p].tolist(), met[p].tolist())


_RANGES = (Missing.FEW, Missing.NEAR_ALL, Missing.NEAR_NONE)


def _of_place(
    table: Mixed, level: Level, area: str, found: Places, p: int, ends: Sequence[float], met: Sequence[float]
) -> Iterator[Cell]:
    n = float(found.pupils[p])
    if not np.isfinite(found.h.plain[p]):
        return
    for measure, numbers in ((H, found.h), (M, found.m), (D, found.d)):
        low, high = ends if measure == H else (nan, nan)
        observed, expected = float(numbers.plain[p]), float(numbers.expected[p])
        low, high = np.minimum(low, observed), np.maximum(high, observed)  # NaN, where nothing is hidden, stays
        yield estimate(_key(table, measure, "observed", level, area), observed, n=n, low=low, high=high)
        yield estimate(_key(table, measure, "expected", level, area), expected, n=n)
        yield _corrected(_key(table, measure, "corrected", level, area), numbers, p, n)
    if level is Level.MUNICIPALITY:
        yield _corrected(_key(table, H, "between_organiser", level, area), found.between, p, n)
        yield _corrected(_key(table, H, "between_unit", level, area), found.within, p, n)
    if table.frame == "all":
        for group, share in zip(GROUPS[table.subject], met, strict=True):
            yield estimate(_key(table, EXPOSURE, "observed", level, area, group), share, n=n)


def _corrected(key: FigureKey, numbers: Numbers, p: int, n: float) -> Cell:
    return estimate(key, float(numbers.corrected[p]), n=n, low=float(numbers.low[p]), high=float(numbers.high[p]))


def _results(municipality: Mapping[str, str], seen: Seen, noise: float, pupils: float) -> Iterator[Cell]:
    """How much of pupils' differences in merit lies between units: the share of the variance, chance taken out.

    `noise`^2 / n is what chance gives the mean of n pupils, a year's luck of the unit with it; `pupils` the standard deviation
    between pupils of a unit, which the variance is divided by (as in `models.shares.of_total`).
    A unit whose number of pupils is not told for a year counts with that of the year before.
    """
    before: dict[str, tuple[int, int]] = {}
    for (measure, form, year), units in sorted(seen.items()):
        if measure != MERIT or not noise > 0:
            continue
        rows: dict[tuple[Level, str], list[tuple[float, float]]] = defaultdict(list)
        for unit, (told, told_n) in sorted(units.items()):
            n = told_n or _of_the_year_before(before.get(unit), int(year))
            if n and told[0] == told[0]:
                before[unit] = int(year), n
                rows[Level.NATION, NATION].append((told[0], n))
                if municipality.get(unit):
                    rows[Level.MUNICIPALITY, municipality[unit]].append((told[0], n))
        for (level, area), pairs in sorted(rows.items()):
            if len(pairs) >= LEAST_WITH_RESULTS:
                key = FigureKey(RESULTS, "observed", "", "all", level.value, area, form, year)
                yield _between(key, pairs, noise, pupils)


def _of_the_year_before(known: tuple[int, int] | None, year: int) -> int:
    return known[1] if known is not None and known[0] == year - 1 else 0


def _between(key: FigureKey, pairs: Sequence[tuple[float, float]], noise: float, pupils: float) -> Cell:
    value, n = np.array(pairs, dtype=float).T
    sd = spread.between_sd(value, n, noise)
    share, low, high = (part**2 / (part**2 + pupils**2) for part in (sd.true, sd.low, sd.high))
    return estimate(key, share, n=float(n.sum()), low=low, high=high)
