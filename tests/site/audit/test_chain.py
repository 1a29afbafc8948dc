"""The chain: what is recorded stays, and what is changed in spite of it is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DatabaseError, connection, transaction

from likvard.site.audit import chain, events, guard
from likvard.site.audit.chain import Fault
from likvard.site.audit.models import Event
from likvard.site.audit.rules import AuditError, Head

NOON = datetime(2026, 3, 29, 12, 0, 0, 123457, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    audit_id: str = "u-1"
    audit_name: str = "Åsa Öst"
    audit_role: str = "inspector"


def three() -> list[Event]:
    return [
        events.record(
            at=NOON + timedelta(minutes=n), actor=Person(), what="case.read", subject=f"case:{n}", data={"n": n}
        )
        for n in range(3)
    ]


def forge(sql: str) -> None:
    """Change the chain as somebody can who may change the database's structure."""
    guard.take(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql)
    guard.put(connection)


@pytest.mark.django_db
def test_each_event_names_the_seal_of_the_one_before():
    first, second, third = three()
    assert (first.seq, second.seq, third.seq) == (1, 2, 3)
    assert (second.previous, third.previous) == (first.hash, second.hash)
    assert chain.verify() == chain.Verdict(3, f"3:{third.hash}")


@pytest.mark.django_db
def test_an_empty_chain_is_whole():
    assert chain.verify() == chain.Verdict(0, "0:" + "0" * 64)


@pytest.mark.django_db
def test_a_time_keeps_its_microseconds_and_is_the_same_moment_in_every_zone():
    stockholm = NOON.astimezone(timezone(timedelta(hours=2)))
    events.record(at=stockholm, actor=None, what="case.read")
    assert Event.objects.get().at == NOON
    assert chain.verify().whole


@pytest.mark.django_db
def test_what_was_recorded_is_read_back_as_it_was():
    events.record(
        at=NOON,
        actor=Person(),
        what="case.read",
        subject="case:1",
        reason="Ny uppgift",
        unit="1",
        data={"å": [1, None]},
    )
    event = Event.objects.get()
    assert (event.actor, event.actor_name, event.role) == ("u-1", "Åsa Öst", "inspector")
    assert (event.reason, event.unit, event.values) == ("Ny uppgift", "1", {"å": [1, None]})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "update audit_event set reason = 'x' where seq = 2",
        "delete from audit_event where seq = 3",
        "delete from audit_event",
        "insert into audit_event select 9, at, actor, actor_name, role, what, subject, unit, reason, data, "
        "'p', 'h' from audit_event where seq = 1",
        "insert into audit_event select 4, at, actor, actor_name, role, what, subject, unit, reason, data, "
        "'p', 'h' from audit_event where seq = 1",
    ],
)
def test_the_database_refuses_every_change(sql):
    three()
    with pytest.raises(DatabaseError, match="audit chain"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert chain.verify().whole


@pytest.mark.django_db
def test_the_database_refuses_to_replace_a_row_or_to_empty_the_table():
    three()
    replace = "insert or replace into audit_event select * from audit_event where seq = 2"
    sql = replace if connection.vendor == "sqlite" else "truncate audit_event"
    with pytest.raises(DatabaseError, match="audit chain"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "broken", "fault"),
    [
        ("update audit_event set reason = 'x' where seq = 2", 2, Fault.CONTENT),
        ("update audit_event set actor = '' where seq = 1", 1, Fault.CONTENT),
        ("update audit_event set data = '{}' where seq = 3", 3, Fault.CONTENT),
        ("update audit_event set what = 'No Code' where seq = 3", 3, Fault.CONTENT),
        ("update audit_event set previous = 'x' where seq = 2", 2, Fault.ORDER),
        ("update audit_event set hash = 'x' where seq = 3", 3, Fault.CONTENT),
        ("delete from audit_event where seq = 2", 2, Fault.GAP),
        ("delete from audit_event where seq = 1", 1, Fault.GAP),
    ],
)
def test_a_changed_row_is_found(sql, broken, fault):
    three()
    forge(sql)
    found = chain.verify()
    assert (found.broken, found.fault) == (broken, fault)
    assert found.why


@pytest.mark.django_db
def test_only_an_anchor_finds_that_the_end_was_cut_off(tmp_path):
    three()
    chain.anchor(tmp_path / "anchors", at=NOON)
    forge("delete from audit_event where seq = 3")
    assert chain.verify().broken is None
    found = chain.verify(anchors=chain.anchors(tmp_path / "anchors"))
    assert (found.broken, found.fault) == (3, Fault.CUT)


@pytest.mark.django_db
def test_only_an_anchor_finds_that_the_chain_was_made_anew():
    kept = Head(3, three()[-1].hash)
    forge("delete from audit_event")
    for n in range(3):
        events.record(at=NOON, actor=None, what="case.read", subject=f"case:other {n}")
    assert chain.verify().whole
    found = chain.verify(head=str(kept))
    assert (found.broken, found.fault) == (3, Fault.ANCHOR)


@pytest.mark.django_db
def test_a_missing_guard_is_told():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "drop trigger audit_no_update" + (" on audit_event" if connection.vendor == "postgresql" else "")
        )
    assert not chain.verify().whole
    assert "guard" in chain.verify().why
    guard.put(connection)


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused():
    with pytest.raises(AuditError, match="outside a transaction"):
        events.record(at=NOON, actor=None, what="case.read")


@pytest.mark.django_db(transaction=True)
def test_an_event_goes_with_the_deed_that_failed():
    with transaction.atomic():
        events.record(at=NOON, actor=None, what="case.read")
        transaction.set_rollback(True)
    assert chain.verify().count == 0


@pytest.mark.django_db
def test_questions_to_the_chain():
    three()
    events.record(at=NOON, actor=None, what="account.signed_in", subject="user:1")
    assert [event.seq for event in events.about("case:1")] == [2]
    assert Event.objects.by("u-1").count() == 3
    assert Event.objects.of("case.*").count() == 3
    assert Event.objects.of("case.read", "account.*").count() == 4
    assert Event.objects.between(NOON, NOON + timedelta(minutes=1)).count() == 2
