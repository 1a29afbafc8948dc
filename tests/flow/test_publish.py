"""From pupils' records to a publication: what it holds, for whom, and what it never tells."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from likvard import simulate
from likvard.disclosure import Cell, CellKind, Key
from likvard.disclosure.publication import FigureKey, Publication, Published
from likvard.flow import area, publish, pupils
from likvard.flow.publish_matter import matter
from likvard.flow.publish_sheet import Sheet
from likvard.flow.register import register
from likvard.records.lake import Lake
from likvard.terms import Audience, DisclosureError, Missing, UsageError

DAY = datetime(2026, 11, 21, tzinfo=UTC)
ON = date(2026, 11, 21)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pupils") / "lake"
    made = Lake.open(path, create=True)
    for reading in simulate.readings(simulate.Settings(seed=3, municipalities=3, first_year=2022, years=3)):
        made.deliver(reading, at=DAY)
    return path


@pytest.fixture(scope="module", autouse=True)
def _few_are_enough() -> Iterator[None]:
    """A country small enough for a test has fewer units than are compared otherwise; five subjects stand for all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pupils, "LEAST_COMPARED", 5)
        patch.setattr(pupils, "SUBJECTS", ("En", "M1", "Ma", "Mu", "SvSva"))
        yield


@pytest.fixture(scope="module")
def path(lake: Path) -> Path:
    return publish.publish(lake, on=ON, at=DAY)


@pytest.fixture(scope="module")
def made(path: Path) -> Iterator[Publication]:
    with closing(Publication.open(path)) as opened:
        yield opened


@pytest.fixture(scope="module")
def records(lake: Path) -> pupils.Records:
    return pupils.records(Lake.open(lake).connect())


def observed(unit: str, year: int, measure: str = "merit_value", **more: str) -> FigureKey:
    return FigureKey(measure, area=unit, year=str(year), **more)


def test_every_row_of_it_is_whole(made: Publication) -> None:
    made.verify()
    assert made.synthetic
    assert made.count > 5000


def test_units_merit_values_are_those_of_the_report(made: Publication, records: pupils.Records) -> None:
    told = pupils.unit_years(records)
    shown = 0
    for unit, year, value, n in zip(told.unit, told.year, told.value, told.n, strict=True):
        cell = made.get(Audience.ORGANISER, observed(str(unit), int(year))).cell
        if cell.value is not None:
            shown += 1
            assert cell.value == pytest.approx(value, abs=1e-9)
            assert cell.n == n
    assert shown > len(told.unit) / 2


def test_differences_and_bands_are_those_of_the_report(made: Publication, records: pupils.Records) -> None:
    told, years, shown = pupils.deviations(records), pupils.unit_years(records), 0
    band = {
        (u, y): (a, b)
        for u, y, a, b in zip(years.unit, years.year, years.expected_low, years.expected_high, strict=True)
    }
    for unit, value, low, high in zip(told.unit, told.difference, told.low, told.high, strict=True):
        cell = made.get(Audience.ORGANISER, observed(unit, 2024)._replace(aspect="difference")).cell
        if cell.value is not None:
            shown += 1
            assert (cell.value, cell.low, cell.high) == pytest.approx((value, low, high), abs=1e-3)
        for aspect, end in zip(("expected_low", "expected_high"), band.get((unit, 2024), ()), strict=False):
            edge = made.get(Audience.ORGANISER, observed(unit, 2024)._replace(aspect=aspect))
            if edge is not None and edge.cell.value is not None:
                assert edge.cell.value == pytest.approx(end, abs=1e-9)
    assert shown > len(told.unit) / 2


def test_a_figure_of_too_few_pupils_is_hidden_and_does_not_say_how_few(made: Publication) -> None:
    few = [p.cell for p in made.cells(Audience.PUBLIC).values() if p.cell.missing is Missing.FEW]
    assert few
    assert all(cell.value is None and cell.n is None for cell in few)


def test_no_figure_of_a_unit_rests_on_fewer_than_its_reader_may_see(made: Publication) -> None:
    for audience, fewest in ((Audience.PUBLIC, 10), (Audience.ORGANISER, 5)):
        cells = made.cells(audience, level="unit", measure=["merit_value", "grade_points", "share_passing"])
        assert min(p.cell.n for p in cells.values() if p.cell.value is not None) >= fewest


def test_who_sees_more_sees_all_that_the_public_sees(made: Publication) -> None:
    own = made.cells(Audience.ORGANISER)
    for key, public in made.cells(Audience.PUBLIC).items():
        if public.cell.value is not None:
            assert own[key].cell.value == public.cell.value


def test_hidden_numbers_are_nowhere_in_the_file(made: Publication, path: Path, records: pupils.Records) -> None:
    told, content = pupils.unit_years(records), path.read_bytes()
    hidden = [
        value
        for unit, year, value in zip(told.unit, told.year, told.value, strict=True)
        if made.get(Audience.ORGANISER, observed(str(unit), int(year))).cell.value is None
    ]
    shown = {float(p.cell.value) for p in made.cells(Audience.ORGANISER).values() if p.cell.value is not None}
    assert not [v for v in hidden if v not in shown and struct.pack(">d", v) in content]


def test_what_is_derived_is_shown_only_with_what_it_is_derived_from(made: Publication) -> None:
    for audience in Audience:
        cells = made.cells(audience, measure=["merit_value", "grade_points", "share_all_subjects_year_9"])
        for key, published in cells.items():
            if published.cell.value is not None:
                assert all(cells[base].cell.value is not None for base in _bases(key))


def _bases(key: FigureKey) -> list[FigureKey]:
    now = key._replace(aspect="observed")
    if key.level == "nation":
        return []
    if key.aspect == "gap":
        return [now._replace(group=group) for group in key.group.split("-")]
    if key.aspect == "change":
        return [now, now._replace(year=str(int(key.year) - 1))]
    if key.aspect in ("difference", "expected"):
        return [key._replace(aspect="result")]
    return [now] if key.aspect in ("expected_low", "expected_high") else []


def test_groups_that_are_shown_add_up_to_all_pupils(made: Publication) -> None:
    cells = made.cells(Audience.ORGANISER, measure="merit_value", aspect="observed", level="organiser")
    whole = 0
    for key, every in cells.items():
        pair = [cells.get(key._replace(group=group)) for group in ("girls", "boys")]
        told = [p.cell for p in pair if p is not None and p.cell.value is not None]
        if key.group == "all" and every.cell.value is not None and sum(c.n or 0 for c in told) == every.cell.n:
            whole += 1
            assert sum(c.value * c.n for c in told) / every.cell.n == pytest.approx(every.cell.value)
    assert whole


@pytest.mark.parametrize("audience", Audience)
def test_an_attacker_with_all_that_is_shown_cannot_work_out_what_is_hidden(
    audience: Audience, made: Publication, lake: Path
) -> None:
    """Every sum of an organiser as an equation: a hidden figure keeps an interval by linear programs of our own."""
    con = Lake.open(lake).connect()
    known = register(lake)
    everything = matter(con, known)
    rng, tried = np.random.default_rng(1), 0
    for row in known.organisers:
        sheet = Sheet(row.number)
        everything.ask(sheet)
        shown = made.cells(audience, organiser=row.number)
        attack = _Attack(sheet, shown)
        hidden = [c for c in sheet.cells if c.shown and c.n and _primary(c, shown)]
        for i in rng.permutation(len(hidden))[:6]:
            tried += 1
            assert attack.width(hidden[i].key) >= _need(hidden[i]) - 1e-3, hidden[i]
    assert tried > 40


def _primary(cell: Cell, shown: Mapping[Key, Published]) -> bool:
    """Whether it is hidden for its own sake, and stands for somebody."""
    return cell.kind in (CellKind.MEAN, CellKind.SHARE) and shown[cell.key].cell.missing is Missing.FEW


def _need(cell: Cell) -> float:
    """A tenth of the scale for a mean; four possible numbers, as far as there are so many, for a share."""
    return 0.1 * (cell.ceiling or 0.0) * (cell.n or 0) if cell.kind is CellKind.MEAN else min(3.0, cell.n or 0)


class _Attack:
    """What somebody knows who has every shown figure of an organiser, and how many pupils each hidden one rests on."""

    def __init__(self, sheet: Sheet, shown: Mapping[Key, Published]) -> None:
        self.at = {cell.key: i for i, cell in enumerate(sheet.cells)}
        self.bounds = [self._bounds(cell, shown) for cell in sheet.cells]
        self.rows = [[self.at[k] for k in (r.total, *r.parts)] for r in sheet.relations]

    @staticmethod
    def _bounds(cell: Cell, shown: Mapping[Key, Published]) -> tuple[float, float]:
        n, told = cell.n or 0, shown[cell.key].cell if cell.shown else None
        if told is not None and told.value is not None:
            at = cell.reached if cell.reached is not None else told.value * n
            return at, at
        if told is not None and told.low is not None and told.high is not None:
            return told.low * n, told.high * n
        return 0.0, float(n) * (cell.ceiling or 1.0)

    def width(self, key: Key) -> float:
        """How far apart the least and the greatest value of a figure are, over all tables that fit."""
        columns, rows = {self.at[key]}, []
        while more := [r for r in self.rows if r not in rows and any(self._open(c) and c in columns for c in r)]:
            rows += more
            columns |= {c for r in more for c in r}
        order = sorted(columns)
        matrix, ends = np.zeros((len(rows), len(order))), []
        for i, (total, *parts) in enumerate(rows):
            matrix[i, order.index(total)] = -1
            matrix[i, [order.index(p) for p in parts]] = 1
        cost = np.array([float(c == self.at[key]) for c in order])
        slack = 1e-6 * max((abs(b) for c in order for b in self.bounds[c]), default=1.0)
        for sign in (1, -1):
            solved = linprog(
                sign * cost,
                A_ub=np.vstack([matrix, -matrix]) if rows else None,
                b_ub=np.full(2 * len(rows), slack) if rows else None,
                bounds=[self.bounds[c] for c in order],
            )
            ends.append(sign * solved.fun)
        return ends[1] - ends[0]

    def _open(self, column: int) -> bool:
        return self.bounds[column][0] < self.bounds[column][1]


def test_the_country_is_made_from_what_the_public_sees(made: Publication) -> None:
    rows = made.cells(
        Audience.PUBLIC, measure="merit_value", aspect="observed", level="organiser", group="all", years=[2024]
    )
    told = np.array([(p.cell.value, p.cell.n) for p in rows.values() if p.cell.value is not None])
    mean = made.get(Audience.PUBLIC, FigureKey("merit_value", "mean", level="nation", area="00", year="2024")).cell
    assert mean.value == pytest.approx(np.average(told[:, 0], weights=told[:, 1]))


def test_the_budget_for_false_alarms_is_told_and_only_shown_figures_are_kept(made: Publication) -> None:
    assert made.facts["changes"]["tests"] > 100
    assert made.facts["changes"]["rate"] == made.facts["differences"]["rate"] == 0.05
    for audience in Audience:
        kept = [p.cell for p in made.cells(audience).values() if p.kept]
        assert all(cell.value is not None for cell in kept)


def test_conditions_of_every_form_are_there(made: Publication) -> None:
    forms = {m: set(made.values(Audience.ORGANISER, "form", measure=m)) for m in made.measures(Audience.ORGANISER)}
    assert forms["share_absent"] >= {"GR", "GY"}
    assert forms["crowns_per_pupil"] >= {"GR", "GY"}
    assert forms["abuse_reports_per_1000"] >= {"GR", "GY"}
    assert forms["principal_turnover"] == {""}
    assert any(g.startswith("programme:") for g in made.values(Audience.PUBLIC, "group", measure="grade_points_mean"))


def test_reports_of_abuse_that_are_few_are_hidden_with_what_is_made_of_them(made: Publication) -> None:
    cells = made.cells(Audience.PUBLIC, measure="abuse_reports_per_1000", level="unit")
    for key, published in cells.items():
        if key.aspect == "observed" and published.cell.value is not None:
            counted = cells[key._replace(aspect="counted")].cell.value
            assert counted == 0 or counted >= 10


def test_a_unit_without_a_figure_that_it_could_have_says_so(made: Publication) -> None:
    cells = made.cells(Audience.PUBLIC, measure=["survey_index_trygghet", "survey_index_trygghet_pupils_gr_5"])
    assert Missing.NOT_COLLECTED in {p.cell.missing for p in cells.values()}


def test_every_measure_names_its_source(made: Publication) -> None:
    assert set(made.measures(Audience.PUBLIC)) <= set(made.sources)
    assert made.sources["merit_value"].name_sv == area.SOURCES["synthetic"].sv
    assert made.sources["merit_value"].deliveries


def test_publishing_again_changes_nothing(lake: Path, path: Path) -> None:
    before = path.stat().st_mtime_ns
    assert publish.publish(lake, on=ON, at=DAY) == path
    assert path.stat().st_mtime_ns == before
    assert publish.current(lake) == path


def test_the_same_lake_software_and_day_give_the_same_cells(lake: Path, path: Path, tmp_path: Path) -> None:
    number = register(lake).organisers[-1].number
    tables = []
    for folder in ("one", "two"):
        copy = _linked(lake, tmp_path / folder)
        with closing(sqlite3.connect(publish.publish(copy, on=ON, at=DAY, organisers=[number]))) as con:
            tables.append(con.execute("select * from cell").fetchall())
    assert tables[0] == tables[1]
    assert tables[0]


def _linked(lake: Path, folder: Path) -> Path:
    """The same lake at another place, without its publications."""
    folder.mkdir(parents=True)
    for part in lake.iterdir():
        if part.name not in (publish.FOLDER, "spill", "staging"):
            (folder / part.name).symlink_to(part)
    for empty in ("spill", "staging"):
        (folder / empty).mkdir()
    return folder


def test_an_organiser_that_the_lake_does_not_know_is_refused(lake: Path) -> None:
    with pytest.raises(UsageError, match="knows no organiser"):
        publish.publish(lake, on=ON, at=DAY, organisers=["1234567890"])


def test_a_publication_that_was_tampered_with_is_not_taken_for_the_lakes(lake: Path, tmp_path: Path) -> None:
    number = register(lake).organisers[-1].number
    copy = _linked(lake, tmp_path / "copy")
    made = publish.publish(copy, on=ON, at=DAY, organisers=[number])
    with closing(sqlite3.connect(made)) as con:
        con.execute("update meta set value = 'another' where name = 'lake'")
        con.commit()
    with pytest.raises(DisclosureError, match="seal is broken"):
        publish.publish(copy, on=ON, at=DAY, organisers=[number])
