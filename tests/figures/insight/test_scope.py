"""Whose figures: units that share a name are told apart."""

from __future__ import annotations

from datetime import date

import pytest

from likvard.figures.insight.measured import schools
from likvard.figures.insight.scope import Scope, UnitInfo
from likvard.terms import Audience


def scope(*units: UnitInfo) -> Scope:
    return Scope("2120009991", "Ekviks kommun", {u.code: u for u in units}, Audience.PUBLIC, date(2025, 11, 14))


def test_units_of_one_name_carry_their_codes_and_others_do_not():
    made = scope(UnitInfo("1", "Alby"), UnitInfo("2", "Alby"), UnitInfo("3", "Berga"))
    assert [unit.name for unit in made.units.values()] == ["Alby (1)", "Alby (2)", "Berga"]


def test_units_of_one_name_in_two_areas_are_told_apart_by_the_area():
    made = scope(UnitInfo("1", "Alby", "Norr"), UnitInfo("2", "Alby", "Söder"))
    assert {unit.name for unit in made.units.values()} == {"Alby"}


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1\u00a0skola"), (2, "2\u00a0skolor"), (5900, "5\u00a0900\u00a0skolor")]
)
def test_a_count_agrees_with_its_noun(count, words):
    assert schools(count).sv == words
