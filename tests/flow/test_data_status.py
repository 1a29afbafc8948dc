"""What was delivered, what screening found, and who may see it."""

from __future__ import annotations

from datetime import date

import pytest
from tests.flow.conftest import DAY

from likvard.flow.data_status import Arrived, DataStatus, Overdue, content_of, data_status, findings
from likvard.flow.deliveries import deliveries, undo
from likvard.flow.ingest import ingest
from likvard.terms import UsageError, Words

ON = date(2026, 11, 22)


@pytest.fixture
def lake(files, tmp_path):
    """A lake of six files from the national agency."""
    ingest([*sorted(files.glob("*.csv"))], tmp_path / "lake", at=DAY)
    return tmp_path / "lake"


def test_a_lake_that_has_not_been_made_has_nothing(tmp_path):
    status = data_status(tmp_path / "none", on=ON)
    assert (status.arrived, status.late) == ((), ())
    assert status.rules


def test_every_delivery_is_told_newest_first(lake):
    status = data_status(lake, on=ON)
    assert [a.id for a in status.arrived] == [d.id for d in reversed(deliveries(lake, everything=True))]
    first = status.arrived[-1]
    assert (first.period[:2], first.state, first.whose) == ("20", "active", "")
    assert first.rows > 0


def test_what_is_withdrawn_is_still_told_and_why(lake):
    gone = undo(lake, deliveries(lake, everything=False)[0].id, at=DAY, reason="fel fil")
    told = next(a for a in data_status(lake, on=ON).arrived if a.id == gone.id)
    assert (told.state, told.reason) == ("withdrawn", "fel fil")


def test_findings_are_told_in_both_languages(lake):
    for delivery in deliveries(lake, everything=False):
        for found in findings(lake, delivery.id):
            assert found.found.sv
            assert found.found.en


def test_a_delivery_that_there_is_not_has_no_findings(lake):
    with pytest.raises(UsageError):
        findings(lake, "../../etc")


def arrived(whose: str) -> Arrived:
    return Arrived("1", "organiser-grades", Words("", ""), "2024/25", whose, "", "f", DAY, 1, "active", "", 0, False)


def test_an_organiser_sees_what_is_of_all_its_own_and_its_units():
    late = tuple(Overdue(Words("", ""), "2025/26", whose, ON, 1) for whose in ("2120000001", "2120000002"))
    status = DataStatus(tuple(map(arrived, ("", "2120000001", "2120000002", "12345678"))), late, ())
    seen = status.of(frozenset({"2120000001"}), frozenset({"12345678"}))
    assert [a.whose for a in seen.arrived] == ["", "2120000001", "12345678"]
    assert [one.whose for one in seen.late] == ["2120000001"]


def test_a_source_is_named_by_what_it_holds():
    assert content_of("organiser-grades").sv == "Betyg"
    assert content_of("skolverket-siris-pupils").en == "Pupils, by school"
    assert content_of("other").sv == "other"
