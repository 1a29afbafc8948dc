"""What an authority issues: a signed document whose hash is in the chain, its points, and what happened to them since."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from likvard.site.audit import chain, events
from likvard.site.cases import access, actions, shown
from likvard.site.cases.models import CaseLink, DocumentVersion, Issued, IssuedHappening, LinkType, PointState
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.people.roles import Role

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 invented"
TODAY = date(2025, 11, 14)


@pytest.fixture
def inspected(cast, places, now):
    """An inspection of Björkskolan, opened by the lead inspector."""
    return actions.open_case(
        kind="supervision", title="Tillsyn av Björkskolan", place=places.björk, by=cast.lea, at=now
    )


@pytest.fixture
def issued(inspected, cast, now, tmp_path):
    """A decision with an injunction and a matter that is at an end."""
    points = (
        actions.Point(1, "Särskilt stöd", area="unit.support", instrument="injunction", due=TODAY + timedelta(days=90)),
        actions.Point(2, "Betyg", area="unit.grading", instrument="refrain", state="ended"),
    )
    return actions.issue(
        case=inspected, kind="decision", title="Beslut för Björkskolan", dated=TODAY, signed_by="Lea Ledare",
        content={"text": {}, "plain": {}, "facts": {}}, points=points, pdf=PDF, filename="beslut.pdf", by=cast.lea,
        role=Role.LEAD_INSPECTOR, at=now, folder=tmp_path,
    )  # fmt: skip


def test_the_hash_of_the_signed_document_is_in_the_chain(issued, inspected):
    assert issued.sha256 == hashlib.sha256(PDF).hexdigest()
    event = events.about(inspected.subject).filter(what="case.issued").get()
    assert event.values["sha256"] == issued.sha256
    assert chain.verify().broken is None


def test_the_document_belongs_to_its_case_and_is_kept_as_it_was_signed(issued, inspected, tmp_path):
    link = CaseLink.objects.get(document=issued.document)
    assert (link.case, link.type) == (inspected, LinkType.OWN)
    version = DocumentVersion.objects.get(document=issued.document)
    assert version.sha256 == issued.sha256
    assert [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()] == [PDF]


def test_each_document_of_a_case_has_a_number_of_its_own(issued, inspected, cast, now, tmp_path):
    second = actions.issue(
        case=inspected, kind="follow_up", title="Uppföljning", dated=TODAY, signed_by="Lea Ledare", content={}, points=(),
        pdf=PDF + b"2", filename="beslut.pdf", by=cast.lea, role=Role.LEAD_INSPECTOR, at=now, folder=tmp_path, follows=issued,
    )  # fmt: skip
    assert [issued.number, second.number] == [1, 2]
    assert list(Issued.objects.filter(follows=issued)) == [second]


def test_what_happens_to_a_point_is_told_and_the_point_stands_so_from_that_day(issued, cast, now):
    point = issued.points.get(number=1)
    assert not point.is_settled
    actions.happen(
        issued=issued, point=point, what="closed", state=PointState.REMEDIED, text="Väntetiden är nu 12 dagar.",
        seen="visit", by=cast.ines, role=Role.INSPECTOR, at=now,
    )  # fmt: skip
    point.refresh_from_db()
    assert (point.state, point.state_since, point.is_settled) == ("remedied", TODAY, True)
    assert IssuedHappening.objects.get().text == "Väntetiden är nu 12 dagar."


def test_a_point_is_never_closed_without_a_reason_that_everybody_can_read(issued, cast, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.happen(
            issued=issued, point=issued.points.get(number=1), what="closed", text=" ", by=cast.ines,
            role=Role.INSPECTOR, at=now,
        )  # fmt: skip


def test_an_issued_document_of_a_subject_that_fails_afterwards_was_never_issued(inspected, cast, now, tmp_path):
    def sign_and_fail() -> None:
        with transaction.atomic():
            actions.issue(
                case=inspected, kind="decision", title="Beslut", dated=TODAY, signed_by="L", content={}, points=(),
                pdf=PDF, filename="beslut.pdf", by=cast.lea, role=Role.LEAD_INSPECTOR, at=now, folder=tmp_path,
            )  # fmt: skip
            raise KeyError

    with pytest.raises(KeyError):
        sign_and_fail()
    assert not Issued.objects.exists()


def test_a_report_back_meets_its_clock_though_the_party_does_not_work_in_the_case(inspected, cast, now):
    clock = actions.start_clock(case=inspected, name="Redovisning", due=date(2026, 2, 1), by=cast.lea, at=now)
    clock = actions.pause_clock(clock=clock, reason="väntar på dom", by=cast.lea, at=now)
    with pytest.raises(Denied):
        actions.meet_clock(clock=clock, by=cast.harald, at=now)
    clock = actions.met(clock=clock, by=cast.harald, role=Role.ORGANISER_HEAD, at=now + timedelta(days=2))
    assert clock.met_on == TODAY + timedelta(days=2)
    assert clock.value.paused_since is None


@pytest.mark.parametrize("name", ["harald", "kim", "rut"])
def test_an_authoritys_own_file_is_not_opened_by_the_place_it_is_about(inspected, cast, now, name):
    reader = getattr(cast, name)
    with pytest.raises(Denied):
        access.case_for(reader, inspected.dnr, at=now, reason="nyfiken")
    assert not access.cases_at_places(reader, TODAY).exists()


def test_whoever_leads_keeps_the_register_of_inspections(inspected, cast, now):
    other = actions.open_case(kind="supervision", title="Tillsyn", place=inspected.organiser, by=cast.ines, at=now)
    assert set(access.own_cases(cast.lea, TODAY)) == {inspected, other}
    assert set(access.own_cases(cast.ines, TODAY)) == {other}
    case, grant = access.case_for(cast.lea, other.dnr, at=now)
    assert grant.leads
    assert shown.owner(case)


def test_a_kind_may_have_a_gate_of_its_own(inspected, cast, now, monkeypatch):
    def closed(case, move):
        raise CaseError("Inte än.", "Vänta.")

    monkeypatch.setattr("likvard.site.supervision.gates.check", closed)
    shared = actions.share_out(case=inspected, to=cast.ines, by=cast.lea, at=now)
    with pytest.raises(CaseError, match="Inte än"):
        actions.move(case=shared, code="notify", by=cast.lea, at=now)
