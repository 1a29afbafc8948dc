"""The page about access is what the tables say."""

from __future__ import annotations

from pathlib import Path

from likvard.site.people.manual import manual

PAGE = Path(__file__).resolve().parents[3] / "docs" / "access.md"


def test_the_page_is_made_from_the_tables() -> None:
    assert PAGE.read_text("utf-8") == manual(), "run: python -m likvard.site.people.manual > docs/access.md"
