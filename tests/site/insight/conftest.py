"""Ekvik's schools with a publication of their figures, made through the real gate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

from likvard.disclosure import Cell, CellKind, release
from likvard.disclosure.publication import About, FigureKey, Publication, SourceRow, write
from likvard.site import published
from likvard.site.insight.remembered import MEMORY
from likvard.site.people.models import Unit
from likvard.terms import Audience, Level

EKVIK, LÄRKAN = "2120009991", "5560009995"
BJÖRK, GRAN, LÄRKSKOLAN = "90000001", "90000002", "90000005"
MORE = {f"9000001{i}": name for i, name in enumerate(("Alskolan", "Ekskolan", "Hasselskolan", "Lindskolan"))}
UNITS = {BJÖRK: EKVIK, GRAN: EKVIK, **dict.fromkeys(MORE, EKVIK), LÄRKSKOLAN: LÄRKAN}
DAY = date(2025, 9, 1)
YEARS = range(2018, 2025)
SECRET = 283.0
"""The mean of the girls at Granskolan in 2024, seven of them: its organiser may see it, the public may not."""

MERIT, SHARE = "merit_value", "share_all_subjects_year_9"
FACTS = {
    "newest": dict.fromkeys((MERIT, SHARE, "grade_points", "share_parents_tertiary"), 2024),
    "pooled": [2022, 2023, 2024],
    "differences": {"tests": 800, "rate": 0.05, "kept": 1},
    "changes": {"tests": 4500, "rate": 0.05, "kept": 1},
    "sd": {MERIT: 55.0},
    "intake": [{"sv": "kön", "en": "sex"}],
}


def estimate(key: FigureKey, value: float, half: float = 0.0, n: int = 60) -> Cell:
    """A number with an interval."""
    low, high = (value - half, value + half) if half else (None, None)
    level = {"unit": Level.UNIT, "organiser": Level.ORGANISER}.get(key.level, Level.NATION)
    return Cell(key, CellKind.ESTIMATE, value, n=n, low=low, high=high, level=level)


def cells_of(unit: str, at: int) -> Iterator[Cell]:
    """What one school has: results by year and group, what was expected, intake."""

    def of(measure: str, aspect: str, year: int, value: float, half: float = 0.0, n: int = 60, **key: str) -> Cell:
        return estimate(FigureKey(measure, aspect, area=unit, year=str(year), **key), value, half, n)

    for year in YEARS:
        yield of(MERIT, "observed", year, 214 + 3 * at + year - 2018, 8)
        yield of(SHARE, "observed", year, 0.62 + 0.02 * at, 0.08)
        yield of("share_parents_tertiary", "observed", year, 0.7 - 0.05 * at)
        yield of("share_foreign_background", "observed", year, 0.2 + 0.02 * at)
        yield of("pupils", "observed", year, 300 + 20 * at)
    for year in (2022, 2023, 2024):
        hidden = unit == GRAN and year == 2024
        yield of(MERIT, "observed", year, SECRET if hidden else 228 + at, 9, 7 if hidden else 30, group="girls")
        yield of(MERIT, "observed", year, 206 + at, 9, 30, group="boys")
        yield of(MERIT, "gap", year, SECRET - 206 - at if hidden else 22, 12, 7 if hidden else 60, group="girls-boys")
        yield of(MERIT, "expected_low", year, 200)
        yield of(MERIT, "expected_high", year, 240)
    difference = (-18.0, 14.0, 2.0, -3.0, 1.0, 0.5, 0.0)[at]
    for aspect, value, half in (("difference", difference, 9.0), ("result", 225 + difference, 0), ("expected", 225, 0)):
        yield of(MERIT, aspect, 2024, value, half)
    yield of("grade_points", "difference", 2024, difference / 10, 0.7, subject="Ma")
    yield of(MERIT, "change", 2024, 12.0 if at == 1 else 1.0, 6)


def organisers_own(organiser: str) -> Iterator[Cell]:
    """The organiser as a whole: its mean, its groups and the gap between them."""

    def of(aspect: str, year: int, value: float, half: float = 0.0, group: str = "all") -> Cell:
        key = FigureKey(MERIT, aspect, group=group, level="organiser", area=organiser, year=str(year))
        return estimate(key, value, half, 500)

    for year in YEARS:
        yield of("observed", year, 226, 3)
        yield of("sd", year, 20, 6)
        yield of("observed", year, 238, 4, "girls")
        yield of("observed", year, 214, 4, "boys")
        yield of("gap", year, 24, 6, "girls-boys")
    yield of("gap_change", 2024, 1, 4, "girls-boys")


def nation() -> Iterator[Cell]:
    """The country."""
    for year in YEARS:
        for aspect, value in (("sd", 30.0), ("mean", 228.0), ("lower", 196.0), ("upper", 266.0)):
            key = FigureKey(MERIT, aspect, level="nation", area="00", year=str(year))
            yield estimate(key, value, 1 if aspect == "sd" else 0, 9000)
    for group in ("before", "after"):
        for aspect, value in (("organiser", 0.02), ("unit", 0.16), ("pupil", 0.82)):
            key = FigureKey(MERIT, f"variance_{aspect}", "", group, "nation", "00", "GR", "2024")
            yield estimate(key, value, 0.01, 9000)


def publish(path: Path, lake: str = "lake-1") -> Publication:
    """Write and open the publication."""
    parts = []
    for organiser in (EKVIK, LÄRKAN):
        own = [cell for at, (unit, of) in enumerate(UNITS.items()) if of == organiser for cell in cells_of(unit, at)]
        own += organisers_own(organiser)
        kept = {c.key for c in own if c.key[1] in ("difference", "change") and c.low * c.high > 0}
        parts += [(release(own, audience=audience, on=DAY), organiser, kept) for audience in Audience]
    parts += [(release(list(nation()), audience=audience, on=DAY), "", frozenset()) for audience in Audience]
    source = SourceRow("Skolverket, slutbetyg", "National Agency for Education, final grades", "2025", ("1-betyg",))
    about = About(lake, "likvard 1", DAY, synthetic=True, sources=dict.fromkeys(FACTS["newest"], source), facts=FACTS)
    write(path, releases=parts, about=about)
    return Publication.open(path)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publication]:
    """The publication, made once."""
    with closing(publish(tmp_path_factory.mktemp("publication") / "a.sqlite")) as opened:
        yield opened


@pytest.fixture
def schools(places: object) -> None:
    """Four schools more in Ekvik, so that there are enough to compare."""
    for code, name in MORE.items():
        unit = Unit(code=code, name=name, organiser_id=EKVIK, municipality_code="9999", grades="F-9", area="Söder")
        unit.forms = ("GR",)
        unit.save()


@pytest.fixture
def read(schools: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[Publication], Publication]:
    """Let the site read a publication, and remember nothing of any other."""

    def current(made: Publication) -> Publication:
        MEMORY.forget()
        monkeypatch.setattr(published, "current", lambda: made)
        return made

    return current


@pytest.fixture
def publication(made: Publication, read: Callable[[Publication], Publication]) -> Publication:
    """The publication as the one that the site reads."""
    return read(made)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, now: datetime, settings: object) -> Callable[[datetime], None]:
    """The clock of the requests stands still. The roles of the cast need no second factor here."""
    at = [now]
    settings.SECOND_FACTOR = False
    monkeypatch.setattr("likvard.site.ui.middleware.timezone.now", lambda: at[0])
    return lambda when: at.__setitem__(0, when)
