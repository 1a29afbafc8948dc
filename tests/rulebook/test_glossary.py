"""The glossary speaks of what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from likvard.rulebook.lookup import rule_file

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.split("|")[1:-1]] for line in TEXT.splitlines() if re.match(r"\| (?!Swedish)", line)
]
SOURCE = "\n".join(
    p.read_text(encoding="utf-8") for p in sorted((ROOT / "src").rglob("*")) if p.suffix in {".py", ".yaml"}
)


def test_every_row_has_a_term_in_both_languages_and_a_place_for_the_code_and_the_law() -> None:
    assert [row for row in ROWS if len(row) != 4 or not all(row[:3])] == []


@pytest.mark.parametrize("word", sorted({w for row in ROWS for w in re.findall("`([^`]+)`", row[2])}))
def test_every_word_of_the_code_is_in_the_source(word: str) -> None:
    assert re.search(rf"(?<![\w.]){re.escape(word)}(?![\w])", SOURCE), word


def test_no_term_stands_twice() -> None:
    terms = [row[0] for row in ROWS]
    assert sorted(set(terms)) == sorted(terms)


@pytest.mark.parametrize("name", ["instruments", "inspections", "school_forms"])
def test_every_name_of_the_rulebook_is_in_the_glossary(name: str) -> None:
    said = " ".join(row[0] for row in ROWS)
    names = {w.value.name.sv.split(",")[0] for ws in rule_file(name).entries.values() for w in ws}
    assert {sv for sv in names if sv not in said} <= {"tioårig grundskola"}
