"""A lake takes, replaces, gives back and lists deliveries."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from likvard.records.delivery import State
from likvard.records.lake import Lake, RefusedError
from likvard.records.reading import Finding, Severity
from likvard.records.schema import LINE
from likvard.terms import UsageError


def test_what_is_delivered_can_be_asked_for(lake, merit, at, values):
    delivery = lake.deliver(merit(210.5, 240), at=at)
    assert values(lake) == [210.5, 240]
    assert (delivery.id, dict(delivery.rows), delivery.repeated) == ("0001-skolverket", {"statistic": 2}, False)


def test_the_same_file_again_is_told_and_not_doubled(lake, merit, at, values):
    first = lake.deliver(merit(210), at=at)
    again = lake.deliver(merit(210), at=at)
    assert (again.id, again.repeated) == (first.id, True)
    assert values(lake) == [210]
    assert len(lake.deliveries(withdrawn=True)) == 1


def test_new_content_replaces_old_content_of_the_same_source_and_scope(lake, merit, at, values):
    old = lake.deliver(merit(210), at=at)
    new = lake.deliver(merit(220), at=at)
    assert (new.replaces, values(lake)) == (old.id, [220])
    assert [d.state for d in lake.deliveries(withdrawn=True)] == [State.REPLACED, State.ACTIVE]


def test_other_scopes_stand_beside_one_another(lake, merit, at, values):
    lake.deliver(merit(210), at=at)
    lake.deliver(merit(220, first=20000001, scope="merit 2022"), at=at)
    assert values(lake) == [210, 220]


def test_a_file_that_was_replaced_may_come_back(lake, merit, at, values):
    lake.deliver(merit(210), at=at)
    lake.deliver(merit(220), at=at)
    third = lake.deliver(merit(210), at=at)
    assert (third.id, third.repeated, values(lake)) == ("0003-skolverket", False, [210])


def test_undoing_an_import_brings_back_what_it_replaced(lake, merit, at, values):
    lake.deliver(merit(210), at=at)
    before = lake.version
    new = lake.deliver(merit(220), at=at)
    withdrawn = lake.withdraw(new.id, at=at, reason="wrong year")
    assert (withdrawn.state, withdrawn.withdrawn_reason) == (State.WITHDRAWN, "wrong year")
    assert values(lake) == [210]
    assert lake.version == before


def test_withdrawing_twice_changes_nothing(lake, merit, at):
    delivery = lake.deliver(merit(210), at=at)
    lake.withdraw(delivery.id, at=at, reason="wrong year")
    again = lake.withdraw(delivery.id, at=at, reason="wrong file")
    assert (again.repeated, again.withdrawn_reason) == (True, "wrong year")


def test_a_withdrawn_delivery_keeps_its_files(lake, merit, at):
    delivery = lake.deliver(merit(210), at=at)
    lake.withdraw(delivery.id, at=at, reason="wrong year")
    assert (lake.root / "deliveries" / delivery.id / "statistic.parquet").is_file()
    assert lake.deliveries() == ()


def test_withdrawing_what_is_replaced_leaves_the_newer_active(lake, merit, at, values):
    old = lake.deliver(merit(210), at=at)
    lake.deliver(merit(220), at=at)
    lake.withdraw(old.id, at=at, reason="wrong year")
    assert values(lake) == [220]


def test_a_withdrawal_needs_a_reason(lake, merit, at):
    delivery = lake.deliver(merit(210), at=at)
    with pytest.raises(UsageError, match="needs a reason"):
        lake.withdraw(delivery.id, at=at, reason=" ")


def test_an_unknown_delivery_is_refused_in_words(lake, at):
    with pytest.raises(UsageError, match="no delivery '0009-nowhere'"):
        lake.withdraw("0009-nowhere", at=at, reason="wrong year")


def test_a_time_without_zone_is_refused(lake, merit):
    with pytest.raises(UsageError, match="no time zone"):
        lake.deliver(merit(210), at=datetime(2026, 1, 15))


def test_a_reading_with_an_error_is_refused_and_leaves_no_trace(lake, merit, at):
    error = Finding("header", Severity.ERROR, "No header.", "A header.", "Add it.")
    before = sorted(p.name for p in lake.root.rglob("*"))
    with pytest.raises(RefusedError, match=r"merit\.csv was not imported\. Found: No header\. .* Add it\."):
        lake.deliver(merit(210, findings=(error,)), at=at)
    assert sorted(p.name for p in lake.root.rglob("*")) == before


def test_tables_are_screened_at_delivery(lake, merit, at):
    with pytest.raises(RefusedError) as refused:
        lake.deliver(merit(2105.0), at=at)
    assert [f.rule for f in refused.value.findings] == ["scale"]


def test_a_smaller_file_than_the_former_is_told_and_kept_with_the_delivery(lake, merit, at):
    lake.deliver(merit(*range(200, 240)), at=at)
    delivery = lake.deliver(merit(*range(200, 210)), at=at)
    assert (delivery.warnings, [f.rule for f in lake.findings(delivery.id)]) == (1, ["rows-changed"])


def test_the_version_follows_content_and_not_the_clock(tmp_path, merit):
    versions = set()
    for hour in (8, 9):
        lake = Lake.open(tmp_path / f"lake{hour}", create=True)
        lake.deliver(merit(210), at=datetime(2026, 1, 15, hour, tzinfo=UTC))
        versions.add(lake.version)
    assert len(versions) == 1


def test_the_manifest_keeps_what_the_source_said(lake, merit, at):
    delivery = lake.deliver(merit(210), at=at)
    manifest = json.loads((lake.root / "deliveries" / delivery.id / "manifest.json").read_text())
    assert manifest["delivery"]["sha256"] == delivery.sha256
    assert manifest["described_by_source"] == []


def test_progress_ends_at_the_number_of_rows(lake, merit, at):
    told = []
    lake.deliver(merit(210, 220, 230), at=at, progress=lambda done, total: told.append((done, total)))
    assert told == [(3, 3)]


def test_lines_of_the_file_and_wider_types_are_not_stored(lake, merit, at):
    table = merit(210).tables["statistic"]
    wide = table.set_column(6, "year", pa.array([2023], pa.int64())).append_column(LINE, pa.array([2]))
    lake.deliver(merit(tables={"statistic": wide}), at=at)
    with lake.connect() as con:
        assert LINE not in con.sql("from statistic").columns
        assert con.sql("select typeof(year) from statistic").fetchall() == [("SMALLINT",)]


def test_a_file_that_is_only_compared_leaves_an_empty_delivery(lake, merit, at):
    note = Finding("area.agrees", Severity.NOTE, "The same list.", "", "")
    delivery = lake.deliver(merit(tables={}, findings=(note,)), at=at)
    assert (dict(delivery.rows), lake.findings(delivery.id)) == ({}, (note,))
    lake.verify()
