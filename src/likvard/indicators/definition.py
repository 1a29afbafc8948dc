"""An indicator as a value: reviewed, complete in both languages, valid from birth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from likvard.rulebook.lookup import rule_file
from likvard.terms import Level, SchoolForm, Words

LONGEST_WITHOUT_REVIEW = 731
"""Days from one check to the next, at most: two years."""


class Kind(StrEnum):
    """What a number is; the values are those of `figures.Unit`, so that a figure is written by the indicator."""

    SHARE = "share"  # stored 0-1, shown in per cent
    PERCENT = "percent"  # stored 0-100 (Kolada)
    MERIT = "merit"
    POINTS = "points"
    INDEX = "index"
    PUPILS = "pupils"
    RATIO = "ratio"
    COUNT = "count"


class Direction(StrEnum):
    """What is good, where anything is."""

    HIGHER = "higher_is_better"
    LOWER = "lower_is_better"
    NEITHER = "neither"


class Domain(StrEnum):
    """Part of the picture that an indicator belongs to: the links of the vicious circle, results, and conditions."""

    STEERING = "steering"
    TEACHING = "teaching"
    CALM = "calm"
    SUPPORT = "support"
    PUPIL_HEALTH = "pupil_health"
    RESULTS = "results"
    INTAKE = "intake"
    CONTEXT = "context"


class PeriodKind(StrEnum):
    """What the year of a value is, as in the table `statistic`."""

    SCHOOL_YEAR = "school_year"
    CALENDAR_YEAR = "calendar_year"


@dataclass(frozen=True, slots=True)
class Break:
    """A break in comparability: values of the year `first` and later must not be compared with those before.

    The year is the first calendar year of a school year, or a calendar year, as the indicator's `period`.
    """

    first: int
    about: Words


@dataclass(frozen=True, slots=True)
class Check:
    """Who has checked a definition, as a role and never a person's name, and when."""

    role: Words
    day: date


@dataclass(frozen=True, slots=True)
class Indicator:
    """One measure: its name and unit, what is good, why it matters, how it is made, and how to read it with care.

    `disclosure` is the rule of the rulebook under which its source hides values. `law` names the provisions that
    make it matter, which may be none. `levels` are those for which the source has values.
    """

    id: str
    name: Words
    unit: Words
    kind: Kind
    decimals: int
    direction: Direction
    domain: Domain
    why: Words
    definition: Words
    care: Words
    law: tuple[str, ...]
    source: Words
    disclosure: str
    forms: tuple[SchoolForm, ...]
    levels: tuple[Level, ...]
    period: PeriodKind
    checked_by: Check
    next_review: date
    breaks: tuple[Break, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.decimals <= 2:
            raise ValueError(f"decimals must be 0, 1 or 2, got {self.decimals}")
        if self.kind is Kind.SHARE and self.decimals:
            raise ValueError("a share is written without decimals")
        if not 0 < (self.next_review - self.checked_by.day).days <= LONGEST_WITHOUT_REVIEW:
            raise ValueError("the next review must come after the check, within two years")
        if self.disclosure not in rule_file("disclosure").entries:
            raise ValueError(f"the rulebook has no rule of disclosure called {self.disclosure!r}")
        years = [b.first for b in self.breaks]
        if years != sorted(set(years)):
            raise ValueError("the breaks must be in order of time, each year once")

    @property
    def factor(self) -> float:
        """What a stored value is multiplied by when it is written: 100 for shares."""
        return 100.0 if self.kind is Kind.SHARE else 1.0

    def breaks_between(self, earlier: int, later: int) -> tuple[Break, ...]:
        """Return the breaks that forbid comparing two years; none if they can be compared. The order is free."""
        low, high = sorted((earlier, later))
        return tuple(b for b in self.breaks if low < b.first <= high)
