"""The comparison of departments and inspectors: who may see it, what it is made from, and that reading it is noted."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pytest

from likvard.flow.uniformity import monitor
from likvard.site.audit.models import Event
from likvard.site.cases.models import Case, Document, Issued
from likvard.site.people.models import User
from likvard.site.supervision import exports
from likvard.site.supervision.invented import comparison
from likvard.site.supervision.models import Decision, Department, Finding, Inspection

ADDRESS = "/tillsyn/enhetlighet/"
SINCE, ON = date(2020, 11, 14), date(2025, 11, 14)
SECTIONS = ("injunction", "remark", "refrain")


@pytest.fixture
def authority(cast: Any, places: Any) -> Callable[..., None]:
    """Three departments of four inspectors each, with signed decisions put straight into the tables."""

    def fill(cases: int = 12, *, more: float = 2.0) -> None:
        random = np.random.default_rng(5)
        for d, name in enumerate(("Lund", "Stockholm", "Umeå")):
            department = Department.objects.create(name=f"Avdelningen i {name}")
            for i in range(4):
                who = User.objects.create_user(f"insp{d}{i}@si.example", name=f"{name} Inspektör {i + 1}")
                means = [2.0 + more * (d == 0)] * cases
                _decisions(department, who, places.björk, cast.lea, random.poisson(means), random)

    return fill


def _decisions(department: Any, who: Any, unit: Any, lead: Any, findings: Any, random: Any) -> None:
    start = Case.objects.count()
    for n, count in enumerate(findings, start=start):
        day = date(2023, 1, 10) + timedelta(days=int(random.integers(0, 700)))
        at = datetime.combine(day, time(12), UTC)
        case = Case.objects.create(
            kind_code="supervision", series="SYN", year=2023, number=10_000 + n, title="Tillsyn", unit=unit,
            organiser=unit.organiser, state_code="awaiting", state_since=at, opened_at=at, opened_by=lead,
        )  # fmt: skip
        inspection = Inspection.objects.create(
            case=case, type="planned", level="unit", forms=["GR"], department=department, opened_on=day
        )
        _decide(inspection, who, lead, int(count), at)


def _decide(inspection: Any, who: Any, lead: Any, count: int, at: datetime) -> None:
    document = Document.objects.create(id=uuid.uuid4(), title="Beslut", dated=at.date())
    issued = Issued.objects.create(
        case=inspection.case, kind="decision", number=1, title="Beslut", dated=at.date(), signed_by="Lea", content={},
        document=document, sha256="0" * 64, issued_at=at, issued_by=lead,
    )  # fmt: skip
    decision = Decision.objects.create(
        inspection=inspection, number=1, presenter=who, decided_on=at.date(), decided_by=lead, issued=issued,
        made_at=at, made_by=who,
    )  # fmt: skip
    Finding.objects.bulk_create(_finding(decision, n, lead, at) for n in range(1, count + 1))


def _finding(decision: Any, number: int, lead: Any, at: datetime) -> Finding:
    """Injunctions, remarks and refrains by turns; every other one is closed."""
    closed = at + timedelta(days=60 + 40 * number)
    done = number % 2 == 1
    return Finding(
        decision=decision, number=number, area="unit.safety", instrument=SECTIONS[number % 3], event_on=at.date(),
        refrain="minor" if SECTIONS[number % 3] == "refrain" else "", observed="…", assessment="…",
        state="remedied" if done else "open", closed_at=closed if done else None, closed_by=lead if done else None,
        seen="papers" if done else "", closing_reason="Det är rättat." if done else "",
    )  # fmt: skip


@pytest.mark.parametrize("who", ["ines", "kim", "harald", "bea", "petra", "nils"])
def test_nobody_but_a_lead_sees_it(enter: Any, cast: Any, who: str) -> None:
    assert enter(getattr(cast, who)).get(ADDRESS).status_code == 403
    assert not Event.objects.filter(what="uniformity.read").exists()


def test_a_stranger_is_asked_to_sign_in(enter: Any, places: Any) -> None:
    assert enter(None).get(ADDRESS).status_code == 302


def test_a_lead_sees_why_there_is_nothing_yet_and_that_reading_is_noted(enter: Any, cast: Any) -> None:
    page = enter(cast.lea).get(ADDRESS).content.decode()
    assert "minst 60 beslut" in page
    event = Event.objects.get(what="uniformity.read")
    assert (event.actor, event.role) == (cast.lea.audit_id, "lead_inspector")


def test_a_demonstration_with_few_inspections_compares_invented_ones_and_says_so(
    enter: Any, cast: Any, settings: Any
) -> None:
    settings.DEMO = True
    page = enter(cast.lea).get(ADDRESS).content.decode()
    assert "påhittade för den här sidan" in page
    assert "Avdelning Stockholm" in page
    assert "Utvecklingsenheten" in page
    assert "färre än 3 inspektörer" in page


def test_the_invented_authority_is_the_same_each_time_and_shows_what_was_planted() -> None:
    assert comparison.rows(ON) == comparison.rows(ON)
    found = monitor(*comparison.rows(ON), on=ON)
    assert found.findings is not None
    assert found.days is not None
    marked = [{one.key for one in part.departments if one.survives} for part in (found.findings, found.days)]
    assert comparison.MORE in marked[0]
    assert marked[1] == {comparison.SLOWER}


def test_the_department_that_finds_more_is_marked(enter: Any, cast: Any, authority: Any) -> None:
    authority()
    page = enter(cast.lea).get(ADDRESS).content.decode()
    assert 'id="uniformity-findings-departments"' in page
    assert 'id="uniformity-days-inspectors"' in page
    assert "<b>en avdelning</b> över det väntade" in page
    assert "högst en av 20 säkerställda" in page


def test_rows_are_signed_first_decisions_with_their_findings(authority: Any) -> None:
    authority(cases=2)
    rows = list(exports.decided(SINCE, ON))
    assert len(rows) == 24
    assert {(row.type, row.level, row.organiser_kind, row.forms) for row in rows} == {
        ("planned", "unit", "municipal", ("GR",))
    }
    assert sum(row.findings for row in rows) == Finding.objects.count()
    known = exports.names()
    assert {known[row.department] for row in rows} == {
        "Avdelningen i Lund", "Avdelningen i Stockholm", "Avdelningen i Umeå"
    }  # fmt: skip
    assert all(row.inspector in known for row in rows)


def test_to_refrain_is_a_finding_that_nobody_follows_up(authority: Any) -> None:
    authority(cases=2)
    followed = list(exports.followed(SINCE, ON))
    assert len(followed) == Finding.objects.exclude(instrument="refrain").count()
    assert any(row.closed for row in followed)
    assert any(row.closed is None for row in followed)


def test_what_was_closed_later_was_open_then(authority: Any) -> None:
    authority(cases=2)
    early = date(2023, 6, 1)
    assert all(row.closed is None or row.closed <= early for row in exports.followed(SINCE, early))
    assert len(list(exports.decided(SINCE, early))) < len(list(exports.decided(SINCE, ON)))


def test_audits_and_cases_of_no_department_are_left_out(authority: Any) -> None:
    authority(cases=2)
    first, second = Inspection.objects.order_by("pk")[:2]
    Inspection.objects.filter(pk=first.pk).update(type="audit")
    Inspection.objects.filter(pk=second.pk).update(department=None)
    assert len(list(exports.decided(SINCE, ON))) == 22
    assert exports.without_department(SINCE, ON) == 1


def test_the_instruments_are_those_of_the_rulebook() -> None:
    assert exports.followed_up() == ["injunction", "remark"]
