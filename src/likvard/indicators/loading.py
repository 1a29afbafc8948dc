"""From definition files to indicators, looked up by measure id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from likvard.indicators.definition import Indicator
from likvard.rulebook.build import build, read_yaml
from likvard.terms import Language, RuleError, UsageError

MEMBER = "{member}"
"""Where a family of indicators has its member's name."""

Definition = dict[str, Any]


def read_definition(file: str, data: object) -> tuple[Indicator, ...]:
    """Make the indicators of one definition file.

    A file holds one indicator with its `id`, or a family: `members` maps ids to the member's name in both languages,
    and `open` may hold an id that ends in `*`, which stands for any other id that begins so. In a family's texts
    `{member}` is replaced by that name. Raises `RuleError` if anything is missing, unknown or wrong.
    """
    if not isinstance(data, dict):
        raise RuleError(f"{file}: expected a mapping, got {data!r}.", "Mend the file.")
    plain = dict(data)
    members, others = plain.pop("members", {}), plain.pop("open", None)
    family = dict(members) if isinstance(members, dict) else {}
    if isinstance(others, dict):
        family |= others
    if not family:
        return (build(Indicator, plain, file),)
    if "id" in plain:
        raise RuleError(f"{file}: a family has members and no id.", "Remove one of them.")
    if not all(isinstance(name, dict) and name.keys() == {"sv", "en"} for name in family.values()):
        raise RuleError(f"{file}: a member needs a name in sv and en.", "Add it to the file.")
    return tuple(build(Indicator, _member(plain, id, name), f"{file}, {id}") for id, name in family.items())


def _member(plain: Definition, id: str, name: Mapping[str, str]) -> Definition:
    return {"id": id} | {key: _filled(value, name) for key, value in plain.items()}


def _filled(value: object, name: Mapping[str, str]) -> object:
    """Put the member's name into a text of two languages, with a capital letter where the text begins with it."""
    if not (isinstance(value, dict) and value.keys() <= set(Language)):
        return value
    return {language: _put(str(text), name[language]) for language, text in value.items()}


def _put(text: str, name: str) -> str:
    start = name[:1].upper() + name[1:] if text.startswith(MEMBER) else MEMBER
    return text.replace(MEMBER, start, 1).replace(MEMBER, name)


def by_id(found: Iterable[Indicator]) -> Mapping[str, Indicator]:
    """Return indicators by id, read-only. Raises `RuleError` if an id is defined twice."""
    every = list(found)
    ids = [indicator.id for indicator in every]
    twice = sorted({id for id in ids if ids.count(id) > 1})
    if twice:
        raise RuleError(f"Defined twice: {', '.join(twice)}.", "Keep one definition of each.")
    return MappingProxyType(dict(zip(ids, every, strict=True)))


@cache
def _all() -> Mapping[str, Indicator]:
    folder = files("likvard.indicators").joinpath("definitions")
    definitions = sorted(folder.iterdir(), key=lambda file: file.name)
    return by_id(i for file in definitions for i in read_definition(file.name, read_yaml(file)))


def indicators() -> tuple[Indicator, ...]:
    """Return every indicator with an id of its own, in order of definition file; open families are left out."""
    return tuple(indicator for id, indicator in _all().items() if not id.endswith("*"))


def families() -> tuple[Indicator, ...]:
    """Return the open families, with ids that end in `*`: any survey question, any key figure of Kolada."""
    return tuple(indicator for id, indicator in _all().items() if id.endswith("*"))


def load(id: str) -> Indicator:
    """Return the indicator of a measure id, or the open family that the id belongs to.

    A family's name is general; the measure's own title is in the table `measure`. Raises `UsageError` if the id is unknown.
    """
    exact = _all().get(id)
    if exact is not None and not id.endswith("*"):
        return exact
    family = next((f for f in families() if id.startswith(f.id[:-1]) and len(id) >= len(f.id)), None)
    if family is None:
        raise UsageError(
            f"There is no indicator called {id!r}.", f"Choose one of {', '.join(i.id for i in indicators())}."
        )
    return family


def overdue(on: date) -> tuple[Indicator, ...]:
    """Return the indicators whose next review lies before a day."""
    return tuple(indicator for indicator in _all().values() if indicator.next_review < on)
