"""The main job: files into the lake, and the report out of it. Rows a second, seconds, peak memory.

Needs the open data in `../shared/data`; without them it says so and measures the pupil file alone. Every number is the
median of three runs of the real command in a process of its own, start-up included.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
WORK = ROOT / "benchmarks" / "work" / "main_job"
LIKVARD = str(Path(sys.executable).with_name("likvard"))
GRADES = ("A", "B", "C", "D", "E", "F")
SUBJECTS = (
    "Bl;En;Hkk;Idh;Ma;M1 (språk);M1 (betyg);M2 (språk);M2 (betyg);ML (språk);ML (betyg);"
    "Mu;Bi;Fy;Ke;Ge;Hi;Re;Sh;Sl;Sv;Sva;Tn;Tk;OVR"
)


def run(repeats: int = 3) -> None:
    """Print the table."""
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    table = Table("what", "rows", "seconds", "rows/s", "peak MB", title="The main job, each a process of its own")
    national = _pupil_file(WORK / "slutbetyg_ak9_2026.txt", 120_000)
    _add(table, "ingest: SCB grades year 9, 120,000 pupils", 120_000, _fresh("ingest", str(national)), repeats)
    if SHARED.is_dir():
        siris = sorted(str(p) for p in (SHARED / "siris").glob("*.csv"))
        lines = sum(len(Path(p).read_text(encoding="utf-8").splitlines()) for p in siris)
        _add(table, f"ingest: {len(siris)} SIRIS files", lines, _fresh("ingest", *siris), repeats)
        _add(table, "ingest: all of ../shared/data", None, _fresh("ingest", str(SHARED)), repeats)
        lake = str(WORK / "lake")
        _add(
            table,
            "report 0127 from the lake",
            None,
            lambda: ["report", "0127", "--lake", lake, "--out", str(WORK / "out")],
            repeats,
        )
    else:
        Console().print(f"The open data are not in {SHARED}: SIRIS and the report are left out.")
    Console().print(table)


def _fresh(*command: str) -> Callable[[], list[str]]:
    """The command on an empty lake each time."""

    def arguments() -> list[str]:
        shutil.rmtree(WORK / "lake", ignore_errors=True)
        return [*command, "--lake", str(WORK / "lake")]

    return arguments


def _add(table: Table, what: str, rows: int | None, arguments: Callable[[], list[str]], repeats: int) -> None:
    measured = [_measure(arguments()) for _ in range(repeats)]
    seconds = statistics.median(s for s, _ in measured)
    memory = max(m for _, m in measured)
    rate = f"{rows / seconds:,.0f}" if rows else ""
    table.add_row(what, f"{rows:,}" if rows else "", f"{seconds:.2f}", rate, f"{memory:,.0f}")


_CHILD = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
sys.exit(done.returncode)
"""


def _measure(arguments: list[str]) -> tuple[float, float]:
    """Wall seconds and peak resident megabytes of one run."""
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, LIKVARD, *arguments], capture_output=True, text=True, check=True
    )
    return time.perf_counter() - begin, float(done.stdout)


def _pupil_file(path: Path, pupils: int) -> Path:
    """A national file of final grades in SCB's layout, every number in it invented."""
    rng = np.random.default_rng(9)
    births = rng.permutation(12 * 28 * 1000)[:pupils]  # every personal number once
    grades = np.array(GRADES)[rng.integers(0, len(GRADES), (pupils, 20))]
    units = 99_000_000 + rng.integers(0, 1_600, pupils)
    lines = [f"System;Datum;Version;PersonNr;Skolenhetskod;Klass;Fornamn;Efternamn;{SUBJECTS}"]
    for i in range(pupils):
        number = f"2010{births[i] // 28_000 + 1:02d}{births[i] // 1000 % 28 + 1:02d}{births[i] % 1000:03d}"
        number += str(_check_digit(number[2:]))
        g = grades[i]
        row = [*g[:5], "DE", g[5], "", "2", "", "2", *g[6:15], g[15], "2", "2", g[16], ""]
        lines.append(";".join(["Bench", "2026-06-12", "1", number, str(units[i]), "9A", "", "", *row]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _check_digit(nine: str) -> int:
    doubled = (int(c) * (2 if i % 2 == 0 else 1) for i, c in enumerate(nine))
    return -sum(d // 10 + d % 10 for d in doubled) % 10
