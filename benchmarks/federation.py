"""A national study in rounds: 290 organisers, bytes, rounds and seconds; and what an eavesdropper would learn without masks.

Year 9 of one year: 1,600 units with 110,000 pupils, five marks, merit value; units in organisers, REML. Every organiser's
answer is swept, masked, signed, read, checked and added. `python -m benchmarks.federation`.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from rich.console import Console
from rich.table import Table
from scipy.linalg import eig

from likvard.flow.federation.check import RefusedShareError, exposed
from likvard.flow.federation.keys import NODE, Card, Keys, card_of, new_keys, read_card
from likvard.flow.federation.merge import Merged, merge
from likvard.flow.federation.once import pooled_moments, pools
from likvard.flow.federation.rounds import open_study, read_round
from likvard.flow.federation.rows import Crowd, Rows
from likvard.flow.federation.share import sealed_answer
from likvard.flow.federation.study import Method, Study, Way
from likvard.models import federated, logistic, multilevel
from likvard.models.logistic import Patterns
from likvard.moments.gather import gather
from likvard.moments.moments import Moments

ORGANISERS, UNITS, PUPILS = 290, 1_600, 110_000
MARKS = ("girl", "tertiary", "compulsory", "foreign", "newcomer")
SHARES = (0.49, 0.45, 0.12, 0.28, 0.06)
DAY = date(2098, 12, 31)
STUDY = Study(
    name="National",
    purpose="How much lies between schools?",
    years=(2024,),
    outcome="merit",
    fixed=MARKS,
    levels=("unit", "organiser"),
    method=Method.REML,
    way=Way.MASKED,
    most_rounds=8,
)
GOAL = replace(STUDY, method=Method.LOGISTIC, outcome="eligible", levels=())


def nation(seed: int = 1, organisers: int = ORGANISERS, schools: int = UNITS, pupils: int = PUPILS) -> pa.Table:
    """Pupils of a made-up nation, large and small organisers as in Sweden."""
    random = np.random.default_rng(seed)
    weight = random.lognormal(0, 1.0, organisers)
    units = 1 + random.multinomial(schools - organisers, weight / weight.sum())
    organiser = np.repeat(np.arange(organisers), units)
    size = random.lognormal(0, 0.6, schools)
    unit = np.repeat(np.arange(schools), np.maximum(4, np.round(size / size.sum() * pupils)).astype(int))
    lean = random.normal(0, 0.6, schools)[unit]
    marks = {
        m: (random.random(len(unit)) < 1 / (1 + (1 / s - 1) * np.exp(-lean))).astype(int)
        for m, s in zip(MARKS, SHARES, strict=True)
    }
    latent = 225 + 22 * marks["girl"] + 35 * marks["tertiary"] - 30 * marks["compulsory"] - 45 * marks["newcomer"]
    latent = latent + random.normal(0, 14, schools)[unit] + random.normal(0, 7, organisers)[organiser[unit]]
    merit = np.clip(np.round(2 * (latent + random.normal(0, 58, len(unit)))), 0, 680)
    return pa.table(
        {"organiser": organiser[unit], "unit": unit, **marks, "merit": merit, "eligible": (merit > 320).astype(int)}
    )


def rows_of(con: duckdb.DuckDBPyConnection, organiser: int, study: Study) -> Rows:
    """One organiser's rows."""
    where = f"(select * from pupil where organiser = {organiser})"
    marks = ", ".join(f'"{m}"' for m in MARKS)
    found = con.execute(f"select unit, {marks}, count(*)::double n from {where} group by all order by all").fetchnumpy()
    labels, nodes = np.unique(found["unit"], return_inverse=True)
    x = np.column_stack([found[m] for m in MARKS]).astype(float)
    crowd = Crowd(nodes, tuple(map(str, labels)), x, np.ones(len(MARKS), bool), MARKS, found["n"], len(labels))
    none = np.zeros(0, np.uint64)
    if study.is_goal:
        return Rows(crowd, none, patterns=patterns_of(con, where))
    return Rows(crowd, none, moments=gather(con, where, ("unit", "organiser"), (*study.design, study.target)))


def patterns_of(con: duckdb.DuckDBPyConnection, relation: str) -> Patterns:
    """Pupils by pattern, and how many reached."""
    marks = ", ".join(f'"{m}"' for m in MARKS)
    found = con.execute(
        f"select {marks}, count(*)::double n, sum(eligible)::double y from {relation} group by all order by all"
    ).fetchnumpy()
    x = np.column_stack([np.ones(len(found["n"])), *(found[m] for m in MARKS)])
    return Patterns.of(x, found["n"], found["y"], [c.name for c in GOAL.design])


def rounds(
    study: Study, rows: list[Rows], keys: list[Keys], node: Keys, cards: list[Card]
) -> tuple[Merged, dict[str, float]]:
    """A whole study by files; what it cost."""
    cost = {"rounds": 0.0, "bytes out": 0.0, "bytes in": 0.0, "organiser, s": 0.0, "node, s": 0.0}
    with tempfile.TemporaryDirectory() as folder:
        content = open_study(study, cards, node, answer_by=DAY, seed="bench")
        (Path(folder) / "round-00.json").write_bytes(content)
        blocks = read_round(content, "r").blocks
        company = {card.organiser: block for block in blocks for card in block.cards}
        cost["blocks"] = float(len(blocks))
        while True:
            asked, began = read_round(content, "r"), time.perf_counter()
            files = [
                (k.organiser, sealed_answer(asked, study, r, k, company[k.organiser])[0])
                for k, r in zip(keys, rows, strict=True)
            ]
            cost["organiser, s"] += (time.perf_counter() - began) / len(keys)
            began = time.perf_counter()
            found = merge(content, files, folder=Path(folder), keys=node, answer_by=DAY)
            cost["node, s"] += time.perf_counter() - began
            cost["rounds"] += 1
            cost["bytes out"] += len(content)
            cost["bytes in"] += sum(len(f) for _, f in files)
            if found.fit is not None or found.path is None:
                return found, cost
            content = found.path.read_bytes()


def schools_given_away(moments: Moments, study: Study, theta: float = 0.3) -> bool:
    """Whether one clear answer gives every school's sums to an eigenvalue problem, to the nearest whole number."""
    asked = replace(study, levels=("unit",))
    swept = federated.read_answer(federated.answer(moments, asked.model, np.array([theta])), asked.shape)
    first = swept.Q1[0] / (2 * theta)
    second = (swept.Q2[0, 0] - 2 * first) / (4 * theta * theta)
    size = np.sqrt(np.maximum(-np.diag(first), 1e-300))
    A, B = first / np.outer(size, size), second / np.outer(size, size)
    w, V = np.linalg.eigh(-A)
    keep = V[:, w > 1e-10 * w.max()]  # few schools fill few dimensions
    values, vectors = eig(keep.T @ B @ keep, keep.T @ A @ keep)
    sums = (A @ keep @ np.real(vectors)).T * size
    ratio = -np.real(values)
    n = ratio / (2 - theta * theta * ratio)
    with np.errstate(divide="ignore", invalid="ignore"):
        guess = np.round(sums * (n / sums[:, 0])[:, None])
    return all((np.abs(guess - s) < 0.5).all(axis=1).any() for s in moments.s)


def once(rows: list[Rows]) -> tuple[multilevel.Fit, int, int]:
    """The one-shot fit of those who may answer so; how many may, and how many pools they make."""
    made = []
    for i, r in enumerate(rows):
        try:
            found = pools(r.crowd)
        except RefusedShareError:
            continue
        if r.moments is not None:
            made.append((i, pooled_moments(r.moments, found)))
    groups = np.concatenate([np.full(len(m.n), i) for i, m in made])
    whole = Moments(
        ("organiser", "unit"),
        (groups, np.arange(len(groups))),
        made[0][1].columns,
        (0,),
        np.concatenate([m.n for _, m in made]),
        np.concatenate([m.products for _, m in made]),
        np.sum([m.total for _, m in made], axis=0),
    )
    return multilevel.fit(whole, STUDY.model), len(made), len(groups)


def run() -> None:
    """Print the tables."""
    con = duckdb.connect()
    con.register("arrow", nation())
    con.execute("create table pupil as select * from arrow")
    with tempfile.TemporaryDirectory() as folder:
        node = new_keys(Path(folder) / "node.key", NODE)
        keys = [new_keys(Path(folder) / f"{i}.key", f"21200{i:05d}") for i in range(ORGANISERS)]
    rows = [rows_of(con, i, STUDY) for i in range(ORGANISERS)]
    made = (card_of(k, k.organiser, units=r.crowd.units, pupils=r.pupils) for k, r in zip(keys, rows, strict=True))
    cards = [read_card(c, "card") for c in made]
    console = Console(highlight=False, width=130)
    _print_rounds(console, con, rows, keys, node, cards)
    _print_attack(console, rows)
    _print_once(console, con, rows)


def _print_rounds(
    console: Console, con: duckdb.DuckDBPyConnection, rows: list[Rows], keys: list[Keys], node: Keys, cards: list[Card]
) -> None:
    table = Table(
        "model",
        "blocks",
        "rounds",
        "MB from all",
        "kB an answer",
        "organiser, ms a round",
        "node, s in all",
        "pooled, s",
        "worst difference",
    )
    table.title = f"{ORGANISERS} organisers, {sum(r.pupils for r in rows):,} pupils, {sum(r.crowd.units for r in rows):,} units; masked"
    began = time.perf_counter()
    pooled = multilevel.fit(gather(con, "pupil", ("unit", "organiser"), (*STUDY.design, STUDY.target)), STUDY.model)
    seconds = time.perf_counter() - began
    found, cost = rounds(STUDY, rows, keys, node, cards)
    fit = found.fit
    assert isinstance(fit, multilevel.Fit)
    apart = [np.abs(fit.beta / pooled.beta - 1).max(), np.abs(fit.se / pooled.se - 1).max()]
    apart += [abs(float(fit.varcomp[k][0, 0] / v[0, 0]) - 1) for k, v in pooled.varcomp.items()]
    table.add_row("units in organisers, REML", *_cost(cost, seconds, max(map(float, apart))))
    began = time.perf_counter()
    whole = logistic.fit(patterns_of(con, "pupil"))
    seconds = time.perf_counter() - began
    found, cost = rounds(GOAL, [rows_of(con, i, GOAL) for i in range(ORGANISERS)], keys, node, cards)
    assert isinstance(found.fit, logistic.Logistic)
    apart = [np.abs(found.fit.beta / whole.beta - 1).max(), np.abs(found.fit.se / whole.se - 1).max()]
    table.add_row("logistic, five marks", *_cost(cost, seconds, max(map(float, apart))))
    console.print(table)


def _cost(cost: dict[str, float], pooled: float, apart: float) -> list[str]:
    each = cost["bytes in"] / cost["rounds"] / ORGANISERS
    own = 1000 * cost["organiser, s"] / cost["rounds"]
    numbers = [f"{cost['blocks']:.0f}", f"{cost['rounds']:.0f}", f"{cost['bytes in'] / 1e6:.1f}", f"{each / 1e3:.1f}"]
    return [*numbers, f"{own:.0f}", f"{cost['node, s']:.1f}", f"{pooled:.2f}", f"{apart:.0e}"]


def _print_attack(console: Console, rows: list[Rows]) -> None:
    table = Table(
        "units of the organiser",
        "organisers",
        "every school's sums read from one clear answer",
        "may answer in the clear",
    )
    for low, high in ((1, 1), (2, 4), (5, 7), (8, 12), (13, 10**6)):
        these = [r for r in rows if low <= r.crowd.units <= high]
        read = sum(schools_given_away(r.moments, STUDY) for r in these if r.moments is not None)
        clear = sum(not exposed(r.crowd) for r in these)
        table.add_row(f"{low}-{high}" if high < 10**6 else f"{low}-", str(len(these)), str(read), str(clear))
    console.print(table)


def _print_once(console: Console, con: duckdb.DuckDBPyConnection, rows: list[Rows]) -> None:
    fit, organisers, size = once(rows)
    pooled = multilevel.fit(gather(con, "pupil", ("unit", "organiser"), (*STUDY.design, STUDY.target)), STUDY.model)
    table = Table("one-shot, pooled units", "value")
    table.add_row("organisers that may answer", f"{organisers} of {ORGANISERS}")
    table.add_row("units in pools", f"{size} pools")
    table.add_row("pupils reached", f"{fit.nobs / pooled.nobs:.0%}")
    table.add_row(
        "largest difference of a fixed effect, in its standard error",
        f"{np.abs((fit.beta - pooled.beta) / pooled.se).max():.2f}",
    )
    for name, v in pooled.varcomp.items():
        table.add_row(f"variance of {name}, of the exact one", f"{float(fit.varcomp[name][0, 0] / v[0, 0]):.2f}")
    console.print(table)


if __name__ == "__main__":
    run()
