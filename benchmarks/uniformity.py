"""How often the uniformity monitor's intervals hold the truth, and how often it cries wolf, on invented authorities.

Six departments of eight inspectors, some 770 decisions; odd departments get the easier cases. `python benchmarks/uniformity.py 60`.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from likvard.flow.uniformity import Compared, Decided, Followed, monitor

ON = date(2026, 11, 22)
DEPARTMENTS, INSPECTORS, CASES = 6, 8, 16


@dataclass(frozen=True)
class Setting:
    """What is planted: the spread of departments and inspectors in findings per decision."""

    name: str
    departments: float
    inspectors: float


SETTINGS = (
    Setting("nobody differs", 0.0, 0.0),
    Setting("inspectors differ", 0.0, 0.3),
    Setting("both differ", 0.4, 0.3),
)


def authority(setting: Setting, seed: int) -> tuple[list[Decided], list[Followed], np.ndarray]:
    """Decisions, their findings, and each department's true effect."""
    random = np.random.default_rng(seed)
    effects = random.normal(0, setting.departments, DEPARTMENTS)
    decided: list[Decided] = []
    followed: list[Followed] = []
    for d in range(DEPARTMENTS):
        for i in range(INSPECTORS):
            own = effects[d] + random.normal(0, setting.inspectors)
            for c in range(int(random.integers(CASES // 2, CASES * 3 // 2))):
                row = one(random, f"{d}-{i}-{c}", d, i, own)
                decided.append(row)
                followed += [after(random, row) for _ in range(row.findings)]
    return decided, followed, effects


def one(random: np.random.Generator, key: str, department: int, inspector: int, own: float) -> Decided:
    """One decision."""
    level = "organiser" if random.random() < (0.2 if department % 2 else 0.5) else "unit"
    type_ = "targeted" if random.random() < 0.3 else "planned"
    mean = max(0.2, 1.8 + 0.9 * (level == "organiser") + 0.6 * (type_ == "targeted") + own)
    day = date(2023, 1, 1) + timedelta(days=int(random.integers(0, 1300)))
    kind = "municipal" if random.random() < 0.5 else "independent"
    who = f"D{department}I{inspector}"
    findings, pupils = int(random.poisson(mean)), int(random.integers(50, 900))
    return Decided(key, f"D{department}", who, type_, level, kind, day, findings, ("GR",), pupils)


def after(random: np.random.Generator, row: Decided) -> Followed:
    """One finding, closed after some months or not yet."""
    area = "unit.safety" if random.random() < 0.5 else "unit.support"
    closed = row.decided + timedelta(days=int(random.gamma(4, (160 + 40 * (area == "unit.safety")) / 4)))
    return Followed(row.case, area, "injunction", row.decided, closed if closed <= ON else None)


def holds(one: Compared, truth: float) -> bool:
    """Whether an ordinary 95 % interval holds the truth."""
    return abs(one.difference - truth) < 1.96 * one.se


def study(setting: Setting, rounds: int) -> str:
    """One line: coverage of departments in findings and in days, worlds with an alarm, alarms per world, seconds."""
    findings, days, alarms, start = [], [], [], time.perf_counter()
    for seed in range(rounds):
        decided, followed, effects = authority(setting, 100 + seed)
        found = monitor(decided, followed, on=ON)
        if found.findings is None or found.days is None:
            continue
        weight = np.array([row.n for row in found.findings.departments], dtype=float)
        centred = effects - weight @ effects / weight.sum()
        findings += [holds(row, t) for row, t in zip(found.findings.departments, centred, strict=True)]
        days += [holds(row, 0.0) for row in found.days.departments]
        alarms.append(found.alarms)
    took = (time.perf_counter() - start) / rounds
    return (
        f"{setting.name:18} {np.mean(findings):9.1%} {np.mean(days):9.1%} {np.mean(np.array(alarms) > 0):13.1%}"
        f" {np.mean(alarms):8.2f} {took:8.2f}"
    )


def main() -> None:
    """Print a line for each setting."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    print(f"{'':18} {'findings':>9} {'days':>9} {'with an alarm':>13} {'alarms':>8} {'seconds':>8}   ({rounds} rounds)")
    for setting in SETTINGS:
        print(study(setting, rounds), flush=True)


if __name__ == "__main__":
    main()
