"""A rule of screening as a value, and the two shapes that most rules have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from likvard.records.checks.content import Content, Text
from likvard.records.reading import Finding, Severity
from likvard.records.schema import TEXT, Column
from likvard.terms import Words


@dataclass(frozen=True, slots=True)
class Hit:
    """Rows that break a rule: the column, what was found in the first of them, and how many they are.

    `expected` and `remedy` stand in for the rule's own words where more is known.
    """

    column: str
    found: Words
    times: int = 1
    first: int | None = None
    expected: Words | None = None
    remedy: Words | None = None


def _nothing(content: Content) -> Iterable[Hit]:
    return ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it looks at, what it expects, what to do. `hits` gives what breaks it in one table."""

    id: str
    severity: Severity
    about: Words
    expected: Words
    remedy: Words
    hits: Callable[[Content], Iterable[Hit]] = _nothing


Verdict = bool | tuple[Words, Words]
"""Whether something is wrong; or that it is, with what was expected and what to do in words of their own."""

Judge = Callable[[str], Verdict]
"""Judges one value of a text column."""


def finding(rule: Rule, content: Content, hit: Hit) -> Finding:
    """What is told of a hit. The column is named with its table; the row is the line of the file, if known."""
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        found=hit.found,
        expected=hit.expected or rule.expected,
        remedy=hit.remedy or rule.remedy,
        row=None if hit.first is None else content.line(hit.first),
        column=f"{content.declared.name}.{hit.column}",
        times=hit.times,
    )


def over_texts(judge_for: Callable[[str, Column], Judge | None]) -> Callable[[Content], Iterator[Hit]]:
    """Hits for the wrong values of each text column, told by the first of them.

    `judge_for` gives the judge of a column of a table, or none where there is nothing to judge.
    """

    def hits(content: Content) -> Iterator[Hit]:
        for column in content.declared.columns:
            judge = judge_for(content.declared.name, column) if column.type == TEXT else None
            if judge is not None:
                judged = ((text, judge(text.value)) for text in content.texts(column.name))
                yield from first_of(content, column.name, [(text, verdict) for text, verdict in judged if verdict])

    return hits


def first_of(content: Content, column: str, wrong: Sequence[tuple[Text, Verdict]]) -> Iterator[Hit]:
    """One hit for many wrong values of a column, told by the first of them; none if there are none."""
    if wrong:
        text, verdict = wrong[0]
        words = (None, None) if isinstance(verdict, bool) else verdict
        found = quoted(content.shown(column, text.value), len(wrong) - 1, content.place(text.first))
        yield Hit(column, found, sum(text.times for text, _ in wrong), text.first, *words)


def over_rows(conditions: Mapping[str, str]) -> Callable[[Content], Iterator[Hit]]:
    """Hits for the rows that meet an SQL condition, by `table.column`. A condition on an empty cell is not met."""

    def hits(content: Content) -> Iterator[Hit]:
        for place, condition in conditions.items():
            table, column = place.split(".")
            if table == content.declared.name:
                times, first = content.count(condition)
                if times:
                    yield Hit(column, at_row(content, column, first), times, first)

    return hits


def quoted(value: str, more: int, place: str) -> Words:
    """A wrong value, how many other values are wrong in the same way, and where the first stands."""
    sv = f" och {more} {'annat värde' if more == 1 else 'andra värden'}" if more else ""
    en = f" and {more} other value{'s' if more > 1 else ''}" if more else ""
    return Words(f"”{value}”{sv} ({place})", f"“{value}”{en} ({place})")


def at_row(content: Content, column: str, row: int) -> Words:
    """The cell of a row, and which row it is."""
    text = f"{column} {content.cell(column, row)} ({content.place(row)})"
    return Words(text, text)
