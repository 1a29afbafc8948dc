"""Documents as values: what they hold, what they refuse, and that they come back from data as they were."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.site.writing.text import (
    REASONS,
    Bullets,
    Heading,
    Paragraph,
    Reason,
    Run,
    WritingError,
    Written,
    as_data,
    bar,
    from_data,
    items,
    paragraphs,
    places,
    plain_text,
    tidy,
)


@settings(max_examples=60)
@given(st.data())
def test_a_document_comes_back_from_data_as_it_was(
    any_written: st.SearchStrategy[Written], data: st.DataObject
) -> None:
    document = data.draw(any_written)
    assert from_data(json.loads(json.dumps(as_data(document)))) == document


@given(st.text())
def test_tidying_twice_is_as_good_as_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(st.text())
def test_a_tidy_text_has_nothing_that_is_not_seen(text: str) -> None:
    made = tidy(text)
    assert unicodedata.is_normalized("NFC", made)
    assert not any(unicodedata.category(c).startswith("C") for c in made)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\tb\r\nc", "a b c"),
        ("1\u202f234", "1\u00a0234"),
        ("a\u202eb\u200bc\u00add", "abcd"),
        ("e\u0301", "é"),
        ("a \x00 b", "a b"),
    ],
)
def test_blanks_and_unseen_characters_are_put_in_order(typed: str, kept: str) -> None:
    assert Run(typed).text == kept


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [
        ("En rad\nsom fortsätter.", ["Paragraph"]),
        ("Ett.\n\nTvå.", ["Paragraph", "Paragraph"]),
        ("Så att\n- en\n- två\n\nSlut.", ["Paragraph", "Bullets", "Paragraph"]),
        ("- en\n\n- två\r\n\r\n- tre", ["Bullets"]),
        ("  \n\n - \n", []),
        ("2-3 elever", ["Paragraph"]),
    ],
)
def test_what_a_person_types_becomes_paragraphs_and_points(typed: str, kinds: list[str]) -> None:
    assert [type(block).__name__ for block in paragraphs(typed)] == kinds


def test_a_point_goes_on_over_the_line() -> None:
    assert paragraphs("- en\n  sak\n- två") == (Bullets(((Run("en sak"),), (Run("två"),))),)


@given(st.text())
def test_no_letter_that_was_typed_is_lost(typed: str) -> None:
    def letters(text: str) -> str:
        return "".join(c for c in tidy(text) if c.isalnum())

    said = "".join(run.text for block in paragraphs(typed) for runs in items(block) for run in runs)
    assert letters(said) == letters(typed)


def test_the_plain_text_has_a_line_for_each_piece_and_nothing_of_what_is_masked(decision: Written) -> None:
    hidden = replace(decision, blocks=(Paragraph((Run("Vi mötte "), Run(masked="pupil"), Run("."))),))
    assert plain_text(hidden).splitlines() == [decision.title, "Vi mötte ."]
    assert "Ingripande: Föreläggande" in plain_text(decision)
    assert "6 kap. 10 § skollagen" in plain_text(decision)


def test_every_place_has_an_address_of_its_own_and_masked_runs_have_none(decision: Written) -> None:
    found = {place.address: place.text for place in places(decision)}
    assert len(found) == len(places(decision))
    assert found["7.0.1"] == "Anna Alm"
    assert found["1.0.0"] == "Extra anpassningar och särskilt stöd"
    assert found["2.1.0"] == "31 januari 2027"
    assert found["signature.0"] == "Berit Bok"
    masked = replace(decision, blocks=(Paragraph((Run(masked="pupil"), Run("x"))),))
    assert [place.address for place in places(masked) if place.address[0].isdigit()] == ["0.0.1"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda d: Run("Anna", masked="pupil"), "a reason and no text"),
        (lambda d: Run(masked="because"), "a reason and no text"),
        (lambda d: Heading(1, "x"), "level 2, 3 or 4"),
        (lambda d: Heading(2, " \u200b"), "has a text"),
        (lambda d: replace(d, language="fi"), "not a language"),
        (lambda d: replace(d, title=" "), "has a title"),
        (lambda d: replace(d, dated=None), "has a day"),
        (lambda d: replace(d, blocks=(Heading(3, "x"),)), "is skipped"),
        (lambda d: replace(d, blocks=(Heading(2, "x"), Heading(4, "x"))), "is skipped"),
    ],
)
def test_a_document_that_makes_no_sense_is_refused(decision: Written, make: Any, said: str) -> None:
    with pytest.raises(WritingError, match=said):
        make(decision)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": 2}, "schema 2, not 1"),
        ({"schema": None}, "schema None"),
        ({"more": 1}, "too many fields: more"),
        ({"title": 1}, "not those of a document"),
        ({"draft": "no"}, "not those of a document"),
        ({"dated": "yesterday"}, "not those of a document"),
        ({"blocks": [{"kind": "script"}]}, "not those of a document"),
        ({"blocks": [{"kind": "paragraph", "runs": [{"text": "x"}]}]}, "not those of a document"),
        ({"addressee": None}, "not those of a document"),
    ],
)
def test_data_that_are_not_those_of_a_document_are_refused(decision: Written, change: Any, said: str) -> None:
    with pytest.raises(WritingError, match=said):
        from_data(as_data(decision) | change)


def test_every_reason_has_words_in_both_languages() -> None:
    assert set(REASONS) == set(Reason)
    assert bar("pupil", "sv") == "dolt: uppgift om enskild elev"
    assert bar("pupil", "en") == "hidden: information about a pupil"


def test_a_draft_needs_no_day(decision: Written) -> None:
    assert replace(decision, dated=None, draft=True).dated is None
    assert decision.dated == date(2026, 11, 20)
