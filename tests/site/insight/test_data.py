"""The data page: sources for everybody, deliveries for those whose records they are."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.site.insight.conftest import EKVIK, LÄRKAN

from likvard.flow.data_status import Arrived, DataStatus, Found, Overdue
from likvard.site.insight.pages import data
from likvard.site.people.roles import Reach
from likvard.terms import Words

DAY = datetime(2025, 10, 2, tzinfo=UTC)


def delivery(number: int, whose: str, state: str = "active", warnings: int = 0) -> Arrived:
    name = Words(f"Leverans {number}", f"Delivery {number}")
    return Arrived(
        f"{number:04d}-grades",
        "organiser-grades",
        name,
        "2024/25",
        whose,
        "2025",
        f"fil-{number}.csv",
        DAY,
        1410,
        state,
        "fel fil",
        warnings,
        True,
    )


STATUS = DataStatus(
    (delivery(1, "", warnings=2), delivery(2, EKVIK), delivery(3, LÄRKAN), delivery(4, EKVIK, "withdrawn")),
    (Overdue(Words("Betyg", "Grades"), "2023/24", EKVIK, date(2025, 7, 31), 106),),
    (Words("Senast den 31 juli.", "By 31 July."),),
)
FOUND = Found(
    "warning", Words("rad 3", "row 3"), Words("ett F", "an F"), Words("A–E", "A–E"), Words("Rätta.", "Mend it.")
)


@pytest.fixture(autouse=True)
def lake(monkeypatch):
    """A lake of four deliveries, one of them somebody else's."""
    monkeypatch.setattr(data.flow, "data_status", lambda lake, on: STATUS)
    monkeypatch.setattr(data.flow, "findings", lambda lake, id: (FOUND,) if id.startswith("0001") else ())


@pytest.mark.parametrize("who", ["", "olle", "sten", "rut", "elsa", "adam", "ines", "petra", "nils"])
def test_everybody_sees_the_sources_and_no_delivery(publication, cast, enter, who):
    page = enter(getattr(cast, who) if who else None).get("/data/").content.decode()
    assert "Skolverket, slutbetyg" in page
    assert "fil-" not in page
    assert "sen" not in page.partition("<main")[2].partition("<h2")[0]


@pytest.mark.parametrize("who", ["harald", "kim", "anna"])
def test_the_organiser_sees_its_own_deliveries_and_those_of_all(publication, cast, enter, who):
    page = enter(getattr(cast, who)).get("/data/").content.decode()
    assert all(f"fil-{n}.csv" in page for n in (1, 2, 4))
    assert "fil-3.csv" not in page
    assert "En leverans är sen." in page
    assert "106 dagar sen" in page
    assert "Senast den 31 juli." in page
    assert "2 varningar" in page
    assert "återtagen" in page


def test_another_organiser_sees_its_own(publication, cast, enter):
    page = enter(cast.other_harald).get("/data/").content.decode()
    assert "fil-3.csv" in page
    assert "fil-2.csv" not in page
    assert "Allt som skulle komma har kommit." in page


def test_a_delivery_tells_what_screening_found(publication, cast, enter):
    page = enter(cast.harald).get("/data/0001-grades/").content.decode()
    assert all(text in page for text in ("rad 3", "ett F", "Rätta."))
    assert "Inget. Filen var som den ska." in enter(cast.harald).get("/data/0002-grades/").content.decode()


def test_nobody_reaches_anothers_delivery(publication, cast, enter):
    assert enter(cast.harald).get("/data/0003-grades/").status_code == 404
    assert enter(cast.harald).get("/data/finns-inte/").status_code == 404
    assert enter(cast.rut).get("/data/0001-grades/").status_code == 403
    assert enter(None).get("/data/0001-grades/").headers["Location"].startswith("/konto/")


def test_whoever_reaches_every_delivery_sees_them_all(publication, cast, enter, monkeypatch):
    monkeypatch.setattr(data.access, "reach", lambda user, content, on: Reach(everything=True))
    assert "fil-3.csv" in enter(cast.nils).get("/data/").content.decode()
