"""The circle's charts: domains with the links between them, and one unit's domains beside the expected."""

from __future__ import annotations

from dataclasses import dataclass

from likvard.disclosure.cells import Released
from likvard.figures.measures import FigureError, Period, Scale
from likvard.terms import Words


@dataclass(frozen=True, slots=True)
class CircleDomain:
    """A box of the circle: its code and short name; `inside` the circle, or an outcome beside it."""

    code: str
    name: Words
    inside: bool = True


@dataclass(frozen=True, slots=True)
class CircleArrow:
    """A link from one domain to another a year later, and the same link turned round in time.

    `sure`: clear of chance when all links are tested together.
    """

    source: str
    target: str
    strength: Released
    placebo: Released | None
    sure: bool


@dataclass(frozen=True, slots=True)
class CircleDiagram:
    """Domains and how each goes with every other a year later. All links are in the table; `drawn` says which are drawn."""

    scale: Scale
    domains: tuple[CircleDomain, ...]
    arrows: tuple[CircleArrow, ...]

    def __post_init__(self) -> None:
        known = {domain.code for domain in self.domains}
        for arrow in self.arrows:
            if not {arrow.source, arrow.target} <= known:
                raise FigureError(
                    f"There is no box for {arrow.source} to {arrow.target}.",
                    f"Choose among {', '.join(sorted(known))}.",
                )

    @property
    def drawn(self) -> tuple[CircleArrow, ...]:
        """The sure ones, and those whose own interval leaves zero out: they may be chance among so many."""
        return tuple(
            one for one in self.arrows if one.sure or (one.strength.low or 0) > 0 or (one.strength.high or 0) < 0
        )

    def name(self, code: str) -> Words:
        """A domain's name."""
        return next(domain.name for domain in self.domains if domain.code == code)


@dataclass(frozen=True, slots=True)
class DomainRow:
    """One domain of a unit: its distance from the expected now and the year before, above zero the better side."""

    name: Words
    difference: Released | None
    before: Released | None = None
    instead: Words | None = None


@dataclass(frozen=True, slots=True)
class DomainProfile:
    """A unit's domains beside the expected, in the circle's order: a profile, never a sum and never a rank."""

    scale: Scale
    rows: tuple[DomainRow, ...]
    periods: tuple[Period, Period]
