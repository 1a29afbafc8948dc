"""Sharing a frame: how long a what-if takes for 200 units, against a general solver, and that both find the same.

`naive` is the second implementation that tests hold the first against: exact fractions, every corner of the broken line tried.
The peer is HiGHS on the same question as a quadratic programme, which knows nothing of whole crowns.
`python -m benchmarks.allocation`.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

import highspy
import numpy as np
from numpy.typing import NDArray

from likvard.allocation import compare, memo, reasons, sensitivity
from likvard.allocation.limits import possible
from likvard.allocation.round import Rule, Unit, need_of
from likvard.allocation.share import Outcome, allocate, frame_of

UNITS = 200
TIMES = 50


def frame(units: int, seed: int = 1) -> tuple[tuple[Unit, ...], Rule]:
    """Invented units with need and last year's crowns, and a rule whose floor, ceiling and cap all hold somebody."""
    random = np.random.default_rng(seed)
    made = []
    for i in range(units):
        need = float(np.clip(random.lognormal(4.5, 0.45), 20, 400))
        pupils = float(random.integers(40, 700))
        last_pupils = pupils + float(random.integers(-9, 10))
        per_pupil = 60_000 + 70 * need + random.normal(0, 2_500)
        kind = {"need_low": need * 0.9, "need_high": need * 1.1}
        made.append(
            Unit(
                code=f"{99000000 + i}",
                name=f"Skola {i}",
                pupils=pupils,
                need=need,
                last=round(per_pupil * last_pupils),
                last_pupils=last_pupils,
                **kind,
            )
        )
    total = sum((u.last_per_pupil or 0) * u.pupils for u in made)
    return tuple(made), Rule(frame=round(total), share=0.12, floor=60_000, ceiling=90_000, cap=0.03)


def naive(units: Sequence[Unit], rule: Rule) -> dict[str, int]:
    """Crowns by unit code, slowly: fractions, each corner of the sum as a broken line in what is added per pupil."""
    wish = _wish(units, rule)
    total = frame_of(units, rule)
    low, high = zip(*(_limits(u, rule, total) for u in units), strict=True)
    pupils = [_exact(u.pupils) for u in units]

    def at(extra: Fraction) -> list[Fraction]:
        return [min(max(w + extra * n, a), b) for w, n, a, b in zip(wish, pupils, low, high, strict=True)]

    corners = sorted(
        {
            (end - w) / n
            for w, n, a, b in zip(wish, pupils, low, high, strict=True)
            for end in (Fraction(a), Fraction(b))
        }
    )
    before = [extra for extra in corners if sum(at(extra)) <= total]
    after = [extra for extra in corners if sum(at(extra)) >= total]
    if not before or not after:
        raise ValueError("impossible")
    left, right = before[-1], after[0]
    rise = sum(at(right)) - sum(at(left))
    extra = left if not rise else left + (right - left) * (total - sum(at(left))) / rise
    return _hamilton(dict(zip([u.code for u in units], at(extra), strict=True)), total)


def _wish(units: Sequence[Unit], rule: Rule) -> list[Fraction]:
    share, total = Fraction(round(rule.share * 10**6), 10**6), frame_of(units, rule) - sum(u.set_apart for u in units)
    n = sum(_exact(u.pupils) for u in units)
    known = [(u, _exact(need)) for u in units if (need := need_of(u, rule)) is not None]
    mean = (
        sum(_exact(u.pupils) * w for u, w in known) / sum(_exact(u.pupils) for u, _ in known) if known else Fraction(1)
    )
    index = {u.code: w / mean for u, w in known} if mean else {}
    return [
        u.set_apart + total * _exact(u.pupils) / n * (1 - share + share * index.get(u.code, Fraction(1))) for u in units
    ]


def _exact(value: float) -> Fraction:
    return Fraction(round(value * 1000), 1000)


def _limits(unit: Unit, rule: Rule, total: int) -> tuple[int, int]:
    n = _exact(unit.pupils)
    low = [Fraction(0)] + ([rule.floor * n] if rule.floor is not None else [])
    high = [Fraction(total)] if rule.ceiling is None else [rule.ceiling * n]
    if rule.cap is not None and unit.last is not None and unit.last_pupils is not None:
        before = unit.last * n / _exact(unit.last_pupils)
        cap = Fraction(round(rule.cap * 10**6), 10**6)
        low.append(before * (1 - cap))
        high.append(before * (1 + cap))
    return max(floor(x + Fraction(1, 2)) for x in low), min(floor(x + Fraction(1, 2)) for x in high)


def _hamilton(quotas: dict[str, Fraction], total: int) -> dict[str, int]:
    crowns = {code: floor(quota) for code, quota in quotas.items()}
    order = sorted(quotas, key=lambda code: (crowns[code] - quotas[code], code))
    for code in order[: total - sum(crowns.values())]:
        crowns[code] += 1
    return crowns


def quadratic(units: Sequence[Unit], rule: Rule) -> NDArray[np.float64]:
    """Crowns by unit from HiGHS: min Σ (x − wish)² / n over the same limits and sum, in floating point."""
    total = frame_of(units, rule)
    wish = np.array([float(w) for w in _wish(units, rule)])
    low, high = (np.array(ends, dtype=float) for ends in zip(*(_limits(u, rule, total) for u in units), strict=True))
    n = np.array([u.pupils for u in units])
    model = highspy.HighsModel()
    count = len(units)
    model.lp_.num_col_, model.lp_.num_row_ = count, 1
    # Crowns a pupil about the wish, so that the numbers are of one size.
    model.lp_.col_cost_ = np.zeros(count)
    model.lp_.col_lower_, model.lp_.col_upper_ = (low - wish) / n, (high - wish) / n
    model.lp_.row_lower_ = model.lp_.row_upper_ = np.array([total - wish.sum()])
    model.lp_.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.lp_.a_matrix_.start_ = np.array([0, count])
    model.lp_.a_matrix_.index_ = np.arange(count)
    model.lp_.a_matrix_.value_ = n
    model.hessian_.dim_ = count
    model.hessian_.format_ = highspy.HessianFormat.kTriangular
    model.hessian_.start_ = np.arange(count + 1)
    model.hessian_.index_ = np.arange(count)
    model.hessian_.value_ = n
    solver = highspy.Highs()
    solver.silent()
    solver.passModel(model)
    solver.run()
    return np.asarray(wish + n * np.array(solver.getSolution().col_value))


@dataclass(frozen=True)
class Steps:
    """Rounds in which one school's need rose: how many, in how many a limit held somebody, and how often it got more or less."""

    rounds: int
    limited: int
    more: int
    less: int


def more_need(rounds: int, seed: int = 7) -> Steps:
    """Frames of a few hundred crowns, where rounding matters most: raise one school's need by a little or a lot."""
    random = np.random.default_rng(seed)
    done = limited = more = less = 0
    while done < rounds:
        units, rule, i = small(random)
        if not possible(units, rule, frame_of(units, rule)):
            continue
        rise = float(random.choice([0.001, 0.1, 1, 10, 100]))
        risen = replace(units[i], need=(units[i].need or 0) + rise)
        before, after = allocate(units, rule), allocate([*units[:i], risen, *units[i + 1 :]], rule)
        change = after.rows[i].crowns - before.rows[i].crowns
        done, limited, more, less = done + 1, limited + (before.bound > 0), more + (change > 0), less + (change < 0)
    return Steps(done, limited, more, less)


def small(random: np.random.Generator) -> tuple[list[Unit], Rule, int]:
    """Two to seven tiny schools, some of unknown need or new, a rule with limits or none, and a school whose need is known."""
    units = []
    for i in range(int(random.integers(2, 8))):
        last_pupils = float(random.uniform(0.5, 30)) if random.random() < 0.5 else None
        units.append(
            Unit(
                code=str(i),
                name=str(i),
                pupils=round(float(random.uniform(0.5, 30)), 3),
                need=round(float(random.uniform(1, 300)), 3) if random.random() < 0.8 or i == 0 else None,
                last=None if last_pupils is None else round(last_pupils * float(random.uniform(20, 60))),
                last_pupils=last_pupils,
            )
        )
    pupils = sum(unit.pupils for unit in units)
    rule = Rule(
        share=int(random.integers(1, 401)) / 1000,
        frame=max(1, round(pupils * float(random.uniform(20, 60)))),
        floor=int(random.integers(0, 25)) if random.random() < 0.5 else None,
        ceiling=int(random.integers(50, 90)) if random.random() < 0.5 else None,
        cap=int(random.integers(0, 600)) / 1000 if random.random() < 0.5 else None,
    )
    known = [i for i, unit in enumerate(units) if unit.need is not None]
    return units, rule, int(random.choice(known))


@dataclass(frozen=True)
class Timed:
    """The median and the slowest of some runs, in milliseconds."""

    median: float
    worst: float


def timed(work: Callable[[], object], times: int = TIMES) -> Timed:
    """Run and time."""
    work()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - start))
    return Timed(float(np.median(found)), max(found))


def what_if(units: tuple[Unit, ...], rule: Rule) -> Outcome:
    """What a move of a slider asks for: the money shared, held against last year and need, and who comes up by it."""
    outcome = allocate(units, rule)
    compare.compare(outcome)
    compare.unseen_need(outcome.rows)
    return outcome


def run() -> None:
    """Print the table."""
    units, rule = frame(UNITS)
    turned = [replace(rule, share=share / 100) for share in range(5, 21)]
    print(f"Sharing a frame among {UNITS} units, {allocate(units, rule).bound} of them held by a limit")
    rows = (
        ("allocate", lambda: allocate(units, rule), TIMES),
        ("a what-if: shared and compared", lambda: what_if(units, turned[7]), TIMES),
        ("with every school's reason", lambda: [reasons.reason(r, rule) for r in what_if(units, rule).rows], 10),
        (
            "sensitivity, four variants",
            lambda: sensitivity.sensitivity(allocate(units, rule), sensitivity.usual(units, rule)),
            10,
        ),
        ("every index at both ends", lambda: sensitivity.by_doubt(units, rule), 3),
        ("the table of the memo", lambda: memo.schools(allocate(units, rule)), 10),
        ("HiGHS, quadratic programme", lambda: quadratic(units, rule), 10),
        ("naive, exact fractions", lambda: naive(units, rule), 1),
    )
    ours = 0.0
    for name, work, times in rows:
        took = timed(work, times)
        ours = ours or took.median
        print(f"{name:<34}{took.median:9.1f} ms, slowest {took.worst:8.1f} ms {took.median / ours:8.1f} x")
    found = {row.unit.code: row.crowns for row in allocate(units, rule).rows}
    apart = np.abs(quadratic(units, rule) - np.array([found[u.code] for u in units])).max()
    print(
        f"Largest difference from HiGHS {apart:.2f} crowns; from the naive {max(abs(found[c] - x) for c, x in naive(units, rule).items())}"
    )
    # A process of its own, for its site's settings are of its own.
    subprocess.run([sys.executable, "-W", "ignore", "-m", "benchmarks.allocation_page"], check=True)
    steps = more_need(5_000)
    print(
        f"One school's need rises, {steps.rounds} tiny rounds, {steps.limited} with limits that hold: "
        f"{steps.more} times more crowns, {steps.less} times fewer"
    )


if __name__ == "__main__":
    run()
