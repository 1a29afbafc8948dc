"""How segregated schools are: every measure, what chance gives, and the doubt, of a file or of any counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import nan
from pathlib import Path

import numpy as np

from likvard.models import segregation_chance as chance
from likvard.models import segregation_doubt as doubt
from likvard.models.segregation import Counts, Indices, entropy, exposure, indices, local, mutual_information, pairwise
from likvard.models.segregation_change import Change, change
from likvard.models.segregation_distance import distances, widened
from likvard.moments import tables
from likvard.moments.columns import identifier
from likvard.terms import InputError, UsageError

REPLICATES = 500


@dataclass(frozen=True, slots=True)
class Value:
    """One number: as it is, what chance gives, with chance taken out, and the 95 % interval of the latter."""

    plain: float
    expected: float
    corrected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Part:
    """What lies between the places of a level inside those of the levels above; `share` is its share of the whole."""

    level: str
    within: tuple[str, ...]
    m: Value
    h: Value
    share: Value


@dataclass(frozen=True, slots=True)
class Group:
    """A group: its pupils, its isolation (its own share in its mean pupil's school) and its local segregation in nats."""

    name: str
    pupils: float
    isolation: float
    local: float


@dataclass(frozen=True, eq=False)
class Segregation:
    """Everything said of one set of counts; `parts` add up to M and H.

    `errors` are standard errors of M, H and D, `biases` what drawing pupils anew adds to them.
    """

    m: Value
    h: Value
    d: Value
    parts: tuple[Part, ...]
    groups: tuple[Group, ...]
    errors: Indices
    biases: Indices
    pupils: float
    units: int
    counts: Counts


def measure(counts: Counts, *, replicates: int = REPLICATES, seed: int = 1) -> Segregation:
    """Measure segregation on counts. Raises `ModelError` for counts that are not whole."""
    plain, lot = indices(counts), chance.expected(counts)
    draws = chance.bootstrap(counts, replicates=replicates, seed=seed)
    true = Indices(*chance.corrected_of(counts.pupils), nan)
    known = doubt.of_counts(counts, true)
    alone, (apart, _) = exposure(counts), local(counts)
    pupils = counts.pupils.sum(axis=0)
    return Segregation(
        m=Value(plain.m, lot.m, true.m, *draws.interval("m", true.m, known.m)),
        h=_to_one(Value(plain.h, lot.h, true.h, *draws.interval("h", true.h, known.h))),
        d=Value(plain.d, lot.d, *_of_d(counts, draws, known.d)),
        parts=_parts(counts, draws, known, plain, lot),
        groups=tuple(
            Group(str(name), float(n), float(alone[i, i]), float(apart[i]))
            for i, (name, n) in enumerate(zip(counts.groups, pupils, strict=True))
        ),
        errors=Indices(draws.error("m"), draws.error("h"), draws.error("d")),
        biases=Indices(draws.bias("m", plain.m), draws.bias("h", plain.h), draws.bias("d", plain.d)),
        pupils=counts.total,
        units=int((counts.pupils.sum(axis=1) > 0).sum()),
        counts=counts,
    )


def _of_d(counts: Counts, draws: chance.Draws, half: float) -> tuple[float, float, float]:
    """D with chance taken out and its interval: at least as wide as the plain D moves, and none where no draw moves it."""
    error = draws.error("d")
    found = distances(counts.pupils, np.zeros(len(counts.units), dtype=np.intp), np.array([error]))
    known = error > chance.STILL and math.isfinite(draws.interval("d", 0.0, 1.0)[0])
    ends = widened(found, np.array([max(half, doubt.Z95 * error) if known else nan]))
    return float(ends.corrected[0]), float(ends.low[0]), float(ends.high[0])


def _parts(counts: Counts, draws: chance.Draws, known: doubt.Known, plain: Indices, lot: Indices) -> tuple[Part, ...]:
    """M by level, one minus the other in the order of the levels; H of each part by the entropy of the whole.

    A level that divides nothing, as the organisers of a municipality that has one, has nothing between its places, for sure.
    """
    above = [counts.at(i) for i in range(len(counts.levels))]
    chains = (
        [mutual_information(table) for table in above] + [plain.m],
        [chance.expected_of(table).m for table in above] + [lot.m],
        list(known.chain),
    )
    each = [np.diff(chain, prepend=0.0) for chain in chains]
    groups = counts.pupils.sum(axis=0)
    mix, true_mix = entropy(groups), float(chance.entropies(groups[None])[0])
    names = (*counts.levels, "unit")
    places = [1, *(int((table.sum(axis=1) > 0).sum()) for table in (*above, counts.pupils))]
    out = []
    for i, name in enumerate(names):
        if places[i + 1] == places[i]:
            out.append(Part(name, names[:i], NONE, NONE, NONE))
            continue
        as_is, lots, corrected = (float(chain[i]) for chain in each)
        low, high = draws.interval_of_part(i, corrected, known.parts[i])
        shares = [_share(part, chain[-1]) for part, chain in zip((as_is, lots, corrected), chains, strict=True)]
        out.append(
            Part(
                name,
                names[:i],
                Value(as_is, lots, corrected, low, high),
                _to_one(Value(as_is / mix, lots / mix, corrected / true_mix, low / true_mix, high / true_mix)),
                Value(shares[0], shares[1], shares[2], *draws.interval_of_share(i, shares[2], known.shares[i])),
            )
        )
    return tuple(out)


NONE = Value(0.0, 0.0, 0.0, 0.0, 0.0)
"""Of what is nought by what it is."""


def _to_one(value: Value) -> Value:
    """H, which is never above 1, with no estimate of it above 1 either."""
    return replace(value, plain=min(value.plain, 1.0), corrected=min(value.corrected, 1.0), high=_least(value.high))


def _least(end: float) -> float:
    return min(end, 1.0) if math.isfinite(end) else end


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a file: left out for an empty cell, and of a unit and group that another row had (their counts are added)."""

    dropped: int
    repeated: int


def read(path: Path, *, unit: str, group: str, count: str, within: Sequence[str] = ()) -> tuple[Counts, Rows]:
    """Counts from a CSV or Parquet file in long form, and how many rows were left out, or added to others.

    `within` are columns of the places that units lie in, the largest first. Raises `UsageError` for a column that is
    not there or named twice, `InputError` for a file or number that cannot be used.
    """
    columns = [*within, unit, group, count]
    if len(set(columns)) < len(columns):
        raise UsageError("The same column is named twice.", "Name one column each for unit, group, count and within.")
    names = [identifier(c) for c in columns]
    texts = ", ".join(f"CAST({n} AS VARCHAR)" for n in names[:-1])
    known = " AND ".join(f"{n} IS NOT NULL" for n in names)
    with tables.open_table(path, columns) as table:
        if not table.rows:
            raise InputError(f"{path.name} has a heading and no rows.", "Give one row for each unit and group.")
        _check_counts(table, path, columns)
        rows = table.con.execute(
            f"SELECT {texts}, CAST(sum({names[-1]}) AS DOUBLE), count(*) "
            f"FROM {table.relation} WHERE {known} GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    if not rows:
        raise InputError(f"{path.name} has no row without an empty cell.", "Give units, groups and counts.")
    columns_of = list(zip(*rows, strict=True))
    found = Rows(table.rows - int(sum(columns_of[-1])), int(sum(columns_of[-1])) - len(rows))
    _check_two(path, unit, [row[:-2] for row in rows if row[-2] > 0], len(within), found.dropped)
    _check_two(path, group, [row[-3:-2] for row in rows if row[-2] > 0], 0, found.dropped)
    if (total := sum(columns_of[-2])) > MOST:
        raise InputError(
            f"{path.name} has {total:,.0f} pupils in all.",
            f"At most {MOST:,} can be measured: check the column {count!r}.",
        )
    places = [(name, columns_of[i]) for i, name in enumerate(within)]
    return Counts.of(columns_of[len(within)], columns_of[len(within) + 1], columns_of[-2], places), found


MOST = 1_000_000_000
"""Pupils that can be measured: about half of all children on earth, and as many as a step of a double tells apart."""


def _check_two(path: Path, column: str, rows: Sequence[tuple[object, ...]], at: int, dropped: int) -> None:
    """Refuse a file whose pupils are all in one unit, or all in one group."""
    if len({tuple(row[: at + 1]) for row in rows}) >= 2:
        return
    told = f"pupils of {str(rows[0][at])!r} only in the column {column!r}" if rows else "no pupils"
    left = f" Rows left out because a cell is empty or no number: {dropped}." if dropped else ""
    raise InputError(
        f"{path.name} has {told}.{left}", "Segregation is between groups, over units: give two or more of each."
    )


def _check_counts(table: tables.Table, path: Path, columns: Sequence[str]) -> None:
    """Refuse counts that are no whole numbers of pupils; the first that is none is told with its row."""
    name, others = identifier(columns[-1]), ", ".join(identifier(c) for c in columns[:-1])
    numbers = table.kinds[columns[-1]] is tables.Kind.NUMBER
    wrong = (
        f"{name} < 0 OR {name} <> round({name})" if numbers else f"TRY_CAST(CAST({name} AS VARCHAR) AS DOUBLE) IS NULL"
    )
    first = table.con.execute(
        f"SELECT CAST({name} AS VARCHAR), row, {others} FROM (SELECT *, row_number() OVER () AS row FROM {table.relation}) "
        f"WHERE {name} IS NOT NULL AND ({wrong}) ORDER BY row LIMIT 1"
    ).fetchall()
    if not first and numbers:
        return
    heading = path.suffix.lower() not in {".parquet", ".pq"}
    holds = (
        f"holds {first[0][0]!r} in row {first[0][1] + heading} ({_named(first[0][2:])})"
        if first
        else "is text in quotes"
    )
    raise InputError(
        f"The column {columns[-1]!r} of {path.name} {holds}.",
        "Every count must be a whole number of pupils, nought or more, without spaces or signs: 1241, not 1 241. "
        "Leave the cell empty where it is not known: such rows are left out, and told.",
    )


def _named(cells: Sequence[object]) -> str:
    return ", ".join("empty" if cell is None else str(cell) for cell in cells)


def of_file(
    path: Path,
    *,
    unit: str,
    group: str,
    count: str,
    within: Sequence[str] = (),
    replicates: int = REPLICATES,
    seed: int = 1,
) -> tuple[Segregation, Rows]:
    """Measure segregation in a file, as `read` and `measure`; with the rows that were left out or added."""
    counts, rows = read(path, unit=unit, group=group, count=count, within=within)
    return measure(counts, replicates=replicates, seed=seed), rows


def between_files(before: Path, after: Path, *, unit: str, group: str, count: str) -> Change:
    """What the change of M between two files is made of; units are recognised by name."""
    first, _ = read(before, unit=unit, group=group, count=count)
    second, _ = read(after, unit=unit, group=group, count=count)
    return change(first, second)


FEW = 30
"""Pupils of a group below which intervals may hold the truth in 82 to 90 cases of a hundred (`benchmarks.segregation few`)."""


def cautions(found: Segregation) -> tuple[str, ...]:
    """What must be said beside the figures: that nothing is known to lie beyond chance, and that a group has few pupils."""
    told = [("M", found.m), ("H", found.h), ("D", found.d)]
    none = [name for name, value in told if value.low <= 0]
    still = [name for name, value in told if not math.isfinite(value.low)]
    said = [f"{_and(none)}: not told apart from none, which the interval holds."] if none else []
    if still:
        said.append(f"{_and(still)}: the interval is not known, because pupils drawn anew tell nothing of it.")
    return (
        *said,
        *(
            f"{group.name}: {group.pupils:.0f} pupils in all. With fewer than {FEW} a 95 % interval may hold in 82-90 % of cases."
            for group in found.groups
            if 0 < group.pupils < FEW
        ),
    )


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def pairs(counts: Counts) -> dict[str, float]:
    """D of every two groups, by their names with a line between."""
    names = [str(name) for name, n in zip(counts.groups, counts.pupils.sum(axis=0), strict=True) if n > 0]
    return {f"{a}|{b}": pairwise(counts, a, b) for i, a in enumerate(names) for b in names[i + 1 :]}
