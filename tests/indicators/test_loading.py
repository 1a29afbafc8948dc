"""Loading definitions: what is refused, families, and comparability."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.indicators import indicators, load
from likvard.indicators.loading import by_id, families, read_definition
from likvard.rulebook.build import read_yaml
from likvard.terms import RuleError, UsageError

YEARS = st.integers(2005, 2035)


def _definition(name: str) -> dict[str, Any]:
    data = read_yaml(files("likvard.indicators").joinpath("definitions", f"{name}.yaml"))
    assert isinstance(data, dict)
    return data


def test_one_indicator_is_one_definition_under_its_own_id() -> None:
    assert [i.id for i in read_definition("a.yaml", _definition("merit_value"))] == ["merit_value"]


def test_a_family_puts_each_members_name_into_its_texts() -> None:
    found = load("share_eligible_arts")
    assert found.name.sv == "Andel elever behöriga till estetiska programmet, årskurs 9"
    assert found.name.en == "Share of pupils eligible for the arts programme, year 9"
    assert load("kolada:N15504").name.sv == "Meritvärde i årskurs 9, lägeskommun"


@pytest.mark.parametrize("gone", sorted(set(_definition("merit_value")) - {"breaks"}))
def test_a_definition_without_one_of_its_fields_is_refused(gone: str) -> None:
    data = {key: value for key, value in _definition("merit_value").items() if key != gone}
    with pytest.raises(RuleError, match=f"a.yaml: the field '{gone}' is missing"):
        read_definition("a.yaml", data)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"decimals": 3}, "decimals must be 0, 1 or 2"),
        ({"kind": "share"}, "a share is written without decimals"),
        ({"direction": "up"}, "expected one of higher_is_better"),
        ({"disclosure": "siris"}, "no rule of disclosure called 'siris'"),
        ({"name": {"sv": "Meritvärde"}}, "name: the field 'en' is missing"),
        ({"next_review": _definition("merit_value")["checked_by"]["day"]}, "the next review must come after"),
        ({"reviewer": "x"}, "got 'reviewer'"),
        ({"members": {"a": {"sv": "a", "en": "a"}}}, "a family has members and no id"),
    ],
)
def test_a_wrong_definition_is_refused_with_its_place(change: dict[str, object], said: str) -> None:
    with pytest.raises(RuleError, match=said):
        read_definition("a.yaml", _definition("merit_value") | change)


def test_a_family_member_needs_its_name_in_both_languages() -> None:
    data = _definition("share_eligible") | {"members": {"x": {"sv": "x"}}}
    with pytest.raises(RuleError, match="a name in sv and en"):
        read_definition("a.yaml", data)


def test_breaks_must_be_in_order() -> None:
    data = _definition("merit_value")
    with pytest.raises(RuleError, match="in order of time"):
        read_definition("a.yaml", data | {"breaks": data["breaks"][::-1]})


@pytest.mark.parametrize(
    ("id", "family"),
    [
        ("survey_mean_kanner_du_dig_trygg_i_skolan", "survey_mean_*"),
        ("survey_index_trygghet_pupils_gr_5", "survey_index_*"),
        ("survey_response_rate_pupils_gy_2", "survey_response_rate_*"),
        ("kolada:N99999", "kolada:*"),
    ],
)
def test_an_open_family_answers_for_what_has_no_definition_of_its_own(id: str, family: str) -> None:
    assert load(id).id == family


@pytest.mark.parametrize("id", ["merit", "survey_mean_", "kolada:", ""])
def test_an_unknown_id_is_answered_with_the_known_ones(id: str) -> None:
    with pytest.raises(UsageError, match="merit_value"):
        load(id)


@given(st.sampled_from(indicators()), YEARS, YEARS, YEARS)
def test_years_with_no_break_between_them_can_be_compared_and_breaks_add_up(
    indicator: Any, one: int, two: int, three: int
) -> None:
    low, middle, high = sorted((one, two, three))
    parts = indicator.breaks_between(low, middle) + indicator.breaks_between(middle, high)
    assert indicator.breaks_between(low, high) == parts == indicator.breaks_between(high, low)
    assert indicator.breaks_between(low, low) == ()


def test_the_merit_value_of_spring_2014_must_not_be_compared_with_that_of_spring_2015() -> None:
    assert [b.first for b in load("merit_value").breaks_between(2013, 2014)] == [2014]
    assert load("merit_value").breaks_between(2014, 2024) == ()


def test_the_survey_of_2022_must_not_be_compared_with_earlier_ones() -> None:
    assert [b.first for b in load("survey_index_studiero").breaks_between(2017, 2022)] == [2018, 2022]


def test_shares_are_written_in_per_cent() -> None:
    assert load("share_girls").factor == 100
    assert load("kolada:N15428").factor == 1


def test_what_is_no_mapping_is_refused() -> None:
    with pytest.raises(RuleError, match="expected a mapping"):
        read_definition("a.yaml", ["merit_value"])


def test_an_id_is_defined_once() -> None:
    with pytest.raises(RuleError, match="Defined twice: merit_value"):
        by_id([load("merit_value"), load("pupils"), load("merit_value")])


def test_no_id_belongs_to_two_open_families() -> None:
    begins = [family.id[:-1] for family in families()]
    assert [(a, b) for a in begins for b in begins if a != b and a.startswith(b)] == []
