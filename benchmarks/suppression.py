"""What protecting the nation's tables costs, and how much more is hidden than must be.

Instances as in the handbook's goal 8: every municipality publishes schools by grades A-F with margins; about 28,000
cells of which more than half are primary (one to four pupils). Three parts: the nation through the gate, the audit
that settles many cells with each program against the plain one (two programs a cell) in the same run, and small
tables against the least possible weight, found by a mixed-integer program.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from time import perf_counter

import highspy
import numpy as np
from scipy.sparse import csr_array, lil_array

from likvard.disclosure import Cell, CellKind, Key, Relation, Release, release
from likvard.disclosure.protection.attack import intervals, short_cells
from likvard.disclosure.protection.build import Built, build, unknown
from likvard.disclosure.protection.cover import extra_weight
from likvard.disclosure.protection.protect import protect
from likvard.disclosure.protection.settle import settle
from likvard.disclosure.protection.system import State, States, System
from likvard.disclosure.rules import few_reached
from likvard.disclosure.thresholds import limits
from likvard.terms import Audience, Level

DAY = date(2026, 11, 1)
GRADES = ("A", "B", "C", "D", "E", "F")
AIM_SECONDS = 6.0


@dataclass(frozen=True)
class Tables:
    """Counts with every sum over them."""

    cells: tuple[Cell, ...]
    relations: tuple[Relation, ...]


def country(seed: int = 1, schools: int = 4658, municipalities: int = 290) -> list[np.ndarray]:
    """Pupils by school and grade in every municipality: sizes log-normal, schools gamma (mean 20), grades Dirichlet."""
    rng = np.random.default_rng(seed)
    shares = rng.lognormal(0, 1, municipalities)
    sizes = np.maximum(1, np.round(shares / shares.sum() * schools)).astype(int)
    grades = np.array([0.08, 0.13, 0.2, 0.2, 0.27, 0.12])
    return [_municipality(rng, int(size), rng.dirichlet(grades * 60)) for size in sizes]


def _municipality(rng: np.random.Generator, schools: int, mix: np.ndarray) -> np.ndarray:
    pupils = np.maximum(1, rng.gamma(1.6, 13, schools)).astype(int)
    return np.array([rng.multinomial(n, rng.dirichlet(mix * 20)) for n in pupils])


def tables(counts: np.ndarray, axes: Sequence[Sequence[str]], place: str = "m") -> Tables:
    """An array of counts as cells with all margins, and the sums that tie them together."""
    cells, relations = [], []
    for names in itertools.product(*[("all", *axis) for axis in axes]):
        index = tuple(slice(None) if n == "all" else axis.index(n) for n, axis in zip(names, axes, strict=True))
        key: Key = ("grade_count", place, *names)
        cells.append(Cell(key, CellKind.COUNT, float(counts[index].sum()), level=Level.MUNICIPALITY))
        for at, name in enumerate(names):
            if name == "all":
                parts = tuple((*key[: at + 2], part, *key[at + 3 :]) for part in axes[at])
                relations.append(Relation(key, parts))
    return Tables(tuple(cells), tuple(relations))


def national(counts: Sequence[np.ndarray], *, linked: bool) -> Tables:
    """All municipalities' tables; `linked` adds the nation's row, which ties them together."""
    parts = [
        tables(table, ([f"s{i:03d}" for i in range(len(table))], GRADES), f"{number:04d}")
        for number, table in enumerate(counts)
    ]
    cells, relations = [c for p in parts for c in p.cells], [r for p in parts for r in p.relations]
    if linked:
        total = sum(table.sum(axis=0) for table in counts)
        for grade, value in [*zip(GRADES, total, strict=True), ("all", total.sum())]:
            key = ("grade_count", "nation", "all", grade)
            cells.append(Cell(key, CellKind.COUNT, float(value), level=Level.NATION))
            relations.append(
                Relation(key, tuple(("grade_count", f"{i:04d}", "all", grade) for i in range(len(counts))))
            )
        relations.append(
            Relation(
                ("grade_count", "nation", "all", "all"), tuple(("grade_count", "nation", "all", g) for g in GRADES)
            )
        )
    return Tables(tuple(cells), tuple(relations))


def system_of(table: Tables) -> Built:
    """The system of a table of counts under the public rule (below 5)."""
    limit = limits("", Audience.PUBLIC, DAY, CellKind.COUNT, Level.MUNICIPALITY, "grade_count")
    raw = build({c.key: unknown(c, few_reached.judge(c, limit)) for c in table.cells}, table.relations, {})
    return Built(raw.keys, *settle(raw.system, raw.states, raw.keys))


def least_weight(system: System, states: States, seconds: float = 30.0) -> float | None:
    """The least weight that can be hidden so that every hidden cell keeps what it needs; None if not found in time.

    For every cell that may be hidden a yes or no, and for every hidden one a pair of tables that differ in it enough;
    cells may differ from the true table only where they are hidden (Fischetti & Salazar 2000, without their cuts).
    """
    hidden = np.flatnonzero(states != State.SHOWN)
    may = np.flatnonzero((states == State.SHOWN) & np.isfinite(system.weight))
    size, targets = len(system.value), np.concatenate([hidden, may])
    low = np.maximum(system.covered.low, system.value - system.reach) - system.value
    high = np.minimum(system.covered.high, system.value + system.reach) - system.value
    free = np.zeros(size, dtype=bool)
    free[targets] = True
    copies = 2 * len(targets)
    equations = _equations(system, len(may), copies)
    links, needs = _links(system, hidden, may, low, high, copies)
    matrix = csr_array(_stack([equations, links]))
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_ = np.concatenate([system.weight[may], np.zeros(copies * size)])
    model.col_lower_ = np.concatenate([np.zeros(len(may)), np.tile(np.where(free, low, 0.0), copies)])
    model.col_upper_ = np.concatenate([np.ones(len(may)), np.tile(np.where(free, high, 0.0), copies)])
    model.row_lower_ = np.concatenate([np.zeros(equations.shape[0]), needs])
    model.row_upper_ = np.concatenate([np.zeros(equations.shape[0]), np.full(len(needs), np.inf)])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data
    kinds = [highspy.HighsVarType.kInteger] * len(may) + [highspy.HighsVarType.kContinuous] * (copies * size)
    model.integrality_ = kinds
    return _solve(model, seconds)


def _solve(model: highspy.HighsLp, seconds: float) -> float | None:
    highs = highspy.Highs()
    highs.silent()
    for option, value in (("time_limit", seconds), ("threads", 1), ("mip_rel_gap", 1e-6)):
        highs.setOptionValue(option, value)
    highs.passModel(model)
    highs.run()
    optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(highs.getInfo().objective_function_value) if optimal else None


def _equations(system: System, switches: int, copies: int) -> lil_array:
    rows, size = system.matrix.shape
    out = lil_array((rows * copies, switches + size * copies))
    dense = system.matrix.toarray()
    for copy in range(copies):
        start = switches + copy * size
        out[copy * rows : (copy + 1) * rows, start : start + size] = dense
    return out


def _links(
    system: System, hidden: np.ndarray, may: np.ndarray, low: np.ndarray, high: np.ndarray, copies: int
) -> tuple[lil_array, np.ndarray]:
    """A cell differs only if it is switched to hidden; each target's pair differs by its need (if it is hidden)."""
    size, targets = len(system.value), np.concatenate([hidden, may])
    out = lil_array((2 * copies * len(may) + len(targets), len(may) + size * copies))
    row = 0
    for copy, (number, cell) in itertools.product(range(copies), enumerate(may)):
        at = len(may) + copy * size + cell
        out[row, at], out[row, number] = -1.0, high[cell]
        out[row + 1, at], out[row + 1, number] = 1.0, -low[cell]
        row += 2
    for place, cell in enumerate(targets):
        out[row, len(may) + 2 * place * size + cell] = 1.0
        out[row, len(may) + (2 * place + 1) * size + cell] = -1.0
        if place >= len(hidden):
            out[row, place - len(hidden)] = -system.need_covered[cell]
        row += 1
    needs = np.zeros(row)
    needs[-len(targets) : -len(may) or None] = system.need[hidden]
    return out, needs


def _stack(blocks: Sequence[lil_array]) -> csr_array:
    parts = [csr_array(block) for block in blocks]
    indptr = np.concatenate([[0], *(np.diff(p.indptr) for p in parts)]).cumsum()
    data, indices = (np.concatenate([getattr(p, name) for p in parts]) for name in ("data", "indices"))
    return csr_array((data, indices, indptr), shape=(len(indptr) - 1, parts[0].shape[1]))


def national_release(linked: bool) -> None:
    """Part 1: the nation's tables through the gate."""
    every = national(country(), linked=linked)
    start = perf_counter()
    out = release(every.cells, audience=Audience.PUBLIC, on=DAY, relations=every.relations)
    seconds = perf_counter() - start
    small = {c.key: 0 < (c.value or 0) < 5 for c in every.cells}
    primary = sum(small.values())
    extra = [c for c in every.cells if out[c.key].value is None and not small[c.key]]
    pupils = sum(c.value or 0 for c in every.cells if c.key[2] != "all" and c.key[3] != "all")
    name = "with the nation's row" if linked else "municipality by municipality"
    _line(f"release, {name}", f"{seconds:.2f} s (aim {AIM_SECONDS:g})", f"{len(every.cells):,} cells")
    _line("  primary; hidden for their sake", f"{primary:,}; {len(extra):,}", f"{out.programs:,} programs")
    _line(
        "  pupils in figures hidden for their sake", f"{sum(c.value or 0 for c in extra) / pupils:.2%}", _symbols(out)
    )


def _symbols(out: Release) -> str:
    crossed = sum(cell.rule == "protected" for cell in out.cells.values())
    return f"{crossed:,} of {out.hidden:,} hidden stand as ×"


def audits() -> None:
    """Part 2: both audits of the same final pattern, on a fifth of the municipalities; they must agree."""
    built = system_of(national(country()[::5], linked=False))
    states = protect(built.system, built.states).states
    loose = np.where(built.states != State.SHOWN, State.OWN, State.SHOWN).astype(np.int8)
    for name, pattern in (("of the primary cells alone", loose), ("of the final pattern", states)):
        hidden = np.flatnonzero(pattern)
        start = perf_counter()
        fast = short_cells(built.system, pattern, hidden)
        middle = perf_counter()
        found, programs = intervals(built.system, pattern, hidden)
        end = perf_counter()
        narrow = hidden[found.high - found.low < built.system.needs(pattern)[hidden] - 1e-6]
        if narrow.tolist() != fast.short.tolist():
            raise SystemExit("The two audits disagree.")
        _line(f"audit {name}", f"{middle - start:.2f} s, {fast.programs:,} programs", f"{len(fast.short):,} too narrow")
        _line("  plain, two programs a cell", f"{end - middle:.2f} s, {programs:,} programs", f"{len(hidden):,} cells")
        _line("  plain / harvesting", f"{(end - middle) / (middle - start):.1f} ×", "same verdicts")


def against_the_least(shapes: Sequence[tuple[int, ...]], count: int, seed: int) -> None:
    """Part 3: our weight over the least possible, on small random tables."""
    rng = np.random.default_rng(seed)
    ratios = []
    while len(ratios) < count:
        shape = shapes[len(ratios) % len(shapes)]
        axes = [[f"{letter}{i}" for i in range(n)] for letter, n in zip("usg", shape, strict=False)]
        built = system_of(tables(rng.poisson(rng.choice([4, 8, 15]), shape), axes))
        least = least_weight(built.system, built.states) if built.states.any() else None
        if least is not None:
            ours = extra_weight(built.system, protect(built.system, built.states).states)
            ratios.append(ours / least if least > 0 else 1.0 + ours)
    share = np.array(ratios)
    _line(
        f"{count} tables {', '.join('×'.join(map(str, s)) for s in shapes)}",
        f"mean {share.mean():.3f}, largest {share.max():.2f}",
        f"{(share < 1 + 1e-6).mean():.0%} least possible",
    )


def single_cells() -> None:
    """Part 4: a report's worth of cells without sums."""
    cells = [Cell(("merit_value", str(i)), CellKind.MEAN, 220.0, i % 90) for i in range(20_000)]
    for audience in Audience:
        start = perf_counter()
        release(cells, audience=audience, on=DAY)
        _line(f"release to {audience}, no sums", f"{perf_counter() - start:.2f} s (aim 0.3)", "20,000 cells")


def _line(what: str, figure: str, beside: str) -> None:
    print(f"{what:<52} {figure:<38} {beside}", flush=True)


def run(*, heavy: bool = False) -> None:
    """Print the table. `heavy` takes more and larger tables against the least possible weight."""
    single_cells()
    national_release(linked=False)
    national_release(linked=True)
    audits()
    against_the_least([(3, 3), (3, 4), (2, 5), (4, 3)], 600 if heavy else 100, 1)
    against_the_least([(2, 2, 2), (2, 3, 2)], 60 if heavy else 10, 2)


if __name__ == "__main__":
    run()
