"""The manuals: no link leads nowhere, every page is reached from the front page, every command can be typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from likvard.cli.main import Commands

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
TYPED = re.compile(r"(?<!from )(?<![\w/.=])likvard ([a-z][a-z-]*)([^`\n]*)")
WORD = re.compile(r"[^\w\- ]")


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _links(page: Path) -> Iterator[tuple[Path, str]]:
    """Every file in the project that a page links to, with the place in it."""
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in link and not link.startswith("mailto:"):
            path, _, place = link.partition("#")
            yield ((page.parent / path).resolve() if path else page), place


def _places(page: Path) -> set[str]:
    """The headings of a page, as they are linked to."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {WORD.sub("", heading.replace("`", "").lower()).strip().replace(" ", "-") for heading in headings}


def _commands(page: Path) -> Iterator[tuple[click.Command, str, list[str]]]:
    """Every command that a page tells its reader to type, with its options."""
    group = Commands("likvard")
    context = click.Context(group)
    for name, rest in TYPED.findall(page.read_text(encoding="utf-8")):
        command = group.get_command(context, name)
        assert command is not None, f"{_name(page)} names `likvard {name}`, and there is no such command"
        words = rest.split()
        if isinstance(command, click.Group) and words and re.fullmatch("[a-z][a-z-]*", words[0]):
            inner = command.get_command(context, words[0])
            assert inner is not None, f"{_name(page)} names `likvard {name} {words[0]}`, and there is no such command"
            command = inner
        yield command, f"likvard {name}{rest}", re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_no_link_leads_nowhere(page: Path) -> None:
    for path, place in _links(page):
        assert path.exists(), f"{_name(page)} links to {path}"
        assert not place or path.suffix != ".md" or place in _places(path), f"{_name(page)}: no heading #{place}"


def test_every_manual_is_reached_from_the_front_page() -> None:
    reached, new = set[Path](), {ROOT / "README.md"}
    while new:
        reached |= new
        found = {path for page in new for path, _ in _links(page) if path.suffix == ".md"}
        new = found - reached
    assert [_name(page) for page in PAGES if page not in reached] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_command_and_option_that_a_manual_names_can_be_typed(page: Path) -> None:
    for command, typed, options in _commands(page):
        known = {option for param in command.params for option in param.opts} | {"--help"}
        assert set(options) <= known, f"{_name(page)}: {typed}"
