"""National multilevel models from wide Parquet files, beside lme4 and gpboost.

One year is 1.1 million pupils in 4,700 schools in 290 municipalities; the model is three-level REML with 13 fixed
effects. (a) one outcome; (b) 17 outcomes of ten years, with missing values. lme4 is run on the outcome that all have
and on the one that a quarter have; what 170 models would take it is extrapolated, by a straight line in the rows.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
from benchmarks import national
from benchmarks.processes import ROOT, WORK, Ran, find_rscript, peer_python, run_apart
from rich.console import Console
from rich.table import Table

from likvard.models.multilevel import Effect, Model, fit
from likvard.moments.columns import ONE, Column, Number, flag, identifier, number
from likvard.moments.gather import gather
from likvard.moments.moments import Moments
from likvard.moments.outcomes import gather_outcomes

REPEATS = 7
COVARIATES: tuple[Column, ...] = (
    *(flag(name) for name in national.FLAGS),
    number("birth_month", 6.0),
    number("income", 36.0),
    number("prior", 20.0),
)
EFFECTS = (Effect("school", ("school",)), Effect("municipality", ("municipality",)))
GROUPS = ("municipality", "school")
FULL, PART = national.outcome(1), national.outcome(national.OUTCOMES)
POINTS = 28.0


def run() -> None:
    """Print the tables."""
    years = [national.write_year(_path(y), y) for y in range(national.YEARS)]
    out = Console(highlight=False, width=130)
    one, many = (_ours(task) for task in ("one", "many"))
    lmer = _lmer(years[0])
    gpboost = _gpboost(years[0])
    out.print(_one_table(one, lmer, gpboost))
    out.print(_many_table(many, lmer))


def _path(year: int) -> Path:
    return WORK / "fits" / f"year{year}.parquet"


def _ours(task: str) -> dict[str, float]:
    """Run a task of `main` in a process of its own, so that its peak memory is its own."""
    ran = run_apart([sys.executable, "-m", "benchmarks.fits", task])
    if ran is None:
        raise SystemExit("our own fits failed")
    return {**json.loads(ran.output), "peak": ran.peak}


def _connect(year: int) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("SET preserve_insertion_order = false")
    con.execute(f"CREATE VIEW pupils AS SELECT * FROM read_parquet('{_path(year)}')")
    return con


def _best(action: Callable[[], object]) -> float:
    """The median of some runs, after one to warm up."""
    action()
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def one() -> dict[str, float]:
    """One outcome of one year: seconds of the scan, the pass and the fit, and what came out."""
    con = _connect(0)
    outcome = number(FULL, POINTS)
    model = Model(outcome, (ONE, *COVARIATES), EFFECTS)
    used = [*GROUPS, *national.FLAGS, "birth_month", "income", "prior", FULL]
    scan = "SELECT " + ", ".join(f"SUM(CAST({name} AS DOUBLE))" for name in used) + " FROM pupils"

    def pass_over() -> Moments:
        return gather(con, "pupils", GROUPS, (*COVARIATES, outcome))

    moments = pass_over()
    found = fit(moments, model)
    return {
        "scan": _best(lambda: con.execute(scan).fetchall()),
        "pass": _best(pass_over),
        "fit": _best(lambda: fit(moments, model)),
        "seconds": _best(lambda: fit(pass_over(), model)),
        "criterion": found.criterion,
        "gradient": found.gradient,
        **{name: float(v[0, 0]) for name, v in found.varcomp.items()},
    }


def many() -> dict[str, float]:
    """All outcomes of all years: while one year is fitted, the next is gathered."""
    began = time.perf_counter()
    start, fits, rows = None, 0, 0
    with ThreadPoolExecutor(1) as pool:
        waiting = [pool.submit(_gather_year, year) for year in range(national.YEARS)]
        for moments in (w.result() for w in waiting):
            for m in moments.values():
                found = fit(m, Model(m.columns[-1], (ONE, *COVARIATES), EFFECTS), start=start)
                start, fits, rows = found.theta, fits + 1, rows + found.nobs
    return {"seconds": time.perf_counter() - began, "fits": fits, "rows": rows}


def _gather_year(year: int) -> dict[str, Moments]:
    outcomes = [national.outcome(k) for k in range(1, national.OUTCOMES + 1)]
    with _connect(year) as con:
        wanted = [Number(name, identifier(name), POINTS) for name in outcomes]
        return gather_outcomes(con, "pupils", GROUPS, COVARIATES, wanted)


def _csv(year: Path, outcome: str) -> Path:
    """The rows that have an outcome, for the peers, with flags as 0 and 1."""
    path = WORK / "fits" / f"{outcome}.csv"
    flags = ", ".join(f"CAST({name} AS INTEGER) AS {name}" for name in national.FLAGS)
    duckdb.sql(
        f"COPY (SELECT school, municipality, {flags}, birth_month, income, prior, {outcome} "
        f"FROM read_parquet('{year}') WHERE {outcome} IS NOT NULL) TO '{path}' (HEADER)"
    )
    return path


def _lmer(year: Path) -> dict[str, dict[str, float]]:
    rscript = find_rscript()
    if rscript is None:
        return {}
    found = {}
    for outcome in (FULL, PART):
        formula = f"{outcome} ~ {' + '.join(c.name for c in COVARIATES)} + (1 | school) + (1 | municipality)"
        ran = run_apart([rscript, str(ROOT / "benchmarks" / "lmer.R"), str(_csv(year, outcome)), formula])
        if ran is not None:
            found[outcome] = _flat(ran)
    return found


def _gpboost(year: Path) -> dict[str, float]:
    python = peer_python("gpboost")
    if python is None:
        return {}
    script = str(ROOT / "benchmarks" / "gpboost_peer.py")
    ran = run_apart([str(python), script, str(_csv(year, FULL)), FULL, *(c.name for c in COVARIATES)])
    return {} if ran is None else _flat(ran)


def _flat(ran: Ran) -> dict[str, float]:
    found = json.loads(ran.output.strip().splitlines()[-1])  # gpboost warns on standard output
    return {**found.pop("variances"), **found, "peak": ran.peak}


def _one_table(ours: dict[str, float], lmer: dict[str, dict[str, float]], gpboost: dict[str, float]) -> Table:
    table = Table("what", "seconds", "ours is faster by", "peak MB", "criterion", "school", "municipality")
    table.title = "(a) one outcome, 1.1 million pupils, three levels"
    table.add_row("bare scan: one sum a column", f"{ours['scan']:.3f}")
    table.add_row("pass: moments in SQL", f"{ours['pass']:.3f}", f"{ours['pass'] / ours['scan']:.1f} scans")
    table.add_row("fit from the moments", f"{ours['fit']:.3f}")
    for name, row in (("ours, Parquet to fit", ours), ("lme4", lmer.get(FULL, {})), ("gpboost (ML)", gpboost)):
        if not row:
            table.add_row(name, "not here")
            continue
        ratio = f"{row['seconds'] / ours['seconds']:.0f} x" if row is not ours else ""
        criterion = f"{row['criterion']:.6f}" if "criterion" in row else ""
        variances = (f"{row[level]:.6f}" for level in ("school", "municipality"))
        table.add_row(name, f"{row['seconds']:.3f}", ratio, f"{row['peak']:.0f}", criterion, *variances)
    return table


def _many_table(ours: dict[str, float], lmer: dict[str, dict[str, float]]) -> Table:
    table = Table("what", "models", "seconds", "ours is faster by", "peak MB")
    table.title = f"(b) {national.OUTCOMES} outcomes x {national.YEARS} years, with missing values"
    table.add_row("ours, Parquet to fits", f"{ours['fits']:.0f}", f"{ours['seconds']:.2f}", "", f"{ours['peak']:.0f}")
    if len(lmer) == 2:
        seconds = _extrapolated(lmer, ours)
        table.add_row(
            f"lme4, extrapolated from {FULL} and {PART}",
            f"{ours['fits']:.0f}",
            f"{seconds:.0f}",
            f"{seconds / ours['seconds']:.0f} x",
            f"{lmer[FULL]['peak']:.0f}",
        )
    return table


def _extrapolated(lmer: dict[str, dict[str, float]], ours: dict[str, float]) -> float:
    """What the models would take lme4, if its time is a straight line in the rows of a model."""
    full, part = lmer[FULL], lmer[PART]
    slope = (full["seconds"] - part["seconds"]) / (full["rows"] - part["rows"])
    base = full["seconds"] - slope * full["rows"]
    return base * ours["fits"] + slope * ours["rows"]


TASKS: dict[str, Callable[[], dict[str, float]]] = {"one": one, "many": many}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]]()))
