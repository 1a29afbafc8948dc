"""Words that readers see are translated in the code too: labels, helps, messages, errors, choices. Found by rule."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import likvard.site
from likvard.site.ui import catalogue

SITE = Path(likvard.site.__file__).parent
CODE = sorted(
    file
    for file in SITE.rglob("*.py")
    # invented.py holds invented people's own words
    if file.name not in ("settings.py", "wsgi.py", "invented.py")
    and not {"migrations", "command"} & set(file.relative_to(SITE).parts)
)
SHOWN = {
    "label",
    "help_text",
    "hint",
    "heading",
    "empty_label",
    "verbose_name",
    "verbose_name_plural",
    "reason",
    "ask",
    "note",
}
SAYS = {"ValidationError", "PermissionDenied", "Http404", "Denied", "add_error"}
TRANSLATED = {
    "_",
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
    "npgettext_lazy",
    "gettext_noop",
}
WORDS = re.compile(r"[^\W\d_]{2,}.*\s|^[A-ZÅÄÖ][^\W\d_]+")  # a capitalised word, or more words than one


def is_words(node: ast.expr) -> bool:
    """Whether an expression is bare text for a reader."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.Constant) and WORDS.search(str(part.value)) for part in node.values)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and WORDS.search(node.value) is not None


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def bare(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every place where bare text goes to a reader: (line, where)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = name_of(node)
            yield from (
                (k.value.lineno, f"{name}({k.arg}=)") for k in node.keywords if k.arg in SHOWN and is_words(k.value)
            )
            if name in SAYS or _is_message(node):
                yield from ((a.lineno, f"{name}()") for a in node.args if is_words(a))
        elif isinstance(node, ast.ClassDef) and any("Choices" in ast.unparse(base) for base in node.bases):
            yield from (
                (item.lineno, f"{node.name}.{ast.unparse(item.targets[0])}")
                for item in node.body
                if _is_bare_choice(item)
            )


def _is_message(call: ast.Call) -> bool:
    of = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(of, ast.Name) and of.id == "messages"


def _is_bare_choice(item: ast.stmt) -> bool:
    return isinstance(item, ast.Assign) and isinstance(item.value, ast.Tuple) and is_words(item.value.elts[-1])


def translated_texts(tree: ast.AST) -> Iterator[str]:
    """The first text of every call of translation, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node) in TRANSLATED:
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            yield from texts[1:2] if "pgettext" in name_of(node) else texts[:1]


@pytest.mark.parametrize("file", CODE, ids=lambda file: file.relative_to(SITE).as_posix())
def test_no_bare_text_goes_to_a_reader(file: Path):
    assert list(bare(ast.parse(file.read_text("utf-8")))) == [], "wrap it in gettext"


@pytest.mark.parametrize("app", catalogue.apps(), ids=lambda app: app.name)
def test_the_catalogues_tool_finds_every_text_in_the_code(app: Path):
    """Text inside an f-string, or given by a name, is not found by it: a reader of Swedish would see English."""
    found = {text if isinstance(text, str) else text[0] for _file, text, _context in catalogue.said_in(app)}
    said = {text for file in app.rglob("*.py") for text in translated_texts(ast.parse(file.read_text("utf-8")))}
    assert said - found == set()


@pytest.mark.parametrize(
    "code",
    [
        'CharField(label="School name")',
        'CharField(label="School")',
        'raise Http404("There is none.")',
        'messages.success(request, f"Saved {n} rows")',
        'class A(TextChoices):\n    B = "b", "Closed"',
    ],
)
def test_the_rule_finds_bare_text(code: str):
    assert list(bare(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        'CharField(label=_("School name"))',
        "raise Http404",
        'x(label="{}")',
        'class A(TextChoices):\n    B = "b", _("Closed")',
        'log("Some text")',
    ],
)
def test_the_rule_lets_translated_text_pass(code: str):
    assert not list(bare(ast.parse(code)))
