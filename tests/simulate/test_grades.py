from __future__ import annotations

from collections import defaultdict
from datetime import date

import numpy as np
import pytest

from likvard import simulate
from likvard.rulebook import eligible, merit_value
from likvard.simulate import results
from likvard.simulate.effects import effects
from likvard.simulate.people import cohort
from likvard.simulate.settings import Settings
from likvard.simulate.subjects import CODES, GRADES
from likvard.simulate.units import plan
from likvard.simulate.years import final_roll

ON = date(2017, 6, 10)
WORTH = dict(zip(GRADES, (0.0, 10.0, 12.5, 15.0, 17.5, 20.0), strict=True))


@pytest.fixture(scope="module")
def marks(country) -> results.Marks:
    schools = plan(country.settings, 0)
    roll = final_roll(schools, cohort(country.settings, schools, 2001), 2016)
    return results.marks(country.settings, schools, effects(country.settings, 0), roll, 2016)


def points_of(marks: results.Marks, pupil: int) -> dict[str, float | None]:
    codes = ["Sva" if code == "Sv" and marks.second[pupil] else code for code in CODES]
    return {
        code: None if grade < 0 else WORTH[GRADES[grade]]
        for code, grade, status in zip(codes, marks.grade[pupil], marks.status[pupil], strict=True)
        if status < len(results.STATUS)
    }


def test_merit_is_what_the_rulebook_says_of_every_pupil(marks) -> None:
    expected = [merit_value(points_of(marks, i), ON) for i in range(len(marks.roll))]
    assert results.merit(marks, ON).tolist() == expected


@pytest.mark.parametrize("kind", ["vocational", "arts", "social", "science"])
def test_eligibility_is_what_the_rulebook_says_of_every_pupil(marks, kind: str) -> None:
    expected = [eligible(kind, points_of(marks, i), ON) for i in range(len(marks.roll))]
    assert results.eligible(marks, kind, ON).tolist() == expected
    assert 0.3 < np.mean(expected) < 1


def test_nobody_has_both_kinds_of_swedish_and_everybody_has_one(country) -> None:
    counts = country.ask("""select count(*) from grade where subject in ('Sv', 'Sva') and grade_year in (6, 9)
        and school_form = 'GR' group by pupil_id, school_year""")
    assert set(counts) == {(1,)}


def test_every_leaver_has_seventeen_subjects_at_the_most_beside_the_mother_tongue(country) -> None:
    counts = country.ask("""select count(distinct subject) from grade where kind = 'final' and school_form = 'GR'
        and subject <> 'ML' group by pupil_id, school_year""")
    assert {n for (n,) in counts} == {16, 17}


def test_f_and_no_basis_and_not_taken_are_kept_apart(country) -> None:
    seen = set(country.ask("select status, grade is null, points is null from grade where school_form = 'GR'"))
    assert ("", False, False) in seen
    assert {status for status, graded, _ in seen if graded} >= {"no_basis", "not_taken"}
    assert all(no_grade == no_points for _, no_grade, no_points in seen)


def test_adapted_school_has_no_f_and_sets_no_grade_where_e_is_not_reached(country) -> None:
    grades = {grade for (grade,) in country.ask("select distinct grade from grade where school_form = 'GRAN'")}
    assert grades >= {None, "A", "E"}
    assert "F" not in grades
    reasons = country.ask("select distinct status from grade where school_form = 'GRAN' and grade is null")
    assert reasons == [("not_graded",)]


def test_a_language_is_named_for_modern_languages_and_mother_tongues_only(country) -> None:
    named = country.ask("select distinct subject from grade where language is not null order by 1")
    assert named == [("M1",), ("ML",)]
    assert country.number("select count(*) from grade where subject in ('M1', 'ML') and language is null") == 0


def test_a_waldorf_school_sets_no_grades_in_year_six(wide) -> None:
    by_unit = defaultdict(set)
    for unit, status in wide.ask("""select unit_code, status from grade where grade_year = 6 and unit_code in
            (select unit_code from unit where name like 'Waldorf%')"""):
        by_unit[unit].add(status)
    assert by_unit
    assert all(statuses == {"no_knowledge_grades"} for statuses in by_unit.values())


def test_pupils_keep_their_pseudonym_from_year_six_to_year_nine(country) -> None:
    query = """select count(*) filter (where nine.pupil_id is not null) / count(*) from
        (select pupil_id from enrolment where school_year = 2016 and grade_year = 6 and school_form = 'GR') six
        left join (select pupil_id from enrolment where school_year = 2019 and grade_year = 9) nine using (pupil_id)"""
    assert country.number(query) == 1


def test_upper_secondary_grades_are_of_courses_and_each_course_comes_once(country) -> None:
    assert country.number("select count(*) from grade where school_form = 'GY' and course is null") == 0
    repeated = """select count(*) from (select 1 from grade where school_form = 'GY'
        group by pupil_id, course having count(*) > 1)"""
    assert country.number(repeated) == 0


def test_only_the_eligible_go_to_national_programmes(country) -> None:
    failed = """select pupil_id from grade where grade_year = 9 and subject = 'Ma' and school_year = 2016
        and coalesce(points, 0) < 10 and school_form = 'GR'"""
    query = f"""select distinct programme from enrolment where school_form = 'GY' and school_year = 2017
        and pupil_id in ({failed})"""
    assert country.ask(query) == [("IM",)]


def test_national_tests_follow_grades_but_are_not_them(wide) -> None:
    query = """select corr(t.points, g.points), avg((t.grade = g.grade)::int) from national_test t
        join grade g using (pupil_id, school_year, subject, grade_year)
        where t.part = 'test' and t.status = '' and g.status = '' and subject in ('Ma', 'En') and grade_year = 9"""
    correlation, same = wide.ask(query)[0]
    assert 0.8 < correlation < 0.97
    assert 0.5 < same < 0.8


def test_who_was_away_from_a_test_has_neither_grade_nor_points(country) -> None:
    seen = country.ask("select distinct status, points is null from national_test")
    assert sorted(seen) == [("", False), ("did_not_take_part", True)]


def test_those_who_begin_upper_secondary_from_2025_have_levels_in_place_of_courses() -> None:
    settings = Settings(municipalities=1, first_year=2025, years=1)
    grades = next(r for r in simulate.readings(settings) if r.source == "synthetic-grades").tables["grade"].to_pylist()
    upper = {(row["grade_year"], row["course"]) for row in grades if row["school_form"] == "GY"}
    assert {(1, "Engelska nivå 1"), (1, "Svenska nivå 1"), (2, "Engelska 6")} <= upper
    assert not {(1, "Engelska 5"), (2, "Engelska nivå 2")} & upper
