"""Publications: what goes in comes out, and nothing else."""

from __future__ import annotations

import math
import sqlite3
import struct
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.disclosure import Cell, CellKind, Release, release
from likvard.disclosure.publication import FIELDS, About, FigureKey, Publication, SourceRow, write
from likvard.terms import Audience, DisclosureError, Level, Missing

ON = date(2025, 9, 1)
ABOUT = About(
    "lake-1",
    "likvard 1",
    ON,
    synthetic=True,
    sources={"scb": SourceRow("Betyg", "Grades", "2024", ("1-scb",))},
    facts={"changes": {"tests": 3, "rate": 0.05}},
)
OWNER = "9900000001"


def key(area: str = "10000001", year: int = 2023, group: str = "all", level: str = "unit") -> FigureKey:
    return FigureKey("merit_value", group=group, level=level, area=area, year=str(year))


def mean(at: FigureKey, value: float, n: int) -> Cell:
    return Cell(at, CellKind.MEAN, value, n=n, low=value - 5, high=value + 5, ceiling=340.0)


def both(cells: list[Cell], organiser: str = OWNER, kept: frozenset[FigureKey] = frozenset()) -> list:
    return [(release(cells, audience=audience, on=ON), organiser, kept) for audience in Audience]


def published(path: Path, cells: list[Cell], **more: object) -> Publication:
    write(path, releases=both(cells, **more), about=ABOUT)  # type: ignore[arg-type]
    return Publication.open(path)


numbers = st.floats(0, 340, allow_nan=False)
some_cells = st.dictionaries(
    st.builds(
        FigureKey,
        st.sampled_from(["merit_value", "grade_points"]),
        st.sampled_from(["observed", "change"]),
        st.sampled_from(["", "Ma", "SvSva"]),
        st.sampled_from(["all", "tertiary", "girls-boys"]),
        st.just("unit"),
        st.sampled_from(["10000001", "10000002", "å"]),
        st.sampled_from(["GR", "GY"]),
        st.sampled_from(["2021", "2022"]),
    ),
    st.tuples(numbers, st.integers(0, 60), st.booleans()),
    max_size=25,
)


@given(some_cells)
@settings(max_examples=60, deadline=None)
def test_what_goes_in_comes_out_the_same(tmp_path_factory: pytest.TempPathFactory, drawn: dict) -> None:
    cells = [mean(at, value, n) for at, (value, n, _) in drawn.items()]
    kept = frozenset(at for at, (_, _, survived) in drawn.items() if survived)
    path = tmp_path_factory.mktemp("p") / "a.sqlite"
    parts = both(cells, kept=kept)
    write(path, releases=parts, about=ABOUT)
    with closing(Publication.open(path)) as opened:
        for made, _, _ in parts:
            found = opened.cells(made.audience)
            assert list(found) == sorted(made.cells)
            for at, out in made.cells.items():
                assert found[FigureKey(*at)].kept == (at in kept and out.value is not None)
                assert _told(found[FigureKey(*at)].cell) == _told(out)
        opened.verify()


def test_a_zero_below_zero_comes_back_whole(tmp_path: Path) -> None:
    cells = [Cell(key(), CellKind.ESTIMATE, -0.0, n=30, low=-0.0, high=0.5)]
    with closing(published(tmp_path / "a.sqlite", cells)) as opened:
        opened.verify()
        assert opened.cells(Audience.PUBLIC)[key()].cell.value == 0


def _told(cell) -> tuple:
    """Everything but n, which a publication keeps only beside a value or a range."""
    n = cell.n if cell.value is not None else None
    return (cell.key, cell.kind, cell.value, cell.low, cell.high, n, cell.missing, cell.reason, cell.rule, cell.source)


@given(st.floats(100, 300), st.integers(1, 9))
@settings(max_examples=30, deadline=None)
def test_a_hidden_number_is_nowhere_in_the_file(tmp_path_factory: pytest.TempPathFactory, value: float, n: int) -> None:
    value += math.pi / 1000
    path = tmp_path_factory.mktemp("p") / "a.sqlite"
    with closing(published(path, [mean(key(), value, n), mean(key("10000002"), 200.0, 40)])) as opened:
        assert opened.get(Audience.PUBLIC, key()).cell.value is None
    shown_to_organiser = n >= 5
    assert (struct.pack(">d", value) in path.read_bytes()) == shown_to_organiser


def test_an_audience_sees_its_own_release_only(tmp_path: Path) -> None:
    with closing(published(tmp_path / "a.sqlite", [mean(key(), 221.0, 7)])) as opened:
        assert opened.get(Audience.PUBLIC, key()).cell.missing is Missing.FEW
        assert opened.get(Audience.ORGANISER, key()).cell.value == 221.0


def test_a_hidden_figure_does_not_tell_how_many_it_rests_on(tmp_path: Path) -> None:
    protected = Cell(key(), CellKind.MEAN, None, n=17, missing=Missing.PROTECTED)
    with closing(published(tmp_path / "a.sqlite", [protected])) as opened:
        assert opened.get(Audience.ORGANISER, key()).cell.n is None


def test_filters_choose_by_every_part_of_the_key(tmp_path: Path) -> None:
    cells = [
        mean(key(area, year), 200.0 + year - 2020, 30) for area in ("10000001", "10000002") for year in (2021, 2022)
    ]
    with closing(published(tmp_path / "a.sqlite", cells)) as opened:
        assert list(opened.cells(Audience.PUBLIC, areas=["10000002"], years=[2022])) == [key("10000002", 2022)]
        assert len(opened.cells(Audience.PUBLIC, organiser=OWNER)) == 4
        assert opened.cells(Audience.PUBLIC, organiser="9900000002") == {}
        assert opened.cells(Audience.PUBLIC, measure="no_such") == {}
        assert opened.values(Audience.PUBLIC, "year", area="10000001") == ("2021", "2022")
        assert opened.measures(Audience.PUBLIC) == ("merit_value",)


def test_pages_follow_one_another_without_gap_or_overlap(tmp_path: Path) -> None:
    cells = [mean(key(f"1000{i:04d}"), 200.0 + i, 30) for i in range(25)]
    with closing(published(tmp_path / "a.sqlite", cells)) as opened:
        seen, after = [], None
        while page := opened.page(Audience.PUBLIC, {"level": "unit"}, after=after, limit=7):
            seen += [row.cell.key for row in page]
            after = page[-1].cell.key
        assert seen == sorted(cell.key for cell in cells)


def test_a_page_may_begin_after_a_key_that_is_not_there(tmp_path: Path) -> None:
    with closing(published(tmp_path / "a.sqlite", [mean(key(a), 200.0, 30) for a in ("1", "3")])) as opened:
        assert [row.cell.key.area for row in opened.page(Audience.PUBLIC, after=key("2"))] == ["3"]


def test_the_header_says_what_the_publication_is(tmp_path: Path) -> None:
    with closing(published(tmp_path / "a.sqlite", [])) as opened:
        assert (opened.id, opened.on, opened.lake, opened.synthetic) == (ABOUT.id, ON, "lake-1", True)
        assert opened.sources["scb"].deliveries == ("1-scb",)
        assert opened.facts["changes"]["tests"] == 3


def test_the_same_releases_give_the_same_bytes_of_cells(tmp_path: Path) -> None:
    cells = [mean(key(str(i)), 200.0 + i, 30 + i) for i in range(9)]
    tables = []
    for name, parts in (("a", both(cells)), ("b", both(cells[::-1])[::-1])):
        write(tmp_path / name, releases=parts, about=ABOUT)
        with closing(sqlite3.connect(tmp_path / name)) as con:
            tables.append(con.execute("select * from cell").fetchall())
    assert tables[0] == tables[1]


def test_a_figure_published_twice_for_one_audience_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DisclosureError, match="published twice"):
        write(tmp_path / "a", releases=[*both([mean(key(), 200.0, 30)]), *both([mean(key(), 201.0, 30)])], about=ABOUT)
    assert list(tmp_path.iterdir()) == []


def test_a_key_of_another_shape_is_refused(tmp_path: Path) -> None:
    odd = Cell(("merit_value", "unit"), CellKind.COUNT, 20.0, n=20)
    with pytest.raises(DisclosureError, match="not the key of a published figure"):
        write(tmp_path / "a", releases=both([odd]), about=ABOUT)


def test_a_name_that_is_no_part_of_a_key_is_refused(tmp_path: Path) -> None:
    with closing(published(tmp_path / "a", [])) as opened, pytest.raises(DisclosureError, match="no part of a key"):
        opened.page(Audience.PUBLIC, {"value": "3"})
    assert "area" in FIELDS


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("update cell set value = value + 1", "a figure in it has been changed"),
        ("update cell set seen = 3 where seen = 2", "a figure in it has been changed"),
        ("delete from cell where value is not null", "it holds"),
        ("update meta set value = 'false' where name = 'synthetic'", "seal is broken"),
        ("update word set text = '99' where text = '10000001'", "seal is broken"),
        ("pragma user_version = 7", "layout 7"),
        ("pragma application_id = 7", "no publication"),
    ],
)
def test_a_file_that_has_been_tampered_with_is_refused(tmp_path: Path, change: str, message: str) -> None:
    published(tmp_path / "a", [mean(key(), 221.0, 7), mean(key("2"), 240.0, 30)]).close()
    with closing(sqlite3.connect(tmp_path / "a")) as con:
        con.execute(change)
        con.commit()
    with pytest.raises(DisclosureError, match=message):
        Publication.open(tmp_path / "a").verify()


def test_a_changed_figure_is_refused_when_it_is_read(tmp_path: Path) -> None:
    published(tmp_path / "a", [mean(key(), 240.0, 30)]).close()
    with closing(sqlite3.connect(tmp_path / "a")) as con:
        con.execute("update cell set value = 250.0")
        con.commit()
    with closing(Publication.open(tmp_path / "a")) as opened, pytest.raises(DisclosureError, match="changed"):
        opened.get(Audience.PUBLIC, key())


def test_what_is_no_publication_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database, but long enough to be taken for one by its size alone\n" * 20)
    for name in ("text", "missing"):
        with pytest.raises(DisclosureError):
            Publication.open(tmp_path / name)


def test_threads_read_at_the_same_time(tmp_path: Path) -> None:
    cells = [mean(key(f"1000{i:04d}"), 200.0 + i, 30) for i in range(200)]
    found: list[int] = []
    with closing(published(tmp_path / "a", cells)) as opened:
        readers = [
            threading.Thread(target=lambda: found.append(len(opened.cells(Audience.PUBLIC, organiser=OWNER))))
            for _ in range(4)
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    assert found == [200] * 4


def test_an_organiser_of_thirty_schools_is_read_in_an_instant(tmp_path: Path) -> None:
    groups = ("all", "girls", "boys", "tertiary", "not_tertiary", "swedish", "foreign")
    cells = [
        mean(key(f"1000{u:04d}", year, group), 200.0 + u, 40)
        for u in range(30)
        for year in range(2015, 2025)
        for group in groups
    ]
    with closing(published(tmp_path / "a", cells)) as opened:
        assert isinstance(both(cells)[0][0], Release)
        assert len(opened.cells(Audience.ORGANISER, organiser=OWNER, measure="merit_value")) == 2100
        assert len(opened.cells(Audience.ORGANISER, organiser=OWNER, level=Level.UNIT.value, group="all")) == 300
