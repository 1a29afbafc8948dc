"""Sentences made by rule from released figures: an open list in sentences.yaml, never free text."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from likvard.disclosure.cells import Released
from likvard.figures import formats
from likvard.figures.facts import Fact
from likvard.figures.measures import FigureError, Scale, Unit
from likvard.terms import Language, SchoolYear, Words

_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same parser in C, eight times as fast
_NAME = r"[a-z_]+(?:\.(?:value|low|high|n))?"
_STATE = re.compile(rf"(known|hidden|absent) ({_NAME})")
_COMPARISON = re.compile(rf"({_NAME}) (==|!=|<=|>=|<|>) ({_NAME}|-?\d+(?:\.\d+)?)")
_SLOT = re.compile(r"\{([a-z_]+)(?::([^{}]*))?\}")
_SHARE = Scale(Words("Andel", "Share"), Unit.SHARE)

Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold: a state (`known last`) or a comparison (`last.low > 0`)."""

    left: str
    operator: str
    right: str = ""

    def holds(self, facts: Facts) -> bool:
        """Whether it holds; a comparison with something unknown does not."""
        if self.operator in ("known", "hidden", "absent"):
            return self._state(facts) == self.operator
        left, right = _number(facts, self.left), _number(facts, self.right)
        return left is not None and right is not None and _OPERATORS[self.operator](left, right)

    def _state(self, facts: Facts) -> str:
        name, _, part = self.left.partition(".")
        fact = facts.get(name)
        if fact is None:
            return "absent"
        if isinstance(fact, Released) and getattr(fact, part or "value") is None:
            return "hidden"
        return "known"


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence and when it is said. Texts mark the fact with `**`."""

    id: str
    kind: str
    group: str
    when: tuple[Condition, ...]
    text: Words

    @property
    def names(self) -> frozenset[str]:
        """Every fact that its conditions and texts ask for."""
        asked = {side for c in self.when for side in (c.left, c.right) if side and not _is_number(side)}
        slots = {match[1] for text in (self.text.sv, self.text.en) for match in _SLOT.finditer(text)}
        return frozenset(name.partition(".")[0] for name in asked) | slots


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def _number(facts: Facts, term: str) -> float | None:
    if _is_number(term):
        return float(term)
    name, _, part = term.partition(".")
    fact = facts.get(name)
    if isinstance(fact, Released):
        value: float | None = getattr(fact, part or "value")
        return value
    return float(fact) if isinstance(fact, int) else None


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule in the order of the file. Raises `FigureError` at the first that cannot be read."""
    text = files("likvard.figures").joinpath("sentences.yaml").read_text("utf-8")
    return tuple(_rule(entry) for entry in yaml.load(text, Loader=_PARSER))  # noqa: S506 - both are safe loaders


def _rule(entry: dict[str, Any]) -> Rule:
    when = tuple(_condition(entry["id"], text) for text in entry["when"])
    return Rule(entry["id"], entry["kind"], entry["group"], when, Words(entry["sv"], entry["en"]))


def _condition(rule: str, text: str) -> Condition:
    if match := _STATE.fullmatch(text):
        return Condition(match[2], match[1])
    if match := _COMPARISON.fullmatch(text):
        return Condition(match[1], match[2], match[3])
    raise FigureError(
        f"The sentence {rule} has the condition {text!r}.", "Write `known NAME` or `NAME > 0`; see the top of the file."
    )


def spoken(kind: str, facts: Facts) -> tuple[Rule, ...]:
    """The rules that speak: in each group the first that holds."""
    groups: dict[str, Rule | None] = {}
    for rule in rules():
        if rule.kind == kind and groups.get(rule.group) is None:
            groups[rule.group] = rule if all(c.holds(facts) for c in rule.when) else None
    return tuple(rule for rule in groups.values() if rule is not None)


def marked(kind: str, facts: Facts) -> tuple[Words, ...]:
    """The sentences of a figure with the fact between `**`, as the page wants them."""
    return tuple(
        Words(_filled(rule, facts, Language.SV), _filled(rule, facts, Language.EN)) for rule in spoken(kind, facts)
    )


def verdict(kind: str, facts: Facts) -> tuple[Words, ...]:
    """The sentences of a figure in plain text, one rule each; none for a kind without rules."""
    return tuple(Words(w.sv.replace("**", ""), w.en.replace("**", "")) for w in marked(kind, facts))


def _filled(rule: Rule, facts: Facts, language: Language) -> str:
    def slot(match: re.Match[str]) -> str:
        try:
            return _write(facts, match[1], match[2] or "value", language)
        except (KeyError, TypeError, AttributeError) as error:
            raise FigureError(
                f"The sentence {rule.id} cannot say {match[0]}: {facts.get(match[1])!r}.", "Guard it with a condition."
            ) from error

    text = _SLOT.sub(slot, rule.text[language])
    start = re.search(r"[^\W\d_]|\d", text)
    return text if start is None else text[: start.start()] + start[0].upper() + text[start.end() :]


def _write(facts: Facts, name: str, form: str, language: Language) -> str:
    fact = facts[name]
    if "|" in form:
        one, many = form.split("|")
        return one if fact == 1 else many.replace("#", formats.count(_whole(fact), language))
    if form == "count":
        return formats.count(_whole(fact), language)
    if form in ("text", "names"):
        return _text(fact, form, language)
    if not isinstance(fact, Released):
        raise TypeError(name)
    return fact.reason[language] if form == "reason" else _cell(facts, fact, form, language)


def _whole(fact: Fact) -> int:
    if isinstance(fact, int):
        return fact
    raise TypeError(fact)


def _text(fact: Fact, form: str, language: Language) -> str:
    if isinstance(fact, Words):
        return fact[language]
    if isinstance(fact, str):
        return formats.listed(tuple(fact.split("; ")), language) if form == "names" else fact
    if isinstance(fact, SchoolYear | int):
        return formats.period_in_full(fact, language)
    raise TypeError(fact)


def _cell(facts: Facts, cell: Released, form: str, language: Language) -> str:
    scale = _SHARE if form.startswith("share") else facts["level" if form == "level" else "scale"]
    if not isinstance(scale, Scale) or cell.value is None:
        raise TypeError(scale)
    if form.endswith("interval"):
        if cell.low is None or cell.high is None:
            raise TypeError(cell)
        ends = sorted((abs(cell.low), abs(cell.high))) if form == "size_interval" else (cell.low, cell.high)
        return formats.interval(ends[0], ends[1], _unsigned(scale, form), language)
    if form == "number":
        return formats.bare(cell.value, scale, language)
    return formats.with_unit(abs(cell.value) if form == "size" else cell.value, _unsigned(scale, form), language)


def _unsigned(scale: Scale, form: str) -> Scale:
    return Scale(scale.name, scale.unit, scale.decimals) if form.startswith("size") else scale
