"""What is out is remembered: of every publication, each figure once."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from likvard.disclosure import Cell, CellKind, release
from likvard.disclosure.publication import About, FigureKey, Publication, memory, write
from likvard.terms import Audience, DisclosureError

OWNER = "9900000001"


def key(area: str = "1") -> FigureKey:
    return FigureKey("merit_value", area=area, year="2023")


def publish(folder: Path, cells: list[Cell], on: date, organiser: str = OWNER) -> Publication:
    about = About("lake", "likvard 1", on, synthetic=False)
    path = folder / f"{about.id}.sqlite"
    write(path, releases=[(release(cells, audience=a, on=on), organiser, ()) for a in Audience], about=about)
    return Publication.open(path)


def mean(value: float, n: int, area: str = "1") -> Cell:
    return Cell(key(area), CellKind.MEAN, value, n=n, ceiling=340.0)


def test_it_holds_what_was_shown_and_to_whom(tmp_path: Path) -> None:
    with closing(publish(tmp_path, [mean(220.0, 30), mean(230.0, 7, "2")], date(2025, 9, 1))) as first:
        memory.take(tmp_path / "m", first)
    entries = {e.key: e for e in memory.out(tmp_path / "m", OWNER).entries}
    assert (entries[key()].value, entries[key()].n, entries[key()].audience) == (220.0, 30, Audience.PUBLIC)
    assert entries[key("2")].audience is Audience.ORGANISER
    assert entries[key()].on == date(2025, 9, 1)


def test_what_is_repeated_is_not_entered_twice(tmp_path: Path) -> None:
    for day, value in ((1, 220.0), (2, 220.0), (3, 221.0)):
        with closing(publish(tmp_path, [mean(value, 30)], date(2025, 9, day))) as made:
            memory.take(tmp_path / "m", made)
            memory.take(tmp_path / "m", made)
    assert [e.value for e in memory.out(tmp_path / "m", OWNER).entries] == [220.0, 221.0]


def test_each_organiser_has_its_own(tmp_path: Path) -> None:
    with closing(publish(tmp_path, [mean(220.0, 30)], date(2025, 9, 1))) as made:
        memory.take(tmp_path / "m", made)
    assert memory.out(tmp_path / "m", "9900000002").entries == ()


def test_nothing_is_out_where_nothing_has_been_published(tmp_path: Path) -> None:
    assert memory.out(tmp_path / "none", OWNER).entries == ()


def test_a_damaged_memory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"this is no memory at all, and too long to be taken for an empty file\n" * 99)
    with closing(publish(tmp_path, [mean(220.0, 30)], date(2025, 9, 1))) as made:
        with pytest.raises(DisclosureError, match="memory of what is out"):
            memory.take(tmp_path / "m", made)
        with pytest.raises(DisclosureError, match="memory of what is out"):
            memory.out(tmp_path / "m", OWNER)
