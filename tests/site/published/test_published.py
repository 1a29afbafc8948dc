"""The publication that pages read: found once, kept open, and changed for a newer one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.site.insight.conftest import publish

from likvard.site import published
from likvard.site.published import Shelf


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lake whose newest publication is the file with the last name."""
    (tmp_path / "publications").mkdir()
    (tmp_path / "catalogue.json").write_text("{}", "utf-8")
    monkeypatch.setattr(
        published, "newest", lambda folder: max((folder / "publications").glob("*.sqlite"), default=None)
    )
    return tmp_path


def test_without_a_lake_there_is_no_publication(tmp_path):
    assert Shelf(tmp_path / "none").current() is None


def test_without_a_publication_there_is_none(lake):
    assert Shelf(lake).current() is None


def test_a_publication_is_looked_for_once_and_kept_open(lake, monkeypatch):
    publish(lake / "publications" / "a.sqlite").close()
    shelf = Shelf(lake)
    first = shelf.current()
    monkeypatch.setattr(published, "newest", lambda folder: pytest.fail("looked for again"))
    assert shelf.current() is first


def test_a_newer_publication_is_noticed(lake):
    publish(lake / "publications" / "a.sqlite").close()
    shelf = Shelf(lake)
    first = shelf.current()
    publish(lake / "publications" / "b.sqlite", "lake-2").close()
    assert first is not None
    assert shelf.current().lake == "lake-2"
    assert first.lake == "lake-1"


def test_the_site_reads_its_own_lake(lake, settings):
    settings.LAKE = lake
    publish(lake / "publications" / "a.sqlite").close()
    assert published.current().path == lake / "publications" / "a.sqlite"
