"""Need at all units: every unit is there, in no order of need, and what is hidden is hidden in chart and table alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from likvard.disclosure.cells import Cell, CellKind
from likvard.disclosure.gate import release
from likvard.disclosure.publication import About, FigureKey, Publication, SourceRow, write
from likvard.figures.charts_need import COUNTRY, NeedOfAll, NeedRow
from likvard.figures.drawing.need import need_axis
from likvard.figures.files import svg
from likvard.figures.insight import measured as m
from likvard.figures.insight.needs import needs
from likvard.figures.insight.needs_of_all import INDEX, UNSEEN, needs_of_all
from likvard.figures.insight.reading import origin
from likvard.figures.insight.scope import Order
from likvard.figures.insight.unit import unit
from likvard.figures.measures import FigureError
from likvard.figures.pictures import picture
from likvard.figures.sentences import verdict
from likvard.figures.table import Kind
from likvard.terms import Audience, Language, Level

NEED = {"10000000": 62.0, "10000001": 180.0, "10000002": 140.0, "10000003": 95.0}


def _cells(own: str) -> Iterator[Cell]:
    for i, (code, value) in enumerate(NEED.items()):
        key = FigureKey(INDEX, area=code, year="2024")
        n = 4 if code == "10000003" else 300
        yield Cell(key, CellKind.ESTIMATE, value, n=n, low=value - 20, high=value + 22)
        yield Cell(key._replace(measure=UNSEEN), CellKind.ESTIMATE, 0.12 if i == 2 else 0.01, n=n)
        yield Cell(key._replace(measure=m.CROWNS, year="2025"), CellKind.ESTIMATE, 90_000.0 + 4_000 * (i != 1), n=n)
    key = FigureKey(m.CROWNS, level="organiser", area=own, year="2025")
    yield Cell(key, CellKind.ESTIMATE, 93_000.0, n=900, level=Level.ORGANISER)
    yield Cell(FigureKey(m.CROWNS, area="10000012", form="GY", year="2025"), CellKind.ESTIMATE, 123_000.0, n=500)
    yield Cell(
        FigureKey(INDEX, area="10000012", form="GY", year="2024"), CellKind.ESTIMATE, 88.0, n=500, low=80, high=97
    )


@pytest.fixture(scope="module")
def published(tmp_path_factory, scope):
    told = {"cohorts": [2022, 2023, 2024], "inputs": {k: {"year": 2024} for k in ("results", "background")}}
    told["calibration"] = {"slope": 1.02, "low": 0.9, "high": 1.1}
    facts = {
        "newest": {INDEX: 2024, UNSEEN: 2024, m.CROWNS: 2025, m.MERIT: 2024},
        "pooled": [2024],
        "need": {"GR": told},
    }
    parts = [
        (release(_cells(scope.organiser), audience=a, on=scope.on), scope.organiser, frozenset()) for a in Audience
    ]
    sources = {INDEX: SourceRow("Påhittat", "Invented", "2025", ("0001-made",))}
    path = tmp_path_factory.mktemp("need") / "small.sqlite"
    write(path, releases=parts, about=About("lake", "likvard", scope.on, synthetic=True, sources=sources, facts=facts))
    return Publication.open(path)


@pytest.fixture(scope="module")
def made(published, scope):
    return needs_of_all(published, replace(scope, audience=Audience.PUBLIC), list(scope.units.values()))


def test_units_stand_by_area_and_name_and_never_by_need(made):
    names = [row.head.sv for row in made.table.rows]
    assert names == ["Albyskolan", "Dalskolan", "Bergaskolan", "Ekviks gymnasium", "Ekåsskolan"]


def test_a_unit_too_small_to_be_shown_is_hidden_in_chart_and_table(made):
    small = next(row for row in made.chart.rows if row.name == "Ekåsskolan")
    assert small.need.value is None
    drawn = [r for _, rows in picture(made, Language.SV).groups for r in rows if r.name == "Ekåsskolan"]
    assert drawn[0].drawing is None
    assert drawn[0].instead


def test_the_sentences_tell_of_need_that_gets_less_money(made):
    told = " ".join(words.sv for words in verdict(made.kind, made.facts))
    assert "Behovet går från 62 till 180 i fyra skolor, där 100 är riket." in told
    assert "Två skolor har ett behov säkert över 100" in told
    assert "En av dem får mindre pengar per elev än huvudmannens genomsnitt: Bergaskolan" in told
    assert "I en skola saknas bakgrund för minst var tionde elev" in told


def test_money_and_results_stand_beside_need(made):
    assert [c.kind for c in made.table.columns].count(Kind.INTERVAL) == 2
    row = next(r for _, rows in picture(made, Language.SV).groups for r in rows if r.name == "Bergaskolan")
    assert row.distance == "180"
    assert row.expected.startswith("90")


def test_the_page_says_how_old_the_inputs_are_and_whether_the_model_held(made):
    told = {e.term.sv: e.text.sv for e in made.method}["Hur gammalt det är"]
    assert "2024/25" in told
    assert "stämde det." in told


def test_the_countrys_hundred_is_on_the_axis_even_where_all_lie_above(made):
    rows = tuple(r for r in made.chart.rows if r.need is not None and r.need.low is not None and r.need.low > COUNTRY)
    axis = need_axis(replace(made.chart, rows=rows))
    assert axis.low <= COUNTRY < axis.high


def test_the_needs_map_orders_by_the_index_where_there_is_one(published, scope):
    told = needs(published, scope, list(scope.units.values()), Order.NEED)
    assert [row.unit.name for row in told.rows][:3] == ["Bergaskolan", "Dalskolan", "Ekviks gymnasium"]
    assert "behovsindex" in told.figure.method[-1].text.sv


def remark(published, scope, code, term):
    return next(fact.remark.sv for fact in unit(published, scope, code).facts if fact.term.sv == term)


def test_a_schools_page_tells_its_need_with_whose_pupils_are_100_and_how_sure_it_is(published, scope):
    assert remark(published, scope, "10000001", "Behov") == "2024/25 · 100 = riket · osäkerhet 160–202"


def test_a_school_is_held_beside_its_organisers_money_for_the_same_form_only(published, scope):
    assert scope.name in remark(published, scope, "10000001", "Kronor per elev")
    assert remark(published, scope, "10000012", "Kronor per elev") == "2025"


def test_what_is_not_told_beside_need_says_so_and_the_sign_is_explained(made):
    drawn = picture(made, Language.SV)
    assert {r.result for _, rows in drawn.groups for r in rows if r.drawing} == {"–"}
    assert ("–", "gäller inte här") in drawn.symbols


def test_a_form_that_is_asked_for_has_its_own_units_only(published, scope):
    upper = needs_of_all(published, scope, list(scope.units.values()), form="GY")
    told = {row.name: row for row in upper.chart.rows}
    assert told["Ekviks gymnasium"].need.value == 88
    assert told["Albyskolan"].need is None


def test_without_a_published_index_there_is_no_figure(publication, scope):
    assert needs_of_all(publication, scope, list(scope.units.values())) is None


def test_the_figure_can_be_had_as_a_picture_in_both_languages(made, published, scope):
    for language in Language:
        assert "180" in svg(made, language, origin(published, scope)).decode()


def test_a_row_needs_a_need_or_a_reason():
    with pytest.raises(FigureError, match="neither"):
        NeedRow(name="Alby", code="1")
    assert NeedOfAll((), *(m.measured(m.MERIT).scale,) * 4).rows == ()
