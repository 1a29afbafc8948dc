"""The site at national scale: how fast its pages are, cold and warm, and what memory its workers take.

The lake is `LIKVARD_BENCH_LAKE`, or a simulated country under `work` (made once: some minutes). The site is the real one:
`likvard site init`, `import`, `serve` with two workers on loopback. Pages of several organisers, large and small, are
asked for at 50 requests a second, by a client that never waits for an answer before asking the next; wrk tells how many a
second there can be at most. Beside it Datasette serves the same publication file, with a page that holds a table of as many
of the same figures: the plain yardstick.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.open_loop import Asked, at_rate, once
from benchmarks.processes import WORK, peer_python
from rich.console import Console
from rich.table import Table

LIKVARD = str(Path(sys.executable).with_name("likvard"))
RATE, SECONDS = 50, 20
ORGANISERS, UNITS_OF_EACH = 12, 4
SIZE = "country"

GOALS = {"warm p95": 150.0, "cold": 1000.0, "memory": 1024.0}
"""Milliseconds, milliseconds, MB for all workers together."""


def run(seconds: float = SECONDS) -> None:
    """Print the tables."""
    lake, home = _site()
    pages = _pages(home)
    with _serving(home, lake) as (port, process):
        first = once(port, "/healthz")
        cold = {name: [1000 * once(port, path) for path in paths] for name, paths in pages.items()}
        before = _memory(process.pid)
        for paths in pages.values():  # each of the two workers has then most likely made each page
            at_rate(port, [*paths, *paths, *paths], per_second=20, seconds=len(paths) * 3 / 20)
        warm = {name: at_rate(port, paths, per_second=RATE, seconds=seconds) for name, paths in pages.items()}
        every = [path for some in zip(*_padded(list(pages.values())), strict=True) for path in some]
        warm["all, mixed"] = at_rate(port, every, per_second=RATE, seconds=seconds)
        most = {name: _wrk(port, paths) for name, paths in {**pages, "all, mixed": every}.items()}
        memory = _memory(process.pid)
    console = Console(width=150)
    size = _publication(lake).stat().st_size / 1e6
    console.print(f"Lake {lake.name}: publication {size:.0f} MB. First answer of the server: {1000 * first:.0f} ms.")
    console.print(_table(cold, warm, most))
    console.print(f"Memory of server and workers: {before:,.0f} MB after the cold pages, {memory:,.0f} MB after all.")
    _judge(console, cold, warm, memory)
    console.print(_beside(most, *_datasette(lake, home, pages, seconds)))


def _site() -> tuple[Path, Path]:
    """A lake with its publication, and a site's folder that reads it."""
    given = os.environ.get("LIKVARD_BENCH_LAKE", "")
    lake = Path(given).absolute() if given else WORK / "site" / SIZE
    home = WORK / "site" / f"home-{lake.name}"
    home.mkdir(parents=True, exist_ok=True)
    if not lake.exists():
        subprocess.run([LIKVARD, "simulate", "--lake", str(lake), "--size", SIZE], check=True)
    if not any(lake.glob("publications/*.sqlite")):
        subprocess.run([LIKVARD, "publish", "--lake", str(lake)], check=True)
    for command in ([LIKVARD, "site", "init"], [sys.executable, "-c", REGISTER]):
        subprocess.run(command, check=True, env=_environment(home, lake), stdout=subprocess.DEVNULL)
    return lake, home


REGISTER = """
import django
django.setup()
from django.conf import settings
from django.utils import timezone
from likvard.flow.register import register
from likvard.site.people.actions import sync
sync(register(settings.LAKE), at=timezone.now())
"""
"""The half of `likvard site import` that is left when the figures are published already."""


def _environment(home: Path, lake: Path) -> dict[str, str]:
    own = {"LIKVARD_HOME": str(home), "LIKVARD_LAKE": str(lake), "DJANGO_SETTINGS_MODULE": "likvard.site.settings"}
    return {**os.environ, **own}


def _publication(lake: Path) -> Path:
    found = sorted((lake / "publications").glob("*.sqlite"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise SystemExit(f"{lake} has no publication.")
    return found[-1]


def _pages(home: Path) -> dict[str, list[str]]:
    """Addresses by kind of page: organisers of all sizes among those with more than one compulsory school, and their units."""
    with closing(sqlite3.connect(home / "site.sqlite3")) as con:
        sizes = con.execute(
            "select organiser_id, count(*) from people_unit where form_codes like '%|GR|%' and status <> 'closed' "
            "group by organiser_id having count(*) > 1 order by 2 desc, 1"
        ).fetchall()
        step = max((len(sizes) - 1) // max(ORGANISERS - 1, 1), 1)
        chosen = [number for number, _ in sizes[::step]][:ORGANISERS]
        units = [code for number in chosen for code in _units(con, number)]
    return {
        "overview": [f"/oversikt/{number}/" for number in chosen],
        "results": [
            f"/resultat/{number}/{query}"
            for number in chosen
            for query in ("", "?amne=Ma", "?matt=share_passing&amne=En")
        ],
        "unit": [f"/skolor/{code}/" for code in units],
    }


def _units(con: sqlite3.Connection, number: str) -> list[str]:
    found = con.execute(
        "select code from people_unit where organiser_id = ? and form_codes like '%|GR|%' and status <> 'closed' "
        "order by code limit ?",
        (number, UNITS_OF_EACH),
    )
    return [code for (code,) in found]


def _padded(lists: Sequence[Sequence[str]]) -> list[list[str]]:
    """Lists made equally long by beginning again."""
    longest = max(map(len, lists))
    return [[some[i % len(some)] for i in range(longest)] for some in lists]


@contextmanager
def _serving(home: Path, lake: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = _free_port()
    command = [LIKVARD, "site", "serve", "--port", str(port), "--workers", "2"]
    with _process(command, port, "/healthz", _environment(home, lake)) as process:
        yield port, process


@contextmanager
def _process(
    command: Sequence[str], port: int, ready: str, env: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """A server, from when it answers to when it is ended."""
    log = (WORK / "site" / "server.log").open("wb")
    process = subprocess.Popen(command, env=dict(env), stdout=log, stderr=log)
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise SystemExit(f"{command[0]} ended: see {log.name}")
            try:
                once(port, ready)
                break
            except (OSError, RuntimeError):
                time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _memory(pid: int) -> float:
    """Resident memory of a process and all below it, in MB; what they share is counted once (PSS)."""
    below = [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    own = int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1]) / 1024  # type: ignore[index]
    return own + sum(_memory(child) for child in below)


def _wrk(port: int, paths: Sequence[str]) -> float | None:
    """How many of these pages there can be in a second, at most; None without wrk."""
    if shutil.which("wrk") is None:
        return None
    script = WORK / "site" / "paths.lua"
    listed = ", ".join(f'"{path}"' for path in paths)
    script.write_text(
        f"local paths, at = {{{listed}}}, 0\nrequest = function() at = at % #paths + 1; return wrk.format('GET', paths[at]) end\n"
    )
    command = ["wrk", "-t1", "-c8", "-d10s", "-s", str(script), f"http://127.0.0.1:{port}"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in told:
        raise SystemExit(told)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])  # type: ignore[index]


FIGURES = """
select m.text as measure, a.text as aspect, s.text as subject, g.text as "group", l.text as level, p.text as area,
  f.text as form, y.text as year, c.value, c.low, c.high, c.n, v.missing, v.sv as reason
from cell c cross join word m on m.id = c.measure cross join word a on a.id = c.aspect cross join word s on s.id = c.subject
  cross join word g on g.id = c."group" cross join word l on l.id = c.level cross join word p on p.id = c.area
  cross join word f on f.id = c.form cross join word y on y.id = c.year cross join verdict v on v.id = c.verdict
where (c.seen & 1) > 0 and c.organiser = (select id from word where text = :organiser) {more}
limit {rows}
"""
"""A table of an organiser's figures as Datasette asks for it: the same rows of the same file, in the order that they lie.

`cross join` keeps SQLite from beginning with the words, which takes minutes: the yardstick gets the best plan there is."""

ROWS = {"overview": 400, "results": 400, "unit": 200}
"""Figures on a page, roughly: what the site's own page of a middling organiser holds."""


def _datasette(
    lake: Path, home: Path, pages: Mapping[str, Sequence[str]], seconds: float
) -> tuple[dict[str, Asked], dict[str, float | None]]:
    """The same load on Datasette; empty if it cannot be installed."""
    python = peer_python("datasette")
    if python is None:
        return {}, {}
    file, port = WORK / "site" / "publication.db", _free_port()
    file.unlink(missing_ok=True)
    file.symlink_to(_publication(lake))
    command = [str(python), "-m", "datasette", "serve", "-i", str(file), "--port", str(port), "--setting", "max_returned_rows", "2000"]  # fmt: skip
    with closing(sqlite3.connect(home / "site.sqlite3")) as con:
        owners = dict(con.execute("select code, organiser_id from people_unit"))
    asked = {name: [_plain(name, path, owners) for path in paths] for name, paths in pages.items()}
    with _process(command, port, "/", os.environ):
        warm = {}
        for name, paths in asked.items():
            at_rate(port, paths, per_second=20, seconds=len(paths) / 20)
            warm[name] = at_rate(port, paths, per_second=RATE, seconds=seconds)
        return warm, {name: _wrk(port, paths) for name, paths in asked.items()}


def _plain(name: str, path: str, owners: Mapping[str, str]) -> str:
    """Datasette's page of the figures that a page of the site is about."""
    code = path.split("/")[2]
    more = "and c.area = (select id from word where text = :area)" if name == "unit" else ""
    sql = " ".join(FIGURES.format(more=more, rows=ROWS[name]).split())
    given = {"organiser": owners[code], "area": code} if name == "unit" else {"organiser": code}
    return f"/publication?{urlencode({'sql': sql, **given})}"


def _table(cold: Mapping[str, Sequence[float]], warm: Mapping[str, Asked], most: Mapping[str, float | None]) -> Table:
    heads = ("page", "cold median", "cold worst", "p50", "p95", "p99", "failed", "most a second (wrk)")
    table = Table(*heads, title=f"Two workers; {RATE} requests a second; milliseconds")
    for name, asked in warm.items():
        first = sorted(cold.get(name, []))
        ends = (f"{first[len(first) // 2]:.0f}", f"{first[-1]:.0f}") if first else ("", "")
        table.add_row(name, *ends, *_told(asked), _number(most.get(name)))
    return table


def _beside(
    most: Mapping[str, float | None], plain: Mapping[str, Asked], plain_most: Mapping[str, float | None]
) -> Table:
    """Datasette under the same load, and how many times as many pages the site gives in a second."""
    heads = ("page", "p50", "p95", "p99", "failed", "most a second (wrk)", "the site's, as a ratio")
    table = Table(
        *heads, title="Datasette, one process, the same file and rate" if plain else "Datasette could not be installed"
    )
    for name, asked in plain.items():
        ratio = _ratio(most.get(name), plain_most.get(name))
        table.add_row(name, *_told(asked), _number(plain_most.get(name)), ratio)
    return table


def _told(asked: Asked) -> tuple[str, ...]:
    return (*(f"{asked.percentile(share):.1f}" for share in (0.5, 0.95, 0.99)), str(asked.failed))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _ratio(ours: float | None, theirs: float | None) -> str:
    return f"{ours / theirs:.1f}" if ours and theirs else ""


def _judge(console: Console, cold: Mapping[str, Sequence[float]], warm: Mapping[str, Asked], memory: float) -> None:
    """Say which goals are met."""
    got = {
        "warm p95": max(asked.percentile(0.95) for asked in warm.values()),
        "cold": max(max(times) for times in cold.values()),
        "memory": memory,
    }
    for name, goal in GOALS.items():
        console.print(f"{'met   ' if got[name] <= goal else 'MISSED'} {name}: {got[name]:,.0f}, goal {goal:,.0f}")


if __name__ == "__main__":
    run()
