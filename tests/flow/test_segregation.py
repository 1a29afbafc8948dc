"""Segregation from a lake to what is published: country and places from what the public is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from likvard import simulate
from likvard.disclosure.cells import Cell, CellKind
from likvard.disclosure.gate import release
from likvard.disclosure.publication import FigureKey, Publication
from likvard.figures.insight import segregation as figures
from likvard.flow import publish, register
from likvard.flow import publish_segregation as made
from likvard.flow import segregation_lake as asked
from likvard.models.segregation import indices
from likvard.records.lake import Lake
from likvard.simulate import deliveries
from likvard.simulate.years import years
from likvard.terms import NATION, Audience, Level, Missing, Words

DAY = datetime(2026, 11, 21, tzinfo=UTC)
ON = date(2026, 11, 21)
SHARE = "share_foreign_background"
WHERE = {f"u{i}": ("0127" if i < 6 else "0126", "1" if i % 2 else "2") for i in range(9)}


# --- what is told of shares --------------------------------------------------------------------------------


def as_told(*told: tuple[float, str], sizes: float = 50) -> tuple[np.ndarray, ...]:
    nan = float("nan")
    rows = [(value, status, nan, nan) for value, status in told]
    return asked.as_told(rows, np.full(len(rows), sizes), np.zeros(len(rows), dtype=np.intp))


def test_a_share_is_turned_into_pupils() -> None:
    middle, low, high, hidden = as_told((0.3, ""), (0.5, ""))
    assert middle.tolist() == [[15, 35], [25, 25]]
    assert (low == middle).all()
    assert (high == middle).all()
    assert not hidden.any()


def test_a_hidden_share_is_in_the_middle_of_what_it_may_be_and_its_ends_are_least_and_most_segregated() -> None:
    middle, low, high, hidden = as_told((0.6, ""), (float("nan"), "few"))
    assert (middle[1, 0], low[1, 0], high[1, 0]) == (5, 9, 1)
    assert hidden.tolist() == [False, True]


def test_a_school_of_few_hides_no_more_pupils_than_it_has() -> None:
    middle, low, _, _ = as_told((0.6, ""), (float("nan"), "few"), sizes=4)
    assert (middle[1].sum(), low[1, 0]) == (4, 2)


# --- places tell nothing that the public does not know -----------------------------------------------------


def table(pupils: np.ndarray) -> asked.Mixed:
    return asked.made("foreign", "GR", 2024, "all", np.array(sorted(WHERE)), WHERE, pupils)


def seen(hidden: frozenset[str] = frozenset()) -> made.Seen:
    nan = float("nan")
    told = {
        u: (((nan, "few", nan, nan), None) if u in hidden else ((0.1 + 0.08 * i, "", nan, nan), 50))
        for i, u in enumerate(sorted(WHERE))
    }
    return {(SHARE, "GR", "2024"): told}


def of_places(pupils: np.ndarray, told: made.Seen) -> dict[tuple[str, ...], float | None]:
    found = made.Segregated((table(pupils),))
    cells = [*found.country(told, 0.0), *(cell for _, cells in found.organisers(told) for cell in cells)]
    return {cell.key: cell.value for cell in cells}


PUPILS = np.stack([np.arange(9) * 4 + 5, 45 - np.arange(9) * 4], axis=1).astype(float)


def test_whatever_a_hidden_school_holds_the_figures_of_its_places_are_the_same() -> None:
    told = seen(frozenset({"u1", "u4"}))
    first = of_places(PUPILS, told)
    other = PUPILS.copy()
    other[[1, 4]] = [[1, 49], [9, 41]]
    assert len(first) > 20
    assert of_places(other, told) == first


def a_country(units: int, pupils: int) -> asked.Mixed:
    """Units of equal size, every third with few of the group."""
    members = np.where(np.arange(units) % 3 == 0, 4, pupils // 3)
    where = {f"c{i:03d}": ("0127", str(i % 4)) for i in range(units)}
    counts = np.stack([members, pupils - members], axis=1).astype(float)
    return asked.made("foreign", "GR", 2024, "all", np.array(sorted(where)), where, counts)


def shown(table: asked.Mixed) -> made.Seen:
    nan = float("nan")
    told = {
        str(u): (((nan, "few", nan, nan), None) if n[0] < 10 else ((n[0] / n.sum(), "", nan, nan), int(n.sum())))
        for u, n in zip(table.unit, table.pupils, strict=True)
    }
    return {(SHARE, "GR", "2024"): told}


@pytest.mark.parametrize("pupils", [300, 3000])
def test_a_country_is_measured_on_what_is_shown(pupils: int) -> None:
    table = a_country(40, pupils)
    found, exact = made.told_of(table, shown(table))
    assert not exact
    assert found.hidden == 14
    assert (found.low.sum(axis=0) != table.pupils.sum(axis=0)).any()


def test_a_country_of_which_nothing_is_told_needs_twenty_units_and_is_told_in_hundredths_without_its_parts() -> None:
    assert made.told_of(a_country(19, 300), {}) is None
    cells = list(made.Segregated((a_country(20, 300),)).country({}, 0.0))
    assert {FigureKey(*c.key).aspect for c in cells} == {"observed", "expected", "corrected"}
    assert [c.value for c in cells] == [round(c.value, 2) for c in cells]
    assert {c.n for c in cells} == {6000}


def test_a_municipality_of_which_two_schools_are_told_is_not_shown() -> None:
    told = seen()
    for unit in ("u6",):
        del told[SHARE, "GR", "2024"][unit]
    areas = {FigureKey(*key).area for key in of_places(PUPILS, told) if FigureKey(*key).level == "municipality"}
    assert areas == {"0127"}


def test_a_municipality_with_one_group_has_no_figure() -> None:
    told = seen()
    nobody = ((0.0, "", float("nan"), float("nan")), 50)
    told[SHARE, "GR", "2024"] |= {unit: nobody for unit, (place, _) in WHERE.items() if place == "0126"}
    areas = {FigureKey(*key).area for key in of_places(PUPILS, told) if FigureKey(*key).level == "municipality"}
    assert areas == {"0127"}


def test_hidden_schools_give_bounds_and_shown_ones_none() -> None:
    found = made.Segregated((table(PUPILS),))
    key = FigureKey(made.H, "observed", "foreign", "all", "municipality", "0127", "GR", "2024")
    plain, hidden = ({c.key: c for c in found.country(told, 0.0)}[key] for told in (seen(), seen(frozenset({"u1"}))))
    assert (plain.low, plain.high) == (None, None)
    assert hidden.low < hidden.value < hidden.high


def test_only_what_the_public_is_shown_of_units_is_kept() -> None:
    cells = [
        Cell(FigureKey(SHARE, "observed", area="99000001", form="GR", year="2024"), CellKind.SHARE, 0.4, n=50),
        Cell(FigureKey(SHARE, "observed", area="99000002", form="GR", year="2024"), CellKind.SHARE, 0.02, n=50),
        Cell(
            FigureKey(SHARE, "observed", group="girls", area="99000001", form="GR", year="2024"),
            CellKind.SHARE,
            0.4,
            n=50,
        ),
    ]
    kept: made.Seen = {}
    made.take(kept, release(cells, audience=Audience.PUBLIC, on=ON))
    told = kept[SHARE, "GR", "2024"]
    assert told["99000001"] == (
        (0.4, "", pytest.approx(float("nan"), nan_ok=True), pytest.approx(float("nan"), nan_ok=True)),
        50,
    )
    assert told["99000002"][0][1] == Missing.FEW


def test_results_between_schools_use_the_year_befores_pupils_where_a_years_are_not_told() -> None:
    nan = float("nan")
    units = {f"u{i}": ((200.0 + 10 * i, "", nan, nan), 60) for i in range(8)}
    later = {u: (told, None) for u, (told, _) in units.items()}
    told: made.Seen = {("merit_value", "GR", "2023"): units, ("merit_value", "GR", "2024"): later}
    cells = {FigureKey(*c.key): c for c in made.Segregated((table(PUPILS),)).country(told, 60.0)}
    found = [c.value for k, c in cells.items() if k.measure == made.RESULTS and k.level == "nation"]
    assert found[0] == pytest.approx(found[1])
    sd = np.std([200.0 + 10 * i for i in range(8)], ddof=0)
    assert found[0] == pytest.approx((sd**2 - 60**2 / 60) / (sd**2 - 60**2 / 60 + 60**2), rel=0.2)
    assert {k.area for k in cells if k.measure == made.RESULTS} == {NATION, "0127"}


def test_results_are_divided_by_what_pupils_differ_and_chance_is_what_means_move() -> None:
    nan = float("nan")
    units = {f"u{i}": ((200.0 + 10 * i, "", nan, nan), 60) for i in range(8)}
    told: made.Seen = {("merit_value", "GR", "2023"): units}
    share = {
        of: next(c.value for c in made.Segregated().country(told, 70.0, of) if FigureKey(*c.key).level == "nation")
        for of in (70.0, 60.0)
    }
    between = np.var([200.0 + 10 * i for i in range(8)]) - 70**2 * 7 / 480
    assert share == pytest.approx({of: between / (between + of**2) for of in share})


# --- from published statistics -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def publication(lake: Path) -> Iterator[Publication]:
    with closing(Publication.open(publish.publish(lake, on=ON, at=DAY))) as opened:
        yield opened


def test_the_countrys_index_is_that_of_the_published_shares(publication: Publication, lake: Path) -> None:
    with Lake.open(lake).connect() as con:
        tables = asked.mixed(con, register.read(con))
    newest = next(t for t in tables if (t.subject, t.frame, t.year) == ("foreign", "all", 2023))
    assert (len(newest.unit), newest.hidden) == (60, 1)
    told = publication.cells(
        Audience.PUBLIC, measure=made.H, subject="foreign", group="all", level="nation", years=[2023]
    )
    by = {key.aspect: one.cell for key, one in told.items()}
    assert by["observed"].value == pytest.approx(indices(newest.counts).h)
    assert by["observed"].low < by["observed"].value < by["observed"].high
    assert by["corrected"].value < by["observed"].value
    whole = sum(by[f"between_{level}"].value for level in ("municipality", "organiser", "unit"))
    assert whole == pytest.approx(by["corrected"].value)
    assert sum(by[f"share_{level}"].value for level in ("municipality", "organiser", "unit")) == pytest.approx(1)


def test_the_parts_of_the_change_add_up(publication: Publication) -> None:
    told = publication.cells(Audience.PUBLIC, measure=made.CHANGE, subject="foreign", group="all")
    by = {key.aspect: one.cell.value for key, one in told.items()}
    assert sum(by[part] for part in made.PARTS) == pytest.approx(by["after"] - by["before"], abs=1e-9)


def test_every_organiser_and_municipality_has_its_figures_where_they_belong(publication: Publication) -> None:
    own = publication.cells(
        Audience.ORGANISER, measure=made.H, organiser="2120002882", aspect="corrected", years=[2023]
    )
    assert {key.area for key in own} == {"2120002882"}
    place = publication.get(
        Audience.PUBLIC, FigureKey(made.H, "corrected", "foreign", "all", "municipality", "0127", "GR", "2023")
    )
    assert place is not None
    assert place.cell.low < place.cell.value < place.cell.high


def test_what_is_of_places_as_wholes_has_no_mean(publication: Publication) -> None:
    assert publication.cells(Audience.PUBLIC, measure=list(made.MEASURES), aspect="mean") == {}


def test_the_facts_say_which_years_and_units(publication: Publication) -> None:
    frames = publication.facts["segregation"]["foreign"]["frames"]
    assert frames["GR/all"] == {"years": [2021, 2022, 2023], "since": 2021, "hidden": 1}
    assert publication.facts["segregation"]["foreign"]["places"]["units"] == 60
    assert publication.sources[made.H] == publication.sources[SHARE]


def test_the_chapter_of_the_country_and_of_a_municipality_can_be_drawn(publication: Publication) -> None:
    ids = [figure.id for figure in figures.chapter(publication, Audience.PUBLIC)]
    assert ids[0] == "segregation-over-time"
    assert {"segregation-meeting-foreign", "segregation-change", "results-between"} <= set(ids)
    place = figures.Area(Level.MUNICIPALITY, "0127", Words("Botkyrka", "Botkyrka"))
    first = figures.chapter(publication, Audience.PUBLIC, place)[0]
    assert "Botkyrka" in first.subtitle.sv
    assert len(first.chart.comparisons) == 1


# --- from pupils' records ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = simulate.Settings(seed=5, municipalities=1, first_year=2023, years=2)
    path = tmp_path_factory.mktemp("segregation") / "lake"
    made_lake = Lake.open(path, create=True)
    for found in years(settings):  # register and pupils only
        for subject, scope, tables in islice(deliveries._parts(settings, found, {}), 2):
            made_lake.deliver(deliveries._reading(settings, subject, scope, tables), at=DAY)
    return path


def test_records_are_counted_pupil_by_pupil(records: Path) -> None:
    with Lake.open(records).connect() as con:
        tables = asked.mixed(con, register.read(con))
        n = con.execute(
            "select count(distinct pupil_id) from enrolment join pupil using (pupil_id, school_year) "
            "where school_form = 'GR' and school_year = 2024 and foreign_background is not null"
        ).fetchone()[0]
    newest = next(t for t in tables if (t.subject, t.form, t.year) == ("foreign", "GR", 2024))
    assert newest.pupils.sum() == n
    assert {t.form for t in tables} == {"FSK", "FKLASS", "GR", "GY"}
    assert newest.hidden == 0


def test_the_country_is_measured_on_records_and_a_place_only_on_what_is_shown(records: Path) -> None:
    with Lake.open(records).connect() as con:
        found = made.published_segregation(con, register.read(con))
    assert {FigureKey(*cell.key).level for cell in found.country({}, 0.0)} == {"nation"}
    assert list(found.organisers({})) == []
