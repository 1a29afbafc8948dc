"""A rule and the days on which it is in force."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from likvard.terms import RuleError, SchoolYear

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in one wording: in force from `valid_from` to `valid_to`, both days included; None has no end yet.

    `source` says in words where it is known from; `doubt`, if any, what is not certain. `value` is a frozen
    dataclass of `likvard.rulebook.kinds`, or, for a rule of many entries, a read-only mapping from key to entry.
    """

    name: str
    valid_from: date
    valid_to: date | None
    source: str
    doubt: str
    value: Any

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise RuleError(
                f"The rule {self.name} ends on {self.valid_to}, before it begins on {self.valid_from}.",
                "Mend the days in its file.",
            )

    def covers(self, day: date) -> bool:
        """Whether the rule is in force on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def timeline(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the wordings of one rule in order of time. Raises `RuleError` where two overlap or a day has none."""
    ordered = tuple(sorted(rules, key=lambda r: r.valid_from))
    for before, after in itertools.pairwise(ordered):
        if before.valid_to is None or before.valid_to >= after.valid_from:
            raise RuleError(
                f"The rule {after.name} has two wordings on {after.valid_from}.", "End the first the day before."
            )
        if before.valid_to + ONE_DAY != after.valid_from:
            raise RuleError(
                f"The rule {after.name} has no wording from {before.valid_to + ONE_DAY} to "
                f"{after.valid_from - ONE_DAY}.",
                "Close the gap.",
            )
    return ordered


def in_force(rules: Sequence[Rule], name: str, on: date) -> Rule:
    """Return the one wording in force on a day. Raises `RuleError` if there is none, or more than one."""
    found = [rule for rule in rules if rule.covers(on)]
    if len(found) == 1:
        return found[0]
    if found:
        raise RuleError(f"{len(found)} wordings of the rule {name} are in force on {on}.", "Mend their days.")
    known = f"It is known from {rules[0].valid_from}" + (f" to {rules[-1].valid_to}." if rules[-1].valid_to else ".")
    raise RuleError(f"No wording of the rule {name} is in force on {on}.", known)


def together(name: str, source: str, entries: Mapping[str, tuple[Rule, ...]]) -> tuple[Rule, ...]:
    """Lay many dated entries side by side: one rule for each stretch of time in which none of them changes.

    Its value maps each key in force to its entry's value, in the order of `entries`.
    """
    every = [rule for wordings in entries.values() for rule in wordings]
    cuts = sorted({r.valid_from for r in every} | {r.valid_to + ONE_DAY for r in every if r.valid_to})
    ends = [cut - ONE_DAY for cut in cuts[1:]] + [None]
    stretches = ((start, end, _standing(entries, start)) for start, end in zip(cuts, ends, strict=True))
    return tuple(Rule(name, start, end, source, "", values) for start, end, values in stretches if values)


def _standing(entries: Mapping[str, tuple[Rule, ...]], on: date) -> Mapping[str, Any]:
    return MappingProxyType(
        {key: rule.value for key, wordings in entries.items() for rule in wordings if rule.covers(on)}
    )


def first_day(year: SchoolYear) -> date:
    """The day by which a rule for a school year is looked up: 1 July, when school laws and agencies' years turn."""
    return date(year.start, 7, 1)
