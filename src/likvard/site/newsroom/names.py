"""What the keys of the rulebook are called, as worded on a day, in the language of the page."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from likvard.figures.measures import swedish_order
from likvard.rulebook import municipalities, names, rule
from likvard.site.people.models import Organiser
from likvard.site.ui.language import current
from likvard.terms import Language, RuleError


def area(key: str, on: date) -> str:
    """An assessment area; a key that no rule knows is its own name."""
    return _named("assessment_areas", key, on, current())


def instrument(key: str, on: date) -> str:
    """An instrument."""
    return _named("instruments", key, on, current())


def inspection(key: str, on: date) -> str:
    """A kind of inspection."""
    return _named("inspections", key, on, current())


@lru_cache(maxsize=4096)
def _named(rules: str, key: str, on: date, language: Language) -> str:
    try:
        return str(rule(f"{rules}:{key}", on).value.name[language])
    except RuleError:
        return key


def choices(rules: str, on: date) -> list[tuple[str, str]]:
    """Every key of a rule in force on a day, with its name, by name: for a list to choose from."""
    found = [(key, _named(rules, key, on, current())) for key in keys(rules)]
    return sorted((key, name[:1].upper() + name[1:]) for key, name in found if name != key)


@lru_cache(maxsize=8)
def keys(rules: str) -> tuple[str, ...]:
    """The keys of a rule."""
    return tuple(dict.fromkeys(name.partition(":")[2] for name in names() if name.startswith(f"{rules}:")))


def municipality_names() -> list[tuple[str, str]]:
    """The municipalities that have schools of their own here, as pairs of code and name, by name.

    The rulebook's names; of an invented one that of its organiser.
    """
    known = municipalities()
    held = Organiser.objects.filter(kind=Organiser.Kind.MUNICIPAL).exclude(municipality_code="").order_by()
    found = {code: known.get(code) or _short(name) for code, name in held.values_list("municipality_code", "name")}
    return sorted(found.items(), key=lambda one: swedish_order(one[1]))


def _short(name: str) -> str:
    """`Ekviks kommun` is the municipality Ekvik."""
    return name.removesuffix(" kommun").removesuffix("s")
