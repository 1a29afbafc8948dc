"""Every rule has its file, its tests and its entry in the manual."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from likvard.disclosure.protection import build
from likvard.disclosure.rules import RULES

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "docs" / "disclosure.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("module", RULES, ids=lambda m: m.RULE.name)
def test_every_rule_is_documented_in_its_own_words(module: ModuleType) -> None:
    rule = module.RULE
    entry = MANUAL.split(f"### {rule.name}\n", 1)[1].split("\n### ")[0]
    assert " ".join(rule.about.en.split()) in " ".join(entry.split())
    assert " ".join(rule.about.sv.split()) in " ".join(entry.split())


@pytest.mark.parametrize("module", RULES, ids=lambda m: m.RULE.name)
def test_every_rule_has_its_file_and_its_tests(module: ModuleType) -> None:
    assert module.__name__.rsplit(".", 1)[1] == module.RULE.name
    assert (ROOT / "tests" / "disclosure" / "rules" / f"test_{module.RULE.name}.py").is_file()


def test_no_rule_is_left_out_of_the_list() -> None:
    files = {path.stem for path in (ROOT / "src" / "likvard" / "disclosure" / "rules").glob("[a-z]*.py")}
    assert files == {module.RULE.name for module in RULES}


def test_the_manual_lists_the_rules_in_their_order() -> None:
    names = [line.removeprefix("### ") for line in MANUAL.splitlines() if line.startswith("### ")]
    assert names == [module.RULE.name for module in RULES]


@pytest.mark.parametrize("name", ["PERSONS", "PERSONS_COVERED", "SCALE", "SCALE_COVERED"])
def test_the_protection_intervals_of_the_manual_are_those_of_the_code(name: str) -> None:
    assert f"`{name}` = {getattr(build, name):g}" in MANUAL
