"""The chapter of the manual that is made from the definitions."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from likvard.indicators import Indicator, indicators
from likvard.indicators import manual as module
from likvard.indicators.loading import families
from likvard.indicators.manual import manual

PAGE = Path(__file__).resolve().parents[2] / "docs" / "indicators.md"
TEXT = manual()


def test_the_committed_page_is_the_one_that_the_definitions_make() -> None:
    assert PAGE.read_text(encoding="utf-8") == TEXT, "run: python -m likvard.indicators.manual > docs/indicators.md"


def test_the_command_writes_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(module.__file__), run_name="__main__")
    assert capsys.readouterr().out == TEXT


@pytest.mark.parametrize("indicator", [*indicators(), *families()], ids=lambda i: i.id)
def test_every_indicator_stands_in_the_manual_once_with_its_text(indicator: Indicator) -> None:
    assert TEXT.count(f"- `{indicator.id}`: {indicator.name.en} ") == 1
    assert indicator.definition.sv in TEXT
    assert indicator.care.en in TEXT
