"""Looking a rule up by the day of the event."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.rulebook import names, rule, rules, scale_in_use, school_form_names
from likvard.rulebook.lookup import KINDS, rule_file
from likvard.terms import RuleError, SchoolForm

BEFORE, AFTER = date(2026, 7, 31), date(2026, 8, 1)


@given(st.sampled_from(names()), st.dates(date(1980, 1, 1), date(2040, 12, 31)))
def test_exactly_one_wording_is_found_or_the_error_says_none(name: str, day: date) -> None:
    standing = [w for w in rules(name) if w.valid_from <= day <= (w.valid_to or date.max)]
    if standing:
        assert [rule(name, day)] == standing
    else:
        with pytest.raises(RuleError):
            rule(name, day)


@given(st.sampled_from(tuple(KINDS)), st.dates(date(2012, 7, 1), date(2040, 12, 31)))
def test_a_rule_of_many_entries_holds_what_is_in_force_that_day(name: str, day: date) -> None:
    if rule_file(name).keyed:
        single = {k: w.value for k, ws in rule_file(name).entries.items() for w in ws if w.covers(day)}
        assert dict(rule(name, day).value) == single


@pytest.mark.parametrize("name", ["provisions:skollagen 6:10", "provisions:skollagen 5:3", "statutes:skollagen"])
def test_two_events_on_either_side_of_1_august_2026_meet_different_rules(name: str) -> None:
    assert rule(name, BEFORE) != rule(name, AFTER)
    assert rule(name, BEFORE).valid_to == BEFORE
    assert rule(name, AFTER).valid_from == AFTER


def test_the_chain_of_abuse_reports_of_1_august_2026_is_kept_whole_and_marked_as_doubtful() -> None:
    later = rule("clocks:abuse_told_organiser", AFTER)
    assert later.value == rule("clocks:abuse_told_organiser", BEFORE).value
    assert "not verified" in later.doubt


def test_suspension_has_a_limit_only_before_the_change_whose_wording_is_unknown() -> None:
    assert "suspension" in rule("clocks", BEFORE).value
    assert "suspension" not in rule("clocks", AFTER).value


def test_adapted_compulsory_school_took_its_name_on_2_july_2023() -> None:
    assert school_form_names(SchoolForm.ADAPTED_COMPULSORY, date(2023, 7, 1)).name.sv == "grundsärskola"
    assert school_form_names(SchoolForm.ADAPTED_COMPULSORY, date(2023, 7, 2)).name.sv == "anpassad grundskola"


def test_preschool_class_is_no_form_of_its_own_in_the_ten_year_school() -> None:
    assert "FKLASS" not in rule("school_forms", date(2028, 7, 1)).value
    assert school_form_names(SchoolForm.COMPULSORY, date(2028, 7, 1)).years == (1, 10)


def test_regular_supervision_became_planned_in_july_2023() -> None:
    assert rule("inspections:planned", date(2023, 6, 30)).value.name.sv == "regelbunden tillsyn"
    assert rule("inspections:planned", date(2023, 7, 1)).value.name.sv == "planerad tillsyn"


@pytest.mark.parametrize(
    ("form", "year", "day", "scale"),
    [
        ("GR", 9, "2027-06-10", "AF"),
        ("GR", 3, "2027-06-10", None),
        ("GR", 8, "2028-12-20", "1-10"),
        ("GR", 9, "2028-12-20", "AF"),
        ("GR", 9, "2029-12-20", "1-10"),
        ("GR", 10, "2030-06-10", "AF"),
        ("GR", 10, "2031-06-10", "1-10"),
        ("GY", 1, "2025-12-20", "Gy25"),
        ("GY", 2, "2025-12-20", "AF"),
        ("GRAN", 9, "2024-06-10", "adapted"),
        ("VUX", 0, "2030-12-31", "AF"),
        ("VUX", 0, "2031-01-01", "1-10"),
    ],
)
def test_each_year_of_study_is_graded_on_the_scale_of_its_day(form: str, year: int, day: str, scale: str) -> None:
    assert scale_in_use(SchoolForm(form), year, date.fromisoformat(day)) == scale


def test_limits_for_published_grades_changed_with_the_school_year_2023_24() -> None:
    before, after = (rule("disclosure:siris_grades", day).value for day in (date(2023, 6, 30), date(2023, 7, 1)))
    assert dict(before.fewest) == {"unit": 10, "organiser": 10, "municipality": 10, "county": 10, "nation": 10}
    assert dict(after.fewest) == {"unit": 10, "organiser": 5, "municipality": 5, "county": 5, "nation": 5}


def test_published_shares_of_pupils_are_hidden_by_how_many_they_count() -> None:
    found = rule("disclosure:siris_pupils", date(2023, 7, 1)).value
    assert dict(found.fewest_counted) == {"unit": 10, "organiser": 5, "municipality": 5, "county": 3, "nation": 3}
    assert found.has_near_all("share_foreign_background")
    assert not found.has_near_all("share_girls")


def test_passes_in_all_subjects_are_never_shown_as_near_all_while_eligibility_is() -> None:
    found = rule("disclosure:siris_grades", date(2024, 7, 1)).value
    assert found.has_near_all("share_eligible_vocational")
    assert not found.has_near_all("share_all_subjects_year_9")


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(RuleError, match="merit"):
        rule("merits", AFTER)
    with pytest.raises(RuleError, match="injunction"):
        rule("instruments:fine", AFTER)


def test_a_day_outside_what_is_known_is_answered_with_what_is_known() -> None:
    with pytest.raises(RuleError, match="known from 2011-07-01"):
        rule("merit", date(2000, 1, 1))
    with pytest.raises(RuleError, match="to 2028-06-30"):
        rule("clocks:extra_adaptations", date(2029, 1, 1))
