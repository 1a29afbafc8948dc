"""The public register at national size, on SQLite and PostgreSQL: search, pages, feed, the night's files, and 10,000 letters.

`register_made` fills a new site with 230,000 matters and 50,000 published decisions (LIKVARD_BENCH_DECISIONS for fewer). The site is
the real one, `likvard site serve` with two workers on loopback, asked by a client that never waits for an answer before the next
question. Letters go to a real SMTP server through the outbox, by a worker that is killed in the middle and followed by another.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from aiosmtpd.controller import Controller
from benchmarks.open_loop import at_rate, once
from benchmarks.processes import WORK
from rich.console import Console
from rich.table import Table
from tests.postgres import cluster

LIKVARD = str(Path(sys.executable).with_name("likvard"))
DECISIONS = int(os.environ.get("LIKVARD_BENCH_DECISIONS", "50000"))
CASES = DECISIONS * 230 // 50
FOLLOWERS = int(os.environ.get("LIKVARD_BENCH_FOLLOWERS", DECISIONS // 5))
RATE, SECONDS = 5, 20
PLACES = 60

GOALS = {"search": 200.0, "page": 150.0, "export": 120.0}
"""Milliseconds, milliseconds, seconds."""

SEARCHES = (
    "kränkande behandling", "särskilt stöd", "modersmål", "studiehandledning", "grundsärskola", "trygghet studiero",
    '"extra anpassningar"', "rektor uppföljning", "elevhälsa", "skolbibliotek", "frånvaro", "betyg underlag", "huvudman analys",
    "resursfördelning", "beslut", "Björkskolan", "Sjölundaskolan", "Ekbackaskolan 17", "SYN 2019:400", "åtgärdsprogram delegerat",
)  # fmt: skip
"""Words that are in few and in nearly all of the decisions, names, a number, words in a row, and a name of before."""


@dataclass
class Measured:
    """What one database gave: milliseconds within which 95 of 100 answers came, and seconds of the jobs."""

    made: float = 0.0
    p95: dict[str, float] = field(default_factory=dict)
    failed: int = 0
    export: float = 0.0
    sizes: int = 0
    letters: dict[str, float] = field(default_factory=dict)


def run() -> None:
    """Print a table for both databases, and which goals are met."""
    chosen = os.environ.get("LIKVARD_BENCH_DATABASES", "SQLite PostgreSQL").split()
    found = {"SQLite": _measure("sqlite", "")} if "SQLite" in chosen else {}
    if "PostgreSQL" in chosen:
        with cluster() as address:
            found["PostgreSQL"] = _measure("postgresql", address)
    console = Console(width=130)
    console.print(_table(found))
    for database, one in found.items():
        worst = {
            "search": one.p95["search"],
            "page": max(v for k, v in one.p95.items() if k != "search"),
            "export": one.export,
        }
        for name, goal in GOALS.items():
            console.print(
                f"{'met   ' if worst[name] <= goal else 'MISSED'} {database}, {name}: {worst[name]:,.0f}, goal {goal:,.0f}"
            )
        lost, doubled = one.letters["lost"], one.letters["doubled"]
        console.print(
            f"{'met   ' if lost == doubled == 0 else 'MISSED'} {database}, letters: {lost:.0f} lost, {doubled:.0f} doubled"
        )


def _measure(name: str, address: str) -> Measured:
    home = WORK / "register" / f"{name}-{DECISIONS}"
    home.mkdir(parents=True, exist_ok=True)
    env = {
        **os.environ, "LIKVARD_HOME": str(home), "LIKVARD_LAKE": str(home / "lake"), "LIKVARD_DATABASE": address, "LIKVARD_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "likvard.site.settings",
    }  # fmt: skip
    found = Measured()
    subprocess.run([LIKVARD, "site", "init"], check=True, env=env, stdout=subprocess.DEVNULL)
    if address or not (home / "made").exists():
        found.made = _timed([sys.executable, "-m", "benchmarks.register_made", str(DECISIONS), str(CASES)], env)[0]
        (home / "made").touch()
    found.export, told = _timed([sys.executable, "-c", EXPORT], env)
    found.sizes = int(told)
    print(f"{name}: filled in {found.made:.0f} s, exported in {found.export:.0f} s", flush=True)
    pages = _pages(env)
    with _serving(home, env) as port:
        for kind, paths in pages.items():
            at_rate(port, paths[:10], per_second=5, seconds=3)  # each worker has begun
            asked = at_rate(port, paths, per_second=RATE, seconds=SECONDS)
            print(f"{name}: {kind}, p95 {asked.percentile(0.95):.0f} ms, {asked.failed} failed", flush=True)
            found.p95[kind], found.failed = asked.percentile(0.95), found.failed + asked.failed
    found.letters = _letters(env)
    print(f"{name}: letters {found.letters}", flush=True)
    return found


def _timed(command: list[str], env: Mapping[str, str]) -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run(command, check=True, env=dict(env), stdout=subprocess.PIPE, text=True)
    return time.perf_counter() - began, done.stdout


EXPORT = """
import django
django.setup()
from pathlib import Path
from django.conf import settings
from django.utils import timezone
from likvard.site.newsroom import nightly
made = nightly.write(timezone.now(), Path(settings.HOME) / "open-data", settings.BASE_URL)
print(sum(told["size"] for told in made.files.values()))
"""

CHOSEN = f"""
import django
django.setup()
from likvard.site.newsroom.models import Publication
shown = list(Publication.objects.public().order_by("pk").values_list("slug", "organiser_id", "unit_id"))
for slug, organiser, unit in shown[:: max(len(shown) // {PLACES}, 1)]:
    print(slug, organiser, unit or "-")
"""


def _pages(env: Mapping[str, str]) -> dict[str, list[str]]:
    """Addresses by kind of page."""
    chosen = [line.split() for line in _timed([sys.executable, "-c", CHOSEN], env)[1].splitlines()]
    return {
        "search": [f"/beslut/?q={quote(words)}" for words in SEARCHES],
        "register": [
            "/beslut/", "/beslut/?ar=2019", "/beslut/?omrade=unit.safety", "/beslut/?lage=kvar", "/beslut/?instrument=remark&ar=2021",
            "/beslut/?amnesord=sarskilt-stod", "/beslut/?kommun=0127", "/beslut/?typ=planned", "/beslut/?efter=2013-05-20.9000",
        ],
        "decision": [f"/beslut/{slug}/" for slug, *_rest in chosen],
        "organiser": [f"/beslut/huvudman/{organiser}/" for _slug, organiser, _unit in chosen],
        "unit": [f"/beslut/skola/{unit}/" for *_rest, unit in chosen if unit != "-"],
        "feed": ["/beslut/atom.xml", *(f"/beslut/atom.xml?huvudman={organiser}" for _slug, organiser, _unit in chosen),
                 "/beslut/atom.xml?omrade=unit.support", "/beslut/atom.xml?sida=400"],
        "open data": ["/oppna-data/", "/oppna-data/katalog.rdf", "/sitemap.xml"],
    }  # fmt: skip


@contextmanager
def _serving(home: Path, env: Mapping[str, str]) -> Iterator[int]:
    port = _free_port()
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [LIKVARD, "site", "serve", "--port", str(port), "--workers", "2"], env=dict(env), stdout=log, stderr=log
        )
        try:
            _wait_for(lambda: once(port, "/healthz"))
            yield port
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)


def _wait_for(ask: Callable[[], object]) -> None:
    for _ in range(300):
        try:
            ask()
        except (OSError, RuntimeError):
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server does not answer: see server.log.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Letters:
    """A mail server's part: counts the letters of each receiver, and tells when so many have come."""

    def __init__(self, enough: int) -> None:
        self.to: Counter[str] = Counter()
        self.enough, self.reached = enough, threading.Event()

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, _server: object, _session: object, envelope: object, address: str, _options: object
    ) -> str:
        envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802
        self.to.update(envelope.rcpt_tos)  # type: ignore[attr-defined]
        if self.to.total() >= self.enough:
            self.reached.set()
        return "250 OK"


FOLLOW = f"""
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from likvard.site.cases.models import Outgoing
from likvard.site.newsroom.actions import telling
from likvard.site.cases.models import IssuedHappening
from likvard.site.newsroom.models import News, Publication, Subscription, Tally
News.objects.all().delete()
last = IssuedHappening.objects.order_by("pk").last()
Tally.objects.update_or_create(name="happenings", defaults={{"value": last.pk if last else 0}})  # those are old news
Subscription.objects.all().delete()
Outgoing.objects.all().delete()
at = timezone.now() - timedelta(minutes=1)
Subscription.objects.bulk_create(
    (Subscription(email=f"{{n}}@example.org", topic="register:", asked_at=at, confirmed_at=at) for n in range({FOLLOWERS})),
    batch_size=1000,
)
telling.tell_move(publication=Publication.objects.public().newest_first().first(), code="publish", at=timezone.now())
"""

WORKER = """
import django
django.setup()
from django.conf import settings
from django.utils import timezone
from likvard.site.cases import outbox
from likvard.site.newsroom.actions import mailing
mailing.write_letters(timezone.now(), settings.BASE_URL)
print("written", flush=True)
while outbox.send_due(timezone.now()):
    pass
"""

UNSURE = """
import django
django.setup()
from likvard.site.cases.models import Outgoing
print(*Outgoing.objects.filter(state__in=["sending", "unknown"]).values_list("to", flat=True))
"""


def _letters(env: Mapping[str, str]) -> dict[str, float]:
    """Seconds of writing and sending, and what became of the letters; the worker is killed when a third has been sent."""
    subprocess.run([sys.executable, "-c", FOLLOW], check=True, env=dict(env))
    port, server = _free_port(), Letters(FOLLOWERS // 3)
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    mailing = {**env, "LIKVARD_EMAIL": f"smtp://127.0.0.1:{port}"}
    try:
        began = time.perf_counter()
        with subprocess.Popen([sys.executable, "-c", WORKER], env=mailing, stdout=subprocess.PIPE) as worker:
            worker.stdout.readline()  # type: ignore[union-attr]
            written = time.perf_counter() - began
            server.reached.wait(600)
            worker.kill()
        half, again = time.perf_counter(), server.to.total()
        sending = _timed([sys.executable, "-c", WORKER], mailing)[0]
        unsure = set(_timed([sys.executable, "-c", UNSURE], env)[1].split())
    finally:
        controller.stop()
    everybody = {f"{n}@example.org" for n in range(FOLLOWERS)}
    return {
        "write": written,
        "a second": (server.to.total() - again) / sending,
        "all": half - began + sending,
        "unsure": len(unsure),
        "lost": len(everybody - server.to.keys() - unsure),
        "doubled": sum(number > 1 for number in server.to.values()),
    }


def _table(found: Mapping[str, Measured]) -> Table:
    table = Table(
        "",
        *found,
        title=f"{CASES:,} matters, {DECISIONS:,} decisions, {FOLLOWERS:,} subscribers; two workers, {RATE} questions a second",
    )
    for kind in next(iter(found.values())).p95:
        table.add_row(f"{kind}, p95 ms", *(f"{one.p95[kind]:.0f}" for one in found.values()))
    rows: dict[str, Callable[[Measured], str]] = {
        "answers that failed": lambda one: str(one.failed),
        "filling the database, s": lambda one: f"{one.made:.0f}",
        "the night's files, s": lambda one: f"{one.export:.0f}",
        "the night's files, MB": lambda one: f"{one.sizes / 1e6:.0f}",
        "writing the letters, s": lambda one: f"{one.letters['write']:.1f}",
        "letters sent a second": lambda one: f"{one.letters['a second']:.0f}",
        "all letters with a kill, s": lambda one: f"{one.letters['all']:.0f}",
        "letters a person is asked about": lambda one: f"{one.letters['unsure']:.0f}",
    }
    for label, told in rows.items():
        table.add_row(label, *map(told, found.values()))
    return table


if __name__ == "__main__":
    run()
