"""How few is too few: by source, audience, kind of figure and level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from likvard.disclosure.cells import CellKind
from likvard.terms import Audience, DisclosureError, Level, Words


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits for one kind of figure at one level. A limit of 5 hides one to four; 0 or 1 hides nothing.

    `zeros` says whether a zero may be shown as a true zero. `near_none` shows one to four who reached as "~0"
    instead of hiding them. `checked` means that the source has already applied its own rule, so that a value whose
    n it does not tell may pass.
    """

    min_n: int
    min_numerator: int
    min_complement: int
    zeros: bool = True
    near_none: bool = False
    checked: bool = False

    def __post_init__(self) -> None:
        if min(self.min_n, self.min_numerator, self.min_complement) < 0:
            raise DisclosureError("A limit of disclosure is below zero.", "Mend the rule.")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The rule of one source for one audience. Kinds and levels that are not named fall under `otherwise`."""

    source: str
    name: Words
    otherwise: Limits
    limits: Mapping[tuple[CellKind, Level], Limits]

    def __post_init__(self) -> None:
        object.__setattr__(self, "limits", MappingProxyType(dict(self.limits)))

    def __getitem__(self, place: tuple[CellKind, Level]) -> Limits:
        return self.limits.get(place, self.otherwise)


OWN = ""
"""The source of figures made from the organiser's own records."""


def thresholds(source: str, audience: Audience, on: date) -> Thresholds:
    """Return the limits in force on a day for a source and an audience.

    For sources with rules of their own, theirs; for own records ours.
    """
    limits = Limits(10, 5, 5) if audience is Audience.PUBLIC else Limits(5, 5, 5)
    if source != OWN:
        limits = Limits(0, 0, 0, checked=True)
    return Thresholds(source, Words(source, source), limits, {})
