"""The line of a unit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from likvard.site.people.history import line_of, series_of
from likvard.site.people.models import Lineage, Unit


def link(before: Unit, after: Unit, kind: str = "recoded", day: date | None = None) -> None:
    Lineage.objects.create(predecessor=before, successor=after, kind=kind, day=day, source="invented")


def test_a_recoded_unit_and_the_one_before_it_make_a_line(places: Any) -> None:
    before, after = line_of(places.björk)
    assert (before.unit, before.end, before.how) == (places.gammal, date(2021, 6, 30), "")
    assert (after.unit, after.start, after.end, after.how) == (places.björk, date(2021, 7, 1), None, "recoded")


def test_the_line_is_the_same_from_each_of_its_units(places: Any) -> None:
    assert line_of(places.gammal) == line_of(places.björk)


def test_a_unit_without_links_is_a_line_of_one(places: Any) -> None:
    (only,) = line_of(places.gran)
    assert (only.unit, only.start, only.end) == (places.gran, date(2012, 7, 1), None)


def test_a_closed_unit_ends_with_its_last_school_year(places: Any) -> None:
    Lineage.objects.all().delete()
    assert line_of(places.gammal)[0].end == date(2021, 6, 30)


def test_a_ring_of_links_meets_each_unit_once(places: Any) -> None:
    link(places.björk, places.gran)
    link(places.gran, places.gammal)
    assert {step.unit for step in line_of(places.björk)} == {places.gammal, places.björk, places.gran}
    assert set(series_of(places.björk)) == {places.gammal.code, places.björk.code, places.gran.code}


def test_a_long_line_is_told_oldest_first(places: Any) -> None:
    link(places.björk, places.gran, day=date(2024, 7, 1))
    link(places.gran, places.lärkskolan, "new_organiser", date(2025, 7, 1))
    codes = [step.unit.code for step in line_of(places.gran)]
    assert codes == ["90000004", "90000001", "90000002", "90000005"]
    assert series_of(places.gran) == tuple(codes)


@pytest.mark.parametrize("kind", ["merged", "split"])
def test_a_merger_or_a_split_breaks_the_series_but_not_the_line(kind: str, places: Any) -> None:
    link(places.björk, places.gran, kind)
    assert len(line_of(places.gran)) == 3
    assert series_of(places.gran) == (places.gran.code,)


def test_two_units_recoded_into_one_are_no_series(places: Any) -> None:
    link(places.gran, places.björk)
    assert series_of(places.björk) == (places.björk.code,)
