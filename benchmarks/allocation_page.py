"""The page of a what-if for an organiser with 200 schools: processor time of the whole answer, from the request to the last byte.

The site is the real one, in a folder and a database of its own; the schools, a publication of their need, pupils and money, and a
round that is out for views are invented. Every wish is one that nobody has asked for before, so that nothing is kept from an
earlier answer. `python -m benchmarks.allocation_page`, or with `python -m benchmarks allocation`.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import django

HOME = Path(tempfile.mkdtemp(prefix="likvard-what-if-"))
os.environ.update(
    LIKVARD_HOME=str(HOME), LIKVARD_LAKE=str(HOME / "lake"), LIKVARD_SECRET_KEY="only-for-measuring",  # noqa: S106
    LIKVARD_DATABASE="", LIKVARD_DEMO="1", DJANGO_SETTINGS_MODULE="likvard.site.settings",
)  # fmt: skip
django.setup()

from benchmarks.allocation import UNITS, frame  # noqa: E402 - the settings come first
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from likvard.allocation.round import Rule  # noqa: E402
from likvard.disclosure import Cell, CellKind, release  # noqa: E402
from likvard.disclosure.publication import About, FigureKey, Publication, SourceRow, write  # noqa: E402
from likvard.site import published  # noqa: E402
from likvard.site.people.models import Membership, Organiser, Unit, User  # noqa: E402
from likvard.site.people.roles import Role  # noqa: E402
from likvard.site.resources import actions  # noqa: E402
from likvard.site.resources.basis import take  # noqa: E402
from likvard.site.resources.models import Round  # noqa: E402
from likvard.terms import Audience, Level  # noqa: E402

OWNER, DAY, TIMES = "9920000099", date(2026, 9, 1), 30
AT = datetime.now(UTC)
YEAR = AT.year + 1
GOAL = 100.0
"""Milliseconds of the answer for 200 schools."""


def _publication() -> Publication:
    units, _rule = frame(UNITS)
    cells = []
    for unit in units:
        values = {"need_index": unit.need, "pupils": unit.pupils, "crowns_per_pupil": unit.last_per_pupil}
        for measure, value in values.items():
            for year in range(AT.year - 3, AT.year + (measure == "crowns_per_pupil")):
                key = FigureKey(measure, "observed", "", "all", "unit", unit.code, "GR", str(year))
                low, high = (unit.need_low, unit.need_high) if measure == "need_index" else (None, None)
                cells.append(
                    Cell(key, CellKind.ESTIMATE, value, n=max(int(unit.pupils), 100), low=low, high=high, level=Level.UNIT)
                )  # fmt: skip
    newest = {"need_index": AT.year - 1, "pupils": AT.year - 1, "crowns_per_pupil": AT.year}
    calibration = {"slope": 0.97, "low": 0.9, "high": 1.04, "intercept": 0.0}
    inputs = {"income": {"sv": "Familjens inkomst", "en": "Family income", "year": AT.year - 2}}
    need = {"of_year": AT.year - 1, "inputs": inputs, "calibration": calibration, "checked_on": {str(AT.year - 1): {}},
            "drift": {"aged": {"1": calibration}, "shift": 0.05}}  # fmt: skip
    sources = dict.fromkeys(newest, SourceRow("Påhittat", "Invented", "1", ("1",)))
    about = About(
        "invented", "likvard", DAY, synthetic=True, sources=sources, facts={"newest": newest, "need": {"GR": need}}
    )
    path = HOME / "publication.sqlite"
    write(path, releases=[(release(cells, audience=a, on=DAY), OWNER, frozenset()) for a in Audience], about=about)
    return Publication.open(path)


def _round(publication: Publication) -> tuple[Round, User]:
    """A round that is out for views, and the head of education who turns the sliders."""
    units, rule = frame(UNITS)
    owner = Organiser.objects.create(number=OWNER, name="Påhittade kommun", kind="municipal", municipality_code="9999")
    Unit.objects.bulk_create(
        Unit(
            code=u.code,
            name=u.name,
            organiser=owner,
            municipality_code="9999",
            area=f"Område {i % 9}",
            form_codes="|GR|",
        )
        for i, u in enumerate(units)
    )
    user = User.objects.create(email="head@example.se", name="Skolchef")
    since = {"start": (AT - timedelta(days=900)).date(), "given_at": AT}
    Membership.objects.create(user=user, role=Role.ORGANISER_HEAD, organiser=owner, **since)
    taken, begun = take(publication, owner, YEAR, "GR"), AT - timedelta(days=9)
    known = Rule(frame=rule.frame, share=rule.share, floor=rule.floor, cap=rule.cap)
    made = actions.open_round(
        organiser=owner, year=YEAR, form="GR", body="Nämnden", rule=known, taken=taken, by=user, at=begun
    )  # fmt: skip
    until = (AT + timedelta(days=9)).date()
    return actions.send_out(round=made, until=until, by=user, at=begun), user


def _timed(client: Client, address: Callable[[int], str], **headers: str) -> tuple[float, float, int]:
    """The quickest and the median of the processor's milliseconds of an answer, and its bytes."""
    spent, size = [], 0
    for turn in range(-3, TIMES):
        start = time.process_time()
        answer = client.get(address(turn), headers=headers or None)
        took = 1000 * (time.process_time() - start)
        if answer.status_code != 200:
            raise SystemExit(f"{address(turn)} answered {answer.status_code} {answer.headers.get('Location', '')}")
        size = len(answer.content)
        spent += [took] * (turn >= 0)
    return min(spent), statistics.median(spent), size


def run() -> None:
    """Print the table."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    publication = _publication()
    published.current = lambda: publication
    round, user = _round(publication)
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    href = round.get_absolute_url()
    print(f"A round of {UNITS} schools, {round.newest.shares.exclude(limit='').count()} of them held by a limit")
    wish = "{}prova/?andel={:.2f}&hogst={:.2f}"
    asked = (
        ("a what-if, the whole page", lambda turn: wish.format(href, 10 + turn / 10, 3.0), {}),
        ("a what-if, as a slider is turned", lambda turn: wish.format(href, 10.05 + turn / 10, 3.0), {"HX-Request": "true"}),
        ("the round's page", lambda _turn: href, {}),
    )  # fmt: skip
    for name, address, headers in asked:
        least, median, size = _timed(client, address, **headers)
        print(f"{name:<36}{median:8.1f} ms of processor, quickest {least:6.1f}; {size / 1000:6.0f} kB")


if __name__ == "__main__":
    try:
        run()
    finally:
        shutil.rmtree(HOME, ignore_errors=True)
    sys.exit(0)
