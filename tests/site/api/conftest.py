"""A publication of Ekvik's and Lärkan's figures, and a program that asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from likvard.disclosure import Cell, CellKind, release
from likvard.disclosure.publication import About, FigureKey, Publication, SourceRow, write
from likvard.site import published
from likvard.site.api import actions
from likvard.site.api.rules import Secret
from likvard.site.people.models import User
from likvard.terms import Audience, Level

EKVIK, LÄRKAN = "2120009991", "5560009995"
UNITS = {"90000001": EKVIK, "90000002": EKVIK, "90000005": LÄRKAN}
SECRET_VALUE = 198.731
"""The mean of seven girls at Granskolan: the organiser may see it, the public may not."""

YEARS = (2021, 2022, 2023)


def merit(unit: str, group: str, year: int, value: float, n: int) -> Cell:
    """A mean merit value with an interval."""
    key = FigureKey("merit_value", group=group, area=unit, year=str(year))
    return Cell(key, CellKind.MEAN, value, n=n, low=value - 9, high=value + 9, ceiling=340.0)


def share(unit: str, year: int, reached: int, n: int) -> Cell:
    """A share with all subjects."""
    key = FigureKey("share_all_subjects_year_9", area=unit, year=str(year))
    return Cell(key, CellKind.SHARE, reached / n, n=n, numerator=reached)


def cells_of(organiser: str) -> list[Cell]:
    """What an organiser's units have, and its own mean."""
    made = []
    for at, (unit, owner) in enumerate(UNITS.items()):
        for year in YEARS if owner == organiser else ():
            made += [merit(unit, "all", year, 220.0 + at + year - 2021, 50), share(unit, year, 40 + at, 50)]
            made.append(merit(unit, "girls", year, SECRET_VALUE if at == 1 else 230.0 + at, 7 if at == 1 else 25))
    own = FigureKey("merit_value", level="organiser", area=organiser, year="2023")
    return [*made, Cell(own, CellKind.MEAN, 221.0, n=100, low=215.0, high=227.0, level=Level.ORGANISER, ceiling=340.0)]


def publish(path: Path, lake: str = "lake-1") -> Publication:
    """Write and open a publication of both organisers and of the nation."""
    nation = Cell(
        FigureKey("merit_value", level="nation", area="00", year="2023"), CellKind.MEAN, 223.5, n=99000, ceiling=340.0
    )
    day = date(2025, 9, 1)
    releases = [
        (release(cells_of(owner), audience=audience, on=day), owner, frozenset())
        for owner in (EKVIK, LÄRKAN)
        for audience in Audience
    ]
    releases += [(release([nation], audience=audience, on=day), "", frozenset()) for audience in Audience]
    source = SourceRow("Skolverket, slutbetyg", "National Agency for Education, final grades", "2024", ("1-betyg",))
    write(path, releases=releases, about=About(lake, "likvard 1", day, True, {"merit_value": source}))
    return Publication.open(path)


@pytest.fixture
def publication(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publication]:
    """The publication that the site reads."""
    with closing(publish(tmp_path / "a.sqlite")) as opened:
        monkeypatch.setattr(published, "current", lambda: opened)
        yield opened


@dataclass
class Program:
    """Something that asks the API, at a time of the test's choosing."""

    client: Client
    token: Secret | None = None

    def ask(self, path: str, **headers: str) -> HttpResponse:
        """GET an address below /api/v1/."""
        return self.client.get(f"/api/v1/{path}", headers=self.headers(headers))

    def headers(self, more: dict[str, str] | None = None) -> dict[str, str]:
        """The headers it sends."""
        own = {"Authorization": f"Bearer {self.token.text}"} if self.token else {}
        return own | (more or {})

    def get(self, path: str, **headers: str) -> Any:
        """GET an address that must answer, and read its JSON."""
        answer = self.ask(path, **headers)
        assert answer.status_code == 200, answer.content
        return answer.json()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Callable[[float], None]:
    """The clock of the requests: it stands still, and moves by as many seconds as it is told."""
    at = [now]
    monkeypatch.setattr("likvard.site.ui.middleware.timezone.now", lambda: at[0])

    def move(seconds: float) -> None:
        at[0] += timedelta(seconds=seconds)

    return move


@pytest.fixture
def anybody(db: None) -> Program:
    """A program without a token."""
    return Program(Client())


@pytest.fixture
def program_of(db: None, now: datetime) -> Callable[..., Program]:
    """A program with a token of somebody's."""

    def make(owner: User, *, reads_organiser: bool = True, days: int = 90) -> Program:
        _, secret = actions.make_token(by=owner, name="program", reads_organiser=reads_organiser, days=days, at=now)
        return Program(Client(), secret)

    return make
