"""Points, merit value and eligibility: examples by hand, and a slow second implementation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import combinations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.rulebook import (
    counts_in_average,
    eligibility_rule,
    eligible,
    grade_points,
    merit_value,
    needs,
    no_grade_codes,
    points_by_grade,
    rule,
)
from likvard.terms import InputError, RuleError

SPRING_2014, SPRING_2015, SPRING_2024 = date(2014, 6, 10), date(2015, 6, 10), date(2024, 6, 12)
AF = {"A": 20.0, "B": 17.5, "C": 15.0, "D": 12.5, "E": 10.0, "F": 0.0}
SIXTEEN = ("Bl", "En", "Hkk", "Idh", "Ma", "Mu", "Bi", "Fy", "Ke", "Ge", "Hi", "Re", "Sh", "Sl", "Sv", "Tk")
LANGUAGES = ("M1", "M2", "ML")
PREPARATORY = {"arts": (), "social": ("Ge", "Hi", "Re", "Sh"), "science": ("Bi", "Fy", "Ke")}

pupils = st.builds(
    lambda own, grades, other: dict(zip((*SIXTEEN[:14], own, "Tk", *LANGUAGES), grades, strict=True)) | other,
    st.sampled_from(("Sv", "Sva")),
    st.lists(st.sampled_from([*AF.values(), None]), min_size=19, max_size=19),
    st.dictionaries(st.just("Tn"), st.sampled_from(list(AF.values()))),
)
"""A pupil's points by subject; None where there is no grade."""


def _all(points: float, *extra: str) -> dict[str, float | None]:
    return dict.fromkeys((*SIXTEEN, *extra), points)


def _naive_merit(points: Mapping[str, float | None], seventeen: bool) -> float:
    """Try every way to pick at most 16 grades, and the language on top; keep the largest sum."""
    on_top = ["M1"] if seventeen else []
    rest = [p for s, p in points.items() if p is not None and s not in on_top]
    best = max(sum(pick) for pick in combinations(rest, min(16, len(rest))))
    return best + sum(points.get(s) or 0.0 for s in on_top)


def _naive_eligible(kind: str, points: Mapping[str, float | None]) -> bool:
    passed = [s for s, p in points.items() if p in (10.0, 12.5, 15.0, 17.5, 20.0)]
    core = ("Sv" in passed or "Sva" in passed) and "En" in passed and "Ma" in passed
    if kind == "vocational":
        return core and len(passed) >= 8
    return core and len(passed) >= 12 and all(s in passed for s in PREPARATORY[kind])


@pytest.mark.parametrize(("grade", "points"), AF.items())
def test_grades_have_the_points_of_the_national_scale(grade: str, points: float) -> None:
    assert grade_points("AF", grade, SPRING_2024) == points


@pytest.mark.parametrize("dash", ["–", "-", "−", " – "])
def test_a_dash_is_no_grade_and_not_an_f(dash: str) -> None:
    assert grade_points("AF", dash, SPRING_2024) is None
    assert grade_points("AF", "F", SPRING_2024) == 0.0


def test_adapted_school_has_no_f() -> None:
    with pytest.raises(RuleError, match="A, B, C, D, E"):
        grade_points("adapted", "F", SPRING_2024)


def test_the_scale_from_2028_has_ten_grades_and_no_pass_limit() -> None:
    on = date(2028, 12, 20)
    assert points_by_grade("1-10", on) == {str(n): float(n) for n in range(10, 0, -1)}
    assert rule("grade_scale:1-10", on).value.passing == ()


def test_the_scale_1_10_is_not_in_force_before_july_2028() -> None:
    with pytest.raises(RuleError, match="known from 2028-07-01"):
        grade_points("1-10", "7", date(2028, 6, 30))


def test_the_codes_of_pupil_files_say_why_there_is_no_grade() -> None:
    assert no_grade_codes("scb_year_9", SPRING_2024) == {"2": "not_graded", "3": "not_taken", "9": "no_basis"}
    assert no_grade_codes("scb_year_6", SPRING_2024)["Z"] == "not_taught_yet"


@pytest.mark.parametrize(
    ("points", "on", "merit"),
    [
        (_all(20.0, "M1"), SPRING_2024, 340.0),
        (_all(20.0), SPRING_2024, 320.0),
        (_all(20.0, "M1"), SPRING_2014, 320.0),
        (_all(10.0), SPRING_2024, 160.0),
        (_all(10.0, "M1"), SPRING_2024, 170.0),
        (_all(0.0), SPRING_2024, 0.0),
        (_all(20.0) | {"M1": 0.0}, SPRING_2024, 320.0),
        (_all(20.0) | {"M1": None}, SPRING_2024, 320.0),
        (_all(10.0) | {"ML": 20.0}, SPRING_2024, 170.0),
        (_all(10.0) | {"ML": 20.0, "M1": 10.0}, SPRING_2024, 180.0),
        (_all(10.0) | {"ML": 20.0, "M1": 20.0}, SPRING_2014, 180.0),
        ({}, SPRING_2024, 0.0),
    ],
    ids=[
        "a in 17 subjects",
        "a in 16 subjects",
        "a in 17 subjects before 2015",
        "e in 16",
        "e in 17",
        "f in all",
        "f in the language",
        "dash in the language",
        "mother tongue replaces the worst of 16",
        "mother tongue and language",
        "mother tongue and language before 2015: two of the sixteen are replaced",
        "nothing",
    ],
)
def test_merit_values_worked_out_by_hand(points: Mapping[str, float | None], on: date, merit: float) -> None:
    assert merit_value(points, on) == merit


def test_spring_2015_is_the_first_with_seventeen_subjects() -> None:
    assert merit_value(_all(15.0, "M1"), SPRING_2015) - merit_value(_all(15.0, "M1"), SPRING_2014) == 15.0


@given(pupils, st.booleans())
def test_merit_agrees_with_trying_every_choice_of_subjects(points: dict[str, float | None], seventeen: bool) -> None:
    on = SPRING_2024 if seventeen else SPRING_2014
    assert merit_value(points, on) == _naive_merit(points, seventeen)


@given(pupils)
def test_no_merit_value_is_above_the_maximum_of_its_rule(points: dict[str, float | None]) -> None:
    for on in (SPRING_2014, SPRING_2024):
        assert 0 <= merit_value(points, on) <= rule("merit", on).value.maximum


@given(pupils, st.sampled_from(SIXTEEN[:14] + LANGUAGES))
def test_a_better_grade_never_lowers_merit_nor_takes_eligibility(points: dict[str, float | None], better: str) -> None:
    raised = points | {better: 20.0}
    assert merit_value(raised, SPRING_2024) >= merit_value(points, SPRING_2024)
    for kind in ("vocational", *PREPARATORY):
        assert eligible(kind, raised, SPRING_2024) >= eligible(kind, points, SPRING_2024)


@given(pupils)
def test_eligibility_agrees_with_the_law_read_aloud(points: dict[str, float | None]) -> None:
    for kind in ("vocational", *PREPARATORY):
        assert eligible(kind, points, SPRING_2024) == _naive_eligible(kind, points)


def test_swedish_counts_in_one_of_its_two_forms_only() -> None:
    both = _all(10.0, "Sva")
    with pytest.raises(InputError, match="Sv and Sva"):
        merit_value(both, SPRING_2024)
    with pytest.raises(InputError, match="Sv and Sva"):
        eligible("vocational", both, SPRING_2024)


def test_points_below_zero_are_refused() -> None:
    with pytest.raises(InputError, match="below zero"):
        merit_value({"Ma": -1.0}, SPRING_2024)


def test_only_pupils_with_a_pass_count_in_the_national_average() -> None:
    assert not counts_in_average(_all(0.0) | {"M1": None}, SPRING_2024)
    assert counts_in_average(_all(0.0) | {"Sl": 10.0}, SPRING_2024)


@pytest.mark.parametrize(("kind", "total"), [("vocational", 8), ("arts", 12), ("social", 12), ("science", 12)])
def test_programmes_ask_for_eight_or_twelve_passes(kind: str, total: int) -> None:
    assert needs(kind, SPRING_2024).total == total


def test_english_may_be_spared_but_not_its_place_among_the_others() -> None:
    seven = dict.fromkeys(("Sv", "Ma", "Bl", "Mu", "Sl", "Idh", "Hkk"), 10.0)
    assert not eligible("vocational", seven, SPRING_2024)
    assert eligible("vocational", seven, SPRING_2024, english_dispensed=True)
    assert not eligible("vocational", seven | {"Hkk": 0.0}, SPRING_2024, english_dispensed=True)


def test_what_is_not_known_of_the_reform_is_refused_and_not_made_up() -> None:
    with pytest.raises(RuleError, match="not known in full"):
        merit_value(_all(7.0), date(2031, 6, 10))
    with pytest.raises(RuleError, match="merit value of 4"):
        eligible("vocational", _all(7.0), date(2031, 8, 15))
    with pytest.raises(RuleError, match="is not known"):
        counts_in_average(_all(7.0), date(2031, 6, 10))
    assert eligibility_rule(date(2031, 8, 15)).least_merit == 4


def test_an_unknown_kind_of_programme_is_refused() -> None:
    with pytest.raises(InputError, match="vocational, arts, social, science"):
        needs("crafts", SPRING_2024)


def test_the_last_day_of_the_old_eligibility_is_30_june_2031() -> None:
    assert eligible("vocational", _all(10.0), date(2031, 6, 30))


def test_points_can_be_joined_in_sql() -> None:
    con = duckdb.connect()
    con.execute("create table scale (grade text, points double)")
    con.executemany("insert into scale values (?, ?)", list(points_by_grade("AF", SPRING_2024).items()))
    found = con.execute("select sum(points) from scale join (values ('A'), ('D'), ('F')) g(grade) using (grade)")
    assert found.fetchall() == [(32.5,)]
