"""The cast of the site's tests: two organisers, five units, and a person in each role, with and without a place there.

Ekvik is a municipality; Lärkan is an independent organiser. Everybody named for Ekvik belongs there; `other_…` people hold the
same role at Lärkan. Memberships hold from 1 August 2023 and still do. `olle` has an account and no membership.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from tests.site.remembered import leave_room_for_the_cast

from likvard.site.people.models import Lineage, Membership, Organiser, Unit, User
from likvard.site.people.roles import Place, Role

TODAY = date(2025, 11, 14)
NOW = datetime(2025, 11, 14, 9, 30, tzinfo=UTC)
SINCE = date(2023, 8, 1)
CAST = 1 << 64  # where the numbers of the cast begin, which are the same in every test
PASSWORD = "ett-par-gröna-stövlar-7"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only the tests that use the database are run again."""
    if connection.vendor != "postgresql":
        return
    using = {"db", "transactional_db", "live_server"}
    kept = [
        one for one in items if one.get_closest_marker("django_db") or using & set(getattr(one, "fixturenames", ()))
    ]
    config.hook.pytest_deselected(items=[one for one in items if one not in set(kept)])
    items[:] = kept


@dataclass(frozen=True)
class Places:
    """Where the cast is. `gammal` was closed in 2021 and is continued by `björk`."""

    ekvik: Organiser
    lärkan: Organiser
    björk: Unit
    gran: Unit
    anpassad: Unit
    gammal: Unit
    lärkskolan: Unit


@dataclass(frozen=True)
class Cast:
    """Who is who. The first eight are tied to Ekvik; the authorities' people to the whole country."""

    sten: User  # staff at Björkskolan
    rut: User  # principal of Björkskolan
    elsa: User  # pupil health at Björkskolan
    harald: User  # head of education in Ekvik
    kim: User  # quality manager in Ekvik
    anna: User  # analyst in Ekvik
    adam: User  # administrator of Ekvik
    olle: User  # no membership
    ines: User  # inspector
    lea: User  # lead inspector
    bea: User  # BEO officer
    lis: User  # licence officer
    petra: User  # press officer
    nils: User  # administrator of the whole site
    other_rut: User  # principal of Lärkskolan
    other_harald: User  # head of education at Lärkan
    other_adam: User  # administrator of Lärkan

    def by_role(self, role: Role) -> User:
        """The first person of the cast who has the role."""
        return getattr(self, next(name for name, (_, r, _place) in PEOPLE.items() if r is role))


EKVIK, LÄRKAN = "2120009991", "5560009995"
BJÖRK, GRAN, ANPASSAD, GAMMAL, LÄRKSKOLAN = "90000001", "90000002", "90000003", "90000004", "90000005"

PEOPLE: dict[str, tuple[str, Role | None, Place]] = {
    "sten": ("Sten Stab", Role.STAFF, Place(unit=BJÖRK)),
    "rut": ("Rut Rektor", Role.PRINCIPAL, Place(unit=BJÖRK)),
    "elsa": ("Elsa Elevhälsa", Role.PUPIL_HEALTH, Place(unit=BJÖRK)),
    "harald": ("Harald Huvudman", Role.ORGANISER_HEAD, Place(organiser=EKVIK)),
    "kim": ("Kim Kvalitet", Role.QUALITY_MANAGER, Place(organiser=EKVIK)),
    "anna": ("Anna Analytiker", Role.ANALYST, Place(organiser=EKVIK)),
    "adam": ("Adam Administratör", Role.ADMINISTRATOR, Place(organiser=EKVIK)),
    "olle": ("Olle Obehörig", None, Place()),
    "ines": ("Ines Inspektör", Role.INSPECTOR, Place()),
    "lea": ("Lea Ledare", Role.LEAD_INSPECTOR, Place()),
    "bea": ("Bea Barnombud", Role.BEO_OFFICER, Place()),
    "lis": ("Lis Licens", Role.LICENCE_OFFICER, Place()),
    "petra": ("Petra Press", Role.PRESS_OFFICER, Place()),
    "nils": ("Nils Nationell", Role.ADMINISTRATOR, Place()),
    "other_rut": ("Rune Rektor", Role.PRINCIPAL, Place(unit=LÄRKSKOLAN)),
    "other_harald": ("Hanna Huvudman", Role.ORGANISER_HEAD, Place(organiser=LÄRKAN)),
    "other_adam": ("Ada Administratör", Role.ADMINISTRATOR, Place(organiser=LÄRKAN)),
}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The database of the tests, with room for the cast before whatever a test adds."""
    with django_db_blocker.unblock():
        leave_room_for_the_cast()


@pytest.fixture(scope="session")
def keep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where files of what is made once lie."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def today() -> date:
    """The day of the tests, a Friday in the autumn term."""
    return TODAY


@pytest.fixture
def now() -> datetime:
    """The time of the tests, in UTC."""
    return NOW


@pytest.fixture
def places(db: None) -> Places:
    """Two organisers and their units."""
    ekvik = Organiser(number=EKVIK, name="Ekviks kommun", kind="municipal", municipality_code="9999")
    lärkan = Organiser(number=LÄRKAN, name="Lärkan AB", kind="independent")

    def unit(code: str, name: str, of: Organiser, forms: tuple[str, ...] = ("GR",), **more: object) -> Unit:
        made = Unit(code=code, name=name, organiser=of, municipality_code="9999", grades="F-9", first_year=2012, **more)
        made.forms = forms
        return made

    found = Places(
        ekvik=ekvik,
        lärkan=lärkan,
        björk=unit(BJÖRK, "Björkskolan", ekvik, area="Norr"),
        gran=unit(GRAN, "Granskolan", ekvik, area="Söder"),
        anpassad=unit(ANPASSAD, "Björkskolans anpassade grundskola", ekvik, ("GRAN",), area="Norr"),
        gammal=unit(GAMMAL, "Gamla Björkskolan", ekvik, area="Norr", status="closed", last_year=2020),
        lärkskolan=unit(LÄRKSKOLAN, "Lärkskolan", lärkan),
    )
    Organiser.objects.bulk_create([ekvik, lärkan])
    Unit.objects.bulk_create([found.björk, found.gran, found.anpassad, found.gammal, found.lärkskolan])
    Lineage.objects.create(
        predecessor=found.gammal, successor=found.björk, kind="recoded", day=date(2021, 7, 1), source="invented"
    )
    return found


@pytest.fixture
def member(places: Places) -> Callable[..., Membership]:
    """Give a person a role at a place; `member(user, Role.ANALYST, Place(organiser=…), start=…, end=…)`."""

    def give(user: User, role: Role, place: Place, *, start: date = SINCE, end: date | None = None) -> Membership:
        where = {"unit_id": place.unit or None, "organiser_id": place.organiser or None}
        return Membership.objects.create(user=user, role=role, start=start, end=end, given_at=NOW, **where)

    return give


@pytest.fixture
def cast(places: Places) -> Cast:
    """A person in each role. They sign in by `<name>@example.se` and the password of the tests."""
    hashed = make_password(PASSWORD)
    people = {
        key: User(pk=UUID(int=CAST + number), email=f"{key}@example.se", name=name, password=hashed)
        for number, (key, (name, _role, _place)) in enumerate(PEOPLE.items(), 1)
    }
    User.objects.bulk_create(people.values())  # all at once: more than a thousand tests begin here
    Membership.objects.bulk_create(
        Membership(
            pk=people[key].pk.int - CAST, user=people[key], role=role, start=SINCE, given_at=NOW,
            unit_id=place.unit or None, organiser_id=place.organiser or None,
        )
        for key, (_name, role, place) in PEOPLE.items()
        if role is not None
    )  # fmt: skip
    return Cast(**people)


@pytest.fixture
def enter() -> Callable[[User | None], Client]:
    """A browser in which a person has signed in, or nobody has."""

    def open_browser(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return open_browser


@pytest.fixture
def environment(tmp_path: Path, transactional_db: None) -> dict[str, str]:
    """How another process reaches the database: the tests' own on PostgreSQL, else a copy in a file (memory is not shared)."""
    known, address = connection.settings_dict, ""
    if connection.vendor == "postgresql":
        folder = quote(known["OPTIONS"].get("host", known["HOST"]), safe="")
        address = f"postgresql://{known['USER']}@/{known['NAME']}?host={folder}"
    else:
        connection.ensure_connection()
        with closing(sqlite3.connect(tmp_path / "site.sqlite3")) as file:
            connection.connection.backup(file)
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "likvard.site.settings",
        "LIKVARD_HOME": str(tmp_path),
        "LIKVARD_SECRET_KEY": "only-for-tests",
        "LIKVARD_DATABASE": address,
    }


@pytest.fixture
def process(environment: dict[str, str]) -> Callable[..., subprocess.Popen[str]]:
    """Start another process of the site, that runs this code with these arguments; what it prints can be read as it goes."""

    def start(code: str, *arguments: object, **more: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", f"import django; django.setup()\n{code}", *map(str, arguments)]
        return subprocess.Popen(command, env={**environment, **more}, stdout=subprocess.PIPE, text=True)

    return start
