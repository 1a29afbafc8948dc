"""The chapter of the manual that is made from the sentences."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from likvard.figures import manual as module
from likvard.figures.manual import manual
from likvard.figures.sentences import rules

PAGE = Path(__file__).resolve().parents[2] / "docs" / "figures.md"


def test_the_committed_page_is_the_one_that_the_rules_make():
    assert PAGE.read_text("utf-8") == manual(), "run: python -m likvard.figures.manual > docs/figures.md"


def test_the_command_writes_the_page(capsys):
    runpy.run_path(str(module.__file__), run_name="__main__")
    assert capsys.readouterr().out == manual()


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_every_sentence_stands_in_the_manual_once(rule):
    assert manual().count(f"- `{rule.id}` when ") == 1
    assert rule.text.sv in manual()
    assert rule.text.en in manual()
