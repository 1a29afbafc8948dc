"""The page of a measure: complete for every indicator, in both languages, on any day."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from likvard.figures.insight import measured as m
from likvard.figures.insight.measure import listed, measure
from likvard.figures.measures import Unit
from likvard.indicators import indicators
from likvard.terms import UsageError, Words

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("id", [i.id for i in indicators()])
def test_every_indicator_has_a_page_with_every_text_in_both_languages(id):
    page = measure(id, on=TODAY)
    for field in fields(page):
        value = getattr(page, field.name)
        for words in (value,) if isinstance(value, Words) else value if isinstance(value, tuple) else ():
            text = words[1] if isinstance(words, tuple) else words
            assert text.sv
            assert text.en


def test_the_measure_by_its_published_name_is_the_indicator_behind_it():
    assert measure("share_absent", on=TODAY).id == "share_absent_15"


def test_a_measure_whose_review_is_late_says_so():
    assert not measure("merit_value", on=TODAY).overdue
    assert measure("merit_value", on=date(2029, 1, 1)).overdue


def test_the_breaks_stand_in_the_kind_of_year_of_the_measure():
    assert measure("merit_value", on=TODAY).breaks[0][0] == "2014/15"
    assert measure("survey_index_trygghet", on=TODAY).breaks[0][0] == "2018"


def test_the_list_holds_every_indicator_once():
    found = [i.id for _, some in listed() for i in some]
    assert sorted(found) == sorted(i.id for i in indicators())


def test_an_unknown_measure_is_refused():
    with pytest.raises(UsageError):
        measure("nothing", on=TODAY)


@pytest.mark.parametrize("subject", m.SUBJECTS)
@pytest.mark.parametrize("id", [m.GRADES, m.PASSING])
def test_every_subject_has_a_measure_with_a_name_and_a_gap_in_points(id, subject):
    what = m.measured(id, subject)
    assert m.subject_name(subject).sv in what.name.sv
    assert what.gap.unit in (Unit.POINTS, Unit.SHARE_POINTS)
    assert len(m.subject_short(subject).sv) <= 8


def test_money_is_written_in_crowns():
    assert m.measured(m.CROWNS).scale.unit is Unit.CROWNS


def test_a_form_that_is_none_of_ours_keeps_its_code():
    assert m.form_name("XX", TODAY) == Words("XX", "XX")
    assert m.form_name("GRAN", TODAY).sv == "Anpassad grundskola"
    assert m.group_name("programme:NA").sv == "programmet NA"


def test_an_unknown_subject_is_refused():
    with pytest.raises(UsageError):
        m.subject_name("Xx")
