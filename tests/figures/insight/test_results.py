"""The results page: any choice gives a page, what cannot be shown says why, nothing is counted from hidden cells."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

import pytest

from likvard.figures.insight import measured as m
from likvard.figures.insight.results import results
from likvard.figures.insight.scope import Compare
from likvard.figures.sentences import marked, verdict
from likvard.terms import Audience


@pytest.fixture(scope="module")
def page(publication, scope):
    return results(publication, scope)


def said(figure):
    return " ".join(words.sv for words in verdict(figure.kind, figure.facts))


def chosen(choices):
    return next(choice.value for choice in choices if choice.chosen)


def test_the_page_opens_with_merit_the_newest_year_and_girls_and_boys(page):
    found = page.choices
    assert [chosen(c) for c in (found.subjects, found.measures, found.years, found.splits)] == [
        "",
        m.MERIT,
        "2024",
        "girls-boys",
    ]


def test_a_choice_that_does_not_exist_falls_back_to_one_that_does(publication, scope, page):
    asked = results(publication, scope, subject="Xx", year=1900, measure="none", split="a-b")
    assert asked.choices == page.choices


def test_the_gap_says_how_large_it_is_and_that_it_has_grown(page):
    assert "Gapet är 24\u00a0meritpoäng" in said(page.gap)
    assert "vuxit med 9\u00a0meritpoäng" in said(page.gap)


def test_a_gap_that_its_interval_does_not_carry_is_not_claimed(publication, scope):
    small = results(publication, scope, split="swedish-foreign").gap
    assert "Det går inte att säga att grupperna skiljer sig" in said(small)


def test_an_earlier_year_ends_the_gap_there(publication, scope):
    earlier = results(publication, scope, year=2021)
    assert earlier.gap.chart.periods[-1].start == 2021
    assert "change" not in earlier.gap.facts


def test_the_limits_of_the_funnel_come_from_the_released_centre_and_the_published_spread(page):
    chart = page.funnel.chart
    inner, outer = chart.limits
    at = outer.size[10]
    assert outer.high[10] == pytest.approx(226 + 3.0902 * 55 / at**0.5, abs=1e-3)
    assert inner.low[10] == pytest.approx(226 - 1.95996 * 55 / at**0.5, abs=1e-3)
    for school, cell in chart.points:
        clear = abs(cell.value - 226) > 3.090232 * 55 / cell.n**0.5
        assert (school.code in chart.outside) is clear


def test_the_expected_names_every_unit_that_the_measure_is_about_and_counts_the_rest(page):
    rows = {row.school.name for row in page.expected.chart.rows}
    assert "Särviken" in rows
    assert "Ekviks gymnasium" not in rows
    assert page.expected.notes[0].sv == "3\u00a0enheter är inte med: måttet gäller inte där."


def test_the_heat_table_tints_only_what_survived_the_budget(page):
    kept = {row.school.name: len(row.kept) for row in page.heat.chart.rows if row.kept}
    assert kept == {"Albyskolan": 3, "Bergaskolan": 3}
    assert [s.short.sv for s in page.heat.chart.subjects] == ["En", "Ma", "Sv"]


def test_the_variance_is_told_of_schools_of_the_same_organiser(page):
    assert "16\u00a0%** mellan skolor" in " ".join(w.sv for w in marked(page.variance.kind, page.variance.facts))


def test_what_cannot_be_shown_says_why(publication, scope):
    page = results(publication, scope, subject="Ma")
    assert page.gap is None
    assert page.variance is None
    assert set(page.empty) == {"gap", "variance"}
    assert page.choices.measures[0].value == m.GRADES


def test_similar_schools_are_of_the_same_form_and_kind_and_near_in_intake(publication, scope, others):
    found = results(publication, scope, compare=Compare("10000002", others=others)).comparison
    assert len(found.units) >= 3
    assert {unit.kind for unit in found.units} == {"municipal"}
    shares = found.criteria[0]
    assert shares.low <= shares.own.value <= shares.high
    assert found.figure.chart.spreads[-1].own[0][0].name == "Dalskolan"
    assert len(found.figure.chart.spreads[-1].rest) == len(found.units)


def test_a_group_of_ones_own_is_taken_as_it_is_without_codes_that_do_not_exist(publication, scope, others):
    asked = Compare("10000002", ("20000001", "20000001", "nothing", "10000002"), others)
    found = results(publication, scope, compare=asked).comparison
    assert [unit.code for unit in found.units] == ["20000001"]
    assert found.own_group


def test_nobody_is_compared_where_nobody_is_similar(publication, scope, others):
    found = results(publication, scope, compare=Compare("10000012", others=others)).comparison
    assert found.units == ()
    assert found.figure is None
    assert found.how.sv.startswith("Inga andra skolor")


def test_the_others_are_compared_as_the_public_sees_them(publication, scope, others):
    found = results(publication, scope, compare=Compare("10000002", others=others)).comparison
    public = publication.cells(Audience.PUBLIC, measure=m.MERIT, aspect="observed", level="unit")
    values = {(key.year, p.cell.value) for key, p in public.items()}
    for spread in found.figure.chart.spreads:
        assert {(str(spread.period.start), cell.value) for cell in spread.rest} <= values


def test_an_organiser_without_figures_has_a_page_of_reasons(publication, scope):
    page = results(publication, replace(scope, organiser="9900000009"), compare=Compare())
    assert set(page.empty) == {"gap", "funnel", "expected", "heat"}
    assert page.comparison is None


def test_every_compared_school_stands_by_name_in_the_table_with_the_same_cells_as_the_chart(publication, scope, others):
    figure = results(publication, scope, compare=Compare("10000002", others=others)).comparison.figure
    in_table = [e for row in figure.table.rows for e in row.entries if e is not None and e.value is not None]
    in_chart = [c for s in figure.chart.spreads for c in (*(c for _, c in s.own), *s.rest) if c.value is not None]
    assert sorted(c.key for c in in_table) == sorted(c.key for c in in_chart)
    assert figure.table.rows[0].head.sv == "Dalskolan"
    assert "De sex andra går från" in said(figure)


def test_an_upper_secondary_school_stands_programme_by_programme_and_a_small_one_is_hidden(publication, scope):
    page = results(publication, scope, measure=m.DIPLOMA)
    table = page.programmes.table
    assert [column.heading.sv for column in table.columns] == ["Alla program", "Naturvetenskap", "Samhällsvetenskap"]
    (row,) = table.rows
    assert [None if cell is None else cell.value for cell in row.entries] == [0.7, 0.8, None]
    assert row.entries[2].reason.sv == "för få elever"


def test_an_organiser_of_upper_secondary_schools_only_opens_with_diplomas(publication, scope, units):
    alone = replace(scope, units={"10000012": units["10000012"]})
    assert chosen(results(publication, alone).choices.measures) == m.DIPLOMA


def test_the_funnel_goes_back_to_the_newest_year_whose_numbers_of_pupils_are_known(publication, scope, monkeypatch):
    whole = publication.cells

    def without_sizes(audience, **asked):
        found = whole(audience, **asked)
        return {k: replace(p, cell=sizeless(p.cell)) if k.year == "2024" else p for k, p in found.items()}

    monkeypatch.setattr(publication, "cells", without_sizes)
    assert results(publication, scope).funnel.subtitle.sv.startswith("Genomsnittligt meritvärde, årskurs 9, 2023/24")


def sizeless(cell):
    bare = copy(cell)
    object.__setattr__(bare, "n", None)
    return bare


def test_where_neither_gap_nor_funnel_is_told_the_page_opens_with_how_schools_lie_to_the_expected(publication, scope):
    one = replace(scope, organiser=None, units={"10000000": scope.units["10000000"]})
    page = results(publication, one)
    assert (page.gap, page.funnel) == (None, None)
    assert page.lead[0].sv == "Skolan ligger **säkert under** det väntade, med de elever den har."
