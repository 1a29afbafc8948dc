"""The administrator's page of the log."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from likvard.site.people import actions
from likvard.site.people.roles import Role


@pytest.fixture(autouse=True)
def no_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


@pytest.fixture
def happened(cast: Any, places: Any, now: Any) -> None:
    actions.give(by=cast.adam, user=cast.sten, role=Role.PRINCIPAL, unit=places.gran, at=now, reason="vikarie")
    later = now + timedelta(days=2)
    actions.give(by=cast.nils, user=cast.ines, role=Role.LEAD_INSPECTOR, at=later, reason="ny ledare")
    actions.note(actor=cast.rut, subject="case:SI 2025:1", what="case.read", at=later)


def text(client: Client, query: str = "") -> str:
    return client.get(f"/administration/logg/?sprak=en&{query}").content.decode()


@pytest.mark.parametrize("who", ["sten", "rut", "harald", "ines", "olle"])
def test_only_administrators_read_the_log(who: str, cast: Any, enter: Any) -> None:
    assert enter(getattr(cast, who)).get("/administration/logg/").status_code == 403


def test_a_local_administrator_sees_own_people_and_units_only(happened: None, cast: Any, enter: Any) -> None:
    page = text(enter(cast.adam))
    assert "vikarie" in page
    assert "SI 2025:1" in page
    assert "ny ledare" not in page


def test_the_sites_administrator_sees_everything(happened: None, cast: Any, enter: Any) -> None:
    page = text(enter(cast.nils))
    assert "vikarie" in page
    assert "ny ledare" in page


def test_reading_the_log_is_noted_with_what_was_asked(happened: None, cast: Any, enter: Any, noted: Any) -> None:
    client = enter(cast.adam)
    text(client, "q=Sten")
    assert noted()[-1] == "audit.read"
    assert "log read" in text(client)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=Sten", True),
        ("q=sten@example.se", True),
        ("q=90000002", True),
        ("q=SI+2025:1", False),
        ("q=Kim", False),
        ("start=2025-11-14&end=2025-11-14", True),
        ("start=2025-11-15", False),
        ("end=2025-11-13", False),
        ("fore=1", False),
        ("start=x", False),
        ("fore=99999999999999999999999", False),
    ],
)
def test_events_are_found_by_person_number_and_day(
    query: str, found: bool, happened: None, cast: Any, enter: Any
) -> None:
    assert ("vikarie" in text(enter(cast.adam), query)) is found


def test_long_logs_are_read_page_by_page(cast: Any, now: Any, enter: Any) -> None:
    for n in range(60):
        actions.note(actor=cast.rut, subject=f"case:SI 2025:{n}", what="case.read", at=now)
    client = enter(cast.nils)
    first = text(client)
    assert first.count("matter read") == 50
    older = re.search(r"[?&;](fore=\d+)", first)[1]
    assert text(client, older).count("matter read") == 10


def test_what_was_done_is_told_in_words(cast: Any, places: Any, now: Any, enter: Any) -> None:
    actions.invite(by=cast.adam, email="ny@example.se", role=Role.ANALYST, organiser=places.ekvik, at=now)
    actions.give(by=cast.adam, user=cast.sten, role=Role.PRINCIPAL, unit=places.gran, at=now)
    cast.rut.audit_role = "analyst, principal"
    actions.note(actor=cast.rut, subject="case:SI 2025:1", what="case.read", at=now)
    page = text(enter(cast.adam))
    assert "ny@example.se" in page
    assert "Granskolan" in page
    assert "analyst, principal" in page
    assert "case:SI" not in page


def test_a_subject_that_no_row_has_any_more_is_still_shown(cast: Any, now: Any, enter: Any) -> None:
    for subject in ("organiser:1234567890", "user:nobody", f"invitation:{'-' * 36}", "words"):
        actions.note(actor=cast.rut, subject=subject, what="figures.read", at=now)
    page = text(enter(cast.adam))
    assert "1234567890" in page
    assert "nobody" in page
