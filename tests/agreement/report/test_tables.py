"""The tables of schools and the map: what the files say, read again and chosen by the strictest of them."""

from __future__ import annotations

import pytest

EXACT = 6e-7  # published numbers: nothing but the six decimals may differ
SCHOOLS = (
    "pupils_year_9",
    "share_parents_tertiary",
    "merit_value",
    "share_all_subjects_year_9",
    "share_eligible_vocational",
    "share_certified_teachers",
)
SURVEY = (
    "survey_answers",
    "survey_index_trygghet",
    "survey_index_studiero",
    "survey_index_forhindra_krankningar",
)


def newest(opened, measure, units):
    """The last year in which any of these schools has a number."""
    years = [
        year
        for name, unit, year in opened.figures
        if name == measure and unit in units and opened.said(name, unit, year).value is not None
    ]
    return max(years)


def entry(opened, measure, unit, year, cell):
    said = opened.said(measure, unit, year)
    if said is None:
        return cell(missing="not_collected")
    low, high = said.near_all or (None, None)
    return cell(said.value, low, high, None if said.base is None else round(said.base), said.status or None)


@pytest.fixture(scope="module")
def schools(opened, area, own, cell):
    """The newest year of each measure, for every school of which anything but "missing" is said in one of them.

    The merit value of a school that also stands in other figures carries the pupils and the interval told there.
    """
    years = {measure: newest(opened, measure, set(area)) for measure in SCHOOLS}
    said = {code: [opened.said(m, code, year) for m, year in years.items()] for code in area}
    listed = [code for code in area if any(s is not None and s.status != "unavailable" for s in said[code])]
    rows = {code: [entry(opened, m, code, year, cell) for m, year in years.items()] for code in listed}
    for code in listed:
        rows[code][2] = own.get((code, years["merit_value"]), rows[code][2])
    return years, rows


def test_schools_table_agrees_in_every_cell(agree, schools):
    agree("schools-table", schools[1], EXACT)


def test_the_headings_of_the_schools_table_name_the_newest_year_of_each_measure(figures, schools, school_year):
    headings = [column["heading"]["en"] for column in figures["schools-table"]["table"]["columns"]]
    assert [heading.rsplit(", ", 1)[1] for heading in headings] == [school_year(year) for year in schools[0].values()]


def test_the_sentence_of_the_schools_table_counts_schools_and_hidden_cells(figures, schools, numbers):
    rows = schools[1].values()
    hidden = sum(c.value is None for row in rows for c in row)
    told = [number for s in figures["schools-table"]["sentences"] for number in numbers(s["en"])]
    assert told == [str(len(rows)), str(hidden)]


@pytest.fixture(scope="module")
def survey(opened, now, cell):
    """The newest round in which any school of the area took part, and those that did."""
    years = {measure: newest(opened, measure, set(now)) for measure in SURVEY}
    took_part = [code for code in now if any(opened.said(m, code, year) for m, year in years.items())]
    return years, {code: [entry(opened, m, code, year, cell) for m, year in years.items()] for code in took_part}


def test_safety_table_agrees_in_every_cell(agree, survey):
    agree("safety-table", survey[1], EXACT)


def test_the_safety_table_names_its_round_and_counts_those_who_took_no_part(figures, survey, now, numbers):
    years, rows = survey
    headings = [column["heading"]["en"] for column in figures["safety-table"]["table"]["columns"]]
    assert [heading.rsplit(", ", 1)[1] for heading in headings] == [str(year) for year in years.values()]
    assert numbers(figures["safety-table"]["notes"][-1]["en"])[0] == str(len(now) - len(rows))
    assert numbers(figures["safety-table"]["sentences"][0]["en"]) == [str(len(rows))]


def test_the_map_s_table_names_the_municipality_alone(agree, opened, figures, cell):
    agree("map", {"0127": [cell(words=True), {"sv": "0127", "en": "0127"}]}, 0)
    assert figures["map"]["table"]["rows"][0]["head"]["sv"] == opened.outlines["0127"][0]


def test_the_map_draws_every_municipality_of_the_county_with_the_outlines_of_the_file(drawn, opened):
    chart = drawn["map"].chart
    assert chart.chosen == "0127"
    assert chart.compared == frozenset()
    county = {code: shape for code, shape in opened.outlines.items() if code.startswith("01")}
    assert {o.code: (o.name, [[list(p) for p in ring] for ring in o.rings]) for o in chart.outlines} == county
