"""Every definition is complete, reviewed and points at rules that exist; every measure has one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from likvard.figures.measures import Unit
from likvard.indicators import Indicator, Kind, PeriodKind, indicators, load, overdue
from likvard.indicators.definition import Direction
from likvard.indicators.loading import families
from likvard.records.readers.siris_reports import REPORTS, SHARE, TEST_SUBJECTS
from likvard.records.readers.v4_metrics import metric
from likvard.rulebook.lookup import rule_file
from likvard.terms import Words

MEASURES = """
    merit_value merit_value_16 pupils pupils_preschool_class pupils_year_1 pupils_year_2 pupils_year_3 pupils_year_4
    pupils_year_5 pupils_year_6 pupils_year_7 pupils_year_8 pupils_year_9 share_girls share_girls_preschool_class
    share_foreign_background share_parents_tertiary share_all_subjects_year_9 share_all_subjects_year_6
    share_eligible_vocational share_eligible_arts share_eligible_social share_eligible_science
    test_mean_sve_year_6 test_mean_sva_year_6 test_mean_eng_year_6 test_mean_ma_year_6
    test_mean_sve_year_9 test_mean_sva_year_9 test_mean_eng_year_9 test_mean_ma_year_9
    share_certified_teachers special_educators_quota pupils_per_teacher special_teacher_positions pupils_total
    survey_index_trygghet survey_index_studiero survey_index_bemotande_larare survey_group_size survey_answers
    survey_response_rate kolada:N15428 absence_share principal_turnover grade_points_ma share_passing_sva
"""
METRICS = """
    averageGradesMeritRating9thGrade ratioOfPupilsIn9thGradeWithAllSubjectsPassed
    ratioOfPupilsIn6thGradeWithAllSubjectsPassed ratioOfPupils9thGradeEligibleForNationalProgramYR
    ratioOfPupils9thGradeEligibleForNationalProgramES ratioOfPupils9thGradeEligibleForNationalProgramSAEKHU
    ratioOfPupils9thGradeEligibleForNationalProgramNATE averageResultNationalTestsSubjectSVA9thGrade
    certifiedTeachersQuota specialEducatorsQuota specialTeacherPositions studentsPerTeacherQuota totalNumberOfPupils
"""

EVERY = (*indicators(), *families())


def _texts(indicator: Indicator) -> Iterator[Words]:
    yield from (indicator.name, indicator.unit, indicator.why, indicator.definition, indicator.care, indicator.source)
    yield indicator.checked_by.role
    yield from (b.about for b in indicator.breaks)


def _siris_measures() -> Iterator[tuple[str, str]]:
    """Every measure that a rule for SIRIS columns can make, and what kind of number it is."""
    for rule in (rule for report in REPORTS for rule in report.rules):
        if rule.measure == "merit_value_by_year":
            continue
        for year in ("6", "9"):
            for subject in TEST_SUBJECTS.values():
                filled = rule.measure.replace("{year}", year).replace("{subject}", subject).replace(r"\1", year)
                yield filled, rule.kind


@pytest.mark.parametrize("measure", MEASURES.split())
def test_every_measure_has_a_definition_of_its_own(measure: str) -> None:
    assert load(measure).id == measure


@pytest.mark.parametrize("name", METRICS.split())
def test_every_metric_of_the_open_api_has_a_definition(name: str) -> None:
    found = metric(name)
    assert found is not None
    assert load(found.measure).id == found.measure
    assert (load(found.measure).kind is Kind.SHARE) == (found.scale == -2)


def test_every_siris_column_has_a_definition_of_its_own() -> None:
    known = {i.id for i in EVERY}
    assert {m for m, _ in _siris_measures()} - known == set()
    assert [m for m, kind in _siris_measures() if (load(m).kind is Kind.SHARE) != (kind == SHARE)] == []


def test_every_key_figure_in_the_open_data_has_a_definition_of_its_own(shared: Path) -> None:
    files = ("2024-12-12_KOLADA_data_raw.parquet", "2023-05-19_KOLADA_skolinsp_tryggNöjd.parquet")
    found = {kpi for file in files for kpi in pq.read_table(shared / "kolada" / file)["kpi"].unique().to_pylist()}
    assert {kpi for kpi in found if load(f"kolada:{kpi}").id != f"kolada:{kpi}"} == set()


@pytest.mark.parametrize("indicator", EVERY, ids=lambda i: i.id)
def test_every_definition_is_complete_in_both_languages(indicator: Indicator) -> None:
    for words in _texts(indicator):
        assert "{" not in words.sv + words.en
    for words in (indicator.why, indicator.definition, indicator.care):
        assert words.sv != words.en
        assert words.sv.endswith(".")
        assert words.en.endswith(".")


@pytest.mark.parametrize("indicator", EVERY, ids=lambda i: i.id)
def test_no_definition_speaks_as_statisticians_do(indicator: Indicator) -> None:
    said = " ".join(f"{words.sv} {words.en}" for words in _texts(indicator)).lower()
    assert not re.search(r"signifik|signific|residual|population|topplista|league table|svag skola|weak school", said)


@pytest.mark.parametrize("indicator", EVERY, ids=lambda i: i.id)
def test_every_law_is_a_provision_of_the_rulebook(indicator: Indicator) -> None:
    assert set(indicator.law) <= set(rule_file("provisions").entries)


def test_kinds_are_written_as_figures_write_their_units() -> None:
    assert {kind.value for kind in Kind} <= {unit.value for unit in Unit}


def test_every_indicator_follows_a_rule_of_disclosure_that_is_in_force_for_its_years() -> None:
    for indicator in EVERY:
        assert rule_file("disclosure").entries[indicator.disclosure][-1].valid_to is None


def test_what_describes_the_intake_is_neither_good_nor_bad() -> None:
    assert {i.direction for i in EVERY if i.domain in ("intake", "context") and "response" not in i.id} == {
        Direction.NEITHER
    }


def test_no_review_is_overdue_a_day_before_it_and_all_are_after_the_last() -> None:
    first, last = (pick(i.next_review for i in EVERY) for pick in (min, max))
    assert overdue(first) == ()
    assert {i.id for i in overdue(last + timedelta(days=1))} == {i.id for i in EVERY}


def test_survey_measures_are_dated_by_calendar_year_and_grades_by_school_year() -> None:
    assert load("survey_index_trygghet").period is PeriodKind.CALENDAR_YEAR
    assert load("merit_value").period is PeriodKind.SCHOOL_YEAR
