"""What a search's words mean."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from likvard.site.newsroom.wording import SYNONYMS, Phrase, parts, sought, stem, tokens

WORDS = [
    "kränkningar",
    "kränkning",
    "skolorna",
    "skola",
    "elever",
    "elevers",
    "behandling",
    "behandlingen",
    "stöd",
    "stödet",
    "huvudmannen",
    "redovisning",
    "redovisningen",
    "utredningar",
    "skyndsamt",
    "trygghet",
    "tryggheten",
    "förelägganden",
    "föreläggande",
    "åtgärder",
    "åtgärd",
    "undervisningens",
    "anpassningar",
    "likvärdighet",
    "fullt",
    "löst",
    "rektorns",
    "lärarnas",
    "betygskriterier",
    "kommunens",
    "vitet",
    "vitesföreläggande",
    "ö",
    "år",
]


@pytest.mark.parametrize(
    ("one", "other"),
    [("kränkningar", "kränkning"), ("redovisningen", "redovisning"), ("skolorna", "skola"), ("trygghet", "tryggheten")],
)
def test_inflections_have_one_stem(one, other):
    assert stem(one) == stem(other)


@pytest.mark.django_db
def test_stems_are_those_of_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("there is no Swedish stemmer in SQLite to compare with")
    with connection.cursor() as cursor:
        for word in WORDS:
            cursor.execute("select (ts_lexize('swedish_stem', %s))[1]", [word])
            assert (word, cursor.fetchone()[0]) in {(word, stem(word)), (word, None)}


def test_compounds_of_the_trade_are_taken_apart_and_others_left_whole():
    assert parts("tillsynsbeslut") == ("tillsyn", "beslut")
    assert parts("studiehandledning") == ("studie", "handledning")
    assert parts("hasselmoskolan") == ()
    assert parts("beslut") == ()


def test_words_in_quotation_marks_are_sought_as_they_stand():
    assert sought('"särskilt stöd" Ekvik').groups == (
        (Phrase(("särskilt", "stöd"), whole=True),),
        (Phrase(("ekvik",)),),
    )


@pytest.mark.parametrize("group", SYNONYMS, ids=lambda group: group[0])
def test_every_name_of_a_group_finds_the_others(group):
    for name in group:
        (found,) = sought(name).groups
        assert {" ".join(phrase.words) for phrase in found} >= set(group)


def test_letters_with_rings_and_dots_are_letters_of_their_own():
    assert tokens("Å\u0308 är Västerås, A\u030angermanland") == ["\u00e5", "är", "västerås", "ångermanland"]


@given(st.text(max_size=300))
def test_whatever_is_typed_can_be_read(text):
    for group in sought(text).groups:
        for phrase in group:
            assert phrase.words
            assert all(word.isalnum() for word in phrase.words)
