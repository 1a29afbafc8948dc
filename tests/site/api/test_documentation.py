"""Every example of docs/api.md is asked, and what is written below it is compared with the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "api.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADDRESS = re.compile(r'"http://127\.0\.0\.1:8000/api/v1/([^"]*)"')
ANYTHING = "…"


def examples() -> Iterator[tuple[str, str, str]]:
    """Every curl command of the document: (command, kind of the block after it, that block), empty where there is none."""
    blocks = [(match[1], match[2], match.start(), match.end()) for match in BLOCK.finditer(DOCUMENT.read_text("utf-8"))]
    for at, (kind, text, _, _) in enumerate(blocks):
        following = blocks[at + 1] if at + 1 < len(blocks) else ("", "", 0, 0)
        for command in text.splitlines() if kind == "sh" else ():
            last = command == text.splitlines()[-1]
            yield command, *((following[0], following[1]) if last and following[0] in ("json", "csv") else ("", ""))


EXAMPLES = list(examples())


def same(told: Any, got: Any) -> None:
    """Compare what the document tells with what came; `…` stands for anything, and members may be left out."""
    if isinstance(told, dict):
        for name, value in told.items():
            same(value, got[name])
    elif isinstance(told, list):
        assert len(told) == len(got)
        for one, other in zip(told, got, strict=True):
            same(one, other)
    else:
        assert told in (ANYTHING, got)


@pytest.mark.parametrize(("command", "kind", "told"), EXAMPLES, ids=[command for command, _, _ in EXAMPLES])
def test_an_example_is_answered_as_it_says(command, kind, told, anybody, program_of, cast, publication):
    path = ADDRESS.search(command)[1]
    asker = program_of(cast.harald) if "$TOKEN" in command else anybody
    answer = asker.ask(path)
    assert answer.status_code == (422 if "messure" in path else 200)
    if kind == "json":
        same(json.loads(told), answer.json())
    if kind == "csv":
        pattern = [re.escape(line).replace(ANYTHING, "[0-9a-f]+") for line in told.splitlines()]
        got = answer.content.decode().splitlines()
        assert len(got) == len(pattern)
        assert all(re.fullmatch(line, row) for line, row in zip(pattern, got, strict=True))


def test_the_document_has_examples_with_answers():
    assert len(EXAMPLES) >= 12
    assert {kind for _, kind, _ in EXAMPLES} == {"", "json", "csv"}


def test_the_headers_of_the_rate_are_as_told(anybody, publication):
    answer = anybody.ask("symbols")
    text = DOCUMENT.read_text("utf-8")
    for name in ("RateLimit-Policy", "RateLimit"):
        assert f"{name}: {answer[name]}\n" in text


def test_a_cursor_is_where_the_document_says(anybody, places, publication):
    page = anybody.get("units?limit=2")
    assert "cursor=" in page["next"]
