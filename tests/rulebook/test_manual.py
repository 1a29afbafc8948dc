"""The chapter of the manual that is made from the rules."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from likvard.rulebook import manual as module
from likvard.rulebook import names
from likvard.rulebook.manual import manual, says

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
TEXT = manual()


def test_the_committed_page_is_the_one_that_the_rules_make() -> None:
    assert PAGE.read_text(encoding="utf-8") == TEXT, "run: python -m likvard.rulebook.manual > docs/rules.md"


def test_the_command_writes_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(module.__file__), run_name="__main__")
    assert capsys.readouterr().out == TEXT


@pytest.mark.parametrize("name", names())
def test_every_rule_stands_in_the_manual(name: str) -> None:
    stem, _, key = name.partition(":")
    section = TEXT.partition(f"## `{stem}`\n")[2].partition("\n## ")[0]
    assert f"| `{key}` |" in section if key else "| in force |" in section


def test_every_row_has_as_many_cells_as_its_heading() -> None:
    for section in TEXT.split("\n## ")[1:]:
        rows = [line.replace("\\|", "") for line in section.splitlines() if line.startswith("|")]
        assert {row.count("|") for row in rows} == {rows[0].count("|")}


def test_a_value_without_words_is_an_error() -> None:
    with pytest.raises(TypeError, match="no words for int"):
        says(1)
