"""A report: figures in their order, what is missing and why, and what it was made from."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.measures import FigureError
from likvard.terms import Audience, Language, Words


@dataclass(frozen=True, slots=True)
class Section:
    """One of the report's questions, with the figures that answer it."""

    id: str
    title: Words
    figures: tuple[Figure, ...]
    lead: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """Enough to make the report again: the lake's version, its deliveries, the software, and the day (passed in)."""

    lake: str
    deliveries: tuple[str, ...]
    software: str
    on: date


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report in both languages. `id` names its files; `missing` says what is not here and why."""

    id: str
    title: Words
    about: Words
    lead: tuple[Words, ...]
    audience: Audience
    sections: tuple[Section, ...]
    missing: tuple[Explanation, ...]
    methods: tuple[Explanation, ...]
    sources: tuple[Source, ...]
    made: MadeFrom
    synthetic: bool

    def __post_init__(self) -> None:
        if re.fullmatch(r"[a-z0-9][a-z0-9-]*", self.id) is None:
            raise FigureError(f"{self.id!r} is no id of a report.", "Use small letters, digits and hyphens.")
        ids = Counter([s.id for s in self.sections] + [f.id for f in self.figures])
        twice = [name for name, times in ids.items() if times > 1]
        if twice:
            raise FigureError(f"The same id is used twice in the report: {', '.join(twice)}.", "Give each its own.")

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure, in order."""
        return tuple(figure for section in self.sections for figure in section.figures)


def file_name(report: Report, language: Language, ending: str) -> str:
    """The name of the report's file in one language, such as `botkyrka-0127-sv.html`."""
    return f"{report.id}-{language}.{ending}"
