"""Is planted segregation recovered whatever the size of schools, and how fast is a whole country?

`python -m benchmarks.segregation` for all; `python -m benchmarks.segregation recovery`, `coverage`, `few` or `speed` for a part.

Recovery. Schools get a share of each group from a Dirichlet distribution, pupils are drawn by it, and the index of the shares is
the truth. Told are the mean error of the plain index, of the index less what chance gives, of R `segregation`'s bootstrap, and of
ours, and how often our 95 % interval holds the truth.

Coverage. Schools of 30-400 pupils, a group of 1, 3, 10 or 30 %, spread over schools in six ways (by Dirichlet distributions, by a
normal distribution of log odds, and so that a fifth of the schools have four fifths of the group), none of which the interval
is told of: how often it holds the true H and D, and how far off the corrected H is on the mean, in standard deviations.

Few. The same where a group has 5, 10 or 20 pupils in all, in 3 to 50 schools.

Speed. A country of 4,700 schools and 1.06 million pupils in 290 municipalities and 1,100 organisers, two groups; beside a loop
over cells in Python, and replicates that draw every pupil anew as R `segregation` does.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from likvard.flow.segregation import measure
from likvard.models import segregation_chance as chance
from likvard.models import segregation_doubt as doubt
from likvard.models.segregation import Counts, indices
from likvard.models.segregation_change import change
from likvard.models.segregation_distance import distances, widened
from likvard.models.segregation_places import places

TIMES = 40
REPLICATES = 200


@dataclass(frozen=True)
class Setting:
    """How many schools of which size, the groups' shares, and how mixed schools are (infinite: all alike)."""

    name: str
    schools: int
    least: int
    most: int
    shares: tuple[float, ...]
    mixed: float


SETTINGS = (
    Setting("25 pupils, none", 300, 25, 26, (0.3, 0.7), math.inf),
    Setting("10-40 pupils, weak", 300, 10, 41, (0.3, 0.7), 19),
    Setting("25 pupils, strong", 300, 25, 26, (0.3, 0.7), 2),
    Setting("25 pupils, very strong", 300, 25, 26, (0.3, 0.7), 0.6),
    Setting("8 schools of 100", 8, 100, 101, (0.3, 0.7), 9),
    Setting("40-200 pupils, a group of 3 %", 500, 40, 201, (0.03, 0.97), 20),
    Setting("50-400 pupils, middling", 500, 50, 401, (0.25, 0.75), 9),
    Setting("five groups, strong", 1000, 50, 801, (0.02, 0.19, 0.15, 0.63, 0.01), 1),
)


def table(pupils: np.ndarray) -> Counts:
    """Counts without levels."""
    u, g = pupils.shape
    return Counts(pupils, np.arange(u).astype(str), np.arange(g).astype(str), np.zeros((u, 0), dtype=np.intp))


def planted(setting: Setting, random: np.random.Generator) -> tuple[Counts, Counts]:
    """A country of the setting: what schools are, and the pupils that were drawn."""
    shares, sizes = np.array(setting.shares), random.integers(setting.least, setting.most, setting.schools)
    each = np.tile(shares, (setting.schools, 1))
    if math.isfinite(setting.mixed):
        each = random.dirichlet(setting.mixed * shares, setting.schools)
    drawn = np.array([random.multinomial(n, p) for n, p in zip(sizes, each, strict=True)], dtype=float)
    return table(sizes[:, None] * each), table(drawn)


def recovery() -> None:
    """Print the table of errors and coverage."""
    print(
        "| schools | true H | plain | less expected | as R | ours | inside 95 % | true D | plain | ours | inside 95 % |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for setting in SETTINGS:
        random = np.random.default_rng(7)
        rows = np.array([one(*planted(setting, random), seed) for seed in range(TIMES)])
        h, d, off, inside = rows[:, 0].mean(), rows[:, 1].mean(), rows[:, 2:8].mean(axis=0), rows[:, 8:].mean(axis=0)
        cells = [f"{h:.3f}", *(f"{x:+.4f}" for x in off[:4]), f"{100 * inside[0]:.0f} %", f"{d:.3f}"]
        cells += [*(f"{x:+.3f}" for x in off[4:]), f"{100 * inside[1]:.0f} %"]
        print("|", " | ".join([setting.name, *cells]), "|", flush=True)


def one(truth: Counts, drawn: Counts, seed: int) -> list[float]:
    """True H and D, the errors of each way, and whether the intervals hold the truth."""
    true, plain = indices(truth), indices(drawn)
    lot, ours = chance.expected(drawn), chance.corrected(drawn)
    draws = chance.bootstrap(drawn, replicates=REPLICATES, seed=seed)
    known = doubt.of_counts(drawn, ours)
    low, high = draws.interval("h", ours.h, known.h)
    as_r = plain.h - draws.bias("h", plain.h)
    found = [true.h, true.d]
    found += [value - true.h for value in (plain.h, plain.h - lot.h, as_r, ours.h)]
    inside = low <= true.h <= high, holds_d(true.d, drawn, known, draws.error("d"))
    return [*found, plain.d - true.d, ours.d - true.d, *map(float, inside)]


def holds_d(true: float, drawn: Counts, known: doubt.Known, error: float) -> bool:
    """Whether the interval of D holds the truth."""
    found = distances(drawn.pupils, np.zeros(len(drawn.units), dtype=np.intp), np.array([error]))
    ends = widened(found, np.array([max(known.d, doubt.Z95 * error)]))
    return bool(ends.low[0] - 1e-9 <= true <= ends.high[0] + 1e-9)


SPREADS = ("Dirichlet 3", "Dirichlet 20", "Dirichlet 100", "log odds, sd 1", "four fifths in a fifth", "all alike")
GROUPS = (0.01, 0.03, 0.1, 0.3)
SCHOOLS = (12, 50, 500)


def shares_of(spread: str, group: float, schools: int, random: np.random.Generator) -> np.ndarray:
    """The share of a group in each school."""
    if spread.startswith("Dirichlet"):
        mixed = float(spread.split()[1])
        return random.beta(mixed * group, mixed * (1 - group), schools)
    if spread.startswith("log"):
        odds = np.log(group / (1 - group)) - 0.5 + random.normal(0, 1, schools)
        return np.asarray(1 / (1 + np.exp(-odds)))
    if spread.startswith("four"):
        return np.where(random.random(schools) < 0.2, min(4 * group, 0.98), group / 4)
    return np.full(schools, group)


def held(spread: str, group: float, schools: int, times: int) -> tuple[float, float, float]:
    """How often the intervals hold H and D, and the mean error of H in its standard deviations."""
    random = np.random.default_rng(11)
    rows = []
    while len(rows) < times:
        sizes, share = random.integers(30, 401, schools), shares_of(spread, group, schools, random)
        members = random.binomial(sizes, share)
        if members.sum() < 2:
            continue
        true = indices(table(np.stack([sizes * share, sizes * (1 - share)], axis=1)))
        drawn = table(np.stack([members, sizes - members], axis=1).astype(float))
        ours = chance.corrected(drawn)
        known = doubt.of_counts(drawn, ours)
        inside = abs(ours.h - true.h) <= known.h, holds_d(true.d, drawn, known, 0.0)
        rows.append((ours.h - true.h, *inside))
    off, h, d = np.array(rows, dtype=float).T
    return float(h.mean()), float(d.mean()), float(off.mean() / off.std())


def coverage() -> None:
    """Print how often intervals hold the truth."""
    print("| schools | group | " + " | ".join(SPREADS) + " |")
    print("|---|---|" + "---|" * len(SPREADS))
    for schools in SCHOOLS:
        for group in GROUPS:
            cells = [held(spread, group, schools, 120 if schools > 100 else 300) for spread in SPREADS]
            told = [f"{100 * h:.0f} ({100 * d:.0f}; {off:+.1f})" for h, d, off in cells]
            print(f"| {schools} | {100 * group:.0f} % |", " | ".join(told), "|", flush=True)


FEW_SPREADS = ("Dirichlet 20", "Dirichlet 100", "four fifths in a fifth", "all alike")


def few() -> None:
    """Print how often intervals of H (of D) hold the truth where a group has a handful of pupils."""
    print("| schools | pupils of the group | " + " | ".join(FEW_SPREADS) + " |")
    print("|---|---|" + "---|" * len(FEW_SPREADS))
    for schools, pupils in ((3, 5), (3, 10), (3, 20), (5, 5), (5, 10), (5, 20), (12, 5), (12, 10), (50, 10)):
        cells = [held(spread, pupils / (215 * schools), schools, 300) for spread in FEW_SPREADS]
        print(
            f"| {schools} | {pupils} |",
            " | ".join(f"{100 * h:.0f} ({100 * d:.0f})" for h, d, _ in cells),
            "|",
            flush=True,
        )


def country(seed: int = 1) -> Counts:
    """4,700 schools, 1.06 million pupils, 290 municipalities, 1,100 organisers."""
    random = np.random.default_rng(seed)
    sizes = np.clip(random.lognormal(5.2, 0.65, 4700), 15, 1500).astype(int)
    share = random.beta(1.1, 2.9, 4700)
    members = random.binomial(sizes, share)
    municipality = np.sort(random.integers(0, 290, 4700))
    organiser = municipality * 4 + random.integers(0, 4, 4700)
    pupils = np.stack([members, sizes - members], axis=1).astype(float)
    where = np.stack([municipality, organiser], axis=1).astype(np.intp)
    names = np.arange(4700).astype(str)
    return Counts(pupils, names, np.array(["in", "out"]), where, ("municipality", "organiser"))


def naive(pupils: list[list[float]]) -> float:
    """M by a loop over the cells."""
    total = sum(map(sum, pupils))
    groups = [sum(column) for column in zip(*pupils, strict=True)]
    found = 0.0
    for row in pupils:
        size = sum(row)
        for n, group in zip(row, groups, strict=True):
            if n > 0:
                found += n / total * math.log(n * total / (size * group))
    return found


def redrawn(counts: Counts, times: int) -> None:
    """Replicates as R draws them: every pupil anew."""
    random = np.random.default_rng(1)
    share = (counts.pupils / counts.total).ravel()
    for _ in range(times):
        cell = random.choice(len(share), size=int(counts.total), p=share)
        indices(table(np.bincount(cell, minlength=len(share)).reshape(counts.pupils.shape).astype(float)))


def timed(work: Callable[[], object], times: int = 3) -> float:
    """The least of some runs, in milliseconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - start))
    return min(found)


def speed() -> None:
    """Print milliseconds."""
    found, rows = country(), country().pupils.tolist()
    later = country(2)
    chance.expected(found)  # makes the tables of logarithms, once
    plain, loop = timed(lambda: indices(found)), timed(lambda: naive(rows))
    ours = timed(lambda: chance.bootstrap(found, replicates=500, seed=1))
    theirs = timed(lambda: redrawn(found, 5), times=1) * 100
    where = found.places
    print(f"M, H and D of the country: {plain:.2f} ms; a loop over cells for M alone {loop:.1f} ms")
    print(f"what chance gives, exact: {timed(lambda: chance.expected(found)):.1f} ms")
    print(f"chance taken out: {timed(lambda: chance.corrected(found)):.1f} ms")
    true = chance.corrected(found)
    print(f"how well that is known: {timed(lambda: doubt.of_counts(found, true)):.1f} ms")
    print(f"500 replicates of M, H, D and three levels: {ours:.0f} ms; by drawing every pupil anew {theirs:.0f} ms")
    print(f"everything, with levels and intervals: {timed(lambda: measure(found, replicates=500)):.0f} ms")
    each = timed(lambda: places(found.pupils, where[:, 0], where[:, 1], replicates=200))
    print(f"the same for every municipality, 200 replicates: {each:.0f} ms")
    print(f"the change between two years in its parts: {timed(lambda: change(found, later)):.0f} ms")


def run() -> None:
    """All parts."""
    recovery()
    print()
    coverage()
    print()
    few()
    print()
    speed()


if __name__ == "__main__":
    for part in sys.argv[1:] or ["recovery", "coverage", "few", "speed"]:
        {"recovery": recovery, "coverage": coverage, "few": few, "speed": speed}[part]()
