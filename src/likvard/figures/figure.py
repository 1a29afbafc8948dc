"""A figure: what a person sees, with everything that must stand beside a number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from likvard.disclosure.cells import Released
from likvard.figures.charts import Chart
from likvard.figures.facts import Fact
from likvard.figures.measures import FigureError
from likvard.figures.table import Table
from likvard.terms import Words


@dataclass(frozen=True, slots=True)
class Source:
    """Where the numbers come from: the authority and table, how old, which deliveries in the lake."""

    name: Words
    vintage: str
    deliveries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One thing explained in plain words: a term, and what it means here."""

    term: Words
    text: Words


@dataclass(frozen=True, slots=True)
class Figure:
    """One question with its answer. Valid from birth: no figure without a table, a source and a method.

    `kind` and `facts` choose the sentences (figures/sentences.yaml). `n` is the number of pupils behind the figure.
    `notes` say what broke and what is missing and why. Use `twins.figure(...)` to get table and facts from a chart.
    """

    id: str
    question: Words
    subtitle: Words
    chart: Chart | None
    table: Table
    kind: str
    facts: Mapping[str, Fact]
    sources: tuple[Source, ...]
    method: tuple[Explanation, ...]
    indicator: str
    n: Released | None = None
    notes: tuple[Words, ...] = field(default=())

    def __post_init__(self) -> None:
        if re.fullmatch(r"[a-z][a-z0-9-]*", self.id) is None:
            raise FigureError(f"{self.id!r} is no id of a figure.", "Use small letters, digits and hyphens.")
        if not self.sources or not self.method:
            raise FigureError(f"The figure {self.id} lacks source or method.", "Every figure carries both.")
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))
