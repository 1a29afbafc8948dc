"""The chapter on segregation: what its sentences say, and what they do not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.figures.insight.segregated import publication as made_of

from likvard.disclosure.publication import Publication
from likvard.figures import files
from likvard.figures.charts import Line, Trend
from likvard.figures.figure import Figure
from likvard.figures.insight import segregation as s
from likvard.figures.twins import twin
from likvard.figures.views import table_view
from likvard.terms import Audience, Language, Level, SchoolYear, Words

BOTKYRKA = s.Area(Level.MUNICIPALITY, "0127", Words("Botkyrka", "Botkyrka"))
NAMES = {"0127": "Botkyrka", "0126": "Ådala"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publication]:
    with closing(made_of(tmp_path_factory.mktemp("segregation") / "a.sqlite")) as opened:
        yield opened


@pytest.fixture(scope="module")
def country(made: Publication) -> dict[str, Figure]:
    return {figure.id: figure for figure in s.page(made, Audience.PUBLIC, names=NAMES).figures}


def says(figure: Figure, language: Language = Language.SV) -> str:
    found = figure.facts["says"]
    assert isinstance(found, Words)
    return found[language].replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("places", "name"),
    [
        ((290, 1100, 4700), "Landet"),
        ((8, 23, 117), "Skolorna i underlaget (8 kommuner, 23 huvudmän)"),
        ((1, 3, 12), "Skolorna i underlaget (en kommun, 3 huvudmän)"),
        ((1, 1, 7), "Huvudmannens egna skolor"),
    ],
)
def test_the_country_is_said_of_a_country_only(tmp_path: Path, places: tuple[int, int, int], name: str) -> None:
    reach = dict(zip(("municipalities", "organisers", "units"), places, strict=True))
    with closing(made_of(tmp_path / "a.sqlite", reach)) as made:
        page = s.page(made, Audience.PUBLIC, names=NAMES)
        assert page.about.sv == name
        assert page.figures[0].subtitle.sv.startswith(name)
        place = {figure.id: figure for figure in s.chapter(made, Audience.PUBLIC, BOTKYRKA)}
    (beside,) = place["segregation-over-time"].chart.comparisons
    assert beside.label.sv == f"{name.split(' (')[0].lower()}, utländsk bakgrund"


def test_a_change_is_said_only_where_it_is_clear_of_chance(country: dict[str, Figure]) -> None:
    told = says(country["segregation-over-time"])
    assert "efter utländsk bakgrund är **16,0 %** 2024/25" in told
    assert "Den har **minskat** sedan 2020/21; skillnaden är säkerställd." in told
    assert "Det går inte att säga att den har ändrats" in told
    assert "Att lotta eleverna hade gett 0,3 %." in told


def test_the_same_is_said_in_english(country: dict[str, Figure]) -> None:
    told = says(country["segregation-over-time"], Language.EN)
    assert "by foreign background is **16.0%** in 2024/25" in told
    assert "It has **fallen** since 2020/21; the difference is clear of chance." in told


def test_whom_pupils_meet_is_told_from_a_pupils_point_of_view(country: dict[str, Figure]) -> None:
    told = says(country["segregation-meeting-foreign"])
    assert told == (
        "En elev med utländsk bakgrund går i genomsnitt i en skola där **50 %** av eleverna också har det. "
        "För övriga elever är det **20 %**."
    )


def test_levels_add_up_to_the_whole(country: dict[str, Figure]) -> None:
    bar = country["segregation-levels"].chart.bars[0]
    assert sum(share.value for share in bar.shares) == pytest.approx(1)
    assert "**60 %** mellan skolor hos samma huvudman" in says(country["segregation-levels"])


def test_the_change_tells_the_groups_size_and_the_mixing_apart(country: dict[str, Figure]) -> None:
    figure = country["segregation-change"]
    assert [row.head.en for row in figure.table.rows][::6] == ["First year", "Last year"]
    assert "från **0,100** 2020/21 till **0,080** 2024/25" in says(figure)
    assert "blandade på ett annat sätt ger **−0,020**" in says(figure)


def test_municipalities_stand_by_name(country: dict[str, Figure]) -> None:
    rows = country["segregation-by-municipality"].table.rows
    assert [row.head.sv for row in rows] == ["Botkyrka", "Ådala"]


def test_a_municipality_stands_beside_the_country_and_has_no_table_of_others(made: Publication) -> None:
    found = s.page(made, Audience.PUBLIC, BOTKYRKA, names=NAMES)
    assert found.about.sv == "Botkyrka"
    assert {figure.id for figure in found.figures} == {
        *("segregation-over-time", "segregation-meeting-foreign", "segregation-meeting-education", "results-between"),
    }
    assert found.figures[0].chart.comparisons[0].label.sv == "landet, utländsk bakgrund"


def test_the_sentence_has_the_same_doubt_as_the_table_also_below_nought(demo) -> None:
    gate, years = demo.Gate(), (2023, 2024)
    cells = {("corrected", "foreign", "all", year): gate(0.026, low=-0.023, high=0.076) for year in years}
    line = Line(Words("Gullvik", "Gullvik"), tuple(cells.values()))
    table = twin(Trend(s.INDEX, tuple(SchoolYear(year) for year in years), (line,)), Words("x", "x"))
    doubt = [row.cells[1].text for _, rows in table_view(table, Language.SV).groups for row in rows][-1]
    assert f"(osäkerhet {doubt})" in s._told(cells, "foreign", "all", years).sv


def test_nothing_published_is_no_figure(made: Publication) -> None:
    nowhere = s.Area(Level.MUNICIPALITY, "0180", Words("Stockholm", "Stockholm"))
    assert s.page(made, Audience.PUBLIC, nowhere, names=NAMES).figures == ()
    assert s.page(made, Audience.PUBLIC, names=NAMES, form="GY").figures == ()


def test_no_sentence_says_cause_or_mark(country: dict[str, Figure]) -> None:
    words = " ".join(says(figure, language) for figure in country.values() for language in Language).lower()
    for word in ("signifikant", "significant", "bäst", "sämst", "best", "worst", "beror på", "because"):
        assert word not in words


def test_every_figure_can_be_had_as_a_file(country: dict[str, Figure]) -> None:
    for figure in country.values():
        assert "csv" in files.endings(figure)


def test_schools_with_year_9_are_taken_where_they_have_more_years(made: Publication) -> None:
    cells = {
        ("corrected", "foreign", frame, year): None
        for frame, years in (("all", (2023,)), ("year_9", (2022, 2023)))
        for year in years
    }
    assert s.frame_of(cells, "foreign") == "year_9"
    assert s.frame_of({key: cell for key, cell in cells.items() if key[3] == 2023}, "foreign") == "all"
