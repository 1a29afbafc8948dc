"""Tokens, allowances, cursors and formats, without a site around them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.site.api.cursors import CursorError, Question, digest
from likvard.site.api.negotiation import Format, preferred
from likvard.site.api.rules import Allowance, Rate, Secret, bucket_of, microseconds, network

SECRET = Secret("0123456789", "A" * 43)
RATE = Rate("test", 10, 2.0)
ASKED = Question("/api/v1/figures", "p1", {"measure": ["merit_value"]})


def test_a_token_is_read_as_it_was_written():
    assert Secret.parse(SECRET.text) == SECRET


@given(st.text(max_size=80))
def test_no_other_text_is_a_token(text):
    found = Secret.parse(text)
    assert found is None or found.text == text


@pytest.mark.parametrize("text", ["", "Bearer", SECRET.text + "\n", SECRET.text.upper(), SECRET.text[:-1], "likvard__"])
def test_a_token_with_a_fault_is_none(text):
    assert Secret.parse(text) is None


def test_a_token_proves_its_own_hash_and_no_other():
    other = Secret(SECRET.prefix, "B" * 43)
    assert SECRET.proves(SECRET.hashed)
    assert not other.proves(SECRET.hashed)
    assert SECRET.secret not in SECRET.hashed


def test_an_allowance_tells_what_is_left_and_when_it_is_full():
    after_three = Allowance(RATE, True, full_at=3 * RATE.step, now=0)
    assert (after_three.remaining, after_three.reset) == (7, 2)


def test_an_empty_allowance_tells_how_long_to_wait():
    empty = Allowance(RATE, False, full_at=10 * RATE.step, now=0)
    assert (empty.remaining, empty.retry_after) == (0, 1)


def test_time_is_told_in_microseconds_whatever_the_zone():
    summer = timezone(timedelta(hours=2))
    assert microseconds(datetime(1970, 1, 1, 2, 0, 0, 7, tzinfo=summer)) == 7
    assert microseconds(datetime(2025, 1, 1, tzinfo=UTC)) == 1_735_689_600_000_000


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_an_address_is_counted_by_what_one_subscriber_has(address, counted):
    assert network(address) == counted


def test_the_name_of_a_bucket_does_not_hold_the_address():
    name = bucket_of("address", "192.0.2.7", "key")
    assert "192" not in name
    assert name != bucket_of("address", "192.0.2.7", "another key")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=10), min_size=3, max_size=3))
def test_a_cursor_gives_back_its_key(key):
    assert ASKED.after(ASKED.cursor(key), 3) == tuple(key)


@given(st.text(max_size=60))
def test_no_other_text_is_a_cursor(text):
    with pytest.raises(CursorError):
        ASKED.after(text, 3)


def test_a_cursor_of_another_question_is_refused():
    other = Question("/api/v1/figures", "p1", {"measure": ["grade_points"]})
    with pytest.raises(CursorError, match="another question"):
        other.after(ASKED.cursor(["a"]), 1)


def test_a_cursor_of_an_earlier_publication_is_refused():
    later = Question("/api/v1/figures", "p2", ASKED.filters)
    with pytest.raises(CursorError, match="published anew"):
        later.after(ASKED.cursor(["a"]), 1)


def test_a_cursor_with_too_few_parts_is_refused():
    with pytest.raises(CursorError):
        ASKED.after(ASKED.cursor(["a"]), 2)


def test_a_digest_does_not_depend_on_the_order_of_names():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", Format.JSON),
        ("*/*", Format.JSON),
        ("text/csv", Format.CSV),
        ("application/json, text/csv", Format.JSON),
        ("application/json;q=0.5, text/csv", Format.CSV),
        ("text/*, */*;q=0.1", Format.CSV),
        ("text/html", Format.JSON),
        ("text/csv;q=0", Format.JSON),
        ("text/csv;q=x", Format.JSON),
        ("text/csv;q=7", Format.JSON),
    ],
)
def test_the_header_accept_chooses_the_format(accept, form):
    assert preferred(accept) is form
