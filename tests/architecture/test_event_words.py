"""Every code that can be written into the audit chain has words for the log, in both languages.

The codes are found by reading the code. `audit.events.record` is the only way in. A function that hands its own parameter on
to a recorder is a recorder too (`tell`, `note`), also with a text before it. What is handed to a recorder is a text, one of
two texts, a name for them, or a look-up in a dictionary of texts of the same module; a code put together in another way is
`unread`, and fails here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils import translation
from django.utils.module_loading import import_string

from likvard.site.people.words import said

ROOT = "likvard.site"
SITE = Path(__file__).resolve().parents[2] / "src" / "likvard" / "site"
Named = tuple[str, str]
"""A function by its module and name."""


@dataclass(frozen=True)
class Recorder:
    """Which parameter of a function becomes the code of an event, and what is put before it."""

    parameter: str
    place: int | None
    before: str = ""


@dataclass
class Found:
    """Codes by the modules that write them, and the places whose codes could not be read."""

    codes: dict[str, set[str]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)


class Code:
    """The modules below a folder: their functions, what they import under which name, and their dictionaries of texts."""

    def __init__(self, folder: Path) -> None:
        paths = [path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts]
        named = {path: ".".join([ROOT, *path.relative_to(folder).with_suffix("").parts]) for path in paths}
        self.trees = {
            name.removesuffix(".__init__"): ast.parse(path.read_text("utf-8")) for path, name in named.items()
        }
        self.imports = {name: dict(_imported(tree)) for name, tree in self.trees.items()}
        self.functions = {name: list(_functions(tree)) for name, tree in self.trees.items()}
        self.names = {name: {function.name for function in known} for name, known in self.functions.items()}
        self.calls = list(self._calls())

    def _calls(self) -> Iterator[tuple[str, ast.FunctionDef, ast.Call, Named]]:
        """Every call of a function of the site: where it stands, and what it calls."""
        for module, known in self.functions.items():
            for function in known:
                for node in ast.walk(function):
                    named = self.named(module, node.func) if isinstance(node, ast.Call) else None
                    if named and isinstance(node, ast.Call):
                        yield module, function, node, named

    def named(self, module: str, callee: ast.expr) -> Named | None:
        """The function that a call names: of the module itself, imported into it, or a method of its own."""
        if isinstance(callee, ast.Name):
            return self._followed(module, callee.id)
        if isinstance(callee, ast.Attribute) and isinstance(callee.value, ast.Name):
            if callee.value.id == "self":
                return module, callee.attr
            through = self.imports[module].get(callee.value.id)
            return self._followed(through, callee.attr) if through in self.trees else None
        return None

    def _followed(self, module: str, name: str) -> Named | None:
        if name in self.names[module]:
            return module, name
        path = self.imports[module].get(name, "")
        home, _dot, last = path.rpartition(".")
        return self._followed(home, last) if home in self.trees and home != module else None

    def texts(self, module: str, name: str) -> list[str] | None:
        """The values of a dictionary of texts at the top of a module."""
        for node in self.trees[module].body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if any(isinstance(t, ast.Name) and t.id == name for t in targets) and isinstance(
                getattr(node, "value", None), ast.Dict
            ):
                return [_text(value) for value in node.value.values if _text(value)]  # type: ignore[attr-defined]
        return None


def collect(folder: Path) -> Found:
    """Every code that a call of a recorder, or of what hands on to one, can write."""
    code, found = Code(folder), Found()
    recorders: dict[Named, Recorder] = {(f"{ROOT}.audit.events", "record"): Recorder("what", None)}
    grown = 0
    while len(recorders) > grown:
        grown, found = len(recorders), Found()
        for module, function, call, named in code.calls:
            if named in recorders:
                _read(code, module, function, call, recorders, found)
    return found


def _read(
    code: Code, module: str, function: ast.FunctionDef, call: ast.Call, recorders: dict[Named, Recorder], found: Found
) -> None:
    known = recorders[code.named(module, call.func) or ("", "")]
    said = _argument(call, known)
    for one in _values(code, module, function, said) if said else [None]:
        if isinstance(one, Recorder):
            recorders.setdefault((module, function.name), Recorder(one.parameter, one.place, known.before + one.before))
        elif one is None:
            found.unread.add(f"{module}.{function.name}: {ast.unparse(said or call)}")
        else:
            found.codes.setdefault(known.before + one, set()).add(module)


def _argument(call: ast.Call, known: Recorder) -> ast.expr | None:
    by_name = [word.value for word in call.keywords if word.arg == known.parameter]
    if by_name:
        return by_name[0]
    return call.args[known.place] if known.place is not None and len(call.args) > known.place else None


def _values(code: Code, module: str, function: ast.FunctionDef, said: ast.expr) -> Iterator[str | Recorder | None]:
    """What an expression can be: texts, the function's own parameter (perhaps with a text before), or None for unread."""
    match said:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from _values(code, module, function, one)
            yield from _values(code, module, function, other)
        case ast.JoinedStr(values=[ast.Constant(value=str(before)), ast.FormattedValue(value=ast.Name() as name)]):
            for one in _values(code, module, function, name):
                yield Recorder(one.parameter, one.place, before) if isinstance(one, Recorder) else None
        case ast.Name(id=name):
            yield from _of_name(code, module, function, name)
        case ast.Subscript(value=ast.Name(id=name)) | ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get")):
            yield from code.texts(module, name) or [None]
        case _:
            yield None


def _of_name(code: Code, module: str, function: ast.FunctionDef, name: str) -> Iterator[str | Recorder | None]:
    places = [one.arg for one in function.args.args if one.arg != "self"]
    if name in places or name in {one.arg for one in function.args.kwonlyargs}:
        yield Recorder(name, places.index(name) if name in places else None)
        return
    given = [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)
    ]
    for value in given:
        yield from _values(code, module, function, value)
    if not given:
        yield None


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((one.asname or one.name, f"{node.module}.{one.name}") for one in node.names)


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@pytest.fixture(scope="module")
def found() -> Found:
    return collect(SITE)


@pytest.fixture(scope="module")
def logged() -> dict[str, dict[str, Any]]:
    """The words of each app."""
    return {app.label: import_string(app.events) for app in apps.get_app_configs() if hasattr(app, "events")}


def test_every_code_can_be_read_from_the_code(found: Found) -> None:
    assert found.unread == set()


def test_every_code_has_words_in_the_log_and_no_words_are_left_over(found: Found, logged: dict[str, Any]) -> None:
    assert set(found.codes) == {code for words in logged.values() for code in words}


def test_the_words_of_a_code_stand_once(logged: dict[str, Any]) -> None:
    codes = [code for words in logged.values() for code in words]
    assert [code for code in codes if codes.count(code) > 1] == []


def test_the_words_stand_with_who_records_the_code(found: Found, logged: dict[str, Any]) -> None:
    """An app says the words of what it records itself; figures that are read are insight's, the API only opens another door."""
    elsewhere = {
        code
        for app, words in logged.items()
        for code in words
        if not any(module.startswith(f"{ROOT}.{app}.") for module in found.codes[code])
    }
    assert elsewhere == set()


def test_the_words_are_said_in_both_languages_and_never_twice(found: Found) -> None:
    said_in = {}
    for language in ("en", "sv"):
        with translation.override(language):
            said_in[language] = {code: said(code) for code in found.codes}
    for words in said_in.values():
        assert len(set(words.values())) == len(words)
        assert [text for text in words.values() if not re.fullmatch(r"[^\W\d_][^.%*]{4,80}", text)] == []
    assert [code for code in found.codes if said_in["en"][code] == said_in["sv"][code]] == []


def test_a_code_that_no_app_has_any_more_is_shown_as_it_is() -> None:
    assert said("gone.long_ago") == "gone.long_ago"


def test_a_code_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """The reading itself: what it follows, and that it does not pass over what it cannot follow."""
    (tmp_path / "audit").mkdir()
    (tmp_path / "audit" / "events.py").write_text("def record(*, what): ...\n")
    (tmp_path / "deeds.py").write_text(
        "from likvard.site.audit import events\n"
        "KNOWN = {1: 'a.looked_up'}\n"
        "def tell(what, *, by): events.record(what=f'b.{what}')\n"
        "def first(yes):\n    what = 'said' if yes else 'other'\n    tell(what, by=1)\n"
        "def second(n): events.record(what=KNOWN[n])\n"
        "def third(x): events.record(what='c.' + x)\n"
        "def fourth(x): events.record(**x)\n"
    )
    found = collect(tmp_path)
    assert set(found.codes) == {"a.looked_up", "b.said", "b.other"}
    assert found.unread == {
        "likvard.site.deeds.third: 'c.' + x",
        "likvard.site.deeds.fourth: events.record(**x)",
    }


def test_no_event_of_the_timeline_is_worded_twice(found: Found) -> None:
    """Supervision's modules each add their words to one dictionary: a second text for a code would hide the first."""
    added = re.compile(r'^    "(supervision\.[a-z_]+)": (?:gettext_lazy|_)\(', re.MULTILINE)
    files = [path for path in (SITE / "supervision").rglob("*.py") if path.name != "logged.py"]
    codes = [code for path in files for code in added.findall(path.read_text("utf-8"))]
    assert len(codes) > 40
    assert [code for code in codes if codes.count(code) > 1 or code not in found.codes] == []
