"""The memory of what is out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from likvard.disclosure import Cell, CellKind, Ledger, release
from likvard.terms import Audience, DisclosureError

CELLS = [
    Cell(("merit", "1"), CellKind.MEAN, 221.5, 40),
    Cell(("merit", "2"), CellKind.MEAN, 190.0, 4),
    Cell(("share", "1"), CellKind.SHARE, 0.5, 40, numerator=20.0),
]


def _ledger(audience: Audience, today: date) -> Ledger:
    return Ledger().after(release(CELLS, audience=audience, on=today))


def test_only_what_was_shown_is_remembered(today: date) -> None:
    assert [e.key for e in _ledger(Audience.PUBLIC, today).entries] == [("merit", "1"), ("share", "1")]


def test_the_same_release_again_adds_nothing(today: date) -> None:
    ledger = _ledger(Audience.PUBLIC, today)
    assert ledger.after(release(CELLS, audience=Audience.PUBLIC, on=today)) == ledger


def test_what_is_public_the_organiser_has_seen_but_not_the_other_way_round(today: date) -> None:
    public, staff = (_ledger(audience, today) for audience in (Audience.PUBLIC, Audience.ORGANISER))
    assert set(public.seen_by(Audience.ORGANISER)) == {("merit", "1"), ("share", "1")}
    assert set(staff.seen_by(Audience.PUBLIC)) == set()


def test_it_survives_being_written_and_read(today: date) -> None:
    ledger = _ledger(Audience.PUBLIC, today)
    assert Ledger.from_json(ledger.to_json()) == ledger
    assert Ledger.from_json(ledger.to_json()).to_json() == ledger.to_json()


@pytest.mark.parametrize("seed", range(30))
def test_two_releases_together_tell_no_more_than_one(
    seed: int, tables: Callable[..., Any], attack: Callable[..., Any], today: date
) -> None:
    random = np.random.default_rng(seed)
    tb = tables("counts", random.poisson(6, (4, 3)))
    some = [cell for cell in tb.cells if random.random() < 0.4]
    first = release(some, audience=Audience.PUBLIC, on=today)
    ledger = Ledger().after(first)
    second = release(tb.cells, audience=Audience.PUBLIC, on=today, relations=tb.relations, ledger=ledger)
    for key, (low, high) in attack(second, tb, first).items():
        assert high - low > 1 - 1e-4 or key in second.exposed


def test_it_counts_persons_for_counts_and_shares_only(today: date) -> None:
    merit, share = _ledger(Audience.PUBLIC, today).entries
    assert (merit.persons, share.persons) == (None, 20.0)


@pytest.mark.parametrize(
    "text", ["", "{}", '{"ledger": 2, "entries": []}', '{"ledger": 1, "entries": [{"key": 3}]}', "[]"]
)
def test_a_ledger_that_cannot_be_read_stops_the_release(text: str) -> None:
    with pytest.raises(DisclosureError, match="ledger"):
        Ledger.from_json(text)


def test_a_row_of_the_wrong_type_is_refused(today: date) -> None:
    text = _ledger(Audience.PUBLIC, today).to_json().replace("221.5", '"much"')
    with pytest.raises(DisclosureError, match="ledger"):
        Ledger.from_json(text)
