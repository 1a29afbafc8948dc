"""The page of a unit: the same six questions for every school, and a reason where one has no figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from likvard.figures.charts import MeasureTaken
from likvard.figures.insight.unit import unit
from likvard.figures.pictures import picture
from likvard.figures.sentences import verdict
from likvard.terms import Language, UsageError, Words

SIX = ["results", "groups", "calm", "presence", "measures", "open"]
TAKEN = MeasureTaken(Words("Två lärare", "Two teachers"), date(2023, 8, 15), None, Words("+5", "+5"), Words("?", "?"))


def question(page, id):
    return next(q for q in page.questions if q.id == id)


@pytest.mark.parametrize("code", ["10000000", "10000010", "10000011", "10000012", "10000013"])
def test_every_unit_has_the_same_six_questions_and_each_has_a_figure_or_a_reason(publication, scope, code):
    page = unit(publication, scope, code)
    assert [q.id for q in page.questions] == SIX
    assert all(q.figures or q.empty for q in page.questions if q.id != "open")


def test_the_lead_says_how_far_from_the_expected_and_how_sure_that_is(publication, scope):
    lead = unit(publication, scope, "10000000").lead
    assert "**18\u00a0meritpoäng under det väntade**" in lead[0].sv
    assert "(osäkerhet 9–27)" in lead[0].sv
    assert "en ändring säkerställd" in lead[1].sv


def test_where_the_interval_does_not_clear_zero_no_difference_is_claimed(publication, scope):
    lead = unit(publication, scope, "10000002").lead
    assert [words.en for words in lead] == [
        "We cannot say that the school differs from what is expected, given the pupils it has."
    ]


def test_an_adapted_school_is_met_with_its_own_criteria(publication, scope):
    page = unit(publication, scope, "10000011")
    assert page.lead[0].sv == "Följs med egna kriterier. Resultatet jämförs därför inte med det väntade."
    assert question(page, "results").empty.en == "Followed by criteria of its own"


def test_measures_taken_are_drawn_into_the_curves(publication, scope):
    page = unit(publication, scope, "10000000", measures_taken=(TAKEN,))
    curves = [f for q in page.questions for f in q.figures if hasattr(f.chart, "measures")]
    assert len(curves) >= 5
    assert all(f.chart.measures == (TAKEN,) for f in curves)
    assert question(page, "measures").empty is None


def test_a_measure_with_an_indicator_is_drawn_in_the_curves_of_that_one_only(publication, scope):
    taken = replace(TAKEN, indicator="share_absent")
    page = unit(publication, scope, "10000000", measures_taken=(taken,))
    drawn = {f.id for q in page.questions for f in q.figures if getattr(f.chart, "measures", ())}
    assert drawn == {"high-absence"}


def test_a_measure_that_began_after_the_last_year_stands_after_the_curve_not_in_it(publication, scope):
    later = replace(TAKEN, start=date(2027, 1, 10))
    for taken, after in ((TAKEN, False), (later, True)):
        page = unit(publication, scope, "10000000", measures_taken=(taken,))
        drawing = picture(question(page, "results").figures[0], Language.SV).drawings[0][1]
        (badge,) = [mark for mark in drawing.marks if mark.look == "badge"]
        points = [mark.x for mark in drawing.marks if mark.look != "badge"]
        assert (badge.x > max(points)) is after


def test_the_curve_has_the_band_of_the_expected_in_the_years_that_have_one(publication, scope):
    chart = question(unit(publication, scope, "10000000"), "results").figures[0].chart
    assert [pair is not None for pair in chart.edges] == [p.start >= 2022 for p in chart.periods]
    assert chart.comparisons[0].label.sv == "landet"


def test_a_recent_change_is_claimed_only_within_the_false_alarm_budget(publication, scope):
    def said(code):
        figure = question(unit(publication, scope, code), "results").figures[0]
        return " ".join(words.en for words in verdict(figure.kind, figure.facts))

    assert "risen by 12" in said("10000001")
    assert "We cannot say that it has changed" in said("10000000")


def test_the_lines_of_the_survey_never_cross_the_change_of_questions(publication, scope):
    chart = question(unit(publication, scope, "10000000"), "calm").figures[0].chart
    assert chart.periods == (2020, 2022, 2024)
    assert [cut.before for cut in chart.breaks] == [2022]


def test_the_facts_stand_beside_the_organisers(publication, scope):
    facts = {f.term.sv: f for f in unit(publication, scope, "10000000").facts}
    assert facts["Föräldrars utbildning"].remark.sv == "2024/25 · Ekviks kommun 55\u00a0%"
    assert facts["Elever"].cell.value == 300


def test_a_unit_that_is_not_the_readers_is_refused_with_what_to_do(publication, scope):
    with pytest.raises(UsageError, match="Choose one"):
        unit(publication, scope, "20000001")


def test_a_principal_with_one_unit_sees_the_same_as_the_organiser_does_of_it(publication, scope):
    narrow = replace(scope, units={"10000000": scope.units["10000000"]})
    assert unit(publication, narrow, "10000000") == unit(publication, scope, "10000000")


def test_an_upper_secondary_school_shows_diplomas_programmes_and_its_own_survey(publication, scope):
    page = unit(publication, scope, "10000012")
    assert [figure.id for figure in question(page, "results").figures] == ["diploma", "programmes"]
    assert "gymnasiets år 2" in question(page, "calm").figures[0].subtitle.sv
