"""Rules are valid from birth: what no rule may say is refused when its file is read."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from likvard.rulebook import Rule, first_day
from likvard.rulebook.build import build, read_yaml
from likvard.rulebook.dated import in_force
from likvard.rulebook.lookup import parse_file
from likvard.terms import RuleError, SchoolYear

DAY = date(2026, 8, 1)
WRONG = [
    ("school_forms", "GR", {"years": [9, 1]}, "first and the last year"),
    ("school_forms", "GR", {"years": [1]}, "first and the last year"),
    ("grade_scale", "AF", {"steps": []}, "from the best grade down"),
    ("grade_scale", "AF", {"no_grade": {"A": "no_basis"}}, "a grade is written twice"),
    ("grade_scale", "AF", {"no_grade": {"–": "absent"}}, "expected one of no_basis"),
    ("grade_scale_use", "GR", {"years": [{"first": 1, "last": 2, "scale": "AF"}] * 2}, "has two scales"),
    ("merit", "", {"grade_weight": 0.5}, "must add up to one"),
    ("merit", "", {"best": 0}, "a sum of best grades"),
    ("merit", "", {"method": "grades_and_tests"}, "a sum of best grades"),
    ("eligibility", "", {"least_merit": 4}, "either on passes or on"),
    ("eligibility", "", {"needs": {}}, "every kind of programme"),
    ("disclosure", "siris_grades", {"fewest": {"unit": 10}}, "every level needs a limit"),
    ("disclosure", "siris_grades", {"near_all": 0}, "belong together"),
    ("statutes", "skollagen", {"sfs": "2010"}, "not a number of the statute book"),
    ("provisions", "skollagen 6:10", {"place": "6:10"}, "not a chapter and section"),
    ("assessment_areas", "unit.teaching", {"provisions": []}, "supervision rests on provisions"),
    ("assessment_areas", "audit.teaching", {"judgements": []}, "an audit on a scale"),
    ("instruments", "injunction", {"may_carry_fine": False}, "cannot be appealed because of it"),
    ("clocks", "appeal", {"limit": {"length": -1, "span": "weeks"}}, "is not negative"),
    ("clocks", "appeal", {"limit": None}, "a limit or the word"),
    ("closure", "unit.safety", {"evidence": ["plan", "observation"]}, "never on a plan or a routine"),
    ("closure", "unit.safety", {"evidence": []}, "never on a plan or a routine"),
    ("municipalities", "", {"counties": {"1": {"sv": "a", "en": "b"}}}, "not the code of a county"),
    ("municipalities", "", {"municipalities": {"0200": "A"}}, "not the code of a municipality"),
    ("municipalities", "", {"municipalities": {"0127": "A", "0128": "A"}}, "the same name"),
]


def _file(name: str) -> dict[str, Any]:
    data = read_yaml(files("likvard.rulebook").joinpath("data", f"{name}.yaml"))
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize(("name", "key", "change", "said"), WRONG)
def test_a_value_that_makes_no_sense_is_refused(name: str, key: str, change: dict[str, object], said: str) -> None:
    data = deepcopy(_file(name))
    entry = next(e for e in data["entries"] if e.get("key", "") == key)
    entry["value"] = entry["value"] | change
    with pytest.raises(RuleError, match=said):
        parse_file(name, data)


def test_a_limit_below_zero_is_refused() -> None:
    data = deepcopy(_file("disclosure"))
    data["entries"][0]["value"]["fewest"]["unit"] = -1
    with pytest.raises(RuleError, match="whole number from 0"):
        parse_file("disclosure", data)


def test_an_amendment_has_a_number_or_a_bill() -> None:
    data = deepcopy(_file("statutes"))
    data["entries"][1]["value"]["amendments"][0]["sfs"] = "prop. 196"
    with pytest.raises(RuleError, match="statute book nor a bill"):
        parse_file("statutes", data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"about": "A test."}, "must hold about, source and entries"),
        ([], "must hold about, source and entries"),
        (
            {"about": "A test.", "source": "A test.", "entries": [{"valid_from": DAY, "source": "A."}]},
            "'value' is missing",
        ),
        ({"about": "A test.", "source": "A test.", "entries": ["text"]}, "'value' is missing"),
    ],
)
def test_a_file_of_another_shape_is_refused(data: object, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        parse_file("grade_codes", data)


def test_a_file_has_keys_everywhere_or_nowhere() -> None:
    entry = {"valid_from": DAY, "source": "A test.", "value": {"codes": {"2": "not_graded"}}}
    with pytest.raises(RuleError, match="with a key and entries without"):
        parse_file("grade_codes", {"about": "A.", "source": "A.", "entries": [entry, entry | {"key": "a"}]})


def test_two_wordings_on_one_day_are_an_error_and_never_a_choice() -> None:
    twice = [Rule("merit", DAY, None, "A test.", "", 1), Rule("merit", DAY, None, "A test.", "", 2)]
    with pytest.raises(RuleError, match="2 wordings of the rule merit"):
        in_force(twice, "merit", DAY)


def test_a_field_of_a_type_that_no_file_can_hold_is_an_error() -> None:
    with pytest.raises(RuleError, match="cannot be read from a file"):
        build("int", 1, "here")  # type: ignore[type-var, arg-type]


def test_a_school_year_is_looked_up_by_the_first_of_july() -> None:
    assert first_day(SchoolYear(2023)) == date(2023, 7, 1)
