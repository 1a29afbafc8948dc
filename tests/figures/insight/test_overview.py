"""The overview: every unit on one page, never in an order by result, changes only within the false-alarm budget."""

from __future__ import annotations

from dataclasses import replace

import pytest

from likvard.figures.insight import measured as m
from likvard.figures.insight.needs import Direction
from likvard.figures.insight.overview import overview
from likvard.figures.insight.scope import Order
from likvard.terms import Audience, Missing


@pytest.fixture(scope="module")
def page(publication, scope):
    return overview(publication, scope)


def names(page):
    return [row.unit.name for row in page.needs.rows]


def test_every_school_stands_on_the_page_by_area_and_name(page):
    assert names(page)[:5] == ["Albyskolan", "Dalskolan", "Forsskolan", "Hultskolan", "Mellanskolan"]
    assert [row.unit.area for row in page.needs.rows] == sorted(row.unit.area for row in page.needs.rows)


def test_by_name_the_swedish_letters_come_last(publication, scope):
    assert names(overview(publication, scope, order=Order.NAME))[-1] == "Åsenskolan"


def test_by_need_the_school_with_the_lowest_share_of_educated_parents_comes_first_and_the_unknown_last(
    publication, scope
):
    found = names(overview(publication, scope, order=Order.NEED))
    assert found[:2] == ["Åsenskolan", "Hultskolan"]
    assert set(found[8:]) == {"Mellanskolan", "Särviken", "Ekviks gymnasium"}


def test_no_order_goes_by_result(page):
    assert [choice.value for choice in page.orders] == ["area", "name", "need"]


def test_a_preschool_is_counted_and_not_silently_left_out(publication, scope, page):
    assert "Förskolan Eken" not in names(page)
    assert page.left_out.sv.startswith("1\u00a0enhet är inte med")
    assert "Förskolan Eken" in names(overview(publication, scope, form="all"))


def test_a_form_and_an_area_narrow_the_page_and_unknown_ones_do_not(publication, scope, page):
    assert names(overview(publication, scope, form="GRAN")) == ["Särviken"]
    assert len(names(overview(publication, scope, area="Norr"))) == 5
    assert names(overview(publication, scope, form="XX", area="Väster")) == names(page)


def test_each_unit_without_a_distance_says_why(page):
    why = {row.unit.name: row.instead.sv for row in page.needs.rows if row.difference is None}
    assert why == {
        "Mellanskolan": "Har ingen årskurs 9",
        "Särviken": "Följs med egna kriterier",
        "Ekviks gymnasium": "Gymnasieskola: har inget väntat meritvärde",
    }


def test_an_arrow_stands_only_where_the_change_survives_the_budget(page):
    merit = next(i for i, column in enumerate(page.needs.columns) if column.id == m.MERIT)
    found = {row.unit.name: row.cells[merit].direction for row in page.needs.rows}
    assert found.pop("Bergaskolan") is Direction.UP
    assert set(found.values()) == {None}


def test_an_upper_secondary_school_has_its_own_survey_in_the_same_column(page):
    safety = next(i for i, column in enumerate(page.needs.columns) if column.id == m.SAFETY)
    found = next(row for row in page.needs.rows if row.unit.name == "Ekviks gymnasium")
    assert found.cells[safety].cell.value == 7.7


def test_a_hidden_newest_value_is_never_replaced_by_an_older_one(page):
    told = [c for row in page.needs.rows for c in row.cells if c.period is not None]
    assert {c.period for c in told} == {2024}
    assert all(c.cell.value is not None for c in told)
    adapted = next(row for row in page.needs.rows if row.unit.name == "Särviken")
    assert [c.cell.missing for c in adapted.cells if c.cell is not None] == [Missing.NOT_REPORTED]


def test_a_column_that_no_shown_unit_has_is_left_out(publication, scope, page):
    assert m.DIPLOMA in {column.id for column in page.needs.columns}
    compulsory = overview(publication, scope, form="GR").needs
    assert m.DIPLOMA not in {column.id for column in compulsory.columns}


def test_what_changed_is_told_with_the_number_of_tests_and_false_alarms(page):
    assert [(c.unit.name, c.what.sv) for c in page.changes.items] == [
        ("Albyskolan", "Trygghet"),
        ("Dalskolan", "Betygspoäng i matematik, flickor,"),
        ("Bergaskolan", "Meritvärde"),
    ]
    said = " ".join(words.en for words in page.changes.verdict)
    assert "4,500 tests" in said
    assert "one in 20" in said


def test_where_nothing_changed_that_is_said(publication, scope, units):
    few = replace(scope, units={"10000004": units["10000004"]})
    found = overview(publication, few).changes
    assert found.items == ()
    assert found.verdict[0].sv == "Ingen ändring sedan året före är säkerställd här."


def test_the_lead_counts_the_schools_that_differ(page):
    assert page.lead[0].sv == (
        "Av åtta skolor ligger **en säkert under** det väntade och **en säkert över**, med de elever de har."
    )


def test_a_hidden_year_leaves_a_hole_in_the_curve_of_its_school(page):
    curves = next(figure for figure in page.figures if figure.id == "school-by-school")
    panel = next(p for p in curves.chart.panels if p.school.name == "Ekåsskolan")
    assert [cell.value is None for cell in panel.own] == [year == 2020 for year in range(2017, 2025)]


def test_the_public_sees_no_more_than_the_organiser(publication, scope, page):
    public = overview(publication, replace(scope, audience=Audience.PUBLIC))
    for outside, inside in zip(public.needs.rows, page.needs.rows, strict=True):
        for seen, own in zip(outside.cells, inside.cells, strict=True):
            if seen.cell is not None and seen.cell.value is not None:
                assert own.cell.value == seen.cell.value


def test_an_organiser_without_figures_still_has_a_page(publication, scope):
    nobody = overview(publication, replace(scope, organiser="9900000009"))
    assert len(nobody.needs.rows) == len(nobody.needs.figure.table.rows) == 11
    assert nobody.needs.chart is None
    assert nobody.figures == ()


def test_a_change_of_a_measure_that_nobody_defines_is_not_told(page):
    assert all("another" not in change.what.en for change in page.changes.items)


def test_a_change_in_one_subject_and_group_says_which(page):
    told = next(c for c in page.changes.items if c.unit.name == "Dalskolan")
    assert told.text.sv.startswith("Betygspoäng i matematik, flickor, har **ökat** med 1,5\u00a0poäng sedan läsåret")


def test_where_no_change_has_been_tested_that_is_said(publication, scope, monkeypatch):
    monkeypatch.setattr(publication, "facts", {**publication.facts, "changes": {}})
    few = replace(scope, units={"10000004": scope.units["10000004"]})
    assert overview(publication, few).changes.verdict[0].en.startswith("No change has been tested yet")
