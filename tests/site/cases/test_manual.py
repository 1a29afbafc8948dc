"""The manual shows the state tables as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from likvard.site.cases import manual

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.mark.parametrize(("name", "expected"), manual.written(DOCS).items(), ids=lambda value: value[:20])
def test_the_manual_is_in_step_with_the_state_tables(name, expected):
    """If this fails: python -m likvard.site.cases.manual docs"""
    assert (DOCS / name).read_text("utf-8") == expected


def test_writing_the_manual_writes_every_file(tmp_path):
    (tmp_path / "cases.md").write_text((DOCS / "cases.md").read_text("utf-8"), "utf-8")
    manual.main(str(tmp_path))
    assert {file.name for file in tmp_path.iterdir()} == set(manual.written(DOCS))
