"""A search finds the same, and in the same order, whether its hits are few or many."""

from __future__ import annotations

from datetime import date

import pytest

from likvard.site.newsroom import actions, search
from likvard.site.newsroom.reading import Filters, number_of, page, published_decisions

pytestmark = pytest.mark.django_db
DAYS = (date(2025, 3, 1), date(2025, 6, 1), date(2024, 12, 1))


@pytest.fixture
def three(issued, publish, cast, now):
    """Three decisions of three days, all about Björkskolan."""
    made = []
    for n, day in enumerate(DAYS):
        publication = actions.prepare(issued=issued(dated=day), by=cast.petra, at=now, title=f"Beslut {n}")
        made.append(publish(publication))
    return made


@pytest.mark.parametrize("words", ["kränkningar Björkskolan", '"rektorn anmälde"', "beslut", "finnsinte", "Björksk*"])
@pytest.mark.parametrize("choice", [{}, {"year": 2025}])
def test_many_hits_are_found_as_few_are(three, monkeypatch, words, choice):
    asked = Filters(words=words, **choice)
    few = list(published_decisions(asked))
    monkeypatch.setattr(search, "FEW", 0)
    assert list(published_decisions(asked)) == few
    assert few == sorted(few, key=lambda found: found.decided_on, reverse=True)


def test_all_three_are_found_the_newest_first(three):
    assert [found.decided_on for found in published_decisions(Filters(words="Björkskolan"))] == sorted(
        DAYS, reverse=True
    )


def test_what_is_too_many_to_count_is_said_to_be_more(three, monkeypatch):
    asked = Filters(words="Björkskolan", year=2025)
    monkeypatch.setattr("likvard.site.newsroom.reading.ON_A_PAGE", 1)
    listed = page(published_decisions(asked), asked=asked.sought)
    assert number_of(asked, listed) == (2, False)
    monkeypatch.setattr(search, "FEW", 0)
    assert number_of(asked, listed) == (1, True)
