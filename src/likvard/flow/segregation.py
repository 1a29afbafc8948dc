"""How segregated schools are: every measure, what chance gives, and the doubt, of a file or of any counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from likvard.models import segregation_chance as chance
from likvard.models import segregation_doubt as doubt
from likvard.models.segregation import Counts, Indices, entropy, exposure, indices, local, mutual_information, pairwise
from likvard.models.segregation_change import Change, change
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
    plain, lot, true = indices(counts), chance.expected(counts), chance.corrected(counts)
    draws = chance.bootstrap(counts, replicates=replicates, seed=seed)
    known = doubt.of_counts(counts, true)
    alone, (apart, _) = exposure(counts), local(counts)
    pupils = counts.pupils.sum(axis=0)
    return Segregation(
        m=Value(plain.m, lot.m, true.m, *draws.interval("m", true.m, known.m)),
        h=Value(plain.h, lot.h, true.h, *draws.interval("h", true.h, known.h)),
        d=Value(plain.d, lot.d, true.d, *_of_d(draws, true.d, known.d)),
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


def _of_d(draws: chance.Draws, around: float, half: float) -> tuple[float, float]:
    """The interval of D: at least as wide as the plain D moves, where units are so alike that no pupil moves the other."""
    low, high = draws.interval("d", around, max(half, doubt.Z95 * draws.error("d")))
    return max(low, 0.0), high


def _parts(counts: Counts, draws: chance.Draws, known: doubt.Known, plain: Indices, lot: Indices) -> tuple[Part, ...]:
    """M by level, one minus the other in the order of the levels; H of each part by the entropy of the whole."""
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
    out = []
    for i, name in enumerate(names):
        as_is, lots, corrected = (float(chain[i]) for chain in each)
        low, high = draws.interval_of_part(i, corrected, known.parts[i])
        shares = [_share(part, chain[-1]) for part, chain in zip((as_is, lots, corrected), chains, strict=True)]
        out.append(
            Part(
                name,
                names[:i],
                Value(as_is, lots, corrected, low, high),
                Value(as_is / mix, lots / mix, corrected / true_mix, low / true_mix, high / true_mix),
                Value(shares[0], shares[1], shares[2], *draws.interval_of_share(i, shares[2], known.shares[i])),
            )
        )
    return tuple(out)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")


def read(path: Path, *, unit: str, group: str, count: str, within: Sequence[str] = ()) -> tuple[Counts, int]:
    """Counts from a CSV or Parquet file in long form, and how many rows were left out for a missing value.

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
        if table.kinds[count] is not tables.Kind.NUMBER:
            raise InputError(
                f"The column {count!r} of {path.name} holds {_no_number(table, names[-1])}.",
                "Name the column of counts, and leave cells without a number empty: they are left out, and told.",
            )
        rows = table.con.execute(
            f"SELECT {texts}, CAST(sum({names[-1]}) AS DOUBLE), count(*), min({names[-1]}) "
            f"FROM {table.relation} WHERE {known} GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    if not rows:
        raise InputError(f"{path.name} has no row without an empty cell.", "Give units, groups and counts.")
    if (least := min(row[-1] for row in rows)) < 0:
        raise InputError(f"{path.name} has the count {least:g}.", "Every count must be zero or more.")
    columns_of = list(zip(*rows, strict=True))
    used = int(sum(columns_of[-2]))
    places = [(name, columns_of[i]) for i, name in enumerate(within)]
    counts = Counts.of(columns_of[len(within)], columns_of[len(within) + 1], columns_of[-3], places)
    return counts, table.rows - used


def _no_number(table: tables.Table, name: str) -> str:
    """What stands in a column that should hold numbers: its first value that is none."""
    found = table.con.execute(
        f"SELECT CAST({name} AS VARCHAR) FROM {table.relation} "
        f"WHERE {name} IS NOT NULL AND TRY_CAST(CAST({name} AS VARCHAR) AS DOUBLE) IS NULL LIMIT 1"
    ).fetchall()
    return f"{found[0][0]!r}, which is no number" if found else "text in quotes, not numbers"


def of_file(
    path: Path,
    *,
    unit: str,
    group: str,
    count: str,
    within: Sequence[str] = (),
    replicates: int = REPLICATES,
    seed: int = 1,
) -> tuple[Segregation, int]:
    """Measure segregation in a file, as `read` and `measure`; with the number of rows left out."""
    counts, dropped = read(path, unit=unit, group=group, count=count, within=within)
    return measure(counts, replicates=replicates, seed=seed), dropped


def between_files(before: Path, after: Path, *, unit: str, group: str, count: str) -> Change:
    """What the change of M between two files is made of; units are recognised by name."""
    first, _ = read(before, unit=unit, group=group, count=count)
    second, _ = read(after, unit=unit, group=group, count=count)
    return change(first, second)


def pairs(counts: Counts) -> dict[str, float]:
    """D of every two groups, by their names with a line between."""
    names = [str(name) for name, n in zip(counts.groups, counts.pupils.sum(axis=0), strict=True) if n > 0]
    return {f"{a}|{b}": pairwise(counts, a, b) for i, a in enumerate(names) for b in names[i + 1 :]}
