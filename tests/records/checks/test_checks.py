"""Every rule of screening, each with what breaks it and nothing else."""

from __future__ import annotations

from datetime import date
from math import inf, nan
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.records.checks import RULES, screen
from likvard.records.checks.codes import UNIT, wrong_form
from likvard.records.checks.manual import manual
from likvard.records.reading import Finding, Severity, said
from likvard.records.schema import LINE, TABLES
from likvard.terms import Language, Missing

BROKEN = [
    ("value", "pupil", {"sex": "F"}),
    ("value", "grade", {"term": "vt"}),
    ("value", "unit", {"organiser_kind": "Kommunal"}),
    ("value", "unit", {"school_form": "GRS"}),
    ("value", "statistic", {"status": "..", "value": None}),
    ("value", "matter_count", {"status": "hidden", "n": None}),
    ("code", "unit", {"unit_code": "4063108"}),
    ("code", "unit", {"unit_code": "40631085.0"}),
    ("code", "unit", {"unit_code": "4063 1085"}),
    ("code", "unit", {"unit_code": "Ekviks skola"}),
    ("code", "unit", {"organiser_number": "212000-2882"}),
    ("code", "unit", {"municipality_code": "127"}),
    ("code", "unit_lineage", {"successor": "x"}),
    ("area-code", "statistic", {"level": "organiser"}),
    ("area-code", "statistic", {"level": "municipality", "area_code": "00"}),
    ("area-code", "statistic", {"level": "nation"}),
    ("area-code", "survey_answer", {"area_code": "4063108"}),
    ("place", "unit", {"municipality_code": "9999"}),
    ("area-place", "statistic", {"level": "municipality", "area_code": "0199"}),
    ("area-place", "statistic", {"level": "county", "area_code": "02"}),
    ("blank", "unit", {"name": "  "}),
    ("blank", "statistic", {"measure": ""}),
    ("personal-number", "pupil", {"pupil_id": "200805011234"}),
    ("personal-number", "enrolment", {"class_name": "080501-1234"}),
    ("broken-text", "unit", {"name": "HÃ¤llbyskolan"}),
    ("broken-text", "unit", {"name": "H\ufffdllbyskolan"}),
    ("broken-text", "unit", {"name": "Hall\x00by"}),
    ("subject", "grade", {"subject": "Matte"}),
    ("required", "unit", {"name": None}),
    ("finite", "statistic", {"value": nan, "measure": "kolada:N1"}),
    ("finite", "area_shape", {"longitude": inf}),
    ("year", "unit", {"school_year": 2099}),
    ("year", "unit", {"school_year": 1989}),
    ("year", "statistic", {"year": 0}),
    ("year", "statistic", {"period_kind": "undated"}),
    ("year", "pupil", {"birth_year": 208}),
    ("date", "principal_spell", {"end": date(2099, 12, 31)}),
    ("date", "attendance", {"month": date(1989, 12, 1)}),
    ("future", "unit", {"school_year": 2031}),
    ("order", "enrolment", {"end": date(2022, 8, 15)}),
    ("month", "pupil", {"birth_month": 13}),
    ("month", "attendance", {"month": date(2024, 2, 2)}),
    ("month", "enrolment", {"grade_year": 11}),
    ("share", "statistic", {"measure": "share_girls", "value": 61.0}),
    ("share", "survey_answer", {"share": -0.1}),
    ("scale", "statistic", {"value": 341.0}),
    ("scale", "statistic", {"measure": "merit_value_16", "value": 321.0}),
    ("scale", "statistic", {"measure": "survey_index_x", "value": -1.0}),
    ("points", "grade", {"points": 17.5}),
    ("points", "grade", {"grade": "MVG"}),
    ("count", "statistic", {"measure": "pupils", "value": -1.0}),
    ("count", "statistic", {"n": -1}),
    ("count", "attendance", {"unauthorised_minutes": -1}),
    ("absence", "attendance", {"authorised_minutes": 1001}),
    ("status", "statistic", {"value": None}),
    ("status", "statistic", {"status": "few"}),
    ("status", "statistic", {"status": "approximate", "value": None}),
    ("status", "survey_answer", {"n": None, "share": None}),
    ("status", "grade", {"grade": None, "points": None}),
    ("status", "grade", {"status": "no_basis"}),
    ("status", "national_test", {"grade": None}),
    ("range", "statistic", {"value": None, "status": "near_all", "low": 0.9, "high": 0.8}),
]
ELSEWHERE = {
    "empty",
    "table",
    "columns",
    "type",
    "key",
    "known-pupil",
    "rows-changed",
    "measure-gone",
    "values-changed",
}


def _rules(findings: tuple[Finding, ...]) -> list[str]:
    return [f.rule for f in findings]


@pytest.mark.parametrize("name", TABLES)
def test_a_good_row_passes(reading, rows, name):
    assert screen(reading(**{name: rows(name)}), on=date(2026, 1, 15)) == ()


@pytest.mark.parametrize(("rule", "name", "change"), BROKEN)
def test_a_broken_row_breaks_its_rule_and_no_other(reading, rows, rule, name, change):
    assert _rules(screen(reading(**{name: rows(name, change)}), on=date(2026, 1, 15))) == [rule]


@pytest.mark.parametrize("missing", [m for m in Missing if m not in (Missing.APPROXIMATE,)])
def test_a_missing_value_with_its_reason_passes(reading, rows, missing):
    assert screen(reading(statistic=rows("statistic", {"value": None, "status": missing.value}))) == ()


def test_an_approximate_number_has_a_value(reading, rows):
    assert screen(reading(statistic=rows("statistic", {"status": "approximate"}))) == ()


def test_every_rule_is_tried():
    assert {rule for rule, _, _ in BROKEN} | ELSEWHERE == {rule.id for rule in RULES}
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_the_manual_is_made_from_the_rules():
    page = Path(__file__).parents[3] / "docs" / "screening.md"
    assert page.read_text(encoding="utf-8") == manual()


def test_every_rule_says_what_to_do_in_both_languages():
    for rule in RULES:
        for words in (rule.about, rule.expected, rule.remedy):
            assert words.sv.endswith(".")
            assert words.en.endswith(".")


def test_a_code_that_is_one_digit_short_is_told_of_its_lost_zero(reading, rows):
    [finding] = screen(reading(unit=rows("unit", {"unit_code": "4063108"})))
    assert "zero has probably been lost" in said(finding.remedy, Language.EN)
    assert said(finding.found, Language.SV).startswith("”4063108” (")


def test_the_first_row_is_shown_and_the_others_are_counted(reading, rows):
    table = rows("unit", {}, {"unit_code": "1"}, {"unit_code": "2"}, {"unit_code": "2", "school_form": "SP"})
    [finding] = screen(reading(unit=table))
    assert (finding.times, finding.column) == (3, "unit.unit_code")
    assert said(finding.found, Language.EN).startswith("“1” and 1 other value (unit_code 1, school_form GR")


def test_the_line_of_the_file_is_told_if_the_reader_kept_it(reading, rows):
    table = rows("unit", {}, {"name": " ", "school_form": "SP"}).append_column(LINE, pa.array([7, 9]))
    [finding] = screen(reading(unit=table))
    assert finding.row == 9


def test_the_same_pupil_twice_stops_the_import(reading, rows):
    table = rows("pupil", {}, {"pupil_id": "b2"}, {}, {})
    [finding] = screen(reading(pupil=table))
    assert (finding.rule, finding.severity, finding.times) == ("key", Severity.ERROR, 2)
    assert "a1" not in said(finding.found, Language.EN)


def test_keys_with_empty_cells_are_compared_too(reading, rows):
    assert _rules(screen(reading(grade=rows("grade", {"course": None}, {"course": None})))) == ["key"]


def test_grades_of_pupils_whom_the_file_does_not_describe_are_told(reading, rows):
    found = screen(reading(pupil=rows("pupil"), grade=rows("grade", {}, {"pupil_id": "b2"})))
    assert [(f.rule, f.severity, f.times) for f in found] == [("known-pupil", Severity.WARNING, 1)]


def test_a_file_without_rows_is_half_a_file(reading, rows):
    assert _rules(screen(reading(unit=rows("unit").slice(0, 0)))) == ["empty"]


def test_an_unknown_table_is_named(reading, rows):
    [finding] = screen(reading(schools=rows("unit")))
    assert (finding.rule, finding.found) == ("table", "schools")


@pytest.mark.parametrize(
    ("change", "column"),
    [
        (lambda t: t.drop_columns("name"), "unit.name"),
        (lambda t: t.append_column("principal", t["name"]), "unit.principal"),
        (lambda t: t.append_column("name", t["name"]), "unit.name"),
    ],
)
def test_columns_are_the_declared_ones_once_each(reading, rows, change, column):
    assert [(f.rule, f.column) for f in screen(reading(unit=change(rows("unit"))))] == [("columns", column)]


def test_a_column_of_another_kind_is_refused_without_showing_its_values(reading, rows):
    table = rows("unit")
    wrong = table.set_column(1, "school_year", pa.array(["20080501-1234"]))
    [finding] = screen(reading(unit=wrong))
    assert (finding.rule, finding.column) == ("type", "unit.school_year")
    assert "1234" not in said(finding.found, Language.EN)


def test_a_wider_column_whose_values_fit_is_taken(reading, rows):
    table = rows("unit")
    wide = table.set_column(1, "school_year", pa.array([2023], pa.int64()))
    codes = wide.set_column(0, "unit_code", wide["unit_code"].dictionary_encode())
    assert screen(reading(unit=codes)) == ()


def test_a_number_that_does_not_fit_is_refused(reading, rows):
    wide = rows("unit").set_column(1, "school_year", pa.array([202_300_000], pa.int64()))
    assert _rules(screen(reading(unit=wide))) == ["type"]


def test_a_measure_without_a_scale_may_be_negative(reading, rows):
    assert screen(reading(statistic=rows("statistic", {"measure": "kolada:U15414", "value": -3.5}))) == ()


@given(st.text(alphabet="0123456789", min_size=8, max_size=8), st.sampled_from(["{}", " {}", "{}x", "0{}", "{}.0"]))
def test_a_unit_code_is_eight_digits_and_nothing_else(digits, form):
    assert bool(wrong_form(UNIT, form.format(digits))) == (form != "{}")


@settings(deadline=None, max_examples=15)
@given(st.text())
def test_no_text_breaks_the_screening(reading, rows, text):
    change = {"name": text, "unit_code": text, "status": text, "municipality_code": text}
    for finding in screen(reading(unit=rows("unit", change))):
        assert finding.rule in {rule.id for rule in RULES}
