"""Rules about the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "likvard"
FILES = sorted(SOURCE.rglob("*.py"))
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "timezone.now",
    "timezone.localdate",
}
ASKS_FOR_THE_TIME = {"cli", "site/command", "site/ui/middleware.py"}
"""Commands ask once when they start, and the site once a request; all others are told."""


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def _name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_a_file_is_at_most_500_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_a_function_is_at_most_80_lines(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = [f.name for f in _functions(tree) if (f.end_lineno or f.lineno) - f.lineno + 1 > 80]
    assert long == []


def _told_the_time(path: Path) -> bool:
    return not {_name(path), _name(path.parent)} & ASKS_FOR_THE_TIME


@pytest.mark.parametrize("path", list(filter(_told_the_time, FILES)), ids=_name)
def test_only_commands_and_the_start_of_a_request_read_the_clock(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)]
    assert [call for call in calls if call.endswith(tuple(CLOCKS)) and call != "timezone.localdate"] == []


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_randomness_has_a_seed_that_is_handed_in(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    unseeded = [n.lineno for n in calls if ast.unparse(n.func).endswith("default_rng") and not (n.args or n.keywords)]
    legacy = [n.lineno for n in calls if ast.unparse(n.func).startswith(("np.random.seed", "random."))]
    assert unseeded + legacy == []


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_no_module_is_called_utils(path: Path) -> None:
    assert path.stem not in {"utils", "helpers", "misc", "common", "services", "signals"}


def test_the_walk_finds_the_code() -> None:
    assert SOURCE / "terms.py" in FILES
