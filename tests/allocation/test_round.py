"""A round as a file: what is read, what is refused, and that the line is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from likvard.allocation.round import AllocationError, Input, Rule, Unit, from_yaml
from likvard.terms import OrganiserKind, SchoolForm, Words

TEXT = """\
name: {sv: Grundskola 2026, en: Compulsory school 2026}
calendar_year: 2026
organiser: 2120000001
rule:
  frame: 564 000 000
  share: 12 %
  cap: 0.03
  of_year: 2024
inputs:
  - {name: Antal elever, of: 2025-10-15}
  - {name: Inkomst, of: 2021}
  - {name: Prövning, of: }
units:
  - {code: 01234567, name: Almskolan, pupils: 401.5, need: 73, last: 26_700_000, last_pupils: 400}
  - {code: 01234568, name: Cedern, pupils: 99, organiser_kind: independent, form: FKLASS}
"""


def test_a_round_is_read_with_numbers_as_people_write_them() -> None:
    read = from_yaml(TEXT)
    assert read.name == Words("Grundskola 2026", "Compulsory school 2026")
    assert read.rule == Rule(frame=564_000_000, share=0.12, cap=0.03, of_year=2024)
    assert read.organiser == "2120000001"
    assert read.inputs == (
        Input(Words("Antal elever", "Antal elever"), date(2025, 10, 15)),
        Input(Words("Inkomst", "Inkomst"), 2021),
        Input(Words("Prövning", "Prövning"), None),
    )


def test_codes_keep_their_zeros_and_kinds_and_forms_are_known() -> None:
    first, second = from_yaml(TEXT).units
    assert first == Unit(code="01234567", name="Almskolan", pupils=401.5, need=73, last=26_700_000, last_pupils=400)
    assert (second.organiser_kind, second.form) == (OrganiserKind.INDEPENDENT, SchoolForm.PRESCHOOL_CLASS)
    assert second.need is None


def test_units_may_be_taken_from_the_lake() -> None:
    head = TEXT[: TEXT.index("units:")]
    chosen = from_yaml(head + "lake: {form: GY, year: 2024, own_only: true}\n").lake
    assert chosen is not None
    assert (chosen.form, chosen.year, chosen.own_only) == (SchoolForm.UPPER_SECONDARY, 2024, True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("share: 12 %", "shar: 12 %", "Line 6, shar: there is no such field; is it share?"),
        ("share: 12 %", "share: much", "Line 6, share: expected a number, got 'much'."),
        ("share: 12 %", "share: 50 %", "Line 5, rule: The share by need is 0.5."),
        ("share: 12 %", "share: 12 %\n  base: 50000", "Line 5, rule: The rule takes either a frame or a base amount."),
        ("frame: 564 000 000", "frame: 564.5", "Line 5, frame: expected a whole number, got '564.5'."),
        ("cap: 0.03", "cap: nan", "Line 5, rule: The highest change a year is nan."),
        ("cap: 0.03", "source: guess", "Line 7, source: expected model, stated, got 'guess'."),
        ("cap: 0.03", "cap: 0.03\n  cap: 0.04", "Line 8, cap: the field is written twice."),
        ("of: 2021", "of: lately", "Line 11, of: expected a day such as 2025-10-15 or a whole number, got 'lately'."),
        ("pupils: 401.5", "pupils: 0", "Line 14, units 1: Almskolan has 0 pupils."),
        ("pupils: 401.5, ", "", "Line 14, units 1: the field pupils is missing."),
        ("last_pupils: 400", "need_low: 80", "Line 14, units 1: The need index of Almskolan lies outside"),
        (", last_pupils: 400", "", "Line 14, units 1: Almskolan has only one of crowns and pupils of the year before."),
        ("form: FKLASS", "form: GRUND", "Line 15, form: expected FSK, FKLASS"),
        ("calendar_year: 2026", "calendar_year: 1026", "Line 1: The calendar year is 1026."),
        ("units:", "lake: {own_only: yes}\nunits:", "Line 13, own_only: expected true or false, got 'yes'."),
        ("units:", "lake: {}\nunits:", "Line 1: The round takes either units or a selection"),
        ("rule:\n", "rule: [\n", "the file is not YAML."),
        (TEXT[TEXT.index("inputs:") : TEXT.index("units:")], "inputs: 3\n", "Line 9, inputs: a list is expected here."),
        ("organiser: 2120000001", "organiser:", "Line 3, organiser: a value is missing here."),
        ("name: Inkomst", "name: {sv: Inkomst}", "Line 11, name: the field en is missing."),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_field(old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(AllocationError) as refused:
        from_yaml(TEXT.replace(old, new, 1))
    assert said in str(refused.value)
    assert refused.value.said.sv.startswith("Rad ")


def test_an_empty_file_and_a_list_are_no_rounds() -> None:
    for text in ("", "- 1\n"):
        with pytest.raises(AllocationError, match="named fields are expected"):
            from_yaml(text)


def test_a_file_is_read_from_its_path_and_refused_if_it_cannot_be(tmp_path: Path) -> None:
    path = tmp_path / "round.yaml"
    with pytest.raises(AllocationError, match=r"round\.yaml cannot be read"):
        from_yaml(path)
    path.write_text(TEXT, encoding="utf-8")
    assert from_yaml(path) == from_yaml(TEXT)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"code": ""}, "no code or no name"),
        ({"pupils": float("nan")}, "nan pupils"),
        ({"need": -1.0}, "need index -1"),
        ({"unseen": 1.5}, "share 1.5 of unseen"),
        ({"set_apart": -1}, "-1 crowns set apart"),
        ({"last": -5, "last_pupils": 10.0}, "had -5 crowns"),
    ],
)
def test_a_school_that_cannot_be_is_refused(other: dict[str, object], said: str) -> None:
    with pytest.raises(AllocationError, match=said):
        Unit(**({"code": "99000001", "name": "Almskolan", "pupils": 10.0} | other))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"frame": 0}, "frame is 0 crowns"),
        ({"ceiling": 0}, "ceiling is 0 crowns"),
        ({"floor": 70_000, "ceiling": 60_000}, "floor is 70,000.crowns a pupil but the ceiling 60,000"),
        ({"source": "guess"}, "no source 'guess'"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(other: dict[str, object], said: str) -> None:
    with pytest.raises(AllocationError, match=said):
        Rule(**({"frame": 1_000_000, "share": 0.1} | other))  # type: ignore[arg-type]
