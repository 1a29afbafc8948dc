"""Run a program in a process of its own: what it printed, how long it took, and its peak memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "benchmarks" / "work"


@dataclass(frozen=True)
class Ran:
    """One run: its standard output, seconds of the whole process, and peak memory in MB."""

    output: str
    seconds: float
    peak: float


def run_apart(command: Sequence[str]) -> Ran | None:
    """Run a command; None if it is not there or fails, with its last words on standard error."""
    began = time.perf_counter()
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    except FileNotFoundError:
        return None
    output, error = process.stdout.read(), process.stderr.read()  # type: ignore[union-attr]
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        print(error.strip().splitlines()[-1:] or "failed", file=sys.stderr)
        return None
    return Ran(output, time.perf_counter() - began, usage.ru_maxrss / 1024)


def find_rscript() -> str | None:
    """R with lme4: installed from Debian's packages if it is not there and may be."""
    if shutil.which("Rscript") is None and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "-y", "-q", "r-cran-lme4"], check=False, stdout=subprocess.DEVNULL)
    return shutil.which("Rscript")


def peer_python(package: str) -> Path | None:
    """A Python with one package, in an environment under `work`; None if it cannot be installed."""
    home = WORK / f"peer_{package}"
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=False)
    install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", package]
    got = subprocess.run(install, check=False, stderr=subprocess.DEVNULL)
    return python if got.returncode == 0 else None
