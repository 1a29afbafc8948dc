"""Ekvik's schools and an independent one with need, pupils and money, published through the real gate; rounds in every state.

Need rises through Ekvik's schools; Ekskolan has much need and got little last year, Lindskolan has six pupils, so that its need is
hidden from all. `later` is the same a year on: Granskolan has more need and more pupils.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.site.insight.conftest import (  # a fixture is a conftest's by being named in it
    BJÖRK,
    EKVIK,
    GRAN,
    LÄRKAN,
    LÄRKSKOLAN,
    MORE,
    clock,
    schools,
)

from likvard.allocation.round import Rule
from likvard.disclosure import Cell, CellKind, release
from likvard.disclosure.publication import About, FigureKey, Publication, SourceRow, write
from likvard.site import published
from likvard.site.resources import actions
from likvard.site.resources.basis import Taken, take
from likvard.site.resources.models import Round
from likvard.terms import Audience, Level

__all__ = ["clock", "schools"]

ALSKOLAN, EKSKOLAN, HASSELSKOLAN, LINDSKOLAN = MORE
OWNERS = {BJÖRK: EKVIK, GRAN: EKVIK, **dict.fromkeys(MORE, EKVIK), LÄRKSKOLAN: LÄRKAN}
NEED = {BJÖRK: 64, GRAN: 81, ALSKOLAN: 98, EKSKOLAN: 164, HASSELSKOLAN: 120, LINDSKOLAN: 140, LÄRKSKOLAN: 72}
PUPILS = {BJÖRK: 401, GRAN: 392, ALSKOLAN: 437, EKSKOLAN: 412, HASSELSKOLAN: 340, LINDSKOLAN: 6, LÄRKSKOLAN: 205}
MONEY = {
    BJÖRK: 66627,
    GRAN: 64075,
    ALSKOLAN: 70200,
    EKSKOLAN: 66000,
    HASSELSKOLAN: 72000,
    LINDSKOLAN: 70000,
    LÄRKSKOLAN: 65100,
}
DAY = date(2025, 9, 1)
RULE = Rule(frame=152_000_000, share=0.15, cap=0.03)


def facts(of_year: int, money: int) -> dict[str, Any]:
    """What the publication says of its figures and of the model of need."""
    inputs = {
        "education": {"sv": "Vårdnadshavares utbildning", "en": "Guardians' education", "year": of_year - 2},
        "income": {"sv": "Familjens inkomst", "en": "Family income", "year": of_year},
    }
    calibration = {"slope": 0.97, "low": 0.9, "high": 1.04, "intercept": 0.0}
    drift = {"aged": {"1": calibration, "3": {**calibration, "slope": 0.81}}, "shift": 0.12}
    need = {
        "of_year": of_year, "inputs": inputs, "calibration": calibration, "checked_on": {str(of_year): {}}, "drift": drift,
    }  # fmt: skip
    newest = {"need_index": of_year, "crowns_per_pupil": money, "pupils": of_year, "merit_value": of_year}
    return {"newest": newest, "need": {"GR": need}}


def cells(organiser: str, of_year: int, money: int, later: bool, within: int) -> Iterator[Cell]:
    """What is published of an organiser's schools; of the year `within` the index by another model too."""
    for code, owner in OWNERS.items():
        if owner != organiser:
            continue
        more = later and code == GRAN
        pupils, need = PUPILS[code] + 40 * more, NEED[code] + 30.0 * more

        def of(
            measure: str, kind: CellKind, value: float, year: int, half: float = 0.0, n: int = pupils, at: str = code
        ) -> Cell:
            key = FigureKey(measure, "observed", "", "all", "unit", at, "GR", str(year))
            ends = (value - half, value + half) if half else (None, None)
            return Cell(key, kind, value, n=n, low=ends[0], high=ends[1], level=Level.UNIT)

        yield of("need_index", CellKind.ESTIMATE, need, of_year, 12.0)
        if within:
            yield of("need_index_within", CellKind.ESTIMATE, need * 0.8 + 20, within)
        yield of("need_index_stated", CellKind.ESTIMATE, need * 0.9 + 12, of_year)
        yield of("need_unseen", CellKind.ESTIMATE, 0.25 if code == HASSELSKOLAN else 0.04, of_year)
        yield of("pupils", CellKind.ESTIMATE, pupils, of_year, n=max(pupils, 100))
        yield of("crowns_per_pupil", CellKind.ESTIMATE, MONEY[code], money)
        yield of("crowns_per_pupil", CellKind.ESTIMATE, MONEY[code] - 1000, money - 1)
        yield of("merit_value", CellKind.ESTIMATE, 215.0 + 20 * later, of_year, 8.0)


def publish(path: Path, *, of_year: int = 2023, money: int = 2025, later: bool = False, within: int = 0) -> Publication:
    """Write and open a publication."""
    parts = []
    for organiser in (EKVIK, LÄRKAN):
        own = list(cells(organiser, of_year, money, later, within))
        parts += [(release(own, audience=audience, on=DAY), organiser, frozenset()) for audience in Audience]
    source = SourceRow("Kommunens register", "The municipality's registers", str(of_year), ("1",))
    found = facts(of_year, money)
    sources = dict.fromkeys(found["newest"], source)
    write(
        path,
        releases=parts,
        about=About(f"lake-{of_year}", "likvard 1", DAY, synthetic=True, sources=sources, facts=found),
    )
    return Publication.open(path)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publication]:
    """The publication, made once."""
    with closing(publish(tmp_path_factory.mktemp("need") / "a.sqlite")) as opened:
        yield opened


@pytest.fixture(scope="session")
def later(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publication]:
    """The publication of the year after."""
    with closing(publish(tmp_path_factory.mktemp("later") / "b.sqlite", of_year=2024, later=True)) as opened:
        yield opened


@pytest.fixture
def publication(made: Publication, schools: None, monkeypatch: pytest.MonkeyPatch) -> Publication:
    """The publication as the one that the site reads."""
    monkeypatch.setattr(published, "current", lambda: made)
    return made


@pytest.fixture
def taken(publication: Publication, places: Any) -> Taken:
    """The grounds of a round in Ekvik for 2026."""
    return take(publication, places.ekvik, 2026, "GR")


@pytest.fixture
def draft(cast: Any, places: Any, taken: Taken, now: datetime) -> Round:
    """A draft of Ekvik's round for 2026."""
    return actions.open_round(
        organiser=places.ekvik, year=2026, form="GR", body="Barn- och utbildningsnämnden", rule=RULE, taken=taken, by=cast.kim,
        at=now - timedelta(days=30), planned_on=date(2025, 12, 11),
    )  # fmt: skip


@pytest.fixture
def heard(draft: Round, cast: Any, now: datetime) -> Round:
    """The round out for views, until two weeks from now."""
    return actions.send_out(
        round=draft, until=(now + timedelta(days=14)).date(), by=cast.kim, at=now - timedelta(days=2)
    )


@pytest.fixture
def after(now: datetime) -> datetime:
    """The day after the last one for views."""
    return now + timedelta(days=15)


@pytest.fixture
def decided(heard: Round, cast: Any, after: datetime) -> Round:
    """The round decided by the head of education."""
    return actions.decide(round=heard, reason="Pengarna ska följa behoven.", by=cast.harald, at=after)
