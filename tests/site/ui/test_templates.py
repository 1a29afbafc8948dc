"""Rules for every template of the site: all text is translated, nothing runs or looks by itself inside the page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType
from django.template.loader import get_template

import likvard.site

SITE = Path(likvard.site.__file__).parent
TEMPLATES = sorted(SITE.glob("*/templates/**/*.html"))
SAME_IN_BOTH = {"Likvärd", "Svenska", "English", "CSV", "JSON", "XLSX", "PNG", "SVG", "Excel", "API", "OpenAPI", "PDF"}
SPOKEN = {"alt", "title", "aria-label", "placeholder", "aria-description", "aria-roledescription"}
CODE = {"code", "pre", "kbd", "samp"}
LETTERS = re.compile(r"[^\W\d_]{2,}")


class Reader(HTMLParser):
    """Collects what a reader sees or hears of a page whose translated parts are taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.faults: list[str] = []
        self.code = 0  # how deep in what is the same in every language: addresses and commands

    def handle_data(self, data: str) -> None:
        if not self.code:
            self.said.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag in CODE

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.code += tag in CODE
        self.said += [names[name] or "" for name in SPOKEN & names.keys()]
        if tag == "input" and names.get("type") in ("submit", "button"):
            self.said.append(names.get("value") or "")
        if tag == "style" or (tag == "script" and "src" not in names):
            self.faults.append(f"<{tag}> in the page")
        self.faults += [f"{name}=" for name in names if name == "style" or name.startswith(("on", "hx-on"))]
        self.faults += [f"{k}={v}" for k, v in attrs if (v or "").strip().lower().startswith("javascript:")]


def untranslated(source: str) -> Reader:
    """Read a template's own text: what stands outside tags of translation and outside comments."""
    kept, inside = [], ""
    for token in Lexer(source).tokenize():
        name = token.contents.split()[0] if token.contents.split() else ""
        if token.token_type is TokenType.BLOCK and name in ("blocktranslate", "blocktrans", "comment", "verbatim"):
            inside = name
        elif token.token_type is TokenType.BLOCK and inside and name == f"end{inside}":
            inside = ""
        elif token.token_type is TokenType.TEXT and not inside:
            kept.append(token.contents)
    reader = Reader()
    reader.feed("".join(kept))
    return reader


def shown(path: Path) -> str:
    return path.relative_to(SITE).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=shown)
def test_every_word_of_a_template_is_translated(path: Path):
    words = {word for text in untranslated(path.read_text("utf-8")).said for word in LETTERS.findall(text)}
    assert words <= SAME_IN_BOTH, "put it between {% translate %}"


@pytest.mark.parametrize("path", TEMPLATES, ids=shown)
def test_no_template_holds_script_or_style(path: Path):
    assert untranslated(path.read_text("utf-8")).faults == []


@pytest.mark.parametrize("path", TEMPLATES, ids=shown)
def test_every_template_can_be_read_by_django(path: Path):
    assert get_template(path.relative_to(path.parents[len(path.relative_to(SITE).parts) - 3]).as_posix())


@pytest.mark.parametrize("path", TEMPLATES, ids=shown)
def test_no_template_passes_text_by_unescaped(path: Path):
    source = path.read_text("utf-8")
    assert not re.search(r"\|\s*(safe|safeseq)\b|autoescape\s+off", source), "build markup with format_html"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Schools</p>", ["Schools"]),
        ('<img alt="A map">', ["A map"]),
        ('<p>{% translate "Schools" %} {{ n }} 12 % ·</p>', []),
        ("<p>{% blocktranslate %}Schools{% endblocktranslate %}</p>{# a note #}", []),
        ("<pre>curl {{ address }}</pre> <code>unit</code> x", []),
        ("{% comment %}Note{% endcomment %}", []),
    ],
)
def test_the_reader_of_templates_finds_what_is_not_translated(source: str, words: list[str]):
    assert [text for text in untranslated(source).said if LETTERS.search(text)] == words


@pytest.mark.parametrize(
    "source",
    [
        '<a style="x">',
        "<style>a{}</style>",
        "<script>x</script>",
        '<b onclick="x">',
        '<a href="javascript:x">',
        '<i hx-on:click="x">',
    ],
)
def test_the_reader_of_templates_finds_script_and_style(source: str):
    assert untranslated(source).faults


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) > 30
