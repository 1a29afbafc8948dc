"""What each page holds: lead, figures, tables and choices, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from likvard.disclosure.cells import Released
from likvard.figures.figure import Figure
from likvard.figures.insight.changes import Changes
from likvard.figures.insight.comparison import Comparison
from likvard.figures.insight.needs import NeedsTable
from likvard.figures.insight.scope import Choice, Choices, UnitInfo
from likvard.figures.measures import Scale
from likvard.terms import Words


@dataclass(frozen=True, slots=True)
class Overview:
    """The organiser's first page. `forms`, `areas` and `orders` are the filters with the present choice marked."""

    about: Words
    lead: tuple[Words, ...]
    needs: NeedsTable
    figures: tuple[Figure, ...]
    changes: Changes
    forms: tuple[Choice, ...]
    areas: tuple[Choice, ...]
    orders: tuple[Choice, ...]
    left_out: Words | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """Any subject, year, group and measure. A figure that cannot be made is None and `empty` says why, by its name."""

    about: Words
    lead: tuple[Words, ...]
    gap: Figure | None
    variance: Figure | None
    funnel: Figure | None
    expected: Figure | None
    heat: Figure | None
    programmes: Figure | None
    comparison: Comparison | None
    choices: Choices
    empty: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class KeyFact:
    """A fact at the head of a unit's page: term, value or the words in its place, and a remark."""

    term: Words
    cell: Released | None
    scale: Scale
    remark: Words


@dataclass(frozen=True, slots=True)
class Question:
    """One of the six questions. `empty` says why there is no figure; the site adds what is not a figure (5 and 6)."""

    id: str
    title: Words
    figures: tuple[Figure, ...]
    empty: Words | None = None


@dataclass(frozen=True, slots=True)
class UnitPage:
    """One unit: sentence, facts, the six questions that are the same for every school, and its profile of domains."""

    unit: UnitInfo
    lead: tuple[Words, ...]
    facts: tuple[KeyFact, ...]
    questions: tuple[Question, ...]
    profile: Figure | None = None


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """Everything a reader may ask about a measure before using it."""

    id: str
    name: Words
    unit: Words
    why: Words
    definition: Words
    care: Words
    direction: Words
    source: Words
    hidden: Words
    period: Words
    forms: tuple[Words, ...]
    levels: tuple[Words, ...]
    law: tuple[Words, ...]
    breaks: tuple[tuple[str, Words], ...]
    checked: Words
    next_review: Words
    overdue: bool
