"""Rules about the site's code: no signals, short pages, templates that a strict content policy lets through."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

SITE = Path(__file__).resolve().parents[2] / "src" / "likvard" / "site"
FILES = sorted(SITE.rglob("*.py"))
PAGES = [path for path in FILES if path.stem == "pages" or path.parent.name == "pages"]
TEMPLATES = sorted(SITE.rglob("*.html"))
LONGEST_PAGE = 25


def _name(path: Path) -> str:
    return str(path.relative_to(SITE))


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_nothing_listens_to_signals(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    assert [m for m in imported if m.endswith((".signals", "django.dispatch"))] == []


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_a_page_is_at_most_25_lines(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef)]
    pages = [f for f in functions if f.args.args and f.args.args[0].arg == "request" and not f.name.startswith("_")]
    assert [f.name for f in pages if (f.end_lineno or 0) - f.lineno + 1 > LONGEST_PAGE] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_a_template_has_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", text) == []


def test_the_walk_finds_pages_and_templates() -> None:
    assert PAGES
    assert TEMPLATES
