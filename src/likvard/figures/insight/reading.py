"""What a page needs of a publication: released cells by key, and the facts that were published with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from likvard.disclosure.cells import Key, Released
from likvard.terms import Audience

Asked = str | Sequence[str] | None
"""One value, several, or None for any."""


class Place(NamedTuple):
    """The eight parts of a published cell's key; an empty text where a part does not apply."""

    measure: str
    aspect: str
    subject: str
    group: str
    level: str
    area: str
    form: str
    year: str


class Published(Protocol):
    """A released cell, and whether its difference survives the false-alarm budget."""

    @property
    def cell(self) -> Released:
        """The cell as its audience may see it."""

    @property
    def kept(self) -> bool:
        """Whether the difference or change survives the false-alarm budget."""


class SourceRow(Protocol):
    """Where a measure's numbers come from, as published."""

    @property
    def name_sv(self) -> str:
        """Authority and table, in Swedish."""

    @property
    def name_en(self) -> str:
        """Authority and table, in English."""

    @property
    def vintage(self) -> str:
        """How old the numbers are."""

    @property
    def deliveries(self) -> Sequence[str]:
        """The deliveries in the lake."""


class Publication(Protocol):
    """The part of `disclosure.publication.Publication` that pages read."""

    @property
    def id(self) -> str:
        """What names this publication."""

    @property
    def on(self) -> date:
        """The day it was made for."""

    @property
    def synthetic(self) -> bool:
        """Whether the data are invented."""

    @property
    def software(self) -> str:
        """Name and version of the software that made it."""

    @property
    def lake(self) -> str:
        """The version of the lake."""

    @property
    def sources(self) -> Mapping[str, Any]:
        """Source rows by measure."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What was published beside the cells: tests, rates, pooled years, funnel parameters."""

    def cells(
        self,
        audience: Audience,
        *,
        measure: Asked = None,
        aspect: Asked = None,
        subject: Asked = None,
        group: Asked = None,
        level: Asked = None,
        areas: Iterable[str] | None = None,
        organiser: str | None = None,
        years: Any = None,
    ) -> Mapping[Key, Any]:
        """Every cell that answers, by key."""
