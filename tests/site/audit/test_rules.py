"""Seals and anchors, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.site.audit.rules import AuditError, Entry, Head, canonical, digest

FUZZ = settings(deadline=None, derandomize=True)

ENTRY = Entry(
    seq=1, at=datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), actor="u", actor_name="N", role="r", what="case.read",
    subject="case:1", unit="1", reason="", data="{}",
)  # fmt: skip

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
)


def test_the_seal_is_what_was_published():
    # Computed once with sha256sum over the text that docs/audit.md describes; it must never change.
    assert digest(ENTRY, "0" * 64) == "b236424c1818665505bb0dc1a20213c54ee3c362d4bd60ce589592178d2ccbf2"


@pytest.mark.parametrize("field", ["actor", "actor_name", "role", "subject", "unit", "reason", "data"])
def test_the_seal_covers_every_text(field):
    assert digest(replace(ENTRY, **{field: "other"}), "0" * 64) != digest(ENTRY, "0" * 64)


def test_the_seal_covers_number_time_code_and_the_one_before():
    others = [
        replace(ENTRY, seq=2),
        replace(ENTRY, at=ENTRY.at.replace(microsecond=7)),
        replace(ENTRY, what="case.opened"),
    ]
    seals = {digest(entry, "0" * 64) for entry in [ENTRY, *others]} | {digest(ENTRY, "1" * 64)}
    assert len(seals) == 5


@FUZZ
@given(json)
def test_the_same_value_has_one_text(value):
    assert canonical(value).isascii()
    if isinstance(value, dict):
        assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_dates_and_uuids_become_texts():
    assert canonical({"b": date(2026, 2, 28), "a": UUID(int=1)}) == (
        '{"a":"00000000-0000-0000-0000-000000000001","b":"2026-02-28"}'
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"x"])
def test_what_json_does_not_know_is_refused(value):
    with pytest.raises(AuditError, match="cannot be written down"):
        canonical(value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"at": datetime(2026, 1, 1)}, "no time zone"),
        ({"what": "read"}, "not the code"),
        ({"what": "Case.read"}, "not the code"),
        ({"reason": "x" * 2001}, "at most 2000"),
        ({"reason": "a\x00b"}, "no text has"),
        ({"subject": "\ud800"}, "no text has"),
    ],
)
def test_an_event_out_of_order_is_refused_with_a_remedy(change, says):
    with pytest.raises(AuditError, match=says) as error:
        replace(ENTRY, **change)
    assert error.value.remedy


@FUZZ
@given(st.integers(0, 10**18 - 1), st.text("0123456789abcdef", min_size=64, max_size=64))
def test_an_anchor_is_read_as_it_was_written(seq, seal):
    head = Head(seq, seal)
    assert Head.parse(head.line(ENTRY.at)) == head
    assert Head.of(str(head)) == head


@FUZZ
@given(st.text())
def test_anything_else_is_no_anchor(line):
    with pytest.raises(AuditError, match="not a head"):
        Head.parse(line)
