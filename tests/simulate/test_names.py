from __future__ import annotations

import csv
import re

from likvard.rulebook import counties, municipalities
from likvard.simulate import names, organisers
from likvard.simulate.places import municipality_code
from likvard.simulate.settings import MOST_MUNICIPALITIES

ALL = range(MOST_MUNICIPALITIES)


def test_every_municipality_has_a_name_and_code_of_its_own() -> None:
    assert len({names.town(i) for i in ALL}) == len({municipality_code(i) for i in ALL}) == MOST_MUNICIPALITIES


def test_no_invented_municipality_is_a_real_one() -> None:
    assert not {names.town(i) for i in ALL} & set(municipalities().values())
    assert not {municipality_code(i) for i in ALL} & set(municipalities())
    assert not {municipality_code(i)[:2] for i in ALL} & set(counties())


def test_no_invented_school_has_a_real_ones_name_or_code(country, shared) -> None:
    with (shared / "merit_per_school_2014_2025.csv").open(encoding="utf-8") as file:
        real = [(row["skola"].strip().lower(), row["skolenhetskod"]) for row in csv.DictReader(file)]
    invented = country.ask("select distinct lower(name), unit_code from unit")
    assert not {name for name, _ in invented} & {name for name, _ in real}
    assert not {code for _, code in invented} & {code for _, code in real}


def test_organisation_numbers_cannot_be_personal_numbers(country) -> None:
    numbers = [number for (number,) in country.ask("select distinct organiser_number from organiser")]
    assert numbers
    assert all(re.fullmatch(r"99[2-9]\d{7}", number) for number in numbers)


def test_organisation_numbers_carry_a_valid_check_digit() -> None:
    digits = [int(d) for d in organisers.number(20, 12345)]
    doubled = [d * 2 if i % 2 == 0 else d for i, d in enumerate(digits)]
    assert sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def test_pseudonyms_are_sixteen_letters_and_never_hold_a_digit(country) -> None:
    query = "select pupil_id from pupil union select principal_id from principal_spell"
    assert all(re.fullmatch(r"[a-p]{16}", name) for (name,) in country.ask(query))


def test_the_genitive_adds_no_second_s() -> None:
    assert [names.of(word) for word in ("Ekvik", "Månfors")] == ["Ekviks", "Månfors"]
