"""From any spelling to a code."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.rulebook import school_form, subject, subjects
from likvard.rulebook.lookup import rule_file
from likvard.rulebook.naming import spellings

ON = date(2024, 6, 12)
SCB_YEAR_9 = "Bl En Hkk Idh Ma M1 M2 ML Mu Bi Fy Ke Ge Hi Re Sh Sl Sv Sva Tn Tk"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("GRS", "GRAN"),
        ("TR", "GRAN"),
        ("GRAN", "GRAN"),
        ("Grundsärskola", "GRAN"),
        ("anpassad grundskola", "GRAN"),
        ("Anpassad  Grundskola", "GRAN"),
        ("GYS", "GYAN"),
        ("FS", "FSK"),
        ("FSK", "FSK"),
        ("Förskoleklass", "FKLASS"),
        ("FTH", "FTH"),
        ("gr", "GR"),
        ("Grundskola", "GR"),
        ("SP", "SP"),
        ("SAM", "SAM"),
        ("GY", "GY"),
        ("KOMVUX", "VUX"),
        ("VUXSARGR", "VUX"),
        ("VUXSFI", "SFI"),
        ("STF", None),
        ("", None),
    ],
)
def test_school_forms_are_found_by_codes_and_names_old_and_new(text: str, form: str | None) -> None:
    assert school_form(text) == form


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SVE", "Sv"),
        ("SVA", "Sva"),
        ("ENG", "En"),
        ("MA", "Ma"),
        ("Ma", "Ma"),
        ("GRGRMAT01", "Ma"),
        ("GRGRSVA01", "Sva"),
        ("Idrott och hälsa", "Idh"),
        ("Hem- och konsumentkunskap", "Hkk"),
        ("NO", "NO"),
        ("Rymdfysik", None),
        ("GRGRXXX01", None),
    ],
)
def test_subjects_are_found_by_codes_of_agencies_and_by_names(text: str, code: str | None) -> None:
    assert subject(text) == code


def test_every_subject_column_of_the_pupil_file_is_a_subject_under_its_own_code() -> None:
    assert [code for code in SCB_YEAR_9.split() if subject(code) != code] == []


def test_sixteen_subjects_are_everyones_when_the_two_kinds_of_swedish_are_one() -> None:
    standing = [s.standing for s in subjects(ON).values()]
    assert standing.count("compulsory") == 15
    assert standing.count("one_of") == 2


def test_science_and_social_science_are_the_blocks_that_may_be_graded_together() -> None:
    blocks = {code: s.together for code, s in subjects(ON).items() if s.together}
    assert blocks == dict.fromkeys(("Bi", "Fy", "Ke"), "NO") | dict.fromkeys(("Ge", "Hi", "Re", "Sh"), "SO")


@pytest.mark.parametrize("name", ["school_forms", "subjects"])
def test_no_spelling_means_two_things(name: str) -> None:
    found = spellings(name)
    for key, wordings in rule_file(name).entries.items():
        for value in (w.value for w in wordings):
            alone = school_form if name == "school_forms" else subject
            assert {alone(text) for text in (key, value.name.sv, value.name.en, *value.aliases)} == {key}
    assert set(found.values()) == set(rule_file(name).entries)


@given(st.text())
def test_any_text_is_looked_up_without_an_error(text: str) -> None:
    assert school_form(text) is None or school_form(text) in set(spellings("school_forms").values())
    assert subject(text) is None or subject(text) in spellings("subjects").values()
